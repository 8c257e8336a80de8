/* Scaling of integers as a circuit does it: one multiplication by an integer, one shift, one
 * rounding. No floating-point number is needed to compute with such factors, so that hardware, plain
 * C and the engine agree in every bit. */
#ifndef ASX_EVAL_DYADIC_H
#define ASX_EVAL_DYADIC_H

#include <stdint.h>

#include "dse/api.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ASX_DYADIC_BITS_MIN = 8, ASX_DYADIC_BITS_MAX = 24, ASX_DYADIC_SHIFT_MAX = 63 };

/* The factor multiplier / 2^shift. A negative shift goes to the left: factors of 2^bits and more. */
typedef struct asx_dyadic {
    uint32_t multiplier;
    int shift; /* at most ASX_DYADIC_SHIFT_MAX */
} asx_dyadic;

/**
 * The factor of `bits` bits that is nearest to a real one: off by at most 2^-bits of it, but for
 * factors below 2^(bits - 64), which lose bits.
 * @param real  0 or positive, finite
 */
ASX_API asx_dyadic asx_dyadic_of(double real, unsigned bits);

/** The factor itself: a double holds it. */
ASX_API double asx_dyadic_real(asx_dyadic factor);

/**
 * v times a factor, rounded once, half to even, and cut to low .. high: exact whatever the sizes.
 * @param v       an integer, |v| < 2^53
 * @param factor  of asx_dyadic_real
 * Cost: a few instructions where the processor multiplies and adds in one.
 */
ASX_API double asx_dyadic_scale(double v, double factor, double low, double high);

#ifdef __cplusplus
}
#endif

#endif
