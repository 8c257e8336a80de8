/* Integers of a scale, and the reals that they stand for. Private to eval. */
#ifndef ASX_EVAL_REALS_H
#define ASX_EVAL_REALS_H

#include <stddef.h>

/** Brings n reals to the integers of their scale, cut to -limit .. limit, and back; `out` may be
 * `in`. */
void asx_integers_of(float *out, const float *in, size_t n, double scale, float limit);
void asx_reals_of(float *out, const float *in, size_t n, double scale);

#endif
