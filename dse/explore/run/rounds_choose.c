/* Which designs a round measures: a spread along the front, and a few beside it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "dse/seed.h"
#include "rounds.h"

/* Accuracy does not know placements, which are gene 0. */
static bool same_formats(const asx_gene *a, const asx_gene *b, size_t n_genes)
{
    return memcmp(a + 1, b + 1, (n_genes - 1) * sizeof *a) == 0;
}

static bool is_taken(const asx_rounds *r, const asx_gene *point)
{
    for (size_t i = 0; i < r->n; i++)
        if (same_formats(r->point + i * r->n_genes, point, r->n_genes))
            return true;
    return false;
}

static asx_status take(asx_rounds *r, const asx_gene *point, asx_error *err)
{
    const size_t need = r->n + 1;
    asx_gene *points = asx_array_grow(r->point, &r->room[0], need, r->n_genes * sizeof *points);
    r->point = points ? points : r->point;
    asx_design *designs = asx_array_grow(r->design, &r->room[1], need, sizeof *designs);
    r->design = designs ? designs : r->design;
    asx_accuracy *accuracies = asx_array_grow(r->accuracy, &r->room[2], need, sizeof *accuracies);
    r->accuracy = accuracies ? accuracies : r->accuracy;
    if (!points || !designs || !accuracies)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", need);
    const asx_status status = asx_space_decode(&r->design[r->n], r->space, point, err);
    if (status == ASX_OK)
        memcpy(r->point + r->n++ * r->n_genes, point, r->n_genes * sizeof *point);
    return status;
}

/* From a place on the front on, the first design that was not taken. */
static asx_status take_near(asx_rounds *r, size_t at, asx_error *err)
{
    for (size_t i = 0; i < r->front.n; i++) {
        const asx_gene *p = r->front.point + (at + i) % r->front.n * r->n_genes;
        if (!is_taken(r, p))
            return take(r, p, err);
    }
    return ASX_OK;
}

/* A front design with one layer or group as in another one: near the front, seldom on it. */
static asx_status take_beside(asx_rounds *r, size_t round, size_t number, asx_gene *point,
                              asx_error *err)
{
    enum { TRIES = 16, DRAWS = 3 };
    for (uint64_t t = 0; t < TRIES; t++) {
        const uint64_t stream = (uint64_t)round << 32 | number, at = DRAWS * t;
        const size_t a = (size_t)asx_seed_below(r->seed, stream, at, r->front.n);
        const size_t b = (size_t)asx_seed_below(r->seed, stream, at + 1, r->front.n);
        const size_t g = 1 + (size_t)asx_seed_below(r->seed, stream, at + 2, r->n_genes - 1);
        memcpy(point, r->front.point + a * r->n_genes, r->n_genes * sizeof *point);
        point[g] = r->front.point[b * r->n_genes + g];
        if (!is_taken(r, point))
            return take(r, point, err);
    }
    return ASX_OK;
}

/* Length of the way along the front to each of its rows, in units of the reference point; none of
 * it outside that point, where nobody builds. */
static void walk(double *length, const asx_rounds_front *f, const asx_reference_point *ref)
{
    length[0] = 0;
    for (size_t i = 1; i < f->n; i++) {
        const double *a = f->value + (i - 1) * ref->n, *b = a + ref->n;
        double step = 0;
        bool inside = true;
        for (size_t j = 0; j < ref->n; j++) {
            step += fabs(b[j] - a[j]) / ref->value[j];
            inside = inside && fmin(a[j], b[j]) < ref->value[j];
        }
        length[i] = length[i - 1] + (inside ? step : 0);
    }
}

static asx_status take_along(asx_rounds *r, const asx_reference_point *ref, size_t n,
                             asx_error *err)
{
    double *length = asx_array_new(r->front.n, sizeof *length);
    asx_status status = length ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for a front");
    if (status == ASX_OK)
        walk(length, &r->front, ref);
    for (size_t i = 0, at = 0; status == ASX_OK && i < n; i++) {
        const double want =
            n > 1 ? length[r->front.n - 1] * (double)i / (double)(n - 1) : length[r->front.n - 1];
        while (at + 1 < r->front.n && length[at] < want)
            at++;
        status = take_near(r, at, err);
    }
    free(length);
    return status;
}

asx_status asx_rounds_choose(asx_rounds *r, const asx_reference_point *ref, size_t round, size_t n,
                             asx_error *err)
{
    const size_t n_beside = r->n_genes > 1 ? n / 4 : 0;
    const size_t n_front = n - n_beside < r->front.n ? n - n_beside : r->front.n;
    if (r->front.n == 0)
        return ASX_OK;
    asx_gene *point = asx_array_new(r->n_genes, sizeof *point);
    if (!point)
        return asx_fail(err, ASX_ENOMEM, "no memory for a point");
    asx_status status = take_along(r, ref, n_front, err);
    for (size_t i = 0; status == ASX_OK && i < n_beside; i++)
        status = take_beside(r, round, i, point, err);
    free(point);
    return status;
}

void asx_rounds_fini(asx_rounds *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < r->n; i++)
        asx_design_fini(&r->design[i]);
    free(r->point);
    free(r->design);
    free(r->accuracy);
    asx_rounds_front_fini(&r->front);
}

void asx_rounds_front_fini(asx_rounds_front *front)
{
    if (!front)
        return;
    free(front->point);
    free(front->value);
    *front = (asx_rounds_front){0};
}
