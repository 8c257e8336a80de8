/* Gates as cells of a library, wired. */
#ifndef ASX_HWMODEL_CELLS_H
#define ASX_HWMODEL_CELLS_H

#include "forms.h"

/* Nets 0 and 1 are constant; below 2 * gates nets are literals; beyond, inside of gates. */
typedef struct cell_instance {
    asx_cell cell;
    uint32_t out, a, b, c; /* of fewer inputs: a again */
    uint32_t sum;          /* FA: `out` is its carry; else 0 */
    unsigned char part;
} cell_instance;

typedef struct cells {
    cell_instance *cell; /* [n] what drives a net stands before what takes it */
    size_t n, capacity;
    size_t n_nets;
    bool failed; /* an allocation was */
} cells;

/**
 * Chooses cells for the gates that `outputs` need: for each gate the cheapest form, as its users want its output, its inverse
 * or both. A full adder is two XOR and three NAND; where its sum is of no use, and for a comparison, four NAND; a choice is
 * three NAND, or cells of a full adder and a multiplexer where the library has them and they are smaller; an inverse is made
 * once.
 *
 * @param price  adders and bits of each part are counted up
 * @return whether there was memory, and nothing stopped
 */
bool cells_make(cells *out, asx_bespoke_price *price, const gates *g, const word *outputs,
                const asx_cell_library *library, asx_bespoke_carry carry);
void cells_fini(cells *c);

/** Adds one; see cells->failed. */
void cells_add(cells *c, cell_instance is);

#endif
