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

/* onnx_layout.c */

/** Whether the input of the graph is [height][width][channels] and is turned by a Transpose before
 *  anything but arithmetic with constants and padding is done to it. */
bool asx_onnx_is_turned(const asx_onnx *in, const char *input);

/** Whether the node is that Transpose. */
bool asx_onnx_turns(const Onnx__NodeProto *node);

/** The dimension of a value that the file has as `axis` (0: the first behind the batch). */
size_t asx_onnx_image_axis(const asx_onnx *in, size_t axis);

/* onnx_turned.c */

/** Input `i` of a node, whose batch must be that dimension of the file's. */
ASX_NODISCARD asx_status asx_onnx_value_of_batch(size_t *out, asx_onnx *in,
                                                 const Onnx__NodeProto *node, size_t i,
                                                 size_t batch_axis, asx_error *err);

/** What imports a node whose first input has its batch elsewhere than in front, or gives it such a
 *  place; NULL: the operator's own import. @param batch  where it is */
typedef asx_status asx_onnx_turner(asx_onnx *in, const Onnx__NodeProto *node, size_t batch,
                                   asx_error *err);
asx_onnx_turner *asx_onnx_turned(size_t *batch, const asx_onnx *in, const Onnx__NodeProto *node);

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

/* onnx_expand.c */

/** A value broadcast to these dimensions; the value itself where nothing changes. */
ASX_NODISCARD asx_status asx_onnx_expand_to(size_t *out, asx_onnx *in, size_t value, size_t rank,
                                            const size_t *dim, asx_error *err);

/** Both broadcast to what they have in common. */
ASX_NODISCARD asx_status asx_onnx_expand_pair(size_t value[2], asx_onnx *in, asx_error *err);

/* onnx_conv.c */

/** The `n` biases in input 2, or zeros. */
ASX_NODISCARD asx_status asx_onnx_conv_bias(asx_node *conv, asx_onnx *in,
                                            const Onnx__NodeProto *node, size_t n, asx_error *err);

/** Adds a convolution that is all set as a layer and as the import of `node`; its parts move. */
ASX_NODISCARD asx_status asx_onnx_emit_conv(asx_onnx *in, const Onnx__NodeProto *node,
                                            asx_node *conv, size_t input, asx_value *y, bool lifted,
                                            asx_error *err);

/* onnx_pick.c */

/** Whether an operator only moves elements, or puts zeros between them. */
bool asx_onnx_is_mover(const char *op);

/** Imports a mover of a value: `evaluate` is asked where it moves the places of two images. */
ASX_NODISCARD asx_status asx_onnx_pick(asx_onnx *in, const Onnx__NodeProto *node,
                                       asx_onnx_evaluator *evaluate, asx_error *err);

/* onnx_product.c */

/** Adds the product of two values, [matrices, m, k] and [matrices, k, n], between nodes of the file, as a layer that is
 *  called after `node`; one node reads it. */
ASX_NODISCARD asx_status asx_onnx_insert_product(size_t *out, asx_onnx *in,
                                                 const Onnx__NodeProto *node, const size_t value[2],
                                                 asx_error *err);

/* onnx_number.c */

/** A constant as a value of `rank` dimensions per image. */
ASX_NODISCARD asx_status asx_onnx_number(size_t *out, asx_onnx *in, const asx_onnx_constant *c,
                                         size_t rank, const char *name, asx_error *err);

/** Input `i` of a node, as a value in either case. */
ASX_NODISCARD asx_status asx_onnx_value_or_number(size_t *out, asx_onnx *in,
                                                  const Onnx__NodeProto *node, size_t i,
                                                  size_t rank, asx_error *err);

/* onnx_calculate.c */

/** Extends rank and dimensions of `*out` by those of `x`. @return ASX_EINVAL if they do not fit */
ASX_NODISCARD asx_status asx_onnx_broadcast(asx_onnx_constant *out, const asx_onnx_constant *x,
                                            asx_error *err);

/** Where element `i` of `to` comes from in `x`, which was broadcast to it. */
size_t asx_onnx_broadcast_at(const asx_onnx_constant *x, const asx_onnx_constant *to, size_t i);

/* onnx_window.c */

/**
 * Reads kernel_shape, strides, dilations, pads, auto_pad for an input of height and width `size`; a
 * `lifted` node of the file knows the width only.
 *
 * @param kernel  of the weight, or NULL: kernel_shape must be there
 * @param out_size  of the output
 */
ASX_NODISCARD asx_status asx_onnx_window(asx_window *out, size_t out_size[2],
                                         const Onnx__NodeProto *node, const size_t *size,
                                         const size_t *kernel, bool lifted, asx_error *err);

/* onnx_layer.c */

/** Adds `*layer`, named after the weight (input `weight` of the node), to the workload. */
ASX_NODISCARD asx_status asx_onnx_add_layer(int *index, asx_onnx *in, const Onnx__NodeProto *node,
                                            size_t weight, asx_layer *layer, asx_error *err);

/* onnx_quantize.c */

/** Notes on a layer, whose weights and number of biases are set, the steps of the constant that its
 *  weights come from; asx_network_settle_held looks whether they hold. */
ASX_NODISCARD asx_status asx_onnx_hold(asx_node *layer, const asx_onnx_constant *weight,
                                       asx_error *err);

/** Refuses an operator that would take integers of a quantised value for real numbers. */
ASX_NODISCARD asx_status asx_onnx_check_quantised(const asx_onnx *in, const Onnx__NodeProto *node,
                                                  asx_error *err);

/** Lets the outputs of an operator that moves numbers be quantised as its input is. */
void asx_onnx_pass_quantised(asx_onnx *in, const Onnx__NodeProto *node);

/** Ends a network whose output is quantised with the file's integers. */
ASX_NODISCARD asx_status asx_onnx_end_quantised(asx_onnx *in, const asx_onnx_symbol *symbol,
                                                asx_error *err);

/* onnx_fold.c */

/** Imports y = scale[c] x + shift[c]: folded into the layer before it where that is possible, else
 *  a Scale node. Both arrays have one element per first dimension of `value`. */
ASX_NODISCARD asx_status asx_onnx_affine(asx_onnx *in, const Onnx__NodeProto *node, size_t value,
                                         const double *scale, const double *shift, asx_error *err);

/** The dense or convolution node that computes `value` for nobody but the current reader; NULL if
 *  there is none. */
asx_node *asx_onnx_sole_layer(asx_onnx *in, size_t value);

/* onnx_ops.c */

/** The import of an operator, of the standard or of QONNX; NULL if it is not known. */
const asx_onnx_op *asx_onnx_op_find(const char *name, bool qonnx);

/** The i-th of these; NULL behind the last. */
const asx_onnx_op *asx_onnx_op_at(size_t i, bool qonnx);

/* handlers, by file */
asx_onnx_handler asx_onnx_conv, asx_onnx_conv_transpose, asx_onnx_max_pool, asx_onnx_average_pool,
    asx_onnx_global_average_pool, asx_onnx_global_max_pool;
asx_onnx_handler asx_onnx_gemm, asx_onnx_matmul;
asx_onnx_handler asx_onnx_batch_norm, asx_onnx_add, asx_onnx_sub, asx_onnx_mul, asx_onnx_div;
asx_onnx_handler asx_onnx_relu, asx_onnx_clip, asx_onnx_sigmoid, asx_onnx_softmax,
    asx_onnx_log_softmax;
asx_onnx_handler asx_onnx_flatten, asx_onnx_reshape, asx_onnx_transpose, asx_onnx_concat,
    asx_onnx_reduce_mean;
asx_onnx_handler asx_onnx_slice, asx_onnx_pad, asx_onnx_gather, asx_onnx_expand, asx_onnx_resize;
asx_onnx_handler asx_onnx_pair, asx_onnx_extreme, asx_onnx_function, asx_onnx_pow, asx_onnx_prelu;
asx_onnx_handler asx_onnx_split;
asx_onnx_handler asx_onnx_squeeze, asx_onnx_unsqueeze;
asx_onnx_handler asx_onnx_constant_node, asx_onnx_shape;
asx_onnx_handler asx_onnx_cast;
asx_onnx_handler asx_onnx_identity, asx_onnx_dropout;
asx_onnx_handler asx_onnx_quantize, asx_onnx_dequantize, asx_onnx_clip_quantised;
asx_onnx_handler asx_onnx_quant, asx_onnx_bipolar_quant;

asx_onnx_handler asx_onnx_einsum;
asx_onnx_handler asx_onnx_product, asx_onnx_layer_norm, asx_onnx_instance_norm, asx_onnx_group_norm;
asx_onnx_handler asx_onnx_reduce, asx_onnx_where;
asx_onnx_handler asx_onnx_lstm, asx_onnx_gru, asx_onnx_rnn;

/* evaluators, by file */
asx_onnx_evaluator asx_onnx_depth_space, asx_onnx_tile_constant, asx_onnx_trilu_constant,
    asx_onnx_gather_elements;
asx_onnx_evaluator asx_onnx_reduce_constant, asx_onnx_extreme_position;
asx_onnx_evaluator asx_onnx_quantize_constant, asx_onnx_dequantize_constant, asx_onnx_clip_constant;
asx_onnx_evaluator asx_onnx_quant_constant, asx_onnx_bipolar_quant_constant;
asx_onnx_evaluator asx_onnx_shape_of_constant, asx_onnx_constant_of_shape;
asx_onnx_evaluator asx_onnx_range_constant, asx_onnx_expand_constant, asx_onnx_function_constant,
    asx_onnx_relu_constant;
asx_onnx_evaluator asx_onnx_binary_constants, asx_onnx_not_constant, asx_onnx_where_constants,
    asx_onnx_cast_constant;
asx_onnx_evaluator asx_onnx_reshape_constant, asx_onnx_squeeze_constant,
    asx_onnx_unsqueeze_constant, asx_onnx_transpose_constant, asx_onnx_slice_constant,
    asx_onnx_gather_constant, asx_onnx_concat_constants;

#endif
