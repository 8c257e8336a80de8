/* Operators that only move elements of a value, wherever to: each is evaluated once on the numbers of
 * the places, and what comes out says where every element comes from. */
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "onnx_ops.h"

bool asx_onnx_is_mover(const char *op)
{
    static const char *const movers[] = {"DepthToSpace", "GatherElements", "SpaceToDepth", "Tile",
                                         "Trilu"};
    for (size_t i = 0; i < sizeof movers / sizeof *movers; i++)
        if (strcmp(op, movers[i]) == 0)
            return true;
    return false;
}

/* 1, 2, ... in the shape of `batch` images: 0 is left for what is filled. */
static asx_status number_places(asx_onnx_constant *out, asx_onnx *in, const asx_value *x,
                                size_t batch, asx_error *err)
{
    out->rank = x->rank + 1;
    out->dim[0] = batch;
    memcpy(out->dim + 1, x->dim, x->rank * sizeof *x->dim);
    out->type = ONNX__TENSOR_PROTO__DATA_TYPE__INT64;
    asx_status status = asx_onnx_allow_fill(in, out, err);
    if (status == ASX_OK)
        status = asx_onnx_constant_alloc(out, in, true, err);
    for (size_t i = 0; status == ASX_OK && i < out->n; i++)
        out->i[i] = (int64_t)i + 1;
    return status;
}

/* Whether the second image is moved as the first is, and neither into the other. */
static bool keeps_apart(const asx_onnx_constant *moved, size_t batch, size_t n_in)
{
    const size_t n = batch > 0 ? moved->n / batch : 0;
    bool apart = moved->rank >= 2 && moved->dim[0] == batch && n > 0;
    for (size_t i = 0; apart && i < n; i++) {
        const int64_t first = moved->i[i];
        apart = first <= (int64_t)n_in &&
                (batch == 1 || moved->i[n + i] == (first > 0 ? first + (int64_t)n_in : 0));
    }
    return apart;
}

static asx_status emit(asx_onnx *in, const Onnx__NodeProto *node, size_t input,
                       const asx_onnx_constant *moved, size_t batch, asx_error *err)
{
    const asx_value *x = &in->net->value[input];
    asx_value y = {.rank = moved->rank - 1, .non_negative = x->non_negative};
    asx_node made = {.op = ASX_OP_PICK, .layer = ASX_NO_LAYER, .n_picks = moved->n / batch};
    if (y.rank > ASX_RANK_MAX)
        return asx_fail(err, ASX_EUNSUPPORTED, "its output has %zu dimensions", moved->rank);
    memcpy(y.dim, moved->dim + 1, y.rank * sizeof *y.dim);
    if (!(made.pick = asx_array_new(made.n_picks, sizeof *made.pick)))
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu places", made.n_picks);
    for (size_t i = 0; i < made.n_picks; i++)
        made.pick[i] = (uint32_t)moved->i[i];
    return asx_onnx_emit(in, node, &made, &input, 1, &y, err);
}

/* @param x [inputs of the node]; the first is overwritten */
static asx_status try_batch(asx_onnx_constant *moved, asx_onnx *in, const Onnx__NodeProto *node,
                            asx_onnx_evaluator *evaluate, asx_onnx_constant *x, size_t input,
                            size_t batch, asx_error *err)
{
    const asx_value *value = &in->net->value[input];
    asx_onnx_constant_fini(x);
    asx_status status = number_places(x, in, value, batch, err);
    if (status == ASX_OK)
        status = evaluate(moved, in, node, x, err);
    if (status == ASX_OK && !keeps_apart(moved, batch, asx_value_n_elements(value)))
        status = asx_fail(err, ASX_EUNSUPPORTED, "it moves elements between images");
    return status;
}

asx_status asx_onnx_pick(asx_onnx *in, const Onnx__NodeProto *node, asx_onnx_evaluator *evaluate,
                         asx_error *err)
{
    size_t input, batch = 2;
    asx_onnx_constant moved = {0}, x[ASX_ONNX_INPUTS_MIN] = {{0}};
    asx_status status = asx_onnx_value(&input, in, node, 0, err);
    for (size_t i = 1; status == ASX_OK && i < node->n_input && i < ASX_ONNX_INPUTS_MIN; i++)
        if (asx_onnx_has_input(node, i))
            status = asx_onnx_any(&x[i], in, node, i, err);
    if (status == ASX_OK)
        status = try_batch(&moved, in, node, evaluate, x, input, batch, err);
    if (status != ASX_OK && status != ASX_ENOMEM && in->batch == 1) {
        asx_onnx_constant_fini(&moved); /* constants may have the shape of the file's one image */
        batch = 1;
        status = try_batch(&moved, in, node, evaluate, x, input, batch, err);
    }
    if (status == ASX_OK)
        status = emit(in, node, input, &moved, batch, err);
    asx_onnx_constant_fini(&moved);
    for (size_t i = 0; i < ASX_ONNX_INPUTS_MIN; i++)
        asx_onnx_constant_fini(&x[i]);
    return status;
}
