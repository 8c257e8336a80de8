/* Constants rearranged: Reshape, Squeeze, Unsqueeze, Transpose, Slice, Gather, Concat. */
#include <string.h>

#include "onnx_ops.h"

/* The integers of input `i`, or of an attribute (older operator sets); NULL if there are none. */
static const int64_t *list_of(size_t *n, const Onnx__NodeProto *node, const asx_onnx_constant *x,
                              size_t i, const char *name)
{
    const Onnx__AttributeProto *attribute = asx_onnx_attribute(node, name);
    *n = x[i].i ? x[i].n : attribute ? attribute->n_ints : 0;
    return x[i].i ? x[i].i : attribute ? attribute->ints : NULL;
}

/* Fills `out`, in order, from the elements of x at `at` + the sum of index times stride. */
static void pick(asx_onnx_constant *out, const asx_onnx_constant *x, ptrdiff_t at,
                 const ptrdiff_t *stride)
{
    size_t index[ASX_ONNX_RANK_MAX] = {0};
    for (size_t n = 0; n < out->n; n++) {
        if (x->i)
            out->i[n] = x->i[at];
        else
            out->f[n] = x->f[at];
        for (size_t d = out->rank; d-- > 0;) {
            at += stride[d];
            if (++index[d] < out->dim[d])
                break;
            at -= (ptrdiff_t)out->dim[d] * stride[d];
            index[d] = 0;
        }
    }
}

/* Of an empty tensor, whose dimensions may be beyond all bounds, zeros. */
static void strides_of(ptrdiff_t *stride, const asx_onnx_constant *x)
{
    ptrdiff_t step = 1;
    memset(stride, 0, ASX_ONNX_RANK_MAX * sizeof *stride);
    if (x->n == 0)
        return;
    for (size_t d = x->rank; d-- > 0;) {
        stride[d] = step;
        step *= (ptrdiff_t)x->dim[d];
    }
}

/* The elements of x, in order, with the rank and dimensions already in `out`. */
static asx_status same_elements(asx_onnx_constant *out, asx_onnx *in, const asx_onnx_constant *x,
                                asx_error *err)
{
    ptrdiff_t stride[ASX_ONNX_RANK_MAX];
    out->type = x->type;
    asx_status status = asx_onnx_constant_alloc(out, in, x->i != NULL, err);
    if (status != ASX_OK)
        return status;
    if (out->n != x->n)
        return asx_fail(err, ASX_EINVAL, "%zu elements do not fit the new shape", x->n);
    strides_of(stride, out);
    pick(out, x, 0, stride);
    return ASX_OK;
}

asx_status asx_onnx_reshape_constant(asx_onnx_constant *out, asx_onnx *in,
                                     const Onnx__NodeProto *node, const asx_onnx_constant *x,
                                     asx_error *err)
{
    size_t rest = SIZE_MAX, known = 1, n;
    const int64_t *shape = list_of(&n, node, x, 1, "");
    if (!shape || n > ASX_ONNX_RANK_MAX)
        return asx_fail(err, ASX_EUNSUPPORTED, "the new shape is no list of at most %d integers",
                        ASX_ONNX_RANK_MAX);
    out->rank = n;
    for (size_t i = 0; i < n; i++) {
        const int64_t dim = shape[i] == 0 && i < x->rank ? (int64_t)x->dim[i] : shape[i];
        if (dim == -1 && rest == SIZE_MAX) {
            rest = i;
            continue;
        }
        if (dim < 0 || (uint64_t)dim > x->n)
            return asx_fail(err, ASX_EINVAL, "dimension %zu of the new shape is %lld", i,
                            (long long)dim);
        out->dim[i] = (size_t)dim;
        known = known > x->n ? known : known * (size_t)dim;
    }
    if (rest != SIZE_MAX)
        out->dim[rest] = known > 0 ? x->n / known : 0;
    return same_elements(out, in, x, err);
}

asx_status asx_onnx_unsqueeze_constant(asx_onnx_constant *out, asx_onnx *in,
                                       const Onnx__NodeProto *node, const asx_onnx_constant *x,
                                       asx_error *err)
{
    size_t n, from = 0;
    bool added[ASX_ONNX_RANK_MAX] = {false};
    const int64_t *axes = list_of(&n, node, x, 1, "axes");
    if (n > ASX_ONNX_RANK_MAX || x->rank + n > ASX_ONNX_RANK_MAX)
        return asx_fail(err, ASX_EUNSUPPORTED, "more than %d dimensions", ASX_ONNX_RANK_MAX);
    out->rank = x->rank + n;
    asx_status status = asx_onnx_mark_axes(added, axes, n, out->rank, err);
    if (status != ASX_OK)
        return status;
    for (size_t i = 0; i < out->rank; i++)
        out->dim[i] = added[i] ? 1 : x->dim[from++];
    return same_elements(out, in, x, err);
}

asx_status asx_onnx_squeeze_constant(asx_onnx_constant *out, asx_onnx *in,
                                     const Onnx__NodeProto *node, const asx_onnx_constant *x,
                                     asx_error *err)
{
    size_t n;
    bool dropped[ASX_ONNX_RANK_MAX] = {false};
    const int64_t *axes = list_of(&n, node, x, 1, "axes");
    asx_status status = asx_onnx_mark_axes(dropped, axes, n, x->rank, err);
    if (status != ASX_OK)
        return status;
    for (size_t i = 0; i < x->rank; i++) {
        if (axes ? !dropped[i] : x->dim[i] != 1)
            out->dim[out->rank++] = x->dim[i];
    }
    return same_elements(out, in, x, err);
}

asx_status asx_onnx_transpose_constant(asx_onnx_constant *out, asx_onnx *in,
                                       const Onnx__NodeProto *node, const asx_onnx_constant *x,
                                       asx_error *err)
{
    ptrdiff_t from[ASX_ONNX_RANK_MAX], stride[ASX_ONNX_RANK_MAX];
    bool seen[ASX_ONNX_RANK_MAX] = {false};
    const Onnx__AttributeProto *perm = asx_onnx_attribute(node, "perm");
    if (perm && perm->n_ints != x->rank)
        return asx_fail(err, ASX_EINVAL, "attribute 'perm' has %zu numbers for %zu dimensions",
                        perm->n_ints, x->rank);
    strides_of(from, x);
    out->rank = x->rank;
    for (size_t i = 0; i < x->rank; i++) {
        const int64_t p = perm ? perm->ints[i] : (int64_t)(x->rank - 1 - i);
        if (p < 0 || p >= (int64_t)x->rank || seen[p])
            return asx_fail(err, ASX_EINVAL, "attribute 'perm' is no permutation");
        seen[p] = true;
        out->dim[i] = x->dim[p];
        stride[i] = from[p];
    }
    out->type = x->type;
    asx_status status = asx_onnx_constant_alloc(out, in, x->i != NULL, err);
    if (status == ASX_OK)
        pick(out, x, 0, stride);
    return status;
}

asx_status asx_onnx_slice_constant(asx_onnx_constant *out, asx_onnx *in,
                                   const Onnx__NodeProto *node, const asx_onnx_constant *x,
                                   asx_error *err)
{
    size_t n, n_ends, n_axes, n_steps;
    const int64_t *starts = list_of(&n, node, x, 1, "starts");
    const int64_t *ends = list_of(&n_ends, node, x, 2, "ends");
    const int64_t *axes = list_of(&n_axes, node, x, 3, "axes");
    const int64_t *steps = list_of(&n_steps, node, x, 4, "steps");
    ptrdiff_t stride[ASX_ONNX_RANK_MAX], at = 0;
    if (n > x->rank || n_ends != n || (axes && n_axes != n) || (steps && n_steps != n))
        return asx_fail(err, ASX_EINVAL, "%zu starts, %zu ends, %zu axes and %zu steps", n, n_ends,
                        n_axes, n_steps);
    strides_of(stride, x);
    out->rank = x->rank;
    memcpy(out->dim, x->dim, sizeof out->dim);
    bool seen[ASX_ONNX_RANK_MAX] = {false};
    for (size_t i = 0; i < n; i++) {
        const int64_t rank = (int64_t)x->rank, given = axes ? axes[i] : (int64_t)i;
        const int64_t axis = given < 0 ? given + rank : given, step = steps ? steps[i] : 1;
        if (axis < 0 || axis >= rank || step == 0 || seen[axis])
            return asx_fail(err, ASX_EINVAL, "axis %lld with step %lld", (long long)given,
                            (long long)step);
        int64_t start = starts[i];
        seen[axis] = true;
        out->dim[axis] = asx_onnx_count_steps(&start, ends[i], step, (int64_t)x->dim[axis]);
        at += (ptrdiff_t)start * stride[axis];
        stride[axis] *= out->dim[axis] > 1 ? (ptrdiff_t)step : 1;
    }
    out->type = x->type;
    asx_status status = asx_onnx_constant_alloc(out, in, x->i != NULL, err);
    if (status == ASX_OK)
        pick(out, x, at, stride);
    return status;
}

/* Copies `n` elements of x from `from` on to place `to` of `out`. */
static void copy_row(asx_onnx_constant *out, size_t to, const asx_onnx_constant *x, size_t from,
                     size_t n)
{
    if (n > 0 && x->i)
        memcpy(out->i + to, x->i + from, n * sizeof *out->i);
    else if (n > 0)
        memcpy(out->f + to, x->f + from, n * sizeof *out->f);
}

/* An axis, counted from 0 or from -1 at the end, of a constant. */
static asx_status read_axis(size_t *out, const Onnx__NodeProto *node, const asx_onnx_constant *x,
                            asx_error *err)
{
    int64_t axis;
    asx_status status = asx_onnx_int(&axis, node, "axis", 0, INT32_MIN, INT32_MAX, err);
    if (status != ASX_OK)
        return status;
    const int64_t rank = (int64_t)x->rank;
    if (axis < -rank || axis >= rank)
        return asx_fail(err, ASX_EINVAL, "axis %lld of a constant of %zu dimensions",
                        (long long)axis, x->rank);
    *out = (size_t)(axis < 0 ? axis + rank : axis);
    return ASX_OK;
}

/* The sizes of what lies behind an axis, and before it. */
static void sizes_about(size_t *before, size_t *behind, const asx_onnx_constant *x, size_t axis)
{
    *before = *behind = 1;
    for (size_t d = 0; d < x->rank; d++) {
        if (d < axis)
            *before *= x->dim[d];
        else if (d > axis)
            *behind *= x->dim[d];
    }
}

/* The dimensions of the index take the place of the axis. */
static asx_status gather_shape(asx_onnx_constant *out, const asx_onnx_constant *x,
                               const asx_onnx_constant *index, size_t axis, asx_error *err)
{
    if (x->rank - 1 + index->rank > ASX_ONNX_RANK_MAX)
        return asx_fail(err, ASX_EUNSUPPORTED, "more than %d dimensions", ASX_ONNX_RANK_MAX);
    for (size_t d = 0; d < x->rank; d++) {
        if (d != axis)
            out->dim[out->rank++] = x->dim[d];
        for (size_t k = 0; d == axis && k < index->rank; k++)
            out->dim[out->rank++] = index->dim[k];
    }
    return ASX_OK;
}

asx_status asx_onnx_gather_constant(asx_onnx_constant *out, asx_onnx *in,
                                    const Onnx__NodeProto *node, const asx_onnx_constant *x,
                                    asx_error *err)
{
    size_t axis, before, behind;
    const asx_onnx_constant *index = &x[1];
    asx_status status = read_axis(&axis, node, x, err);
    if (status == ASX_OK && !index->i)
        status = asx_fail(err, ASX_EINVAL, "its positions are no integers");
    if (status == ASX_OK)
        status = gather_shape(out, x, index, axis, err);
    out->type = x->type;
    if (status == ASX_OK)
        status = asx_onnx_constant_alloc(out, in, x->i != NULL, err);
    if (status != ASX_OK || out->n == 0)
        return status;
    sizes_about(&before, &behind, x, axis);
    for (size_t k = 0; k < before * index->n; k++) {
        const int64_t given = index->i[k % index->n], n = (int64_t)x->dim[axis];
        const int64_t at = given < 0 ? given + n : given;
        if (at < 0 || at >= n)
            return asx_fail(err, ASX_EINVAL, "position %lld of %lld", (long long)given,
                            (long long)n);
        copy_row(out, k * behind, x, (k / index->n * x->dim[axis] + (size_t)at) * behind, behind);
    }
    return status;
}

asx_status asx_onnx_concat_constants(asx_onnx_constant *out, asx_onnx *in,
                                     const Onnx__NodeProto *node, const asx_onnx_constant *x,
                                     asx_error *err)
{
    size_t axis, before, behind, at = 0;
    asx_status status = read_axis(&axis, node, x, err);
    if (status != ASX_OK)
        return status;
    out->rank = x->rank;
    memcpy(out->dim, x->dim, sizeof out->dim);
    out->dim[axis] = 0;
    for (size_t i = 0; i < node->n_input; i++) {
        bool fits = x[i].rank == x->rank && !x[i].i == !x->i;
        for (size_t d = 0; fits && d < x->rank; d++)
            fits = d == axis || x[i].dim[d] == x->dim[d];
        if (!fits || x[i].dim[axis] > ASX_ONNX_ELEMENTS_MAX)
            return asx_fail(err, ASX_EINVAL,
                            "input %zu differs in type, or in a size beside axis "
                            "%zu",
                            i, axis);
        out->dim[axis] += x[i].dim[axis];
    }
    out->type = x->type;
    status = asx_onnx_constant_alloc(out, in, x->i != NULL, err);
    if (status != ASX_OK || out->n == 0)
        return status;
    sizes_about(&before, &behind, out, axis);
    for (size_t k = 0; k < before; k++) {
        for (size_t i = 0; i < node->n_input; i++) {
            const size_t n = x[i].dim[axis] * behind;
            copy_row(out, at, &x[i], k * n, n);
            at += n;
        }
    }
    return status;
}
