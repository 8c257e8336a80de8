/* Estimates from per-image numbers, with what each image contributes to their error.
 *
 * Every estimate here is, but for terms of smaller order, its true value plus a sum of independent contributions, one per
 * image (its influence function). `share` holds these contributions, scaled so that the sum of their squares is the
 * estimate's variance. Two estimates on the same images are then compared by the differences of their shares, whatever
 * they estimate: pairs make the error of a difference small. A. van der Vaart, Asymptotic Statistics (1998), chapters 3
 * and 20. */
#ifndef ASX_DSE_ESTIMATE_H
#define ASX_DSE_ESTIMATE_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/accuracy.h"
#include "dse/api.h"
#include "dse/error.h"
#include "dse/score.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asx_estimate {
    double value;
    double *share; /* [n], the caller's */
} asx_estimate;

/** Mean of x [n], n > 1: its variance is the sample variance over n. */
ASX_API void asx_estimate_mean(asx_estimate *inout, const double *x, size_t n);

/**
 * Mean over `k` ratios of sums: sum_i num[i][j] / sum_i den[i][j], of those j with use[j].
 *
 * Variance of the ratio estimator by the delta method: W. Cochran, Sampling Techniques (1977), 2.11 and 6.3.
 * @param num, den [n][k], n > 1; the sums of den that are used are > 0
 * @param use      [k], at least one true
 */
ASX_API void asx_estimate_ratios(asx_estimate *inout, const double *num, const double *den,
                                 const bool *use, size_t n, size_t k);

/**
 * Area under the ROC curve, in 0 .. 1: how often an image of class 1 has a higher score than one of class 0, ties half.
 *
 * Variance and, by the shares, covariance of two areas on the same images: E. DeLong, D. DeLong, D. Clarke-Pearson,
 * Biometrics 44 (1988), by ranks as X. Sun, W. Xu, IEEE Signal Processing Letters 21 (2014) do.
 * @param score    [n], finite
 * @param positive [n], at least two of each
 * @return ASX_OK; ASX_ENOMEM
 * Cost: sorting.
 */
ASX_API ASX_NODISCARD asx_status asx_estimate_auc(asx_estimate *inout, const double *score,
                                                  const bool *positive, size_t n, asx_error *err);

/**
 * Accuracy and drop of a measure that does not count images, in its own unit.
 *
 * Intervals are Student's of n - 1 degrees of freedom, cut to what values there can be; `correct` is ASX_NOT_COUNTED.
 * The drop's is that of pairs and is not cut.
 * @param of_float  the float network's on the same images
 */
ASX_API asx_accuracy asx_accuracy_from_estimates(asx_tier tier, const asx_score *score, size_t n,
                                                 const asx_estimate *of_float,
                                                 const asx_estimate *of_design);

/** How many standard errors an interval of asx_accuracy_from_estimates reaches to either side. */
ASX_API double asx_estimate_reach(size_t n);

#ifdef __cplusplus
}
#endif

#endif
