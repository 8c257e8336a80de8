/* NSGA-II on the standard problems, 25,000 evaluations with a population of 100: time, and the
 * hypervolume below 1.1 in each objective of the last population and of all that was found. Beside
 * it pagmo2 with the same operators, where its program (tests/bench) was built. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "bench_peer.h"
#include "dse/memory.h"
#include "dse/pareto.h"
#include "real.h"

enum { SEEDS = 15, VARIABLES_MAX = 30, OBJECTIVES_MAX = 3 };

static const double pi = 3.14159265358979323846;

/* ZDT: Zitzler, Deb and Thiele, Evolutionary Computation 8 (2), 2000. */
static double zdt1(double *f, const double *x, const void *state)
{
    (void)state;
    double sum = 0;
    for (size_t i = 1; i < 30; i++)
        sum += x[i];
    const double g = 1 + 9 * sum / 29;
    f[0] = x[0];
    f[1] = g * (1 - sqrt(x[0] / g));
    return 0;
}

static double zdt4(double *f, const double *x, const void *state)
{
    (void)state;
    double g = 1 + 10 * 9;
    for (size_t i = 1; i < 10; i++)
        g += x[i] * x[i] - 10 * cos(4 * pi * x[i]);
    f[0] = x[0];
    f[1] = g * (1 - sqrt(x[0] / g));
    return 0;
}

/* DTLZ2: Deb, Thiele, Laumanns and Zitzler, CEC 2002. */
static double dtlz2(double *f, const double *x, const void *state)
{
    (void)state;
    double g = 0;
    for (size_t i = 2; i < 12; i++)
        g += (x[i] - 0.5) * (x[i] - 0.5);
    f[0] = (1 + g) * cos(x[0] * pi / 2) * cos(x[1] * pi / 2);
    f[1] = (1 + g) * cos(x[0] * pi / 2) * sin(x[1] * pi / 2);
    f[2] = (1 + g) * sin(x[0] * pi / 2);
    return 0;
}

typedef struct standard {
    const char *name;
    size_t n_variables, n_objectives;
    double others_low, others_high; /* of all variables but the first */
    double (*evaluate)(double *objective, const double *x, const void *state);
} standard;

static const standard problems[] = {
    {"zdt1", 30, 2, 0, 1, zdt1}, {"zdt4", 10, 2, -5, 5, zdt4}, {"dtlz2", 12, 3, 0, 1, dtlz2}};

static asx_status volume_of(double *out, const asx_real_result *r, const size_t *index, size_t n,
                            size_t d, asx_error *err)
{
    const double reference[OBJECTIVES_MAX] = {1.1, 1.1, 1.1};
    double *row = asx_array_new(n, d * sizeof *row);
    if (!row)
        return asx_fail(err, ASX_ENOMEM, "no memory for a benchmark");
    for (size_t i = 0; i < n * d; i++)
        row[i] = r->objective[index[i / d] * d + i % d];
    const asx_status status = asx_pareto_hypervolume(out, row, n, d, reference, err);
    free(row);
    return status;
}

static asx_status solve(double *seconds, double *population, double *archive, const standard *s,
                        uint64_t seed, asx_error *err)
{
    double low[VARIABLES_MAX] = {0}, high[VARIABLES_MAX] = {1};
    for (size_t i = 1; i < s->n_variables; i++) {
        low[i] = s->others_low;
        high[i] = s->others_high;
    }
    const asx_real_problem problem = {.n_variables = s->n_variables,
                                      .n_objectives = s->n_objectives,
                                      .low = low,
                                      .high = high,
                                      .evaluate = s->evaluate};
    asx_real_options options = ASX_REAL_OPTIONS_DEFAULT;
    options.seed = seed;
    asx_real_result r = {0};
    const double start = bench_seconds();
    asx_status status = asx_real_search(&r, &problem, &options, err);
    *seconds = bench_seconds() - start;
    if (status == ASX_OK)
        status = volume_of(population, &r, r.population, r.n_population, s->n_objectives, err);
    if (status == ASX_OK)
        status = volume_of(archive, &r, r.front, r.n_front, s->n_objectives, err);
    asx_real_result_fini(&r);
    return status;
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void add(bench_report *report, const bench_peer *peer, const char *problem,
                const char *figure, double value, const char *unit, const char *peer_figure)
{
    char name[64], key[64];
    double other = NAN;
    snprintf(name, sizeof name, "%s_%s", problem, figure);
    snprintf(key, sizeof key, "%s_%s", problem, peer_figure);
    if (bench_peer_find(&other, peer, key))
        bench_ratio(report, name, value, unit, "pagmo2", other);
    else
        bench_figure(report, name, value, unit);
}

asx_status bench_evolution(bench_report *report, asx_error *err)
{
    const size_t n = bench_size(report, SEEDS, 3);
    bench_peer peer = {0};
    asx_status status = bench_peer_run(&peer, "pagmo_peer", "evolution", err);
    for (size_t k = 0; status == ASX_OK && k < sizeof problems / sizeof *problems; k++) {
        double seconds[SEEDS], population[SEEDS], archive[SEEDS];
        for (size_t i = 0; status == ASX_OK && i < n; i++)
            status = solve(&seconds[i], &population[i], &archive[i], &problems[k], i + 1, err);
        if (status != ASX_OK)
            break;
        qsort(seconds, n, sizeof *seconds, by_value);
        qsort(population, n, sizeof *population, by_value);
        qsort(archive, n, sizeof *archive, by_value);
        const char *name = problems[k].name;
        add(report, &peer, name, "least_s", seconds[0], "s", "least_s");
        add(report, &peer, name, "population_hypervolume", population[n / 2], "",
            "population_hypervolume");
        add(report, &peer, name, "archive_hypervolume", archive[n / 2], "",
            "population_hypervolume");
    }
    return status;
}
