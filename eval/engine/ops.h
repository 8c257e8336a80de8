/* The operators that have no number format: a table of them, in plain C on floats. Private to eval.
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

/* Where a network's values are while a batch passes through it. */
typedef struct asx_values {
    const asx_value *value; /* shapes, by index */
    const size_t *offset;   /* by index, in floats from the start of the workspace */
    float *workspace;
    float *scratch; /* room for a batch of any feature map, free between operators */
    size_t batch;
} asx_values;

static inline asx_tensor asx_values_at(const asx_values *v, size_t index)
{
    return (asx_tensor){&v->value[index], v->workspace + v->offset[index]};
}

/** Computes a node's output from its inputs, for the whole batch. */
typedef void asx_op_forward(const asx_values *values, const asx_node *node);

/** Computes n elements of a function of one number; y may be x. */
typedef void asx_op_pointwise(float *y, const float *x, size_t n, const asx_node *node);

/* What the engine and training have to know of an operator. */
typedef struct asx_op_type {
    asx_op_forward *forward; /* NULL: a layer with weights, whose numbers have a format */
    bool in_place;           /* the output may be the first input's buffer */
    asx_op_pointwise
        *point; /* what `forward` does to each element; NULL: it sees more, or is cheap */
} asx_op_type;

/** By asx_op: a row for every operator. */
extern const asx_op_type asx_op_types[ASX_N_OPS];

/* ops_point.c */
asx_op_forward asx_op_scale, asx_op_relu, asx_op_clip, asx_op_quantize, asx_op_sigmoid, asx_op_add;
asx_op_forward asx_op_softmax, asx_op_log_softmax;

asx_op_pointwise asx_point_sigmoid, asx_point_function;

/* ops_pair.c */
asx_op_forward asx_op_sub, asx_op_mul, asx_op_div, asx_op_max, asx_op_min, asx_op_function;

/* ops_pool.c */
asx_op_forward asx_op_max_pool, asx_op_average_pool, asx_op_reduce_mean;

/** Strides of a mean's output along the dimensions of its input: 0 along those averaged. */
void asx_mean_strides(ptrdiff_t to[ASX_RANK_MAX], const asx_value *out, const asx_value *in,
                      const asx_node *node);

/** Whether a ReduceMean is over the places of a feature map, as networks end. */
bool asx_is_mean_of_places(const asx_node *node, const asx_value *in);

/* ops_move.c */
asx_op_forward asx_op_concat, asx_op_reshape, asx_op_transpose, asx_op_slice, asx_op_pad,
    asx_op_pick;

/** Where element `i` of the logical order lies. */
size_t asx_place_of(const asx_value *value, size_t i);

/* ops_attend.c */
asx_op_forward asx_op_constant, asx_op_matmul, asx_op_normalise;

/* A product of matrices in a batch of images, and how its operands and result (0, 1, 2) lie. */
typedef struct asx_product {
    size_t m, depth, n, outer[2]; /* outer: leading dimensions, one product for each */
    ptrdiff_t step[3][2], row[3], column[3];
} asx_product;

asx_product asx_product_of(const asx_value *a, const asx_value *b, const asx_value *y);

/** y = a b of a batch of images, sums in doubles. */
void asx_multiply(asx_tensor y, asx_tensor a, asx_tensor b, size_t batch);

/* The places of a value, in spans of those that are normalised together. */
typedef struct asx_spans {
    size_t n_spans, n; /* n: places of a span */
    size_t inside[ASX_RANK_MAX], outside[ASX_RANK_MAX];
    ptrdiff_t stride[ASX_RANK_MAX];
} asx_spans;

asx_spans asx_spans_of(const asx_value *value, const bool *reduced);

/** Where number `i` of a box of `dim` (inside or outside) lies, in logical order. */
size_t asx_span_at(const asx_spans *s, const size_t *dim, size_t i);

#endif
