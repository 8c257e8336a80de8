/* How fast designs are priced: random formats for the layers of a network of ResNet-20's shape,
 * tabulated and, on the same designs, one by one. */
#include <stdlib.h>

#include "bench.h"
#include "dse/format.h"
#include "dse/memory.h"
#include "dse/seed.h"
#include "hwmodel/cost_table.h"
#include "hwmodel/machine.h"

enum { N_LAYERS = 20, TABULATED = 2000000, ONE_BY_ONE = 4000, DESIGNS = 4096 };

/* A 3x3 convolution of 16 to 64 channels, as in stages of a residual network. */
static asx_status add_layer(asx_workload *work, size_t i, asx_error *err)
{
    char name[16] = {'l', (char)('a' + i), '\0'};
    const size_t stage = i < 7    ? 0
                         : i < 13 ? 1
                                  : 2,
                 c = (size_t)16 << stage, size = (size_t)32 >> stage;
    const asx_layer layer = {.name = name,
                             .kind = ASX_LAYER_CONV,
                             .in_c = i == 0 ? 3 : c,
                             .in_h = size,
                             .in_w = size,
                             .out_c = c,
                             .out_h = size,
                             .out_w = size,
                             .kernel_h = 3,
                             .kernel_w = 3,
                             .stride_h = 1,
                             .stride_w = 1,
                             .groups = 1,
                             .input_non_negative = i > 0};
    return asx_workload_add(work, &layer, err);
}

static asx_status list_formats(asx_format **format, size_t *n, asx_error *err)
{
    static const unsigned bits[] = {4, 6, 8}, width[] = {4}, x_bits[] = {8};
    static const asx_digits digits[] = {ASX_DIGITS_UNSIGNED, ASX_DIGITS_SIGNED};
    const asx_format_choices choices = {bits, width, x_bits, digits, 3, 1, 1, 2, "max 2", "none"};
    return asx_format_list(format, n, NULL, &choices, err);
}

static asx_status price_tabulated(double *seconds, asx_pricer *pricer, const uint16_t *choice,
                                  asx_error *err)
{
    asx_cost_total total;
    asx_status st = ASX_OK;
    for (size_t i = 0; st == ASX_OK && i < DESIGNS; i++) /* meets the unions */
        st = asx_pricer_cost(&total, pricer, choice + i * N_LAYERS, err);
    const double start = bench_seconds();
    for (size_t i = 0; st == ASX_OK && i < TABULATED; i++)
        st = asx_pricer_cost(&total, pricer, choice + i % DESIGNS * N_LAYERS, err);
    *seconds = bench_seconds() - start;
    return st;
}

static asx_status price_one_by_one(double *seconds, const asx_machine *machine,
                                   const uint16_t *choice, const asx_format *format, asx_error *err)
{
    asx_design design;
    asx_status st = asx_design_init(&design, N_LAYERS, err);
    if (st < 0)
        return st;
    design.placement = ASX_PLACEMENT_NEAR;
    const double start = bench_seconds();
    for (size_t i = 0; st == ASX_OK && i < ONE_BY_ONE; i++) {
        asx_cost cost;
        for (size_t layer = 0; layer < N_LAYERS; layer++)
            design.format[layer] = format[choice[i % DESIGNS * N_LAYERS + layer]];
        st = asx_machine_cost(&cost, NULL, machine, &design, err);
    }
    *seconds = bench_seconds() - start;
    asx_design_fini(&design);
    return st;
}

static asx_status measure(bench_report *report, const asx_machine *machine,
                          const asx_format *format, size_t n, asx_error *err)
{
    asx_cost_table *costs = NULL;
    asx_pricer *pricer = NULL;
    double made = bench_seconds(), fast = 1, slow = 1;
    uint16_t *choice = asx_array_new((size_t)DESIGNS * N_LAYERS, sizeof *choice);
    asx_status st = choice ? asx_cost_table_new(&costs, machine, ASX_PLACEMENT_NEAR, format, n, err)
                           : asx_fail(err, ASX_ENOMEM, "no memory for designs");
    made = bench_seconds() - made;
    if (st == ASX_OK)
        st = asx_pricer_new(&pricer, costs, err);
    for (size_t i = 0; st == ASX_OK && i < (size_t)DESIGNS * N_LAYERS; i++)
        choice[i] = (uint16_t)asx_seed_below(1, 0, i, n);
    if (st == ASX_OK)
        st = price_tabulated(&fast, pricer, choice, err);
    if (st == ASX_OK)
        st = price_one_by_one(&slow, machine, choice, format, err);
    if (st == ASX_OK) {
        bench_ratio(report, "designs_per_s", TABULATED / fast, "1/s", "one by one",
                    ONE_BY_ONE / slow);
        bench_figure(report, "formats", (double)n, "");
        bench_figure(report, "table_s", made, "s");
    }
    asx_pricer_free(pricer);
    asx_cost_table_free(costs);
    free(choice);
    return st;
}

asx_status bench_cost(bench_report *report, asx_error *err)
{
    asx_workload work;
    asx_technology *technology = NULL;
    asx_machine *machine = NULL;
    asx_format *format = NULL;
    size_t n = 0;
    asx_status st = asx_workload_init(&work, "twenty layers", err);
    if (st < 0)
        return st;
    for (size_t i = 0; st == ASX_OK && i < N_LAYERS; i++)
        st = add_layer(&work, i, err);
    if (st == ASX_OK)
        st = list_formats(&format, &n, err);
    if (st == ASX_OK)
        st = asx_technology_load(&technology, "nangate45", err);
    if (st == ASX_OK)
        st = asx_machine_new(&machine, technology, &work, NULL, err);
    if (st == ASX_OK)
        st = measure(report, machine, format, n, err);
    asx_machine_free(machine);
    asx_technology_free(technology);
    free(format);
    asx_workload_fini(&work);
    return st;
}
