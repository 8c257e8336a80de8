/* Whether a database is sound, and putting right what can be. */
#ifndef ASX_RESULTS_CHECK_H
#define ASX_RESULTS_CHECK_H

#include <stdint.h>

#include "dse/error.h"
#include "results/store.h"

/** A finding: what was looked at, how many are wrong (0: all is well), an example or "". */
typedef asx_status asx_check_visit(void *state, const char *what, int64_t n_wrong,
                                   const char *example, asx_error *err);

/**
 * Looks at the file's structure, at references between rows, and at what the rows must fulfil:
 * evaluations are whole, and their parts add up.
 * @return ASX_OK whatever was found; what `visit` returned; ASX_EDB if a check cannot run
 */
ASX_NODISCARD asx_status asx_store_check(asx_store *store, asx_check_visit *visit, void *state,
                                         asx_error *err);

/**
 * Takes out evaluations that are not whole, whose parts do not add up, or that refer to nothing, so
 * that the next run computes them again; joins designs that are there twice; and makes all indexes
 * anew, in one transaction.
 * @param n_removed  evaluations taken out
 * @return ASX_OK; ASX_EDB, nothing is then changed
 */
ASX_NODISCARD asx_status asx_store_repair(int64_t *n_removed, asx_store *store, asx_error *err);

#endif
