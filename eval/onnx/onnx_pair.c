/* Add, Sub, Mul, Div, Max and Min of values: squeeze-and-excite, gates, residuals of other shapes. */
#include <float.h>
#include <string.h>

#include "onnx_ops.h"

static const struct {
    const char *name;
    asx_op op;
} pairs[] = {{"Add", ASX_OP_ADD}, {"Sub", ASX_OP_SUB}, {"Mul", ASX_OP_MUL},
             {"Div", ASX_OP_DIV}, {"Max", ASX_OP_MAX}, {"Min", ASX_OP_MIN}};

/* What is known of the sign of the output: it is not negative where ... */
static bool is_non_negative(asx_op op, const asx_value *a, const asx_value *b)
{
    return op == ASX_OP_SUB   ? false
           : op == ASX_OP_MAX ? a->non_negative || b->non_negative
                              : a->non_negative && b->non_negative;
}

static asx_status emit(asx_onnx *in, const Onnx__NodeProto *node, asx_op op, size_t value[2],
                       asx_error *err)
{
    asx_status status = asx_onnx_expand_pair(value, in, err);
    if (status != ASX_OK)
        return status;
    const asx_value *a = &in->net->value[value[0]], *b = &in->net->value[value[1]];
    asx_value y = *a;
    y.non_negative = is_non_negative(op, a, b);
    return asx_onnx_emit(in, node, &(asx_node){.op = op, .layer = ASX_NO_LAYER}, value, 2, &y, err);
}

/* One of both is a constant of any shape; input `known` is not. */
static asx_status pair_with_number(asx_onnx *in, const Onnx__NodeProto *node, asx_op op,
                                   size_t known, asx_error *err)
{
    size_t value[2];
    asx_status status = asx_onnx_value(&value[known], in, node, known, err);
    if (status == ASX_OK)
        status = asx_onnx_value_or_number(&value[1 - known], in, node, 1 - known,
                                          in->net->value[value[known]].rank, err);
    return status == ASX_OK ? emit(in, node, op, value, err) : status;
}

asx_status asx_onnx_pair(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    size_t value[2], k = 0;
    bool lifted[2];
    asx_status status = ASX_OK;
    while (strcmp(pairs[k].name, node->op_type) != 0)
        k++;
    const size_t known = asx_onnx_is_constant(in, node, 0) ? 1 : 0;
    for (size_t i = 0; status == ASX_OK && i < 2; i++)
        if (asx_onnx_is_constant(in, node, i))
            return pair_with_number(in, node, pairs[k].op, known, err);
        else
            status = asx_onnx_value_as_is(&value[i], &lifted[i], in, node, i, err);
    for (size_t i = 0; status == ASX_OK && lifted[0] != lifted[1] && i < 2; i++)
        status = asx_onnx_value(&value[i], in, node, i, err);
    if (status == ASX_OK)
        status = emit(in, node, pairs[k].op, value, err);
    if (status == ASX_OK)
        asx_onnx_set_lifted(in, node, lifted[0] && lifted[1]);
    return status;
}

/* Of one value, and of a value and a number: a bound, as Clip has two. */
static asx_status bound(asx_onnx *in, const Onnx__NodeProto *node, size_t value, bool lifted,
                        float constant, asx_error *err)
{
    const bool max = strcmp(node->op_type, "Max") == 0;
    asx_node made = {.op = ASX_OP_CLIP,
                     .layer = ASX_NO_LAYER,
                     .low = max ? constant : -FLT_MAX,
                     .high = max ? FLT_MAX : constant};
    asx_value y = in->net->value[value];
    y.non_negative = max ? y.non_negative || constant >= 0 : y.non_negative && constant >= 0;
    if (max && constant == 0)
        made = (asx_node){.op = ASX_OP_RELU, .layer = ASX_NO_LAYER};
    asx_status status = asx_onnx_emit_unary(in, node, &made, value, &y, err);
    if (status == ASX_OK)
        asx_onnx_set_lifted(in, node, lifted);
    return status;
}

asx_status asx_onnx_extreme(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    size_t value;
    bool lifted;
    float constant;
    if (node->n_input == 1)
        return asx_onnx_identity(in, node, err);
    if (node->n_input > 2)
        return asx_fail(err, ASX_EUNSUPPORTED, "of %zu values (at most 2)", node->n_input);
    const bool first = asx_onnx_is_constant(in, node, 0);
    if (!first && !asx_onnx_is_constant(in, node, 1))
        return asx_onnx_pair(in, node, err);
    asx_status status = asx_onnx_value_as_is(&value, &lifted, in, node, first ? 1 : 0, err);
    if (status == ASX_OK)
        status = asx_onnx_scalar(&constant, in, node, first ? 0 : 1, err);
    return status == ASX_OK ? bound(in, node, value, lifted, constant, err) : status;
}
