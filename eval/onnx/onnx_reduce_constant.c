/* Reductions of constants, and the positions of their extremes; computed in doubles. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "onnx_elements.h"
#include "onnx_ops.h"

typedef enum kind { SUM, MEAN, MAX, MIN, PROD, L1, L2, SQUARES, LOG_SUM, LOG_SUM_EXP } kind;

static const char *const names[] = {
    [SUM] = "ReduceSum",        [MEAN] = "ReduceMean",
    [MAX] = "ReduceMax",        [MIN] = "ReduceMin",
    [PROD] = "ReduceProd",      [L1] = "ReduceL1",
    [L2] = "ReduceL2",          [SQUARES] = "ReduceSumSquare",
    [LOG_SUM] = "ReduceLogSum", [LOG_SUM_EXP] = "ReduceLogSumExp",
};

static double take(kind k, double sum, double x, bool first)
{
    switch (k) {
    case MAX:
        return first || isnan(x) || x > sum ? x : sum;
    case MIN:
        return first || isnan(x) || x < sum ? x : sum;
    case PROD:
        return first ? x : sum * x;
    case L1:
        return sum + fabs(x);
    case L2:
    case SQUARES:
        return sum + x * x;
    case LOG_SUM_EXP: /* log(e^sum + e^x) */
        return first ? x : fmax(sum, x) + log1p(exp(-fabs(sum - x)));
    default:
        return sum + x;
    }
}

static double end(kind k, double sum, size_t n)
{
    return k == MEAN ? sum / (double)n : k == L2 ? sqrt(sum) : k == LOG_SUM ? log(sum) : sum;
}

static double number(const asx_onnx_constant *x, size_t i)
{
    return x->f ? (double)x->f[i] : (double)x->i[i];
}

static asx_status store(asx_onnx_constant *out, size_t i, double v, asx_error *err)
{
    if (out->f) {
        out->f[i] = asx_onnx_round((float)v, out->type);
        return ASX_OK;
    }
    if (!(fabs(v) < 0x1p53) || !asx_onnx_type_holds(out->type, (int64_t)v))
        return asx_fail(err, ASX_EUNSUPPORTED, "%g as %s", v, asx_onnx_type_text(out->type));
    out->i[i] = (int64_t)v;
    return ASX_OK;
}

/* Which dimensions go; the shape without them, or with ones. @param dim with ones, [rank] */
static asx_status shape(asx_onnx_constant *out, size_t *dim, const asx_onnx_constant *x,
                        const bool *reduced, bool keep, asx_error *err)
{
    out->rank = 0;
    for (size_t d = 0; d < x->rank; d++) {
        dim[d] = reduced[d] ? 1 : x->dim[d];
        if (reduced[d] && x->dim[d] == 0)
            return asx_fail(err, ASX_EUNSUPPORTED, "dimension %zu is empty", d);
        if (keep || !reduced[d])
            out->dim[out->rank++] = dim[d];
    }
    return ASX_OK;
}

/* The place of element `i` of x among the results. */
static size_t place(const asx_onnx_constant *x, const size_t *dim, size_t i)
{
    size_t at = 0, step = 1;
    for (size_t d = x->rank; d-- > 0; i /= x->dim[d]) {
        at += dim[d] == 1 ? 0 : i % x->dim[d] * step;
        step *= dim[d];
    }
    return at;
}

static asx_status read_reduced(bool *reduced, bool *keep, const Onnx__NodeProto *node,
                               const asx_onnx_constant *x, asx_error *err)
{
    const Onnx__AttributeProto *given = asx_onnx_attribute(node, "axes");
    int64_t keepdims, noop;
    asx_status status = asx_onnx_int(&keepdims, node, "keepdims", 1, 0, 1, err);
    if (status == ASX_OK)
        status = asx_onnx_int(&noop, node, "noop_with_empty_axes", 0, 0, 1, err);
    if (status != ASX_OK)
        return status;
    const int64_t *axes = x[1].i ? x[1].i : given ? given->ints : NULL;
    const size_t n = x[1].i ? x[1].n : given ? given->n_ints : 0;
    *keep = keepdims != 0;
    for (size_t d = 0; d < x->rank; d++)
        reduced[d] = n == 0 && !noop;
    return n > 0 ? asx_onnx_mark_axes(reduced, axes, n, x->rank, err) : ASX_OK;
}

asx_status asx_onnx_reduce_constant(asx_onnx_constant *out, asx_onnx *in,
                                    const Onnx__NodeProto *node, const asx_onnx_constant *x,
                                    asx_error *err)
{
    bool reduced[ASX_ONNX_RANK_MAX] = {false}, keep = true;
    size_t dim[ASX_ONNX_RANK_MAX], k = 0;
    while (strcmp(names[k], node->op_type) != 0)
        k++;
    asx_status status = read_reduced(reduced, &keep, node, x, err);
    if (status == ASX_OK)
        status = shape(out, dim, x, reduced, keep, err);
    out->type = x->type;
    if (status == ASX_OK)
        status = asx_onnx_constant_alloc(out, in, x->i != NULL, err);
    double *sum = status == ASX_OK ? calloc(out->n + 1, sizeof *sum) : NULL;
    bool *seen = status == ASX_OK ? calloc(out->n + 1, sizeof *seen) : NULL;
    if (status == ASX_OK && (!sum || !seen))
        status = asx_fail(err, ASX_ENOMEM, "no memory for %zu sums", out->n);
    for (size_t i = 0; status == ASX_OK && i < x->n; i++) {
        const size_t at = place(x, dim, i);
        sum[at] = take((kind)k, sum[at], number(x, i), !seen[at]);
        seen[at] = true;
    }
    for (size_t i = 0; status == ASX_OK && i < out->n; i++)
        status = store(out, i, end((kind)k, sum[i], x->n / out->n), err);
    free(sum);
    free(seen);
    return status;
}

/* ArgMax and ArgMin: the first of equals, or the last. */
asx_status asx_onnx_extreme_position(asx_onnx_constant *out, asx_onnx *in,
                                     const Onnx__NodeProto *node, const asx_onnx_constant *x,
                                     asx_error *err)
{
    int64_t axis, keep, last;
    bool reduced[ASX_ONNX_RANK_MAX] = {false};
    size_t dim[ASX_ONNX_RANK_MAX], stride = 1;
    asx_status status = asx_onnx_int(&axis, node, "axis", 0, INT32_MIN, INT32_MAX, err);
    if (status == ASX_OK)
        status = asx_onnx_int(&keep, node, "keepdims", 1, 0, 1, err);
    if (status == ASX_OK)
        status = asx_onnx_int(&last, node, "select_last_index", 0, 0, 1, err);
    if (status == ASX_OK)
        status = asx_onnx_mark_axes(reduced, &axis, 1, x->rank, err);
    if (status == ASX_OK)
        status = shape(out, dim, x, reduced, keep != 0, err);
    if (status == ASX_OK)
        status = asx_onnx_constant_alloc(out, in, true, err);
    if (status != ASX_OK)
        return status;
    const bool max = strcmp(node->op_type, "ArgMax") == 0;
    const size_t along = (size_t)(axis < 0 ? axis + (int64_t)x->rank : axis);
    for (size_t d = along + 1; d < x->rank; d++)
        stride *= x->dim[d];
    for (size_t i = 0; i < x->n; i++) { /* in order, so the first of an axis comes first */
        const size_t at = place(x, dim, i), position = i / stride % x->dim[along];
        const double best = number(x, i - (position - (size_t)out->i[at]) * stride),
                     v = number(x, i);
        if ((max ? v > best : v < best) || (last && !(v < best) && !(v > best)))
            out->i[at] = (int64_t)position;
    }
    return status;
}
