#include "eval/rank.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_sort_double.h>
#include <gsl/gsl_statistics_double.h>

#include "dse/memory.h"
#include "dse/seed.h"

double asx_rank_tau(const double *x, const double *y, size_t n)
{
    double agree = 0, x_differ = 0, y_differ = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            const int a = (x[i] > x[j]) - (x[i] < x[j]), b = (y[i] > y[j]) - (y[i] < y[j]);
            agree += a * b;
            x_differ += a != 0;
            y_differ += b != 0;
        }
    return x_differ > 0 && y_differ > 0 ? agree / sqrt(x_differ * y_differ) : 0;
}

/* Constant lists have no rank correlation. */
static double spearman(const double *x, const double *y, size_t n, double *work)
{
    const double rho = gsl_stats_spearman(x, 1, y, 1, n, work);
    return isfinite(rho) ? rho : 0;
}

enum { N_SAMPLES = 400 };

static asx_rank interval(double value, double *sample)
{
    gsl_sort(sample, 1, N_SAMPLES);
    return (asx_rank){value, gsl_stats_quantile_from_sorted_data(sample, 1, N_SAMPLES, 0.025),
                      gsl_stats_quantile_from_sorted_data(sample, 1, N_SAMPLES, 0.975)};
}

asx_status asx_rank_correlation(asx_rank *tau, asx_rank *rho, const double *x, const double *y,
                                size_t n, uint64_t seed, asx_error *err)
{
    if (n < 3)
        return asx_fail(err, ASX_EINVAL, "%zu pairs are too few to rank, at least 3", n);
    double *memory = n < SIZE_MAX / 8 ? asx_array_new(4 * n + 2 * N_SAMPLES, sizeof *memory) : NULL;
    if (!memory)
        return asx_fail(err, ASX_ENOMEM, "no memory for ranks of %zu pairs", n);
    double *a = memory, *b = a + n, *work = b + n, *taus = work + 2 * n, *rhos = taus + N_SAMPLES;
    for (size_t s = 0; s < N_SAMPLES; s++) {
        for (size_t i = 0; i < n; i++) {
            const size_t pick = (size_t)asx_seed_below(seed, s, i, n);
            a[i] = x[pick];
            b[i] = y[pick];
        }
        taus[s] = tau ? asx_rank_tau(a, b, n) : 0;
        rhos[s] = rho ? spearman(a, b, n, work) : 0;
    }
    if (tau)
        *tau = interval(asx_rank_tau(x, y, n), taus);
    if (rho)
        *rho = interval(spearman(x, y, n, work), rhos);
    free(memory);
    return ASX_OK;
}
