/* The cost of a design: every layer's energy and cycles, then what all layers share.
 *
 *   energy(layer) = array + memories + bus + off-chip, of the layer's own digits and alphabets,
 *                   + leakage power of the whole design x the layer's latency
 *   area(design)  = lanes x lane + columns x column + banks x bank, of the union of all layers,
 *                   + memories
 *
 * A layer pays for writing its own input, at its own width, rather than for its output at the next
 * layer's: so all but leakage and off-chip weights is additive over layers. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "machine_private.h"

const asx_placement_type *const asx_placements[ASX_N_PLACEMENTS] = {
    [ASX_PLACEMENT_VN] = &asx_place_vn,
    [ASX_PLACEMENT_NEAR] = &asx_place_near,
    [ASX_PLACEMENT_IN] = &asx_place_in,
};

/* Stored weights never move; more operations in a row change nothing. */
enum { HOLD_MAX = 64 };

/* What holds for the design as a whole. */
typedef struct whole {
    const asx_machine *machine;
    const asx_placement_type *place;
    asx_unit all;       /* the union of all layers */
    double weight_bits; /* stored */
    double off_chip;    /* share of the weights that does not fit */
    double leakage_nw;
    asx_fault fault;
} whole;

static void lane_energy(double *part, const asx_job *job, const asx_price *energy)
{
    double passes = job->unit.positions;
    if (job->price) {
        for (asx_part p = 0; p < ASX_N_PARTS; p++)
            part[p] += job->n_macs * job->price->lane[p] + job->bank_uses * job->price->bank[p];
        asx_unit_add_registers(part, passes * job->column_uses, &job->unit, energy);
        return;
    }
    double product = job->activity.product, sum = job->activity.sum;
    asx_unit_add_lane(part, product * job->n_macs, &job->unit, energy);
    asx_unit_add_bank(part, product * job->bank_uses, &job->unit, energy);
    asx_unit_add_tree(part, sum * passes * (job->n_macs - job->column_uses), &job->unit, energy);
    part[ASX_PART_ACCUMULATE] += sum * passes * job->column_uses *
                                 asx_price_of(energy, ASX_COMPONENT_ADD, job->unit.sum_bits, 0);
    asx_unit_add_registers(part, passes * job->column_uses, &job->unit, energy);
}

static void array_energy(double *part, const asx_job *job, const asx_price *energy)
{
    lane_energy(part, job, energy);
    /* x is latched at the edge of the array for all lanes of its row */
    part[ASX_PART_ACCUMULATE] +=
        job->x_uses * asx_price_of(energy, ASX_COMPONENT_REGISTER, job->unit.x_bits, 0);
    part[ASX_PART_DECODE] +=
        job->x_uses * asx_price_of(energy, ASX_COMPONENT_GATE, job->unit.x_values, 0);
}

/* Activations: a layer writes its input once, through the encoder where there is one, and reads it
 * once per use. What exceeds the memory goes off chip and comes back. Returns off-chip bits. */
static double activation_energy(double *part, const asx_machine *m, const asx_job *job,
                                const asx_price *energy)
{
    double written = job->n_inputs * job->activation_bits;
    double read = job->x_reads * job->activation_bits;
    part[ASX_PART_ACTIVATION_READ] += asx_read_pj(read, m->activation_kb, m->bus_bits, energy);
    if (job->x_reads < job->x_uses) { /* through the line buffer */
        double used = job->x_uses * job->activation_bits;
        part[ASX_PART_ACTIVATION_READ] += asx_write_pj(read, m->buffer_kb, m->bus_bits, energy) +
                                          asx_read_pj(used, m->buffer_kb, m->bus_bits, energy);
    }
    part[ASX_PART_ACTIVATION_WRITE] += asx_write_pj(written, m->activation_kb, m->bus_bits, energy);
    part[ASX_PART_DECODE] +=
        job->n_inputs * asx_price_of(energy, ASX_COMPONENT_GATE, job->unit.x_values, 0);
    part[ASX_PART_WIRE] += asx_bus_pj(read + written, m, energy);
    double live = (job->n_inputs + job->n_outputs) * job->activation_bits;
    return 2 * fmax(0, live - 8192 * m->activation_kb);
}

/* Weights that do not fit come in anew for every inference. Returns off-chip bits. */
static double off_chip_weights(double *part, const whole *w, const asx_job *job,
                               const asx_price *energy)
{
    const asx_machine *m = w->machine;
    double bits = w->off_chip * job->n_weights * job->weight_bits;
    part[ASX_PART_OFF_CHIP] += asx_write_pj(bits, m->weight_kb, m->bus_bits, energy);
    return bits;
}

asx_status asx_machine_off_chip_pj(double *out, const asx_machine *machine, asx_error *err)
{
    asx_fault fault = {0};
    const asx_price energy = {machine->technology, ASX_QUANTITY_ENERGY, &fault,
                              machine->extrapolate};
    const double pj = asx_write_pj(1, machine->weight_kb, machine->bus_bits, &energy) +
                      asx_price_of(&energy, ASX_COMPONENT_DRAM, 1, 0);
    const asx_status status = asx_fault_check(&fault, machine->technology, err);
    if (status == ASX_OK)
        *out = pj;
    return status;
}

static void layer_cost(asx_cost *out, whole *w, const asx_job *job)
{
    const asx_machine *m = w->machine;
    asx_price energy = {m->technology, ASX_QUANTITY_ENERGY, &w->fault, m->extrapolate};
    double *part = out->energy_part_pj, cycles = 0;
    memset(out, 0, sizeof *out);
    array_energy(part, job, &energy);
    double off_chip = activation_energy(part, m, job, &energy);
    off_chip += off_chip_weights(part, w, job, &energy);
    part[ASX_PART_OFF_CHIP] += asx_price_of(&energy, ASX_COMPONENT_DRAM, off_chip, 0);
    w->place->layer(part, &cycles, m, job, &energy);
    double port_bits = (job->x_reads + job->n_inputs) * job->activation_bits;
    cycles = fmax(cycles, port_bits / m->bus_bits);
    cycles = fmax(cycles, off_chip / m->off_chip_bits);
    out->cycles = ceil(cycles);
    out->latency_ns = out->cycles * m->cycle_ns;
    out->weight_bits = job->n_weights * job->weight_bits;
    /* nW x ns = 1e-6 pJ */
    part[ASX_PART_LEAKAGE] = 1e-6 * w->leakage_nw * out->latency_ns;
    for (asx_part p = 0; p < ASX_N_PARTS; p++)
        out->energy_pj += part[p];
}

/* Words beyond those that lanes were fitted to are refused unless asked for. */
static asx_status check_reach(const asx_machine *m, const asx_job *job, asx_error *err)
{
    const asx_terms_range *range;
    unsigned bits;
    const char *beyond = m->extrapolate
                             ? NULL
                             : asx_lane_beyond(&range, &bits, &job->weight, &job->activation,
                                               m->technology, &m->style);
    return beyond
               ? asx_fail(err, ASX_EINVAL,
                          "layer '%s': %s of %u bits are beyond the %u to %u bits that technology "
                          "'%s' was fitted to (line %lu); machine parameter extrapolate=1 allows "
                          "it",
                          job->layer->name, beyond, bits, range->low, range->high,
                          m->technology->name, range->line)
               : ASX_OK;
}

static asx_status job_of(asx_job *out, const whole *w, size_t i, const asx_format *format,
                         asx_error *err)
{
    const asx_machine *m = w->machine;
    asx_job_init(out, m, &m->work.layer[i], format);
    w->place->unit(&out->unit, m, out);
    if (!m->prices)
        return ASX_OK;
    bool bitlines = w->place->on_bitlines;
    asx_operands operands = asx_machine_operands(m, &m->work.layer[i]);
    double hold = fmin(bitlines ? HOLD_MAX : w->place->hold(m), out->n_pixels);
    operands.hold = (unsigned)fmax(1, hold);
    if (bitlines)
        return asx_lane_activity_get(&out->activity, m->prices, &out->weight, &out->activation,
                                     &operands, err);
    asx_status status = check_reach(m, out, err);
    return status == ASX_OK ? asx_lane_price_get(&out->price, m->prices, &out->weight,
                                                 &out->activation, out->unit.serial, &operands, err)
                            : status;
}

static void add_lanes(double *part, const whole *w, const asx_price *price)
{
    const asx_machine *m = w->machine;
    double lanes = m->lanes, columns = m->columns, banks = lanes / m->lanes_per_bank;
    if (m->prices && !w->place->on_bitlines) {
        asx_measure measure =
            price->quantity == ASX_QUANTITY_AREA ? ASX_MEASURE_AREA : ASX_MEASURE_LEAKAGE;
        asx_lane_union_size(part, &w->all.lanes, m->technology, &m->style, measure, lanes, banks);
        asx_unit_add_registers(part, columns, &w->all, price);
        return;
    }
    asx_unit_add_lane(part, lanes, &w->all, price);
    asx_unit_add_tree(part, lanes - columns, &w->all, price);
    asx_unit_add_column(part, columns, &w->all, price);
    asx_unit_add_bank(part, banks, &w->all, price);
}

/* A digit-serial lane has one circuit, for the widest of all digits. */
static void keep_widest_digit(asx_unit *unit)
{
    for (unsigned i = 1; i < unit->n_digits; i++)
        asx_digit_merge(&unit->digit[0], &unit->digit[i]);
    for (unsigned i = 1; i < ASX_WORD_DIGITS_MAX; i++)
        unit->digit[i] = (asx_digit_unit){0};
    unit->digit[0].offset = 0;
    unit->n_digits = unit->n_digits > 0;
}

void asx_machine_strip_unit(asx_unit *unit, const asx_machine *machine, asx_placement placement)
{
    if (machine->prices && !asx_placements[placement]->on_bitlines) {
        *unit = (asx_unit){.x_bits = unit->x_bits,
                           .sum_bits = unit->sum_bits,
                           .positions = unit->positions,
                           .latch_bits = unit->latch_bits,
                           .w_codes = unit->w_codes,
                           .x_values = unit->x_values,
                           .hold = unit->hold,
                           .lanes = unit->lanes};
        return;
    }
    unit->lanes = (asx_lane_union){0};
    for (unsigned i = 0; i < unit->n_digits; i++)
        unit->digit[i].n_values = 0;
    if (unit->serial)
        keep_widest_digit(unit);
}

/* Area or leakage of everything, by part. */
static void add_whole(double *part, whole *w, asx_quantity quantity)
{
    const asx_machine *m = w->machine;
    asx_price price = {m->technology, quantity, &w->fault, m->extrapolate};
    add_lanes(part, w, &price);
    asx_add_latch(part, m->lanes, &w->all, &price);
    part[ASX_PART_ACCUMULATE] +=
        m->depth * asx_price_of(&price, ASX_COMPONENT_REGISTER, w->all.x_bits, 0);
    part[ASX_PART_DECODE] +=
        m->depth * asx_price_of(&price, ASX_COMPONENT_GATE, w->all.x_values, 0);
    part[ASX_PART_ACTIVATION_READ] +=
        asx_price_of(&price, ASX_COMPONENT_SRAM, m->activation_kb, m->bus_bits);
    if (m->line_buffer)
        part[ASX_PART_ACTIVATION_READ] +=
            asx_price_of(&price, ASX_COMPONENT_SRAM, m->buffer_kb, m->bus_bits);
    w->place->memory(part, m, &w->all, w->weight_bits, &price);
}

asx_status asx_machine_shared(double *leakage_nw, double *area_um2, const asx_machine *machine,
                              asx_placement placement, const asx_unit *all, double weight_bits,
                              asx_error *err)
{
    whole w = {.machine = machine,
               .place = asx_placements[placement],
               .all = *all,
               .weight_bits = weight_bits};
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

/* First what all layers share: the union, and how much of the weights fits. */
static asx_status whole_init(whole *w, asx_cost *total, const asx_design *design, asx_error *err)
{
    const asx_machine *m = w->machine;
    double leakage[ASX_N_PARTS] = {0};
    for (size_t i = 0; i < design->n_layers; i++) {
        asx_job job;
        asx_status status = job_of(&job, w, i, &design->format[i], err);
        if (status != ASX_OK)
            return status;
        asx_unit_merge(&w->all, &job.unit);
        w->weight_bits += job.n_weights * job.weight_bits;
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

/* Costs of all layers; `layer` is written only when there was no fault. */
static asx_status cost_layers(asx_cost *total, asx_cost *layer, whole *w, const asx_design *design,
                              asx_error *err)
{
    for (size_t i = 0; i < design->n_layers; i++) {
        asx_job job;
        asx_cost cost;
        asx_status status = job_of(&job, w, i, &design->format[i], err);
        if (status != ASX_OK)
            return status;
        layer_cost(&cost, w, &job);
        if (w->fault.set)
            return asx_fault_check(&w->fault, w->machine->technology, err);
        asx_cost_add(total, &cost);
    }
    for (size_t i = 0; layer && i < design->n_layers; i++) {
        asx_job job;
        if (job_of(&job, w, i, &design->format[i], err) == ASX_OK) /* as it was just before */
            layer_cost(&layer[i], w, &job);
    }
    return ASX_OK;
}

asx_status asx_machine_layer_off_chip(asx_cost *out, const asx_machine *machine,
                                      asx_placement placement, size_t layer,
                                      const asx_format *format, double off_chip, asx_error *err)
{
    whole w = {.machine = machine, .place = asx_placements[placement], .off_chip = off_chip};
    asx_job job;
    asx_cost cost;
    if (layer >= machine->work.n_layers)
        return asx_fail(err, ASX_EINVAL, "layer %zu: network '%s' has %zu", layer,
                        machine->work.name, machine->work.n_layers);
    asx_status status = job_of(&job, &w, layer, format, err);
    if (status != ASX_OK)
        return status;
    layer_cost(&cost, &w, &job);
    status = asx_fault_check(&w.fault, machine->technology, err);
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
    whole w = {.machine = machine, .place = asx_placements[design->placement]};
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
