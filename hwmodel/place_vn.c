/* Placement vn: von Neumann. One weight memory and one activation memory feed a compact array of
 * multiply-accumulate lanes over a bus.
 *
 * Dataflow: weight-stationary in stripes. A tile of weights is latched in the lanes and used for
 * `stripe` output pixels, whose partial sums wait in a memory beside the array, written and read
 * once between tiles of the depth. A weight is therefore read from the shared memory
 * ceil(pixels / stripe) times. (NVDLA works so; holding sums in registers instead would read
 * weights far more often from a memory that is far dearer here than in the other placements.)
 *
 *   weight reads  = weights x ceil(pixels / stripe)                  over the bus, into latches
 *   partial sums  = outputs x (tiles of the depth - 1), one write and one read each
 *   cycles        = max(array steps, weight bits / bus width) */
#include <math.h>

#include "machine_private.h"

static unsigned hold(const asx_machine *machine)
{
    return machine->stripe;
}

static void unit(asx_unit *inout, const asx_machine *machine, const asx_job *job)
{
    (void)machine; /* all digits at once, one sum per column */
    asx_lane_union_add(&inout->lanes, &job->weight, &job->activation, false);
}

static void layer(double *part, double *cycles, const asx_machine *machine, const asx_job *job,
                  const asx_price *energy)
{
    double loads = job->n_weights * ceil(job->n_pixels / machine->stripe);
    double bits = loads * job->weight_bits;
    part[ASX_PART_WEIGHT_READ] += asx_read_pj(bits, machine->weight_kb, machine->bus_bits, energy);
    part[ASX_PART_WIRE] += asx_bus_pj(bits, machine, energy);
    asx_add_latch(part, loads, &job->unit, energy);
    double sums = (job->column_uses - job->n_outputs) * job->unit.sum_bits;
    part[ASX_PART_PARTIAL_SUM] += asx_read_pj(sums, machine->sum_kb, machine->bus_bits, energy) +
                                  asx_write_pj(sums, machine->sum_kb, machine->bus_bits, energy);
    *cycles = fmax(job->steps, bits / machine->bus_bits);
}

/* The shared memory is one block of what the design needs, the sums' memory always the same. */
static void memory(double *part, const asx_machine *machine, const asx_unit *all,
                   double weight_bits, const asx_price *price)
{
    double kb = asx_subarrays(machine, weight_bits) * machine->subarray_kb;
    part[ASX_PART_WEIGHT_READ] +=
        asx_price_of(price, ASX_COMPONENT_SRAM, fmin(kb, machine->weight_kb), machine->bus_bits);
    part[ASX_PART_PARTIAL_SUM] +=
        asx_price_of(price, ASX_COMPONENT_SRAM, machine->sum_kb, machine->bus_bits);
    (void)all;
}

static void assume(asx_text *out, const asx_machine *machine)
{
    asx_text_add(out,
                 "weight memory = %g kB, %u bits wide (one block; reads cost as at this size, area "
                 "and leakage only what the design's weights need)\n",
                 machine->weight_kb, machine->bus_bits);
    asx_text_add(out,
                 "weights = read once per %u output pixels (weight-stationary stripes), over the "
                 "bus into latches\n",
                 machine->stripe);
    asx_text_add(out,
                 "partial sums = memory of %g kB (stripe x columns x 32 bits, at least 1 kB), one "
                 "write and one read between tiles of the depth\n",
                 machine->sum_kb);
    asx_text_add(out, "alphabet-set lanes = all digits at once; plain words = exact multipliers\n");
}

const asx_placement_type asx_place_vn = {ASX_PLACEMENT_VN, false, hold, unit, layer,
                                         memory,           assume};
