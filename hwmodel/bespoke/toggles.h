/* What switches in a circuit. */
#ifndef ASX_HWMODEL_TOGGLES_H
#define ASX_HWMODEL_TOGGLES_H

#include "circuit.h"

typedef struct toggles {
    size_t of[ASX_N_CELLS]; /* changes at the outputs of each cell, over all rows */
    size_t rows;            /* that were counted */
} toggles;

/**
 * Counts changes, hazards with them, in rows drawn evenly, each behind the one before it: cells answer after the delays of the
 * library, and pulses that are shorter than a cell's delay end in it (inertial delays). Registers change with the row.
 * Cost: some 100 ns a change, of which each row makes one to two a cell.
 * @return whether there was memory
 */
bool toggles_count(toggles *out, const asx_bespoke_circuit *circuit);

#endif
