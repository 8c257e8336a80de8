/* A code that loses least by one flipped bit.
 *
 * Patterns are the corners of a cube; an edge joins two that one flip turns into each other. With p(c) how often pattern c
 * is stored (0: it is spare, and may read as any value) and v(c) what it reads as, the mean squared change by a flip is
 *
 *     1 / bits  sum over edges {c, d} of (p(c) + p(d)) (v(c) - v(d))^2
 *
 * which is to be small over all ways to put values on corners: a quadratic assignment. A spare pattern reads best as the
 * value nearest to the mean of its neighbours, weighted by how often they are stored. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "reading_private.h"

enum { CORNERS_MAX = 1 << ASX_ROBUST_BITS_MAX, EXHAUSTIVE_BITS = 3, PASSES_MAX = 200 };

/* What stands at a corner. */
typedef struct corner {
    double often;
    int32_t value;
} corner;

typedef struct cube {
    unsigned bits;
    uint32_t n;
    corner at[CORNERS_MAX];
} cube;

/* The representable value nearest to x; of two the lower. */
static int32_t nearest(const asx_reading *r, double x)
{
    int32_t best = r->grid[0];
    for (size_t i = 1; i < r->n; i++)
        if (fabs((double)r->grid[i] - x) < fabs((double)best - x))
            best = r->grid[i];
    return best;
}

static void set_spares(cube *k, const asx_reading *r)
{
    for (uint32_t c = 0; c < k->n; c++) {
        double sum = 0, all = 0;
        if (k->at[c].often > 0)
            continue;
        for (unsigned b = 0; b < k->bits; b++) {
            const corner *o = &k->at[c ^ (uint32_t)1 << b];
            sum += o->often * (double)o->value;
            all += o->often;
        }
        k->at[c].value = nearest(r, all > 0 ? sum / all : 0);
    }
}

static double edge(const corner *a, const corner *b)
{
    const double d = (double)(a->value - b->value);
    return (a->often + b->often) * d * d;
}

static double cost(const cube *k)
{
    double sum = 0;
    for (uint32_t c = 0; c < k->n; c++)
        for (unsigned b = 0; b < k->bits; b++)
            if (!(c >> b & 1))
                sum += edge(&k->at[c], &k->at[c | (uint32_t)1 << b]);
    return sum;
}

static double around(const cube *k, uint32_t c)
{
    double sum = 0;
    for (unsigned b = 0; b < k->bits; b++)
        sum += edge(&k->at[c], &k->at[c ^ (uint32_t)1 << b]);
    return sum;
}

static void swap(cube *k, uint32_t c, uint32_t d)
{
    const corner other = k->at[c];
    k->at[c] = k->at[d];
    k->at[d] = other;
}

/* Keeps an exchange that pays; an edge between the two costs the same either way. */
static bool exchange(cube *k, uint32_t c, uint32_t d)
{
    const double before = around(k, c) + around(k, d);
    swap(k, c, d);
    if (around(k, c) + around(k, d) < before * (1 - 1e-12))
        return true;
    swap(k, c, d);
    return false;
}

static void descend(cube *k, const asx_reading *r)
{
    bool better = true;
    set_spares(k, r);
    for (int pass = 0; better && pass < PASSES_MAX; pass++) {
        better = false;
        for (uint32_t c = 0; c < k->n; c++)
            for (uint32_t d = c + 1; d < k->n; d++)
                better = exchange(k, c, d) || better;
        set_spares(k, r);
    }
}

static void keep_better(cube *best, double *least, const cube *k)
{
    const double now = cost(k);
    if (now < *least) {
        *best = *k;
        *least = now;
    }
}

/* Every order of what stands at corners from `from` on. The first may stay where it is: changing the meaning of 0 and 1
 * in a bit changes no distance. */
static void try_all(cube *best, double *least, cube *k, const asx_reading *r, uint32_t from)
{
    if (from == k->n) {
        set_spares(k, r);
        keep_better(best, least, k);
        return;
    }
    for (uint32_t c = from; c < k->n; c++) {
        swap(k, from, c);
        try_all(best, least, k, r, from + 1);
        swap(k, from, c);
    }
}

/* ---- orders to begin from ---- */

/* Values on the corners 0, 1, 2, ... */
static void put_ascending(cube *k, const asx_reading *r, const double *often)
{
    for (uint32_t c = 0; c < k->n; c++)
        k->at[c] = c < r->n ? (corner){often[c], r->grid[c]} : (corner){0, 0};
}

/* As the machine has them. */
static void put_indices(cube *k, const asx_reading *r, const double *often)
{
    for (uint32_t c = 0; c < k->n; c++)
        k->at[c] = (corner){0, r->value[c]};
    for (size_t i = 0; i < r->n; i++)
        k->at[r->code[r->grid[i] - r->low]] = (corner){often[i], r->grid[i]};
}

/* The sign apart, magnitudes in their order. @return false where that takes more patterns than there are */
static bool put_signs(cube *k, const asx_reading *r, const double *often)
{
    const uint32_t half = k->n / 2;
    uint32_t up = 0, down = 0;
    for (uint32_t c = 0; c < k->n; c++)
        k->at[c] = (corner){0, 0};
    for (size_t i = 0; i < r->n; i++)
        if (r->grid[i] >= 0) {
            if (up == half)
                return false;
            k->at[up++] = (corner){often[i], r->grid[i]};
        }
    for (size_t i = r->n; i-- > 0;)
        if (r->grid[i] < 0) {
            if (++down >= half)
                return false;
            k->at[half + down] = (corner){often[i], r->grid[i]};
        }
    return true;
}

static void take(asx_reading *r, const cube *best)
{
    for (uint32_t c = 0; c < best->n; c++) {
        r->value[c] = best->at[c].value;
        if (best->at[c].often > 0)
            r->code[best->at[c].value - r->low] = c;
    }
}

asx_status asx_reading_assign(asx_reading *r, const double *often, asx_error *err)
{
    double least = INFINITY, all = 0;
    double *share = asx_array_new(r->n, sizeof *share);
    cube *k = asx_array_new(2, sizeof *k), *best = k ? &k[1] : NULL;
    const asx_status status =
        share && k ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for codes of %u bits", r->bits);
    if (status != ASX_OK)
        goto done;
    k->bits = r->bits;
    k->n = (uint32_t)1 << r->bits;
    for (size_t i = 0; i < r->n; i++)
        all += often ? often[i] : 1;
    for (size_t i = 0; i < r->n; i++) /* a value that is hardly stored has a pattern all the same */
        share[i] = fmax((often ? often[i] : 1) / all, 1e-9);
    if (r->bits <= EXHAUSTIVE_BITS) {
        put_ascending(k, r, share);
        try_all(best, &least, k, r, 1);
    } else {
        put_indices(k, r, share);
        descend(k, r);
        keep_better(best, &least, k);
        put_ascending(k, r, share);
        descend(k, r);
        keep_better(best, &least, k);
        if (put_signs(k, r, share)) {
            descend(k, r);
            keep_better(best, &least, k);
        }
    }
    take(r, best);
done:
    free(share);
    free(k);
    return status;
}
