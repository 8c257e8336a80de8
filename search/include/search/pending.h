/* What a search waits for when others evaluate: its designs that a ledger does not know yet. */
#ifndef ASX_SEARCH_PENDING_H
#define ASX_SEARCH_PENDING_H

#include "dse/api.h"
#include "search/run.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asx_search_pending {
    asx_gene *point; /* [n][n_genes], in the searcher's order; owned */
    size_t n;
    size_t known;       /* distinct designs that the ledger answered for before */
    asx_search_end end; /* if n is 0: why there will be no more */
} asx_search_pending;

/**
 * Runs a search as asx_search_run does, but evaluates nothing: on what the ledger knows, up to the
 * first batch with designs that it lacks. Those are what has to be evaluated, in any order and by
 * anyone, before the search can go on. So a search that is told its designs one by one takes the
 * same course as one that evaluates them itself, however often it is asked.
 *
 * @param config  needs a ledger and a workload; evaluator, observer and threads do not matter
 * @param out     asx_search_pending_fini it; untouched on failure
 * Cost: a look-up in the ledger per design so far.
 */
ASX_API ASX_NODISCARD asx_status asx_search_find_pending(asx_search_pending *out,
                                                         const asx_search *config, asx_error *err);
ASX_API void asx_search_pending_fini(asx_search_pending *pending);

#ifdef __cplusplus
}
#endif

#endif
