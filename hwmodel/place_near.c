/* Placement near: lanes at the edge of each memory sub-array (after HADES, arXiv 2302.01990).
 *
 * Weights are spread over all sub-arrays and read locally, a row of stored codes at a time, so no
 * weight crosses the bus. Activations are broadcast to the lanes. Local reads are cheap, so the
 * sums stay where they are made: a row that is read serves `hold` output pixels whose sums are
 * registers of the column, and there is no memory for partial sums (output-stationary). Lanes are
 * digit-serial: a weight of n digits takes n passes over one digit's circuit; plain words have an
 * exact multiplier and take one.
 *
 *   weight reads = weights x ceil(pixels / hold), each its share of a row of one sub-array
 *   cycles       = array steps x digits */
#include <math.h>

#include "dse/number.h"
#include "machine_private.h"

static unsigned hold(const asx_machine *machine)
{
    return machine->hold;
}

static void unit(asx_unit *inout, const asx_machine *machine, const asx_job *job)
{
    inout->hold = machine->hold;
    asx_lane_union_add(&inout->lanes, &job->weight, &job->activation, inout->n_digits > 0);
    if (inout->n_digits == 0)
        return;
    unsigned value_bits = 0;
    for (unsigned i = 0; i < inout->n_digits; i++)
        if (inout->digit[i].value_bits > value_bits)
            value_bits = inout->digit[i].value_bits;
    inout->serial = true;
    inout->positions = inout->n_digits;
    inout->tree_bits = job->activation.bits + value_bits + 1 + asx_log2_ceil(machine->depth);
}

static void layer(double *part, double *cycles, const asx_machine *machine, const asx_job *job,
                  const asx_price *energy)
{
    double loads = job->n_weights * ceil(job->n_pixels / machine->hold);
    part[ASX_PART_WEIGHT_READ] += asx_read_pj(loads * job->weight_bits, machine->subarray_kb,
                                              machine->subarray_columns, energy);
    asx_add_latch(part, loads, &job->unit, energy);
    *cycles = job->steps * job->unit.positions;
}

static void memory(double *part, const asx_machine *machine, const asx_unit *all,
                   double weight_bits, const asx_price *price)
{
    part[ASX_PART_WEIGHT_READ] +=
        asx_subarrays(machine, weight_bits) *
        asx_price_of(price, ASX_COMPONENT_SRAM, machine->subarray_kb, machine->subarray_columns);
    (void)all;
}

static void assume(asx_text *out, const asx_machine *machine)
{
    asx_text_add(out,
                 "weight memory = sub-arrays of %u rows x %u columns (%g kB), as many as the "
                 "design's weights need, %g kB at most\n",
                 machine->subarray_rows, machine->subarray_columns, machine->subarray_kb,
                 machine->weight_kb);
    asx_text_add(out,
                 "weights = read locally, a row at a time, once per %u output pixels; a sub-array "
                 "costs as a memory of its size\n",
                 machine->hold);
    asx_text_add(out, "sums = %u registers per column, none leaves the array\n", machine->hold);
    asx_text_add(out, "alphabet-set lanes = digit-serial, n digits take n passes; plain words = "
                      "exact multipliers\n");
}

const asx_placement_type asx_place_near = {
    ASX_PLACEMENT_NEAR, false, hold, unit, layer, memory, assume};
