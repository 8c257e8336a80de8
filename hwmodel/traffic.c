/* Moving words: memories, bus, latches. */
#include <math.h>

#include "machine_private.h"

/* Memories are read in full width; a word that does not fill it pays its share. */
static double access_pj(double bits, double kb, double width, const asx_price *price)
{
    return bits > 0 ? bits / width * asx_price_of(price, ASX_COMPONENT_SRAM, kb, width) : 0;
}

double asx_read_pj(double bits, double kb, double width, const asx_price *price)
{
    return access_pj(bits, kb, width, price);
}

double asx_write_pj(double bits, double kb, double width, const asx_price *price)
{
    asx_price write = asx_price_with(price, ASX_QUANTITY_WRITE);
    return access_pj(bits, kb, width, &write);
}

double asx_bus_pj(double bits, const asx_machine *machine, const asx_price *price)
{
    return asx_price_of(price, ASX_COMPONENT_WIRE, bits * machine->bus_mm, 0);
}

double asx_subarrays(const asx_machine *machine, double weight_bits)
{
    double needed = ceil(weight_bits / (8192 * machine->subarray_kb));
    double most = ceil(machine->weight_kb / machine->subarray_kb);
    return fmax(1, fmin(needed, most));
}

void asx_add_latch(double *part, double count, const asx_unit *unit, const asx_price *price)
{
    part[ASX_PART_WEIGHT_READ] +=
        count * asx_price_of(price, ASX_COMPONENT_REGISTER, unit->latch_bits, 0);
    part[ASX_PART_DECODE] += count * asx_price_of(price, ASX_COMPONENT_GATE, unit->w_codes, 0);
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
