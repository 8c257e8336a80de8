/* What is left out of a network for costs: its shape and its operations. Private to the importer. */
#ifndef ASX_EVAL_ONNX_SKIP_H
#define ASX_EVAL_ONNX_SKIP_H

#include "onnx_ops.h"

/* onnx_skip_file.c */

/** The dimensions that a name has in the file, batch first: of what is computed or constant, or as
 *  the file says. @return whether they are known; those that the file leaves open are 0 */
bool asx_onnx_file_shape(size_t *rank, size_t *dim, const asx_onnx *in, const char *name);

/** a b; 0: more operations than a layer may have, or none. */
size_t asx_onnx_times(size_t a, size_t b);

/** Elements from dimension `first` on; likewise. */
size_t asx_onnx_elements(size_t rank, const size_t *dim, size_t first);

/* onnx_skip_shape.c */

/** What asx_onnx_file_shape says, as an image. @return whether it is known, and can be one of a network's values */
bool asx_onnx_image_shape(asx_value *y, const asx_onnx *in, const char *name);

/** The same of output `k` of a node, which may follow from its inputs. @param batch_axis  the
 *  dimension of the file's that is the batch */
bool asx_onnx_output_shape(asx_value *y, size_t *batch_axis, const asx_onnx *in,
                           const Onnx__NodeProto *node, size_t k);

/* onnx_skip_recurrent.c */

/** Whether the node is an LSTM, GRU or RNN. */
bool asx_onnx_is_recurrent(const Onnx__NodeProto *node);

/** Output `k` of such a node, per image. @return whether it follows from the shapes of its sequence,
 *  W and R */
bool asx_onnx_recurrent_shape(asx_value *y, size_t *batch_axis, const asx_onnx *in,
                              const Onnx__NodeProto *node, size_t k);

/** Its multiply-accumulates per image: each weight of W and R once a step. @return likewise */
bool asx_onnx_count_recurrent(size_t *macs, const asx_onnx *in, const Onnx__NodeProto *node);

/* onnx_skip_attention.c */

/** Whether an Attention's or MultiHeadAttention's heads divide its features, and a packed weight
 *  fits. @return ASX_OK, for other nodes too; ASX_EINVAL; ASX_EPARSE */
ASX_NODISCARD asx_status asx_onnx_check_attention(const asx_onnx *in, const Onnx__NodeProto *node,
                                                  asx_error *err);

/** The dimensions of its first output, batch first: those of what asks, the features being those
 *  of values where one weight makes all. @return whether they are known */
bool asx_onnx_attention_shape(size_t *rank, size_t *dim, const asx_onnx *in,
                              const Onnx__NodeProto *node);

/** Its multiply-accumulates per image: to T keys, queries by keys, and what comes out by values, T
 *  products an element each; a packed weight's products too. */
bool asx_onnx_count_attention(size_t *macs, const asx_onnx *in, const Onnx__NodeProto *node,
                              const asx_value *y);

/* onnx_skip_count.c */

/**
 * Multiply-accumulates of a node per image.
 * @param y  what it computes, per image; NULL: not known
 * @return whether they can be told
 */
bool asx_onnx_count_skipped(size_t *macs, const asx_onnx *in, const Onnx__NodeProto *node,
                            const asx_value *y);

#endif
