/* Normalisation of a value by its own mean and variance: of layers, instances and groups. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "onnx_ops.h"

/* A Normalise over the dimensions from `first` on, between nodes of the file. */
static asx_status normalise(size_t *out, asx_onnx *in, size_t value, size_t first, float epsilon,
                            bool about_zero, asx_error *err)
{
    asx_value y = in->net->value[value];
    asx_node made = {.op = ASX_OP_NORMALISE,
                     .layer = ASX_NO_LAYER,
                     .alpha = epsilon,
                     .beta = about_zero ? 1 : 0};
    for (size_t i = first; i < y.rank; i++)
        made.reduced[i] = true;
    y.non_negative = false;
    return asx_onnx_insert(out, in, &made, value, &y, 1, err);
}

static bool is_all(const asx_onnx_constant *c, float number)
{
    bool all = c->f != NULL;
    for (size_t i = 0; all && i < c->n; i++)
        all = !(fabsf(c->f[i] - number) > 0);
    return all;
}

/* value op constant, the constant broadcast; nothing where it changes nothing. */
static asx_status combine(size_t *value, asx_onnx *in, const Onnx__NodeProto *node, size_t i,
                          asx_op op, asx_error *err)
{
    asx_onnx_constant c = {0};
    size_t pair[2] = {*value, 0};
    if (!asx_onnx_has_input(node, i))
        return ASX_OK;
    asx_status status = asx_onnx_floats(&c, in, node, i, err);
    const bool nothing = status == ASX_OK && is_all(&c, op == ASX_OP_MUL ? 1 : 0);
    if (status == ASX_OK && !nothing)
        status =
            asx_onnx_number(&pair[1], in, &c, in->net->value[*value].rank, node->input[i], err);
    asx_onnx_constant_fini(&c);
    if (status != ASX_OK || nothing)
        return status;
    asx_value y = in->net->value[*value];
    status = asx_onnx_expand_to(&pair[1], in, pair[1], y.rank, y.dim, err);
    y.non_negative = false;
    return status == ASX_OK
               ? asx_onnx_insert_many(value, in, &(asx_node){.op = op, .layer = ASX_NO_LAYER}, pair,
                                      2, &y, 1, err)
               : status;
}

/* Mean and deviation may be outputs too; nobody may ask for them. */
static asx_status check_outputs(const asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    for (size_t i = 1; i < node->n_output; i++) {
        const asx_onnx_symbol *symbol = asx_onnx_find(in, node->output[i]);
        if (symbol && symbol->uses > 0)
            return asx_fail(err, ASX_EUNSUPPORTED, "its output %zu is read", i);
    }
    return ASX_OK;
}

asx_status asx_onnx_layer_norm(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    int64_t given;
    float epsilon;
    size_t value, first;
    asx_status status = check_outputs(in, node, err);
    if (status == ASX_OK)
        status = asx_onnx_value(&value, in, node, 0, err);
    if (status == ASX_OK)
        status = asx_onnx_int(&given, node, "axis", -1, INT32_MIN, INT32_MAX, err);
    if (status == ASX_OK)
        status = asx_onnx_axis(&first, given, &in->net->value[value], err);
    if (status == ASX_OK)
        status = asx_onnx_float(&epsilon, node, "epsilon", 1e-5F, err);
    if (status == ASX_OK)
        status = normalise(&value, in, value, first, epsilon,
                           strcmp(node->op_type, "RMSNormalization") == 0, err);
    if (status == ASX_OK)
        status = combine(&value, in, node, 1, ASX_OP_MUL, err);
    if (status == ASX_OK)
        status = combine(&value, in, node, 2, ASX_OP_ADD, err);
    return status == ASX_OK ? asx_onnx_alias(in, node, value, err) : status;
}

/* y = scale[c] x + bias[c]; the constants are of `n` channels, or of groups of them. */
static asx_status per_channel(asx_onnx *in, const Onnx__NodeProto *node, size_t value,
                              asx_error *err)
{
    const size_t n = in->net->value[value].dim[0];
    asx_onnx_constant c[2] = {{0}};
    double *map[2] = {asx_array_new(n, sizeof(double)), asx_array_new(n, sizeof(double))};
    asx_status status = map[0] && map[1] ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory");
    for (size_t k = 0; status == ASX_OK && k < 2; k++) {
        status = asx_onnx_floats(&c[k], in, node, k + 1, err);
        if (status == ASX_OK && (c[k].n == 0 || n % c[k].n != 0))
            status = asx_fail(err, ASX_EINVAL, "%zu numbers for %zu channels", c[k].n, n);
        for (size_t i = 0; status == ASX_OK && i < n; i++)
            map[k][i] = (double)c[k].f[i / (n / c[k].n)];
    }
    if (status == ASX_OK)
        status = asx_onnx_affine(in, node, value, map[0], map[1], err);
    for (size_t k = 0; k < 2; k++) {
        asx_onnx_constant_fini(&c[k]);
        free(map[k]);
    }
    return status;
}

asx_status asx_onnx_instance_norm(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    float epsilon;
    size_t value;
    asx_status status = asx_onnx_value(&value, in, node, 0, err);
    if (status == ASX_OK)
        status = asx_onnx_float(&epsilon, node, "epsilon", 1e-5F, err);
    if (status == ASX_OK && in->net->value[value].rank < 2)
        status = asx_fail(err, ASX_EUNSUPPORTED, "of values without places");
    if (status == ASX_OK)
        status = normalise(&value, in, value, 1, epsilon, false, err);
    return status == ASX_OK ? per_channel(in, node, value, err) : status;
}

static asx_status reshape(size_t *value, asx_onnx *in, asx_value *y, asx_error *err)
{
    return asx_onnx_insert(value, in, &(asx_node){.op = ASX_OP_RESHAPE, .layer = ASX_NO_LAYER},
                           *value, y, 1, err);
}

asx_status asx_onnx_group_norm(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    float epsilon;
    int64_t groups;
    size_t value;
    asx_status status = asx_onnx_value(&value, in, node, 0, err);
    if (status == ASX_OK)
        status = asx_onnx_float(&epsilon, node, "epsilon", 1e-5F, err);
    if (status == ASX_OK)
        status = asx_onnx_int(&groups, node, "num_groups", 1, 1, INT32_MAX, err);
    if (status != ASX_OK)
        return status;
    asx_value x = in->net->value[value];
    const size_t g = (size_t)groups;
    asx_value apart = {.rank = 2, .dim = {g, asx_value_n_elements(&x) / g}};
    if (x.dim[0] % g != 0)
        return asx_fail(err, ASX_EINVAL, "%zu channels in %zu groups", x.dim[0], g);
    status = reshape(&value, in, &apart, err);
    if (status == ASX_OK)
        status = normalise(&value, in, value, 1, epsilon, false, err);
    x.non_negative = false;
    if (status == ASX_OK)
        status = reshape(&value, in, &x, err);
    return status == ASX_OK ? per_channel(in, node, value, err) : status;
}
