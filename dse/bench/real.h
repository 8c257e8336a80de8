/* NSGA-II for functions of real numbers in a box: the selection of the searcher 'nsga2' with the
 * field's usual operators, simulated binary crossover (Deb and Agrawal, Complex Systems 9, 1995)
 * and polynomial mutation (Deb and Goyal, 1996), both bounded. */
#ifndef ASX_SEARCH_REAL_H
#define ASX_SEARCH_REAL_H

#include <stddef.h>
#include <stdint.h>

#include "dse/error.h"

/* Everything is borrowed for the call. */
typedef struct asx_real_problem {
    size_t n_variables, n_objectives;
    const double *low, *high; /* [n_variables], low < high */
    /** Objectives, smaller is better, finite; @return by how much x breaks constraints, 0 = none */
    double (*evaluate)(double *objective, const double *x, const void *state);
    const void *state;
} asx_real_problem;

typedef struct asx_real_options {
    size_t population, evaluations; /* population: >= 4 */
    size_t children;                /* of a generation, up to the population; few converge faster */
    double crossover;               /* probability that a child has two parents */
    double crossover_index;         /* larger: children nearer to their parents */
    double mutation;                /* probability that a variable mutates; 0: 1 / n_variables */
    double mutation_index;
    uint64_t seed;
} asx_real_options;

#define ASX_REAL_OPTIONS_DEFAULT                                                                   \
    {                                                                                              \
        100, 25000, 25, 0.9, 15, 0, 20, 1                                                          \
    }

/* Every evaluation in order, and the rows of the last population and of the front of all. */
typedef struct asx_real_result {
    size_t n, n_population, n_front;
    double *x, *objective, *violation; /* [n][n_variables], [n][n_objectives], [n] */
    size_t *population, *front;
} asx_real_result;

/**
 * @param out  asx_real_result_fini it; untouched on failure
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL for an empty box, options out of range, or an evaluation
 *         that is not finite
 */
ASX_NODISCARD asx_status asx_real_search(asx_real_result *out, const asx_real_problem *problem,
                                         const asx_real_options *options, asx_error *err);
void asx_real_result_fini(asx_real_result *result);

#endif
