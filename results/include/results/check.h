/* Whether a database is sound, and putting right what can be. */
#ifndef ASX_RESULTS_CHECK_H
#define ASX_RESULTS_CHECK_H

#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"
#include "results/store.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A finding: what was looked at, how many are wrong (0: all is well), an example or "". */
typedef asx_status asx_check_visit(void *state, const char *what, int64_t n_wrong,
                                   const char *example, asx_error *err);

/**
 * Looks at the file's structure, at references between rows, and at what the rows must fulfil:
 * evaluations are whole, their parts add up, all rows are as they were stored (by hashes), and kept fronts are those of
 * all evaluations. Cost: that of reading the file, and of a front among all evaluations, in steps of 262,144.
 * @return ASX_OK whatever was found; what `visit` returned; ASX_EDB if a check cannot run
 */
ASX_API ASX_NODISCARD asx_status asx_store_check(asx_store *store, asx_check_visit *visit,
                                                 void *state, asx_error *err);

/* What a repair came to. */
typedef struct asx_repaired {
    int64_t evaluations; /* taken out */
    int64_t
        campaigns; /* whose description is lost: nothing shows them until they run again; their evaluations,
                          * which are there still, are known to that run */
} asx_repaired;

/**
 * Takes out rows that are not whole or not as they were stored, whose parts do not add up, or that refer to nothing, so
 * that the next run computes them again; joins designs that are there twice; and makes all indexes, views and triggers
 * anew, in one transaction; in another again as long as rows are found, for they may have hidden others.
 * @return ASX_OK, which does not say that nothing is wrong any more: asx_store_check does; ASX_EDB, nothing is then
 *         changed, or what the transactions before it changed
 */
ASX_API ASX_NODISCARD asx_status asx_store_repair(asx_repaired *out, asx_store *store,
                                                  asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
