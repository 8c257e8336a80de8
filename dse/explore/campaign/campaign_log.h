/* What the YAML reader complains of. It reports through a log: a first line that says what, then places from the
 * innermost out, each "in mapping field 'bits' (line: 2, column: 7)". */
#ifndef ASX_EXPLORE_CAMPAIGN_LOG_H
#define ASX_EXPLORE_CAMPAIGN_LOG_H

#include <cyaml/cyaml.h>
#include <stdarg.h>

#include "dse/error.h"

enum { ASX_CAMPAIGN_PLACES = 10 };

typedef struct asx_campaign_log {
    char what[200];
    char place[ASX_CAMPAIGN_PLACES][120];
} asx_campaign_log;

/** A line for `ctx`, an asx_campaign_log. */
void asx_campaign_log_line(cyaml_log_t level, void *ctx, const char *format, va_list args);

/**
 * The failure that was logged.
 * @param name, text  the file's, for line numbers
 * @param fallback    what failed, if the log does not say
 */
asx_status asx_campaign_log_fail(const asx_campaign_log *log, const char *name, const char *text,
                                 const char *fallback, asx_error *err);

#endif
