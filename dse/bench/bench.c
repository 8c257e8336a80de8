/* The benchmarks there are. */
#include "bench.h"

const bench benches[] = {
    {"cost", bench_cost, "designs priced per second and core"},
    {"measured", bench_measured, "images classified per second, beside the bare kernels"},
    {"proxy", bench_proxy, "time of a proxy's table, and designs scored per second"},
    {"incremental", bench_incremental,
     "cost of designs that differ in one layer, beside full runs"},
    {"search", bench_search, "the exact front of 20 layers x 512 formats, beside NSGA-II"},
    {"exact-deep", bench_exact_deep,
     "proven fronts of 20 to 150 layers with all formats; takes minutes"},
    {"evolution", bench_evolution, "NSGA-II on ZDT1, ZDT4 and DTLZ2"},
    {"indicators", bench_indicators, "filter, ranks and hypervolume of many points"},
    {"train", bench_train, "images trained on per second and core"},
    {"store", bench_store, "evaluations stored per second, by one process and by two"},
    {"store-scale", bench_store_scale,
     "the same as a database grows to ten million; takes minutes and 6 GB"},
    {"crew", bench_crew, "designs that ranks work on per second, under mpirun; takes 10 s"},
    {0},
};

asx_status bench_run(bench_report *report, const bench *b, const asx_crew *crew, asx_error *err)
{
    *report = (bench_report){.crew = crew};
    const asx_status status = b->run(report, err);
    return status == ASX_OK && report->failed
               ? asx_fail(err, ASX_ENOMEM, "no memory for a benchmark's figures")
               : status;
}
