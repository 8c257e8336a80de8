/* The steps of a recurrent layer as nodes that there are already. The products with the inputs are
 * one dense layer over all steps; those with the state are a layer that runs once a step, with the
 * same weights. Rows of [1][n] go from step to step. */
#include "onnx_cell.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dse/memory.h"

/* What grows while steps are added. */
typedef struct builder {
    asx_onnx *in;
    const asx_cell *c;
    asx_error *err;
    asx_status status; /* once it fails, nothing more is added */
    size_t projected;  /* the inputs' products, [length][gates hidden] */
    struct {
        int layer; /* ASX_NO_LAYER: not there yet */
        size_t steps;
    } state[2]; /* layers of the state: of all gates, and of GRU's third alone */
} builder;

enum { USES = 2 };        /* nothing is folded into what stands here */
enum { STEP_COST = 512 }; /* of the budget for copies: a small file may ask for many steps */

/* ---- single nodes ---- */

static size_t add(builder *b, asx_node made, const size_t *input, size_t n, asx_value y)
{
    size_t out = 0;
    if (b->status != ASX_OK) {
        asx_node_fini(&made);
        return 0;
    }
    b->status = asx_onnx_insert_many(&out, b->in, &made, input, n, &y, USES, b->err);
    return out;
}

static size_t unary(builder *b, asx_node made, size_t x, bool non_negative)
{
    asx_value y = b->in->net->value[x];
    made.layer = ASX_NO_LAYER;
    y.non_negative = non_negative;
    return add(b, made, &x, 1, y);
}

static size_t pair(builder *b, asx_op op, size_t x, size_t y)
{
    if (b->status != ASX_OK)
        return 0;
    asx_value z = b->in->net->value[x];
    z.non_negative = false;
    return add(b, (asx_node){.op = op, .layer = ASX_NO_LAYER}, (size_t[]){x, y}, 2, z);
}

/* Row `t` of a matrix, or columns first .. first + n - 1 of a row. */
static size_t slice(builder *b, size_t x, size_t axis, size_t first, size_t n)
{
    if (b->status != ASX_OK)
        return 0;
    asx_value y = b->in->net->value[x];
    asx_node made = {.op = ASX_OP_SLICE, .layer = ASX_NO_LAYER, .step = {1, 1, 1, 1}};
    made.start[axis] = (ptrdiff_t)first;
    y.dim[axis] = n;
    return add(b, made, &x, 1, y);
}

static size_t gate(builder *b, size_t row, size_t k)
{
    return slice(b, row, 1, k * b->c->hidden, b->c->hidden);
}

/* factor x + offset */
static size_t scale(builder *b, size_t x, float factor, float offset)
{
    size_t out = 0;
    if (b->status == ASX_OK)
        b->status = asx_onnx_insert_scale(&out, b->in, x, factor, offset, b->err);
    if (b->status == ASX_OK)
        b->in->use[out].count = USES;
    return out;
}

static size_t row_of(builder *b, const float *data, size_t n)
{
    size_t out = 0;
    if (b->status == ASX_OK)
        b->status = asx_cell_row(&out, b->in, data, n, b->err);
    return out;
}

asx_status asx_cell_row(size_t *out, asx_onnx *in, const float *data, size_t n, asx_error *err)
{
    asx_onnx_constant c = {.rank = 2, .dim = {1, n}};
    asx_status status = asx_onnx_constant_alloc(&c, in, false, err);
    if (status == ASX_OK && data)
        memcpy(c.f, data, n * sizeof *data);
    if (status == ASX_OK)
        status = asx_onnx_number(out, in, &c, 2, "state", err);
    if (status == ASX_OK)
        in->use[*out].count = USES;
    asx_onnx_constant_fini(&c);
    return status;
}

static size_t activate(builder *b, size_t x, size_t k)
{
    const asx_cell_activation *a = &b->c->activation[k];
    if (b->c->clip > 0)
        x = unary(b, (asx_node){.op = ASX_OP_CLIP, .low = -b->c->clip, .high = b->c->clip}, x,
                  false);
    if (b->status != ASX_OK)
        return 0;
    if (strcasecmp(a->name, "Sigmoid") == 0)
        return unary(b, (asx_node){.op = ASX_OP_SIGMOID}, x, true);
    if (strcasecmp(a->name, "Relu") == 0)
        return unary(b, (asx_node){.op = ASX_OP_RELU}, x, true);
    if (strcasecmp(a->name, "Affine") == 0)
        return scale(b, x, a->alpha, a->beta);
    asx_node made = {.op = ASX_OP_FUNCTION, .alpha = a->alpha, .beta = a->beta};
    if (strcasecmp(a->name, "ScaledTanh") == 0) {
        made.function = ASX_FUNCTION_TANH;
        return scale(b, unary(b, made, scale(b, x, a->beta, 0), false), a->alpha, 0);
    }
    made.function = asx_function_find(a->name);
    if (made.function == ASX_N_FUNCTIONS) {
        b->status = asx_fail(b->err, ASX_EUNSUPPORTED, "activation '%s' is not known", a->name);
        return 0;
    }
    return unary(b, made, x, asx_function_sign_of(made.function) == ASX_SIGN_NON_NEGATIVE);
}

/* ---- layers ---- */

static asx_layer layer_of(size_t n, size_t m, size_t rows, size_t steps)
{
    return (asx_layer){.kind = ASX_LAYER_DENSE,
                       .in_c = n,
                       .in_h = rows,
                       .in_w = 1,
                       .out_c = m,
                       .out_h = rows,
                       .out_w = 1,
                       .kernel_h = 1,
                       .kernel_w = 1,
                       .stride_h = 1,
                       .stride_w = 1,
                       .groups = 1,
                       .steps = steps};
}

/* A dense node of `n` inputs and `m` outputs; with `weight` NULL one more step of its layer. */
static asx_status make_dense(asx_node *out, const float *weight, const float *bias, size_t n,
                             size_t m, asx_error *err)
{
    *out = (asx_node){.op = ASX_OP_DENSE, .groups = 1, .n_biases = m};
    out->bias = bias ? asx_array_copy(bias, m, sizeof *bias) : asx_array_new(m, sizeof *bias);
    if (weight) {
        out->n_weights = n * m;
        out->weight = asx_array_copy(weight, n * m, sizeof *weight);
    }
    if (out->bias && (!weight || out->weight))
        return ASX_OK;
    asx_node_fini(out);
    return asx_fail(err, ASX_ENOMEM, "no memory for %zu weights", n * m);
}

static asx_status add_weights(asx_node *made, builder *b, size_t input, asx_layer layer)
{
    asx_status status = asx_onnx_spend(b->in, made->n_weights, b->err);
    if (status == ASX_OK)
        status = asx_onnx_add_layer(&made->layer, b->in, b->c->node, input, &layer, b->err);
    if (status != ASX_OK)
        asx_node_fini(made);
    return status;
}

/* Products with all inputs at once. Biases of the state are added here too, but for one that is
 * multiplied before it is added. */
static void project(builder *b, size_t x)
{
    const asx_cell *c = b->c;
    const size_t m = c->n_gates * c->hidden;
    float *bias = asx_array_new(m, sizeof *bias);
    asx_node made = {.op = ASX_OP_DENSE};
    if (!bias) {
        b->status = asx_fail(b->err, ASX_ENOMEM, "no memory for %zu biases", m);
        return;
    }
    for (size_t i = 0; c->bias && i < m; i++) {
        const bool apart = c->linear_before_reset && i >= 2 * c->hidden;
        bias[i] = c->bias[i] + (apart ? 0 : c->bias[m + i]);
    }
    b->status = make_dense(&made, c->weight, bias, c->inputs, m, b->err);
    free(bias);
    if (b->status == ASX_OK)
        b->status = add_weights(&made, b, 1, layer_of(c->inputs, m, c->length, 1));
    b->projected = add(b, made, &x, 1, (asx_value){.rank = 2, .dim = {c->length, m}});
}

/* The state's products with gates first .. first + n - 1, a step more of layer number `k`. */
static size_t recur(builder *b, size_t k, size_t state, size_t first, size_t n)
{
    const asx_cell *c = b->c;
    const size_t m = n * c->hidden, at = first * c->hidden;
    const bool begins = b->state[k].layer == ASX_NO_LAYER;
    const float *weight = begins ? c->recurrent + at * c->hidden : NULL;
    float *bias = NULL;
    asx_node made = {.op = ASX_OP_DENSE};
    if (b->status != ASX_OK)
        return 0;
    if (c->bias && c->linear_before_reset) { /* that of the third gate */
        bias = asx_array_new(m, sizeof *bias);
        if (!bias)
            b->status = asx_fail(b->err, ASX_ENOMEM, "no memory for %zu biases", m);
        for (size_t i = 2 * c->hidden; bias && i < m; i++)
            bias[i] = c->bias[c->n_gates * c->hidden + i];
    }
    if (b->status == ASX_OK)
        b->status = make_dense(&made, weight, bias, c->hidden, m, b->err);
    free(bias);
    if (b->status == ASX_OK && begins)
        b->status = add_weights(&made, b, 2, layer_of(c->hidden, m, 1, 1));
    if (b->status != ASX_OK)
        return 0;
    if (begins)
        b->state[k].layer = made.layer;
    made.layer = b->state[k].layer;
    made.repeat = b->state[k].steps++;
    b->in->net->work.layer[made.layer].steps = b->state[k].steps;
    return add(b, made, &state, 1, (asx_value){.rank = 2, .dim = {1, m}});
}

/* ---- steps ---- */

/* The inputs' part, and the state's if there is one. */
static size_t gates_at(builder *b, size_t t, size_t state)
{
    const size_t row = slice(b, b->projected, 0, t, 1);
    return state == ASX_ONNX_NO_VALUE
               ? row
               : pair(b, ASX_OP_ADD, row, recur(b, 0, state, 0, b->c->n_gates));
}

static size_t peep(builder *b, size_t pre, size_t k, size_t cell)
{
    const size_t h = b->c->hidden;
    if (!b->c->peephole || cell == ASX_ONNX_NO_VALUE)
        return pre;
    return pair(b, ASX_OP_ADD, pre,
                pair(b, ASX_OP_MUL, cell, row_of(b, b->c->peephole + k * h, h)));
}

/* C = f C + i g(c), H = o h(C), with the gates i, o, f, c. */
static void step_lstm(builder *b, size_t t, size_t *state, size_t *cell)
{
    enum { I, O, F, C };
    const size_t pre = gates_at(b, t, *state);
    const size_t i = activate(b, peep(b, gate(b, pre, I), 0, *cell), 0);
    const size_t c = activate(b, gate(b, pre, C), 1);
    size_t next = pair(b, ASX_OP_MUL, i, c);
    if (*cell != ASX_ONNX_NO_VALUE) {
        const size_t f = b->c->input_forget ? scale(b, i, -1, 1)
                                            : activate(b, peep(b, gate(b, pre, F), 2, *cell), 0);
        next = pair(b, ASX_OP_ADD, pair(b, ASX_OP_MUL, f, *cell), next);
    }
    const size_t o = activate(b, peep(b, gate(b, pre, O), 1, next), 0);
    *state = pair(b, ASX_OP_MUL, o, activate(b, next, 2));
    *cell = next;
}

/* H = (1 - z) g(h) + z H = g(h) + z (H - g(h)), with the gates z, r, h. */
static void step_gru(builder *b, size_t t, size_t *state)
{
    enum { Z, R, H };
    const asx_cell *c = b->c;
    const size_t row = slice(b, b->projected, 0, t, 1);
    size_t own = gate(b, row, H), z = gate(b, row, Z);
    if (*state != ASX_ONNX_NO_VALUE) {
        const size_t all = recur(b, 0, *state, 0, c->linear_before_reset ? 3 : 2);
        const size_t of_input = gate(b, row, R);
        const size_t r = activate(b, pair(b, ASX_OP_ADD, of_input, gate(b, all, R)), 0);
        const size_t kept = c->linear_before_reset
                                ? pair(b, ASX_OP_MUL, r, gate(b, all, H))
                                : recur(b, 1, pair(b, ASX_OP_MUL, r, *state), H, 1);
        own = pair(b, ASX_OP_ADD, own, kept);
        z = pair(b, ASX_OP_ADD, z, gate(b, all, Z));
    }
    z = activate(b, z, 0);
    own = activate(b, own, 1);
    *state =
        *state == ASX_ONNX_NO_VALUE
            ? pair(b, ASX_OP_SUB, own, pair(b, ASX_OP_MUL, z, own))
            : pair(b, ASX_OP_ADD, own, pair(b, ASX_OP_MUL, z, pair(b, ASX_OP_SUB, *state, own)));
}

static void step(builder *b, size_t t, size_t *state, size_t *cell)
{
    if (b->c->kind == ASX_CELL_LSTM)
        step_lstm(b, t, state, cell);
    else if (b->c->kind == ASX_CELL_GRU)
        step_gru(b, t, state);
    else
        *state = activate(b, gates_at(b, t, *state), 0);
}

asx_status asx_cell_unroll(asx_cell_out *out, asx_onnx *in, const asx_cell *cell, size_t x,
                           asx_error *err)
{
    builder b = {.in = in,
                 .c = cell,
                 .err = err,
                 .state = {{.layer = ASX_NO_LAYER}, {.layer = ASX_NO_LAYER}}};
    /* zeros that are multiplied by nothing else than weights need not be there */
    const bool starts = cell->state || cell->linear_before_reset;
    size_t *row = asx_array_new(cell->length, sizeof *row);
    if (!row)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu steps", cell->length);
    b.status = asx_onnx_spend(in, cell->used * STEP_COST, err);
    if (b.status == ASX_OK)
        project(&b, x);
    size_t state = starts ? row_of(&b, cell->state, cell->hidden) : ASX_ONNX_NO_VALUE;
    size_t c = cell->cell ? row_of(&b, cell->cell, cell->hidden) : ASX_ONNX_NO_VALUE;
    for (size_t t = 0; t < cell->length; t++)
        row[t] = ASX_ONNX_NO_VALUE;
    for (size_t k = 0; b.status == ASX_OK && k < cell->used; k++) {
        const size_t t = cell->reverse ? cell->used - 1 - k : k;
        step(&b, t, &state, &c);
        row[t] = state;
    }
    if (b.status != ASX_OK) {
        free(row);
        return b.status;
    }
    *out = (asx_cell_out){row, state, c};
    return ASX_OK;
}
