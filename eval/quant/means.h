/* The mean patch (patch.h) of every layer's input, over calibration images. Private.
 *
 * Weights that are off by d change the mean of an output by d m, with m the mean patch: that is
 * what bias correction takes back. M. Nagel et al., Data-free quantization through weight
 * equalization and bias correction, ICCV 2019; here the means are of data. */
#ifndef ASX_EVAL_MEANS_H
#define ASX_EVAL_MEANS_H

#include "dse/error.h"
#include "plan.h"

typedef struct asx_means {
    const asx_plan *plan;             /* borrowed */
    size_t n_images, block, n_blocks; /* of images, asx_plan_block */
    double **sum;                     /* [layer]: [block][patch] until asx_means_end */
    double **mean;                    /* [layer]: [patch]; NULL of a product of two values */
} asx_means;

/** @param n_images  how many will come */
ASX_NODISCARD asx_status asx_means_init(asx_means *out, const asx_plan *plan, size_t n_images,
                                        asx_error *err);
void asx_means_fini(asx_means *means);

/** Adds images first .. first + n_images - 1 of n_images, of one block: 32 places of
 * each, chosen by their numbers alone. Thread-safe for different blocks. */
ASX_NODISCARD asx_status asx_means_add(asx_means *means, size_t layer, size_t first, const float *x,
                                       size_t n_images, asx_error *err);

/** All images have come: makes `mean`, the same for any number of threads. */
void asx_means_end(asx_means *means);

#endif
