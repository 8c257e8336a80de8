/* Arithmetic on constants: Add, Sub, Mul, Div, Cast. */
#include <math.h>

#include "onnx_ops.h"

/* Shapes are small numbers; this bound keeps sums and products of two within 64 bits. */
#define OPERAND_MAX ((int64_t)INT32_MAX)

static asx_status calculate_integer(int64_t *out, char op, int64_t a, int64_t b, asx_error *err)
{
    if (a < -OPERAND_MAX || a > OPERAND_MAX || b < -OPERAND_MAX || b > OPERAND_MAX ||
        (op == '/' && b == 0))
        return asx_fail(err, ASX_EINVAL, "%lld %c %lld", (long long)a, op, (long long)b);
    *out = op == '+' ? a + b : op == '-' ? a - b : op == '*' ? a * b : a / b;
    return ASX_OK;
}

static asx_status calculate_float(float *out, char op, float a, float b, asx_error *err)
{
    const float y = op == '+' ? a + b : op == '-' ? a - b : op == '*' ? a * b : a / b;
    if (!isfinite(y))
        return asx_fail(err, ASX_EINVAL, "%g %c %g is %g", (double)a, op, (double)b, (double)y);
    *out = y;
    return ASX_OK;
}

/* Operands of one shape, or one of them a single number. */
static asx_status calculate(asx_onnx_constant *out, asx_onnx *in, char op,
                            const asx_onnx_constant *x, asx_error *err)
{
    const asx_onnx_constant *a = &x[0], *b = &x[1], *shape = b->n == 1 && a->n > 0 ? a : b;
    bool fits = a->n == 1 || b->n == 1;
    if (shape->n == 1 && a->rank < b->rank)
        shape = b;
    if (!fits) {
        fits = a->rank == b->rank;
        for (size_t i = 0; fits && i < a->rank; i++)
            fits = a->dim[i] == b->dim[i];
    }
    if (!fits || !a->i != !b->i)
        return asx_fail(err, ASX_EUNSUPPORTED, "constants of different shapes or types");
    out->rank = shape->rank;
    for (size_t i = 0; i < shape->rank; i++)
        out->dim[i] = shape->dim[i];
    asx_status status = asx_onnx_constant_alloc(out, in, a->i != NULL, err);
    for (size_t i = 0; status == ASX_OK && i < out->n; i++) {
        const size_t p = a->n == 1 ? 0 : i, q = b->n == 1 ? 0 : i;
        status = out->i ? calculate_integer(&out->i[i], op, a->i[p], b->i[q], err)
                        : calculate_float(&out->f[i], op, a->f[p], b->f[q], err);
    }
    return status;
}

asx_status asx_onnx_add_constants(asx_onnx_constant *out, asx_onnx *in, const Onnx__NodeProto *node,
                                  const asx_onnx_constant *x, asx_error *err)
{
    (void)node;
    return calculate(out, in, '+', x, err);
}

asx_status asx_onnx_sub_constants(asx_onnx_constant *out, asx_onnx *in, const Onnx__NodeProto *node,
                                  const asx_onnx_constant *x, asx_error *err)
{
    (void)node;
    return calculate(out, in, '-', x, err);
}

asx_status asx_onnx_mul_constants(asx_onnx_constant *out, asx_onnx *in, const Onnx__NodeProto *node,
                                  const asx_onnx_constant *x, asx_error *err)
{
    (void)node;
    return calculate(out, in, '*', x, err);
}

asx_status asx_onnx_div_constants(asx_onnx_constant *out, asx_onnx *in, const Onnx__NodeProto *node,
                                  const asx_onnx_constant *x, asx_error *err)
{
    (void)node;
    return calculate(out, in, '/', x, err);
}

/* What `to` (an element type) asks for, as far as it is int32, int64 or float. */
static asx_status read_type(bool *integers, const Onnx__NodeProto *node, asx_error *err)
{
    int64_t to;
    asx_status status = asx_onnx_int(&to, node, "to", 0, 0, INT32_MAX, err);
    if (status != ASX_OK)
        return status;
    *integers =
        to == ONNX__TENSOR_PROTO__DATA_TYPE__INT64 || to == ONNX__TENSOR_PROTO__DATA_TYPE__INT32;
    if (!*integers && to != ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT)
        return asx_fail(err, ASX_EUNSUPPORTED, "attribute 'to' is %lld, not float, int32 or int64",
                        (long long)to);
    return ASX_OK;
}

asx_status asx_onnx_cast_constant(asx_onnx_constant *out, asx_onnx *in, const Onnx__NodeProto *node,
                                  const asx_onnx_constant *x, asx_error *err)
{
    bool integers;
    asx_status status = read_type(&integers, node, err);
    if (status != ASX_OK)
        return status;
    out->rank = x->rank;
    for (size_t i = 0; i < x->rank; i++)
        out->dim[i] = x->dim[i];
    status = asx_onnx_constant_alloc(out, in, integers, err);
    for (size_t i = 0; status == ASX_OK && i < out->n; i++) {
        if (!integers)
            out->f[i] = x->f ? x->f[i] : (float)x->i[i];
        else if (x->i)
            out->i[i] = x->i[i];
        else if (fabsf(x->f[i]) < (float)OPERAND_MAX)
            out->i[i] = (int64_t)x->f[i];
        else
            status = asx_fail(err, ASX_EINVAL, "element %zu is %g", i, (double)x->f[i]);
    }
    return status;
}

/* Of a value: from float to float, that is, nothing. */
asx_status asx_onnx_cast(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    bool integers;
    asx_status status = read_type(&integers, node, err);
    if (status == ASX_OK && integers)
        status = asx_fail(err, ASX_EUNSUPPORTED, "a computed value becomes an integer");
    return status == ASX_OK ? asx_onnx_identity(in, node, err) : status;
}
