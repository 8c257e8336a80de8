/* The exact front of 20 layers x 512 formats, made-up tables: error falls and energy rises with the
 * bits of a format, both with noise, in layers of different weight. Beside it, what scalarisation
 * reaches: for each of many exchange rates the best format of every layer, which finds the convex
 * part of the front only. */
#include <math.h>
#include <stdlib.h>

#include "bench.h"
#include "dse/memory.h"
#include "dse/seed.h"
#include "search/exact.h"
#include "search/pareto.h"

enum { LAYERS = 20, CHOICES = 512, RATES = 20001 };

static void fill(double *value)
{
    for (size_t l = 0; l < LAYERS; l++) {
        const double weight = 0.2 + asx_seed_uniform(1, 0, l),
                     size = 0.2 + asx_seed_uniform(1, 1, l);
        for (size_t i = 0; i < CHOICES; i++) {
            const double bits = 4 + (double)(i % 4);
            double *v = value + 2 * (l * CHOICES + i);
            v[0] = weight * exp2(-bits) * (1 + 8 * asx_seed_uniform(2, l, i));
            v[1] = size * bits * (0.4 + 0.6 * asx_seed_uniform(3, l, i));
        }
    }
}

/* @param row  [RATES][2] */
static void sweep_rates(double *row, const double *value)
{
    for (size_t r = 0; r < RATES; r++) {
        const double rate = exp(12 * (double)r / RATES - 8);
        row[2 * r] = row[2 * r + 1] = 0;
        for (size_t l = 0; l < LAYERS; l++) {
            const double *best = value + 2 * l * CHOICES;
            for (const double *v = best + 2; v < value + 2 * (l + 1) * CHOICES; v += 2)
                if (v[1] + v[0] * rate * 100 < best[1] + best[0] * rate * 100)
                    best = v;
            row[2 * r] += best[0];
            row[2 * r + 1] += best[1];
        }
    }
}

static asx_status compare(bench_report *report, const asx_exact_front *front, double seconds,
                          const double *value, asx_error *err)
{
    double *row = asx_array_new(RATES, 2 * sizeof *row), exact = 0, swept = 0;
    if (!row)
        return asx_fail(err, ASX_ENOMEM, "no memory for a benchmark");
    const double start = bench_seconds();
    sweep_rates(row, value);
    bench_ratio(report, "exact_front_s", seconds, "s", "sweep of 20001 exchange rates",
                bench_seconds() - start);
    const double reference[2] = {front->value[2 * (front->n - 1)] * 1.0001,
                                 front->value[1] * 1.0001};
    asx_status st = asx_pareto_hypervolume(&exact, front->value, front->n, 2, reference, err);
    if (st == ASX_OK)
        st = asx_pareto_hypervolume(&swept, row, RATES, 2, reference, err);
    bench_ratio(report, "hypervolume", exact, "", "sweep of 20001 exchange rates", swept);
    free(row);
    return st;
}

asx_status bench_search(bench_report *report, asx_error *err)
{
    double *value = asx_array_new((size_t)LAYERS * CHOICES, 2 * sizeof *value);
    asx_exact_front front = {0}, near = {0};
    asx_exact_layer layer[LAYERS];
    if (!value)
        return asx_fail(err, ASX_ENOMEM, "no memory for a benchmark");
    fill(value);
    for (size_t l = 0; l < LAYERS; l++)
        layer[l] = (asx_exact_layer){value + 2 * l * CHOICES, CHOICES};
    asx_exact_problem problem = {.layer = layer, .n_layers = LAYERS, .n_objectives = 2};
    double start = bench_seconds();
    asx_status st = asx_exact_solve(&front, &problem, err);
    const double seconds = bench_seconds() - start;
    if (st < 0)
        goto done;
    bench_figure(report, "points", (double)front.n, "");
    st = compare(report, &front, seconds, value, err);
    problem.epsilon = 0.01;
    start = bench_seconds();
    if (st == ASX_OK)
        st = asx_exact_solve(&near, &problem, err);
    if (st < 0)
        goto done;
    bench_ratio(report, "front_within_1_percent_s", bench_seconds() - start, "s", "exact front",
                seconds);
    bench_ratio(report, "points_within_1_percent", (double)near.n, "", "exact front",
                (double)front.n);
    bench_figure(report, "proven_factor", near.factor, "");
done:
    asx_exact_front_fini(&near);
    asx_exact_front_fini(&front);
    free(value);
    return st;
}
