/* The parts of 'asx inspect' that are about the network. */
#ifndef ASX_CLI_INSPECT_NETWORK_H
#define ASX_CLI_INSPECT_NETWORK_H

#include "explore/session.h"
#include "table.h"

/** A row of a table of names and values; longer values than 511 bytes are cut. */
void inspect_fact(table *t, const char *what, const char *format, ...) ASX_PRINTF(3, 4);

/** Facts of a session's network. @return ASX_OK; ASX_ENOMEM */
ASX_NODISCARD asx_status inspect_network(table *t, const asx_session *s, asx_error *err);

/** A row for each layer. */
void inspect_layers(table *t, const asx_workload *work);

/** A row for each node that is left out; operations that cannot be told are no number. */
void inspect_skipped(table *t, const asx_network *network);

#endif
