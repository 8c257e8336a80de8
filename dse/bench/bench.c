/* The benchmarks there are. */
#include "bench.h"

const bench benches[] = {
    {.name = "cost", .run = bench_cost, .summary = "designs priced per second and core"},
    {.name = "measured",
     .run = bench_measured,
     .summary = "images classified per second, beside the bare kernels"},
    {.name = "proxy",
     .run = bench_proxy,
     .summary = "time of a proxy's table, and designs scored per second"},
    {.name = "incremental",
     .run = bench_incremental,
     .summary = "cost of designs that differ in one layer, beside full runs"},
    {.name = "search",
     .run = bench_search,
     .summary = "the exact front of 20 layers x 512 formats, beside NSGA-II"},
    {.name = "exact-deep",
     .run = bench_exact_deep,
     .summary = "proven fronts of 20 to 150 layers with all formats; takes minutes"},
    {.name = "growth",
     .run = bench_growth,
     .summary = "how times grow with layers, formats, images and rows; takes a quarter of an hour"},
    {.name = "evolution", .run = bench_evolution, .summary = "NSGA-II on ZDT1, ZDT4 and DTLZ2"},
    {.name = "indicators",
     .run = bench_indicators,
     .summary = "filter, ranks and hypervolume of many points"},
    {.name = "train", .run = bench_train, .summary = "images trained on per second and core"},
    {.name = "bespoke",
     .run = bench_bespoke,
     .summary = "integer perceptrons over a table, multiply-accumulates per second and core"},
    {.name = "store",
     .run = bench_store,
     .summary = "evaluations stored per second, by one process and by two"},
    {.name = "store-scale",
     .run = bench_store_scale,
     .summary = "the same as a database grows to ten million; takes minutes and 6 GB"},
    {.name = "crew",
     .run = bench_crew,
     .summary = "designs that ranks work on per second, under mpirun; takes 10 s",
     .open = bench_crew_open},
    {.name = "shared",
     .run = bench_shared,
     .summary = "a proxy's table and measuring by ranks, beside one process",
     .open = bench_shared_open,
     .close = bench_shared_close},
    {0},
};

asx_status bench_run(bench_report *report, const bench *b, asx_error *err)
{
    const asx_status status = b->run(report, err);
    return status == ASX_OK && report->failed
               ? asx_fail(err, ASX_ENOMEM, "no memory for a benchmark's figures")
               : status;
}
