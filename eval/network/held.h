/* What a file says of its numbers where they are integers already. Private to eval. */
#ifndef ASX_EVAL_HELD_H
#define ASX_EVAL_HELD_H

#include "graph.h"

/**
 * Settles in which plain words a finished network holds the operands of its layers. A layer's input
 * has the grid of the Quantize that it comes from, over operators that move numbers only. Weights
 * keep the scales that the import noted if all of them lie on that grid; else they are real numbers.
 */
void asx_network_settle_held(asx_network *network);

/** Bits of the smallest plain word with all integers low .. high; 0: of none. */
unsigned asx_held_bits(double low, double high, bool non_negative);

#endif
