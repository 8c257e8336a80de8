/* What is remembered of a layer's input: extremes, and a bounded random sample. Private. */
#ifndef ASX_EVAL_SAMPLE_H
#define ASX_EVAL_SAMPLE_H

#include <stddef.h>

#include "dse/error.h"
#include "eval/calibrate.h"
#include "rounder.h"

enum { ASX_SAMPLE_MAX = 65536 };

/* Of a sequence of n_total values that arrive in pieces, in any order, from any thread. The
 * sequence is cut into strata of `step` values and one value is kept of each, at a place that is a
 * function of the layer and the stratum alone. */
typedef struct asx_sample {
    size_t layer, n_total, step;
    float low, high; /* exact, over all values */
    float *value;    /* [n], owned */
    size_t n;
} asx_sample;

ASX_NODISCARD asx_status asx_sample_init(asx_sample *out, size_t layer, size_t n_total,
                                         asx_error *err);
void asx_sample_fini(asx_sample *sample);

/**
 * Adds values number first .. first + n - 1.
 * @return ASX_OK; ASX_EINVAL if one is not finite. Thread-safe for disjoint pieces
 */
ASX_NODISCARD asx_status asx_sample_add(asx_sample *sample, size_t first, const float *x, size_t n,
                                        asx_error *err);

/**
 * The scale for a word, and the squared error over the sample, relative to its sum of squares.
 * @param clip  the end of the word, if it is known already; 0: found by `ranging`
 */
ASX_NODISCARD asx_status asx_sample_scale(asx_scale *out, const asx_sample *sample,
                                          const asx_rounder *rounder, asx_ranging ranging,
                                          double percentile, double clip, asx_error *err);

#endif
