/* Values whose batch is not the first dimension, as the sequences of recurrent layers have it: the
 * file's [steps, batch, features] is [steps, features] for an image here. Transpose brings the batch
 * there and back; Squeeze, Reshape and Gather, which exporters put between, leave it where it is. */
#include <string.h>

#include "onnx_ops.h"

static asx_onnx_symbol *first_of(const asx_onnx *in, const Onnx__NodeProto *node)
{
    return asx_onnx_has_input(node, 0) ? asx_onnx_find(in, node->input[0]) : NULL;
}

asx_status asx_onnx_value_of_batch(size_t *out, asx_onnx *in, const Onnx__NodeProto *node, size_t i,
                                   size_t batch_axis, asx_error *err)
{
    asx_onnx_symbol *s = asx_onnx_has_input(node, i) ? asx_onnx_find(in, node->input[i]) : NULL;
    const size_t is = s ? s->batch_axis : 0;
    if (s && s->computed && is != batch_axis)
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "the batch is dimension %zu of its input, not dimension %zu", is,
                        batch_axis);
    if (s)
        s->batch_axis = 0; /* seen through */
    const asx_status status = asx_onnx_value(out, in, node, i, err);
    if (s)
        s->batch_axis = is;
    return status;
}

/* ---- operators ---- */

static asx_status let_be(asx_onnx *in, const Onnx__NodeProto *node, size_t batch_axis)
{
    asx_onnx_find(in, node->output[0])->batch_axis = batch_axis;
    return ASX_OK;
}

static asx_status transpose(asx_onnx *in, const Onnx__NodeProto *node, size_t batch, asx_error *err)
{
    const Onnx__AttributeProto *perm = asx_onnx_attribute(node, "perm");
    size_t x, to = 0;
    bool seen[ASX_RANK_MAX + 1] = {false}, moves = false;
    asx_status status = asx_onnx_value_of_batch(&x, in, node, 0, batch, err);
    if (status != ASX_OK)
        return status;
    const asx_value *from = &in->net->value[x];
    asx_node made = {.op = ASX_OP_TRANSPOSE, .layer = ASX_NO_LAYER};
    asx_value y = {.rank = from->rank, .non_negative = from->non_negative};
    if (!perm || perm->n_ints != from->rank + 1)
        return asx_fail(err, ASX_EINVAL, "attribute 'perm' does not fit");
    for (size_t i = 0, at = 0; i <= from->rank; i++) {
        const int64_t p = perm->ints[i];
        if (p < 0 || p > (int64_t)from->rank || seen[p])
            return asx_fail(err, ASX_EINVAL, "attribute 'perm' is no permutation");
        seen[p] = true;
        if ((size_t)p == batch) {
            to = i;
            continue;
        }
        made.perm[at] = (size_t)p - ((size_t)p > batch ? 1 : 0);
        moves = moves || made.perm[at] != at;
        y.dim[at] = from->dim[made.perm[at]];
        at++;
    }
    status =
        moves ? asx_onnx_emit_unary(in, node, &made, x, &y, err) : asx_onnx_alias(in, node, x, err);
    return status == ASX_OK ? let_be(in, node, to) : status;
}

static asx_status squeeze(asx_onnx *in, const Onnx__NodeProto *node, size_t batch, asx_error *err)
{
    size_t x, n, to = batch, at = 0;
    const int64_t *axes;
    bool dropped[ASX_RANK_MAX + 1] = {false};
    asx_onnx_constant owner = {0};
    asx_status status = asx_onnx_value_of_batch(&x, in, node, 0, batch, err);
    if (status == ASX_OK)
        status = asx_onnx_list(&axes, &n, &owner, in, node, 1, "axes", err);
    if (status != ASX_OK)
        return status;
    const asx_value from = in->net->value[x];
    status = n > 0 ? asx_onnx_mark_axes(dropped, axes, n, from.rank + 1, err)
                   : asx_fail(err, ASX_EUNSUPPORTED, "its axes are not given");
    asx_onnx_constant_fini(&owner);
    if (status == ASX_OK && dropped[batch])
        status = asx_fail(err, ASX_EUNSUPPORTED, "axis %zu is the batch", batch);
    if (status != ASX_OK)
        return status;
    asx_value y = {0};
    for (size_t i = 0; i <= from.rank; i++) {
        if (i == batch)
            continue;
        const size_t dim = from.dim[at++];
        if (dropped[i] && dim != 1)
            return asx_fail(err, ASX_EINVAL, "dimension %zu is %zu, not 1", i, dim);
        to -= dropped[i] && i < batch;
        if (!dropped[i])
            y.dim[y.rank++] = dim;
    }
    if (y.rank == 0)
        return asx_fail(err, ASX_EUNSUPPORTED, "its output has no dimension but the batch");
    status = asx_onnx_emit_reshape(in, node, x, &y, err);
    return status == ASX_OK ? let_be(in, node, to) : status;
}

/* What comes before the batch, and the batch, must stay; the rest may be cut otherwise. */
static asx_status new_shape(asx_value *y, const asx_onnx *in, const asx_value *x, size_t batch,
                            const asx_onnx_constant *shape, asx_error *err)
{
    size_t rest = SIZE_MAX, known = 1, all = 1;
    if (shape->n <= batch || shape->n > ASX_RANK_MAX + 1)
        return asx_fail(err, ASX_EUNSUPPORTED, "%zu dimensions where the batch is dimension %zu",
                        shape->n, batch);
    for (size_t i = 0; i < x->rank; i++)
        all *= i < batch ? 1 : x->dim[i];
    for (size_t i = 0; i < shape->n; i++) {
        const int64_t want = shape->i[i];
        if (i == batch) {
            if (want != 0 && want != (in->batch > 0 ? in->batch : 1) && want != 1)
                return asx_fail(err, ASX_EUNSUPPORTED, "dimension %zu is the batch", i);
            continue;
        }
        const size_t at = i < batch ? i : i - 1;
        const bool copied = want == 0 && at < x->rank;
        if (want == -1 && rest == SIZE_MAX && i > batch) {
            rest = y->rank++;
            continue;
        }
        if ((!copied && want < 1) || (i < batch && !copied && (size_t)want != x->dim[at]))
            return asx_fail(err, ASX_EUNSUPPORTED, "dimension %zu becomes %lld", i,
                            (long long)want);
        y->dim[y->rank] = copied ? x->dim[at] : (size_t)want;
        known *= i < batch || y->dim[y->rank] > ASX_ONNX_VALUE_MAX / known ? 1 : y->dim[y->rank];
        y->rank++;
    }
    if (rest != SIZE_MAX)
        y->dim[rest] = all / known;
    return ASX_OK;
}

static asx_status reshape(asx_onnx *in, const Onnx__NodeProto *node, size_t batch, asx_error *err)
{
    size_t x;
    asx_onnx_constant shape = {0};
    asx_value y = {0};
    asx_status status = asx_onnx_value_of_batch(&x, in, node, 0, batch, err);
    if (status == ASX_OK)
        status = asx_onnx_integers(&shape, in, node, 1, err);
    if (status == ASX_OK)
        status = new_shape(&y, in, &in->net->value[x], batch, &shape, err);
    asx_onnx_constant_fini(&shape);
    if (status == ASX_OK && asx_value_n_elements(&y) != asx_value_n_elements(&in->net->value[x]))
        status = asx_fail(err, ASX_EINVAL, "its elements do not fit the new shape");
    if (status == ASX_OK)
        status = asx_onnx_emit_reshape(in, node, x, &y, err);
    return status == ASX_OK ? let_be(in, node, batch) : status;
}

/* One place of one dimension: the last step, a direction. */
static asx_status gather(asx_onnx *in, const Onnx__NodeProto *node, size_t batch, asx_error *err)
{
    size_t x, part;
    int64_t axis;
    asx_onnx_constant at = {0};
    asx_status status = asx_onnx_value_of_batch(&x, in, node, 0, batch, err);
    if (status == ASX_OK)
        status = asx_onnx_any(&at, in, node, 1, err);
    if (status != ASX_OK)
        return status;
    const bool one = at.i && at.n == 1 && at.rank == 0;
    int64_t place = one ? at.i[0] : 0;
    asx_onnx_constant_fini(&at);
    const asx_value from = in->net->value[x];
    const int64_t rank = (int64_t)from.rank + 1;
    status = asx_onnx_int(&axis, node, "axis", 0, -rank, rank - 1, err);
    if (status != ASX_OK)
        return status;
    const size_t d = (size_t)(axis < 0 ? axis + rank : axis);
    if (!one || d == batch || from.rank < 2)
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "where the batch is dimension %zu, one place of "
                        "another one is taken",
                        batch);
    const size_t k = d - (d > batch ? 1 : 0);
    place += place < 0 ? (int64_t)from.dim[k] : 0;
    if (place < 0 || (uint64_t)place >= from.dim[k])
        return asx_fail(err, ASX_EINVAL, "position %lld of %zu", (long long)place, from.dim[k]);
    asx_node made = {.op = ASX_OP_SLICE, .layer = ASX_NO_LAYER, .step = {1, 1, 1, 1}};
    asx_value cut = from, y = {.rank = from.rank - 1, .non_negative = from.non_negative};
    made.start[k] = (ptrdiff_t)place;
    cut.dim[k] = 1;
    for (size_t i = 0; i + 1 < from.rank; i++)
        y.dim[i] = from.dim[i + (i >= k ? 1 : 0)];
    status = asx_onnx_insert(&part, in, &made, x, &cut, 1, err);
    if (status == ASX_OK)
        status = asx_onnx_emit_reshape(in, node, part, &y, err);
    return status == ASX_OK ? let_be(in, node, batch - (d < batch ? 1 : 0)) : status;
}

/* ---- who is asked ---- */

static bool has_sequences(const Onnx__GraphProto *graph)
{
    static const char *const takers[] = {"LSTM", "GRU", "RNN"};
    for (size_t i = 0; i < graph->n_node; i++)
        for (size_t k = 0; graph->node[i]->op_type && k < sizeof takers / sizeof *takers; k++)
            if (strcmp(graph->node[i]->op_type, takers[k]) == 0)
                return true;
    return false;
}

/* A Transpose that takes the batch away from the front, for a recurrent layer. */
static bool turns_batch(const asx_onnx *in, const Onnx__NodeProto *node)
{
    const Onnx__AttributeProto *perm = asx_onnx_attribute(node, "perm");
    return strcmp(node->op_type, "Transpose") == 0 && perm && perm->n_ints > 0 &&
           perm->ints[0] != 0 && has_sequences(in->graph);
}

asx_onnx_turner *asx_onnx_turned(size_t *batch, const asx_onnx *in, const Onnx__NodeProto *node)
{
    static const struct {
        const char *op;
        asx_onnx_turner *import;
    } table[] = {
        {"Transpose", transpose}, {"Squeeze", squeeze}, {"Reshape", reshape}, {"Gather", gather}};
    const asx_onnx_symbol *s = first_of(in, node);
    if (!s || !s->computed || in->channels_last || (s->batch_axis == 0 && !turns_batch(in, node)))
        return NULL;
    *batch = s->batch_axis;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(node->op_type, table[i].op) == 0)
            return table[i].import;
    return NULL;
}
