/* Dimensions of one taken away or put in: Squeeze and Unsqueeze. The axes are an attribute up to
 * opset 12, an input from 13 on. */
#include <string.h>

#include "onnx_ops.h"

asx_status asx_onnx_mark_axes(bool *marked, const int64_t *axes, size_t n, size_t rank,
                              asx_error *err)
{
    for (size_t i = 0; i < n; i++) {
        const int64_t axis = axes[i] < 0 ? axes[i] + (int64_t)rank : axes[i];
        if (axis < 0 || axis >= (int64_t)rank || marked[axis])
            return asx_fail(err, ASX_EINVAL, "axis %lld of %zu dimensions", (long long)axes[i],
                            rank);
        marked[axis] = true;
    }
    return ASX_OK;
}

/* Marks the dimensions, batch first, of a tensor of rank `x->rank` + 1 + (grows: number of axes).
 */
static asx_status read_axes(bool *marked, size_t *n, asx_onnx *in, const Onnx__NodeProto *node,
                            const asx_value *x, bool grows, asx_error *err)
{
    const int64_t *axes;
    asx_onnx_constant owner = {0};
    asx_status status = asx_onnx_list(&axes, n, &owner, in, node, 1, "axes", err);
    if (status == ASX_OK && x->rank + (grows ? *n : 0) > ASX_RANK_MAX)
        status = asx_fail(err, ASX_EUNSUPPORTED, "more than %d dimensions", ASX_RANK_MAX + 1);
    if (status == ASX_OK)
        status = asx_onnx_mark_axes(marked, axes, *n, x->rank + 1 + (grows ? *n : 0), err);
    if (status == ASX_OK && marked[0])
        status = asx_fail(err, ASX_EUNSUPPORTED, "axis 0 is the batch");
    asx_onnx_constant_fini(&owner);
    return status;
}

asx_status asx_onnx_unsqueeze(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    size_t input, n, from = 0;
    bool added[ASX_RANK_MAX + 1] = {false};
    asx_status status = asx_onnx_value(&input, in, node, 0, err);
    if (status == ASX_OK)
        status = read_axes(added, &n, in, node, &in->net->value[input], true, err);
    if (status != ASX_OK)
        return status;
    const asx_value *x = &in->net->value[input];
    asx_value y = {.rank = x->rank + n};
    for (size_t i = 0; i < y.rank; i++)
        y.dim[i] = added[i + 1] ? 1 : x->dim[from++];
    return asx_onnx_emit_reshape(in, node, input, &y, err);
}

/* Without axes, every dimension of one goes but the batch. */
asx_status asx_onnx_squeeze(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    size_t input, n;
    bool dropped[ASX_RANK_MAX + 1] = {false};
    asx_status status = asx_onnx_value(&input, in, node, 0, err);
    if (status == ASX_OK)
        status = read_axes(dropped, &n, in, node, &in->net->value[input], false, err);
    if (status != ASX_OK)
        return status;
    const asx_value *x = &in->net->value[input];
    asx_value y = {0};
    for (size_t i = 0; i < x->rank; i++) {
        if (dropped[i + 1] && x->dim[i] != 1)
            return asx_fail(err, ASX_EINVAL, "dimension %zu is %zu, not 1", i + 1, x->dim[i]);
        if (n > 0 ? !dropped[i + 1] : x->dim[i] != 1)
            y.dim[y.rank++] = x->dim[i];
    }
    if (y.rank == 0)
        return asx_fail(err, ASX_EUNSUPPORTED, "its output has no dimension but the batch");
    return asx_onnx_emit_reshape(in, node, input, &y, err);
}
