/* Handlers of ONNX operators, and what they share. Private to the importer.
 *
 * A handler reports only what is wrong; file, node and operator are put in front of its message by
 * the loop that calls it. */
#ifndef ASX_EVAL_ONNX_OPS_H
#define ASX_EVAL_ONNX_OPS_H

#include "onnx.h"

typedef asx_status asx_onnx_handler(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err);

typedef struct asx_onnx_op {
    const char *name;
    asx_onnx_handler *import;
    size_t min_inputs, max_inputs;
    const char *attributes; /* the known ones, separated by blanks; others are refused */
} asx_onnx_op;

/* onnx_shape.c */

/** "[3, 32, 32]"; `room` should be 96. */
const char *asx_onnx_shape_text(char *out, size_t room, size_t rank, const size_t *dim);

/* onnx_window.c */

/**
 * Reads kernel_shape, strides, dilations, pads, auto_pad for an input of height and width `size`.
 *
 * @param kernel  of the weight, or NULL: kernel_shape must be there
 * @param out_size  of the output
 */
ASX_NODISCARD asx_status asx_onnx_window(asx_window *out, size_t out_size[2],
                                         const Onnx__NodeProto *node, const size_t *size,
                                         const size_t *kernel, asx_error *err);

/* onnx_layer.c */

/** Adds `*layer`, named after the weight (input `weight` of the node), to the workload. */
ASX_NODISCARD asx_status asx_onnx_add_layer(int *index, asx_onnx *in, const Onnx__NodeProto *node,
                                            size_t weight, asx_layer *layer, asx_error *err);

/* onnx_fold.c */

/** Imports y = scale[c] x + shift[c]: folded into the layer before it where that is possible, else
 *  a Scale node. Both arrays have one element per first dimension of `value`. */
ASX_NODISCARD asx_status asx_onnx_affine(asx_onnx *in, const Onnx__NodeProto *node, size_t value,
                                         const double *scale, const double *shift, asx_error *err);

/** The dense or convolution node that computes `value` for nobody but the current reader; NULL if
 *  there is none. */
asx_node *asx_onnx_sole_layer(asx_onnx *in, size_t value);

/* onnx_ops.c */

/** The import of an operator; NULL if it is not known. */
const asx_onnx_op *asx_onnx_op_find(const char *name);

/* handlers, by file */
asx_onnx_handler asx_onnx_conv, asx_onnx_max_pool, asx_onnx_average_pool,
    asx_onnx_global_average_pool;
asx_onnx_handler asx_onnx_gemm, asx_onnx_matmul;
asx_onnx_handler asx_onnx_batch_norm, asx_onnx_add, asx_onnx_sub, asx_onnx_mul, asx_onnx_div;
asx_onnx_handler asx_onnx_relu, asx_onnx_clip, asx_onnx_sigmoid, asx_onnx_softmax;
asx_onnx_handler asx_onnx_flatten, asx_onnx_reshape, asx_onnx_transpose, asx_onnx_concat,
    asx_onnx_reduce_mean;
asx_onnx_handler asx_onnx_slice, asx_onnx_pad;
asx_onnx_handler asx_onnx_constant_node, asx_onnx_identity;

#endif
