/* Sliding windows: the attributes that convolutions and pools have in common. */
#include <string.h>

#include "onnx_ops.h"

enum { SIZE_LIMIT = 1 << 20 }; /* of kernel, stride, dilation, padding */

/* Integers in low .. SIZE_LIMIT for the height and the width, or for the width alone if `lifted`;
 * `sides` of them for each. What is not there is left as it is. */
static asx_status read_sizes(size_t *out, size_t sides, const Onnx__NodeProto *node,
                             const char *name, int64_t low, bool lifted, asx_error *err)
{
    const Onnx__AttributeProto *attribute = asx_onnx_attribute(node, name);
    const size_t n = lifted ? sides : 2 * sides;
    if (!attribute)
        return ASX_OK;
    if (attribute->n_ints != n)
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "attribute '%s' has %zu numbers, not %zu (one and two dimensions are read)",
                        name, attribute->n_ints, n);
    for (size_t i = 0; i < n; i++) {
        if (attribute->ints[i] < low || attribute->ints[i] > SIZE_LIMIT)
            return asx_fail(err, ASX_EINVAL, "attribute '%s' holds %lld (allowed: %lld to %d)",
                            name, (long long)attribute->ints[i], (long long)low, SIZE_LIMIT);
        out[lifted ? 2 * i + 1 : i] = (size_t)attribute->ints[i];
    }
    return ASX_OK;
}

static asx_status read_kernel(asx_window *w, const Onnx__NodeProto *node, const size_t *kernel,
                              bool lifted, asx_error *err)
{
    if (!kernel && !asx_onnx_attribute(node, "kernel_shape"))
        return asx_fail(err, ASX_EINVAL, "attribute 'kernel_shape' is missing");
    asx_status status = read_sizes(w->kernel, 1, node, "kernel_shape", 1, lifted, err);
    if (status != ASX_OK || !kernel)
        return status;
    if (asx_onnx_attribute(node, "kernel_shape") &&
        memcmp(w->kernel, kernel, 2 * sizeof *kernel) != 0)
        return asx_fail(err, ASX_EINVAL, "kernel_shape is %zux%zu but the weight is %zux%zu",
                        w->kernel[0], w->kernel[1], kernel[0], kernel[1]);
    memcpy(w->kernel, kernel, 2 * sizeof *kernel);
    return ASX_OK;
}

/* Padding that makes the output ceil(input / stride) wide; the odd one at the end if `upper`. */
static void pad_same(asx_window *w, const size_t *size, bool upper)
{
    for (size_t i = 0; i < 2; i++) {
        const size_t reach = (w->kernel[i] - 1) * w->dilation[i] + 1;
        const size_t n = (size[i] + w->stride[i] - 1) / w->stride[i];
        const size_t need = (n - 1) * w->stride[i] + reach;
        const size_t total = need > size[i] ? need - size[i] : 0;
        w->before[i] = upper ? total / 2 : total - total / 2;
        w->after[i] = total - w->before[i];
    }
}

static asx_status read_padding(asx_window *w, const Onnx__NodeProto *node, const size_t *size,
                               bool lifted, asx_error *err)
{
    char mode[16];
    asx_onnx_string(mode, sizeof mode, node, "auto_pad", "NOTSET");
    if (strcmp(mode, "SAME_UPPER") == 0 || strcmp(mode, "SAME_LOWER") == 0) {
        pad_same(w, size, mode[5] == 'U');
    } else if (strcmp(mode, "NOTSET") == 0 || mode[0] == '\0') {
        size_t pads[4] = {0};
        asx_status status = read_sizes(pads, 2, node, "pads", 0, lifted, err);
        if (status != ASX_OK)
            return status;
        memcpy(w->before, pads, sizeof w->before);
        memcpy(w->after, pads + 2, sizeof w->after);
    } else if (strcmp(mode, "VALID") != 0) {
        return asx_fail(err, ASX_EUNSUPPORTED, "attribute 'auto_pad' is '%s'", mode);
    }
    return ASX_OK;
}

asx_status asx_onnx_window(asx_window *out, size_t out_size[2], const Onnx__NodeProto *node,
                           const size_t *size, const size_t *kernel, bool lifted, asx_error *err)
{
    asx_window w = {.kernel = {1, 1}, .stride = {1, 1}, .dilation = {1, 1}};
    asx_status status = read_kernel(&w, node, kernel, lifted, err);
    if (status == ASX_OK)
        status = read_sizes(w.stride, 1, node, "strides", 1, lifted, err);
    if (status == ASX_OK)
        status = read_sizes(w.dilation, 1, node, "dilations", 1, lifted, err);
    if (status == ASX_OK)
        status = read_padding(&w, node, size, lifted, err);
    if (status != ASX_OK)
        return status;
    size_t n[2];
    for (size_t i = 0; i < 2; i++) {
        const size_t reach = (w.kernel[i] - 1) * w.dilation[i] + 1;
        const size_t padded = size[i] + w.before[i] + w.after[i];
        if (padded < reach)
            return asx_fail(err, ASX_EINVAL, "a window of %zu does not fit the padded input of %zu",
                            reach, padded);
        n[i] = (padded - reach) / w.stride[i] + 1;
    }
    memcpy(out_size, n, sizeof n);
    *out = w;
    return ASX_OK;
}
