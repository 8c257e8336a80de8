/* Looking at what was evaluated: rows of one campaign, filtered and sorted by the database. */
#ifndef ASX_RESULTS_QUERY_H
#define ASX_RESULTS_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"
#include "results/rows.h"
#include "results/store.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Zeros and NULLs mean: no condition. Strings are borrowed for the call. */
typedef struct asx_query {
    int64_t campaign;   /* required */
    const char *design; /* this design's text only */
    const char *tier;   /* "proxy", "measured", ... */
    const char *subset; /* "select" or "report" */
    const char
        *where;       /* an SQL expression over the view `result`: "drop < 1 and energy_pj < 2e6" */
    const char *sort; /* fields, each with an optional asc or desc; ties: by design text */
    size_t limit;     /* at most so many rows */
    bool parts;       /* fill in the breakdown of the costs too */
    bool brief;       /* leave out the texts of design and subset ("" then) and all sorting */
} asx_query;

/** Is shown a row, valid during the call only. Returns ASX_OK to go on; anything else ends the query,
 * which then returns it. */
typedef asx_status asx_row_visit(void *state, const asx_row *row, asx_error *err);

/**
 * Shows every row that fits to `visit`, in order.
 *
 * `where` and `sort` are text of a user: they may read the views and tables of the database, and
 * nothing in them can change it, reach another file or call a function with side effects.
 * @return ASX_OK; what `visit` returned; ASX_EPARSE for an ill-formed `where` or `sort`, with the
 *         database's reason and the fields there are; ASX_EINVAL for an unknown tier; ASX_EDB
 */
ASX_API ASX_NODISCARD asx_status asx_query_each(asx_store *store, const asx_query *query,
                                                asx_row_visit *visit, void *state, asx_error *err);

/** All rows of a query. @param out asx_rows_fini it */
ASX_API ASX_NODISCARD asx_status asx_query_rows(asx_rows *out, asx_store *store,
                                                const asx_query *query, asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
