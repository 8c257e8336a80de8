/* Operations of nodes that are left out: those of products, as far as shapes are known. */
#include <string.h>

#include "onnx_skip.h"

/* Nothing is multiplied in them. */
static const char *const movers[] = {
    "Cast",   "CastLike", "Compress",        "Concat",   "Expand",    "Flatten",
    "Gather", "GatherND", "GatherElements",  "Identity", "NonZero",   "OneHot",
    "Pad",    "Reshape",  "ReverseSequence", "Scatter",  "ScatterND", "ScatterElements",
    "Shape",  "Slice",    "Split",           "Squeeze",  "TopK",      "Transpose",
    "Unique", "Where",    "ArgMax",          "ArgMin",   "Unsqueeze", "Tile",
    "input",
};

static bool is_one_of(const char *op, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(op, list[i]) == 0)
            return true;
    return false;
}

/* A convolution: as many products an output as the weight has for one. */
static bool count_conv(size_t *macs, const asx_onnx *in, const Onnx__NodeProto *node, size_t weight,
                       const asx_value *y)
{
    size_t rank, dim[ASX_ONNX_RANK_MAX];
    if (!asx_onnx_has_input(node, weight) ||
        !asx_onnx_file_shape(&rank, dim, in, node->input[weight]) || rank < 2)
        return false;
    *macs = asx_onnx_times(asx_value_n_elements(y), asx_onnx_elements(rank, dim, 1));
    return *macs > 0;
}

/* A product of matrices: as many an output as the first has columns. */
static bool count_matmul(size_t *macs, const asx_onnx *in, const Onnx__NodeProto *node,
                         const asx_value *y)
{
    size_t rank, dim[ASX_ONNX_RANK_MAX];
    if (!asx_onnx_has_input(node, 0) || !asx_onnx_file_shape(&rank, dim, in, node->input[0]) ||
        rank < 1)
        return false;
    *macs = asx_onnx_times(asx_value_n_elements(y), dim[rank - 1]);
    return *macs > 0;
}

bool asx_onnx_count_skipped(size_t *macs, const asx_onnx *in, const Onnx__NodeProto *node,
                            const asx_value *y)
{
    static const char *const convs[] = {"Conv", "ConvInteger", "DeformConv", "FusedConv"};
    static const char *const matmuls[] = {"MatMul", "MatMulInteger", "Gemm", "FusedMatMul",
                                          "FusedGemm"};
    static const char *const attentions[] = {"Attention", "MultiHeadAttention"};
    const char *op = node->op_type ? node->op_type : "";
    *macs = 0;
    if (is_one_of(op, movers, sizeof movers / sizeof *movers))
        return true;
    if (asx_onnx_is_recurrent(node))
        return asx_onnx_count_recurrent(macs, in, node);
    if (!y)
        return false;
    if (is_one_of(op, convs, sizeof convs / sizeof *convs))
        return count_conv(macs, in, node, 1, y);
    if (is_one_of(op, matmuls, sizeof matmuls / sizeof *matmuls))
        return count_matmul(macs, in, node, y);
    if (is_one_of(op, attentions, sizeof attentions / sizeof *attentions))
        return asx_onnx_count_attention(macs, in, node, y);
    return false;
}
