/* Split: a Slice for every part that is used. */
#include "onnx_ops.h"

/* The sizes of the parts: stated (an attribute up to opset 12, an input from 13 on), or equal ones
 * of which the last may be smaller. */
static asx_status split_size(size_t *size, size_t part, size_t left, const int64_t *stated,
                             size_t n_stated, size_t equal, asx_error *err)
{
    const uint64_t want = !stated                               ? (left < equal ? left : equal)
                          : part < n_stated && stated[part] > 0 ? (uint64_t)stated[part]
                                                                : 0;
    if (want == 0 || want > left)
        return asx_fail(err, ASX_EINVAL, "part %zu does not fit: %zu elements are left", part,
                        left);
    *size = (size_t)want;
    return ASX_OK;
}

static asx_status emit_parts(asx_onnx *in, const Onnx__NodeProto *node, size_t input, size_t axis,
                             const int64_t *stated, size_t n_stated, asx_error *err)
{
    const size_t n = in->net->value[input].dim[axis];
    const size_t equal = (n + node->n_output - 1) / node->n_output;
    for (size_t part = 0, start = 0, size = 0; part < node->n_output; part++, start += size) {
        asx_status status = split_size(&size, part, n - start, stated, n_stated, equal, err);
        if (status != ASX_OK)
            return status;
        const asx_onnx_symbol *symbol = asx_onnx_find(in, node->output[part]);
        if (!symbol || symbol->uses == 0)
            continue;
        Onnx__NodeProto one = *node; /* with this output only */
        one.output = node->output + part;
        one.n_output = 1;
        asx_node made = {.op = ASX_OP_SLICE, .layer = ASX_NO_LAYER, .step = {1, 1, 1, 1}};
        asx_value y = in->net->value[input];
        made.start[axis] = (ptrdiff_t)start;
        y.dim[axis] = size;
        status = asx_onnx_emit_unary(in, &one, &made, input, &y, err);
        if (status != ASX_OK)
            return status;
    }
    return ASX_OK;
}

asx_status asx_onnx_split(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    int64_t given, n_parts;
    size_t input, axis, n_stated;
    const int64_t *stated;
    asx_onnx_constant owner = {0};
    asx_status status = asx_onnx_value(&input, in, node, 0, err);
    if (status == ASX_OK)
        status = asx_onnx_int(&given, node, "axis", 0, INT32_MIN, INT32_MAX, err);
    if (status == ASX_OK)
        status = asx_onnx_axis(&axis, given, &in->net->value[input], err);
    if (status == ASX_OK)
        status = asx_onnx_int(&n_parts, node, "num_outputs", (int64_t)node->n_output,
                              (int64_t)node->n_output, (int64_t)node->n_output, err);
    if (status == ASX_OK)
        status = asx_onnx_list(&stated, &n_stated, &owner, in, node, 1, "split", err);
    if (status == ASX_OK)
        status = emit_parts(in, node, input, axis, stated, n_stated, err);
    asx_onnx_constant_fini(&owner);
    return status;
}
