/* Broadcasting of values: a dimension of one is read again and again, by a Slice in steps of 0. */
#include <string.h>

#include "onnx_ops.h"

asx_status asx_onnx_expand_to(size_t *out, asx_onnx *in, size_t value, size_t rank,
                              const size_t *dim, asx_error *err)
{
    const asx_value *x = &in->net->value[value];
    char from[96], to[96];
    asx_node made = {.op = ASX_OP_SLICE, .layer = ASX_NO_LAYER};
    asx_value y = {.rank = rank, .non_negative = x->non_negative};
    bool same = true, fits = x->rank == rank;
    for (size_t i = 0; fits && i < rank; i++) {
        fits = x->dim[i] == dim[i] || x->dim[i] == 1;
        same = same && x->dim[i] == dim[i];
        made.step[i] = x->dim[i] == dim[i];
        y.dim[i] = dim[i];
    }
    for (size_t i = rank; i < ASX_RANK_MAX; i++)
        made.step[i] = 1;
    *out = value;
    if (!fits)
        return asx_fail(err, ASX_EUNSUPPORTED, "shape %s is not broadcast to %s",
                        asx_onnx_shape_text(from, sizeof from, x->rank, x->dim),
                        asx_onnx_shape_text(to, sizeof to, rank, dim));
    return same ? ASX_OK : asx_onnx_insert(out, in, &made, value, &y, 1, err);
}

asx_status asx_onnx_expand_pair(size_t value[2], asx_onnx *in, asx_error *err)
{
    const asx_value *a = &in->net->value[value[0]], *b = &in->net->value[value[1]];
    char a_text[96], b_text[96];
    size_t dim[ASX_RANK_MAX];
    const size_t rank = a->rank;
    bool fits = a->rank == b->rank;
    for (size_t i = 0; fits && i < rank; i++) {
        fits = a->dim[i] == b->dim[i] || a->dim[i] == 1 || b->dim[i] == 1;
        dim[i] = a->dim[i] == 1 ? b->dim[i] : a->dim[i];
    }
    if (!fits)
        return asx_fail(err, ASX_EUNSUPPORTED, "shapes %s and %s differ",
                        asx_onnx_shape_text(a_text, sizeof a_text, a->rank, a->dim),
                        asx_onnx_shape_text(b_text, sizeof b_text, b->rank, b->dim));
    asx_status status = asx_onnx_expand_to(&value[0], in, value[0], rank, dim, err);
    return status == ASX_OK ? asx_onnx_expand_to(&value[1], in, value[1], rank, dim, err) : status;
}

/* The shape in input 1 and the value's own, whichever is larger. */
asx_status asx_onnx_expand(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    asx_onnx_constant shape = {0};
    size_t input, dim[ASX_RANK_MAX];
    asx_status status = asx_onnx_value(&input, in, node, 0, err);
    if (status == ASX_OK)
        status = asx_onnx_integers(&shape, in, node, 1, err);
    if (status != ASX_OK)
        return status;
    const asx_value x = in->net->value[input];
    if (shape.n > x.rank + 1 ||
        (shape.n == x.rank + 1 && shape.i[0] != 1 && shape.i[0] != in->batch))
        status = asx_fail(err, ASX_EUNSUPPORTED, "it changes the batch");
    for (size_t i = 0; status == ASX_OK && i < x.rank; i++) {
        const size_t behind = x.rank - i;
        const int64_t wanted = behind <= shape.n ? shape.i[shape.n - behind] : 1;
        if (wanted < 1)
            status = asx_fail(err, ASX_EINVAL, "dimension %zu of the new shape is %lld", i + 1,
                              (long long)wanted);
        dim[i] = wanted > 1 ? (size_t)wanted : x.dim[i];
    }
    asx_onnx_constant_fini(&shape);
    if (status == ASX_OK)
        status = asx_onnx_expand_to(&input, in, input, x.rank, dim, err);
    return status == ASX_OK ? asx_onnx_alias(in, node, input, err) : status;
}

asx_status asx_onnx_expand_constant(asx_onnx_constant *out, asx_onnx *in,
                                    const Onnx__NodeProto *node, const asx_onnx_constant *x,
                                    asx_error *err)
{
    asx_onnx_constant shape = {0};
    (void)node;
    if (!x[1].i || x[1].rank != 1 || x[1].n > ASX_ONNX_RANK_MAX)
        return asx_fail(err, ASX_EUNSUPPORTED, "the new shape is no list of at most %d integers",
                        ASX_ONNX_RANK_MAX);
    shape.rank = x[1].n;
    for (size_t i = 0; i < shape.rank; i++) {
        if (x[1].i[i] < 0)
            return asx_fail(err, ASX_EINVAL, "dimension %zu is %lld", i, (long long)x[1].i[i]);
        shape.dim[i] = (size_t)x[1].i[i];
    }
    asx_status status = asx_onnx_broadcast(out, &x[0], err);
    if (status == ASX_OK)
        status = asx_onnx_broadcast(out, &shape, err);
    out->type = x->type;
    if (status == ASX_OK)
        status = asx_onnx_constant_alloc(out, in, x->i != NULL, err);
    for (size_t i = 0; status == ASX_OK && i < out->n; i++) {
        const size_t at = asx_onnx_broadcast_at(x, out, i);
        if (x->i)
            out->i[i] = x->i[at];
        else
            out->f[i] = x->f[at];
    }
    return status;
}
