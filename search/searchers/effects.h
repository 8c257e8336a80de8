/* Private: an additive surrogate of the objectives (main effects): what single genes do to them,
 * learnt from the designs that were evaluated. */
#ifndef ASX_SEARCH_EFFECTS_H
#define ASX_SEARCH_EFFECTS_H

#include <stddef.h>

#include "dse/space.h"

/* The model: an objective is a sum over genes of the effect of the gene's value. Where this is not
 * so, the effects are averages over the designs that were met, which still tell good values from
 * bad ones. Estimates by a Kalman filter (R. E. Kalman, J. of Basic Engineering 82, 1960) that neglects
 * covariances: of a design's deviation from
 * the sum, each effect takes a share in proportion to its variance. */
typedef struct asx_effects {
    size_t n_genes, n_objectives;
    size_t *first;   /* [n_genes + 1]: number of the gene's first value */
    float *effect;   /* [values][n_objectives] */
    float *variance; /* [values], 1 for those never met */
    asx_gene *met;   /* [values]: the gene's values that were met, in the order they were */
    size_t *n_met;   /* [n_genes] */
} asx_effects;

/** @return ASX_OK; ASX_ENOMEM; fini it in any case */
ASX_NODISCARD asx_status asx_effects_init(asx_effects *out, const asx_space *space,
                                          size_t n_objectives, asx_error *err);
void asx_effects_fini(asx_effects *e);

void asx_effects_learn(asx_effects *e, const asx_gene *point, const double *objective);

/** Of the values of a gene that were met the one with the least weighted sum of effects. Something
 *  was learnt before. Cost: O(values met). */
asx_gene asx_effects_choose(const asx_effects *e, size_t gene, const double *weight);

#endif
