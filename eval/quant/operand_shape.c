/* How a layer's operands are distributed, beyond their spreads. */
#include "operand_shape.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "dse/memory.h"
#include "dse/seed.h"

static const uint64_t SHAPE_SEED = 0x61737873686170u;

static int ascending(const void *a, const void *b)
{
    const int16_t x = *(const int16_t *)a, y = *(const int16_t *)b;
    return (x > y) - (x < y);
}

void asx_codes_quantiles(int16_t *out, int16_t *code, size_t n)
{
    memset(out, 0, ASX_OPERAND_KNOTS * sizeof *out);
    if (n == 0)
        return;
    qsort(code, n, sizeof *code, ascending);
    for (size_t k = 0; k < ASX_OPERAND_KNOTS; k++)
        out[k] = code[k * (n - 1) / (ASX_OPERAND_KNOTS - 1)];
}

static unsigned toggles(int a, int b)
{
    unsigned v = ((unsigned)a ^ (unsigned)b) & 0xff, sum = 0;
    for (; v; v &= v - 1)
        sum++;
    return sum;
}

enum { PAIRS = 16384, STEPS = 12 };

/* Bits that toggle between codes joined by a copula of correlation r. */
static double toggles_at(double r, const int16_t *code, size_t n, const double *z)
{
    double sum = 0;
    for (size_t i = 0; i < PAIRS; i++) {
        const double u = gsl_cdf_ugaussian_P(z[2 * i]);
        const double v = gsl_cdf_ugaussian_P(r * z[2 * i] + sqrt(1 - r * r) * z[2 * i + 1]);
        sum += toggles(code[(size_t)(u * (double)(n - 1))], code[(size_t)(v * (double)(n - 1))]);
    }
    return sum / PAIRS;
}

asx_status asx_codes_likeness(double *out, const int16_t *sorted, size_t n, const int16_t *pair,
                              size_t n_pairs, asx_error *err)
{
    double *z = asx_array_new(2 * PAIRS, sizeof *z), low = 0, high = 0.9999, want = 0;
    if (!z)
        return asx_fail(err, ASX_ENOMEM, "no memory for statistics of activations");
    for (size_t i = 0; i < 2 * PAIRS; i++)
        z[i] = gsl_cdf_ugaussian_Pinv(asx_seed_uniform(SHAPE_SEED, i % 2, i / 2) * .999998 + 1e-6);
    for (size_t i = 0; i < n_pairs; i++)
        want += toggles(pair[2 * i], pair[2 * i + 1]) / (double)n_pairs;
    if (n < 2 || n_pairs == 0 || toggles_at(0, sorted, n, z) <= want)
        high = 0;
    for (int step = 0; high > 0 && step < STEPS; step++) {
        const double middle = (low + high) / 2;
        if (toggles_at(middle, sorted, n, z) > want)
            low = middle;
        else
            high = middle;
    }
    free(z);
    *out = (low + high) / 2;
    return ASX_OK;
}
