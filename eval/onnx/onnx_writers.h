/* What operators are written as: constants and attributes of ONNX nodes, a row for every operator.
 * Private to the writer. */
#ifndef ASX_EVAL_ONNX_WRITERS_H
#define ASX_EVAL_ONNX_WRITERS_H

#include "onnx_pen.h"

typedef struct asx_onnx_writer {
    /** Adds what a node has beside its values; `n` has its inputs and its output. */
    void (*write)(asx_pen *p, Onnx__NodeProto *n, const asx_node *node);
    const char *op_type; /* of ONNX; NULL: asx_op_text */
} asx_onnx_writer;

/** By asx_op: a row for every operator. */
extern const asx_onnx_writer asx_onnx_writers[ASX_N_OPS];

/** The oldest operator set, from 13 on, that has all functions of the pen's network. */
int asx_onnx_written_opset(const asx_pen *p);

/* A layer's weights in the order of a file. */
typedef struct asx_onnx_weight {
    size_t rank;
    const int64_t *dim;
    const float *data; /* [n_weights] */
    size_t axis;       /* of output channels */
} asx_onnx_weight;

/** Writes them, as integers where the layer holds them so; the name for an input of `n`. */
char *asx_onnx_write_weight(asx_pen *p, const Onnx__NodeProto *n, const asx_node *node,
                            const asx_onnx_weight *weight);

/** The layer's biases, as integers where they are such at the scales of its products. */
char *asx_onnx_write_bias(asx_pen *p, const Onnx__NodeProto *n, const asx_node *node);

/** A QuantizeLinear, and a DequantizeLinear behind it. */
void asx_onnx_write_quantize(asx_pen *p, Onnx__NodeProto *n, const asx_node *node);

/** Over the last dimensions, which all that is read normalises over; a constant by its name. */
void asx_onnx_write_normalise(asx_pen *p, Onnx__NodeProto *n, const asx_node *node);
void asx_onnx_write_constant(asx_pen *p, Onnx__NodeProto *n, const asx_node *node);

/** Reshape, Pad, Gather, Reshape. */
void asx_onnx_write_pick(asx_pen *p, Onnx__NodeProto *n, const asx_node *node);

/** Whether a node has integers of more than 8 bits, which are new in operator set 21. */
bool asx_onnx_is_wide(const asx_node *node);

/* The domain of QONNX's operators. */
#define ASX_ONNX_QONNX "qonnx.custom_op.general"

/** A BatchNormalization whose mean is 0, variance 1 and epsilon 0 is y = weight x + bias; NULL for
 *  ones and zeros. */
void asx_onnx_write_norm(asx_pen *p, Onnx__NodeProto *n, const float *weight, const float *bias,
                         size_t channels);

#endif
