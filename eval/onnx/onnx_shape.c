/* Operators that rearrange: Flatten, Reshape, Transpose, Concat; and ReduceMean. The batch is and
 * stays the first dimension. */
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "onnx_ops.h"

asx_status asx_onnx_flatten(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    size_t input, axis;
    int64_t given;
    asx_status status = asx_onnx_value(&input, in, node, 0, err);
    if (status == ASX_OK)
        status = asx_onnx_int(&given, node, "axis", 1, -ASX_RANK_MAX, ASX_RANK_MAX, err);
    if (status == ASX_OK)
        status = asx_onnx_axis(&axis, given, &in->net->value[input], err);
    if (status != ASX_OK)
        return status;
    const asx_value *x = &in->net->value[input];
    for (size_t i = 0; i < axis; i++) {
        if (x->dim[i] != 1)
            return asx_fail(err, ASX_EUNSUPPORTED, "axis %lld moves channels into the batch",
                            (long long)given);
    }
    asx_value y = {.rank = 1, .dim = {asx_value_n_elements(x)}};
    return asx_onnx_emit_reshape(in, node, input, &y, err);
}

/* The dimensions that `shape` (batch first; 0: as before, -1: the rest) gives to an image. */
static asx_status resolve_shape(asx_value *y, const asx_onnx *in, const asx_value *x,
                                const asx_onnx_constant *shape, asx_error *err)
{
    const size_t n = asx_value_n_elements(x);
    size_t known = 1, rest = SIZE_MAX;
    if (shape->n < 2 || shape->n - 1 > ASX_RANK_MAX)
        return asx_fail(err, ASX_EUNSUPPORTED, "the new shape has %zu dimensions (2 to %d)",
                        shape->n, ASX_RANK_MAX + 1);
    const int64_t batch = shape->i[0];
    if (batch != 0 && batch != -1 && batch != 1 && batch != in->batch)
        return asx_fail(err, ASX_EUNSUPPORTED, "the new shape has %lld for the batch",
                        (long long)batch);
    y->rank = shape->n - 1;
    for (size_t i = 0; i < y->rank; i++) {
        int64_t dim = shape->i[i + 1];
        if (dim == 0 && i < x->rank)
            dim = (int64_t)x->dim[i];
        if (dim == -1 && rest == SIZE_MAX && batch != -1) {
            rest = i;
            continue;
        }
        if (dim <= 0 || (uint64_t)dim > n / known)
            return asx_fail(err, ASX_EINVAL,
                            "dimension %zu of the new shape is %lld for %zu values", i + 1,
                            (long long)shape->i[i + 1], n);
        y->dim[i] = (size_t)dim;
        known *= (size_t)dim;
    }
    if (rest == SIZE_MAX ? known != n : n % known != 0)
        return asx_fail(err, ASX_EINVAL, "%zu values do not fit the new shape", n);
    if (rest != SIZE_MAX)
        y->dim[rest] = n / known;
    return ASX_OK;
}

asx_status asx_onnx_reshape(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    asx_onnx_constant shape = {0};
    int64_t allow_zero;
    size_t input;
    asx_value y = {0};
    asx_status status = asx_onnx_int(&allow_zero, node, "allowzero", 0, 0, 1, err);
    if (status == ASX_OK)
        status = asx_onnx_value(&input, in, node, 0, err);
    if (status == ASX_OK)
        status = asx_onnx_integers(&shape, in, node, 1, err);
    for (size_t i = 0; status == ASX_OK && allow_zero && i < shape.n; i++) {
        if (shape.i[i] == 0)
            status = asx_fail(err, ASX_EUNSUPPORTED, "allowzero with a dimension of 0");
    }
    if (status == ASX_OK)
        status = resolve_shape(&y, in, &in->net->value[input], &shape, err);
    if (status == ASX_OK)
        status = asx_onnx_emit_reshape(in, node, input, &y, err);
    asx_onnx_constant_fini(&shape);
    return status;
}

/* perm[i] of an image from the attribute, which counts the batch as 0; reversed by default. */
static asx_status read_perm(size_t *perm, const Onnx__NodeProto *node, size_t rank, asx_error *err)
{
    const Onnx__AttributeProto *attribute = asx_onnx_attribute(node, "perm");
    if (!attribute || attribute->n_ints == 0 || attribute->ints[0] != 0)
        return asx_fail(err, ASX_EUNSUPPORTED, "the batch does not stay the first dimension");
    if (attribute->n_ints != rank + 1)
        return asx_fail(err, ASX_EINVAL, "attribute 'perm' has %zu numbers for %zu dimensions",
                        attribute->n_ints, rank + 1);
    bool seen[ASX_RANK_MAX] = {false};
    for (size_t i = 0; i < rank; i++) {
        const int64_t p = attribute->ints[i + 1] - 1;
        if (attribute->ints[i + 1] < 1 || p >= (int64_t)rank || seen[p])
            return asx_fail(err, ASX_EINVAL, "attribute 'perm' is no permutation");
        seen[p] = true;
        perm[i] = (size_t)p;
    }
    return ASX_OK;
}

asx_status asx_onnx_transpose(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    size_t input;
    asx_status status = asx_onnx_value(&input, in, node, 0, err);
    if (status != ASX_OK)
        return status;
    if (in->channels_last && asx_onnx_turns(node)) {
        in->channels_last = false;
        return asx_onnx_alias(in, node, input, err);
    }
    const asx_value *x = &in->net->value[input];
    asx_node made = {.op = ASX_OP_TRANSPOSE, .layer = ASX_NO_LAYER};
    status = read_perm(made.perm, node, x->rank, err);
    if (status != ASX_OK)
        return status;
    asx_value y = *x;
    for (size_t i = 0; i < x->rank; i++)
        y.dim[i] = x->dim[made.perm[i]];
    return asx_onnx_emit_unary(in, node, &made, input, &y, err);
}

/* Joins the shape of one more input to `y`. */
static asx_status concat_shape(asx_value *y, const asx_value *x, size_t axis, asx_error *err)
{
    bool same = x->rank == y->rank;
    for (size_t i = 0; same && i < x->rank; i++)
        same = i == axis || x->dim[i] == y->dim[i];
    if (!same) {
        char x_text[96], y_text[96];
        return asx_fail(err, ASX_EINVAL, "shapes %s and %s differ beside axis %zu",
                        asx_onnx_shape_text(y_text, sizeof y_text, y->rank, y->dim),
                        asx_onnx_shape_text(x_text, sizeof x_text, x->rank, x->dim), axis + 1);
    }
    y->dim[axis] += x->dim[axis];
    y->non_negative = y->non_negative && x->non_negative;
    return ASX_OK;
}

asx_status asx_onnx_concat(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    int64_t given;
    asx_value y = {0};
    asx_node made = {.op = ASX_OP_CONCAT, .layer = ASX_NO_LAYER};
    size_t *input = asx_array_new(node->n_input, sizeof *input);
    asx_status status = ASX_OK;
    if (!input)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu inputs", node->n_input);
    if (!asx_onnx_attribute(node, "axis"))
        status = asx_fail(err, ASX_EINVAL, "attribute 'axis' is missing");
    if (status == ASX_OK)
        status = asx_onnx_int(&given, node, "axis", 0, INT32_MIN, INT32_MAX, err);
    size_t rank = 0, known = 0;
    while (known + 1 < node->n_input && asx_onnx_is_constant(in, node, known))
        known++;
    if (status == ASX_OK)
        status = asx_onnx_value(&input[0], in, node, known, err);
    if (status == ASX_OK)
        rank = in->net->value[input[0]].rank;
    for (size_t i = 0; status == ASX_OK && i < node->n_input; i++) {
        status = asx_onnx_value_or_number(&input[i], in, node, i, rank, err);
        if (status != ASX_OK)
            break;
        const asx_value *x = &in->net->value[input[i]];
        if (i == 0) {
            y = *x;
            status = asx_onnx_axis(&made.axis, given, x, err);
        } else {
            status = concat_shape(&y, x, made.axis, err);
        }
    }
    if (status == ASX_OK)
        status = asx_onnx_emit(in, node, &made, input, node->n_input, &y, err);
    free(input);
    return status;
}

static asx_status mark_reduced(asx_node *made, const asx_value *x, const int64_t *axes, size_t n,
                               asx_error *err)
{
    if (n == 0)
        return asx_fail(err, ASX_EUNSUPPORTED, "over all dimensions, the batch too");
    for (size_t i = 0; i < n; i++) {
        size_t axis;
        asx_status status = asx_onnx_axis(&axis, axes[i], x, err);
        if (status != ASX_OK)
            return status;
        made->reduced[axis] = true;
    }
    return ASX_OK;
}

/* The axes are an attribute up to opset 17, an input from 18 on. */
asx_status asx_onnx_reduce_mean(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    asx_onnx_constant axes = {0};
    asx_node made = {.op = ASX_OP_REDUCE_MEAN, .layer = ASX_NO_LAYER};
    int64_t keep, ignored;
    size_t input;
    asx_status status = asx_onnx_value(&input, in, node, 0, err);
    if (status == ASX_OK)
        status = asx_onnx_int(&keep, node, "keepdims", 1, 0, 1, err);
    if (status == ASX_OK)
        status = asx_onnx_int(&ignored, node, "noop_with_empty_axes", 0, 0, 1, err);
    if (status != ASX_OK)
        return status;
    const asx_value *x = &in->net->value[input];
    const Onnx__AttributeProto *attribute = asx_onnx_attribute(node, "axes");
    if (asx_onnx_has_input(node, 1)) {
        status = asx_onnx_integers(&axes, in, node, 1, err);
        if (status == ASX_OK)
            status = mark_reduced(&made, x, axes.i, axes.n, err);
    } else {
        status = mark_reduced(&made, x, attribute ? attribute->ints : NULL,
                              attribute ? attribute->n_ints : 0, err);
    }
    asx_onnx_constant_fini(&axes);
    if (status != ASX_OK)
        return status;
    asx_value y = {.non_negative = x->non_negative};
    for (size_t i = 0; i < x->rank; i++) {
        if (!made.reduced[i] || keep)
            y.dim[y.rank++] = made.reduced[i] ? 1 : x->dim[i];
    }
    if (y.rank == 0)
        return asx_fail(err, ASX_EUNSUPPORTED, "its output has no dimension but the batch");
    return asx_onnx_emit_unary(in, node, &made, input, &y, err);
}
