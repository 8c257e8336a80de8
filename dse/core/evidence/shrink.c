/* Empirical Bayes for drops: the density of true drops among designs of similar cost as a mixture
 * of normals, its weights by EM; then every drop's mean and deviation under it. */
#include "dse/shrink.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

enum {
    BLOCK = 8,       /* designs that share a density, */
    NEIGHBOURS = 16, /* fitted to them and so many on either side in the order of cost */
    WINDOW = BLOCK + 2 * NEIGHBOURS,
    STEPS = 32, /* components at equal steps over the range of drops */
    COMPONENTS = WINDOW + STEPS,
    ROUNDS = 60 /* of EM; a longer run would sharpen the density to points */
};

typedef struct datum {
    double drop, error, cost;
    size_t number;
} datum;

typedef struct density {
    double at[COMPONENTS], width[COMPONENTS], weight[COMPONENTS];
    size_t n; /* components */
} density;

static int by_drop(const void *a, const void *b)
{
    const datum *x = a, *y = b;
    if (x->drop < y->drop || x->drop > y->drop)
        return x->drop < y->drop ? -1 : 1;
    return (x->error > y->error) - (x->error < y->error);
}

/* Equal ones are in the order of their drops, so that the order they came in does not matter. */
static int by_cost(const void *a, const void *b)
{
    const datum *x = a, *y = b;
    if (x->cost < y->cost || x->cost > y->cost)
        return x->cost < y->cost ? -1 : 1;
    return by_drop(a, b);
}

/* `data` are sorted by drop. A component is half as wide as the error of the drop nearest to it. */
static void place(density *g, const datum *data, size_t n)
{
    size_t nearest = 0;
    const double low = data[0].drop, high = data[n - 1].drop;
    g->n = 0;
    for (size_t i = 0; i < n; i++) {
        g->at[g->n] = data[i].drop;
        g->width[g->n++] = data[i].error / 2;
    }
    for (size_t k = 0; k < STEPS; k++) {
        const double at = low + (high - low) * (double)k / (STEPS - 1);
        while (nearest + 1 < n &&
               fabs(data[nearest + 1].drop - at) <= fabs(data[nearest].drop - at))
            nearest++;
        g->at[g->n] = at;
        g->width[g->n++] = data[nearest].error / 2;
    }
    for (size_t k = 0; k < g->n; k++)
        g->weight[k] = 1.0 / (double)g->n;
}

/* Of a component for a design: nothing finer than half of its own error is told apart. */
static double width(const density *g, size_t k, const datum *d)
{
    return fmax(g->width[k], d->error / 2);
}

/* Density of a measured drop, the true one coming from component k. */
static double likelihood(const density *g, size_t k, const datum *d)
{
    const double w = width(g, k, d), off = d->drop - g->at[k];
    const double variance = d->error * d->error + w * w;
    return exp(-off * off / (2 * variance)) / sqrt(variance);
}

/* One round of EM. */
static void improve(density *g, const double *table, size_t n)
{
    double share[COMPONENTS] = {0};
    for (size_t i = 0; i < n; i++) {
        const double *l = table + i * COMPONENTS;
        double sum = 0;
        for (size_t k = 0; k < g->n; k++)
            sum += g->weight[k] * l[k];
        for (size_t k = 0; k < g->n; k++)
            share[k] += g->weight[k] * l[k] / sum;
    }
    for (size_t k = 0; k < g->n; k++)
        g->weight[k] = share[k] / (double)n;
}

/* The density of the true drops of a window. @param table [WINDOW][COMPONENTS], to work in */
static void fit(density *g, double *table, const datum *window, size_t n)
{
    datum data[WINDOW];
    memcpy(data, window, n * sizeof *data);
    qsort(data, n, sizeof *data, by_drop);
    place(g, data, n);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < g->n; k++)
            table[i * COMPONENTS + k] = likelihood(g, k, &data[i]);
    for (int round = 0; round < ROUNDS; round++)
        improve(g, table, n);
}

/* In a component the belief is normal: between its middle and the drop, by their variances. */
static asx_shrunk believe(const density *g, const datum *d)
{
    double sum = 0, first = 0, second = 0;
    for (size_t k = 0; k < g->n; k++) {
        const double p = g->weight[k] * likelihood(g, k, d);
        const double w = width(g, k, d), v = w * w, s = d->error * d->error;
        const double mean = (s * g->at[k] + v * d->drop) / (s + v);
        sum += p;
        first += p * mean;
        second += p * (mean * mean + s * v / (s + v));
    }
    const double mean = first / sum;
    return (asx_shrunk){mean, sqrt(fmax(second / sum - mean * mean, 0))};
}

asx_status asx_shrink_drops(asx_shrunk *out, const asx_paired *seen, const double *cost, size_t n,
                            asx_error *err)
{
    datum *data = asx_array_new(n ? n : 1, sizeof *data);
    double *table = asx_array_new((size_t)WINDOW * COMPONENTS, sizeof *table);
    asx_status status = ASX_OK;
    if (!data || !table)
        status = asx_fail(err, ASX_ENOMEM, "no memory for %zu drops", n);
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        data[i] = (datum){asx_paired_drop(&seen[i]), asx_paired_error(&seen[i]), cost[i], i};
    if (status == ASX_OK && n)
        qsort(data, n, sizeof *data, by_cost);
    for (size_t i = 0; status == ASX_OK && i < n; i += BLOCK) {
        const size_t first = i > NEIGHBOURS ? i - NEIGHBOURS : 0;
        const size_t end = n - i > BLOCK + NEIGHBOURS ? i + BLOCK + NEIGHBOURS : n;
        density g;
        fit(&g, table, data + first, end - first);
        for (size_t k = i; k < n && k < i + BLOCK; k++)
            out[data[k].number] = believe(&g, &data[k]);
    }
    free(table);
    free(data);
    return status;
}
