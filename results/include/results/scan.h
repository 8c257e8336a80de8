/* All evaluations of a campaign at one tier, one after the other, however many: numbers without texts. */
#ifndef ASX_RESULTS_SCAN_H
#define ASX_RESULTS_SCAN_H

#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"
#include "dse/evaluation.h"
#include "results/query.h"
#include "results/rows.h"
#include "results/store.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Which. Strings are borrowed for the call. */
typedef struct asx_scan {
    int64_t campaign;
    asx_tier tier;
    asx_subset subset;
    const char *where; /* as of asx_query; NULL: all */
} asx_scan;

/**
 * Shows every evaluation to `visit`, in the order in which they were booked, those that were taken over from earlier
 * campaigns behind the others. A row has its `id` and what the objectives are made of; its texts are "", all else may be zero.
 * @return ASX_OK; what `visit` returned; with `where` as asx_query_each; ASX_ENOMEM; ASX_EDB
 * Cost: half a microsecond a row, a few with `where`; memory does not grow with the rows.
 */
ASX_API ASX_NODISCARD asx_status asx_scan_each(asx_store *store, const asx_scan *scan,
                                               asx_row_visit *visit, void *state, asx_error *err);

/**
 * Adds the rows of evaluations, whole but for the breakdown.
 * @param id  [n] what is not in the database is left out
 * @return ASX_OK; ASX_ENOMEM; ASX_EDB
 */
ASX_API ASX_NODISCARD asx_status asx_scan_rows(asx_rows *inout, asx_store *store, const int64_t *id,
                                               size_t n, asx_error *err);

/**
 * The costs of a row with their breakdown, which rows are read without.
 * @param row  whole: its id and its design count
 * @return ASX_OK; ASX_ENOTFOUND if the evaluation is not there any more; ASX_EDB
 */
ASX_API ASX_NODISCARD asx_status asx_scan_parts(asx_cost *out, asx_store *store, const asx_row *row,
                                                asx_error *err);

/**
 * Adds the rows of a scan whose designs other rows have; its `where` does not count.
 * @return ASX_OK; ASX_ENOMEM; ASX_EDB. Cost: O(log n) a row of `of`
 */
ASX_API ASX_NODISCARD asx_status asx_scan_same(asx_rows *inout, asx_store *store,
                                               const asx_scan *scan, const asx_rows *of,
                                               asx_error *err);

/**
 * Adds the rows of a scan whose designs the campaign's confirmations name; its `where` does not count.
 * @return ASX_OK; ASX_ENOMEM; ASX_EDB. Cost: one look at all designs, where there are confirmations
 */
ASX_API ASX_NODISCARD asx_status asx_scan_confirmed(asx_rows *inout, asx_store *store,
                                                    const asx_scan *scan, asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
