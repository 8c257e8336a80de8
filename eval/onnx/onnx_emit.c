/* What the import makes of a node: a value of the network, the node that computes it, or another
 * name for what is there already. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "onnx_ops.h"

const char *asx_onnx_shape_text(char *out, size_t room, size_t rank, const size_t *dim)
{
    size_t n = 0;
    out[0] = '\0';
    for (size_t i = 0; i < rank && n < room; i++) {
        const int written = snprintf(out + n, room - n, "%s%zu", i ? ", " : "[", dim[i]);
        n += written > 0 ? (size_t)written : 0;
    }
    if (n < room)
        snprintf(out + n, room - n, "%s", rank ? "]" : "[]");
    return out;
}

asx_status asx_onnx_check_shape(const asx_value *shape, asx_error *err)
{
    char text[96];
    size_t n = 1;
    for (size_t i = 0; i < shape->rank; i++) {
        if (shape->dim[i] == 0)
            return asx_fail(err, ASX_EINVAL, "the output %s is empty",
                            asx_onnx_shape_text(text, sizeof text, shape->rank, shape->dim));
        if (shape->dim[i] > ASX_ONNX_VALUE_MAX / n)
            return asx_fail(err, ASX_EINVAL, "the output %s has more than %zu elements",
                            asx_onnx_shape_text(text, sizeof text, shape->rank, shape->dim),
                            ASX_ONNX_VALUE_MAX);
        n *= shape->dim[i];
    }
    return ASX_OK;
}

asx_status asx_onnx_add_value(size_t *out, asx_onnx *in, const asx_value *value, size_t uses,
                              size_t producer, asx_error *err)
{
    asx_status status = asx_onnx_check_shape(value, err);
    if (status != ASX_OK)
        return status;
    asx_onnx_use *grown =
        asx_array_grow(in->use, &in->use_capacity, in->net->n_values + 1, sizeof *grown);
    if (!grown)
        return asx_fail(err, ASX_ENOMEM, "no memory for value '%s'", value->name);
    in->use = grown;
    status = asx_network_add_value(out, in->net, value, err);
    if (status == ASX_OK)
        in->use[*out] = (asx_onnx_use){uses, producer};
    return status;
}

asx_status asx_onnx_define(size_t *out, asx_onnx *in, const char *name, asx_value *shape,
                           size_t producer, asx_error *err)
{
    asx_onnx_symbol *symbol = asx_onnx_find(in, name);
    asx_value named = *shape;
    named.name = (char *)(uintptr_t)symbol->name; /* copied, not kept */
    asx_status status =
        asx_onnx_add_value(&symbol->value, in, &named, symbol->uses - symbol->looks, producer, err);
    if (status != ASX_OK)
        return status;
    symbol->computed = true;
    symbol->other = ASX_ONNX_NO_VALUE;
    *out = symbol->value;
    return ASX_OK;
}

asx_status asx_onnx_alias(asx_onnx *in, const Onnx__NodeProto *node, size_t value, asx_error *err)
{
    if (node->n_output == 0 || !*node->output[0])
        return asx_fail(err, ASX_EPARSE, "it has no output");
    asx_onnx_symbol *symbol = asx_onnx_find(in, node->output[0]);
    symbol->computed = true;
    symbol->value = value;
    symbol->other = ASX_ONNX_NO_VALUE;
    in->use[value].count += symbol->uses - symbol->looks;
    in->use[value].count--;
    return ASX_OK;
}

asx_status asx_onnx_emit(asx_onnx *in, const Onnx__NodeProto *node, asx_node *made,
                         const size_t *input, size_t n_inputs, asx_value *shape, asx_error *err)
{
    if (node->n_output == 0 || !*node->output[0])
        return asx_fail(err, ASX_EPARSE, "it has no output");
    made->name = asx_string_copy(node->name && *node->name ? node->name : node->output[0]);
    made->input = asx_array_copy(input, n_inputs, sizeof *input);
    made->n_inputs = n_inputs;
    asx_status status = ASX_OK;
    if (!made->name || !made->input)
        status = asx_fail(err, ASX_ENOMEM, "no memory for a node");
    if (status == ASX_OK)
        status = asx_onnx_define(&made->output, in, node->output[0], shape, in->net->n_nodes, err);
    if (status == ASX_OK)
        status = asx_network_add_node(in->net, made, err);
    if (status != ASX_OK)
        asx_node_fini(made);
    return status;
}

asx_status asx_onnx_insert_many(size_t *out, asx_onnx *in, asx_node *made, const size_t *input,
                                size_t n_inputs, asx_value *shape, size_t uses, asx_error *err)
{
    char *name = asx_string_copy(in->net->value[input[0]].name);
    made->name = asx_string_copy(name);
    made->input = asx_array_copy(input, n_inputs, sizeof *input);
    made->n_inputs = n_inputs;
    shape->name = name;
    asx_status status = ASX_OK;
    if (!name || !made->name || !made->input)
        status = asx_fail(err, ASX_ENOMEM, "no memory for a node");
    if (status == ASX_OK)
        status = asx_onnx_add_value(out, in, shape, uses, in->net->n_nodes, err);
    if (status == ASX_OK) {
        made->output = *out;
        status = asx_network_add_node(in->net, made, err);
    }
    if (status != ASX_OK)
        asx_node_fini(made);
    shape->name = NULL;
    free(name);
    return status;
}

asx_status asx_onnx_insert(size_t *out, asx_onnx *in, asx_node *made, size_t input,
                           asx_value *shape, size_t uses, asx_error *err)
{
    return asx_onnx_insert_many(out, in, made, &input, 1, shape, uses, err);
}

asx_status asx_onnx_insert_scale(size_t *out, asx_onnx *in, size_t input, float factor,
                                 float offset, asx_error *err)
{
    asx_value y = in->net->value[input];
    const size_t n = y.dim[0];
    asx_node made = {.op = ASX_OP_SCALE,
                     .layer = ASX_NO_LAYER,
                     .n_weights = n,
                     .n_biases = n,
                     .weight = asx_array_new(n, sizeof(float)),
                     .bias = asx_array_new(n, sizeof(float))};
    if (!made.weight || !made.bias) {
        asx_node_fini(&made);
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu channels", n);
    }
    for (size_t i = 0; i < n; i++) {
        made.weight[i] = factor;
        made.bias[i] = offset;
    }
    y.non_negative = y.non_negative && factor >= 0 && offset >= 0;
    return asx_onnx_insert(out, in, &made, input, &y, 1, err);
}

asx_status asx_onnx_emit_unary(asx_onnx *in, const Onnx__NodeProto *node, asx_node *made,
                               size_t input, asx_value *shape, asx_error *err)
{
    return asx_onnx_emit(in, node, made, &input, 1, shape, err);
}

asx_status asx_onnx_emit_reshape(asx_onnx *in, const Onnx__NodeProto *node, size_t input,
                                 asx_value *y, asx_error *err)
{
    const size_t producer = in->use[input].producer;
    if (producer != SIZE_MAX && in->net->node[producer].op == ASX_OP_RESHAPE)
        input = in->net->node[producer].input[0]; /* what was reshaped before is reshaped once */
    const asx_value *x = &in->net->value[input];
    y->non_negative = x->non_negative;
    if (x->rank == y->rank && memcmp(x->dim, y->dim, y->rank * sizeof *y->dim) == 0)
        return asx_onnx_alias(in, node, input, err);
    return asx_onnx_emit_unary(in, node, &(asx_node){.op = ASX_OP_RESHAPE, .layer = ASX_NO_LAYER},
                               input, y, err);
}
