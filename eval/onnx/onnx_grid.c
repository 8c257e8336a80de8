/* QuantizeLinear, DequantizeLinear and Clip on constants: words of weights, with a scale per channel. */
#include "onnx_grid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "held.h"
#include "onnx_elements.h"
#include "onnx_ops.h"

void asx_onnx_grid_fini(asx_onnx_grid *g)
{
    asx_onnx_constant_fini(&g->step);
    asx_onnx_constant_fini(&g->zero);
}

int64_t asx_onnx_grid_zero(const asx_onnx_grid *g, size_t i)
{
    return g->zero.i ? g->zero.i[g->zero.n == 1 ? 0 : i] : 0;
}

static asx_status grid_check(const asx_onnx_grid *g, asx_error *err)
{
    if (!g->step.f || (g->zero.n > 0 && (!g->zero.i || g->zero.n != g->step.n)))
        return asx_fail(err, ASX_EUNSUPPORTED, "%zu scales with %zu zero points of type %s",
                        g->step.n, g->zero.n, asx_onnx_type_text(g->zero.type));
    for (size_t i = 0; i < g->step.n; i++)
        if (!(isfinite(g->step.f[i]) && g->step.f[i] > 0))
            return asx_fail(err, ASX_EINVAL, "scale %zu is %g", i, (double)g->step.f[i]);
    return ASX_OK;
}

asx_status asx_onnx_grid_read(asx_onnx_grid *g, asx_onnx *in, const Onnx__NodeProto *node,
                              asx_error *err)
{
    int64_t block, type;
    asx_status status = asx_onnx_int(&block, node, "block_size", 0, 0, INT64_MAX, err);
    if (status == ASX_OK && block > 0)
        status = asx_fail(err, ASX_EUNSUPPORTED, "scales of blocks of %lld", (long long)block);
    if (status == ASX_OK)
        status = asx_onnx_int(&type, node, "output_dtype", 0, 0, INT32_MAX, err);
    if (status == ASX_OK)
        status = asx_onnx_any(&g->step, in, node, 1, err);
    if (status == ASX_OK && asx_onnx_has_input(node, 2))
        status = asx_onnx_any(&g->zero, in, node, 2, err);
    if (status == ASX_OK)
        status = grid_check(g, err);
    if (status == ASX_OK)
        g->type = g->zero.n > 0 ? g->zero.type
                  : type > 0    ? (int)type
                                : ONNX__TENSOR_PROTO__DATA_TYPE__UINT8;
    return status;
}

/* ---- constants ---- */

/* How many neighbours share a scale: elements behind the axis. */
static asx_status scale_stride(size_t *stride, const asx_onnx_grid *g, const Onnx__NodeProto *node,
                               const asx_onnx_constant *x, asx_error *err)
{
    int64_t axis;
    *stride = x->n > 0 ? x->n : 1;
    asx_status status =
        asx_onnx_int(&axis, node, "axis", 1, -ASX_ONNX_RANK_MAX, ASX_ONNX_RANK_MAX, err);
    if (status != ASX_OK || g->step.n == 1)
        return status;
    axis += axis < 0 ? (int64_t)x->rank : 0;
    if (axis < 0 || (size_t)axis >= x->rank || x->dim[axis] != g->step.n)
        return asx_fail(err, ASX_EINVAL, "%zu scales do not fit axis %lld", g->step.n,
                        (long long)axis);
    *stride = 1;
    for (size_t d = (size_t)axis + 1; d < x->rank; d++)
        *stride *= x->dim[d];
    return ASX_OK;
}

/* The rank and dimensions of x, in another type. */
static asx_status like(asx_onnx_constant *out, asx_onnx *in, const asx_onnx_constant *x, int type,
                       asx_error *err)
{
    out->rank = x->rank;
    memcpy(out->dim, x->dim, sizeof out->dim);
    out->type = type;
    return asx_onnx_constant_alloc(out, in, asx_onnx_type_is_integer(type), err);
}

asx_status asx_onnx_quantize_constant(asx_onnx_constant *out, asx_onnx *in,
                                      const Onnx__NodeProto *node, const asx_onnx_constant *x,
                                      asx_error *err)
{
    asx_onnx_grid g = {.type = 0};
    size_t stride = 1;
    asx_status status = asx_onnx_grid_read(&g, in, node, err);
    if (status == ASX_OK && (!x->f || !asx_onnx_type_is_integer(g.type)))
        status = asx_fail(err, ASX_EUNSUPPORTED, "from type %s to %s", asx_onnx_type_text(x->type),
                          asx_onnx_type_text(g.type));
    if (status == ASX_OK)
        status = scale_stride(&stride, &g, node, x, err);
    if (status == ASX_OK)
        status = like(out, in, x, g.type, err);
    asx_onnx_type_range(&out->low, &out->high, g.type);
    for (size_t i = 0; status == ASX_OK && i < out->n; i++) {
        const size_t k = i / stride % g.step.n;
        const double q = rint((double)(x->f[i] / g.step.f[k])) + (double)asx_onnx_grid_zero(&g, k);
        out->i[i] = (int64_t)fmax((double)out->low, fmin(q, (double)out->high));
    }
    asx_onnx_grid_fini(&g);
    return status;
}

asx_status asx_onnx_dequantize_constant(asx_onnx_constant *out, asx_onnx *in,
                                        const Onnx__NodeProto *node, const asx_onnx_constant *x,
                                        asx_error *err)
{
    asx_onnx_grid g = {.type = 0};
    size_t stride = 1;
    int64_t low = x->low, high = x->high, zero_low = 0, zero_high = 0;
    asx_status status = asx_onnx_grid_read(&g, in, node, err);
    if (status == ASX_OK && !x->i)
        status = asx_fail(err, ASX_EINVAL, "of type %s", asx_onnx_type_text(x->type));
    if (status == ASX_OK)
        status = scale_stride(&stride, &g, node, x, err);
    if (status == ASX_OK)
        status = like(out, in, x, g.step.type, err);
    if (low == high)
        asx_onnx_type_range(&low, &high, x->type);
    for (size_t i = 0; status == ASX_OK && i < out->n; i++) {
        const size_t k = i / stride % g.step.n;
        const int64_t zero = asx_onnx_grid_zero(&g, k);
        zero_low = zero < zero_low ? zero : zero_low;
        zero_high = zero > zero_high ? zero : zero_high;
        out->f[i] = asx_onnx_round((float)(x->i[i] - zero) * g.step.f[k], out->type);
    }
    out->low = low - zero_high;
    out->high = high - zero_low;
    if (status == ASX_OK) { /* moves */
        out->step = g.step.f;
        out->n_steps = g.step.n;
        g.step.f = NULL;
    }
    asx_onnx_grid_fini(&g);
    return status;
}

static void bound(double *out, const asx_onnx_constant *c)
{
    if (c->n == 1)
        *out = c->f ? (double)c->f[0] : (double)c->i[0];
}

asx_status asx_onnx_clip_constant(asx_onnx_constant *out, asx_onnx *in, const Onnx__NodeProto *node,
                                  const asx_onnx_constant *x, asx_error *err)
{
    const Onnx__AttributeProto *min = asx_onnx_attribute(node, "min"),
                               *max = asx_onnx_attribute(node, "max");
    double low = min ? (double)min->f : -INFINITY, high = max ? (double)max->f : INFINITY;
    bound(&low, &x[1]);
    bound(&high, &x[2]);
    asx_status status = asx_onnx_copy(out, in, x, err);
    for (size_t i = 0; status == ASX_OK && i < out->n; i++) {
        if (out->f)
            out->f[i] = (float)fmin(fmax((double)out->f[i], low), high);
        else
            out->i[i] = (int64_t)fmin(fmax((double)out->i[i], low), high);
    }
    if (out->i && out->low == out->high)
        asx_onnx_type_range(&out->low, &out->high, out->type);
    if (out->i) {
        out->low = (int64_t)fmax((double)out->low, low);
        out->high = (int64_t)fmin((double)out->high, high);
    }
    return status;
}

asx_status asx_onnx_hold(asx_node *layer, const asx_onnx_constant *weight, asx_error *err)
{
    if (weight->n_steps == 0 || (weight->n_steps != 1 && weight->n_steps != layer->n_biases))
        return ASX_OK;
    layer->held.weight_bits = asx_held_bits((double)weight->low, (double)weight->high, false);
    layer->held.weight_scale = asx_array_new(layer->n_biases, sizeof(float));
    if (!layer->held.weight_scale)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu scales", layer->n_biases);
    for (size_t c = 0; c < layer->n_biases; c++)
        layer->held.weight_scale[c] = weight->step[weight->n_steps == 1 ? 0 : c];
    return ASX_OK;
}
