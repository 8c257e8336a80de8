#include "rates.h"

#include <math.h>
#include <string.h>

#include "machine_private.h"
#include "plan.h"

static double per_bit(const asx_price *price, double kb, double width)
{
    return kb > 0 ? asx_price_of(price, ASX_COMPONENT_SRAM, kb, width) / width : 0;
}

static void set_weights(asx_rates *r, const asx_machine *m, asx_placement placement,
                        const asx_price *energy, const asx_price *write)
{
    const asx_floorplan *f = &m->floorplan;
    const double wide = f->working * m->subarray_columns;
    const bool shared = placement == ASX_PLACEMENT_VN;
    r->buffer_read = per_bit(energy, m->weight_buffer_kb, m->subarray_columns);
    r->buffer_write = per_bit(write, m->weight_buffer_kb, m->subarray_columns);
    r->buffer_port = wide;
    r->w_port = shared ? m->bus_bits : wide;
    r->w_write = shared ? per_bit(write, m->weight_kb, m->bus_bits)
                        : per_bit(write, m->subarray_kb, m->subarray_columns);
    if (asx_placements[placement]->on_bitlines) { /* weights are never read */
        r->tag_read = per_bit(energy, m->subarray_kb, m->subarray_columns);
        return;
    }
    r->w_read = shared ? per_bit(energy, m->weight_kb, m->bus_bits)
                       : per_bit(energy, m->subarray_kb, m->subarray_columns);
    r->w_wire = shared ? asx_price_of(energy, ASX_COMPONENT_WIRE, m->bus_mm, 0) : 0;
}

/* Leakage of the machine that runs every layer with plain 8-bit words, but for its lanes. */
static void set_leakage(asx_rates *r, const asx_machine *m, asx_placement placement,
                        const asx_price *energy)
{
    const asx_price leakage = asx_price_with(energy, ASX_QUANTITY_LEAKAGE);
    asx_unit all = {0};
    double part[ASX_N_PARTS] = {0}, bits = 0;
    for (size_t i = 0; i < m->work.n_layers; i++) {
        asx_format format = {.weight = {.bits = 8, .digit_width = ASX_DIGIT_WIDTH_DEFAULT}};
        asx_job job;
        asx_unit unit;
        format.activation = format.weight;
        asx_job_init(&job, m, &m->work.layer[i], &format);
        const asx_plan_circuit circuit = {.weight = job.weight, .passes = 1};
        asx_plan_unit_of(&unit, m, placement, &job, &circuit);
        asx_unit_merge(&all, &unit);
        bits += job.n_weights * job.weight_bits;
    }
    asx_plan_whole(part, m, placement, &all, fmin(bits, 8192 * m->weight_kb), &leakage);
    for (asx_part p = 0; p < ASX_N_PARTS; p++)
        r->leakage += 1e-6 * part[p] * m->cycle_ns; /* nW x ns = 1e-6 pJ */
    r->leakage -= asx_plan_lane_leakage(m, placement, &all, &leakage);
}

asx_status asx_rates_init(asx_rates *out, const asx_machine *machine, asx_placement placement,
                          asx_error *err)
{
    const asx_machine *m = machine;
    const asx_floorplan *f = &m->floorplan;
    asx_fault fault = {0};
    const asx_price energy = {m->technology, ASX_QUANTITY_ENERGY, &fault, m->extrapolate};
    const asx_price write = asx_price_with(&energy, ASX_QUANTITY_WRITE);
    asx_rates r = {.x_port = m->bus_bits, .sum_port = m->bus_bits};
    set_weights(&r, m, placement, &energy, &write);
    r.x_read = per_bit(&energy, m->activation_kb, m->bus_bits);
    r.x_write = per_bit(&write, m->activation_kb, m->bus_bits);
    r.line_read = per_bit(&energy, m->buffer_kb, m->bus_bits);
    r.line_write = per_bit(&write, m->buffer_kb, m->bus_bits);
    r.sum_read = per_bit(&energy, m->sum_kb, m->bus_bits);
    r.sum_write = per_bit(&write, m->sum_kb, m->bus_bits);
    r.read_wire = asx_price_of(&energy, ASX_COMPONENT_WIRE, f->read_mm[placement], 0);
    r.enter_wire = asx_price_of(&energy, ASX_COMPONENT_WIRE, f->enter_mm[placement], 0);
    r.write_wire = asx_price_of(&energy, ASX_COMPONENT_WIRE, f->write_mm[placement], 0);
    r.sum_wire = asx_price_of(&energy, ASX_COMPONENT_WIRE, f->sum_mm[placement], 0);
    r.reg = asx_price_of(&energy, ASX_COMPONENT_REGISTER, 1, 0);
    r.mux = asx_price_of(&energy, ASX_COMPONENT_MUX, 1, 0);
    r.gate = asx_price_of(&energy, ASX_COMPONENT_GATE, 1, 0);
    r.dram = asx_price_of(&energy, ASX_COMPONENT_DRAM, 1, 0);
    set_leakage(&r, m, placement, &energy);
    const asx_status status = asx_fault_check(&fault, m->technology, err);
    if (status == ASX_OK)
        *out = r;
    return status;
}
