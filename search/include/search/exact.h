/* The true Pareto front of an additive problem, computed instead of searched: per layer one choice
 * is made, and the objectives are sums over layers. */
#ifndef ASX_SEARCH_EXACT_H
#define ASX_SEARCH_EXACT_H

#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asx_exact_layer {
    const double *value; /* [n_choices][n_objectives], finite */
    size_t n_choices;    /* 1 .. 65535 */
} asx_exact_layer;

typedef struct asx_exact_problem {
    const asx_exact_layer *layer;
    size_t n_layers;
    size_t n_objectives; /* 2 or 3 */
    const double
        *limit;     /* [n_objectives], upper limits of the sums, INFINITY = none; may be NULL */
    double epsilon; /* 0 = exact; else the front may be worse by the factor 1 + epsilon */
} asx_exact_problem;

typedef struct asx_exact_front {
    size_t n, n_layers, n_objectives;
    double *value;    /* [n][n_objectives], ascending in objective 0; sums in layer order */
    uint16_t *choice; /* [n][n_layers] */
    double factor;    /* certificate: for every feasible design some row is, in every objective, at
                       * most `factor` times as large; 1 = this is the true front */
    size_t peak;      /* largest number of labels kept after a layer */
} asx_exact_front;

/**
 * Dynamic programming over layers; of the partial sums ("labels") only those that no other
 * dominates are kept (Nemhauser and Ullmann, Management Science 15, 1969). Rounding is monotone, so
 * this is exact for the sums as computed in floating point, in layer order. Each distinct point of
 * the front comes with one design.
 *
 * With three objectives the first one is never rounded by epsilon, either.
 *
 * Limits cut a label as soon as no completion of it can keep them; objectives with a limit are
 * never rounded by epsilon. No feasible design: n = 0.
 *
 * @param out  initialised by the call, asx_exact_front_fini it; untouched on failure
 * @return ASX_OK; ASX_ENOMEM; ASX_EUNSUPPORTED unless n_objectives is 2 or 3; ASX_EINVAL for an
 * empty problem or layer, a value that is not finite, epsilon outside [0, 1], or epsilon > 0 with
 *         negative values
 */
ASX_API ASX_NODISCARD asx_status asx_exact_solve(asx_exact_front *out,
                                                 const asx_exact_problem *problem, asx_error *err);
ASX_API void asx_exact_front_fini(asx_exact_front *front);

#ifdef __cplusplus
}
#endif

#endif
