/* How fast designs are priced: the embedded campaign's network, one format per layer, all
 * different. */
#include "bench.h"
#include "workbench.h"

asx_status bench_cost(bench_report *report, asx_error *err)
{
    enum { DESIGNS = 20000 };
    workbench w = {0};
    asx_design design = {0};
    asx_status st = workbench_open(&w, NULL, err);
    if (st == ASX_OK)
        st = workbench_need_space(&w, err);
    if (st == ASX_OK)
        st = asx_design_init(&design, workbench_workload(&w)->n_layers, err);
    if (st < 0)
        goto done;
    size_t n = 0;
    const asx_format *format = asx_space_formats(w.space, &n);
    const double start = bench_seconds();
    for (size_t i = 0; st == ASX_OK && i < DESIGNS; i++) {
        asx_cost cost;
        design.placement = (asx_placement)(i % ASX_N_PLACEMENTS);
        for (size_t layer = 0; layer < design.n_layers; layer++)
            design.format[layer] = format[(i * 7 + layer * 31) % n];
        st = asx_machine_cost(&cost, NULL, w.machine, &design, err);
    }
    bench_figure(report, "designs_per_s", DESIGNS / (bench_seconds() - start), "1/s");
done:
    asx_design_fini(&design);
    workbench_close(&w);
    return st;
}
