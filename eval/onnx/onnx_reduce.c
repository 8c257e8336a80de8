/* Reductions over dimensions of a value, made of what there is: sums are means times their number,
 * the largest comes from a MaxPool, the rest from functions about them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "onnx_ops.h"

/* A reduction on its way. */
typedef struct reduction {
    asx_onnx *in;
    const Onnx__NodeProto *node;
    bool reduced[ASX_RANK_MAX], keep, none; /* none: over no dimension at all */
    asx_value x, y;                         /* shapes before and after, dimensions kept as ones */
    size_t n;                               /* numbers in one result */
} reduction;

static asx_status read_axes(reduction *r, size_t value, asx_error *err)
{
    const int64_t *axes;
    size_t n;
    int64_t keep, noop;
    asx_onnx_constant owner = {0};
    r->x = r->y = r->in->net->value[value];
    r->n = 1;
    asx_status status = asx_onnx_int(&keep, r->node, "keepdims", 1, 0, 1, err);
    if (status == ASX_OK)
        status = asx_onnx_int(&noop, r->node, "noop_with_empty_axes", 0, 0, 1, err);
    if (status == ASX_OK)
        status = asx_onnx_list(&axes, &n, &owner, r->in, r->node, 1, "axes", err);
    if (status == ASX_OK && (!axes || n == 0) && !noop)
        status = asx_fail(err, ASX_EUNSUPPORTED, "over all dimensions, the batch too");
    r->keep = keep != 0;
    r->none = status == ASX_OK && (!axes || n == 0);
    for (size_t i = 0; status == ASX_OK && !r->none && i < n; i++) {
        size_t axis = 0;
        status = asx_onnx_axis(&axis, axes[i], &r->x, err);
        if (status != ASX_OK || r->reduced[axis])
            continue;
        r->reduced[axis] = true;
        r->n *= r->x.dim[axis];
        r->y.dim[axis] = 1;
    }
    asx_onnx_constant_fini(&owner);
    return status;
}

static asx_status insert(reduction *r, asx_node made, size_t *value, asx_value y, asx_error *err)
{
    made.layer = ASX_NO_LAYER;
    return asx_onnx_insert(value, r->in, &made, *value, &y, 1, err);
}

static asx_status apply(reduction *r, asx_function function, float a, size_t *value, asx_error *err)
{
    asx_value y = r->in->net->value[*value];
    const asx_function_sign sign = asx_function_sign_of(function);
    y.non_negative = sign == ASX_SIGN_NON_NEGATIVE || function == ASX_FUNCTION_POW ||
                     (sign == ASX_SIGN_OF_INPUT && y.non_negative);
    return insert(r, (asx_node){.op = ASX_OP_FUNCTION, .function = function, .alpha = a}, value, y,
                  err);
}

/* value x factor */
static asx_status mean(reduction *r, size_t *value, asx_error *err)
{
    asx_node made = {.op = ASX_OP_REDUCE_MEAN};
    asx_value y = r->y;
    memcpy(made.reduced, r->reduced, sizeof made.reduced);
    y.non_negative = r->in->net->value[*value].non_negative;
    return insert(r, made, value, y, err);
}

static asx_status sum(reduction *r, size_t *value, asx_error *err)
{
    asx_status status = mean(r, value, err);
    return status == ASX_OK ? asx_onnx_insert_scale(value, r->in, *value, (float)r->n, 0, err)
                            : status;
}

/* The dimensions that stay in front, those that go behind: [kept][1][n] for a window of 1 x n. */
static asx_status largest(reduction *r, size_t *value, asx_error *err)
{
    const bool sign = r->in->net->value[*value].non_negative;
    asx_node turn = {.op = ASX_OP_TRANSPOSE}, flat = {.op = ASX_OP_RESHAPE};
    asx_value turned = {.rank = r->x.rank, .non_negative = sign}, y = r->y;
    size_t at = 0;
    for (int reduced = 0; reduced < 2; reduced++)
        for (size_t i = 0; i < r->x.rank; i++)
            if (r->reduced[i] == (reduced == 1)) {
                turned.dim[at] = r->x.dim[i];
                turn.perm[at++] = i;
            }
    asx_value row = {.rank = 3, .non_negative = sign}, top = row;
    row.dim[0] = top.dim[0] = asx_value_n_elements(&r->y);
    row.dim[1] = top.dim[1] = top.dim[2] = 1;
    row.dim[2] = r->n;
    asx_node pool = {.op = ASX_OP_MAX_POOL,
                     .window = {.kernel = {1, r->n}, .stride = {1, 1}, .dilation = {1, 1}}};
    asx_status status = insert(r, turn, value, turned, err);
    if (status == ASX_OK)
        status = insert(r, flat, value, row, err);
    if (status == ASX_OK)
        status = insert(r, pool, value, top, err);
    y.non_negative = sign;
    return status == ASX_OK ? insert(r, flat, value, y, err) : status;
}

static asx_status smallest(reduction *r, size_t *value, asx_error *err)
{
    asx_status status = apply(r, ASX_FUNCTION_NEG, 0, value, err);
    if (status == ASX_OK)
        status = largest(r, value, err);
    return status == ASX_OK ? apply(r, ASX_FUNCTION_NEG, 0, value, err) : status;
}

/* log of the sum of exp: the largest is taken out first, against overflow. */
static asx_status log_sum_exp(reduction *r, size_t *value, asx_error *err)
{
    size_t top = *value, pair[2] = {*value, 0};
    asx_value x = r->x, y = r->y;
    x.non_negative = y.non_negative = false;
    asx_status status = largest(r, &top, err);
    if (status == ASX_OK)
        status = asx_onnx_expand_to(&pair[1], r->in, top, r->x.rank, r->x.dim, err);
    if (status == ASX_OK)
        status =
            asx_onnx_insert_many(value, r->in, &(asx_node){.op = ASX_OP_SUB, .layer = ASX_NO_LAYER},
                                 pair, 2, &x, 1, err);
    if (status == ASX_OK)
        status = apply(r, ASX_FUNCTION_EXP, 0, value, err);
    if (status == ASX_OK)
        status = sum(r, value, err);
    if (status == ASX_OK)
        status = apply(r, ASX_FUNCTION_LOG, 0, value, err);
    const size_t both[2] = {*value, top};
    return status == ASX_OK
               ? asx_onnx_insert_many(value, r->in,
                                      &(asx_node){.op = ASX_OP_ADD, .layer = ASX_NO_LAYER}, both, 2,
                                      &y, 1, err)
               : status;
}

/* What is done to every number before the sum, and to the sum. */
static const struct {
    const char *name;
    asx_status (*reduce)(reduction *r, size_t *value, asx_error *err);
    asx_function before, after; /* ASX_N_FUNCTIONS: none */
    float exponent;             /* of Pow, before */
} kinds[] = {
    {"ReduceSum", sum, ASX_N_FUNCTIONS, ASX_N_FUNCTIONS, 0},
    {"ReduceMax", largest, ASX_N_FUNCTIONS, ASX_N_FUNCTIONS, 0},
    {"ReduceMin", smallest, ASX_N_FUNCTIONS, ASX_N_FUNCTIONS, 0},
    {"ReduceL1", sum, ASX_FUNCTION_ABS, ASX_N_FUNCTIONS, 0},
    {"ReduceL2", sum, ASX_FUNCTION_POW, ASX_FUNCTION_SQRT, 2},
    {"ReduceSumSquare", sum, ASX_FUNCTION_POW, ASX_N_FUNCTIONS, 2},
    {"ReduceLogSum", sum, ASX_N_FUNCTIONS, ASX_FUNCTION_LOG, 0},
    {"ReduceLogSumExp", log_sum_exp, ASX_N_FUNCTIONS, ASX_N_FUNCTIONS, 0},
};

static asx_status finish(reduction *r, size_t value, asx_error *err)
{
    asx_value y = {.non_negative = r->in->net->value[value].non_negative};
    for (size_t i = 0; i < r->x.rank; i++)
        if (r->keep || !r->reduced[i])
            y.dim[y.rank++] = r->y.dim[i];
    if (y.rank == 0)
        return asx_fail(err, ASX_EUNSUPPORTED, "its output has no dimension but the batch");
    const bool same = y.rank == r->x.rank;
    if (same)
        return asx_onnx_alias(r->in, r->node, value, err);
    return asx_onnx_emit_reshape(r->in, r->node, value, &y, err);
}

asx_status asx_onnx_reduce(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    reduction r = {.in = in, .node = node};
    size_t value, k = 0;
    while (k < sizeof kinds / sizeof *kinds && strcmp(kinds[k].name, node->op_type) != 0)
        k++;
    if (k == sizeof kinds / sizeof *kinds)
        return asx_fail(err, ASX_EUNSUPPORTED, "it is only known for constants");
    asx_status status = asx_onnx_value(&value, in, node, 0, err);
    if (status == ASX_OK)
        status = read_axes(&r, value, err);
    if (status == ASX_OK && r.none)
        return asx_fail(err, ASX_EUNSUPPORTED, "over no dimension");
    if (status == ASX_OK && kinds[k].before != ASX_N_FUNCTIONS)
        status = apply(&r, kinds[k].before, kinds[k].exponent, &value, err);
    if (status == ASX_OK)
        status = kinds[k].reduce(&r, &value, err);
    if (status == ASX_OK && kinds[k].after != ASX_N_FUNCTIONS)
        status = apply(&r, kinds[k].after, 0, &value, err);
    return status == ASX_OK ? finish(&r, value, err) : status;
}
