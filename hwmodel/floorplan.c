#include "floorplan.h"

#include <math.h>

#include "dse/number.h"
#include "machine_private.h"

/* Area of a lane for plain 8-bit words, its share of a column included. */
static double lane_um2(const asx_machine *m, const asx_price *area)
{
    const asx_word word = {.bits = 8, .digit_width = ASX_DIGIT_WIDTH_DEFAULT};
    double part[ASX_N_PARTS] = {0}, um2 = 0;
    asx_unit unit;
    asx_unit_init(&unit, &word, &word);
    unit.tree_bits = unit.product_bits + asx_log2_ceil(m->depth);
    unit.sum_bits = unit.tree_bits;
    asx_lane_union_add(&unit.lanes, &word, &word, false);
    if (m->prices)
        asx_lane_union_size(part, &unit.lanes, m->technology, &m->style, ASX_MEASURE_AREA, 1, 0);
    else {
        asx_unit_add_lane(part, 1, &unit, area);
        asx_unit_add_tree(part, 1, &unit, area);
    }
    for (asx_part p = 0; p < ASX_N_PARTS; p++)
        um2 += part[p];
    const double registers = 2. * word.bits + (double)unit.sum_bits * m->hold / m->depth;
    return um2 + asx_price_of(area, ASX_COMPONENT_REGISTER, registers, 0);
}

/* A word that `n` neighbouring cells need runs along a tree that reaches each: one pitch per cell. */
static double tree_mm(const asx_floorplan *f, double n)
{
    return (n - 1) * f->pitch_mm;
}

/* The array's rows and columns over the working sub-arrays: a word enters the sub-arrays that have
 * its row, sums are added up over those that have its column. Of all ways to cut the array the one
 * that moves the fewest bits is taken: words of 8 bits, sums of 20. */
static void set_cut(asx_floorplan *f, const asx_machine *m)
{
    const double x_bits = 8, sum_bits = 20;
    double least = INFINITY;
    for (double rows = 1; rows <= m->depth; rows *= 2) {
        const double columns = f->lanes_each / rows;
        if (columns > m->columns || fmod(m->depth, rows) > 0 || columns != floor(columns))
            continue;
        const double bits = m->depth * x_bits * tree_mm(f, m->columns / columns) +
                            m->columns * sum_bits * tree_mm(f, m->depth / rows);
        if (bits >= least)
            continue;
        least = bits;
        f->rows_each = rows;
        f->columns_each = columns;
    }
    if (!(least < INFINITY)) { /* the array does not divide: a sub-array has columns of its own */
        f->rows_each = m->depth;
        f->columns_each = f->lanes_each / m->depth;
    }
}

/* The activation memory stands at the middle of an edge of the grid: to a sub-array it is a quarter
 * of the side to the left or right on average, and half of it up. */
static void set_lengths(asx_floorplan *f, const asx_machine *m)
{
    for (int p = 0; p < ASX_N_PLACEMENTS; p++) {
        const bool compact = p == ASX_PLACEMENT_VN;
        f->read_mm[p] = compact ? m->bus_mm : .75 * f->grid_mm;
        /* along the row, and half the height of the array on average to come there */
        f->enter_mm[p] =
            compact ? 1.5 * f->array_mm : tree_mm(f, fmax(1, m->columns / f->columns_each));
        f->write_mm[p] = compact ? m->bus_mm : .75 * f->grid_mm;
        f->sum_mm[p] = compact ? 0 : tree_mm(f, fmax(1, m->depth / f->rows_each));
        f->enter_mm[p] *= m->wire_factor;
        f->sum_mm[p] *= m->wire_factor;
    }
}

asx_status asx_floorplan_init(asx_floorplan *out, const asx_machine *machine, asx_error *err)
{
    const asx_machine *m = machine;
    asx_fault fault = {0};
    const asx_price area = {m->technology, ASX_QUANTITY_AREA, &fault, m->extrapolate};
    const double lane = lane_um2(m, &area);
    const double subarray =
        asx_price_of(&area, ASX_COMPONENT_SRAM, m->subarray_kb, m->subarray_columns);
    const double buffer =
        m->weight_buffer_kb > 0
            ? asx_price_of(&area, ASX_COMPONENT_SRAM, m->weight_buffer_kb, m->subarray_columns)
            : 0;
    asx_floorplan f = {.subarrays = fmax(1, ceil(m->weight_kb / m->subarray_kb))};
    const double each = m->lanes_per_subarray > 0 ? m->lanes_per_subarray
                                                  : fmax(1, floor(m->subarray_columns / 8.));
    f.working = fmin(f.subarrays, ceil(m->lanes / each));
    f.lanes_each = m->lanes / f.working;
    f.pitch_mm = 1e-3 * sqrt(subarray + f.lanes_each * lane);
    f.grid_mm = sqrt(f.subarrays) * f.pitch_mm;
    f.groups = ceil(f.subarrays / f.working);
    f.array_mm = 1e-3 * sqrt(m->lanes * lane + f.working * buffer);
    set_cut(&f, m);
    set_lengths(&f, m);
    const asx_status status = asx_fault_check(&fault, m->technology, err);
    if (status == ASX_OK)
        *out = f;
    return status;
}
