/* Runs of bespoke classifiers in a page. */
#ifndef ASX_VIEW_REPORT_BESPOKE_H
#define ASX_VIEW_REPORT_BESPOKE_H

#include <jansson.h>

#include "dse/text.h"
#include "results/store.h"

/** Adds all runs of a database to an array, with their designs. @return ASX_OK; ASX_ENOMEM; ASX_EDB */
ASX_NODISCARD asx_status report_bespoke_json(json_t *out, asx_store *store, asx_error *err);

/** Appends a page of these runs alone. @param db  the database's name */
ASX_NODISCARD asx_status report_bespoke_page(asx_text *page, asx_store *store, const char *db,
                                             asx_error *err);

#endif
