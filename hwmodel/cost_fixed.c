/* The cost of a design under `mapping: fixed`: each placement runs every layer by its one dataflow
 * (place_*.c) on its one circuit for the layer's words. The counterpart of plan.c.
 *
 *   energy(layer) = array + memories + bus + off-chip, of the layer's own digits and alphabets
 *   area, leakage = lanes x lane + columns x column + banks x bank, of the union of all layers,
 *                   + memories */
#include <math.h>
#include <string.h>

#include "machine_private.h"

/* Stored weights never move; more operations in a row change nothing. */
enum { HOLD_MAX = 64 };

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
static double off_chip_weights(double *part, const asx_machine *m, const asx_job *job,
                               double off_chip, const asx_price *energy)
{
    double bits = off_chip * job->n_weights * job->weight_bits * asx_off_chip_ways(job->layer);
    part[ASX_PART_OFF_CHIP] += asx_write_pj(bits, m->weight_kb, m->bus_bits, energy);
    return bits;
}

/* A product's second operand is written to the memory of weights first. Returns the cycles that
 * takes. */
static double second_energy(double *part, const asx_machine *m, const asx_placement_type *place,
                            const asx_job *job, const asx_price *energy)
{
    if (job->layer->kind != ASX_LAYER_PRODUCT)
        return 0;
    const bool shared = place->placement == ASX_PLACEMENT_VN;
    const double bits = job->n_weights * job->weight_bits;
    part[ASX_PART_ACTIVATION_WRITE] +=
        asx_write_pj(bits, shared ? m->weight_kb : m->subarray_kb,
                     shared ? m->bus_bits : m->subarray_columns, energy);
    part[ASX_PART_WIRE] += asx_bus_pj(bits, m, energy);
    part[ASX_PART_DECODE] +=
        job->n_weights * asx_price_of(energy, ASX_COMPONENT_GATE, job->unit.w_codes, 0);
    return bits / m->bus_bits;
}

static asx_status price_layer(asx_cost *out, const asx_machine *m, const asx_placement_type *place,
                              const asx_job *job, double share_off_chip, asx_error *err)
{
    asx_fault fault = {0};
    const asx_price energy = {m->technology, ASX_QUANTITY_ENERGY, &fault, m->extrapolate};
    double *part = out->energy_part_pj, cycles = 0;
    memset(out, 0, sizeof *out);
    array_energy(part, job, &energy);
    double off_chip = activation_energy(part, m, job, &energy);
    off_chip += off_chip_weights(part, m, job, share_off_chip, &energy);
    part[ASX_PART_OFF_CHIP] += asx_price_of(&energy, ASX_COMPONENT_DRAM, off_chip, 0);
    const double writing = second_energy(part, m, place, job, &energy);
    place->layer(part, &cycles, m, job, &energy);
    double port_bits = (job->x_reads + job->n_inputs) * job->activation_bits;
    cycles = fmax(cycles, port_bits / m->bus_bits);
    cycles = fmax(cycles + writing, off_chip / m->off_chip_bits);
    const double steps = (double)asx_layer_n_steps(job->layer);
    out->cycles = ceil(cycles) * steps;
    out->latency_ns = out->cycles * m->cycle_ns;
    out->weight_bits = rint(job->n_weights * job->weight_bits); /* a menu's tags are shares */
    for (asx_part p = 0; p < ASX_N_PARTS; p++) {
        part[p] *= steps;
        out->energy_pj += part[p];
    }
    return asx_fault_check(&fault, m->technology, err);
}

static asx_status job_of(asx_job *out, const asx_machine *m, const asx_placement_type *place,
                         size_t i, const asx_format *format, asx_error *err)
{
    asx_job_init(out, m, &m->work.layer[i], format);
    place->unit(&out->unit, m, out);
    asx_status status = asx_job_check(out->layer, format, err);
    if (status != ASX_OK || !m->prices)
        return status;
    bool bitlines = place->on_bitlines;
    asx_operands operands = asx_machine_operands(m, &m->work.layer[i]);
    double hold = fmin(bitlines ? HOLD_MAX : place->hold(m), out->n_pixels);
    operands.hold = (unsigned)fmax(1, hold);
    if (bitlines)
        return asx_lane_activity_get(&out->activity, m->prices, &out->weight, &out->activation,
                                     &operands, err);
    status = asx_machine_check_reach(m, out, err);
    return status == ASX_OK ? asx_lane_price_get(&out->price, m->prices, &out->weight,
                                                 &out->activation, out->unit.serial, &operands, err)
                            : status;
}

asx_status asx_fixed_layer(asx_cost *out, const asx_machine *machine, asx_placement placement,
                           size_t layer, const asx_format *format, double off_chip, asx_error *err)
{
    const asx_placement_type *place = asx_placements[placement];
    asx_job job;
    const asx_status status = job_of(&job, machine, place, layer, format, err);
    return status == ASX_OK ? price_layer(out, machine, place, &job, off_chip, err) : status;
}

void asx_fixed_unit(asx_unit *out, const asx_machine *machine, asx_placement placement,
                    size_t layer, const asx_format *format)
{
    asx_job job;
    asx_job_init(&job, machine, &machine->work.layer[layer], format);
    asx_placements[placement]->unit(&job.unit, machine, &job);
    *out = job.unit;
}

static void add_lanes(double *part, const asx_machine *m, const asx_placement_type *place,
                      const asx_unit *all, const asx_price *price)
{
    double lanes = m->lanes, columns = m->columns, banks = lanes / m->lanes_per_bank;
    if (m->prices && !place->on_bitlines) {
        asx_term_measure measure =
            price->quantity == ASX_QUANTITY_AREA ? ASX_MEASURE_AREA : ASX_MEASURE_LEAKAGE;
        asx_lane_union_size(part, &all->lanes, m->technology, &m->style, measure, lanes, banks);
        asx_unit_add_registers(part, columns, all, price);
        return;
    }
    asx_unit_add_lane(part, lanes, all, price);
    asx_unit_add_tree(part, lanes - columns, all, price);
    asx_unit_add_column(part, columns, all, price);
    asx_unit_add_bank(part, banks, all, price);
}

void asx_fixed_whole(double *part, const asx_machine *machine, asx_placement placement,
                     const asx_unit *all, double weight_bits, const asx_price *price)
{
    const asx_machine *m = machine;
    const asx_placement_type *place = asx_placements[placement];
    add_lanes(part, m, place, all, price);
    asx_add_latch(part, m->lanes, all, price);
    part[ASX_PART_ACCUMULATE] +=
        m->depth * asx_price_of(price, ASX_COMPONENT_REGISTER, all->x_bits, 0);
    part[ASX_PART_DECODE] += m->depth * asx_price_of(price, ASX_COMPONENT_GATE, all->x_values, 0);
    part[ASX_PART_ACTIVATION_READ] +=
        asx_price_of(price, ASX_COMPONENT_SRAM, m->activation_kb, m->bus_bits);
    if (m->line_buffer)
        part[ASX_PART_ACTIVATION_READ] +=
            asx_price_of(price, ASX_COMPONENT_SRAM, m->buffer_kb, m->bus_bits);
    place->memory(part, m, all, weight_bits, price);
}
