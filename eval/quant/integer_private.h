/* How a design's layers become ready: what integer.c and integer_learn.c share. Private. */
#ifndef ASX_EVAL_INTEGER_PRIVATE_H
#define ASX_EVAL_INTEGER_PRIVATE_H

#include "integer.h"

/** Words, scale and factor of a layer's input; the scales of values are known. */
ASX_NODISCARD asx_status asx_integer_set_input(asx_integer *s, size_t layer,
                                               const asx_format *format, asx_error *err);

/** The same and all else of a product of two values. */
ASX_NODISCARD asx_status asx_integer_set_product(asx_integer *s, size_t layer,
                                                 const asx_format *format, asx_error *err);

/** What the words of a layer's weights are asked by, where all designs share them. */
asx_projection_key asx_integer_key(const asx_integer_layer *l, size_t layer);

/** Factors and biases, of a layer whose input and projection are there. */
ASX_NODISCARD asx_status asx_integer_set_constants(asx_integer_layer *l, const asx_integer *s,
                                                   const asx_node *node, asx_error *err);

/** Learns the words of all layers, in their order, and makes them ready. */
ASX_NODISCARD asx_status asx_integer_learn(asx_integer *s, const asx_design *design,
                                           asx_error *err);

#endif
