/* QuantizeLinear and DequantizeLinear, and Clip between them. The network computes on what the
 * integers q stand for, step (q - zero), from the first to the second; its symbol remembers step and
 * zero. As zeros are integers, q - zero is x / step rounded, and no zero is left in the network. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "onnx_elements.h"
#include "onnx_grid.h"
#include "onnx_ops.h"

/* The one scale and zero point that a value of the network may have. */
static asx_status read_one(float *step, int64_t *zero, int *type, asx_onnx *in,
                           const Onnx__NodeProto *node, asx_error *err)
{
    asx_onnx_grid g = {.type = 0};
    asx_status status = asx_onnx_grid_read(&g, in, node, err);
    for (size_t i = 1; status == ASX_OK && i < g.step.n; i++)
        if (fabsf(g.step.f[i] - g.step.f[0]) > 0 ||
            asx_onnx_grid_zero(&g, i) != asx_onnx_grid_zero(&g, 0))
            status = asx_fail(err, ASX_EUNSUPPORTED,
                              "a computed value has %zu scales (weights may, values have one)",
                              g.step.n);
    if (status == ASX_OK && g.step.n == 0)
        status = asx_fail(err, ASX_EINVAL, "it has no scale");
    if (status == ASX_OK) {
        *step = g.step.f[0];
        *zero = asx_onnx_grid_zero(&g, 0);
        *type = g.type;
    }
    asx_onnx_grid_fini(&g);
    return status;
}

asx_status asx_onnx_quantize(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    float step = 0;
    int64_t zero = 0, low, high;
    int type = 0;
    size_t input = 0;
    bool lifted = false;
    asx_status status = read_one(&step, &zero, &type, in, node, err);
    if (status == ASX_OK)
        status = asx_onnx_value_as_is(&input, &lifted, in, node, 0, err);
    asx_onnx_type_range(&low, &high, type);
    if (status == ASX_OK && (low == high || high - low > UINT16_MAX))
        status = asx_fail(err, ASX_EUNSUPPORTED, "to type %s", asx_onnx_type_text(type));
    if (status != ASX_OK)
        return status;
    asx_node made = {.op = ASX_OP_QUANTIZE,
                     .layer = ASX_NO_LAYER,
                     .alpha = step,
                     .low = (float)(low - zero),
                     .high = (float)(high - zero)};
    asx_value y = in->net->value[input];
    if (y.non_negative)
        made.low = fmaxf(made.low, 0);
    y.non_negative = y.non_negative || made.low >= 0;
    status = asx_onnx_emit_unary(in, node, &made, input, &y, err);
    if (status != ASX_OK)
        return status;
    asx_onnx_symbol *symbol = asx_onnx_find(in, node->output[0]);
    symbol->lifted = lifted;
    symbol->step = step;
    symbol->zero = zero;
    return ASX_OK;
}

/* y = factor x + shift of any value, by the operator of channels. */
static asx_status map(asx_onnx *in, const Onnx__NodeProto *node, size_t value, double factor,
                      double shift, asx_error *err)
{
    const size_t n = in->net->value[value].dim[0];
    double *scale = asx_array_new(n, sizeof *scale), *offset = asx_array_new(n, sizeof *offset);
    asx_status status =
        scale && offset ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for %zu channels", n);
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        scale[i] = factor;
        offset[i] = shift;
    }
    if (status == ASX_OK)
        status = asx_onnx_affine(in, node, value, scale, offset, err);
    free(scale);
    free(offset);
    return status;
}

/* What was quantised with the same scale and zero point is there already. */
asx_status asx_onnx_dequantize(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    float step = 0;
    int64_t zero = 0;
    int type = 0;
    size_t input = 0;
    bool lifted = false;
    asx_status status = read_one(&step, &zero, &type, in, node, err);
    if (status == ASX_OK)
        status = asx_onnx_value_as_is(&input, &lifted, in, node, 0, err);
    if (status != ASX_OK)
        return status;
    const asx_onnx_symbol *x = asx_onnx_find(in, node->input[0]);
    const double unit = x->step > 0 ? (double)x->step : 1;
    const int64_t offset = x->step > 0 ? x->zero : 0;
    if (!(fabs((double)step - unit) > 0) && zero == offset)
        status = asx_onnx_alias(in, node, input, err);
    else
        status =
            map(in, node, input, (double)step / unit, (double)step * (double)(offset - zero), err);
    if (status == ASX_OK)
        asx_onnx_set_lifted(in, node, lifted);
    return status;
}

/* A bound of integers as one of steps. */
static asx_status read_bound(float *out, asx_onnx *in, const Onnx__NodeProto *node, size_t i,
                             const asx_onnx_symbol *x, asx_error *err)
{
    asx_onnx_constant c = {0};
    if (!asx_onnx_has_input(node, i))
        return ASX_OK;
    asx_status status = asx_onnx_any(&c, in, node, i, err);
    if (status == ASX_OK && (c.n != 1 || !c.i))
        status = asx_fail(err, ASX_EINVAL, "bound %zu is not one integer", i);
    if (status == ASX_OK)
        *out = (float)(c.i[0] - x->zero);
    asx_onnx_constant_fini(&c);
    return status;
}

asx_status asx_onnx_clip_quantised(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    const asx_onnx_symbol *x = asx_onnx_find(in, node->input[0]);
    const size_t value = x->value, producer = in->use[value].producer;
    float low = -0x1p30F, high = 0x1p30F;
    asx_status status = read_bound(&low, in, node, 1, x, err);
    if (status == ASX_OK)
        status = read_bound(&high, in, node, 2, x, err);
    if (status == ASX_OK && low > high)
        status = asx_fail(err, ASX_EINVAL, "its lower bound exceeds its upper bound");
    if (status != ASX_OK)
        return status;
    asx_node *made = producer == SIZE_MAX ? NULL : &in->net->node[producer];
    const bool lifted = x->lifted;
    if (made && made->op == ASX_OP_QUANTIZE && in->use[value].count == 1) {
        made->low = fmaxf(made->low, low);
        made->high = fminf(made->high, high);
        in->net->value[value].non_negative |= made->low >= 0;
        status = asx_onnx_alias(in, node, value, err);
    } else {
        asx_node clip = {
            .op = ASX_OP_CLIP, .layer = ASX_NO_LAYER, .low = low * x->step, .high = high * x->step};
        asx_value y = in->net->value[value];
        y.non_negative = y.non_negative || low >= 0;
        status = asx_onnx_emit_unary(in, node, &clip, value, &y, err);
    }
    if (status == ASX_OK)
        asx_onnx_set_lifted(in, node, lifted);
    return status;
}

static const asx_onnx_symbol *quantised_input(const asx_onnx *in, const Onnx__NodeProto *node,
                                              size_t i)
{
    const asx_onnx_symbol *symbol =
        asx_onnx_has_input(node, i) ? asx_onnx_find(in, node->input[i]) : NULL;
    return symbol && symbol->computed && symbol->step > 0 ? symbol : NULL;
}

asx_status asx_onnx_check_quantised(const asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    static const char *const passes[] = {"Cast",    "Clip",      "Concat",           "Flatten",
                                         "Gather",  "Identity",  "MaxPool",          "Reshape",
                                         "Shape",   "Slice",     "DequantizeLinear", "Split",
                                         "Squeeze", "Transpose", "Unsqueeze"};
    const asx_onnx_symbol *first = quantised_input(in, node, 0);
    for (size_t i = 0; i < node->n_input; i++) {
        const asx_onnx_symbol *x = quantised_input(in, node, i);
        bool passed = !x && !(first && strcmp(node->op_type, "Concat") == 0);
        for (size_t k = 0; !passed && k < sizeof passes / sizeof *passes; k++)
            passed = strcmp(node->op_type, passes[k]) == 0 && x && first &&
                     !(fabsf(x->step - first->step) > 0) && x->zero == first->zero;
        if (!passed)
            return asx_fail(err, ASX_EUNSUPPORTED,
                            "its input '%s' is quantised, or another is, by another scale: a "
                            "DequantizeLinear is wanted before it",
                            node->input[i]);
    }
    return ASX_OK;
}

void asx_onnx_pass_quantised(asx_onnx *in, const Onnx__NodeProto *node)
{
    const asx_onnx_symbol *x = quantised_input(in, node, 0);
    if (!x || strcmp(node->op_type, "DequantizeLinear") == 0)
        return;
    for (size_t i = 0; i < node->n_output; i++) {
        asx_onnx_symbol *y = *node->output[i] ? asx_onnx_find(in, node->output[i]) : NULL;
        if (!y || !y->computed)
            continue;
        y->step = x->step;
        y->zero = x->zero;
    }
}

asx_status asx_onnx_end_quantised(asx_onnx *in, const asx_onnx_symbol *symbol, asx_error *err)
{
    return asx_onnx_insert_scale(&in->net->output, in, in->net->output, 1 / symbol->step,
                                 (float)symbol->zero, err);
}
