/* ConvTranspose: the convolution of the input, zeros put between its elements, by the weights turned
 * about. That is what an array of multipliers without another circuit does, and so what it costs. */
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "onnx_ops.h"

/* Attributes of a transposed convolution; [0] height, [1] width. */
typedef struct unconv {
    size_t stride[2], dilation[2], before[2], after[2], more[2]; /* more: output_padding */
    size_t groups;
} unconv;

/* `n` numbers of an attribute; a lifted node of the file has the width only, and `absent` before. */
static asx_status read_list(size_t *out, size_t n, const Onnx__NodeProto *node, const char *name,
                            bool lifted, size_t absent, size_t low, asx_error *err)
{
    const Onnx__AttributeProto *a = asx_onnx_attribute(node, name);
    const size_t per = lifted ? 1 : 2;
    for (size_t i = 0; i < n; i++)
        out[i] = absent;
    if (!a)
        return ASX_OK;
    if (a->n_ints != n / 2 * per)
        return asx_fail(err, ASX_EINVAL, "attribute '%s' has %zu numbers, not %zu", name, a->n_ints,
                        n / 2 * per);
    for (size_t i = 0; i < a->n_ints; i++) {
        if (a->ints[i] < (int64_t)low || a->ints[i] > INT32_MAX)
            return asx_fail(err, ASX_EINVAL, "attribute '%s': %lld", name, (long long)a->ints[i]);
        out[lifted ? 2 * i + 1 : i] = (size_t)a->ints[i];
    }
    return ASX_OK;
}

static asx_status read_attributes(unconv *u, const Onnx__NodeProto *node, bool lifted,
                                  asx_error *err)
{
    int64_t groups;
    size_t pads[4];
    char mode[16];
    asx_onnx_string(mode, sizeof mode, node, "auto_pad", "NOTSET");
    if (strcmp(mode, "NOTSET") != 0 && strcmp(mode, "VALID") != 0)
        return asx_fail(err, ASX_EUNSUPPORTED, "attribute 'auto_pad' is '%s'", mode);
    asx_status status = asx_onnx_int(&groups, node, "group", 1, 1, INT32_MAX, err);
    if (status == ASX_OK)
        status = read_list(u->stride, 2, node, "strides", lifted, 1, 1, err);
    if (status == ASX_OK)
        status = read_list(u->dilation, 2, node, "dilations", lifted, 1, 1, err);
    if (status == ASX_OK)
        status = read_list(u->more, 2, node, "output_padding", lifted, 0, 0, err);
    if (status == ASX_OK)
        status = read_list(pads, 4, node, "pads", lifted, 0, 0, err);
    if (status != ASX_OK)
        return status;
    for (size_t i = 0; i < 2; i++) {
        u->before[i] = pads[i];
        u->after[i] = pads[2 + i];
    }
    u->groups = (size_t)groups;
    return ASX_OK;
}

/* [in][out / groups][h][w] to [out][in / groups][h][w], turned about in height and width. */
static asx_status turn_weight(asx_node *conv, const asx_onnx_constant *w, size_t groups,
                              asx_error *err)
{
    const size_t in = w->dim[0] / groups, out = w->dim[1], area = w->dim[2] * w->dim[3];
    conv->weight = asx_array_new(w->n, sizeof *conv->weight);
    if (!conv->weight)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu weights", w->n);
    for (size_t i = 0; i < w->n; i++) {
        const size_t k = i % area, o = i / area % out, c = i / area / out % in;
        const size_t g = i / area / out / in;
        conv->weight[((g * out + o) * in + c) * area + area - 1 - k] = w->f[i];
    }
    conv->n_weights = w->n;
    return ASX_OK;
}

/* Zeros between the elements, `stride` - 1 of them. */
static asx_status spread(size_t *value, asx_onnx *in, const size_t *stride, asx_error *err)
{
    const asx_value x = in->net->value[*value];
    asx_value y = x;
    for (size_t i = 0; i < 2; i++)
        y.dim[1 + i] = (x.dim[1 + i] - 1) * stride[i] + 1;
    if (stride[0] == 1 && stride[1] == 1)
        return ASX_OK;
    if (y.dim[1] > ASX_ONNX_VALUE_MAX / y.dim[2] ||
        y.dim[1] * y.dim[2] > ASX_ONNX_VALUE_MAX / y.dim[0])
        return asx_fail(err, ASX_EINVAL, "strides %zu and %zu", stride[0], stride[1]);
    asx_node made = {.op = ASX_OP_PICK, .layer = ASX_NO_LAYER, .n_picks = asx_value_n_elements(&y)};
    if (!(made.pick = asx_array_new(made.n_picks, sizeof *made.pick)))
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu places", made.n_picks);
    for (size_t i = 0; i < asx_value_n_elements(&x); i++) {
        const size_t c = i / (x.dim[1] * x.dim[2]), row = i / x.dim[2] % x.dim[1] * stride[0];
        made.pick[(c * y.dim[1] + row) * y.dim[2] + i % x.dim[2] * stride[1]] = (uint32_t)i + 1;
    }
    return asx_onnx_insert(value, in, &made, *value, &y, 1, err);
}

/* Padding that makes the convolution's output the one asked for. */
static asx_status set_window(asx_node *conv, asx_value *y, const unconv *u,
                             const asx_onnx_constant *w, const asx_value *x, asx_error *err)
{
    asx_window *window = &conv->window;
    for (size_t i = 0; i < 2; i++) {
        const size_t reach = (w->dim[2 + i] - 1) * u->dilation[i];
        const size_t spread_size = (x->dim[1 + i] - 1) * u->stride[i] + 1;
        if (u->before[i] > reach || u->after[i] > reach + u->more[i] || u->more[i] > INT32_MAX / 2)
            return asx_fail(err, ASX_EUNSUPPORTED, "pads of %zu and %zu for a kernel of %zu",
                            u->before[i], u->after[i], w->dim[2 + i]);
        window->kernel[i] = w->dim[2 + i];
        window->stride[i] = 1;
        window->dilation[i] = u->dilation[i];
        window->before[i] = reach - u->before[i];
        window->after[i] = reach + u->more[i] - u->after[i];
        y->dim[1 + i] = spread_size + window->before[i] + window->after[i] - reach;
    }
    return ASX_OK;
}

static asx_status read_weight(asx_onnx_constant *w, asx_onnx *in, const Onnx__NodeProto *node,
                              const unconv *u, const asx_value *x, bool lifted, asx_error *err)
{
    char text[96];
    asx_status status = asx_onnx_floats(w, in, node, 1, err);
    if (status == ASX_OK && lifted && w->rank == 3) { /* of height one */
        w->dim[3] = w->dim[2];
        w->dim[2] = 1;
        w->rank = 4;
    }
    if (status == ASX_OK &&
        (w->rank != 4 || w->n == 0 || w->dim[0] != x->dim[0] || w->dim[0] % u->groups != 0))
        status =
            asx_fail(err, ASX_EINVAL, "weight %s with %zu groups does not fit %zu channels",
                     asx_onnx_shape_text(text, sizeof text, w->rank, w->dim), u->groups, x->dim[0]);
    return status;
}

asx_status asx_onnx_conv_transpose(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    unconv u = {.groups = 1};
    size_t input = 0;
    bool lifted = false;
    asx_onnx_constant w = {0};
    asx_value y = {.rank = 3};
    asx_node conv = {.op = ASX_OP_CONV};
    asx_status status = asx_onnx_map(&input, &lifted, in, node, 0, err);
    if (status == ASX_OK)
        status = read_attributes(&u, node, lifted, err);
    if (status == ASX_OK)
        status = read_weight(&w, in, node, &u, &in->net->value[input], lifted, err);
    if (status == ASX_OK)
        status = set_window(&conv, &y, &u, &w, &in->net->value[input], err);
    if (status == ASX_OK)
        status = turn_weight(&conv, &w, u.groups, err);
    if (status == ASX_OK) {
        conv.groups = u.groups;
        y.dim[0] = w.dim[1] * u.groups;
        status = asx_onnx_conv_bias(&conv, in, node, y.dim[0], err);
    }
    if (status == ASX_OK)
        status = spread(&input, in, u.stride, err);
    if (status == ASX_OK)
        status = asx_onnx_emit_conv(in, node, &conv, input, &y, lifted, err);
    asx_onnx_constant_fini(&w);
    asx_node_fini(&conv);
    return status;
}
