/* The operators that have no number format, in plain C. Private to eval.
 *
 * How a value lies in memory: a batch is [n][one image]; an image of rank 3 (a feature map,
 * logically [c][h][w]) is stored channels last, [h][w][c]; every other rank is stored in its
 * logical order. */
#ifndef ASX_EVAL_OPS_H
#define ASX_EVAL_OPS_H

#include <stdbool.h>
#include <stddef.h>

#include "graph.h"

/* A batch of one value. */
typedef struct asx_tensor {
    const asx_value *value; /* shape of one image */
    float *data;
} asx_tensor;

/** Distance in memory between neighbours along each logical dimension. */
void asx_tensor_strides(ptrdiff_t stride[ASX_RANK_MAX], const asx_value *value);

/** The same for data in logical order. */
void asx_logical_strides(ptrdiff_t stride[ASX_RANK_MAX], const asx_value *value);

/** Whether the stored order is the logical one. */
bool asx_tensor_is_logical(const asx_value *value);

/** Copies a batch between its stored and its logical order; the buffers do not overlap. */
void asx_tensor_to_logical(float *out, asx_tensor in, size_t batch);
void asx_tensor_from_logical(asx_tensor out, const float *in, size_t batch);

/* Operators; `out` may be the first input's buffer where asx_op_in_place says so. */
bool asx_op_in_place(asx_op op);
void asx_op_scale(asx_tensor out, asx_tensor in, const asx_node *node, size_t batch);
void asx_op_relu(asx_tensor out, asx_tensor in, size_t batch);
void asx_op_clip(asx_tensor out, asx_tensor in, const asx_node *node, size_t batch);
void asx_op_sigmoid(asx_tensor out, asx_tensor in, size_t batch);
void asx_op_softmax(asx_tensor out, asx_tensor in, const asx_node *node, size_t batch);
void asx_op_add(asx_tensor out, asx_tensor a, asx_tensor b, size_t batch);

void asx_op_max_pool(asx_tensor out, asx_tensor in, const asx_node *node, size_t batch);
void asx_op_average_pool(asx_tensor out, asx_tensor in, const asx_node *node, size_t batch);
void asx_op_reduce_mean(asx_tensor out, asx_tensor in, const asx_node *node, size_t batch);

/** Copies `in` to its place in the output; called once per input, `at` = sizes of those before. */
void asx_op_concat(asx_tensor out, asx_tensor in, const asx_node *node, size_t at, size_t batch);

/** @param scratch room for a batch of the value */
void asx_op_reshape(asx_tensor out, asx_tensor in, float *scratch, size_t batch);
void asx_op_transpose(asx_tensor out, asx_tensor in, const asx_node *node, size_t batch);
void asx_op_slice(asx_tensor out, asx_tensor in, const asx_node *node, size_t batch);
void asx_op_pad(asx_tensor out, asx_tensor in, const asx_node *node, size_t batch);

#endif
