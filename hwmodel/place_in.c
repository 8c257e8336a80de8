/* Placement in: products form on the bit-lines of the sub-array, shift and add in its periphery.
 *
 * Weights are never read out: a pass drives the multiples of the activation onto local bit-lines of
 * `segment_rows` cells, and the stored digit lets the one it selects through. A pass costs a
 * bit-line evaluation per bit of that multiple. Plain words work bit-serially, as digital in-memory
 * macros do (Colonnade, Kim et al., JSSC 2021): weight bit by weight bit, each a pass that ANDs the
 * activation with one stored bit, so w bits on a bits take w x a evaluations.
 *
 *   evaluations = MACs x sum over digits of (bits of the largest multiple)     alphabet sets
 *               = MACs x w x a                                                 plain words
 *   cycles      = array steps x digits, or x w
 *
 * The tags of a menu's groups are read: once per `hold` output pixels, into registers beside the columns.
 *
 * Each bit-line segment has a compute gate. One sum per column. */
#include <math.h>

#include "dse/number.h"
#include "machine_private.h"

static void unit(asx_unit *inout, const asx_machine *machine, const asx_job *job)
{
    unsigned value_bits = 0;
    for (unsigned i = 0; i < inout->n_digits; i++)
        if (inout->digit[i].value_bits > value_bits)
            value_bits = inout->digit[i].value_bits;
    inout->segment = machine->segment_rows;
    inout->serial = true;
    inout->latch_bits = 0;
    inout->bit_serial = inout->n_digits == 0 ? inout->multiply_w : 0;
    inout->positions = inout->n_digits == 0 ? inout->multiply_w : inout->n_digits;
    inout->multiply_w = inout->multiply_x = 0;
    inout->tree_bits = job->activation.bits + value_bits + 1 + asx_log2_ceil(machine->depth);
}

static void layer(double *part, double *cycles, const asx_machine *machine, const asx_job *job,
                  const asx_price *energy)
{
    part[ASX_PART_DECODE] +=
        job->n_macs * asx_price_of(energy, ASX_COMPONENT_GATE, job->unit.w_codes, 0);
    const double tags = job->tag_bits * job->n_weights * ceil(job->n_pixels / machine->hold);
    part[ASX_PART_WEIGHT_READ] +=
        asx_read_pj(tags, machine->subarray_kb, machine->subarray_columns, energy) +
        tags * asx_price_of(energy, ASX_COMPONENT_REGISTER, 1, 0);
    *cycles = job->steps * job->unit.positions;
}

static void memory(double *part, const asx_machine *machine, const asx_unit *all,
                   double weight_bits, const asx_price *price)
{
    double n = asx_subarrays(machine, weight_bits);
    double segments =
        (double)machine->subarray_columns * machine->subarray_rows / machine->segment_rows;
    part[ASX_PART_WEIGHT_READ] += n * asx_price_of(price, ASX_COMPONENT_SRAM, machine->subarray_kb,
                                                   machine->subarray_columns);
    part[all->bit_serial > 0 ? ASX_PART_MULTIPLY : ASX_PART_SELECT] +=
        n * asx_price_of(price, ASX_COMPONENT_GATE, segments, 0);
}

static void assume(asx_text *out, const asx_machine *machine)
{
    asx_text_add(out,
                 "weight memory = sub-arrays of %u rows x %u columns (%g kB), as many as the "
                 "design's weights need, %g kB at most\n",
                 machine->subarray_rows, machine->subarray_columns, machine->subarray_kb,
                 machine->weight_kb);
    asx_text_add(out,
                 "products = on local bit-lines of %u cells, one evaluation per bit of the "
                 "selected multiple and pass; a compute gate per segment\n",
                 machine->segment_rows);
    asx_text_add(out, "sums = one register per column, none leaves the array\n");
    asx_text_add(out, "alphabet-set weights = digit-serial, n digits take n passes; plain words = "
                      "bit-serial, w bits take w passes\n");
}

const asx_placement_type asx_place_in = {ASX_PLACEMENT_IN, true, NULL, unit, layer, memory, assume};
