/* MatMul: by a constant matrix a dense layer, else a product of two values. */
#include <string.h>

#include "onnx_ops.h"

/* The leading dimensions of both, broadcast. */
static asx_status align(size_t value[2], asx_onnx *in, asx_error *err)
{
    const asx_value a = in->net->value[value[0]], b = in->net->value[value[1]];
    char a_text[96], b_text[96];
    size_t dim[2][ASX_RANK_MAX];
    bool fits = a.rank == b.rank && a.rank >= 2 && a.dim[a.rank - 1] == b.dim[a.rank - 2];
    for (size_t i = 0; fits && i < a.rank; i++) {
        const bool outer = i + 2 < a.rank;
        fits = !outer || a.dim[i] == b.dim[i] || a.dim[i] == 1 || b.dim[i] == 1;
        dim[0][i] = outer && a.dim[i] == 1 ? b.dim[i] : a.dim[i];
        dim[1][i] = outer && b.dim[i] == 1 ? a.dim[i] : b.dim[i];
    }
    if (!fits)
        return asx_fail(err, ASX_EUNSUPPORTED, "values of shapes %s and %s per image",
                        asx_onnx_shape_text(a_text, sizeof a_text, a.rank, a.dim),
                        asx_onnx_shape_text(b_text, sizeof b_text, b.rank, b.dim));
    asx_status status = asx_onnx_expand_to(&value[0], in, value[0], a.rank, dim[0], err);
    return status == ASX_OK ? asx_onnx_expand_to(&value[1], in, value[1], a.rank, dim[1], err)
                            : status;
}

/* Matrices side by side, as asx_layer has them. */
static asx_layer layer_of(const asx_value *a, const asx_value *b)
{
    size_t groups = 1;
    for (size_t i = 0; i + 2 < a->rank; i++)
        groups *= a->dim[i];
    const size_t m = a->dim[a->rank - 2], k = a->dim[a->rank - 1], n = b->dim[b->rank - 1];
    return (asx_layer){.kind = ASX_LAYER_PRODUCT,
                       .in_c = groups * k,
                       .in_h = m,
                       .in_w = 1,
                       .out_c = groups * n,
                       .out_h = m,
                       .out_w = 1,
                       .kernel_h = 1,
                       .kernel_w = 1,
                       .stride_h = 1,
                       .stride_w = 1,
                       .groups = groups,
                       .input_non_negative = a->non_negative};
}

/* The product's node and its shape, as a layer of the workload. */
static asx_status make_product(asx_node *made, asx_value *y, asx_onnx *in,
                               const Onnx__NodeProto *node, const size_t value[2], asx_error *err)
{
    const asx_value *a = &in->net->value[value[0]], *b = &in->net->value[value[1]];
    asx_layer layer = layer_of(a, b);
    *y = *a;
    y->name = NULL;
    y->dim[a->rank - 1] = b->dim[a->rank - 1];
    y->non_negative = a->non_negative && b->non_negative;
    *made = (asx_node){.op = ASX_OP_MATMUL};
    return asx_onnx_add_layer(&made->layer, in, node, 1, &layer, err);
}

asx_status asx_onnx_insert_product(size_t *out, asx_onnx *in, const Onnx__NodeProto *node,
                                   const size_t value[2], asx_error *err)
{
    asx_node made;
    asx_value y;
    const asx_status status = make_product(&made, &y, in, node, value, err);
    return status == ASX_OK ? asx_onnx_insert_many(out, in, &made, value, 2, &y, 1, err) : status;
}

asx_status asx_onnx_product(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    size_t value[2];
    const size_t known = asx_onnx_is_constant(in, node, 0) ? 1 : 0;
    asx_status status = asx_onnx_value(&value[known], in, node, known, err);
    if (status != ASX_OK)
        return status;
    const size_t rank = in->net->value[value[known]].rank;
    status = asx_onnx_value_or_number(&value[1 - known], in, node, 1 - known, rank, err);
    if (status == ASX_OK)
        status = align(value, in, err);
    if (status != ASX_OK)
        return status;
    asx_node made;
    asx_value y;
    status = make_product(&made, &y, in, node, value, err);
    return status == ASX_OK ? asx_onnx_emit(in, node, &made, value, 2, &y, err) : status;
}
