/* Cells on rows, a row a bit of a word, one after the other. */
#ifndef ASX_HWMODEL_SIMULATE_H
#define ASX_HWMODEL_SIMULATE_H

#include "circuit.h"

/**
 * The nets of 64 rows. What a register gives is what it was given a row ago.
 * @param net     [cells.n_nets]: constants and inputs are there, the rest is made
 * @param before  [cells.n_nets]: the nets of the 64 rows before, of which registers remember the last; zeros at first
 */
void simulate_cells(uint64_t *net, const uint64_t *before, const asx_bespoke_circuit *c);

/** Outputs of a cell that is no register, of 64 rows. @param sum  of a full adder; else of no meaning */
void simulate_cell(uint64_t *out, uint64_t *sum, const cell_instance *is, uint64_t a, uint64_t b,
                   uint64_t c);

#endif
