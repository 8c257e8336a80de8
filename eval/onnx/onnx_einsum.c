/* Einsum of two values: a product, of matrices side by side, with what has to be turned before and after. Letters of both
 * operands that the output keeps number the matrices, those that it does not keep are summed over; the batch is the first
 * letter everywhere. */
#include <string.h>

#include "onnx_ops.h"

enum { LETTERS_MAX = 1 + ASX_RANK_MAX, A = 0, B = 1, Y = 2 };

/* The letters of operands and output, the batch's first. */
typedef struct equation {
    char letter[3][LETTERS_MAX + 1];
    size_t n[3];
} equation;

/* Letters by what becomes of them: of matrices side by side, rows of the one, columns of the other, summed. */
typedef struct group {
    char letter[LETTERS_MAX];
    size_t n, size; /* size: product of their dimensions */
} group;

typedef struct groups {
    group side, rows, columns, summed;
} groups;

static asx_status fail(asx_error *err, const char *text, const char *why)
{
    return asx_fail(err, ASX_EUNSUPPORTED, "equation '%.64s': %s", text, why);
}

/* One term: different letters, up to ',', '-' or the end. */
static asx_status read_term(equation *e, size_t which, const char **at, const char *text,
                            asx_error *err)
{
    for (; **at && **at != ',' && **at != '-'; ++*at) {
        const char c = **at;
        if (c == ' ')
            continue;
        if (c == '.')
            return fail(err, text, "dimensions without letters ('...') are not known");
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')))
            return fail(err, text, "it is not made of letters");
        if (memchr(e->letter[which], c, e->n[which]))
            return fail(err, text, "a letter twice in one term (a diagonal) is not known");
        if (e->n[which] == LETTERS_MAX)
            return fail(err, text, "a term of more than five dimensions is not known");
        e->letter[which][e->n[which]++] = c;
    }
    return ASX_OK;
}

/* Without '->' the output has the letters that are there once, in the order of the alphabet. */
static void imply(equation *e)
{
    for (int c = 'A'; c <= 'z'; c++) {
        const bool a = memchr(e->letter[A], c, e->n[A]), b = memchr(e->letter[B], c, e->n[B]);
        if (a != b && e->n[Y] < LETTERS_MAX)
            e->letter[Y][e->n[Y]++] = (char)c;
    }
}

static asx_status read_equation(equation *e, const char *text, asx_error *err)
{
    const char *at = text;
    asx_status status = read_term(e, A, &at, text, err);
    if (status == ASX_OK && *at != ',')
        return fail(err, text, "it is not of two operands");
    at++;
    if (status == ASX_OK)
        status = read_term(e, B, &at, text, err);
    if (status == ASX_OK && *at == ',')
        return fail(err, text, "it is not of two operands");
    if (status == ASX_OK && *at == '\0')
        imply(e);
    else if (status == ASX_OK && strncmp(at, "->", 2) != 0)
        return fail(err, text, "it is not made of letters");
    else if (status == ASX_OK) {
        at += 2;
        status = read_term(e, Y, &at, text, err);
        if (status == ASX_OK && *at)
            return fail(err, text, "it has two outputs");
    }
    if (status == ASX_OK &&
        (e->n[A] < 2 || e->n[B] < 2 || e->n[Y] < 2 || e->letter[A][0] != e->letter[B][0] ||
         e->letter[A][0] != e->letter[Y][0]))
        return fail(err, text, "the first letter is not the batch's everywhere");
    return status;
}

static void add(group *g, char letter, size_t dim)
{
    g->letter[g->n++] = letter;
    g->size *= dim;
}

static size_t dim_of(const equation *e, const asx_value *value, size_t which, char letter)
{
    const char *at = memchr(e->letter[which], letter, e->n[which]);
    return value->dim[at - e->letter[which] - 1];
}

/* In the order of the first operand, columns in that of the second. */
static asx_status sort_letters(groups *g, const equation *e, const asx_value *a, const asx_value *b,
                               const char *text, asx_error *err)
{
    *g = (groups){.side.size = 1, .rows.size = 1, .columns.size = 1, .summed.size = 1};
    for (size_t i = 1; i < e->n[A]; i++) {
        const char c = e->letter[A][i];
        const bool in_b = memchr(e->letter[B], c, e->n[B]), kept = memchr(e->letter[Y], c, e->n[Y]);
        if (in_b && dim_of(e, b, B, c) != a->dim[i - 1])
            return asx_fail(err, ASX_EINVAL, "equation '%.64s': '%c' is %zu and %zu", text, c,
                            a->dim[i - 1], dim_of(e, b, B, c));
        if (!in_b && !kept)
            return fail(err, text, "a sum over one operand alone is not known");
        add(in_b && kept ? &g->side : in_b ? &g->summed : &g->rows, c, a->dim[i - 1]);
    }
    for (size_t i = 1; i < e->n[B]; i++) {
        const char c = e->letter[B][i];
        const bool in_a = memchr(e->letter[A], c, e->n[A]), kept = memchr(e->letter[Y], c, e->n[Y]);
        if (!in_a && !kept)
            return fail(err, text, "a sum over one operand alone is not known");
        if (!in_a)
            add(&g->columns, c, b->dim[i - 1]);
    }
    for (size_t i = 1; i < e->n[Y]; i++)
        if (!memchr(e->letter[A], e->letter[Y][i], e->n[A]) &&
            !memchr(e->letter[B], e->letter[Y][i], e->n[B]))
            return fail(err, text, "its output has a letter that no operand has");
    if (g->summed.n == 0)
        return fail(err, text, "nothing is summed: use Mul");
    return ASX_OK;
}

/* Appends the letters of a group. */
static void append(char *order, size_t *n, const group *g)
{
    memcpy(order + *n, g->letter, g->n);
    *n += g->n;
}

/* A value with its dimensions in another order. @param have, want [value rank] letters */
static asx_status turn(size_t *value, asx_onnx *in, const char *have, const char *want, size_t n,
                       asx_error *err)
{
    const asx_value x = in->net->value[*value];
    asx_node made = {.op = ASX_OP_TRANSPOSE, .layer = ASX_NO_LAYER};
    asx_value y = {.rank = n, .non_negative = x.non_negative};
    if (memcmp(have, want, n) == 0)
        return ASX_OK;
    for (size_t i = 0; i < n; i++) {
        made.perm[i] = (size_t)((const char *)memchr(have, want[i], n) - have);
        y.dim[i] = x.dim[made.perm[i]];
    }
    return asx_onnx_insert(value, in, &made, *value, &y, 1, err);
}

static asx_status reshape(size_t *value, asx_onnx *in, size_t rank, const size_t *dim,
                          asx_error *err)
{
    const asx_value x = in->net->value[*value];
    asx_node made = {.op = ASX_OP_RESHAPE, .layer = ASX_NO_LAYER};
    asx_value y = {.rank = rank, .non_negative = x.non_negative};
    memcpy(y.dim, dim, rank * sizeof *dim);
    if (x.rank == rank && memcmp(x.dim, dim, rank * sizeof *dim) == 0)
        return ASX_OK;
    return asx_onnx_insert(value, in, &made, *value, &y, 1, err);
}

/* [side, rows, summed] times [side, summed, columns]. */
static asx_status prepare(size_t value[2], asx_onnx *in, const equation *e, const groups *g,
                          asx_error *err)
{
    char order[2][2 * LETTERS_MAX];
    size_t n[2] = {0};
    append(order[A], &n[A], &g->side);
    append(order[A], &n[A], &g->rows);
    append(order[A], &n[A], &g->summed);
    append(order[B], &n[B], &g->side);
    append(order[B], &n[B], &g->summed);
    append(order[B], &n[B], &g->columns);
    const size_t dim[2][3] = {{g->side.size, g->rows.size, g->summed.size},
                              {g->side.size, g->summed.size, g->columns.size}};
    asx_status status = ASX_OK;
    for (size_t i = A; i <= B && status == ASX_OK; i++) {
        status = turn(&value[i], in, e->letter[i] + 1, order[i], n[i], err);
        if (status == ASX_OK)
            status = reshape(&value[i], in, 3, dim[i], err);
    }
    return status;
}

/* What the product gives, [side, rows, columns], as the output has it. */
static asx_status finish(asx_onnx *in, const Onnx__NodeProto *node, size_t product,
                         const equation *e, const groups *g, const asx_value *a, const asx_value *b,
                         asx_error *err)
{
    char order[2 * LETTERS_MAX];
    size_t n = 0;
    asx_value y = {.non_negative = in->net->value[product].non_negative};
    append(order, &n, &g->side);
    append(order, &n, &g->rows);
    append(order, &n, &g->columns);
    for (y.rank = 0; y.rank < n; y.rank++) {
        const bool in_a = memchr(e->letter[A] + 1, order[y.rank], e->n[A] - 1);
        y.dim[y.rank] = in_a ? dim_of(e, a, A, order[y.rank]) : dim_of(e, b, B, order[y.rank]);
    }
    const char *want = e->letter[Y] + 1;
    if (memcmp(order, want, n) == 0)
        return asx_onnx_emit_reshape(in, node, product, &y, err);
    asx_status status = reshape(&product, in, y.rank, y.dim, err);
    asx_node made = {.op = ASX_OP_TRANSPOSE, .layer = ASX_NO_LAYER};
    asx_value turned = {.rank = n, .non_negative = y.non_negative};
    for (size_t i = 0; i < n; i++) {
        made.perm[i] = (size_t)((const char *)memchr(order, want[i], n) - order);
        turned.dim[i] = y.dim[made.perm[i]];
    }
    return status == ASX_OK ? asx_onnx_emit_unary(in, node, &made, product, &turned, err) : status;
}

asx_status asx_onnx_einsum(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    char text[80];
    size_t value[2], product;
    equation e = {.n = {0}};
    groups g;
    asx_onnx_string(text, sizeof text, node, "equation", "");
    if (strlen(text) == sizeof text - 1)
        return fail(err, text, "it is too long");
    if (node->n_input != 2)
        return fail(err, text, "it is not of two operands");
    asx_status status = read_equation(&e, text, err);
    for (size_t i = A; i <= B && status == ASX_OK; i++) {
        if (asx_onnx_is_constant(in, node, i))
            return fail(err, text, "one operand is a constant: use MatMul");
        status = asx_onnx_value(&value[i], in, node, i, err);
        if (status == ASX_OK && in->net->value[value[i]].rank + 1 != e.n[i])
            status = asx_fail(err, ASX_EINVAL, "equation '%.64s': operand %zu has %zu dimensions",
                              text, i, in->net->value[value[i]].rank + 1);
    }
    if (status != ASX_OK)
        return status;
    const asx_value a = in->net->value[value[A]], b = in->net->value[value[B]];
    status = sort_letters(&g, &e, &a, &b, text, err);
    if (status == ASX_OK)
        status = prepare(value, in, &e, &g, err);
    if (status == ASX_OK)
        status = asx_onnx_insert_product(&product, in, node, value, err);
    return status == ASX_OK ? finish(in, node, product, &e, &g, &a, &b, err) : status;
}
