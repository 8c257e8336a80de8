/* How fast designs are priced: random formats for the layers of a network of ResNet-20's shape,
 * tabulated and, on the same designs, one by one; and one by one for a network of 100 layers. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "bench_chain.h"
#include "dse/format.h"
#include "dse/memory.h"
#include "dse/seed.h"
#include "hwmodel/machine.h"
#include "hwmodel/share.h"

enum {
    N_LAYERS = 20,
    N_DEEP = 100,
    DEEP_DESIGNS = 256,
    DEEP_ROUNDS = 16,
    TABULATED = 2000000,
    ONE_BY_ONE = 4000,
    DESIGNS = 4096,
    MET = 1 << 20
};

static asx_status list_formats(asx_format **format, size_t *n, asx_error *err)
{
    static const unsigned bits[] = {4, 6, 8}, width[] = {4}, x_bits[] = {8};
    static const asx_digits digits[] = {ASX_DIGITS_UNSIGNED, ASX_DIGITS_SIGNED};
    const asx_format_choices choices = {.weight_bits = bits,
                                        .digit_width = width,
                                        .activation_bits = x_bits,
                                        .digits = digits,
                                        .n_weight_bits = 3,
                                        .n_digit_widths = 1,
                                        .n_activation_bits = 1,
                                        .n_digits = 2,
                                        .weight_sets = "max 2",
                                        .activation_sets = "none"};
    return asx_format_list(format, n, NULL, &choices, err);
}

/* What adds up of a layer in a format, and the number of what it needs of the array. */
typedef struct layer_cost {
    double energy_pj, latency_ns, weight_bits;
    uint32_t need;
} layer_cost;

/* What an array of some needs, with so many steps of memory, leaks and takes. */
typedef struct shared_cost {
    asx_need_set set;
    double steps, leakage_nw, area_um2; /* steps 0: none here */
} shared_cost;

/* Layer costs, needs and prices of their unions as exact searches keep them. */
typedef struct tabulated {
    asx_shares *shares;
    layer_cost *cost;  /* [N_LAYERS][n] */
    asx_need_set *set; /* [asx_shares_count] */
    shared_cost *met;  /* [MET], open addressing; steps 0: none */
    size_t n;
} tabulated;

static void tabulated_fini(tabulated *t)
{
    asx_shares_free(t->shares);
    free(t->cost);
    free(t->set);
    free(t->met);
}

static asx_status tabulate(tabulated *out, const asx_machine *machine, const asx_format *format,
                           size_t n, asx_error *err)
{
    asx_format own[N_LAYERS];
    out->n = n;
    out->cost = asx_array_new(N_LAYERS * n, sizeof *out->cost);
    out->met = asx_array_new(MET, sizeof *out->met);
    asx_status status = out->cost && out->met
                            ? asx_shares_new(&out->shares, machine, ASX_PLACEMENT_NEAR, err)
                            : asx_fail(err, ASX_ENOMEM, "no memory for a table of costs");
    for (size_t i = 0; status == ASX_OK && i < N_LAYERS * n; i++) {
        asx_cost cost;
        const size_t layer = i / n;
        layer_cost *c = &out->cost[i];
        own[layer] = format[i % n];
        status =
            asx_machine_layer_cost(&cost, machine, ASX_PLACEMENT_NEAR, layer, &own[layer], err);
        if (status == ASX_OK)
            status = asx_shares_add(&c->need, out->shares, &layer, 1, own, err);
        c->energy_pj = cost.energy_pj;
        c->latency_ns = cost.latency_ns;
        c->weight_bits = cost.weight_bits;
    }
    if (status != ASX_OK)
        return status;
    out->set = asx_array_new(asx_shares_count(out->shares), sizeof *out->set);
    return out->set ? asx_shares_sets(out->set, out->shares, err)
                    : asx_fail(err, ASX_ENOMEM, "no memory for needs");
}

static asx_status share_of(const shared_cost **out, const tabulated *t, const asx_need_set *set,
                           double weight_bits, asx_error *err)
{
    const double steps = ceil(weight_bits / asx_shares_step_bits(t->shares));
    uint64_t h = (uint64_t)steps;
    for (size_t k = 0; k < ASX_NEED_SET_WORDS; k++) {
        h = (h ^ set->word[k]) * 0x9e3779b97f4a7c15u;
        h ^= h >> 32;
    }
    size_t at = (size_t)(h * 0x9e3779b97f4a7c15u >> 32) % MET;
    while (t->met[at].steps > 0 &&
           (t->met[at].steps != steps || memcmp(&t->met[at].set, set, sizeof *set) != 0))
        at = (at + 1) % MET; /* far fewer designs than places */
    shared_cost *c = &t->met[at];
    *out = c;
    if (c->steps > 0)
        return ASX_OK;
    c->set = *set;
    c->steps = steps;
    return asx_shares_price(&c->leakage_nw, &c->area_um2, t->shares, set, weight_bits, err);
}

/* Energy of a design whose weights fit on chip. */
static asx_status price_design(double *energy_pj, const tabulated *t, const uint16_t *choice,
                               asx_error *err)
{
    asx_need_set set = {{0}};
    layer_cost sum = {0};
    const shared_cost *shared = NULL;
    for (size_t layer = 0; layer < N_LAYERS; layer++) {
        const layer_cost *c = &t->cost[layer * t->n + choice[layer]];
        sum.energy_pj += c->energy_pj;
        sum.latency_ns += c->latency_ns;
        sum.weight_bits += c->weight_bits;
        for (size_t k = 0; k < ASX_NEED_SET_WORDS; k++)
            set.word[k] |= t->set[c->need].word[k];
    }
    const asx_status status = share_of(&shared, t, &set, sum.weight_bits, err);
    *energy_pj = sum.energy_pj + 1e-6 * shared->leakage_nw * sum.latency_ns;
    return status;
}

static asx_status price_tabulated(double *seconds, const tabulated *t, const uint16_t *choice,
                                  asx_error *err)
{
    double energy_pj = 0, sum_pj = 0;
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < DESIGNS; i++) /* meets the unions */
        status = price_design(&energy_pj, t, choice + i * N_LAYERS, err);
    const double start = bench_seconds();
    for (size_t i = 0; status == ASX_OK && i < TABULATED; i++) {
        status = price_design(&energy_pj, t, choice + i % DESIGNS * N_LAYERS, err);
        sum_pj += energy_pj;
    }
    *seconds = bench_seconds() - start;
    return status == ASX_OK && !(sum_pj > 0) ? asx_fail(err, ASX_EINVAL, "designs cost nothing")
                                             : status;
}

/* Designs of one network, one by one. */
typedef struct designs {
    const asx_machine *machine;
    size_t n_layers, n;     /* designs that differ */
    const uint16_t *choice; /* [n][n_layers] */
    const asx_format *format;
} designs;

static asx_status price_one_by_one(double *seconds, const designs *d, size_t times, asx_error *err)
{
    asx_design design;
    asx_status status = asx_design_init(&design, d->n_layers, err);
    if (status != ASX_OK)
        return status;
    design.placement = ASX_PLACEMENT_NEAR;
    const double start = bench_seconds();
    for (size_t i = 0; status == ASX_OK && i < times; i++) {
        asx_cost cost;
        for (size_t layer = 0; layer < d->n_layers; layer++)
            design.format[layer] = d->format[d->choice[i % d->n * d->n_layers + layer]];
        status = asx_machine_cost(&cost, NULL, d->machine, &design, err);
    }
    *seconds = bench_seconds() - start;
    asx_design_fini(&design);
    return status;
}

/* All plans are known the second time. */
static asx_status measure_deep(bench_report *report, const asx_technology *technology,
                               const asx_format *format, size_t n, asx_error *err)
{
    asx_workload work;
    asx_machine *machine = NULL;
    double first = 0, seconds = 0;
    uint16_t *choice = asx_array_new((size_t)DEEP_DESIGNS * N_DEEP, sizeof *choice);
    asx_status status = bench_chain_init(&work, "a hundred layers", N_DEEP, err);
    if (status == ASX_OK && !choice)
        status = asx_fail(err, ASX_ENOMEM, "no memory for designs");
    for (size_t i = 0; status == ASX_OK && i < (size_t)DEEP_DESIGNS * N_DEEP; i++)
        choice[i] = (uint16_t)asx_seed_below(2, 0, i, n);
    if (status == ASX_OK)
        status = asx_machine_new(&machine, technology, &work, NULL, err);
    const designs d = {machine, N_DEEP, DEEP_DESIGNS, choice, format};
    if (status == ASX_OK)
        status = price_one_by_one(&first, &d, DEEP_DESIGNS, err);
    if (status == ASX_OK)
        status = price_one_by_one(&seconds, &d, (size_t)DEEP_ROUNDS * DEEP_DESIGNS, err);
    if (status == ASX_OK)
        bench_ratio(report, "design_of_100_layers_ms",
                    1e3 * seconds / ((double)DEEP_ROUNDS * DEEP_DESIGNS), "ms", "with new formats",
                    1e3 * first / DEEP_DESIGNS);
    asx_machine_free(machine);
    asx_workload_fini(&work);
    free(choice);
    return status;
}

static asx_status measure(bench_report *report, const asx_machine *machine,
                          const asx_format *format, size_t n, asx_error *err)
{
    tabulated costs = {0};
    double made = bench_seconds(), fast = 1, slow = 1;
    uint16_t *choice = asx_array_new((size_t)DESIGNS * N_LAYERS, sizeof *choice);
    asx_status status = choice ? tabulate(&costs, machine, format, n, err)
                               : asx_fail(err, ASX_ENOMEM, "no memory for designs");
    made = bench_seconds() - made;
    for (size_t i = 0; status == ASX_OK && i < (size_t)DESIGNS * N_LAYERS; i++)
        choice[i] = (uint16_t)asx_seed_below(1, 0, i, n);
    if (status == ASX_OK)
        status = price_tabulated(&fast, &costs, choice, err);
    if (status == ASX_OK)
        status = price_one_by_one(&slow, &(designs){machine, N_LAYERS, DESIGNS, choice, format},
                                  ONE_BY_ONE, err);
    if (status == ASX_OK) {
        bench_ratio(report, "designs_per_s", TABULATED / fast, "1/s", "one by one",
                    ONE_BY_ONE / slow);
        bench_figure(report, "formats", (double)n, "");
        bench_figure(report, "table_s", made, "s");
    }
    tabulated_fini(&costs);
    free(choice);
    return status;
}

asx_status bench_cost(bench_report *report, asx_error *err)
{
    asx_workload work;
    asx_technology *technology = NULL;
    asx_machine *machine = NULL;
    asx_format *format = NULL;
    size_t n = 0;
    asx_status status = bench_chain_init(&work, "twenty layers", N_LAYERS, err);
    if (status == ASX_OK)
        status = list_formats(&format, &n, err);
    if (status == ASX_OK)
        status = asx_technology_load(&technology, "nangate45", err);
    if (status == ASX_OK)
        status = asx_machine_new(&machine, technology, &work, NULL, err);
    if (status == ASX_OK)
        status = measure(report, machine, format, n, err);
    if (status == ASX_OK)
        status = measure_deep(report, technology, format, n, err);
    asx_machine_free(machine);
    asx_technology_free(technology);
    free(format);
    asx_workload_fini(&work);
    return status;
}
