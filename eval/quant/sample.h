/* Range setting of activations (M. Nagel et al., A white paper on neural network quantization, arXiv
 * 2106.08295, 3.1): what calibration remembers of a layer's input, extremes and a stratified sample,
 * and the scale that follows. Private. */
#ifndef ASX_EVAL_SAMPLE_H
#define ASX_EVAL_SAMPLE_H

#include <stddef.h>
#include <stdint.h>

#include "dse/error.h"
#include "eval/calibration.h"
#include "rounder.h"

enum { ASX_SAMPLE_MAX = 65536 };

/* Of a sequence of n_total values that arrive in pieces, in any order, from any thread. The
 * sequence is cut into strata of `step` values and one value is kept of each, at a place that is a
 * function of the layer and the stratum alone. */
typedef struct asx_sample {
    size_t layer, n_total, step;
    float low, high; /* exact, over all values */
    float *value;    /* [n], owned */
    float *next;     /* [n], owned: the value `stride` behind it in its row; NAN: there is none */
    size_t width, stride; /* of a row of pixels; from a window's pixel to the next one's */
    size_t n;
} asx_sample;

/** Rows have a single value until `width` and `stride` are set. */
ASX_NODISCARD asx_status asx_sample_init(asx_sample *out, size_t layer, size_t n_total,
                                         asx_error *err);
void asx_sample_fini(asx_sample *sample);

/**
 * Adds values number first .. first + n - 1.
 * @return ASX_OK; ASX_EINVAL if one is not finite. Thread-safe for disjoint pieces
 */
ASX_NODISCARD asx_status asx_sample_add(asx_sample *sample, size_t first, const float *x, size_t n,
                                        asx_error *err);

/** Hash of all that it holds. */
uint64_t asx_sample_hash(const asx_sample *sample, uint64_t seed);

/**
 * The scale for a word, and the squared error over the sample, relative to its sum of squares.
 * @param known  the scale, if it is known already; 0: found by `ranging`
 */
ASX_NODISCARD asx_status asx_sample_scale(asx_scale *out, const asx_sample *sample,
                                          const asx_rounder *rounder, asx_ranging ranging,
                                          double percentile, double known, asx_error *err);

#endif
