/* Between which values the nodes of a layer's adder graph are. */
#ifndef ASX_HWMODEL_RANGES_H
#define ASX_HWMODEL_RANGES_H

#include "shared.h"

typedef struct node_range {
    int64_t low, high;
    bool beyond; /* its coefficients, or bounds, need more than 64 bits */
} node_range;

/**
 * Bounds of each node as a sum of bits of the layer's inputs: of its coefficients, which adding intervals node by node does not
 * see to cancel. They are reached where inputs take all values of their bits, or are one column each.
 *
 * @param out  [inputs + n] of the graph
 * @param in   inputs of the layer, not less than 0
 * @return whether there was memory, and nothing stopped.
 * Cost: the graph is run once for every column, and for the bits of inputs of several columns
 */
bool ranges_find(node_range *out, const shared_sums *s, const word *in, patience *until);

#endif
