/* Handlers of ONNX operators, and what they share. Private to the importer.
 *
 * A handler reports only what is wrong; file, node and operator are put in front of its message by
 * the loop that calls it. */
#ifndef ASX_EVAL_ONNX_OPS_H
#define ASX_EVAL_ONNX_OPS_H

#include "onnx_attribute.h"

typedef asx_status asx_onnx_handler(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err);

/** Computes the node's output, a constant, from its inputs: `x` has at least ASX_ONNX_INPUTS_MIN,
 *  those that are absent being zeros. */
typedef asx_status asx_onnx_evaluator(asx_onnx_constant *out, asx_onnx *in,
                                      const Onnx__NodeProto *node, const asx_onnx_constant *x,
                                      asx_error *err);
enum { ASX_ONNX_INPUTS_MIN = 5 };

typedef struct asx_onnx_op {
    const char *name;
    asx_onnx_handler *import;     /* where an input is computed by the network */
    asx_onnx_evaluator *evaluate; /* where all inputs are constants; NULL: left to `import` */
    size_t min_inputs, max_inputs;
    const char *attributes; /* the known ones, separated by blanks; others are refused */
} asx_onnx_op;

/* onnx_shape.c */

/** "[3, 32, 32]"; `room` should be 96. */
const char *asx_onnx_shape_text(char *out, size_t room, size_t rank, const size_t *dim);

/** A node whose output `*y` has the elements of value `input` in other dimensions; an alias where
 *  nothing changes. */
ASX_NODISCARD asx_status asx_onnx_emit_reshape(asx_onnx *in, const Onnx__NodeProto *node,
                                               size_t input, asx_value *y, asx_error *err);

/* onnx_layout.c */

/** Whether the input of the graph is [height][width][channels] and is turned by a Transpose before
 *  anything but arithmetic with constants and padding is done to it. */
bool asx_onnx_is_turned(const asx_onnx *in, const char *input);

/** Whether the node is that Transpose. */
bool asx_onnx_turns(const Onnx__NodeProto *node);

/** The dimension of a value that the file has as `axis` (0: the first behind the batch). */
size_t asx_onnx_image_axis(const asx_onnx *in, size_t axis);

/* onnx_slice.c */

/** Number of elements start, start + step, ... before `end` in a dimension of `size`; as the
 *  standard says, negative positions count from the end and all are cut to the dimension. */
size_t asx_onnx_count_steps(int64_t *start, int64_t end, int64_t step, int64_t size);

/* onnx_squeeze.c */

/** Marks the listed axes of `rank` dimensions (negative ones count from the end), each once. */
ASX_NODISCARD asx_status asx_onnx_mark_axes(bool *marked, const int64_t *axes, size_t n,
                                            size_t rank, asx_error *err);

/* onnx_symbol.c */

/** Whether anything that the output depends on uses the node. */
bool asx_onnx_is_live(const asx_onnx *in, const Onnx__NodeProto *node);

/* onnx_constant.c */

/** Whether the node has inputs, and all that it has are constants. */
bool asx_onnx_all_constant(const asx_onnx *in, const Onnx__NodeProto *node);

/** Lets the node's output stand for the constant that `evaluate` makes. */
ASX_NODISCARD asx_status asx_onnx_evaluate(asx_onnx *in, const Onnx__NodeProto *node,
                                           asx_onnx_evaluator *evaluate, asx_error *err);

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
    asx_onnx_global_average_pool, asx_onnx_global_max_pool;
asx_onnx_handler asx_onnx_gemm, asx_onnx_matmul;
asx_onnx_handler asx_onnx_batch_norm, asx_onnx_add, asx_onnx_sub, asx_onnx_mul, asx_onnx_div;
asx_onnx_handler asx_onnx_relu, asx_onnx_clip, asx_onnx_sigmoid, asx_onnx_softmax,
    asx_onnx_log_softmax;
asx_onnx_handler asx_onnx_flatten, asx_onnx_reshape, asx_onnx_transpose, asx_onnx_concat,
    asx_onnx_reduce_mean;
asx_onnx_handler asx_onnx_slice, asx_onnx_pad;
asx_onnx_handler asx_onnx_split;
asx_onnx_handler asx_onnx_squeeze, asx_onnx_unsqueeze;
asx_onnx_handler asx_onnx_constant_node, asx_onnx_shape;
asx_onnx_handler asx_onnx_cast;
asx_onnx_handler asx_onnx_identity;

/* evaluators, by file */
asx_onnx_evaluator asx_onnx_shape_of_constant, asx_onnx_constant_of_shape;
asx_onnx_evaluator asx_onnx_add_constants, asx_onnx_sub_constants, asx_onnx_mul_constants,
    asx_onnx_div_constants, asx_onnx_cast_constant;
asx_onnx_evaluator asx_onnx_reshape_constant, asx_onnx_squeeze_constant,
    asx_onnx_unsqueeze_constant, asx_onnx_transpose_constant, asx_onnx_slice_constant,
    asx_onnx_gather_constant, asx_onnx_concat_constants;

#endif
