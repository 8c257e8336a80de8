/* Constants whose elements are moved: blocks between depth and space, tiles, triangles, elements that
 * are gathered one by one. Of values, onnx_pick.c calls these on the numbers of places. */
#include <string.h>

#include "onnx_ops.h"

static void copy_element(asx_onnx_constant *out, size_t to, const asx_onnx_constant *x, size_t from)
{
    if (x->i)
        out->i[to] = x->i[from];
    else
        out->f[to] = x->f[from];
}

/* Positions of element `i` of a shape. */
static void positions(size_t *at, const size_t *dim, size_t rank, size_t i)
{
    for (size_t d = rank; d-- > 0; i /= dim[d])
        at[d] = i % dim[d];
}

static size_t place(const size_t *at, const size_t *dim, size_t rank)
{
    size_t i = 0;
    for (size_t d = 0; d < rank; d++)
        i = i * dim[d] + at[d];
    return i;
}

/* @param x [n][c][h][w]; block b: depth c = which * b * b of them, or which of C' blocks */
asx_status asx_onnx_depth_space(asx_onnx_constant *out, asx_onnx *in, const Onnx__NodeProto *node,
                                const asx_onnx_constant *x, asx_error *err)
{
    int64_t block;
    char mode[8];
    const bool to_space = strcmp(node->op_type, "DepthToSpace") == 0;
    asx_status status = asx_onnx_int(&block, node, "blocksize", 1, 1, 4096, err);
    asx_onnx_string(mode, sizeof mode, node, "mode", "DCR");
    const size_t b = status == ASX_OK ? (size_t)block : 1;
    const bool crd = strcmp(mode, "CRD") == 0;
    const size_t *d = x->dim;
    if (status == ASX_OK &&
        (x->rank != 4 || (to_space ? d[1] % (b * b) != 0 : d[2] % b != 0 || d[3] % b != 0)))
        status = asx_fail(err, ASX_EINVAL, "blocks of %zu do not fit its input", b);
    if (status != ASX_OK)
        return status;
    const size_t deep = to_space ? d[1] / (b * b) : d[1]; /* channels where blocks are spread */
    out->rank = 4;
    out->type = x->type;
    out->dim[0] = d[0];
    out->dim[1] = to_space ? deep : d[1] * b * b;
    out->dim[2] = to_space ? d[2] * b : d[2] / b;
    out->dim[3] = to_space ? d[3] * b : d[3] / b;
    status = asx_onnx_constant_alloc(out, in, x->i != NULL, err);
    const size_t *wide = to_space ? out->dim : d, *tall = to_space ? d : out->dim;
    for (size_t i = 0; status == ASX_OK && i < out->n; i++) {
        size_t at[4]; /* in the wide one */
        positions(at, wide, 4, i);
        const size_t inside = at[2] % b * b + at[3] % b;
        const size_t channel = to_space && crd ? at[1] * b * b + inside : inside * deep + at[1];
        const size_t other = place((size_t[]){at[0], channel, at[2] / b, at[3] / b}, tall, 4);
        copy_element(out, to_space ? i : other, x, to_space ? other : i);
    }
    return status;
}

asx_status asx_onnx_tile_constant(asx_onnx_constant *out, asx_onnx *in, const Onnx__NodeProto *node,
                                  const asx_onnx_constant *x, asx_error *err)
{
    size_t at[ASX_ONNX_RANK_MAX];
    (void)node;
    if (!x[1].i || x[1].n != x->rank)
        return asx_fail(err, ASX_EINVAL, "%zu repetitions for %zu dimensions", x[1].n, x->rank);
    out->rank = x->rank;
    out->type = x->type;
    for (size_t d = 0; d < x->rank; d++) {
        if (x[1].i[d] < 0 || x[1].i[d] > (int64_t)ASX_ONNX_ELEMENTS_MAX ||
            (x->dim[d] > 0 && (size_t)x[1].i[d] > ASX_ONNX_ELEMENTS_MAX / x->dim[d]))
            return asx_fail(err, ASX_EINVAL, "%lld repetitions", (long long)x[1].i[d]);
        out->dim[d] = x->dim[d] * (size_t)x[1].i[d];
    }
    asx_status status = asx_onnx_allow_fill(in, out, err);
    if (status == ASX_OK)
        status = asx_onnx_constant_alloc(out, in, x->i != NULL, err);
    for (size_t i = 0; status == ASX_OK && i < out->n; i++) {
        positions(at, out->dim, out->rank, i);
        for (size_t d = 0; d < x->rank; d++)
            at[d] %= x->dim[d];
        copy_element(out, i, x, place(at, x->dim, x->rank));
    }
    return status;
}

/* Zeros beside a triangle of the last two dimensions. */
asx_status asx_onnx_trilu_constant(asx_onnx_constant *out, asx_onnx *in,
                                   const Onnx__NodeProto *node, const asx_onnx_constant *x,
                                   asx_error *err)
{
    int64_t upper;
    asx_status status = asx_onnx_int(&upper, node, "upper", 1, 0, 1, err);
    if (status == ASX_OK && (x->rank < 2 || (x[1].n > 0 && (!x[1].i || x[1].n != 1))))
        status = asx_fail(err, ASX_EINVAL, "of %zu dimensions, %zu diagonals", x->rank, x[1].n);
    if (status == ASX_OK)
        status = asx_onnx_copy(out, in, x, err);
    const int64_t k = x[1].n > 0 ? x[1].i[0] : 0;
    const size_t w = status == ASX_OK ? x->dim[x->rank - 1] : 1,
                 h = status == ASX_OK ? x->dim[x->rank - 2] : 1;
    for (size_t i = 0; status == ASX_OK && i < out->n; i++) {
        const int64_t off = (int64_t)(i % w) - (int64_t)(i / w % h);
        const bool kept = upper ? off >= k : off <= k;
        if (!kept && out->i)
            out->i[i] = 0;
        else if (!kept)
            out->f[i] = 0;
    }
    return status;
}

asx_status asx_onnx_gather_elements(asx_onnx_constant *out, asx_onnx *in,
                                    const Onnx__NodeProto *node, const asx_onnx_constant *x,
                                    asx_error *err)
{
    int64_t given;
    const asx_onnx_constant *index = &x[1];
    size_t at[ASX_ONNX_RANK_MAX];
    asx_status status = asx_onnx_int(&given, node, "axis", 0, INT32_MIN, INT32_MAX, err);
    if (status != ASX_OK)
        return status;
    const int64_t axis = given < 0 ? given + (int64_t)x->rank : given;
    bool fits = index->i && index->rank == x->rank && axis >= 0 && axis < (int64_t)x->rank;
    for (size_t d = 0; fits && d < x->rank; d++)
        fits = (int64_t)d == axis || index->dim[d] <= x->dim[d];
    if (!fits)
        return asx_fail(err, ASX_EINVAL, "its positions do not fit its input");
    out->rank = x->rank;
    out->type = x->type;
    memcpy(out->dim, index->dim, sizeof out->dim);
    status = asx_onnx_constant_alloc(out, in, x->i != NULL, err);
    for (size_t i = 0; status == ASX_OK && i < out->n; i++) {
        const int64_t n = (int64_t)x->dim[axis], p = index->i[i] + (index->i[i] < 0 ? n : 0);
        if (p < 0 || p >= n)
            return asx_fail(err, ASX_EINVAL, "position %lld of %lld", (long long)index->i[i],
                            (long long)n);
        positions(at, out->dim, out->rank, i);
        at[axis] = (size_t)p;
        copy_element(out, i, x, place(at, x->dim, x->rank));
    }
    return status;
}
