/* The graph of the transposed matrix. */
#ifndef ASX_HWMODEL_TURN_H
#define ASX_HWMODEL_TURN_H

#include "hwmodel/adders.h"

/**
 * Turns a graph around: outputs become inputs, each node the sum of what used it. It has outputs - inputs adders more, if
 * every input and output is used (A. Oppenheim, R. Schafer, Discrete-Time Signal Processing: transposition of networks).
 * @return NULL without memory
 */
asx_adder_graph *turn_graph(const asx_adder_graph *g);

#endif
