/* A program as a network again. Private. */
#ifndef ASX_EVAL_PROGRAM_NETWORK_H
#define ASX_EVAL_PROGRAM_NETWORK_H

#include "graph.h"
#include "program_parts.h"

/**
 * The network that a program was made of, with the design in it: weights are words at scales,
 * biases integers of their products, a Quantize stands before every layer, and behind whatever
 * rounds to values of 16 bits. The reals between are the program's integers times a scale.
 *
 * Scales are floats, chosen so that what a layer is scaled by, its input's scale times its weights'
 * over its output's, is the program's factor to a float's precision.
 *
 * @param out    owned by the caller; to be written, not to be run: what its values are is not settled
 * @param n_off  constants that floats do not hold to the last bit
 * @param data   images of bytes, which become the program's integers; NULL: there are none
 * @return ASX_OK; ASX_ENOMEM; ASX_EUNSUPPORTED naming a layer whose input is of an alphabet set
 */
ASX_NODISCARD asx_status asx_program_network(asx_network **out, size_t *n_off,
                                             const asx_program *program, const asx_dataset *data,
                                             asx_error *err);

#endif
