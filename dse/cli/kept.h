/* What outputs of commands must leave alone. Asked before the work, and before the output is opened. */
#ifndef ASX_CLI_KEPT_H
#define ASX_CLI_KEPT_H

#include "dse/error.h"
#include "explore/session.h"

/** An output of what a database holds: over neither it nor any file of its campaigns.
 *  @param output  NULL: nothing is written */
ASX_NODISCARD asx_status kept_by_database(const char *output, const char *database, asx_error *err);

/** An output about a campaign: over no file of it. */
ASX_NODISCARD asx_status kept_by_session(const char *output, const asx_session *s, asx_error *err);

#endif
