/* Constants where a value is asked for: positions that are added, tokens that are joined, factors of
 * any shape. They become a node without input, the same for every image. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "onnx_ops.h"

/* Rank and dimensions of one image: the batch is 1, dimensions that are missing are in front. */
static asx_status image_shape(asx_value *y, const asx_onnx_constant *c, size_t rank, asx_error *err)
{
    char text[96];
    const bool has_batch = c->rank == rank + 1;
    const size_t first = has_batch ? 1 : 0, n = c->rank - first;
    if (rank == 0 || rank > ASX_RANK_MAX || c->rank > rank + 1 || (has_batch && c->dim[0] != 1) ||
        c->n == 0)
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "a constant %s beside a value of %zu dimensions (the batch of it is 1)",
                        asx_onnx_shape_text(text, sizeof text, c->rank, c->dim), rank + 1);
    y->rank = rank;
    for (size_t i = 0; i < rank; i++)
        y->dim[i] = i + n < rank ? 1 : c->dim[first + i + n - rank];
    return ASX_OK;
}

asx_status asx_onnx_number(size_t *out, asx_onnx *in, const asx_onnx_constant *c, size_t rank,
                           const char *name, asx_error *err)
{
    asx_value y = {.non_negative = true};
    asx_node made = {.op = ASX_OP_CONSTANT, .layer = ASX_NO_LAYER, .n_weights = c->n};
    if (in->channels_last)
        return asx_fail(err, ASX_EUNSUPPORTED, "a constant for images with channels last");
    asx_status status = image_shape(&y, c, rank, err);
    if (status == ASX_OK)
        status = asx_onnx_spend(in, c->n, err);
    if (status != ASX_OK)
        return status;
    y.name = made.name = asx_string_copy(name);
    made.input = asx_array_new(1, sizeof *made.input);
    made.weight = asx_array_new(c->n, sizeof *made.weight);
    if (!made.name || !made.input || !made.weight)
        status = asx_fail(err, ASX_ENOMEM, "no memory for %zu numbers", c->n);
    for (size_t i = 0; status == ASX_OK && i < c->n; i++) {
        made.weight[i] = c->f ? c->f[i] : (float)c->i[i];
        y.non_negative = y.non_negative && made.weight[i] >= 0;
        if (!isfinite(made.weight[i]))
            status = asx_fail(err, ASX_EUNSUPPORTED, "constant '%s' has the number %g", name,
                              (double)made.weight[i]);
    }
    if (status == ASX_OK)
        status = asx_onnx_add_value(out, in, &y, 1, in->net->n_nodes, err);
    if (status == ASX_OK) {
        made.output = *out;
        status = asx_network_add_node(in->net, &made, err);
    }
    asx_node_fini(&made);
    return status;
}

asx_status asx_onnx_value_or_number(size_t *out, asx_onnx *in, const Onnx__NodeProto *node,
                                    size_t i, size_t rank, asx_error *err)
{
    asx_onnx_constant c = {0};
    if (!asx_onnx_is_constant(in, node, i))
        return asx_onnx_value(out, in, node, i, err);
    asx_status status = asx_onnx_any(&c, in, node, i, err);
    if (status == ASX_OK)
        status = asx_onnx_number(out, in, &c, rank, node->input[i], err);
    asx_onnx_constant_fini(&c);
    return status;
}
