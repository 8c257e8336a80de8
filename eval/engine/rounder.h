/* The quantiser: rounds many floats onto a word's representable set, and finds the scale of least
 * squared error. Private to eval. */
#ifndef ASX_EVAL_ROUNDER_H
#define ASX_EVAL_ROUNDER_H

#include <stddef.h>
#include <stdint.h>

#include "dse/error.h"
#include "dse/word.h"

/* Does what asx_grid_nearest does, for arrays. Immutable.
 * Of a menu (dse/menu.h) the arrays are an output channel's weights, or begin where one of its groups does: each group is
 * rounded to the word of the menu that leaves the least squared error at the scale. Inputs have none. */
typedef struct asx_rounder asx_rounder;

/** @return ASX_OK; ASX_ENOMEM; what asx_word_check says. Memory: 8 bytes per integer of the word */
ASX_NODISCARD asx_status asx_rounder_new(asx_rounder **out, const asx_word *word, asx_error *err);
void asx_rounder_free(asx_rounder *rounder);

/** The ends of the representable set: low <= 0 < high. */
double asx_rounder_low(const asx_rounder *rounder);
double asx_rounder_high(const asx_rounder *rounder);

/** Bits of a plain word; 0 for one with an alphabet set. */
unsigned asx_rounder_plain_bits(const asx_rounder *rounder);

/** out[i] = scale * nearest(x[i] / scale); `out` may be `x`. */
void asx_rounder_apply(float *out, const float *x, size_t n, const asx_rounder *rounder,
                       double scale);

/** out[i] = nearest(x[i] / scale), of a word with a sign. */
void asx_rounder_words(int32_t *out, const float *x, size_t n, const asx_rounder *rounder,
                       double scale);

/**
 * Requantisation of the integers x, as a circuit does it: x[i] times a constant, rounded to an
 * integer (half to even) and cut to the ends of the set, then asx_grid_nearest_even.
 * @param factor  of at most 24 bits, |x| < 2^24: the product is exact
 */
void asx_rounder_requantise(float *out, const float *x, size_t n, const asx_rounder *rounder,
                            double factor);

/** The same for words of at most 8 bits: two's complement, or unsigned if the word is. */
void asx_rounder_bytes(uint8_t *out, const float *x, size_t n, const asx_rounder *rounder,
                       double factor);

/** The scale at which all of x lie on the set, but for the rounding of floats; 0: there is none, 1 for x = 0.
 *  Cost: most scales fail at their first values. */
double asx_rounder_exact_scale(const float *x, size_t n, const asx_rounder *rounder);

/* A scale, and the sum of squared differences it leaves. */
typedef struct asx_scale {
    double scale, error;
} asx_scale;

/** Sum over i of (x[i] - scale * nearest(x[i] / scale))^2. */
double asx_rounder_error(const float *x, size_t n, const asx_rounder *rounder, double scale);

/**
 * The scale of least squared error. On a sparse representable set the error has many local minima:
 * candidates over the whole useful range are tried, and the best few improved until they stand
 * still, alternating between the nearest values q for a scale and the best scale for the values,
 * <x, q> / <q, q>, which can only get better (Lloyd's iteration).
 *
 * The best scale is strictly positive; 1 for x = 0. Cost: about 80 passes over x.
 */
asx_scale asx_rounder_best_scale(const float *x, size_t n, const asx_rounder *rounder);

#endif
