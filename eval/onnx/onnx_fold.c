/* Folding of affine maps per channel (BatchNormalization, biases, constant factors) into the layer
 * that computes their input: s (W x + b) + t = (s W) x + (s b + t). */
#include <math.h>
#include <stdint.h>

#include "dse/memory.h"
#include "onnx_ops.h"

asx_node *asx_onnx_sole_layer(asx_onnx *in, size_t value)
{
    const asx_onnx_use *use = &in->use[value];
    if (use->count != 1 || use->producer == SIZE_MAX)
        return NULL;
    asx_node *node = &in->net->node[use->producer];
    return node->layer != ASX_NO_LAYER ? node : NULL;
}

static asx_status check_range(const float *x, size_t n, const char *what, asx_error *err)
{
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i]))
            return asx_fail(err, ASX_EINVAL, "%s %zu is %g after folding", what, i, (double)x[i]);
    }
    return ASX_OK;
}

static asx_status fold(asx_onnx *in, asx_node *layer, const double *scale, const double *shift,
                       asx_error *err)
{
    asx_status status = asx_onnx_spend(in, layer->n_weights, err);
    if (status != ASX_OK)
        return status;
    const size_t depth = layer->n_weights / layer->n_biases;
    for (size_t c = 0; c < layer->n_biases; c++) {
        float *w = layer->weight + c * depth;
        for (size_t i = 0; i < depth; i++)
            w[i] = (float)(scale[c] * (double)w[i]);
        if (layer->held.weight_scale)
            layer->held.weight_scale[c] *= (float)fabs(scale[c]);
        layer->bias[c] = (float)(scale[c] * (double)layer->bias[c] + shift[c]);
    }
    status = check_range(layer->weight, layer->n_weights, "weight", err);
    if (status == ASX_OK)
        status = check_range(layer->bias, layer->n_biases, "bias", err);
    return status;
}

static asx_status add_scale(asx_onnx *in, const Onnx__NodeProto *node, size_t value,
                            const double *scale, const double *shift, asx_error *err)
{
    asx_value y = in->net->value[value];
    const size_t n = y.dim[0];
    asx_node made = {.op = ASX_OP_SCALE, .layer = ASX_NO_LAYER, .n_weights = n, .n_biases = n};
    asx_status status = asx_onnx_spend(in, n, err);
    if (status != ASX_OK)
        return status;
    made.weight = asx_array_new(n, sizeof *made.weight);
    made.bias = asx_array_new(n, sizeof *made.bias);
    if (!made.weight || !made.bias) {
        status = asx_fail(err, ASX_ENOMEM, "no memory for %zu channels", n);
        goto done;
    }
    for (size_t c = 0; c < n; c++) {
        made.weight[c] = (float)scale[c];
        made.bias[c] = (float)shift[c];
        y.non_negative = y.non_negative && made.weight[c] >= 0 && made.bias[c] >= 0;
    }
    status = check_range(made.weight, n, "scale", err);
    if (status == ASX_OK)
        status = check_range(made.bias, n, "shift", err);
    if (status == ASX_OK)
        status = asx_onnx_emit(in, node, &made, &value, 1, &y, err);
done:
    asx_node_fini(&made);
    return status;
}

asx_status asx_onnx_affine(asx_onnx *in, const Onnx__NodeProto *node, size_t value,
                           const double *scale, const double *shift, asx_error *err)
{
    asx_node *layer = asx_onnx_sole_layer(in, value);
    /* a dense layer over [t][c] has its channels last, not first */
    if (!layer || layer->n_biases != in->net->value[value].dim[0] ||
        (layer->op == ASX_OP_DENSE && in->net->value[value].rank != 1))
        return add_scale(in, node, value, scale, shift, err);
    asx_status status = fold(in, layer, scale, shift, err);
    return status == ASX_OK ? asx_onnx_alias(in, node, value, err) : status;
}
