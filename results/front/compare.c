/* Indicators of two fronts: hypervolume (Zitzler and Thiele, 1998), additive epsilon and coverage
 * (Zitzler et al., IEEE TEVC 7, 2003). */
#include "results/compare.h"

#include <math.h>
#include <stdlib.h>

static double epsilon(const double *a, size_t n_a, const double *b, size_t n_b, size_t d,
                      const double *range)
{
    double worst = -INFINITY;
    for (size_t k = 0; k < n_b; k++) {
        double best = INFINITY;
        for (size_t i = 0; i < n_a; i++) {
            double most = -INFINITY;
            for (size_t j = 0; j < d; j++)
                most = fmax(most, (a[i * d + j] - b[k * d + j]) / range[j]);
            best = fmin(best, most);
        }
        worst = fmax(worst, best);
    }
    return worst;
}

static double coverage(const double *a, size_t n_a, const double *b, size_t n_b, size_t d)
{
    size_t covered = 0;
    for (size_t k = 0; k < n_b; k++) {
        bool is = false;
        for (size_t i = 0; i < n_a && !is; i++) {
            is = true;
            for (size_t j = 0; j < d; j++)
                is = is && a[i * d + j] <= b[k * d + j];
        }
        covered += is;
    }
    return (double)covered / (double)n_b;
}

static asx_status check(const asx_front *a, const asx_front *b, asx_error *err)
{
    if (a->n == 0 || b->n == 0)
        return asx_fail(err, ASX_EINVAL, "front %s is empty: nothing to compare", a->n ? "B" : "A");
    bool same = a->n_objectives == b->n_objectives;
    for (size_t j = 0; same && j < a->n_objectives; j++)
        same = a->objective[j] == b->objective[j];
    return same ? ASX_OK
                : asx_fail(err, ASX_EINVAL,
                           "objectives differ: '%s' and '%s'; fronts of other objectives cannot be "
                           "compared",
                           a->record.objectives, b->record.objectives);
}

/* Of both fronts together. */
static void span(double *range, const double *a, size_t n_a, const double *b, size_t n_b, size_t d)
{
    for (size_t j = 0; j < d; j++) {
        double low = INFINITY, high = -INFINITY;
        for (size_t i = 0; i < n_a; i++) {
            low = fmin(low, a[i * d + j]);
            high = fmax(high, a[i * d + j]);
        }
        for (size_t i = 0; i < n_b; i++) {
            low = fmin(low, b[i * d + j]);
            high = fmax(high, b[i * d + j]);
        }
        range[j] = high > low ? high - low : 1;
    }
}

asx_status asx_front_compare(asx_front_comparison *out, const asx_front *a, const asx_front *b,
                             asx_error *err)
{
    asx_front_comparison r = {.volume_a = NAN, .volume_b = NAN};
    double *va = NULL, *vb = NULL, range[ASX_N_OBJECTIVES] = {0};
    asx_status status = check(a, b, err);
    const size_t d = a->n_objectives;
    if (status == ASX_OK)
        status = asx_front_values(&va, a, err);
    if (status == ASX_OK)
        status = asx_front_values(&vb, b, err);
    if (status != ASX_OK)
        goto done;
    span(range, va, a->n, vb, b->n, d);
    r.epsilon_ab = epsilon(va, a->n, vb, b->n, d, range);
    r.epsilon_ba = epsilon(vb, b->n, va, a->n, d, range);
    r.coverage_ab = coverage(va, a->n, vb, b->n, d);
    r.coverage_ba = coverage(vb, b->n, va, a->n, d);
    if (!asx_front_reference(&r.reference, a))
        asx_front_reference(&r.reference, b);
    status = asx_front_hypervolume_of(&r.volume_a, a, &r.reference, err);
    if (status == ASX_OK)
        status = asx_front_hypervolume_of(&r.volume_b, b, &r.reference, err);
    if (status == ASX_OK)
        *out = r;
done:
    free(va);
    free(vb);
    return status;
}
