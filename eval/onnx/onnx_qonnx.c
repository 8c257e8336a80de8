/* The operators of QONNX, which Brevitas exports and FINN reads: Quant (IntQuant) and BipolarQuant.
 * Trunc is taken apart before (onnx_rewrite.c). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "onnx_ops.h"

enum { BITS_MAX = 16 };

typedef enum rounding { NEAREST, UP, DOWN } rounding;

/* What a Quant says beside its scale. */
typedef struct quantiser {
    double low, high, zero; /* integers, before the zero point is taken off */
    rounding rounding;
    bool bipolar; /* one bit with a sign: -1 and 1 */
} quantiser;

static asx_status number_of(double *out, const asx_onnx_constant *c, const char *what,
                            asx_error *err)
{
    if (c->n == 0)
        return asx_fail(err, ASX_EINVAL, "it has no %s", what);
    for (size_t i = 0; i < c->n; i++) {
        const double v = c->f ? (double)c->f[i] : (double)c->i[i];
        if (i > 0 && fabs(v - *out) > 0)
            return asx_fail(err, ASX_EUNSUPPORTED, "its %s is not one number", what);
        if (!(fabs(v - rint(v)) <= 0))
            return asx_fail(err, ASX_EUNSUPPORTED, "its %s is %g, no integer", what, v);
        *out = v;
    }
    return ASX_OK;
}

static asx_status read_attributes(quantiser *q, double bits, const Onnx__NodeProto *node,
                                  asx_error *err)
{
    static const char *const names[] = {[NEAREST] = "ROUND", [UP] = "CEIL", [DOWN] = "FLOOR"};
    int64_t has_sign, narrow;
    char mode[16];
    asx_status status = asx_onnx_int(&has_sign, node, "signed", 1, 0, 1, err);
    if (status == ASX_OK)
        status = asx_onnx_int(&narrow, node, "narrow", 0, 0, 1, err);
    if (status == ASX_OK && !(bits >= 1 && bits <= BITS_MAX))
        status = asx_fail(err, ASX_EUNSUPPORTED, "%g bits (1 to %d)", bits, BITS_MAX);
    if (status != ASX_OK)
        return status;
    const double half = exp2(bits - 1);
    q->bipolar = has_sign && bits == 1;
    q->low = q->bipolar ? -1 : has_sign ? (double)narrow - half : 0;
    q->high = q->bipolar ? 1 : has_sign ? half - 1 : 2 * half - 1 - (double)narrow;
    asx_onnx_string(mode, sizeof mode, node, "rounding_mode", "ROUND");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(mode, names[i]) == 0) {
            q->rounding = (rounding)i;
            return ASX_OK;
        }
    return asx_fail(err, ASX_EUNSUPPORTED, "rounding mode '%s' (ROUND, CEIL and FLOOR are read)",
                    mode);
}

static asx_status read_quantiser(quantiser *q, const Onnx__NodeProto *node,
                                 const asx_onnx_constant *zero, const asx_onnx_constant *bits,
                                 asx_error *err)
{
    double n_bits = 0;
    *q = (quantiser){.rounding = NEAREST};
    asx_status status = number_of(&q->zero, zero, "zero point", err);
    if (status == ASX_OK)
        status = number_of(&n_bits, bits, "bit width", err);
    return status == ASX_OK ? read_attributes(q, n_bits, node, err) : status;
}

static asx_status check_scale(const asx_onnx_constant *scale, asx_error *err)
{
    for (size_t i = 0; i < scale->n; i++)
        if (!scale->f || !(isfinite(scale->f[i]) && scale->f[i] > 0))
            return asx_fail(err, ASX_EINVAL, "scale %zu is not above 0", i);
    return scale->n > 0 ? ASX_OK : asx_fail(err, ASX_EINVAL, "it has no scale");
}

/* ---- constants ---- */

static double quantised(const quantiser *q, double x)
{
    if (q->bipolar)
        return x + q->zero >= 0 ? 1 : -1;
    const double v = fmax(q->low, fmin(x + q->zero, q->high));
    return (q->rounding == UP ? ceil(v) : q->rounding == DOWN ? floor(v) : rint(v)) - q->zero;
}

/* The scales are steps: one, or one for each position of one dimension. */
static asx_status keep_steps(asx_onnx_constant *out, const quantiser *q,
                             const asx_onnx_constant *scale, asx_error *err)
{
    out->low = (int64_t)(q->low - q->zero);
    out->high = (int64_t)(q->high - q->zero);
    free(out->step);
    out->step = asx_array_copy(scale->f, scale->n, sizeof *scale->f);
    out->n_steps = scale->n;
    return out->step ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for %zu steps", scale->n);
}

static asx_status quantise_constant(asx_onnx_constant *out, asx_onnx *in, const quantiser *q,
                                    const asx_onnx_constant *x, asx_error *err)
{
    const asx_onnx_constant *scale = &x[1];
    asx_status status = check_scale(scale, err);
    if (status == ASX_OK && !x->f)
        status = asx_fail(err, ASX_EINVAL, "its input is an integer");
    if (status == ASX_OK)
        status = asx_onnx_broadcast(out, x, err);
    if (status == ASX_OK)
        status = asx_onnx_broadcast(out, scale, err);
    if (status == ASX_OK)
        status = asx_onnx_constant_alloc(out, in, false, err);
    for (size_t i = 0; status == ASX_OK && i < out->n; i++) {
        const float s = scale->f[asx_onnx_broadcast_at(scale, out, i)];
        const float v = x->f[asx_onnx_broadcast_at(x, out, i)] / s;
        out->f[i] = (float)quantised(q, (double)v) * s;
    }
    return status == ASX_OK ? keep_steps(out, q, scale, err) : status;
}

asx_status asx_onnx_quant_constant(asx_onnx_constant *out, asx_onnx *in,
                                   const Onnx__NodeProto *node, const asx_onnx_constant *x,
                                   asx_error *err)
{
    quantiser q;
    asx_status status = read_quantiser(&q, node, &x[2], &x[3], err);
    return status == ASX_OK ? quantise_constant(out, in, &q, x, err) : status;
}

asx_status asx_onnx_bipolar_quant_constant(asx_onnx_constant *out, asx_onnx *in,
                                           const Onnx__NodeProto *node, const asx_onnx_constant *x,
                                           asx_error *err)
{
    (void)node;
    return quantise_constant(out, in, &(quantiser){.low = -1, .high = 1, .bipolar = true}, x, err);
}

/* ---- values ---- */

static asx_status emit(asx_onnx *in, const Onnx__NodeProto *node, asx_node *made, bool non_negative,
                       asx_error *err)
{
    size_t input;
    bool lifted;
    asx_status status = asx_onnx_value_as_is(&input, &lifted, in, node, 0, err);
    if (status != ASX_OK)
        return status;
    asx_value y = in->net->value[input];
    y.non_negative = made->op == ASX_OP_QUANTIZE && (non_negative || y.non_negative);
    status = asx_onnx_emit_unary(in, node, made, input, &y, err);
    if (status == ASX_OK)
        asx_onnx_set_lifted(in, node, lifted);
    return status;
}

static asx_status emit_quantiser(asx_onnx *in, const Onnx__NodeProto *node, const quantiser *q,
                                 const asx_onnx_constant *scale, asx_error *err)
{
    asx_status status = check_scale(scale, err);
    for (size_t i = 1; status == ASX_OK && i < scale->n; i++)
        if (fabsf(scale->f[i] - scale->f[0]) > 0)
            status = asx_fail(err, ASX_EUNSUPPORTED,
                              "a computed value has %zu scales (weights may, values have one)",
                              scale->n);
    if (status == ASX_OK && (q->rounding != NEAREST || (q->bipolar && q->zero != 0)))
        status = asx_fail(err, ASX_EUNSUPPORTED,
                          "a computed value is rounded to the nearest only, and bipolar about 0");
    if (status != ASX_OK)
        return status;
    asx_node made = {.layer = ASX_NO_LAYER, .alpha = scale->f[0]};
    if (q->bipolar) {
        made.op = ASX_OP_FUNCTION;
        made.function = ASX_FUNCTION_BIPOLAR;
    } else {
        made.op = ASX_OP_QUANTIZE;
        made.low = (float)(q->low - q->zero);
        made.high = (float)(q->high - q->zero);
    }
    return emit(in, node, &made, made.low >= 0, err);
}

asx_status asx_onnx_quant(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    quantiser q;
    asx_onnx_constant x[3] = {{0}};
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < 3; i++)
        status = asx_onnx_any(&x[i], in, node, i + 1, err);
    if (status == ASX_OK)
        status = read_quantiser(&q, node, &x[1], &x[2], err);
    if (status == ASX_OK)
        status = emit_quantiser(in, node, &q, &x[0], err);
    for (size_t i = 0; i < 3; i++)
        asx_onnx_constant_fini(&x[i]);
    return status;
}

asx_status asx_onnx_bipolar_quant(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    asx_onnx_constant scale = {0};
    asx_status status = asx_onnx_any(&scale, in, node, 1, err);
    if (status == ASX_OK)
        status = emit_quantiser(in, node, &(quantiser){.low = -1, .high = 1, .bipolar = true},
                                &scale, err);
    asx_onnx_constant_fini(&scale);
    return status;
}
