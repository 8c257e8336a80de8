#include "reals.h"

#include "vector.h"

ASX_VECTORISED static void scale_floats(float *y, const float *x, size_t n, float factor,
                                        float limit)
{
    for (size_t i = 0; i < n; i++)
        y[i] = asx_to_integer(asx_clamp(x[i] * factor, -limit, limit));
}

void asx_integers_of(float *out, const float *in, size_t n, double scale, float limit)
{
    scale_floats(out, in, n, (float)(1 / scale), limit);
}

void asx_reals_of(float *out, const float *in, size_t n, double scale)
{
    for (size_t i = 0; i < n; i++)
        out[i] = in[i] * (float)scale;
}
