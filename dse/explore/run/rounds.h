/* Private to the stage of rounds (active learning of the proxy): what was measured so far, and the front that the proxy sees. */
#ifndef ASX_EXPLORE_ROUNDS_H
#define ASX_EXPLORE_ROUNDS_H

#include "dse/accuracy.h"
#include "dse/design.h"
#include "dse/space.h"
#include "results/reference_point.h"

typedef struct asx_rounds_front {
    asx_gene *point; /* [n][n_genes], along the first objective */
    double *value;   /* [n][n_objectives] */
    size_t n;
} asx_rounds_front;

typedef struct asx_rounds {
    const asx_space *space;
    uint64_t seed;
    size_t n_genes;
    asx_rounds_front front;
    /* chosen, and up to some number measured; no two with the same formats */
    asx_gene *point; /* [n][n_genes] */
    asx_design *design;
    asx_accuracy *accuracy;
    size_t n, room[3];
} asx_rounds;

/**
 * Chooses up to `n` designs that were not chosen before: three quarters of them on the front, at
 * equal steps along it, as far as it lies within the reference point; the others beside it.
 */
ASX_NODISCARD asx_status asx_rounds_choose(asx_rounds *r, const asx_reference_point *ref,
                                           size_t round, size_t n, asx_error *err);

void asx_rounds_fini(asx_rounds *r);
void asx_rounds_front_fini(asx_rounds_front *front);

#endif
