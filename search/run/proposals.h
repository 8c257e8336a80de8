/* Private: a searcher at work, with room for what it proposes in a batch and is told of it. */
#ifndef ASX_SEARCH_PROPOSALS_H
#define ASX_SEARCH_PROPOSALS_H

#include "search/run.h"

typedef struct asx_proposals {
    const asx_searcher_type *searcher;
    asx_params params;
    void *state; /* the searcher's */
    size_t n_genes;
    asx_gene *point;   /* [max][n_genes] */
    double *objective; /* [max][n_objectives] */
    double *violation; /* [max] */
} asx_proposals;

/**
 * Begins the search of a configuration, which is borrowed, as `out` is by the searcher: it stays
 * where it is.
 * @param out  zeroed; asx_proposals_fini it, whatever is returned
 * @param max  points of a batch
 * @return ASX_OK; ASX_ENOMEM; what the searcher's init says
 */
ASX_NODISCARD asx_status asx_proposals_init(asx_proposals *out, const asx_search *config,
                                            size_t max, asx_error *err);
void asx_proposals_fini(asx_proposals *proposals);

#endif
