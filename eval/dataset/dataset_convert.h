/* From stored elements to the real numbers a network wants. Private to eval. */
#ifndef ASX_EVAL_DATASET_CONVERT_H
#define ASX_EVAL_DATASET_CONVERT_H

#include "dataset_samples.h"

/* real = ((stored - offset) * scale - mean[c]) / std[c], in double, rounded once. */
typedef struct asx_conversion {
    double offset, scale;
    size_t n_channels; /* 1 if all channels share mean and std */
    double *mean, *std;
    float *table; /* [n_channels][256] for one-byte types, indexed by the byte; else NULL */
} asx_conversion;

/** @return ASX_OK; ASX_ENOMEM; ASX_EINVAL if a number is not finite, scale is 0, std is not
 *  positive, or there are neither 0, 1 nor `channels` means or deviations */
ASX_NODISCARD asx_status asx_conversion_init(asx_conversion *out, const asx_dataset_spec *spec,
                                             size_t channels, asx_sample_type type, asx_error *err);
void asx_conversion_fini(asx_conversion *conversion);

/** Converts elements first .. first + n - 1, all of one channel. */
void asx_conversion_apply(float *out, const asx_conversion *conversion, const asx_samples *samples,
                          size_t channel, size_t first, size_t n);

/** Hash of the constants, chained to `seed`. */
uint64_t asx_conversion_hash(const asx_conversion *conversion, uint64_t seed);

#endif
