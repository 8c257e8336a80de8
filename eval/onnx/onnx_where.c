/* Where with a constant condition: masks, as attention has them. Of values, it is a product with ones and zeros for each,
 * and their sum; a number that is taken where the condition does not hold adds to zeros. */
#include "onnx_ops.h"

/* 1 where element i of the condition is `wanted`, else 0. */
static asx_status mask_of(asx_onnx_constant *out, asx_onnx *in, const asx_onnx_constant *condition,
                          bool wanted, asx_error *err)
{
    out->rank = condition->rank;
    for (size_t i = 0; i < out->rank; i++)
        out->dim[i] = condition->dim[i];
    asx_status status = asx_onnx_constant_alloc(out, in, false, err);
    for (size_t i = 0; status == ASX_OK && i < out->n; i++)
        out->f[i] = (condition->i[i] != 0) == wanted ? 1.0F : 0.0F;
    return status;
}

/* Value or constant `i` (1 or 2) of the node where its mask is 1, and 0 elsewhere. */
static asx_status masked(size_t *out, asx_onnx *in, const Onnx__NodeProto *node, size_t i,
                         const asx_onnx_constant *condition, size_t rank, asx_error *err)
{
    asx_onnx_constant mask = {0}, number = {0}, kept = {0};
    const asx_onnx_constant none = {.n = 1, .f = &(float){0}};
    asx_status status = ASX_OK;
    if (asx_onnx_is_constant(in, node, i)) {
        status = asx_onnx_floats(&number, in, node, i, err);
        if (status == ASX_OK)
            status = asx_onnx_where_constants(
                &kept, in, node,
                (asx_onnx_constant[]){*condition, i == 1 ? number : none, i == 1 ? none : number},
                err);
        if (status == ASX_OK)
            status = asx_onnx_number(out, in, &kept, rank, node->input[i], err);
    } else {
        size_t pair[2];
        status = asx_onnx_value(&pair[0], in, node, i, err);
        if (status == ASX_OK)
            status = mask_of(&mask, in, condition, i == 1, err);
        if (status == ASX_OK)
            status = asx_onnx_number(&pair[1], in, &mask, rank, node->input[0], err);
        if (status == ASX_OK)
            status = asx_onnx_expand_pair(pair, in, err);
        if (status == ASX_OK) {
            asx_value y = in->net->value[pair[0]];
            asx_node made = {.op = ASX_OP_MUL, .layer = ASX_NO_LAYER};
            status = asx_onnx_insert_many(out, in, &made, pair, 2, &y, 1, err);
        }
    }
    asx_onnx_constant_fini(&mask);
    asx_onnx_constant_fini(&number);
    asx_onnx_constant_fini(&kept);
    return status;
}

asx_status asx_onnx_where(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    asx_onnx_constant condition = {0};
    size_t value, pair[2];
    if (!asx_onnx_is_constant(in, node, 0))
        return asx_fail(err, ASX_EUNSUPPORTED, "its condition '%s' is no constant", node->input[0]);
    asx_status status =
        asx_onnx_value(&value, in, node, asx_onnx_is_constant(in, node, 1) ? 2 : 1, err);
    if (status == ASX_OK)
        status = asx_onnx_any(&condition, in, node, 0, err);
    if (status == ASX_OK && !condition.i)
        status = asx_fail(err, ASX_EINVAL, "its condition '%s' is no list of truth values",
                          node->input[0]);
    const size_t rank = status == ASX_OK ? in->net->value[value].rank : 0;
    for (size_t i = 0; status == ASX_OK && i < 2; i++)
        status = masked(&pair[i], in, node, i + 1, &condition, rank, err);
    asx_onnx_constant_fini(&condition);
    if (status == ASX_OK)
        status = asx_onnx_expand_pair(pair, in, err);
    if (status != ASX_OK)
        return status;
    asx_value y = in->net->value[pair[0]];
    y.non_negative = y.non_negative && in->net->value[pair[1]].non_negative;
    return asx_onnx_emit(in, node, &(asx_node){.op = ASX_OP_ADD, .layer = ASX_NO_LAYER}, pair, 2,
                         &y, err);
}
