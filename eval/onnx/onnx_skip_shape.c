/* Shapes of what a node that is left out would compute. */
#include <string.h>

#include "onnx_skip.h"

/* What an operator says of its first output: the shape of its first input, or positions in a table
 * that become rows of it. */
static bool shape_by_operator(size_t *rank, size_t *dim, const asx_onnx *in,
                              const Onnx__NodeProto *node)
{
    static const char *const keep[] = {"SkipLayerNormalization",
                                       "FastGelu",
                                       "QuickGelu",
                                       "BiasGelu",
                                       "CumSum",
                                       "Hardmax",
                                       "IsNaN",
                                       "IsInf",
                                       "Scatter",
                                       "ScatterElements",
                                       "ScatterND",
                                       "Bernoulli",
                                       "LpNormalization",
                                       "MeanVarianceNormalization",
                                       "ReverseSequence",
                                       "RotaryEmbedding"};
    const char *op = node->op_type ? node->op_type : "";
    for (size_t i = 0; i < sizeof keep / sizeof *keep; i++)
        if (strcmp(op, keep[i]) == 0)
            return asx_onnx_has_input(node, 0) &&
                   asx_onnx_file_shape(rank, dim, in, node->input[0]);
    if (strcmp(op, "Attention") == 0 || strcmp(op, "MultiHeadAttention") == 0)
        return asx_onnx_attention_shape(rank, dim, in, node);
    size_t rows, row[ASX_ONNX_RANK_MAX];
    if (strcmp(op, "Gather") != 0 || !asx_onnx_is_constant(in, node, 0) ||
        asx_onnx_attribute(node, "axis") || !asx_onnx_has_input(node, 1) ||
        !asx_onnx_file_shape(&rows, row, in, node->input[0]) || rows != 2 ||
        !asx_onnx_file_shape(rank, dim, in, node->input[1]) || *rank >= ASX_ONNX_RANK_MAX)
        return false;
    dim[(*rank)++] = row[1];
    return true;
}

/* A shape of the file as that of an image. Channels that come last, and batches of another size,
 * are beyond it. */
static bool image_of(asx_value *y, const asx_onnx *in, size_t rank, const size_t *dim)
{
    if (in->channels_last || rank < 2 || rank > ASX_RANK_MAX + 1 ||
        (dim[0] > 0 && in->batch > 0 && dim[0] != (size_t)in->batch))
        return false;
    *y = (asx_value){.rank = rank - 1};
    for (size_t i = 1; i < rank; i++) {
        if (dim[i] == 0)
            return false;
        y->dim[i - 1] = dim[i];
    }
    return true;
}

bool asx_onnx_image_shape(asx_value *y, const asx_onnx *in, const char *name)
{
    size_t rank, dim[ASX_ONNX_RANK_MAX];
    return asx_onnx_file_shape(&rank, dim, in, name) && image_of(y, in, rank, dim);
}

bool asx_onnx_output_shape(asx_value *y, size_t *batch_axis, const asx_onnx *in,
                           const Onnx__NodeProto *node, size_t k)
{
    size_t rank, dim[ASX_ONNX_RANK_MAX];
    *batch_axis = 0;
    if (asx_onnx_is_recurrent(node))
        return asx_onnx_recurrent_shape(y, batch_axis, in, node, k);
    return asx_onnx_image_shape(y, in, node->output[k]) ||
           (k == 0 && shape_by_operator(&rank, dim, in, node) && image_of(y, in, rank, dim));
}
