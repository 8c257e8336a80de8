/* Drops of many designs measured on the same images, corrected for having been many. */
#ifndef ASX_DSE_SHRINK_H
#define ASX_DSE_SHRINK_H

#include <stddef.h>

#include "dse/api.h"
#include "dse/error.h"
#include "dse/paired.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What is believed of a drop, in points: mean and standard deviation. */
typedef struct asx_shrunk {
    double drop, error;
} asx_shrunk;

/**
 * The smallest of many noisy drops is small by luck too, so a choice by measured drops is biased.
 * Here each is taken for what it is among the others.
 *
 * Model: measured drop y_i ~ N(t_i, s_i^2) with the paired standard error s_i; the true drops t_i
 * of designs of similar cost come from one unknown density, a mixture of normals at and between the
 * measured drops, as wide as half a standard error there or
 * of the design itself, whose weights maximise the likelihood
 * (60 rounds of EM). Returned are mean and deviation of t_i given y_i. Cost is what makes designs
 * comparable: a cheap one that measures well is luckier than a dear one. One normal for the
 * density, as in B. Efron, C. Morris, Data analysis using Stein's estimator, JASA 70 (1975), would
 * shrink nothing, since drops of a campaign reach from none to all. B. Efron, Two modeling
 * strategies for empirical Bayes estimation, Statistical Science 29 (2014); N. Laird, Nonparametric
 * maximum likelihood estimation of a mixing distribution, JASA 73 (1978).
 *
 * Errors common to all designs (the float network's luck on these images) are not seen by it, and
 * designs that are one measurement (same formats, another placement) must be given once.
 *
 * @param out   [n], in the order of `seen`; written on success
 * @param seen  [n], `images` > 0
 * @param cost  [n], finite; of any unit, only its order counts
 * @return ASX_OK; ASX_ENOMEM
 * Cost: 20 us a design.
 */
ASX_API ASX_NODISCARD asx_status asx_shrink_drops(asx_shrunk *out, const asx_paired *seen,
                                                  const double *cost, size_t n, asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
