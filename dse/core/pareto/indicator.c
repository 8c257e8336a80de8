#include "dse/indicator.h"

#include <math.h>

#include "dse/order.h"

static asx_status check(const double *set, size_t n, const double *other, size_t n_other, size_t d,
                        asx_error *err)
{
    if (n == 0 || n_other == 0)
        return asx_fail(err, ASX_EINVAL, "indicator: a set is empty");
    asx_status status = asx_pareto_check(set, NULL, n, d, err);
    return status == ASX_OK ? asx_pareto_check(other, NULL, n_other, d, err) : status;
}

/* By how much a is larger than b where it is most so. */
static double excess(const double *a, const double *b, size_t d)
{
    double most = -INFINITY;
    for (size_t j = 0; j < d; j++)
        most = fmax(most, a[j] - b[j]);
    return most;
}

static double distance_plus(const double *a, const double *b, size_t d)
{
    double sum = 0;
    for (size_t j = 0; j < d; j++) {
        double over = fmax(0, a[j] - b[j]);
        sum += over * over;
    }
    return sqrt(sum);
}

/* The least of a measure over the rows of a set. */
static double least(double (*measure)(const double *, const double *, size_t), const double *set,
                    size_t n, const double *x, size_t d)
{
    double best = INFINITY;
    for (size_t i = 0; i < n; i++)
        best = fmin(best, measure(set + i * d, x, d));
    return best;
}

asx_status asx_indicator_epsilon(double *out, const double *set, size_t n, const double *other,
                                 size_t n_other, size_t n_dims, asx_error *err)
{
    asx_status status = check(set, n, other, n_other, n_dims, err);
    if (status != ASX_OK)
        return status;
    double most = -INFINITY;
    for (size_t i = 0; i < n_other; i++)
        most = fmax(most, least(excess, set, n, other + i * n_dims, n_dims));
    *out = most;
    return ASX_OK;
}

asx_status asx_indicator_igd_plus(double *out, const double *set, size_t n, const double *reference,
                                  size_t n_reference, size_t n_dims, asx_error *err)
{
    asx_status status = check(set, n, reference, n_reference, n_dims, err);
    if (status != ASX_OK)
        return status;
    double sum = 0;
    for (size_t i = 0; i < n_reference; i++)
        sum += least(distance_plus, set, n, reference + i * n_dims, n_dims);
    *out = sum / (double)n_reference;
    return ASX_OK;
}

asx_status asx_indicator_coverage(double *out, const double *set, size_t n, const double *other,
                                  size_t n_other, size_t n_dims, asx_error *err)
{
    asx_status status = check(set, n, other, n_other, n_dims, err);
    if (status != ASX_OK)
        return status;
    size_t covered = 0;
    for (size_t i = 0; i < n_other; i++)
        covered += least(excess, set, n, other + i * n_dims, n_dims) <= 0;
    *out = (double)covered / (double)n_other;
    return ASX_OK;
}
