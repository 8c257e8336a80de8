/* Gather along one dimension of a value: a Slice where the positions are evenly spaced, as one
 * channel is; a Concat of Slices otherwise. */
#include <stdlib.h>

#include "dse/memory.h"
#include "onnx_ops.h"

enum { PIECES_MAX = 16 };

/* How many of `at` from the first on are evenly spaced. */
static size_t run_length(const int64_t *at, size_t n)
{
    size_t length = n > 1 ? 2 : 1;
    while (length < n && at[length] - at[length - 1] == at[1] - at[0] && at[1] != at[0])
        length++;
    return n > 1 && at[1] == at[0] ? 1 : length;
}

/* Positions from the start: negative ones count from the end. */
static asx_status normalise(asx_onnx_constant *at, size_t size, asx_error *err)
{
    for (size_t i = 0; i < at->n; i++) {
        const int64_t given = at->i[i];
        at->i[i] += given < 0 ? (int64_t)size : 0;
        if (at->i[i] < 0 || at->i[i] >= (int64_t)size)
            return asx_fail(err, ASX_EINVAL, "position %lld of %zu", (long long)given, size);
    }
    return ASX_OK;
}

static void take_run(asx_node *made, asx_value *y, size_t axis, const int64_t *at, size_t n)
{
    for (size_t d = 0; d < ASX_RANK_MAX; d++)
        made->step[d] = 1;
    made->start[axis] = (ptrdiff_t)at[0];
    made->step[axis] = n > 1 ? (ptrdiff_t)(at[1] - at[0]) : 1;
    y->dim[axis] = n;
}

/* Several runs, one behind the other. */
static asx_status join_runs(size_t *out, asx_onnx *in, size_t input, size_t axis,
                            const asx_onnx_constant *at, size_t uses, asx_error *err)
{
    asx_value y = in->net->value[input];
    size_t *piece = asx_array_new(at->n, sizeof *piece), n = 0;
    asx_status status =
        piece ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for %zu indices", at->n);
    for (size_t i = 0, length = 0; status == ASX_OK && i < at->n; i += length) {
        asx_node made = {.op = ASX_OP_SLICE, .layer = ASX_NO_LAYER};
        length = run_length(at->i + i, at->n - i);
        y = in->net->value[input];
        take_run(&made, &y, axis, at->i + i, length);
        status = asx_onnx_insert(&piece[n], in, &made, input, &y, 1, err);
        n += status == ASX_OK;
    }
    if (status == ASX_OK && n == 1) {
        *out = piece[0];
    } else if (status == ASX_OK) {
        asx_node made = {.op = ASX_OP_CONCAT, .layer = ASX_NO_LAYER, .axis = axis};
        y.dim[axis] = at->n;
        status = asx_onnx_insert_many(out, in, &made, piece, n, &y, uses, err);
    }
    free(piece);
    return status;
}

static size_t count_runs(const asx_onnx_constant *at)
{
    size_t n = 0;
    for (size_t i = 0; i < at->n; n++)
        i += run_length(at->i + i, at->n - i);
    return n;
}

/* Too many runs for a node each: all places in one. */
static asx_status pick(size_t *out, asx_onnx *in, size_t input, size_t axis,
                       const asx_onnx_constant *at, asx_error *err)
{
    const asx_value x = in->net->value[input];
    asx_value y = x;
    size_t behind = 1;
    y.dim[axis] = at->n;
    for (size_t d = axis + 1; d < x.rank; d++)
        behind *= x.dim[d];
    asx_node made = {.op = ASX_OP_PICK, .layer = ASX_NO_LAYER};
    if (at->n > ASX_ONNX_VALUE_MAX / (asx_value_n_elements(&x) / x.dim[axis]))
        return asx_fail(err, ASX_EINVAL, "%zu positions", at->n);
    made.n_picks = asx_value_n_elements(&y);
    if (!(made.pick = asx_array_new(made.n_picks, sizeof *made.pick)))
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu places", made.n_picks);
    for (size_t i = 0; i < made.n_picks; i++) {
        const size_t before = i / behind / at->n, from = (size_t)at->i[i / behind % at->n];
        made.pick[i] = (uint32_t)((before * x.dim[axis] + from) * behind + i % behind + 1);
    }
    return asx_onnx_insert(out, in, &made, input, &y, 1, err);
}

/* The dimensions of the positions take the place of the one gathered; of a number, it goes. */
static asx_status gather(asx_onnx *in, const Onnx__NodeProto *node, size_t input, size_t axis,
                         asx_onnx_constant *at, asx_error *err)
{
    const asx_value x = in->net->value[input];
    asx_value y = {.non_negative = x.non_negative};
    size_t taken = 0;
    if (x.rank - 1 + at->rank > ASX_RANK_MAX || x.rank - 1 + at->rank == 0)
        return asx_fail(err, ASX_EUNSUPPORTED, "its output has %zu dimensions (2 to %d)",
                        x.rank + at->rank, ASX_RANK_MAX + 1);
    for (size_t d = 0; d < x.rank; d++) {
        if (d != axis)
            y.dim[y.rank++] = x.dim[d];
        for (size_t k = 0; d == axis && k < at->rank; k++)
            y.dim[y.rank++] = at->dim[k];
    }
    if (at->n == 0)
        return asx_fail(err, ASX_EINVAL, "no positions");
    asx_status status = normalise(at, x.dim[axis], err);
    if (status == ASX_OK && count_runs(at) > PIECES_MAX)
        status = pick(&taken, in, input, axis, at, err);
    else if (status == ASX_OK)
        status = join_runs(&taken, in, input, axis, at, 1, err);
    return status == ASX_OK ? asx_onnx_emit_reshape(in, node, taken, &y, err) : status;
}

asx_status asx_onnx_gather(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    int64_t given;
    size_t input, axis;
    asx_onnx_constant at = {0};
    asx_status status = asx_onnx_value(&input, in, node, 0, err);
    if (status == ASX_OK)
        status = asx_onnx_int(&given, node, "axis", 0, INT32_MIN, INT32_MAX, err);
    if (status == ASX_OK)
        status = asx_onnx_axis(&axis, given, &in->net->value[input], err);
    if (status == ASX_OK)
        status = asx_onnx_any(&at, in, node, 1, err);
    if (status == ASX_OK && !at.i)
        status = asx_fail(err, ASX_EINVAL, "its positions are no integers");
    if (status == ASX_OK)
        status = gather(in, node, input, axis, &at, err);
    asx_onnx_constant_fini(&at);
    return status;
}
