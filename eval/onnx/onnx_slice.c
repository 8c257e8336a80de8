/* Slice and Pad. */
#include <stdlib.h>
#include <string.h>

#include "onnx_ops.h"

/* The three or four lists that say what Slice takes; all but `start` and `end` may be missing. */
typedef struct slice {
    asx_onnx_constant start, end, axes, step; /* owned; attributes are not copied into these */
    const int64_t *starts, *ends, *axis, *steps;
    size_t n;
} slice;

static asx_status read_slice(slice *s, asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    size_t n_ends, n_axes, n_steps;
    asx_status status = asx_onnx_list(&s->starts, &s->n, &s->start, in, node, 1, "starts", err);
    if (status == ASX_OK)
        status = asx_onnx_list(&s->ends, &n_ends, &s->end, in, node, 2, "ends", err);
    if (status == ASX_OK)
        status = asx_onnx_list(&s->axis, &n_axes, &s->axes, in, node, 3, "axes", err);
    if (status == ASX_OK)
        status = asx_onnx_list(&s->steps, &n_steps, &s->step, in, node, 4, "steps", err);
    if (status != ASX_OK)
        return status;
    if (s->n == 0 || n_ends != s->n || (s->axis && n_axes != s->n) || (s->steps && n_steps != s->n))
        return asx_fail(err, ASX_EINVAL, "%zu starts, %zu ends, %zu axes and %zu steps", s->n,
                        n_ends, n_axes, n_steps);
    return ASX_OK;
}

static int64_t clamp(int64_t x, int64_t low, int64_t high)
{
    return x < low ? low : x > high ? high : x;
}

size_t asx_onnx_count_steps(int64_t *start, int64_t end, int64_t step, int64_t size)
{
    *start = clamp(*start < 0 ? *start + size : *start, 0, step > 0 ? size : size - 1);
    end = end < 0 ? end + size : end;
    if (step > 0) {
        end = clamp(end, 0, size);
        return end > *start ? (size_t)((end - *start - 1) / step + 1) : 0;
    }
    end = clamp(end, -1, size - 1);
    /* unsigned, as -INT64_MIN does not exist */
    return *start > end ? (size_t)(((uint64_t)(*start - end) - 1) / (0 - (uint64_t)step) + 1) : 0;
}

static asx_status apply_slice(asx_node *made, asx_value *y, const slice *s, const asx_value *x,
                              asx_error *err)
{
    bool seen[ASX_RANK_MAX] = {false};
    for (size_t i = 0; i < s->n; i++) {
        size_t axis;
        const int64_t given = s->axis ? s->axis[i] : (int64_t)i, step = s->steps ? s->steps[i] : 1;
        if (given == 0 && s->starts[i] == 0 && s->ends[i] >= INT32_MAX && step == 1)
            continue; /* x[:, ...]: all of the batch */
        asx_status status = asx_onnx_axis(&axis, given, x, err);
        if (status != ASX_OK)
            return status;
        if (step == 0 || seen[axis])
            return asx_fail(err, ASX_EINVAL, "axis %zu has step 0 or is sliced twice", axis + 1);
        seen[axis] = true;
        int64_t start = s->starts[i];
        y->dim[axis] = asx_onnx_count_steps(&start, s->ends[i], step, (int64_t)x->dim[axis]);
        made->start[axis] = (ptrdiff_t)start;
        made->step[axis] = y->dim[axis] > 1 ? (ptrdiff_t)step : 1;
    }
    return ASX_OK;
}

/* Whether the slice is its input, element by element. */
static bool takes_all(const asx_node *made, const asx_value *y, const asx_value *x)
{
    for (size_t i = 0; i < x->rank; i++) {
        if (y->dim[i] != x->dim[i] || made->step[i] != 1)
            return false;
    }
    return true;
}

asx_status asx_onnx_slice(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    slice s = {.n = 0};
    size_t input;
    asx_node made = {.op = ASX_OP_SLICE, .layer = ASX_NO_LAYER, .step = {1, 1, 1, 1}};
    asx_status status = asx_onnx_value(&input, in, node, 0, err);
    if (status != ASX_OK)
        return status;
    asx_value y = in->net->value[input];
    status = read_slice(&s, in, node, err);
    if (status == ASX_OK)
        status = apply_slice(&made, &y, &s, &in->net->value[input], err);
    if (status == ASX_OK && takes_all(&made, &y, &in->net->value[input]))
        status = asx_onnx_alias(in, node, input, err);
    else if (status == ASX_OK)
        status = asx_onnx_emit_unary(in, node, &made, input, &y, err);
    asx_onnx_constant_fini(&s.start);
    asx_onnx_constant_fini(&s.end);
    asx_onnx_constant_fini(&s.axes);
    asx_onnx_constant_fini(&s.step);
    return status;
}

/* pads: what goes before each listed dimension, then what goes after each. */
static asx_status apply_pads(asx_node *made, asx_value *y, const asx_onnx *in, const int64_t *pads,
                             size_t n_pads, const int64_t *axes, size_t n_axes, asx_error *err)
{
    const size_t n = axes ? n_axes : y->rank + 1;
    if (n_pads != 2 * n)
        return asx_fail(err, ASX_EINVAL, "%zu pads for %zu dimensions", n_pads, n);
    for (size_t i = 0; i < n; i++) {
        const int64_t before = pads[i], after = pads[n + i];
        size_t axis;
        if (before == 0 && after == 0)
            continue;
        asx_status status = asx_onnx_axis(&axis, axes ? axes[i] : (int64_t)i, y, err);
        if (status != ASX_OK)
            return status;
        if (before < 0 || after < 0 || before > (int64_t)ASX_ONNX_ELEMENTS_MAX ||
            after > (int64_t)ASX_ONNX_ELEMENTS_MAX)
            return asx_fail(err, ASX_EUNSUPPORTED, "pads of %lld and %lld (allowed: 0 to %zu)",
                            (long long)before, (long long)after, ASX_ONNX_ELEMENTS_MAX);
        axis = asx_onnx_image_axis(in, axis);
        made->before[axis] += (size_t)before;
        made->after[axis] += (size_t)after;
        y->dim[axis] += (size_t)before + (size_t)after;
    }
    return ASX_OK;
}

asx_status asx_onnx_pad(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    asx_onnx_constant pad = {0}, axis = {0};
    const int64_t *pads, *axes;
    size_t input, n_pads, n_axes;
    char mode[16];
    asx_node made = {.op = ASX_OP_PAD, .layer = ASX_NO_LAYER};
    asx_status status = asx_onnx_value(&input, in, node, 0, err);
    asx_onnx_string(mode, sizeof mode, node, "mode", "constant");
    if (status == ASX_OK && strcmp(mode, "constant") != 0)
        status = asx_fail(err, ASX_EUNSUPPORTED, "attribute 'mode' is '%s'", mode);
    if (status == ASX_OK)
        status = asx_onnx_float(&made.fill, node, "value", 0, err);
    if (status == ASX_OK && asx_onnx_has_input(node, 2))
        status = asx_onnx_scalar(&made.fill, in, node, 2, err);
    if (status == ASX_OK)
        status = asx_onnx_list(&pads, &n_pads, &pad, in, node, 1, "pads", err);
    if (status == ASX_OK)
        status = asx_onnx_list(&axes, &n_axes, &axis, in, node, 3, "axes", err);
    if (status != ASX_OK)
        goto done;
    asx_value y = in->net->value[input];
    y.non_negative = y.non_negative && made.fill >= 0;
    status = apply_pads(&made, &y, in, pads, n_pads, axes, n_axes, err);
    if (status == ASX_OK && memcmp(y.dim, in->net->value[input].dim, sizeof y.dim) == 0)
        status = asx_onnx_alias(in, node, input, err); /* nothing to add */
    else if (status == ASX_OK)
        status = asx_onnx_emit_unary(in, node, &made, input, &y, err);
done:
    asx_onnx_constant_fini(&pad);
    asx_onnx_constant_fini(&axis);
    return status;
}
