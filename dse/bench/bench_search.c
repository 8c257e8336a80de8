/* Tables of 20 layers x 512 formats: the exact front with its designs, and what else reaches of its
 * hypervolume. Scalarisation: for each of many exchange rates the best format of every layer, which
 * finds the convex part of the front only. Evolution: the searcher 'nsga2', beside it pagmo2's
 * where its program (tests/bench) was built. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "bench_peer.h"
#include "bench_tables.h"
#include "dse/memory.h"
#include "dse/pareto.h"
#include "search/exact.h"

enum { RATES = 20001, REPEATS = 3, SEEDS = 5, EVALUATIONS = 25000 };

/* @param row  [RATES][2] */
static void sweep_rates(double *row, const bench_table *t)
{
    for (size_t r = 0; r < RATES; r++) {
        const double rate = 100 * exp(12 * (double)r / RATES - 8);
        row[2 * r] = row[2 * r + 1] = 0;
        for (size_t l = 0; l < BENCH_LAYERS; l++) {
            const double(*v)[2] = t->value[l];
            size_t best = 0;
            for (size_t i = 1; i < BENCH_CHOICES; i++)
                if (v[i][1] + v[i][0] * rate < v[best][1] + v[best][0] * rate)
                    best = i;
            row[2 * r] += v[best][0];
            row[2 * r + 1] += v[best][1];
        }
    }
}

static void add(bench_report *report, const bench_table *t, const char *figure, double value,
                const char *unit, const char *peer, double peer_value)
{
    char name[80];
    snprintf(name, sizeof name, "%s_%s", t->name, figure);
    bench_ratio(report, name, value, unit, peer, peer_value);
}

/* Beside a figure of the peer's, times a factor; alone where it has none for this table. */
static void add_beside(bench_report *report, const bench_table *t, const char *figure, double value,
                       const char *unit, const bench_peer *peer, const char *peer_figure,
                       double factor)
{
    char key[80];
    double other = NAN;
    snprintf(key, sizeof key, "%s_%s", t->name, peer_figure);
    const bool found = bench_peer_find(&other, peer, key);
    add(report, t, figure, value, unit, found ? "pagmo2" : NULL, factor * other);
}

/* The least of some times, and the front. */
static asx_status solve(asx_exact_front *front, double *seconds, const bench_table *t,
                        double epsilon, asx_error *err)
{
    asx_exact_layer layer[BENCH_LAYERS];
    for (size_t l = 0; l < BENCH_LAYERS; l++)
        layer[l] = (asx_exact_layer){t->value[l][0], BENCH_CHOICES};
    const asx_exact_problem problem = {
        .layer = layer, .n_layers = BENCH_LAYERS, .n_objectives = 2, .epsilon = epsilon};
    *seconds = INFINITY;
    asx_status status = ASX_OK;
    for (int i = 0; status == ASX_OK && i < REPEATS; i++) {
        asx_exact_front_fini(front);
        *front = (asx_exact_front){0};
        const double start = bench_seconds();
        status = asx_exact_solve(front, &problem, err);
        *seconds = fmin(*seconds, bench_seconds() - start);
    }
    return status;
}

static asx_status compare_sweep(bench_report *report, const bench_table *t, double exact,
                                double seconds, asx_error *err)
{
    double *row = asx_array_new(RATES, 2 * sizeof *row), swept = 0;
    if (!row)
        return asx_fail(err, ASX_ENOMEM, "no memory for a benchmark");
    const double start = bench_seconds();
    sweep_rates(row, t);
    const char *peer = "sweep of 20001 exchange rates";
    add(report, t, "exact_front_s", seconds, "s", peer, bench_seconds() - start);
    const asx_status status = asx_pareto_hypervolume(&swept, row, RATES, 2, t->reference, err);
    add(report, t, "hypervolume", exact, "", peer, swept);
    free(row);
    return status;
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Shares of the exact hypervolume, of all that was evaluated; median of some seeds. */
static asx_status evolve(bench_report *report, const bench_table *t, double exact,
                         const bench_peer *peer, asx_error *err)
{
    double volume[SEEDS], least = INFINITY;
    asx_status status = ASX_OK;
    for (uint64_t i = 0; status == ASX_OK && i < SEEDS; i++) {
        double seconds = 0;
        status = bench_tables_evolve(&volume[i], &seconds, t, EVALUATIONS, i + 1, err);
        least = fmin(least, seconds);
    }
    if (status != ASX_OK)
        return status;
    qsort(volume, SEEDS, sizeof *volume, by_value);
    add_beside(report, t, "nsga2_share_percent", 100 / exact * volume[SEEDS / 2], "%", peer,
               "nsga2_hypervolume", 100 / exact);
    add_beside(report, t, "nsga2_s", least, "s", peer, "nsga2_s", 1);
    return status;
}

static asx_status run_table(bench_report *report, const bench_table *t, const bench_peer *peer,
                            asx_error *err)
{
    asx_exact_front front = {0}, near = {0};
    double seconds, near_seconds, exact = 0;
    asx_status status = solve(&front, &seconds, t, 0, err);
    if (status == ASX_OK)
        status = asx_pareto_hypervolume(&exact, front.value, front.n, 2, t->reference, err);
    if (status == ASX_OK) {
        add(report, t, "points", (double)front.n, "", NULL, NAN);
        status = compare_sweep(report, t, exact, seconds, err);
    }
    if (status == ASX_OK)
        status = solve(&near, &near_seconds, t, 0.01, err);
    if (status == ASX_OK) {
        add(report, t, "within_1_percent_s", near_seconds, "s", "exact front", seconds);
        add(report, t, "within_1_percent_points", (double)near.n, "", "exact front",
            (double)front.n);
        add(report, t, "within_1_percent_factor", near.factor, "", NULL, NAN);
        status = evolve(report, t, exact, peer, err);
    }
    asx_exact_front_fini(&near);
    asx_exact_front_fini(&front);
    return status;
}

asx_status bench_search(bench_report *report, asx_error *err)
{
    bench_peer peer = {0};
    bench_table *t = asx_array_new(BENCH_TABLES_MAX, sizeof *t);
    size_t n = 0;
    asx_status status =
        t ? bench_tables_load(t, &n, err) : asx_fail(err, ASX_ENOMEM, "no memory for a benchmark");
    if (status == ASX_OK)
        status = bench_peer_run(&peer, "pagmo_peer", "search", err);
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        status = run_table(report, &t[i], &peer, err);
    free(t);
    return status;
}
