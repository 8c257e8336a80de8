/* Joining databases of several machines. */
#ifndef ASX_RESULTS_MERGE_H
#define ASX_RESULTS_MERGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"
#include "results/store.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ASX_MERGE_MAX = 10 }; /* databases at once */

typedef struct asx_merge_result {
    int64_t campaigns, designs, evaluations, runs; /* that were added */
    int64_t bespoke;                               /* runs of bespoke classifiers, likewise */
    int64_t conflicts; /* evaluations left out because others were there before */
} asx_merge_result;

/**
 * Adds what other databases hold and `out` does not: campaigns by their key, designs by their text,
 * evaluations by design and inputs, and with them breakdowns, runs and caches. All or nothing, in
 * one transaction; doing it again adds nothing. Whoever works on `out` meanwhile waits.
 *
 * The same design under the same inputs must have the same numbers, as every run has them again. If
 * it does not, somebody's machine or program differs.
 * @param path        [n] databases of this schema version, at most ASX_MERGE_MAX; only read
 * @param keep_first  where numbers differ, keep those that are in `out` or come first, and count;
 *                    else such a conflict is a failure
 * @return ASX_OK; ASX_EDB for a conflict, with an example, and as asx_store_open for every path;
 *         ASX_EINVAL for n out of range or a path that is `out` itself; nothing is then changed
 * Cost: some microseconds per row.
 */
ASX_API ASX_NODISCARD asx_status asx_store_merge(asx_merge_result *result, asx_store *out,
                                                 const char *const *path, size_t n, bool keep_first,
                                                 asx_error *err);

/**
 * Whether files can be merged at all, before there is one that they go into: each opens, none is there twice.
 * @return as asx_store_merge for its `path` and `n`
 * Cost: opens each of them.
 */
ASX_API ASX_NODISCARD asx_status asx_merge_check(const char *const *path, size_t n, asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
