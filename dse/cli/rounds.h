/* Private to the stage of rounds: what was measured so far, and the front that the proxy sees. */
#ifndef ASX_CLI_ROUNDS_H
#define ASX_CLI_ROUNDS_H

#include "dse/accuracy.h"
#include "dse/design.h"
#include "dse/space.h"
#include "reference.h"

typedef struct rounds_front {
    asx_gene *point; /* [n][n_genes], along the first objective */
    double *value;   /* [n][n_objectives] */
    size_t n;
} rounds_front;

typedef struct rounds {
    const asx_space *space;
    uint64_t seed;
    size_t n_genes;
    rounds_front front;
    /* chosen, and up to some number measured; no two with the same formats */
    asx_gene *point; /* [n][n_genes] */
    asx_design *design;
    asx_accuracy *accuracy;
    size_t n, room[3];
} rounds;

/**
 * Chooses up to `n` designs that were not chosen before: three quarters of them on the front, at
 * equal steps along it, as far as it lies within the reference point; the others beside it.
 */
ASX_NODISCARD asx_status rounds_choose(rounds *r, const reference *ref, size_t round, size_t n,
                                       asx_error *err);

void rounds_fini(rounds *r);
void rounds_front_fini(rounds_front *front);

#endif
