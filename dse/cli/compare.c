/* Indicators of two fronts: hypervolume (Zitzler and Thiele, 1998), additive epsilon and coverage
 * (Zitzler et al., IEEE TEVC 7, 2003). */
#include "compare.h"

#include <math.h>
#include <stdlib.h>

#include "dse/memory.h"
#include "search/pareto.h"

static asx_status values(double **out, const front *f, asx_error *err)
{
    const size_t d = f->n_objectives;
    double *v = asx_array_new(f->n * d, sizeof *v);
    if (!v)
        return asx_fail(err, ASX_ENOMEM, "no memory for a front");
    for (size_t i = 0; i < f->n; i++)
        for (size_t j = 0; j < d; j++)
            v[i * d + j] =
                asx_evaluation_objective(&f->rows.row[f->index[i]].evaluation, f->objective[j]);
    *out = v;
    return ASX_OK;
}

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

static asx_status check(const front *a, const front *b, asx_error *err)
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

/* The reference lies a tenth of the range beyond the worst of both: the ends count too. */
static void span(double *range, double *reference, const double *a, size_t n_a, const double *b,
                 size_t n_b, size_t d)
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
        reference[j] = high + 0.1 * range[j];
    }
}

asx_status compare_fronts(compare_result *out, const front *a, const front *b, asx_error *err)
{
    compare_result r = {.volume_a = NAN, .volume_b = NAN};
    double *va = NULL, *vb = NULL, range[ASX_N_OBJECTIVES];
    asx_status st = check(a, b, err);
    const size_t d = a->n_objectives;
    if (st == ASX_OK)
        st = values(&va, a, err);
    if (st == ASX_OK)
        st = values(&vb, b, err);
    if (st != ASX_OK)
        goto done;
    span(range, r.reference, va, a->n, vb, b->n, d);
    r.epsilon_ab = epsilon(va, a->n, vb, b->n, d, range);
    r.epsilon_ba = epsilon(vb, b->n, va, a->n, d, range);
    r.coverage_ab = coverage(va, a->n, vb, b->n, d);
    r.coverage_ba = coverage(vb, b->n, va, a->n, d);
    if (d <= 4)
        st = asx_pareto_hypervolume(&r.volume_a, va, a->n, d, r.reference, err);
    if (st == ASX_OK && d <= 4)
        st = asx_pareto_hypervolume(&r.volume_b, vb, b->n, d, r.reference, err);
    if (st == ASX_OK)
        *out = r;
done:
    free(va);
    free(vb);
    return st;
}

const asx_row *compare_best(const front *f, asx_objective cost, double max_drop)
{
    const asx_row *best = NULL;
    for (size_t i = 0; i < f->n; i++) {
        const asx_row *row = &f->rows.row[f->index[i]];
        if (row->evaluation.accuracy.drop > max_drop)
            continue;
        if (!best || asx_evaluation_objective(&row->evaluation, cost) <
                         asx_evaluation_objective(&best->evaluation, cost))
            best = row;
    }
    return best;
}
