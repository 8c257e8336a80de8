/* Conv and the pools. */
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "onnx_ops.h"

static asx_status check_weight(const asx_onnx_constant *w, const asx_value *x, int64_t groups,
                               asx_error *err)
{
    char weight[96], input[96];
    const size_t g = (size_t)groups;
    if (w->n == 0 || g > w->dim[0] || w->dim[0] % g != 0 || w->dim[1] != x->dim[0] / g ||
        x->dim[0] % g != 0)
        return asx_fail(err, ASX_EINVAL, "weight %s with %zu groups does not fit input %s",
                        asx_onnx_shape_text(weight, sizeof weight, w->rank, w->dim), g,
                        asx_onnx_shape_text(input, sizeof input, x->rank, x->dim));
    return ASX_OK;
}

/* A weight [out][in][length] is one of height one. */
static asx_status lift_weight(asx_onnx_constant *w, bool lifted, asx_error *err)
{
    const size_t wanted = lifted ? 3 : 4;
    if (w->rank != wanted)
        return asx_fail(err, ASX_EUNSUPPORTED, "its weight has %zu dimensions, not %zu%s", w->rank,
                        wanted, w->rank > 4 ? " (not two-dimensional)" : "");
    if (lifted) {
        w->dim[3] = w->dim[2];
        w->dim[2] = 1;
        w->rank = 4;
    }
    return ASX_OK;
}

/* The bias in input 2, or zeros. */
asx_status asx_onnx_conv_bias(asx_node *conv, asx_onnx *in, const Onnx__NodeProto *node, size_t n,
                              asx_error *err)
{
    asx_onnx_constant bias = {0};
    if (asx_onnx_has_input(node, 2)) {
        asx_status status = asx_onnx_floats(&bias, in, node, 2, err);
        if (status != ASX_OK)
            return status;
        if (bias.n != n) {
            status = asx_fail(err, ASX_EINVAL, "bias '%s' has %zu elements for %zu channels",
                              node->input[2], bias.n, n);
            asx_onnx_constant_fini(&bias);
            return status;
        }
        conv->bias = bias.f;
        bias.f = NULL;
        asx_onnx_constant_fini(&bias);
    } else if (!(conv->bias = asx_array_new(n, sizeof *conv->bias))) {
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu biases", n);
    }
    conv->n_biases = n;
    return ASX_OK;
}

static asx_status make_conv(asx_node *conv, asx_value *y, asx_onnx *in, const Onnx__NodeProto *node,
                            const asx_value *x, bool lifted, asx_error *err)
{
    int64_t groups;
    asx_status status = asx_onnx_int(&groups, node, "group", 1, 1, INT32_MAX, err);
    if (status != ASX_OK)
        return status;
    asx_onnx_constant w = {0};
    status = asx_onnx_floats(&w, in, node, 1, err);
    if (status == ASX_OK)
        status = lift_weight(&w, lifted, err);
    if (status == ASX_OK)
        status = check_weight(&w, x, groups, err);
    if (status == ASX_OK)
        status =
            asx_onnx_window(&conv->window, y->dim + 1, node, x->dim + 1, w.dim + 2, lifted, err);
    if (status == ASX_OK)
        status = asx_onnx_conv_bias(conv, in, node, w.dim[0], err);
    if (status == ASX_OK) {
        y->rank = 3;
        y->dim[0] = w.dim[0];
        conv->groups = (size_t)groups;
        conv->weight = w.f;
        conv->n_weights = w.n;
        w.f = NULL;
        status = asx_onnx_hold(conv, &w, err);
    }
    asx_onnx_constant_fini(&w);
    return status;
}

asx_status asx_onnx_emit_conv(asx_onnx *in, const Onnx__NodeProto *node, asx_node *conv,
                              size_t input, asx_value *y, bool lifted, asx_error *err)
{
    const asx_value x = in->net->value[input];
    const asx_window *w = &conv->window;
    asx_status status = asx_onnx_add_layer(&conv->layer, in, node, 1,
                                           &(asx_layer){.kind = ASX_LAYER_CONV,
                                                        .in_c = x.dim[0],
                                                        .in_h = x.dim[1],
                                                        .in_w = x.dim[2],
                                                        .out_c = y->dim[0],
                                                        .out_h = y->dim[1],
                                                        .out_w = y->dim[2],
                                                        .kernel_h = w->kernel[0],
                                                        .kernel_w = w->kernel[1],
                                                        .stride_h = w->stride[0],
                                                        .stride_w = w->stride[1],
                                                        .groups = conv->groups,
                                                        .input_non_negative = x.non_negative},
                                           err);
    if (status == ASX_OK)
        status = asx_onnx_emit(in, node, conv, &input, 1, y, err);
    if (status == ASX_OK)
        asx_onnx_set_lifted(in, node, lifted);
    return status;
}

asx_status asx_onnx_conv(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    size_t input = 0;
    bool lifted = false;
    asx_status status = asx_onnx_map(&input, &lifted, in, node, 0, err);
    if (status != ASX_OK)
        return status;
    const asx_value x = in->net->value[input];
    asx_value y = {0};
    asx_node conv = {.op = ASX_OP_CONV};
    status = make_conv(&conv, &y, in, node, &x, lifted, err);
    if (status == ASX_OK)
        status = asx_onnx_emit_conv(in, node, &conv, input, &y, lifted, err);
    asx_node_fini(&conv);
    return status;
}

/* ceil_mode: one more step where the last window would hang over the end, unless it would start
 * there. For a maximum, and a mean that does not count padding, this is padding at the end. */
static asx_status round_up(asx_node *pool, size_t *n, const size_t *size, asx_error *err)
{
    asx_window *w = &pool->window;
    for (size_t i = 0; i < 2; i++) {
        const size_t padded = size[i] + w->before[i] + w->after[i];
        const size_t end = (n[i] - 1) * w->stride[i] + w->kernel[i];
        if (end >= padded || n[i] * w->stride[i] >= size[i] + w->before[i])
            continue;
        if (pool->op == ASX_OP_AVERAGE_POOL && pool->count_padding)
            return asx_fail(err, ASX_EUNSUPPORTED, "ceil_mode together with count_include_pad");
        w->after[i] += end + w->stride[i] - padded;
        n[i]++;
    }
    return ASX_OK;
}

static asx_status import_pool(asx_onnx *in, const Onnx__NodeProto *node, asx_op op, asx_error *err)
{
    int64_t ceil_mode, count_padding, order;
    size_t input = 0;
    bool lifted = false;
    asx_status status = asx_onnx_map(&input, &lifted, in, node, 0, err);
    if (status == ASX_OK)
        status = asx_onnx_int(&ceil_mode, node, "ceil_mode", 0, 0, 1, err);
    if (status == ASX_OK)
        status = asx_onnx_int(&count_padding, node, "count_include_pad", 0, 0, 1, err);
    if (status == ASX_OK)
        status = asx_onnx_int(&order, node, "storage_order", 0, 0, 1, err);
    if (status != ASX_OK)
        return status;
    const asx_value *x = &in->net->value[input];
    asx_value y = {.rank = 3, .dim = {x->dim[0]}, .non_negative = x->non_negative};
    asx_node pool = {.op = op, .layer = ASX_NO_LAYER, .count_padding = count_padding != 0};
    status = asx_onnx_window(&pool.window, y.dim + 1, node, x->dim + 1, NULL, lifted, err);
    if (status != ASX_OK)
        return status;
    const asx_window *w = &pool.window;
    if (w->dilation[0] != 1 || w->dilation[1] != 1)
        return asx_fail(err, ASX_EUNSUPPORTED, "dilations of a pool");
    if (ceil_mode)
        status = round_up(&pool, y.dim + 1, x->dim + 1, err);
    for (size_t i = 0; status == ASX_OK && i < 2; i++) {
        if (w->before[i] >= w->kernel[i] ||
            (y.dim[1 + i] - 1) * w->stride[i] >= x->dim[1 + i] + w->before[i])
            status = asx_fail(err, ASX_EUNSUPPORTED, "padding of %zu and %zu for a window of %zu",
                              w->before[i], w->after[i], w->kernel[i]);
    }
    if (status == ASX_OK)
        status = asx_onnx_emit_unary(in, node, &pool, input, &y, err);
    if (status == ASX_OK)
        asx_onnx_set_lifted(in, node, lifted);
    return status;
}

asx_status asx_onnx_max_pool(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    return import_pool(in, node, ASX_OP_MAX_POOL, err);
}

asx_status asx_onnx_average_pool(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    return import_pool(in, node, ASX_OP_AVERAGE_POOL, err);
}

/* One window over all of the map. */
static asx_status import_global_pool(asx_onnx *in, const Onnx__NodeProto *node, asx_op op,
                                     asx_error *err)
{
    size_t input = 0;
    bool lifted = false;
    asx_status status = asx_onnx_map(&input, &lifted, in, node, 0, err);
    if (status != ASX_OK)
        return status;
    const asx_value *x = &in->net->value[input];
    asx_value y = {.rank = 3, .dim = {x->dim[0], 1, 1}, .non_negative = x->non_negative};
    asx_node pool = {
        .op = op,
        .layer = ASX_NO_LAYER,
        .window = {.kernel = {x->dim[1], x->dim[2]}, .stride = {1, 1}, .dilation = {1, 1}}};
    status = asx_onnx_emit_unary(in, node, &pool, input, &y, err);
    if (status == ASX_OK)
        asx_onnx_set_lifted(in, node, lifted);
    return status;
}

asx_status asx_onnx_global_average_pool(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    return import_global_pool(in, node, ASX_OP_AVERAGE_POOL, err);
}

asx_status asx_onnx_global_max_pool(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    return import_global_pool(in, node, ASX_OP_MAX_POOL, err);
}
