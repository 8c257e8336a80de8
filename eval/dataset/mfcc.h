/* Mel-frequency cepstral coefficients of a recording. Private to eval. */
#ifndef ASX_EVAL_MFCC_H
#define ASX_EVAL_MFCC_H

#include <stddef.h>

#include "dse/error.h"

/* The recipe of MLPerf Tiny's keyword spotting, which is TensorFlow's tf.signal: 16 kHz; Hann windows (periodic) of 30 ms
 * every 20 ms; magnitudes of a transform of 512 points; 40 triangular bands, even on the mel scale 1127 ln(1 + f / 700),
 * from 20 to 4000 Hz; natural logarithm of the band + 1e-6; DCT-II scaled by sqrt(1 / (2 * 40)). */
enum {
    ASX_MFCC_RATE = 16000,
    ASX_MFCC_WINDOW = 480,
    ASX_MFCC_STEP = 320,
    ASX_MFCC_POINTS = 512,
    ASX_MFCC_BANDS = 40
};

/* The tables of the recipe. */
typedef struct asx_mfcc asx_mfcc;

/** @param n_coefficients  1 .. ASX_MFCC_BANDS, the first of the DCT */
ASX_NODISCARD asx_status asx_mfcc_new(asx_mfcc **out, size_t n_coefficients, asx_error *err);
void asx_mfcc_free(asx_mfcc *mfcc);

/** Coefficients of windows 0 .. n - 1, out: [n][n_coefficients]; `sound` has ASX_MFCC_WINDOW + (n - 1) * ASX_MFCC_STEP
 *  samples. Cost: n transforms. */
void asx_mfcc_of(float *out, asx_mfcc *mfcc, const double *sound, size_t n);

#endif
