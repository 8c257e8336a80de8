/* Adder graphs in the making: adders are appended, wires come back. */
#ifndef ASX_HWMODEL_BUILDER_H
#define ASX_HWMODEL_BUILDER_H

#include "hwmodel/adders.h"

typedef struct builder {
    size_t inputs, n, capacity;
    asx_wire (*adder)[2];
    unsigned *depth; /* [inputs + n] */
    bool failed;     /* an allocation was: wires are constant 0 from then on */
} builder;

/** @return whether there was memory */
bool builder_init(builder *b, size_t inputs);
void builder_fini(builder *b);

/** The sum of two wires, by a new adder unless one of them is 0. Common shifts and signs go to what is returned. */
asx_wire builder_add(builder *b, asx_wire left, asx_wire right);

/** The sum of `n` wires in as few stages as possible: the shallowest two first. `wire` is used up; 0 of none. */
asx_wire builder_sum(builder *b, asx_wire *wire, size_t n);

unsigned builder_depth(const builder *b, asx_wire wire);

/** Hands over what was built: the adders that outputs need. The builder is empty then.
 *  @param output  [outputs], copied @return NULL without memory, also earlier on */
asx_adder_graph *builder_take(builder *b, const asx_wire *output, size_t outputs);

static inline asx_wire wire_zero(void)
{
    return (asx_wire){.node = ASX_NO_NODE, .shift = 0, .negative = false};
}

/** A wire, shifted and perhaps negated once more. */
static inline asx_wire wire_move(asx_wire w, unsigned shift, bool negative)
{
    return (asx_wire){.node = w.node, .shift = w.shift + shift, .negative = w.negative != negative};
}

#endif
