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
        asx_status st = asx_design_parse(&out[i], "near:w8{1,3}a8", work, err);
        if (st == ASX_OK)
            st = asx_format_parse(&out[i].format[i / N_ALTERNATIVES], format[i % N_ALTERNATIVES],
                                  err);
        if (st < 0)
            return st;
    }
    return ASX_OK;
}

static asx_status time_sweep(double *alone, double *together, const bench_network *b,
                             const asx_design *design, const asx_design *const *list, size_t n,
                             asx_accuracy *accuracy, asx_error *err)
{
    /* once to project all weights, which both ways need */
    asx_status st = asx_measure_designs(accuracy, b->measure, list, n, err);
    double start = bench_seconds();
    if (st == ASX_OK)
        st = asx_measure_designs(accuracy, b->measure, list, n, err);
    *together = bench_seconds() - start;
    start = bench_seconds();
    for (size_t i = 0; st == ASX_OK && i < n; i++)
        st = asx_measure_design(&accuracy[i], b->measure, &design[i], err);
    *alone = bench_seconds() - start;
    return st;
}

asx_status bench_incremental(bench_report *report, asx_error *err)
{
    double alone = 0, together = 0;
    bench_network b = {0};
    asx_status st = bench_network_open(&b, 512, err);
    if (st < 0)
        return st;
    const asx_workload *work = asx_network_workload(b.network);
    const size_t n = work->n_layers * N_ALTERNATIVES;
    asx_design *design = asx_array_new(n, sizeof *design);
    const asx_design **list = asx_array_new(n, sizeof(const asx_design *));
    asx_accuracy *accuracy = asx_array_new(n, sizeof *accuracy);
    if (!design || !list || !accuracy)
        st = asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", n);
    if (st == ASX_OK)
        st = make_sweep(design, work, err);
    for (size_t i = 0; st == ASX_OK && i < n; i++)
        list[i] = &design[i];
    if (st == ASX_OK)
        st = time_sweep(&alone, &together, &b, design, list, n, accuracy, err);
    if (st == ASX_OK)
        bench_ratio(report, "ms_per_design", 1e3 * together / (double)n, "ms", "one by one",
                    1e3 * alone / (double)n);
    for (size_t i = 0; design && i < n; i++)
        asx_design_fini(&design[i]);
    free(design);
    free(list);
    free(accuracy);
    bench_network_close(&b);
    return st;
}
