/* One-dimensional convolutions: the file's values are [channels][length]. The network's feature maps
 * are [channels][height][width], so such a value is lifted to a map of height one where a
 * convolution or a pool wants it, and stays lifted through all operators that do not care. Whoever
 * does care asks for it as the file has it. Both forms are made once. */
#include "onnx_ops.h"

/* Adds a node that gives `value` another shape, under the name of the symbol. */
static asx_status add_reshape(size_t *out, asx_onnx *in, const asx_onnx_symbol *symbol,
                              size_t value, asx_value *shape, asx_error *err)
{
    asx_node made = {.op = ASX_OP_RESHAPE, .layer = ASX_NO_LAYER};
    shape->non_negative = in->net->value[value].non_negative;
    return asx_onnx_insert(out, in, &made, value, shape, symbol->uses, err);
}

/* The value as the file has it. */
static asx_status lower(size_t *out, asx_onnx *in, asx_onnx_symbol *symbol, asx_error *err)
{
    if (symbol->other == ASX_ONNX_NO_VALUE) {
        const asx_value *x = &in->net->value[symbol->value];
        asx_value y = {.rank = 2, .dim = {x->dim[0], x->dim[2]}};
        asx_status status = add_reshape(&symbol->other, in, symbol, symbol->value, &y, err);
        if (status != ASX_OK)
            return status;
    }
    *out = symbol->other;
    return ASX_OK;
}

asx_status asx_onnx_value(size_t *out, asx_onnx *in, const Onnx__NodeProto *node, size_t i,
                          asx_error *err)
{
    bool lifted;
    asx_status status = asx_onnx_value_as_is(out, &lifted, in, node, i, err);
    return status == ASX_OK && lifted ? lower(out, in, asx_onnx_find(in, node->input[i]), err)
                                      : status;
}

asx_status asx_onnx_map(size_t *out, bool *lifted, asx_onnx *in, const Onnx__NodeProto *node,
                        size_t i, asx_error *err)
{
    asx_status status = asx_onnx_value_as_is(out, lifted, in, node, i, err);
    if (status != ASX_OK || *lifted)
        return status;
    const asx_value *x = &in->net->value[*out];
    if (x->rank == 2) {
        asx_onnx_symbol *symbol = asx_onnx_find(in, node->input[i]);
        asx_value y = {.rank = 3, .dim = {x->dim[0], 1, x->dim[1]}};
        if (symbol->other == ASX_ONNX_NO_VALUE)
            status = add_reshape(&symbol->other, in, symbol, symbol->value, &y, err);
        if (status == ASX_OK)
            *out = symbol->other;
        *lifted = true;
        return status;
    }
    if (x->rank != 3) {
        char text[96];
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "its input is %s per image, not [channels, height, width] or [channels, "
                        "length]",
                        asx_onnx_shape_text(text, sizeof text, x->rank, x->dim));
    }
    return ASX_OK;
}

void asx_onnx_set_lifted(asx_onnx *in, const Onnx__NodeProto *node, bool lifted)
{
    asx_onnx_find(in, node->output[0])->lifted = lifted;
}
