/* Pareto dominance over rows of objectives, all minimised.
 *
 * Row a dominates row b if it is nowhere larger and somewhere smaller. Row a beats row b if it
 * violates the limits less or, violations being equal, dominates it: every feasible row (violation
 * 0) beats every infeasible one. Equal rows do not beat each other: a front keeps all of them or
 * none. */
#ifndef ASX_SEARCH_PARETO_H
#define ASX_SEARCH_PARETO_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/api.h"
#include "dse/error.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ASX_PARETO_DIMS_MAX = 16, ASX_HYPERVOLUME_DIMS_MAX = 8 };

ASX_API bool asx_pareto_dominates(const double *a, const double *b, size_t n_dims);

/**
 * The rows that no other row beats. With violations and nothing feasible these are the least
 * violating rows: look at violation[index[0]].
 *
 * @param index      room for n; the rows' numbers, ascending
 * @param row        [n][n_dims], finite
 * @param violation  [n], >= 0; NULL = all feasible
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL for n_dims outside 1 .. ASX_PARETO_DIMS_MAX, a value that
 * is not finite or a negative violation; outputs untouched on failure Cost: O(n log n) up to three
 * dimensions; O(n front) above, much less in practice.
 */
ASX_API ASX_NODISCARD asx_status asx_pareto_front(size_t *index, size_t *n_index, const double *row,
                                                  const double *violation, size_t n, size_t n_dims,
                                                  asx_error *err);

/**
 * Ranks: 0 for the rows that asx_pareto_front keeps, 1 for those it would keep without them, and so
 * on. Parameters and failures as there. Efficient non-dominated sort (Zhang et al., IEEE TEVC 19,
 * 2015): rows in lexicographic order, binary search for the first front that does not beat the row.
 */
ASX_API ASX_NODISCARD asx_status asx_pareto_ranks(size_t *rank, const double *row,
                                                  const double *violation, size_t n, size_t n_dims,
                                                  asx_error *err);

/**
 * Hypervolume: the measure of what the rows dominate below `reference` [n_dims]. Rows that are not
 * below it in every dimension add nothing; dominated rows and duplicates change nothing.
 *
 * @return ASX_OK; ASX_ENOMEM; ASX_EUNSUPPORTED for n_dims outside 1 .. ASX_HYPERVOLUME_DIMS_MAX or
 * 2^31 rows and more;
 * ASX_EINVAL for a value that is not finite
 * Cost: O(n log n) up to three dimensions, by a sweep along the last one that keeps the dominated
 * area of the others (Beume et al., IEEE TEVC 13, 2009); O(n^2) in four unless single rows add
 * shapes of very many corners (after Guerreiro and Fonseca, IEEE TEVC 22, 2018); exponential above.
 */
ASX_API ASX_NODISCARD asx_status asx_pareto_hypervolume(double *out, const double *row, size_t n,
                                                        size_t n_dims, const double *reference,
                                                        asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
