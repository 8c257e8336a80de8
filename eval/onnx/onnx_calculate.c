/* Arithmetic on constants, element by element, broadcast as ONNX defines it: from the last dimension
 * on, where a dimension of one is repeated. */
#include <math.h>
#include <string.h>

#include "onnx_elements.h"
#include "onnx_ops.h"

/* Integers are shapes, positions and words; this bound keeps sums and products of two within 64
 * bits. */
#define OPERAND_MAX ((int64_t)INT32_MAX)

typedef enum operation {
    ADD,
    SUB,
    MUL,
    DIV,
    POW,
    MIN,
    MAX,
    EQUAL,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL,
    AND,
    OR
} operation;

static const struct {
    const char *name, *sign;
    bool compares; /* the result is a truth value */
} operations[] = {
    [ADD] = {"Add", "+", false},        [SUB] = {"Sub", "-", false},
    [MUL] = {"Mul", "*", false},        [DIV] = {"Div", "/", false},
    [POW] = {"Pow", "^", false},        [MIN] = {"Min", "min", false},
    [MAX] = {"Max", "max", false},      [EQUAL] = {"Equal", "==", true},
    [LESS] = {"Less", "<", true},       [LESS_OR_EQUAL] = {"LessOrEqual", "<=", true},
    [GREATER] = {"Greater", ">", true}, [GREATER_OR_EQUAL] = {"GreaterOrEqual", ">=", true},
    [AND] = {"And", "and", true},       [OR] = {"Or", "or", true},
};

static bool compare(operation op, double a, double b)
{
    switch (op) {
    case EQUAL:
        return a == b;
    case LESS:
        return a < b;
    case LESS_OR_EQUAL:
        return a <= b;
    case GREATER:
        return a > b;
    case GREATER_OR_EQUAL:
        return a >= b;
    case AND:
        return a != 0 && b != 0;
    default:
        return a != 0 || b != 0;
    }
}

static float calculate_float(operation op, float a, float b)
{
    switch (op) {
    case ADD:
        return a + b;
    case SUB:
        return a - b;
    case MUL:
        return a * b;
    case DIV:
        return a / b;
    case POW:
        return powf(a, b);
    case MIN:
        return isnan(a) || a < b ? a : b;
    default:
        return isnan(a) || a > b ? a : b;
    }
}

static asx_status calculate_integer(int64_t *out, operation op, int64_t a, int64_t b, int type,
                                    asx_error *err)
{
    if (op == MIN || op == MAX) {
        *out = (op == MIN) == (a < b) ? a : b;
        return ASX_OK;
    }
    const bool fits = a >= -OPERAND_MAX && a <= OPERAND_MAX && b >= -OPERAND_MAX &&
                      b <= OPERAND_MAX && (op != DIV || b != 0) && op != POW;
    if (fits)
        *out = op == ADD ? a + b : op == SUB ? a - b : op == MUL ? a * b : a / b;
    if (!fits || !asx_onnx_type_holds(type, *out))
        return asx_fail(err, ASX_EINVAL, "%lld %s %lld as %s", (long long)a, operations[op].sign,
                        (long long)b, asx_onnx_type_text(type));
    return ASX_OK;
}

asx_status asx_onnx_broadcast(asx_onnx_constant *out, const asx_onnx_constant *x, asx_error *err)
{
    char a[96], b[96];
    const size_t rank = x->rank > out->rank ? x->rank : out->rank;
    size_t dim[ASX_ONNX_RANK_MAX];
    for (size_t i = 0; i < rank; i++) {
        const size_t p = i + out->rank < rank ? 1 : out->dim[i + out->rank - rank];
        const size_t q = i + x->rank < rank ? 1 : x->dim[i + x->rank - rank];
        if (p != q && p != 1 && q != 1)
            return asx_fail(err, ASX_EINVAL, "constants of shapes %s and %s",
                            asx_onnx_shape_text(a, sizeof a, out->rank, out->dim),
                            asx_onnx_shape_text(b, sizeof b, x->rank, x->dim));
        dim[i] = p == 1 ? q : p;
    }
    out->rank = rank;
    memcpy(out->dim, dim, rank * sizeof *dim);
    return ASX_OK;
}

size_t asx_onnx_broadcast_at(const asx_onnx_constant *x, const asx_onnx_constant *to, size_t i)
{
    size_t at = 0, step = 1;
    for (size_t d = to->rank; d-- > 0; i /= to->dim[d]) {
        const size_t behind = to->rank - d;
        if (behind > x->rank)
            break;
        const size_t size = x->dim[x->rank - behind];
        at += size == 1 ? 0 : i % to->dim[d] * step;
        step *= size;
    }
    return at;
}

/* out = a op b, `out` zeroed */
static asx_status calculate(asx_onnx_constant *out, asx_onnx *in, operation op,
                            const asx_onnx_constant *a, const asx_onnx_constant *b, asx_error *err)
{
    const bool compares = operations[op].compares, integers = a->i != NULL;
    if (!a->i != !b->i)
        return asx_fail(err, ASX_EUNSUPPORTED, "constants of types %s and %s",
                        asx_onnx_type_text(a->type), asx_onnx_type_text(b->type));
    asx_status status = asx_onnx_broadcast(out, a, err);
    if (status == ASX_OK)
        status = asx_onnx_broadcast(out, b, err);
    if (status == ASX_OK)
        status = asx_onnx_constant_alloc(out, in, integers || compares, err);
    out->type = compares ? ONNX__TENSOR_PROTO__DATA_TYPE__BOOL : a->type;
    for (size_t i = 0; status == ASX_OK && i < out->n; i++) {
        const size_t p = asx_onnx_broadcast_at(a, out, i), q = asx_onnx_broadcast_at(b, out, i);
        if (compares && integers)
            out->i[i] =
                op == EQUAL ? a->i[p] == b->i[q] : compare(op, (double)a->i[p], (double)b->i[q]);
        else if (compares)
            out->i[i] = compare(op, (double)a->f[p], (double)b->f[q]);
        else if (integers)
            status = calculate_integer(&out->i[i], op, a->i[p], b->i[q], out->type, err);
        else
            out->f[i] = asx_onnx_round(calculate_float(op, a->f[p], b->f[q]), out->type);
    }
    return status;
}

asx_status asx_onnx_binary_constants(asx_onnx_constant *out, asx_onnx *in,
                                     const Onnx__NodeProto *node, const asx_onnx_constant *x,
                                     asx_error *err)
{
    size_t op = 0;
    while (strcmp(operations[op].name, node->op_type) != 0)
        op++;
    if (node->n_input == 1)
        return asx_onnx_copy(out, in, &x[0], err);
    asx_onnx_constant so_far = {0};
    asx_status status = calculate(&so_far, in, (operation)op, &x[0], &x[1], err);
    for (size_t i = 2; status == ASX_OK && i < node->n_input; i++) { /* Min and Max of several */
        asx_onnx_constant next = {0};
        status = calculate(&next, in, (operation)op, &so_far, &x[i], err);
        asx_onnx_constant_fini(&so_far);
        so_far = next;
    }
    if (status == ASX_OK)
        *out = so_far;
    else
        asx_onnx_constant_fini(&so_far);
    return status;
}

asx_status asx_onnx_not_constant(asx_onnx_constant *out, asx_onnx *in, const Onnx__NodeProto *node,
                                 const asx_onnx_constant *x, asx_error *err)
{
    (void)node;
    if (!x->i)
        return asx_fail(err, ASX_EINVAL, "of type %s", asx_onnx_type_text(x->type));
    asx_status status = asx_onnx_copy(out, in, x, err);
    for (size_t i = 0; status == ASX_OK && i < out->n; i++)
        out->i[i] = !x->i[i];
    return status;
}

asx_status asx_onnx_where_constants(asx_onnx_constant *out, asx_onnx *in,
                                    const Onnx__NodeProto *node, const asx_onnx_constant *x,
                                    asx_error *err)
{
    (void)node;
    asx_status status = ASX_OK;
    if (!x[0].i || !x[1].i != !x[2].i)
        return asx_fail(err, ASX_EUNSUPPORTED, "types %s, %s and %s", asx_onnx_type_text(x[0].type),
                        asx_onnx_type_text(x[1].type), asx_onnx_type_text(x[2].type));
    for (size_t k = 0; status == ASX_OK && k < 3; k++)
        status = asx_onnx_broadcast(out, &x[k], err);
    if (status == ASX_OK)
        status = asx_onnx_constant_alloc(out, in, x[1].i != NULL, err);
    out->type = x[1].type;
    for (size_t i = 0; status == ASX_OK && i < out->n; i++) {
        const asx_onnx_constant *from = &x[x[0].i[asx_onnx_broadcast_at(&x[0], out, i)] ? 1 : 2];
        const size_t at = asx_onnx_broadcast_at(from, out, i);
        if (out->i)
            out->i[i] = from->i[at];
        else
            out->f[i] = from->f[at];
    }
    return status;
}

/* What `to` (an element type) asks for. */
static asx_status read_type(int *type, const Onnx__NodeProto *node, asx_error *err)
{
    int64_t to;
    asx_status status = asx_onnx_int(&to, node, "to", 0, 0, INT32_MAX, err);
    if (status != ASX_OK)
        return status;
    if (!asx_onnx_type_is_number((int)to))
        return asx_fail(err, ASX_EUNSUPPORTED, "to type %s (%lld)", asx_onnx_type_text((int)to),
                        (long long)to);
    *type = (int)to;
    return ASX_OK;
}

/* Floats lose their fraction; what the type cannot hold is refused. */
static asx_status cast_to_integer(int64_t *out, const asx_onnx_constant *x, size_t i, int type,
                                  asx_error *err)
{
    if (type == ONNX__TENSOR_PROTO__DATA_TYPE__BOOL) {
        *out = x->i ? x->i[i] != 0 : x->f[i] != 0;
        return ASX_OK;
    }
    if (x->f && !(fabsf(x->f[i]) < 0x1p62F))
        return asx_fail(err, ASX_EINVAL, "element %zu is %g", i, (double)x->f[i]);
    *out = x->i ? x->i[i] : (int64_t)x->f[i];
    if (!asx_onnx_type_holds(type, *out))
        return asx_fail(err, ASX_EUNSUPPORTED, "element %zu is %lld, beyond %s", i, (long long)*out,
                        asx_onnx_type_text(type));
    return ASX_OK;
}

asx_status asx_onnx_cast_constant(asx_onnx_constant *out, asx_onnx *in, const Onnx__NodeProto *node,
                                  const asx_onnx_constant *x, asx_error *err)
{
    asx_status status = read_type(&out->type, node, err);
    if (status != ASX_OK)
        return status;
    out->rank = x->rank;
    memcpy(out->dim, x->dim, sizeof out->dim);
    const bool integers = asx_onnx_type_is_integer(out->type);
    status = asx_onnx_constant_alloc(out, in, integers, err);
    for (size_t i = 0; status == ASX_OK && i < out->n; i++) {
        if (integers)
            status = cast_to_integer(&out->i[i], x, i, out->type, err);
        else
            out->f[i] = asx_onnx_round(x->f ? x->f[i] : (float)x->i[i], out->type);
    }
    return status;
}

/* Of a value, one float for another; of quantised integers, more bits: that is, nothing. */
asx_status asx_onnx_cast(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    int type;
    asx_status status = read_type(&type, node, err);
    if (status != ASX_OK)
        return status;
    const asx_onnx_symbol *x =
        asx_onnx_has_input(node, 0) ? asx_onnx_find(in, node->input[0]) : NULL;
    const bool quantised = x && x->computed && x->step > 0;
    const bool wide = type == ONNX__TENSOR_PROTO__DATA_TYPE__INT32 ||
                      type == ONNX__TENSOR_PROTO__DATA_TYPE__INT64;
    if (quantised && !wide)
        status = asx_fail(err, ASX_EUNSUPPORTED, "quantised values become %s (32 bits or more)",
                          asx_onnx_type_text(type));
    else if (!quantised && asx_onnx_type_is_integer(type))
        status = asx_fail(err, ASX_EUNSUPPORTED, "a computed value becomes an integer");
    return status == ASX_OK ? asx_onnx_identity(in, node, err) : status;
}
