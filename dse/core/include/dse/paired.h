/* What the answers of a design and of the float network on the same images say about the drop. */
#ifndef ASX_DSE_PAIRED_H
#define ASX_DSE_PAIRED_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/accuracy.h"
#include "dse/api.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Only the images on which one of the two is right tell them apart. Counts of disjoint sets of
 * images add up. Of measures that do not count (dse/score.h) it is the drop and its variance that tell: a sum of
 * them, each weighted by its images, is that of the mean drop of disjoint sets. */
typedef struct asx_paired {
    size_t images;      /* all that were looked at */
    size_t only_float;  /* right in float only */
    size_t only_design; /* right under the design only */
    bool scored;        /* the measure does not count: both are 0, and drops are in its unit */
    double lost;        /* images x drop */
    double square;      /* images^2 x variance of the drop */
} asx_paired;

/** Adds what was seen on other images. */
ASX_API void asx_paired_add(asx_paired *inout, const asx_paired *more);

/** Drop in points, or in the measure's unit; negative = better than float; `images` > 0. */
ASX_API double asx_paired_drop(const asx_paired *p);

/** Its standard error, points: Wald's after half a pair was added to each cell, as in
 *  asx_accuracy_from_counts, so never 0. */
ASX_API double asx_paired_error(const asx_paired *p);

/**
 * The score statistic of the hypothesis that the true drop is `limit`: about normal with variance 1
 * if it is, negative if the drop is smaller.
 *
 * Unlike a distance in standard errors it also holds where hardly an image tells the two apart,
 * since the variance is the likeliest one under the hypothesis. T. Tango, Equivalence test and
 * confidence interval for the difference in proportions for the paired-sample design, Statistics in
 * Medicine 17 (1998).
 *
 * Where the measure does not count, the distance in standard errors, cut at 38: normal as a sum of many.
 *
 * @param limit      points, above -100 and below 100; or any number in the measure's unit
 * @param deviation  may be NULL; of one image's difference under the hypothesis, in images, or in that unit
 */
ASX_API double asx_paired_score(const asx_paired *p, double limit, double *deviation);

/** How sure it is that the drop is at most `limit`: 100 minus the p-value of the one-sided score
 *  test, percent; 50 where the drop is the limit. */
ASX_API double asx_paired_sureness(const asx_paired *p, double limit);

/**
 * The counts behind an accuracy, or the variance of its drop, found again from its drop and the ends of its interval.
 * @return false, and nothing written: it is a prediction, or no counts have this interval
 */
ASX_API bool asx_paired_of(asx_paired *out, const asx_accuracy *a);

/**
 * Drop and interval of what was seen of pairs.
 * @param both  images that both get right, which tell the accuracy where images are counted; of other measures only
 *              the drop is known, and the accuracy NAN
 */
ASX_API asx_accuracy asx_accuracy_from_paired(asx_tier tier, const asx_paired *seen, size_t both);

#ifdef __cplusplus
}
#endif

#endif
