/* Making text of a user safe to put into a query. */
#ifndef ASX_RESULTS_WHERE_H
#define ASX_RESULTS_WHERE_H

#include "dse/error.h"
#include "dse/text.h"

/**
 * Appends an SQL expression of a user, the field `drop` quoted, since it is a keyword of SQL, and
 * `set` and `bits` as what they are of the design's most common format.
 *
 * @param what  subject of messages, e.g. "where"
 * @return ASX_OK; ASX_EPARSE for an empty text, quotes or parentheses that do not match, a comment
 *         or a semicolon: what is left cannot reach beyond parentheses put around it
 */
asx_status asx_where_append(asx_text *out, const char *text, const char *what, asx_error *err);

#endif
