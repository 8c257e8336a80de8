/* What the machine that runs all plans takes in area and leakage. Only what some layer uses is
 * built: buffers, the memory of sums, a column's registers. Lanes next to sub-arrays stand at every
 * sub-array; those that do not work on a layer are cut off from the supply (`power_gating`). */
#include <math.h>

#include "dse/number.h"
#include "plan.h"

/* How often what is built or, for leakage, switched on. */
typedef struct amounts {
    double subarrays, blocks, lanes, line_buffers;
} amounts;

static amounts amounts_of(const asx_machine *m, asx_placement placement, double weight_bits,
                          const asx_price *price)
{
    const asx_floorplan *f = &m->floorplan;
    amounts a = {asx_subarrays(m, weight_bits), f->working, m->lanes, 1};
    if (placement == ASX_PLACEMENT_VN)
        return a;
    a.subarrays = fmax(a.subarrays, f->working);
    if (price->quantity == ASX_QUANTITY_LEAKAGE)
        a.blocks = m->power_gating ? f->working : f->subarrays;
    else
        a.blocks = a.subarrays;
    a.lanes = a.blocks * f->lanes_each;
    a.line_buffers = ceil(a.blocks / f->working);
    return a;
}

/* Columns with their trees and banks; in memory as large as silicon's. */
static void add_columns(double *part, const asx_machine *m, bool in_memory, const asx_unit *all,
                        double lanes, asx_term_measure measure)
{
    double own[ASX_N_PARTS] = {0};
    const double factor = in_memory ? asx_macro_factor(m->technology, ASX_QUANTITY_AREA) : 1;
    if (m->depth < 2)
        return;
    asx_column_union_size(own, &all->columns, m->technology, &m->style, measure, lanes,
                          lanes / m->lanes_per_bank, m->depth);
    for (asx_part p = 0; p < ASX_N_PARTS; p++)
        part[p] += factor * own[p];
}

static void add_lanes(double *part, const asx_machine *m, asx_placement placement,
                      const asx_unit *all, double lanes, const asx_price *price)
{
    const double columns = lanes / m->depth, banks = lanes / m->lanes_per_bank;
    const bool on_bitlines = asx_placements[placement]->on_bitlines;
    const asx_term_measure measure =
        price->quantity == ASX_QUANTITY_AREA ? ASX_MEASURE_AREA : ASX_MEASURE_LEAKAGE;
    if (m->prices)
        add_columns(part, m, on_bitlines, all, lanes, measure);
    if (m->prices && !on_bitlines) {
        asx_lane_union_size(part, &all->lanes, m->technology, &m->style, measure, lanes, banks);
        asx_unit_add_registers(part, columns, all, price);
    } else {
        asx_unit_add_lane(part, lanes, all, price);
        if (all->segment > 0 || !m->prices)
            asx_unit_add_tree(part, lanes - columns, all, price);
        asx_unit_add_column(part, columns, all, price);
        asx_unit_add_bank(part, banks, all, price);
    }
    asx_add_latch(part, lanes, all, price);
    part[ASX_PART_ACCUMULATE] +=
        asx_price_of(price, ASX_COMPONENT_REGISTER, lanes * all->pipeline_bits, 0);
    part[ASX_PART_ADD] += asx_price_of(price, ASX_COMPONENT_GATE, lanes * all->gate_bits, 0);
}

double asx_plan_lane_leakage(const asx_machine *machine, asx_placement placement,
                             const asx_unit *all, const asx_price *leakage)
{
    const amounts a = amounts_of(machine, placement, 0, leakage);
    double part[ASX_N_PARTS] = {0}, nw = 0;
    add_lanes(part, machine, placement, all, a.lanes, leakage);
    for (asx_part p = 0; p < ASX_N_PARTS; p++)
        nw += part[p];
    return 1e-6 * nw * machine->cycle_ns; /* nW x ns = 1e-6 pJ */
}

static double memory(const asx_price *price, double kb, double width)
{
    return asx_price_of(price, ASX_COMPONENT_SRAM, kb, width);
}

static void add_weight_memory(double *part, const asx_machine *m, asx_placement placement,
                              const asx_unit *all, const amounts *a, double weight_bits,
                              const asx_price *price)
{
    double *const read = &part[ASX_PART_WEIGHT_READ];
    if (placement == ASX_PLACEMENT_VN)
        *read += memory(price, fmin(a->subarrays * m->subarray_kb, m->weight_kb), m->bus_bits);
    else
        *read += a->subarrays * memory(price, m->subarray_kb, m->subarray_columns);
    if (all->weight_buffer)
        *read += a->blocks * memory(price, m->weight_buffer_kb, m->subarray_columns);
    if (weight_bits > 8192 * m->weight_kb) /* while one half is used the other is filled */
        part[ASX_PART_OFF_CHIP] += memory(price, m->stream_kb, m->bus_bits);
    if (!asx_placements[placement]->on_bitlines)
        return;
    const double segments = (double)m->subarray_columns * m->subarray_rows / m->segment_rows;
    part[all->bit_serial > 0 ? ASX_PART_MULTIPLY : ASX_PART_SELECT] +=
        a->subarrays * asx_price_of(price, ASX_COMPONENT_GATE, segments, 0);
}

void asx_plan_whole(double *part, const asx_machine *machine, asx_placement placement,
                    const asx_unit *all, double weight_bits, const asx_price *price)
{
    const asx_machine *m = machine;
    const amounts a = amounts_of(m, placement, weight_bits, price);
    add_lanes(part, m, placement, all, a.lanes, price);
    add_weight_memory(part, m, placement, all, &a, weight_bits, price);
    part[ASX_PART_ACCUMULATE] +=
        m->depth * asx_price_of(price, ASX_COMPONENT_REGISTER, all->x_bits, 0);
    part[ASX_PART_DECODE] += m->depth * asx_price_of(price, ASX_COMPONENT_GATE, all->x_values, 0);
    if (all->gate_bits > 0) /* finds out about zeros, and keeps it with the activation */
        part[ASX_PART_DECODE] +=
            m->depth * (asx_price_of(price, ASX_COMPONENT_GATE, all->x_bits - 1., 0) +
                        asx_price_of(price, ASX_COMPONENT_REGISTER, 1, 0));
    part[ASX_PART_ACTIVATION_READ] += memory(price, m->activation_kb, m->bus_bits);
    if (all->line_buffer)
        part[ASX_PART_ACTIVATION_READ] += a.line_buffers * memory(price, m->buffer_kb, m->bus_bits);
    if (all->sum_memory)
        part[ASX_PART_PARTIAL_SUM] += memory(price, m->sum_kb, m->bus_bits);
    part[ASX_PART_SCALE] += m->columns * asx_scaling_price(all->sum_bits, m, price);
}

/* The sum is multiplied by the output channel's factor, as wide words are: in pieces of 8 x 8 bits
 * that adders join; the bias is added, the result cut to the output's word. Where factors are powers
 * of two a shifter is enough. */
double asx_scaling_price(unsigned sum_bits, const asx_machine *machine, const asx_price *price)
{
    enum { PIECE = 8, RESULT = 16 };
    const unsigned factor = machine->scale_bits;
    double value = asx_price_of(price, ASX_COMPONENT_ADD, sum_bits, 0) +
                   asx_price_of(price, ASX_COMPONENT_REGISTER, RESULT, 0) +
                   asx_price_of(price, ASX_COMPONENT_GATE, 2 * RESULT, 0);
    if (factor == 0)
        return value + asx_price_of(price, ASX_COMPONENT_MUX,
                                    (double)sum_bits * asx_log2_ceil(sum_bits), 0);
    const double pieces = ceil((double)sum_bits / PIECE) * ceil((double)factor / PIECE);
    value += pieces * asx_price_of(price, ASX_COMPONENT_MULTIPLY, PIECE, PIECE) +
             (pieces - 1) * asx_price_of(price, ASX_COMPONENT_ADD, sum_bits, 0);
    return value;
}
