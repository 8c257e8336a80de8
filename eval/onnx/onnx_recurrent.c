/* LSTM, GRU and RNN of a known number of steps: read, then unrolled (onnx_cell.c). In layout 0 the
 * batch is the second dimension of the sequence, and of what comes out (onnx_turned.c). */
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "onnx_cell.h"

enum { STEPS_MAX = 1024, X = 0, W, R, B, LENS, STATE, CELL, PEEPHOLES, N_INPUTS, DIRECTIONS = 2 };

/* A node as it was read. */
typedef struct recurrent {
    asx_cell_kind kind;
    size_t n_gates, n_directions, hidden, inputs, length, used, n_activations;
    size_t x;       /* the value [length][inputs] */
    bool backwards; /* the only direction is reverse */
    bool batch_first;
    int64_t linear_before_reset, input_forget;
    float clip;
    asx_onnx_constant part[N_INPUTS]; /* but X; those that are absent have n = 0 */
    asx_cell_activation activation[DIRECTIONS * ASX_CELL_ACTIVATIONS];
} recurrent;

static void recurrent_fini(recurrent *r)
{
    for (size_t i = 0; i < N_INPUTS; i++)
        asx_onnx_constant_fini(&r->part[i]);
}

/* ---- attributes ---- */

static asx_status set_direction(recurrent *r, const Onnx__NodeProto *node, asx_error *err)
{
    char direction[32];
    asx_onnx_string(direction, sizeof direction, node, "direction", "forward");
    r->n_directions = strcmp(direction, "bidirectional") == 0 ? 2 : 1;
    r->backwards = strcmp(direction, "reverse") == 0;
    return r->n_directions == 2 || r->backwards || strcmp(direction, "forward") == 0
               ? ASX_OK
               : asx_fail(err, ASX_EINVAL, "direction '%s'", direction);
}

static asx_status read_attributes(recurrent *r, const Onnx__NodeProto *node, asx_error *err)
{
    int64_t layout;
    asx_status status = set_direction(r, node, err);
    if (status == ASX_OK)
        status = asx_cell_read_activations(r->activation, r->n_directions, r->n_activations,
                                           r->kind, node, err);
    if (status == ASX_OK)
        status = asx_onnx_int(&layout, node, "layout", 0, 0, 1, err);
    if (status == ASX_OK)
        status = asx_onnx_int(&r->linear_before_reset, node, "linear_before_reset", 0, 0, 1, err);
    if (status == ASX_OK)
        status = asx_onnx_int(&r->input_forget, node, "input_forget", 0, 0, 1, err);
    if (status == ASX_OK)
        status = asx_onnx_float(&r->clip, node, "clip", 0, err);
    if (status == ASX_OK)
        r->batch_first = layout == 1;
    return status != ASX_OK || r->clip >= 0
               ? status
               : asx_fail(err, ASX_EINVAL, "attribute 'clip' is %g (0 or more)", (double)r->clip);
}

/* ---- inputs ---- */

static asx_status misfit(const char *what, const asx_onnx_constant *c, asx_error *err)
{
    char text[96];
    return asx_fail(err, ASX_EINVAL, "%s %s does not fit", what,
                    asx_onnx_shape_text(text, sizeof text, c->rank, c->dim));
}

/* A constant of [directions][rows][columns]; columns 0: of two dimensions. */
static asx_status read_part(recurrent *r, asx_onnx *in, const Onnx__NodeProto *node, size_t i,
                            size_t rows, size_t columns, asx_error *err)
{
    static const char *const name[] = {"X", "W", "R", "B", "lens", "initial_h", "initial_c", "P"};
    asx_onnx_constant *c = &r->part[i];
    if (!asx_onnx_has_input(node, i))
        return ASX_OK;
    const asx_status status = asx_onnx_floats(c, in, node, i, err);
    if (status != ASX_OK)
        return status;
    const size_t rank = columns > 0 ? 3 : 2;
    return c->rank == rank && c->dim[0] == r->n_directions && c->dim[1] == rows &&
                   (columns == 0 || c->dim[2] == columns)
               ? ASX_OK
               : misfit(name[i], c, err);
}

/* The state before the first step: the same for all images. [directions][batch][hidden], or with the
 * batch first. */
static asx_status read_state(recurrent *r, asx_onnx *in, const Onnx__NodeProto *node, size_t i,
                             asx_error *err)
{
    asx_onnx_constant *c = &r->part[i];
    if (!asx_onnx_has_input(node, i))
        return ASX_OK;
    if (!asx_onnx_is_constant(in, node, i))
        return asx_fail(err, ASX_EUNSUPPORTED, "its state at the beginning is no constant");
    const asx_status status = asx_onnx_floats(c, in, node, i, err);
    if (status != ASX_OK)
        return status;
    const size_t of_directions = r->batch_first ? 1 : 0, hidden = r->hidden;
    if (c->rank != 3 || c->dim[of_directions] != r->n_directions || c->dim[2] != hidden ||
        c->n == 0)
        return misfit("the state", c, err);
    const size_t batch = c->dim[1 - of_directions], n = r->n_directions * hidden;
    for (size_t k = 0; k < batch; k++)
        for (size_t d = 0; d < r->n_directions; d++) {
            const size_t row = r->batch_first ? k * r->n_directions + d : d * batch + k;
            const size_t first = r->batch_first ? d : d * batch;
            if (memcmp(c->f + row * hidden, c->f + first * hidden, hidden * sizeof *c->f) != 0)
                return asx_fail(err, ASX_EUNSUPPORTED, "images begin in different states");
        }
    for (size_t d = 1; d < r->n_directions && !r->batch_first; d++) /* one row a direction */
        memmove(c->f + d * hidden, c->f + d * batch * hidden, hidden * sizeof *c->f);
    c->n = n;
    return ASX_OK;
}

/* Sequences that end earlier, all at the same step. */
static asx_status read_lengths(recurrent *r, asx_onnx *in, const Onnx__NodeProto *node,
                               asx_error *err)
{
    asx_onnx_constant *c = &r->part[LENS];
    r->used = r->length;
    if (!asx_onnx_has_input(node, LENS))
        return ASX_OK;
    if (!asx_onnx_is_constant(in, node, LENS))
        return asx_fail(err, ASX_EUNSUPPORTED, "lengths of sequences are no constant");
    const asx_status status = asx_onnx_integers(c, in, node, LENS, err);
    if (status != ASX_OK)
        return status;
    for (size_t i = 0; i < c->n; i++)
        if (c->i[i] != c->i[0])
            return asx_fail(err, ASX_EUNSUPPORTED, "sequences of different lengths");
    if (c->n > 0 && (c->i[0] < 1 || (uint64_t)c->i[0] > r->length))
        return asx_fail(err, ASX_EINVAL, "a sequence of %lld of %zu steps", (long long)c->i[0],
                        r->length);
    r->used = c->n > 0 ? (size_t)c->i[0] : r->length;
    return ASX_OK;
}

static asx_status read_sequence(recurrent *r, asx_onnx *in, const Onnx__NodeProto *node,
                                asx_error *err)
{
    char text[96];
    const asx_status status =
        asx_onnx_value_of_batch(&r->x, in, node, X, r->batch_first ? 0 : 1, err);
    if (status != ASX_OK)
        return status;
    const asx_value *x = &in->net->value[r->x];
    if (x->rank != 2)
        return asx_fail(err, ASX_EINVAL, "its input is %s per image, not [steps, features]",
                        asx_onnx_shape_text(text, sizeof text, x->rank, x->dim));
    r->length = x->dim[0];
    r->inputs = x->dim[1];
    return r->length <= STEPS_MAX
               ? ASX_OK
               : asx_fail(err, ASX_EUNSUPPORTED, "%zu steps (at most %d)", r->length, STEPS_MAX);
}

/* R decides how many states there are; what the attribute says must be that. */
static asx_status read_hidden(recurrent *r, asx_onnx *in, const Onnx__NodeProto *node,
                              asx_error *err)
{
    asx_onnx_constant *w = &r->part[R];
    int64_t told;
    asx_status status = asx_onnx_floats(w, in, node, R, err);
    if (status != ASX_OK)
        return status;
    if (w->rank != 3 || w->dim[0] != r->n_directions || w->dim[2] == 0 ||
        w->dim[1] != r->n_gates * w->dim[2])
        return misfit("R", w, err);
    r->hidden = w->dim[2];
    status =
        asx_onnx_int(&told, node, "hidden_size", (int64_t)r->hidden, INT64_MIN, INT64_MAX, err);
    return status != ASX_OK || told == (int64_t)r->hidden
               ? status
               : asx_fail(err, ASX_EINVAL, "attribute 'hidden_size' is %lld, but R is of %zu",
                          (long long)told, r->hidden);
}

static asx_status read_inputs(recurrent *r, asx_onnx *in, const Onnx__NodeProto *node,
                              asx_error *err)
{
    asx_status status = read_hidden(r, in, node, err);
    if (status == ASX_OK && !asx_onnx_has_input(node, W))
        status = asx_fail(err, ASX_EINVAL, "input %d is missing", W);
    if (status == ASX_OK)
        status = read_sequence(r, in, node, err);
    if (status == ASX_OK)
        status = read_part(r, in, node, W, r->n_gates * r->hidden, r->inputs, err);
    if (status == ASX_OK)
        status = read_part(r, in, node, B, 2 * r->n_gates * r->hidden, 0, err);
    if (status == ASX_OK && r->kind == ASX_CELL_LSTM)
        status = read_part(r, in, node, PEEPHOLES, 3 * r->hidden, 0, err);
    if (status == ASX_OK)
        status = read_state(r, in, node, STATE, err);
    if (status == ASX_OK && r->kind == ASX_CELL_LSTM)
        status = read_state(r, in, node, CELL, err);
    return status == ASX_OK ? read_lengths(r, in, node, err) : status;
}

/* ---- directions ---- */

static bool all_zero(const float *x, size_t n)
{
    size_t i = 0;
    while (i < n && !(x[i] < 0 || x[i] > 0))
        i++;
    return i == n;
}

/* Of part `i`, what belongs to a direction; NULL: absent, or zeros where that is the same. */
static const float *of_direction(const recurrent *r, size_t i, size_t d)
{
    const asx_onnx_constant *c = &r->part[i];
    const size_t n = c->n / r->n_directions;
    const float *own = c->n > 0 ? c->f + d * n : NULL;
    return own && i != W && i != R && all_zero(own, n) ? NULL : own;
}

static asx_cell cell_of(const recurrent *r, const Onnx__NodeProto *node, size_t d)
{
    asx_cell c = {.kind = r->kind,
                  .node = node,
                  .n_gates = r->n_gates,
                  .inputs = r->inputs,
                  .hidden = r->hidden,
                  .length = r->length,
                  .used = r->used,
                  .reverse = d == 1 || r->backwards,
                  .linear_before_reset = r->linear_before_reset != 0,
                  .input_forget = r->input_forget != 0,
                  .clip = r->clip,
                  .weight = of_direction(r, W, d),
                  .recurrent = of_direction(r, R, d),
                  .bias = of_direction(r, B, d),
                  .peephole = of_direction(r, PEEPHOLES, d),
                  .state = of_direction(r, STATE, d),
                  .cell = of_direction(r, CELL, d)};
    memcpy(c.activation, r->activation + d * r->n_activations,
           r->n_activations * sizeof *c.activation);
    return c;
}

/* ---- outputs ---- */

static asx_status join(size_t *out, asx_onnx *in, const size_t *value, size_t n, size_t axis,
                       asx_error *err)
{
    asx_value y = in->net->value[value[0]];
    if (n == 1) {
        *out = value[0];
        return ASX_OK;
    }
    y.non_negative = false;
    y.dim[axis] = 0;
    for (size_t i = 0; i < n; i++)
        y.dim[axis] += in->net->value[value[i]].dim[axis];
    asx_node made = {.op = ASX_OP_CONCAT, .layer = ASX_NO_LAYER, .axis = axis};
    return asx_onnx_insert_many(out, in, &made, value, n, &y, 2, err);
}

/* [steps][1][hidden] of a direction. */
static asx_status rows_of(size_t *out, asx_onnx *in, asx_cell_out *o, const recurrent *r,
                          asx_error *err)
{
    size_t all = 0, none = ASX_ONNX_NO_VALUE;
    asx_status status = ASX_OK;
    for (size_t t = 0; status == ASX_OK && t < r->length; t++) {
        if (o->row[t] != ASX_ONNX_NO_VALUE)
            continue;
        if (none == ASX_ONNX_NO_VALUE)
            status = asx_cell_row(&none, in, NULL, r->hidden, err);
        o->row[t] = none;
    }
    if (status == ASX_OK)
        status = join(&all, in, o->row, r->length, 0, err);
    if (status != ASX_OK)
        return status;
    asx_node made = {.op = ASX_OP_RESHAPE, .layer = ASX_NO_LAYER};
    asx_value y = {.rank = 3, .dim = {r->length, 1, r->hidden}};
    return asx_onnx_insert(out, in, &made, all, &y, 2, err);
}

/* Lets output `k` of the node stand for a value with the batch at `batch_axis`. */
static asx_status name_output(asx_onnx *in, const Onnx__NodeProto *node, size_t k, size_t value,
                              size_t batch_axis, asx_error *err)
{
    Onnx__NodeProto one = *node;
    one.output = node->output + k;
    one.n_output = 1;
    const asx_status status = asx_onnx_alias(in, &one, value, err);
    if (status == ASX_OK)
        asx_onnx_find(in, node->output[k])->batch_axis = batch_axis;
    return status;
}

static bool wants(const asx_onnx *in, const Onnx__NodeProto *node, size_t k)
{
    const asx_onnx_symbol *s =
        k < node->n_output && *node->output[k] ? asx_onnx_find(in, node->output[k]) : NULL;
    return s && s->uses > 0;
}

static asx_status put_outputs(asx_onnx *in, const Onnx__NodeProto *node, const recurrent *r,
                              asx_cell_out *o, asx_error *err)
{
    enum { Y, LAST, LAST_CELL };
    size_t part[DIRECTIONS], value = 0;
    asx_status status = ASX_OK;
    for (size_t d = 0; wants(in, node, Y) && status == ASX_OK && d < r->n_directions; d++)
        status = rows_of(&part[d], in, &o[d], r, err);
    if (status == ASX_OK && wants(in, node, Y)) {
        status = join(&value, in, part, r->n_directions, 1, err);
        if (status == ASX_OK)
            status = name_output(in, node, Y, value, r->batch_first ? 0 : 2, err);
    }
    for (size_t k = LAST; k <= LAST_CELL && status == ASX_OK; k++) {
        if (!wants(in, node, k))
            continue;
        for (size_t d = 0; d < r->n_directions; d++)
            part[d] = k == LAST ? o[d].last : o[d].last_cell;
        status = join(&value, in, part, r->n_directions, 0, err);
        if (status == ASX_OK)
            status = name_output(in, node, k, value, r->batch_first ? 0 : 1, err);
    }
    return status;
}

static asx_status import(asx_onnx *in, const Onnx__NodeProto *node, recurrent *r, asx_error *err)
{
    asx_cell_out o[DIRECTIONS] = {{NULL, 0, 0}};
    asx_status status = read_attributes(r, node, err);
    if (status == ASX_OK)
        status = read_inputs(r, in, node, err);
    for (size_t d = 0; status == ASX_OK && d < r->n_directions; d++) {
        const asx_cell c = cell_of(r, node, d);
        status = asx_cell_unroll(&o[d], in, &c, r->x, err);
    }
    if (status == ASX_OK)
        status = put_outputs(in, node, r, o, err);
    for (size_t d = 0; d < DIRECTIONS; d++)
        free(o[d].row);
    recurrent_fini(r);
    return status;
}

asx_status asx_onnx_lstm(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    recurrent r = {.kind = ASX_CELL_LSTM, .n_gates = 4, .n_activations = 3};
    return import(in, node, &r, err);
}

asx_status asx_onnx_gru(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    recurrent r = {.kind = ASX_CELL_GRU, .n_gates = 3, .n_activations = 2};
    return import(in, node, &r, err);
}

asx_status asx_onnx_rnn(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    recurrent r = {.kind = ASX_CELL_RNN, .n_gates = 1, .n_activations = 1};
    return import(in, node, &r, err);
}
