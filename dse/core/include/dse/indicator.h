/* Indicators that compare two sets of points; all objectives are minimised. */
#ifndef ASX_SEARCH_INDICATOR_H
#define ASX_SEARCH_INDICATOR_H

#include <stddef.h>

#include "dse/api.h"
#include "dse/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A set: row [n][n_dims], finite, n >= 1. */

/**
 * Additive epsilon (Zitzler et al., IEEE TEVC 7 (2), 2003): the least e such that every row of
 * `other` is weakly dominated by some row of `set` minus e in each dimension. <= 0: `set` weakly
 * dominates `other`.
 * @return ASX_OK; ASX_EINVAL for an empty set, a value that is not finite, or n_dims outside 1 ..
 *         ASX_PARETO_DIMS_MAX; outputs untouched on failure. Cost: O(n m d), as of the others here.
 */
ASX_API ASX_NODISCARD asx_status asx_indicator_epsilon(double *out, const double *set, size_t n,
                                                       const double *other, size_t n_other,
                                                       size_t n_dims, asx_error *err);

/** IGD+ (Ishibuchi et al., EMO 2015): mean over the rows of `reference` of the least distance to a
 *  row of `set`, counting only dimensions in which that row is larger. */
ASX_API ASX_NODISCARD asx_status asx_indicator_igd_plus(double *out, const double *set, size_t n,
                                                        const double *reference, size_t n_reference,
                                                        size_t n_dims, asx_error *err);

/** Coverage (Zitzler and Thiele, IEEE TEVC 3 (4), 1999): share of the rows of `other` that some row
 *  of `set` weakly dominates. */
ASX_API ASX_NODISCARD asx_status asx_indicator_coverage(double *out, const double *set, size_t n,
                                                        const double *other, size_t n_other,
                                                        size_t n_dims, asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
