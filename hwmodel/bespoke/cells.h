/* Gates as cells of a library. */
#ifndef ASX_HWMODEL_CELLS_H
#define ASX_HWMODEL_CELLS_H

#include "gates.h"
#include "hwmodel/bespoke.h"
#include "sum.h"

/**
 * Chooses cells for the gates that `outputs` need and counts them: for each gate the cheapest form, as its users want its
 * output, its inverse or both, from the outputs on. A full adder is two XOR and three NAND; where its sum is of no use, and for a
 * comparison, four NAND; a choice is three NAND; an inverse is made once.
 *
 * @param price  cells, adders and bits of each part are counted up, and delay_ms is set
 * @return whether there was memory
 */
bool cells_count(asx_bespoke_price *price, const gates *g, const word *outputs,
                 const asx_cell_library *library, asx_bespoke_carry carry);

#endif
