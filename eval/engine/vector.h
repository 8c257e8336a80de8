/* Loops that compilers turn into vector code, and the rounding that goes with them. Private. */
#ifndef ASX_EVAL_VECTOR_H
#define ASX_EVAL_VECTOR_H

#include "dse/vectorised.h"

/* The integer nearest to v, half to even; |v| < 2^22. In the binade of 3 x 2^22 floats are
 * integers, so the sum is rounded there. */
static inline float asx_to_integer(float v)
{
    return (v + 12582912.0f) - 12582912.0f;
}

/* The same of |v| < 2^51. */
static inline double asx_to_integer_wide(double v)
{
    return (v + 6755399441055744.0) - 6755399441055744.0;
}

static inline double asx_clamp_wide(double v, double low, double high)
{
    v = v > low ? v : low;
    return v < high ? v : high;
}

/* v within low .. high, in two instructions of a vector. */
static inline float asx_clamp(float v, float low, float high)
{
    v = v > low ? v : low;
    return v < high ? v : high;
}

#endif
