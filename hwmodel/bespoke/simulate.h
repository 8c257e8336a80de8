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

#endif
