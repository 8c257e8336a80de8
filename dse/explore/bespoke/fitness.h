/* Private: what genomes are worth: rows that are wrong, and size. */
#ifndef ASX_EXPLORE_BESPOKE_FITNESS_H
#define ASX_EXPLORE_BESPOKE_FITNESS_H

#include "genome.h"

enum { FITNESS_ERRORS, FITNESS_SIZE, FITNESS_N };

/* Room for each thread. Zeroed: none. */
typedef struct fitness {
    const genome *genome;
    const asx_bespoke_table *table;
    size_t most_errors; /* of the part to learn from; beyond, designs are of no use */
    size_t n_threads;
    asx_bespoke **network;       /* [n_threads] */
    asx_bespoke_runner **runner; /* [n_threads] */
} fitness;

/** @param threads  0: as many as OpenMP says @return ASX_OK; ASX_ENOMEM. fitness_fini it in any case */
ASX_NODISCARD asx_status fitness_init(fitness *out, const genome *g, const asx_bespoke_table *table,
                                      size_t most_errors, size_t threads, asx_error *err);
void fitness_fini(fitness *f);

/**
 * @param objective  [n][FITNESS_N]: rows wrong of the part to learn from, about mm2 (columns.h)
 * @param violation  [n]: errors beyond the most
 * @return ASX_OK; ASX_ENOMEM
 */
ASX_NODISCARD asx_status fitness_measure(double *objective, double *violation, const fitness *f,
                                         const asx_gene *const *point, size_t n, asx_error *err);

#endif
