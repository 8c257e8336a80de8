/* The cost of a design: every layer's energy and cycles, then what all layers share. A layer is
 * priced as the machine's mapping says: by its plan (plan.c), or as its placement always does
 * (cost_fixed.c).
 *
 *   energy(layer) = of the layer's own digits and alphabets
 *                   + leakage power of the whole design x the layer's latency
 *   area(design)  = of the union of all layers, + memories
 *
 * A layer pays for writing its own input, at its own width, rather than for its output at the next
 * layer's: so all but leakage and off-chip weights is additive over layers. */
#include <math.h>
#include <stdlib.h>

#include "machine_private.h"
#include "plan.h"

/* What holds for the design as a whole. */
typedef struct whole {
    const asx_machine *machine;
    asx_placement placement;
    asx_unit all;       /* the union of all layers */
    double weight_bits; /* stored */
    double off_chip;    /* share of the weights that does not fit */
    double leakage_nw;
    asx_fault fault;
} whole;

void asx_machine_strip_unit(asx_unit *unit, const asx_machine *machine, asx_placement placement)
{
    if (machine->prices && !asx_placements[placement]->on_bitlines) {
        *unit = (asx_unit){.weight_buffer = unit->weight_buffer,
                           .line_buffer = unit->line_buffer,
                           .sum_memory = unit->sum_memory,
                           .pipeline_bits = unit->pipeline_bits,
                           .gate_bits = unit->gate_bits,
                           .x_bits = unit->x_bits,
                           .sum_bits = unit->sum_bits,
                           .positions = unit->positions,
                           .latch_bits = unit->latch_bits,
                           .w_codes = unit->w_codes,
                           .x_values = unit->x_values,
                           .hold = unit->hold,
                           .lanes = unit->lanes,
                           .columns = unit->columns};
        return;
    }
    unit->lanes = (asx_lane_union){0};
    for (unsigned i = 0; i < unit->n_digits; i++)
        unit->digit[i].n_values = 0;
    if (unit->serial)
        asx_unit_keep_widest(unit);
}

/* Area or leakage of everything, by part. */
static void add_whole(double *part, whole *w, asx_quantity quantity)
{
    const asx_machine *m = w->machine;
    const asx_price price = {m->technology, quantity, &w->fault, m->extrapolate};
    (m->mapping == ASX_MAP_FIXED ? asx_fixed_whole : asx_plan_whole)(part, m, w->placement, &w->all,
                                                                     w->weight_bits, &price);
}

asx_status asx_machine_shared(double *leakage_nw, double *area_um2, const asx_machine *machine,
                              asx_placement placement, const asx_unit *all, double weight_bits,
                              asx_error *err)
{
    whole w = {.machine = machine, .placement = placement, .all = *all, .weight_bits = weight_bits};
    double area[ASX_N_PARTS] = {0}, leakage[ASX_N_PARTS] = {0}, um2 = 0, nw = 0;
    add_whole(area, &w, ASX_QUANTITY_AREA);
    add_whole(leakage, &w, ASX_QUANTITY_LEAKAGE);
    if (w.fault.set)
        return asx_fault_check(&w.fault, machine->technology, err);
    for (asx_part p = 0; p < ASX_N_PARTS; p++) {
        um2 += area[p];
        nw += leakage[p];
    }
    *leakage_nw = nw;
    *area_um2 = um2;
    return ASX_OK;
}

asx_status asx_machine_unit(asx_unit *out, const asx_machine *machine, asx_placement placement,
                            size_t layer, const asx_format *format, asx_error *err)
{
    if (machine->mapping == ASX_MAP_FIXED) {
        asx_fixed_unit(out, machine, placement, layer, format);
        return ASX_OK;
    }
    const asx_plan *plan;
    const asx_status status = asx_plan_get(&plan, machine, placement, layer, format, err);
    if (status == ASX_OK)
        *out = *plan->unit;
    return status;
}

static asx_status add_unit(whole *w, size_t layer, const asx_format *format, asx_error *err)
{
    const asx_machine *m = w->machine;
    asx_unit fixed;
    const asx_unit *unit = &fixed;
    const asx_plan *plan;
    asx_status status = ASX_OK;
    if (m->mapping == ASX_MAP_FIXED) {
        asx_fixed_unit(&fixed, m, w->placement, layer, format);
        w->weight_bits += asx_job_weight_bits(m, layer, format);
    } else {
        status = asx_plan_get(&plan, m, w->placement, layer, format, err);
        if (status != ASX_OK)
            return status;
        unit = plan->unit;
        w->weight_bits += plan->cost.weight_bits;
    }
    asx_unit_merge(&w->all, unit);
    return status;
}

/* First what all layers share: the union, and how much of the weights fits. */
static asx_status whole_init(whole *w, asx_cost *total, const asx_design *design, asx_error *err)
{
    const asx_machine *m = w->machine;
    double leakage[ASX_N_PARTS] = {0};
    for (size_t i = 0; i < design->n_layers; i++) {
        const asx_status status = add_unit(w, i, &design->format[i], err);
        if (status != ASX_OK)
            return status;
    }
    w->off_chip = fmax(0, 1 - 8192 * m->weight_kb / w->weight_bits);
    add_whole(total->area_part_um2, w, ASX_QUANTITY_AREA);
    add_whole(leakage, w, ASX_QUANTITY_LEAKAGE);
    for (asx_part p = 0; p < ASX_N_PARTS; p++) {
        total->area_um2 += total->area_part_um2[p];
        w->leakage_nw += leakage[p];
    }
    return asx_fault_check(&w->fault, m->technology, err);
}

static asx_status planned_layer(asx_cost *out, const whole *w, size_t i, const asx_format *format,
                                asx_error *err)
{
    const asx_plan *plan;
    const asx_status status = asx_plan_get(&plan, w->machine, w->placement, i, format, err);
    return status == ASX_OK ? asx_plan_cost(out, plan, w->machine, w->off_chip, err) : status;
}

/* One layer of the whole. */
static asx_status cost_layer(asx_cost *out, const whole *w, size_t i, const asx_format *format,
                             asx_error *err)
{
    const asx_machine *m = w->machine;
    const asx_status status =
        m->mapping == ASX_MAP_FIXED
            ? asx_fixed_layer(out, m, w->placement, i, format, w->off_chip, err)
            : planned_layer(out, w, i, format, err);
    if (status != ASX_OK)
        return status;
    const double leakage = 1e-6 * w->leakage_nw * out->latency_ns; /* nW x ns = 1e-6 pJ */
    out->energy_part_pj[ASX_PART_LEAKAGE] = leakage;
    out->energy_pj += leakage;
    return ASX_OK;
}

/* Costs of all layers; `layer` is written only when there was no fault. */
static asx_status cost_layers(asx_cost *total, asx_cost *layer, const whole *w,
                              const asx_design *design, asx_error *err)
{
    for (size_t i = 0; i < design->n_layers; i++) {
        asx_cost cost;
        const asx_status status = cost_layer(&cost, w, i, &design->format[i], err);
        if (status != ASX_OK)
            return status;
        asx_cost_add(total, &cost);
    }
    for (size_t i = 0; layer && i < design->n_layers; i++) { /* as it was just before */
        asx_cost cost;
        if (cost_layer(&cost, w, i, &design->format[i], err) == ASX_OK)
            layer[i] = cost;
    }
    return ASX_OK;
}

asx_status asx_machine_layer_off_chip(asx_cost *out, const asx_machine *machine,
                                      asx_placement placement, size_t layer,
                                      const asx_format *format, double off_chip, asx_error *err)
{
    whole w = {.machine = machine, .placement = placement, .off_chip = off_chip};
    asx_cost cost;
    if (layer >= machine->work.n_layers)
        return asx_fail(err, ASX_EINVAL, "layer %zu: network '%s' has %zu", layer,
                        machine->work.name, machine->work.n_layers);
    const asx_status status = cost_layer(&cost, &w, layer, format, err);
    if (status == ASX_OK)
        *out = cost;
    return status;
}

asx_status asx_machine_layer_cost(asx_cost *out, const asx_machine *machine,
                                  asx_placement placement, size_t layer, const asx_format *format,
                                  asx_error *err)
{
    return asx_machine_layer_off_chip(out, machine, placement, layer, format, 0, err);
}

asx_status asx_machine_cost(asx_cost *total, asx_cost *layer, const asx_machine *machine,
                            const asx_design *design, asx_error *err)
{
    asx_cost sum = {0};
    if (design->n_layers != machine->work.n_layers)
        return asx_fail(err, ASX_EINVAL, "design has %zu layers, network '%s' has %zu",
                        design->n_layers, machine->work.name, machine->work.n_layers);
    whole w = {.machine = machine, .placement = design->placement};
    asx_status status = whole_init(&w, &sum, design, err);
    if (status != ASX_OK)
        return status;
    status = cost_layers(&sum, layer, &w, design, err);
    if (status == ASX_OK)
        *total = sum;
    return status;
}

asx_status asx_machine_baseline(asx_cost *total, asx_cost *layer, const asx_machine *machine,
                                asx_error *err)
{
    asx_design design;
    asx_status status = asx_design_init(&design, machine->work.n_layers, err);
    if (status != ASX_OK)
        return status;
    design.placement = ASX_PLACEMENT_VN;
    status = asx_machine_cost(total, layer, machine, &design, err);
    asx_design_fini(&design);
    return status;
}

static asx_status evaluate(void *state, const asx_design *design, asx_evaluation *inout,
                           asx_error *err)
{
    return asx_machine_cost(&inout->cost, NULL, *(const asx_machine *const *)state, design, err);
}

static const asx_evaluator_type machine_evaluator = {
    .name = "hardware", .evaluate = evaluate, .free = free};

asx_status asx_machine_evaluator(asx_evaluator *out, const asx_machine *machine, asx_error *err)
{
    const asx_machine **state = malloc(sizeof *state);
    if (!state)
        return asx_fail(err, ASX_ENOMEM, "no memory for an evaluator");
    *state = machine;
    *out = (asx_evaluator){&machine_evaluator, state};
    return ASX_OK;
}
