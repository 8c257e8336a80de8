/* Gemm and MatMul with a constant right side: dense layers. */
#include <math.h>
#include <stdlib.h>

#include "dse/memory.h"
#include "onnx_ops.h"

/* Makes weight [out_c][in_c] = alpha B or alpha B', where B is the constant in input 1. */
static asx_status make_weight(asx_node *dense, size_t *out_c, asx_onnx *in,
                              const Onnx__NodeProto *node, size_t in_c, bool transposed,
                              float alpha, asx_error *err)
{
    char text[96];
    asx_onnx_constant b = {0};
    asx_status status = asx_onnx_floats(&b, in, node, 1, err);
    if (status != ASX_OK)
        return status;
    if (b.rank != 2 || b.n == 0 || b.dim[transposed ? 1 : 0] != in_c) {
        status = asx_fail(err, b.rank == 2 ? ASX_EINVAL : ASX_EUNSUPPORTED,
                          "weight %s does not fit an input of %zu",
                          asx_onnx_shape_text(text, sizeof text, b.rank, b.dim), in_c);
        goto done;
    }
    const size_t n = b.dim[transposed ? 0 : 1];
    if (!(dense->weight = asx_array_new(b.n, sizeof *dense->weight))) {
        status = asx_fail(err, ASX_ENOMEM, "no memory for %zu weights", b.n);
        goto done;
    }
    for (size_t o = 0; o < n; o++) {
        for (size_t i = 0; i < in_c; i++) {
            const float w = alpha * b.f[transposed ? o * in_c + i : i * n + o];
            if (!isfinite(w))
                status = asx_fail(err, ASX_EINVAL, "a weight times alpha overflows");
            dense->weight[o * in_c + i] = w;
        }
    }
    dense->n_weights = b.n;
    dense->n_biases = *out_c = n;
    for (size_t i = 0; i < b.n_steps; i++)
        b.step[i] *= alpha;
    if (status == ASX_OK)
        status = asx_onnx_hold(dense, &b, err);
done:
    asx_onnx_constant_fini(&b);
    return status;
}

/* Makes bias [n] = beta C, where C, if there is one, is the constant in input 2. */
static asx_status make_bias(asx_node *dense, asx_onnx *in, const Onnx__NodeProto *node, size_t n,
                            float beta, asx_error *err)
{
    char text[96];
    asx_onnx_constant c = {0};
    asx_status status = ASX_OK;
    if (asx_onnx_has_input(node, 2)) {
        status = asx_onnx_floats(&c, in, node, 2, err);
        if (status != ASX_OK)
            return status;
        const bool vector = c.n == n && (c.rank == 0 || c.dim[c.rank - 1] == n);
        if (!vector && c.n != 1) {
            status = asx_fail(err, ASX_EINVAL, "bias %s does not fit an output of %zu",
                              asx_onnx_shape_text(text, sizeof text, c.rank, c.dim), n);
            goto done;
        }
    }
    if (!(dense->bias = asx_array_new(n, sizeof *dense->bias))) {
        status = asx_fail(err, ASX_ENOMEM, "no memory for %zu biases", n);
        goto done;
    }
    dense->n_biases = n;
    for (size_t i = 0; c.f && i < n; i++) {
        dense->bias[i] = beta * c.f[c.n == 1 ? 0 : i];
        if (!isfinite(dense->bias[i]))
            status = asx_fail(err, ASX_EINVAL, "a bias times beta overflows");
    }
done:
    asx_onnx_constant_fini(&c);
    return status;
}

/* y = alpha x B + beta C over the last dimension of x. */
static asx_status import_dense(asx_onnx *in, const Onnx__NodeProto *node, size_t input,
                               bool transposed, float alpha, float beta, asx_error *err)
{
    const asx_value x = in->net->value[input];
    const size_t in_c = x.dim[x.rank - 1];
    asx_value y = {.rank = x.rank};
    asx_node dense = {.op = ASX_OP_DENSE, .groups = 1};
    asx_status status =
        make_weight(&dense, &y.dim[x.rank - 1], in, node, in_c, transposed, alpha, err);
    if (status == ASX_OK)
        status = make_bias(&dense, in, node, y.dim[x.rank - 1], beta, err);
    if (status != ASX_OK)
        goto done;
    size_t positions = 1;
    for (size_t i = 0; i + 1 < x.rank; i++) {
        y.dim[i] = x.dim[i];
        positions *= x.dim[i];
    }
    status = asx_onnx_add_layer(&dense.layer, in, node, 1,
                                &(asx_layer){.kind = ASX_LAYER_DENSE,
                                             .in_c = in_c,
                                             .in_h = positions,
                                             .in_w = 1,
                                             .out_c = y.dim[x.rank - 1],
                                             .out_h = positions,
                                             .out_w = 1,
                                             .kernel_h = 1,
                                             .kernel_w = 1,
                                             .stride_h = 1,
                                             .stride_w = 1,
                                             .groups = 1,
                                             .input_non_negative = x.non_negative},
                                err);
    if (status == ASX_OK)
        status = asx_onnx_emit(in, node, &dense, &input, 1, &y, err);
done:
    asx_node_fini(&dense);
    return status;
}

asx_status asx_onnx_gemm(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    int64_t trans_a, trans_b;
    float alpha, beta;
    size_t input;
    asx_status status = asx_onnx_int(&trans_a, node, "transA", 0, 0, 0, err);
    if (status == ASX_OK)
        status = asx_onnx_int(&trans_b, node, "transB", 0, 0, 1, err);
    if (status == ASX_OK)
        status = asx_onnx_float(&alpha, node, "alpha", 1, err);
    if (status == ASX_OK)
        status = asx_onnx_float(&beta, node, "beta", 1, err);
    if (status == ASX_OK)
        status = asx_onnx_value(&input, in, node, 0, err);
    if (status != ASX_OK)
        return status;
    const asx_value *x = &in->net->value[input];
    if (!asx_onnx_is_constant(in, node, 1))
        return asx_fail(
            err, ASX_EUNSUPPORTED,
            "its second input is no constant, so that images would be multiplied with each other: "
            "products of an image's own values are MatMul's");
    if (asx_onnx_has_input(node, 2) && !asx_onnx_is_constant(in, node, 2))
        return asx_fail(err, ASX_EUNSUPPORTED, "its bias is no constant: use MatMul and Add");
    if (x->rank != 1) {
        char text[96];
        return asx_fail(err, ASX_EINVAL, "its input is %s per image, not a vector",
                        asx_onnx_shape_text(text, sizeof text, x->rank, x->dim));
    }
    return import_dense(in, node, input, trans_b != 0, alpha, beta, err);
}

/* By a constant matrix; all else is a product of two values. */
asx_status asx_onnx_matmul(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    size_t input, rank = 0;
    const asx_onnx_symbol *b =
        asx_onnx_has_input(node, 1) ? asx_onnx_find(in, node->input[1]) : NULL;
    if (asx_onnx_is_constant_symbol(b))
        rank = b->tensor ? b->tensor->n_dims : b->constant->rank;
    if (rank != 2)
        return asx_onnx_product(in, node, err);
    asx_status status = asx_onnx_value(&input, in, node, 0, err);
    if (status != ASX_OK)
        return status;
    return import_dense(in, node, input, false, 1, 1, err);
}
