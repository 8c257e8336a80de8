/* BatchNormalization, and Add, Sub, Mul, Div with a constant: affine maps per channel. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "onnx_ops.h"

/* The four vectors of BatchNormalization, in the order of its inputs 1 .. 4. */
enum { GAMMA, BETA, MEAN, VARIANCE, N_VECTORS };

/* scale = gamma / sqrt(variance + epsilon), shift = beta - mean scale */
static asx_status normalise(double *scale, double *shift, asx_onnx_constant vector[N_VECTORS],
                            size_t n, double epsilon, asx_error *err)
{
    for (size_t i = 0; i < N_VECTORS; i++) {
        if (vector[i].n != n)
            return asx_fail(err, ASX_EINVAL, "input %zu has %zu elements for %zu channels", i + 1,
                            vector[i].n, n);
    }
    for (size_t c = 0; c < n; c++) {
        const double variance = (double)vector[VARIANCE].f[c] + epsilon;
        if (!(variance > 0))
            return asx_fail(err, ASX_EINVAL, "the variance of channel %zu is %g", c, variance);
        scale[c] = (double)vector[GAMMA].f[c] / sqrt(variance);
        shift[c] = (double)vector[BETA].f[c] - (double)vector[MEAN].f[c] * scale[c];
    }
    return ASX_OK;
}

static asx_status new_maps(double **scale, double **shift, size_t n, asx_error *err)
{
    if (n > ASX_ONNX_CHANNELS_MAX)
        return asx_fail(err, ASX_EINVAL, "%zu channels (at most %zu)", n, ASX_ONNX_CHANNELS_MAX);
    *scale = asx_array_new(n, sizeof **scale);
    *shift = asx_array_new(n, sizeof **shift);
    if (!*scale || !*shift)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu channels", n);
    return ASX_OK;
}

asx_status asx_onnx_batch_norm(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    int64_t flag;
    float epsilon;
    size_t value;
    bool lifted;
    asx_status status = asx_onnx_value_as_is(&value, &lifted, in, node, 0, err);
    if (status == ASX_OK)
        status = asx_onnx_float(&epsilon, node, "epsilon", 1e-5F, err);
    if (status == ASX_OK)
        status = asx_onnx_int(&flag, node, "training_mode", 0, 0, 1, err);
    if (status == ASX_OK && in->opset < 7 && !flag) {
        status = asx_onnx_int(&flag, node, "is_test", 0, 0, 1, err);
        flag = !flag;
    }
    if (status == ASX_OK && flag)
        status = asx_fail(err, ASX_EUNSUPPORTED,
                          "it is exported in training mode: export the network for inference "
                          "(net.eval() in PyTorch)");
    if (status == ASX_OK)
        status = asx_onnx_int(&flag, node, "spatial", 1, 1, 1, err);
    if (status != ASX_OK)
        return status;

    const size_t n = in->net->value[value].dim[0];
    asx_onnx_constant vector[N_VECTORS] = {{0}};
    double *scale = NULL, *shift = NULL;
    status = new_maps(&scale, &shift, n, err);
    for (size_t i = 0; status == ASX_OK && i < N_VECTORS; i++)
        status = asx_onnx_floats(&vector[i], in, node, i + 1, err);
    if (status == ASX_OK)
        status = normalise(scale, shift, vector, n, (double)epsilon, err);
    asx_node *layer = asx_onnx_sole_layer(in, value);
    const size_t n_nodes = in->net->n_nodes;
    if (status == ASX_OK)
        status = asx_onnx_affine(in, node, value, scale, shift, err);
    if (status == ASX_OK && in->net->n_nodes == n_nodes) /* it went into the layer */
        layer->normalised = true;
    if (status == ASX_OK)
        asx_onnx_set_lifted(in, node, lifted);
    for (size_t i = 0; i < N_VECTORS; i++)
        asx_onnx_constant_fini(&vector[i]);
    free(scale);
    free(shift);
    return status;
}

/* Which dimension of `x` a broadcast constant runs along; x->rank if it is a single number. */
static bool find_dimension(size_t *dimension, const asx_onnx *in, const asx_onnx_constant *c,
                           const asx_value *x)
{
    size_t found = x->rank;
    if (c->rank > x->rank + 1)
        return false;
    for (size_t i = 0; i < c->rank; i++) {
        if (c->dim[i] == 1)
            continue;
        const size_t axis = x->rank + 1 - c->rank + i; /* from the right; 0 is the batch */
        if (axis == 0 || found != x->rank)
            return false;
        found = asx_onnx_image_axis(in, axis - 1);
        if (c->dim[i] != x->dim[found])
            return false;
    }
    *dimension = found;
    return true;
}

/* x + c, x - c, c - x, x * c, x / c as scale and shift for one element */
static void affine_of(double *scale, double *shift, char op, bool constant_first, double c)
{
    *scale = 1;
    *shift = 0;
    if (op == '+')
        *shift = c;
    else if (op == '-') {
        *scale = constant_first ? -1 : 1;
        *shift = constant_first ? c : -c;
    } else
        *scale = op == '*' ? c : 1 / c;
}

/* The bias of a dense layer over [t][c], which no Scale could hold. */
static asx_status add_bias(asx_onnx *in, const Onnx__NodeProto *node, size_t value, asx_node *dense,
                           const asx_onnx_constant *c, double sign, asx_error *err)
{
    for (size_t i = 0; i < dense->n_biases; i++) {
        dense->bias[i] = (float)((double)dense->bias[i] + sign * (double)c->f[i]);
        if (!isfinite(dense->bias[i]))
            return asx_fail(err, ASX_EINVAL, "bias %zu overflows", i);
    }
    return asx_onnx_alias(in, node, value, err);
}

static asx_status apply(asx_onnx *in, const Onnx__NodeProto *node, char op, size_t value,
                        bool constant_first, const asx_onnx_constant *c, asx_error *err)
{
    const asx_value *x = &in->net->value[value];
    const size_t n = x->dim[0];
    size_t dimension;
    const bool fits = c->n > 0 && find_dimension(&dimension, in, c, x);
    asx_node *layer = asx_onnx_sole_layer(in, value);
    const bool adds = op == '+' || (op == '-' && !constant_first);
    if (fits && adds && dimension > 0 && dimension == x->rank - 1 && layer &&
        layer->op == ASX_OP_DENSE)
        return add_bias(in, node, value, layer, c, op == '+' ? 1 : -1, err);
    if (!fits || (dimension != 0 && dimension != x->rank))
        return asx_onnx_pair(in, node, err);
    double *scale = NULL, *shift = NULL;
    asx_status status = new_maps(&scale, &shift, n, err);
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        affine_of(&scale[i], &shift[i], op, constant_first, (double)c->f[c->n == 1 ? 0 : i]);
    if (status == ASX_OK)
        status = asx_onnx_affine(in, node, value, scale, shift, err);
    free(scale);
    free(shift);
    return status;
}

/* Before operator set 7, attribute 'axis' says where the constant's dimensions begin in the value's
 * `rank`; those behind are ones. */
static asx_status align_left(asx_onnx_constant *c, const Onnx__NodeProto *node, size_t rank,
                             asx_error *err)
{
    int64_t axis;
    if (!asx_onnx_attribute(node, "axis"))
        return ASX_OK;
    asx_status status = asx_onnx_int(&axis, node, "axis", 0, 0, ASX_RANK_MAX, err);
    while (status == ASX_OK && (size_t)axis + c->rank < rank && c->rank < ASX_ONNX_RANK_MAX)
        c->dim[c->rank++] = 1;
    return status;
}

static asx_status import_arithmetic(asx_onnx *in, const Onnx__NodeProto *node, char op,
                                    asx_error *err)
{
    const bool first = asx_onnx_is_constant(in, node, 0);
    asx_onnx_constant c = {0};
    size_t value;
    bool lifted;
    if ((first && op == '/') || (!first && !asx_onnx_is_constant(in, node, 1)))
        return asx_onnx_pair(in, node, err);
    asx_status status = asx_onnx_value_as_is(&value, &lifted, in, node, first ? 1 : 0, err);
    if (status == ASX_OK)
        status = asx_onnx_floats(&c, in, node, first ? 0 : 1, err);
    if (status == ASX_OK && lifted && c.rank >= 2 && c.rank < ASX_ONNX_RANK_MAX) {
        c.dim[c.rank] = c.dim[c.rank - 1]; /* [..., c, length] to [..., c, 1, length] */
        c.dim[c.rank++ - 1] = 1;
    }
    if (status == ASX_OK && in->opset < 7)
        status = align_left(&c, node, in->net->value[value].rank + 1, err);
    if (status == ASX_OK)
        status = apply(in, node, op, value, first, &c, err);
    if (status == ASX_OK)
        asx_onnx_set_lifted(in, node, lifted);
    asx_onnx_constant_fini(&c);
    return status;
}

asx_status asx_onnx_sub(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    return import_arithmetic(in, node, '-', err);
}

asx_status asx_onnx_mul(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    return import_arithmetic(in, node, '*', err);
}

asx_status asx_onnx_div(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    return import_arithmetic(in, node, '/', err);
}

asx_status asx_onnx_add(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    return import_arithmetic(in, node, '+', err);
}
