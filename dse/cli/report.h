/* A campaign as one self-contained page. */
#ifndef ASX_CLI_REPORT_H
#define ASX_CLI_REPORT_H

#include "dse/text.h"
#include "front.h"

/**
 * Appends the page: the front, at most REPORT_DESIGNS_MAX designs behind it, and the provenance.
 * @param db       the database's name, for the commands the page shows
 * @param options  what `f` was loaded with
 */
enum { REPORT_DESIGNS_MAX = 4000 };
ASX_NODISCARD asx_status report_page(asx_text *page, asx_store *store, const front *f,
                                     const char *db, const front_options *options, asx_error *err);

#endif
