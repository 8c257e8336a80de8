/* Relu, Clip, Sigmoid, Softmax and LogSoftmax. */
#include <float.h>
#include <math.h>

#include "onnx_ops.h"

/* What is known of the sign of an output. */
typedef enum sign_rule { ANY_SIGN, AS_INPUT, NON_NEGATIVE } sign_rule;

static asx_status import_pointwise(asx_onnx *in, const Onnx__NodeProto *node, asx_node made,
                                   sign_rule sign, asx_error *err)
{
    size_t input;
    bool lifted = false;
    const bool has_axis = made.op == ASX_OP_SOFTMAX || made.op == ASX_OP_LOG_SOFTMAX;
    asx_status status = has_axis ? asx_onnx_value(&input, in, node, 0, err)
                                 : asx_onnx_value_as_is(&input, &lifted, in, node, 0, err);
    if (status != ASX_OK)
        return status;
    asx_value y = in->net->value[input];
    y.non_negative = sign == NON_NEGATIVE || (sign == AS_INPUT && y.non_negative);
    made.layer = ASX_NO_LAYER;
    status = asx_onnx_emit_unary(in, node, &made, input, &y, err);
    if (status == ASX_OK)
        asx_onnx_set_lifted(in, node, lifted);
    return status;
}

asx_status asx_onnx_relu(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    return import_pointwise(in, node, (asx_node){.op = ASX_OP_RELU}, NON_NEGATIVE, err);
}

asx_status asx_onnx_sigmoid(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    return import_pointwise(in, node, (asx_node){.op = ASX_OP_SIGMOID}, NON_NEGATIVE, err);
}

/* Infinity bounds nothing. */
static asx_status read_bound(float *out, const Onnx__NodeProto *node, const char *name,
                             float absent, asx_error *err)
{
    const Onnx__AttributeProto *attribute = asx_onnx_attribute(node, name);
    if (attribute && isinf(attribute->f)) {
        *out = attribute->f;
        return ASX_OK;
    }
    return asx_onnx_float(out, node, name, absent, err);
}

/* The bounds are attributes up to opset 10, inputs from 11 on; each may be missing. */
asx_status asx_onnx_clip(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    float low, high;
    const asx_onnx_symbol *x = asx_onnx_find(in, node->input[0]);
    if (x && x->computed && x->step > 0)
        return asx_onnx_clip_quantised(in, node, err);
    asx_status status = read_bound(&low, node, "min", -INFINITY, err);
    if (status == ASX_OK)
        status = read_bound(&high, node, "max", INFINITY, err);
    if (status == ASX_OK && asx_onnx_has_input(node, 1))
        status = asx_onnx_scalar(&low, in, node, 1, err);
    if (status == ASX_OK && asx_onnx_has_input(node, 2))
        status = asx_onnx_scalar(&high, in, node, 2, err);
    if (status != ASX_OK)
        return status;
    if (low > high)
        return asx_fail(err, ASX_EINVAL, "its lower bound %g exceeds its upper bound %g",
                        (double)low, (double)high);
    if (low == -INFINITY && high == INFINITY)
        return asx_onnx_identity(in, node, err);
    if (low == 0 && high == INFINITY)
        return asx_onnx_relu(in, node, err);
    low = fmaxf(low, -FLT_MAX);
    high = fminf(high, FLT_MAX);
    const sign_rule sign = low >= 0 ? NON_NEGATIVE : high >= 0 ? AS_INPUT : ANY_SIGN;
    return import_pointwise(in, node, (asx_node){.op = ASX_OP_CLIP, .low = low, .high = high}, sign,
                            err);
}

/* Up to opset 12, they run over all dimensions from the axis (1 by default) to the last. */
static asx_status import_softmax(asx_onnx *in, const Onnx__NodeProto *node, asx_op op,
                                 asx_error *err)
{
    size_t input, axis;
    int64_t given;
    asx_status status = asx_onnx_value(&input, in, node, 0, err);
    if (status == ASX_OK)
        status =
            asx_onnx_int(&given, node, "axis", in->opset < 13 ? 1 : -1, INT32_MIN, INT32_MAX, err);
    if (status == ASX_OK)
        status = asx_onnx_axis(&axis, given, &in->net->value[input], err);
    if (status != ASX_OK)
        return status;
    const asx_value *x = &in->net->value[input];
    for (size_t i = axis + 1; in->opset < 13 && i < x->rank; i++) {
        if (x->dim[i] != 1)
            return asx_fail(err, ASX_EUNSUPPORTED, "over several dimensions (opset %lld)",
                            (long long)in->opset);
    }
    return import_pointwise(in, node, (asx_node){.op = op, .axis = axis},
                            op == ASX_OP_SOFTMAX ? NON_NEGATIVE : ANY_SIGN, err);
}

asx_status asx_onnx_softmax(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    return import_softmax(in, node, ASX_OP_SOFTMAX, err);
}

asx_status asx_onnx_log_softmax(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    return import_softmax(in, node, ASX_OP_LOG_SOFTMAX, err);
}
