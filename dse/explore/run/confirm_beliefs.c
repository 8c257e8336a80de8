/* What is believed of a front's designs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "confirming.h"
#include "dse/memory.h"

/* A measurement: placements of the same formats share it. */
typedef struct measurement {
    const char *formats;
    asx_tier tier;
    asx_paired seen;
    double cost; /* of the cheapest of its placements */
    asx_shrunk believed;
} measurement;

typedef struct measurements {
    measurement *m; /* [n] by formats and tier */
    size_t n;
} measurements;

/* A prediction that was checked: what it was, and how far the truth seems to be from it. */
typedef struct check {
    double predicted, off, error;
} check;

typedef struct checks {
    check *c; /* [n] by prediction */
    size_t n;
} checks;

static const char *formats_of(const char *design)
{
    const char *end = strstr(design, ": ");
    return end ? end + 2 : design;
}

static int compare_measurements(const void *a, const void *b)
{
    const measurement *x = a, *y = b;
    const int order = strcmp(x->formats, y->formats);
    return order ? order : (x->tier > y->tier) - (x->tier < y->tier);
}

static void add_rows(measurements *out, const asx_rows *rows, asx_objective cost)
{
    for (size_t i = 0; i < rows->n; i++) {
        const asx_row *r = &rows->row[i];
        measurement m = {.formats = formats_of(r->design),
                         .tier = r->evaluation.accuracy.tier,
                         .cost = asx_evaluation_objective(&r->evaluation, cost)};
        if (asx_paired_of(&m.seen, &r->evaluation.accuracy))
            out->m[out->n++] = m;
    }
}

/* Everything measured on the select images, each measurement once. */
static asx_status collect(measurements *out, const asx_front *f, asx_error *err)
{
    out->m = asx_array_new(f->rows.n + f->checked.n + 1, sizeof *out->m);
    if (!out->m)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", f->rows.n);
    add_rows(out, &f->rows, asx_front_cost(f));
    add_rows(out, &f->checked, asx_front_cost(f));
    if (out->n > 0)
        qsort(out->m, out->n, sizeof *out->m, compare_measurements);
    size_t kept = 0;
    for (size_t i = 0; i < out->n; i++) {
        if (kept > 0 && compare_measurements(&out->m[kept - 1], &out->m[i]) == 0)
            out->m[kept - 1].cost = fmin(out->m[kept - 1].cost, out->m[i].cost);
        else
            out->m[kept++] = out->m[i];
    }
    out->n = kept;
    return ASX_OK;
}

static asx_status shrink(measurements *ms, asx_error *err)
{
    asx_paired *seen = asx_array_new(ms->n + 1, sizeof *seen);
    double *cost = asx_array_new(ms->n + 1, sizeof *cost);
    asx_shrunk *out = asx_array_new(ms->n + 1, sizeof *out);
    asx_status status =
        seen && cost && out ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for %zu drops", ms->n);
    for (size_t i = 0; status == ASX_OK && i < ms->n; i++) {
        seen[i] = ms->m[i].seen;
        cost[i] = ms->m[i].cost;
    }
    if (status == ASX_OK)
        status = asx_shrink_drops(out, seen, cost, ms->n, err);
    for (size_t i = 0; status == ASX_OK && i < ms->n; i++)
        ms->m[i].believed = out[i];
    free(out);
    free(cost);
    free(seen);
    return status;
}

static const measurement *find(const measurements *ms, const char *design, asx_tier tier)
{
    const measurement key = {.formats = formats_of(design), .tier = tier};
    return ms->n ? bsearch(&key, ms->m, ms->n, sizeof key, compare_measurements) : NULL;
}

static int by_prediction(const void *a, const void *b)
{
    const check *x = a, *y = b;
    if (x->predicted < y->predicted || x->predicted > y->predicted)
        return x->predicted < y->predicted ? -1 : 1;
    return (x->off > y->off) - (x->off < y->off);
}

static asx_status compare_predictions(checks *out, const asx_front *f, const measurements *ms,
                                      asx_error *err)
{
    out->c = asx_array_new(f->rows.n + 1, sizeof *out->c);
    if (!out->c)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", f->rows.n);
    for (size_t i = 0; i < f->rows.n; i++) {
        const asx_row *r = asx_front_predicted(f, &f->rows.row[i]);
        const measurement *m = r ? find(ms, r->design, ASX_TIER_MEASURED) : NULL;
        if (m)
            out->c[out->n++] =
                (check){r->evaluation.accuracy.drop, m->believed.drop - r->evaluation.accuracy.drop,
                        m->believed.error};
    }
    if (out->n > 0)
        qsort(out->c, out->n, sizeof *out->c, by_prediction);
    return ASX_OK;
}

/* Mean and deviation of what is off, among the checks nearest to a prediction. */
static asx_shrunk correct(const checks *cs, double predicted, double point)
{
    enum { NEAREST = 12, FEW = 4 };
    static const double UNCHECKED = 0.5; /* of the drop, and of a point: nothing is known of it */
    size_t first = 0, end = cs->n;
    while (end - first > NEAREST) {
        if (predicted - cs->c[first].predicted > cs->c[end - 1].predicted - predicted)
            first++;
        else
            end--;
    }
    const double n = (double)(end - first);
    if (end - first < FEW)
        return (asx_shrunk){predicted, point + UNCHECKED * fabs(predicted)};
    double mean = 0, square = 0;
    for (size_t i = first; i < end; i++)
        mean += cs->c[i].off / n;
    for (size_t i = first; i < end; i++)
        square +=
            ((cs->c[i].off - mean) * (cs->c[i].off - mean) + cs->c[i].error * cs->c[i].error) / n;
    return (asx_shrunk){predicted + mean, sqrt(square)};
}

static bool fits(const asx_row *r, const asx_limits *limits)
{
    for (int o = 0; o < ASX_N_OBJECTIVES; o++)
        if (o != ASX_DROP &&
            asx_evaluation_objective(&r->evaluation, (asx_objective)o) > limits->max[o])
            return false;
    return true;
}

static void fill(asx_beliefs *b, const asx_front *f, const measurements *ms, const checks *cs,
                 size_t images)
{
    const double point = f->record.score.point;
    for (size_t i = 0; i < f->rows.n; i++) {
        const asx_row *r = &f->rows.row[i];
        const asx_tier tier = r->evaluation.accuracy.tier;
        const measurement *m =
            find(ms, r->design, tier == ASX_TIER_TRAINED ? tier : ASX_TIER_MEASURED);
        asx_confirm_candidate c = {.cost =
                                       asx_evaluation_objective(&r->evaluation, asx_front_cost(f))};
        if (!fits(r, &f->limits) || (!m && tier != ASX_TIER_PROXY))
            continue;
        if (m) {
            c.believed = m->believed;
            c.test_error =
                asx_paired_error(&m->seen) * sqrt((double)m->seen.images / (double)images);
        } else { /* as many images tell it from the float network as it loses, and 2 % more */
            c.believed = correct(cs, r->evaluation.accuracy.drop, point);
            c.test_error =
                100 * point * sqrt((0.02 + fabs(c.believed.drop / point) / 100) / (double)images);
        }
        b->row[b->n] = r;
        b->predicted[b->n] = !m;
        b->candidate[b->n++] = c;
    }
}

asx_status asx_beliefs_find(asx_beliefs *out, const asx_front *f, size_t images, asx_error *err)
{
    asx_beliefs b = {.row = asx_array_new(f->rows.n + 1, sizeof(asx_row *)),
                     .candidate = asx_array_new(f->rows.n + 1, sizeof *b.candidate),
                     .predicted = asx_array_new(f->rows.n + 1, sizeof *b.predicted)};
    measurements ms = {0};
    checks cs = {0};
    asx_status status = b.row && b.candidate && b.predicted
                            ? ASX_OK
                            : asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", f->rows.n);
    if (status == ASX_OK)
        status = collect(&ms, f, err);
    if (status == ASX_OK)
        status = shrink(&ms, err);
    if (status == ASX_OK)
        status = compare_predictions(&cs, f, &ms, err);
    if (status == ASX_OK) {
        fill(&b, f, &ms, &cs, images);
        *out = b;
    } else {
        asx_beliefs_fini(&b);
    }
    free(cs.c);
    free(ms.m);
    return status;
}

void asx_beliefs_fini(asx_beliefs *b)
{
    if (!b)
        return;
    free(b->row);
    free(b->candidate);
    free(b->predicted);
    *b = (asx_beliefs){0};
}
