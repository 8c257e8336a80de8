/* Filter, ranks and hypervolume on uniform points; the filter beside the plain one that compares
 * every point with the front so far. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "bench_peer.h"
#include "dse/memory.h"
#include "dse/pareto.h"
#include "dse/seed.h"

enum { FILTERED = 1000000, RANKED = 100000, MEASURED = 10000, IN_FIVE = 500, D_MAX = 5 };

/* Uniform in the cube, or on the sphere, where no point dominates another. */
static void fill(double *row, size_t n, size_t d, bool sphere)
{
    for (size_t i = 0; i < n; i++) {
        double square = 0;
        for (size_t j = 0; j < d; j++) {
            row[i * d + j] = asx_seed_uniform(7, j, i);
            square += row[i * d + j] * row[i * d + j];
        }
        for (size_t j = 0; sphere && j < d; j++)
            row[i * d + j] = 1 - row[i * d + j] / sqrt(square);
    }
}

static size_t filter_plainly(size_t *front, const double *row, size_t n, size_t d)
{
    size_t n_front = 0;
    for (size_t i = 0; i < n; i++) {
        size_t kept = 0;
        bool beaten = false;
        for (size_t k = 0; k < n_front; k++) {
            beaten |= asx_pareto_dominates(row + front[k] * d, row + i * d, d);
            if (beaten || !asx_pareto_dominates(row + i * d, row + front[k] * d, d))
                front[kept++] = front[k];
        }
        n_front = kept;
        if (!beaten)
            front[n_front++] = i;
    }
    return n_front;
}

static asx_status bench_filter(bench_report *report, double *row, size_t *index, asx_error *err)
{
    size_t n_front = 0;
    fill(row, FILTERED, 3, false);
    double start = bench_seconds();
    asx_status status = asx_pareto_front(index, &n_front, row, NULL, FILTERED, 3, err);
    const double seconds = bench_seconds() - start;
    start = bench_seconds();
    const size_t plain = filter_plainly(index, row, FILTERED, 3);
    if (status == ASX_OK && plain != n_front)
        status = asx_fail(err, ASX_EINVAL, "filters disagree: %zu and %zu points", n_front, plain);
    bench_ratio(report, "filter_1e6x3_s", seconds, "s", "plain filter", bench_seconds() - start);
    return status;
}

static asx_status bench_volume(bench_report *report, double *row, size_t n, size_t d,
                               const char *name, const bench_peer *peer, asx_error *err)
{
    const double reference[D_MAX] = {1.1, 1.1, 1.1, 1.1, 1.1};
    double volume;
    fill(row, n, d, true);
    const double start = bench_seconds();
    const asx_status status = asx_pareto_hypervolume(&volume, row, n, d, reference, err);
    const double seconds = bench_seconds() - start;
    double other;
    if (bench_peer_find(&other, peer, name))
        bench_ratio(report, name, seconds, "s", "pagmo2", other);
    else
        bench_figure(report, name, seconds, "s");
    return status;
}

asx_status bench_indicators(bench_report *report, asx_error *err)
{
    double *row = asx_array_new(FILTERED, D_MAX * sizeof *row);
    size_t *index = asx_array_new(FILTERED, sizeof *index);
    asx_status status =
        row && index ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for a benchmark");
    bench_peer peer = {0};
    if (status == ASX_OK)
        status = bench_peer_run(&peer, "pagmo_peer", "indicators", err);
    if (status == ASX_OK)
        status = bench_filter(report, row, index, err);
    if (status == ASX_OK) {
        const double start = bench_seconds();
        status = asx_pareto_ranks(index, row, NULL, RANKED, 3, err);
        bench_figure(report, "ranks_1e5x3_s", bench_seconds() - start, "s");
    }
    if (status == ASX_OK)
        status = bench_volume(report, row, MEASURED, 2, "hypervolume_1e4x2_s", &peer, err);
    if (status == ASX_OK)
        status = bench_volume(report, row, MEASURED, 3, "hypervolume_1e4x3_s", &peer, err);
    if (status == ASX_OK)
        status = bench_volume(report, row, MEASURED, 4, "hypervolume_1e4x4_s", &peer, err);
    if (status == ASX_OK)
        status = bench_volume(report, row, IN_FIVE, 5, "hypervolume_500x5_s", &peer, err);
    free(row);
    free(index);
    return status;
}
