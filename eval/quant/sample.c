#include "sample.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_sort_float.h>
#include <gsl/gsl_statistics_float.h>

#include "dse/file.h"
#include "dse/memory.h"
#include "dse/seed.h"

static const uint64_t SAMPLE_SEED = 0x61737863616c6962u; /* any constant will do */

void asx_sample_fini(asx_sample *sample)
{
    if (!sample)
        return;
    free(sample->value);
    free(sample->next);
    sample->value = sample->next = NULL;
}

asx_status asx_sample_init(asx_sample *out, size_t layer, size_t n_total, asx_error *err)
{
    asx_sample s = {.layer = layer, .n_total = n_total};
    s.step = (n_total + ASX_SAMPLE_MAX - 1) / ASX_SAMPLE_MAX;
    s.n = (n_total + s.step - 1) / s.step;
    s.low = INFINITY;
    s.high = -INFINITY;
    s.width = s.stride = 1;
    s.value = asx_array_new(s.n, sizeof *s.value);
    s.next = asx_array_new(s.n, sizeof *s.next);
    if (!s.value || !s.next) {
        asx_sample_fini(&s);
        return asx_fail(err, ASX_ENOMEM, "no memory for a sample of %zu activations", s.n);
    }
    *out = s;
    return ASX_OK;
}

uint64_t asx_sample_hash(const asx_sample *sample, uint64_t seed)
{
    const float extremes[] = {sample->low, sample->high};
    seed = asx_hash(extremes, sizeof extremes, seed);
    seed = asx_hash(sample->value, sample->n * sizeof *sample->value, seed);
    return asx_hash(sample->next, sample->n * sizeof *sample->next, seed);
}

/* Number of the value that is kept of a stratum; the last stratum may be short. */
static size_t kept_of(const asx_sample *s, size_t stratum)
{
    const size_t first = stratum * s->step, left = s->n_total - first;
    const size_t size = left < s->step ? left : s->step;
    return first + (size_t)asx_seed_below(SAMPLE_SEED, s->layer, stratum, size);
}

asx_status asx_sample_add(asx_sample *sample, size_t first, const float *x, size_t n,
                          asx_error *err)
{
    float low = INFINITY, high = -INFINITY, check = 0;
    for (size_t i = 0; i < n; i++) {
        low = x[i] < low ? x[i] : low;
        high = x[i] > high ? x[i] : high;
        check += x[i] * 0; /* NaN once any value is not finite */
    }
    if (check != 0 || isnan(check))
        return asx_fail(err, ASX_EINVAL, "activations are not finite");
    for (size_t k = first / sample->step; k < sample->n && k * sample->step < first + n; k++) {
        const size_t at = kept_of(sample, k);
        if (at < first || at >= first + n)
            continue;
        const size_t next = at + sample->stride; /* pieces are whole rows */
        sample->value[k] = x[at - first];
        sample->next[k] =
            at % sample->width + sample->stride < sample->width ? x[next - first] : NAN;
    }
#pragma omp critical(asx_sample_extremes)
    {
        sample->low = low < sample->low ? low : sample->low;
        sample->high = high > sample->high ? high : sample->high;
    }
    return ASX_OK;
}

/* The least scale at which neither extreme is beyond the word. */
static double covering_scale(double low, double high, const asx_rounder *rounder)
{
    const double top = high > 0 ? high / asx_rounder_high(rounder) : 0;
    const double bottom =
        low < 0 && asx_rounder_low(rounder) < 0 ? low / asx_rounder_low(rounder) : 0;
    return fmax(top, bottom);
}

/* That percentile of the magnitudes. */
static asx_status magnitude(double *out, const asx_sample *s, double percentile, asx_error *err)
{
    float *x = asx_array_new(s->n, sizeof *x);
    if (!x)
        return asx_fail(err, ASX_ENOMEM, "no memory for a percentile of %zu activations", s->n);
    for (size_t i = 0; i < s->n; i++)
        x[i] = fabsf(s->value[i]);
    gsl_sort_float(x, 1, s->n);
    *out = gsl_stats_float_quantile_from_sorted_data(x, 1, s->n, percentile / 100);
    free(x);
    return ASX_OK;
}

asx_status asx_sample_scale(asx_scale *out, const asx_sample *sample, const asx_rounder *rounder,
                            asx_ranging ranging, double percentile, double known, asx_error *err)
{
    asx_scale s = {.scale = 0};
    if (known > 0) {
        s.scale = known;
    } else if (ranging == ASX_RANGING_MSE) {
        s = asx_rounder_best_scale(sample->value, sample->n, rounder);
    } else if (ranging == ASX_RANGING_MINMAX) {
        s.scale = covering_scale((double)sample->low, (double)sample->high, rounder);
    } else {
        double top = 0;
        asx_status status = magnitude(&top, sample, percentile, err);
        if (status != ASX_OK)
            return status;
        s.scale = covering_scale(fmax(-top, (double)sample->low), fmin(top, (double)sample->high),
                                 rounder);
    }
    if (!(s.scale >= (double)FLT_MIN / 65536)) /* zeros, as far as floats can tell */
        s.scale = 1;
    double squares = 0;
    for (size_t i = 0; i < sample->n; i++)
        squares += (double)sample->value[i] * (double)sample->value[i];
    s.error = asx_rounder_error(sample->value, sample->n, rounder, s.scale);
    s.error = squares > 0 ? s.error / squares : 0;
    *out = s;
    return ASX_OK;
}
