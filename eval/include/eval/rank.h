/* Rank correlation: whether one list of numbers ranks like another. */
#ifndef ASX_EVAL_RANK_H
#define ASX_EVAL_RANK_H

#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A coefficient with its 95 % interval from 400 bootstrap samples of the pairs (percentiles). */
typedef struct asx_rank {
    double value, low, high;
} asx_rank;

/** Kendall's tau-b, ties counted as in Kendall (1945); 0 if either list is constant. O(n^2). */
ASX_API double asx_rank_tau(const double *x, const double *y, size_t n);

/**
 * tau-b, and Spearman's rho, of x and y.
 * @param tau, rho  either may be NULL
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL for fewer than three pairs
 */
ASX_API ASX_NODISCARD asx_status asx_rank_correlation(asx_rank *tau, asx_rank *rho, const double *x,
                                                      const double *y, size_t n, uint64_t seed,
                                                      asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
