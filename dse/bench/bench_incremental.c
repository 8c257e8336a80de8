/* What designs that begin alike share: a sweep that changes one layer at a time. */
#include <stdlib.h>

#include "bench.h"
#include "bench_network.h"
#include "dse/memory.h"

enum { N_ALTERNATIVES = 3 };

/* The base design with each layer in turn in each of the alternatives. */
static asx_status make_sweep(asx_design *out, const asx_workload *work, asx_error *err)
{
    static const char *const format[N_ALTERNATIVES] = {"w4{1}a8", "w4{1,3}a8", "w6{1}a8"};
    for (size_t i = 0; i < work->n_layers * N_ALTERNATIVES; i++) {
        asx_status status = asx_design_parse(&out[i], "near:w8{1,3}a8", work, err);
        if (status == ASX_OK)
            status = asx_format_parse(&out[i].format[i / N_ALTERNATIVES],
                                      format[i % N_ALTERNATIVES], err);
        if (status != ASX_OK)
            return status;
    }
    return ASX_OK;
}

static asx_status time_sweep(double *alone, double *together, const bench_network *b,
                             const asx_design *design, const asx_design *const *list, size_t n,
                             asx_accuracy *accuracy, asx_error *err)
{
    /* once to project all weights, which both ways need */
    asx_status status = asx_measure_designs(accuracy, b->measure, list, n, err);
    double start = bench_seconds();
    if (status == ASX_OK)
        status = asx_measure_designs(accuracy, b->measure, list, n, err);
    *together = bench_seconds() - start;
    start = bench_seconds();
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        status = asx_measure_design(&accuracy[i], b->measure, &design[i], err);
    *alone = bench_seconds() - start;
    return status;
}

asx_status bench_incremental(bench_report *report, asx_error *err)
{
    double alone = 0, together = 0;
    bench_network b = {0};
    asx_status status = bench_network_open(&b, bench_size(report, 512, 32), err);
    if (status != ASX_OK)
        return status;
    const asx_workload *work = asx_network_workload(b.network);
    const size_t n = work->n_layers * N_ALTERNATIVES;
    asx_design *design = asx_array_new(n, sizeof *design);
    const asx_design **list = asx_array_new(n, sizeof(const asx_design *));
    asx_accuracy *accuracy = asx_array_new(n, sizeof *accuracy);
    if (!design || !list || !accuracy)
        status = asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", n);
    if (status == ASX_OK)
        status = make_sweep(design, work, err);
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        list[i] = &design[i];
    if (status == ASX_OK)
        status = time_sweep(&alone, &together, &b, design, list, n, accuracy, err);
    if (status == ASX_OK)
        bench_ratio(report, "ms_per_design", 1e3 * together / (double)n, "ms", "one by one",
                    1e3 * alone / (double)n);
    for (size_t i = 0; design && i < n; i++)
        asx_design_fini(&design[i]);
    free(design);
    free(list);
    free(accuracy);
    bench_network_close(&b);
    return status;
}
