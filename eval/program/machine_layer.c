/* Layers of weights on the array.
 *
 * A cycle takes a line of input words, as many as the array has rows, and adds its products to as many
 * sums as there are columns: first through a row of the window end to end, whose channels and
 * pixels lie side by side in memory, then through its rows; or, where they do not, through the channels of
 * one kernel position after the other. Groups of few channels stand side by side, each with rows and
 * columns of its own: depthwise layers on the diagonal. */
#include <limits.h>

#include "dse/grid.h"
#include "machine_order.h"

static size_t at_most(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t folds(size_t n, size_t length)
{
    return (n + length - 1) / length;
}

static asx_status take_shifts(asx_machine_plan *p, const asx_step *s, asx_error *err)
{
    for (size_t c = 0; c < s->n_biases; c++)
        if (s->factor[c].shift < 0)
            return asx_fail(err, ASX_EUNSUPPORTED,
                            "layer '%s', channel %zu: a factor of 2^%d and more is not built",
                            s->name, c, -s->factor[c].shift);
    if (s->input_factor.shift < 0)
        return asx_fail(err, ASX_EUNSUPPORTED, "layer '%s': its input's factor is not built",
                        s->name);
    for (size_t c = 0; c < s->n_biases; c++)
        asx_machine_raise(&p->shift_max, (unsigned)s->factor[c].shift);
    asx_machine_raise(&p->shift_max, (unsigned)s->input_factor.shift);
    return ASX_OK;
}

static asx_status set_words(asx_descriptor *d, asx_machine_plan *p, const asx_step *s,
                            asx_error *err)
{
    asx_grid *grid = NULL;
    int32_t mode = 0, nearest = 0;
    asx_status status = asx_machine_take_words(p, s, &mode, &nearest, err);
    if (status == ASX_OK)
        status = asx_grid_new(&grid, &s->input_word, err);
    if (status != ASX_OK)
        return status;
    d->field[ASX_FIELD_WORD_LOW] = asx_grid_values(grid)[0];
    d->field[ASX_FIELD_WORD_HIGH] = asx_grid_values(grid)[asx_grid_size(grid) - 1];
    d->field[ASX_FIELD_NEAREST] = nearest < 0 ? -1 : 512 * nearest;
    d->field[ASX_FIELD_MODE] = mode;
    d->field[ASX_FIELD_FACTOR] =
        (int32_t)((uint32_t)s->input_factor.shift << 24 | s->input_factor.multiplier);
    asx_grid_free(grid);
    return ASX_OK;
}

static asx_layer_shape shape_of(const asx_machine_plan *p, const asx_step *s, bool rows_join)
{
    const size_t places = s->kind == ASX_STEP_CONV ? s->kernel[0] * s->kernel[1] : 1;
    const size_t depth = s->n_weights / s->n_biases / places, outputs = s->n_biases / s->groups;
    asx_layer_shape l = {.side = at_most(p->rows / depth, p->columns / outputs), .taps = 1};
    l.side = at_most(l.side, s->groups);
    l.side = l.side ? l.side : 1;
    l.depth = l.side * depth;
    l.outputs = l.side * outputs;
    l.down = s->kind == ASX_STEP_CONV ? s->kernel[0] : 1;
    l.across = s->kind == ASX_STEP_CONV ? s->kernel[1] : 1;
    if (rows_join && l.across > 1 && l.side == s->groups && s->dilation[1] == 1) {
        l.taps = l.across;
        l.across = 1;
    }
    l.chunks = folds(l.taps * l.depth, p->rows);
    /* groups side by side are one block each: their outputs fit the columns */
    l.tiles = l.side > 1 ? folds(s->groups, l.side) : folds(outputs, p->columns);
    l.groups = l.side > 1 ? 1 : s->groups;
    return l;
}

/* What all layers' walks have in common. */
static void set_nest(asx_nest *n, const asx_machine_plan *p, const asx_step *s,
                     const asx_layer_shape *l)
{
    const size_t tile = l->chunks * l->across * l->down;
    const int64_t wide = (int64_t)(l->side > 1 ? l->outputs : p->columns);
    asx_nest_clear(n);
    n->base[ASX_WALK_READ] = p->program->value[s->input[0]].place;
    n->base[ASX_WALK_WRITE] = p->program->value[s->output].place;
    n->base[ASX_WALK_WEIGHT] = (int64_t)p->weight_lines;
    n->base[ASX_WALK_CONSTANT] = (int64_t)p->constant_lines;
    n->size[ASX_LOOP_PASS] = asx_machine_passes(p, &s->weight_word);
    n->size[ASX_LOOP_CHUNK] = l->chunks;
    n->size[ASX_LOOP_ACROSS] = l->across;
    n->size[ASX_LOOP_DOWN] = l->down;
    n->size[ASX_LOOP_TILE] = l->tiles;
    n->size[ASX_LOOP_GROUP] = l->groups;
    n->stride[ASX_WALK_READ][ASX_LOOP_CHUNK] = (int64_t)p->rows;
    n->stride[ASX_WALK_READ][ASX_LOOP_TILE] = l->side > 1 ? (int64_t)l->depth : 0;
    n->stride[ASX_WALK_READ][ASX_LOOP_GROUP] = (int64_t)l->depth;
    n->stride[ASX_WALK_WRITE][ASX_LOOP_TILE] = wide;
    n->stride[ASX_WALK_WRITE][ASX_LOOP_GROUP] = (int64_t)l->outputs;
    n->stride[ASX_WALK_WEIGHT][ASX_LOOP_CHUNK] = 1;
    n->stride[ASX_WALK_WEIGHT][ASX_LOOP_ACROSS] = (int64_t)l->chunks;
    n->stride[ASX_WALK_WEIGHT][ASX_LOOP_DOWN] = (int64_t)(l->chunks * l->across);
    n->stride[ASX_WALK_WEIGHT][ASX_LOOP_TILE] = (int64_t)tile;
    n->stride[ASX_WALK_WEIGHT][ASX_LOOP_GROUP] = (int64_t)(tile * l->tiles);
    n->stride[ASX_WALK_CONSTANT][ASX_LOOP_TILE] = 1;
    n->stride[ASX_WALK_CONSTANT][ASX_LOOP_GROUP] = (int64_t)l->tiles;
}

static void set_ends(asx_descriptor *d, const asx_machine_plan *p, const asx_step *s,
                     const asx_layer_shape *l)
{
    const size_t wide = l->side > 1 ? l->outputs : p->columns;
    const size_t all = l->side > 1 ? s->n_biases : l->outputs;
    d->field[ASX_FIELD_FULL] = (int32_t)wide;
    d->field[ASX_FIELD_LAST] = (int32_t)(all - (l->tiles - 1) * wide);
    d->field[ASX_FIELD_Y_END] = d->field[ASX_FIELD_X_END] = 1;
    d->field[ASX_FIELD_Y_COUNT] = d->field[ASX_FIELD_X_COUNT] = INT_MIN;
    d->shape = *l;
}

static asx_status add_conv(asx_descriptor *d, asx_nest *n, const asx_machine_plan *p,
                           const asx_step *s, asx_error *err)
{
    const asx_program_value *in = &p->program->value[s->input[0]];
    const asx_program_value *out = &p->program->value[s->output];
    int64_t from[ASX_PROGRAM_RANK];
    if (!asx_machine_strides(from, p, s->input[0]) || (in->dim[0] > 1 && from[0] != 1))
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "layer '%s': its input is a reshaped value whose channels do not lie side "
                        "by side, which is not built",
                        s->name);
    const int64_t across = in->dim[2] > 1 ? from[2] : (int64_t)in->dim[0];
    const asx_layer_shape l = shape_of(p, s, across == (int64_t)in->dim[0]);
    const int64_t unit = l.taps > 1 ? across : 1; /* of x: elements, or pixels */
    set_nest(n, p, s, &l);
    set_ends(d, p, s, &l);
    n->base[ASX_WALK_Y] = -(int64_t)s->before[0];
    n->base[ASX_WALK_X] = -(int64_t)s->before[1] * unit;
    n->base[ASX_WALK_READ] -= (int64_t)s->before[0] * from[1] + (int64_t)s->before[1] * across;
    const int64_t next = (int64_t)(l.taps * s->dilation[1]);
    n->stride[ASX_WALK_READ][ASX_LOOP_ACROSS] = next * across;
    n->stride[ASX_WALK_X][ASX_LOOP_ACROSS] = next * unit;
    n->stride[ASX_WALK_X][ASX_LOOP_CHUNK] = l.taps > 1 ? (int64_t)p->rows : 0;
    n->stride[ASX_WALK_READ][ASX_LOOP_DOWN] = (int64_t)s->dilation[0] * from[1];
    n->stride[ASX_WALK_Y][ASX_LOOP_DOWN] = (int64_t)s->dilation[0];
    n->size[ASX_LOOP_COLUMN] = out->dim[2];
    n->stride[ASX_WALK_READ][ASX_LOOP_COLUMN] = (int64_t)s->stride[1] * across;
    n->stride[ASX_WALK_X][ASX_LOOP_COLUMN] = (int64_t)s->stride[1] * unit;
    n->stride[ASX_WALK_WRITE][ASX_LOOP_COLUMN] = (int64_t)s->n_biases;
    n->size[ASX_LOOP_ROW] = out->dim[1];
    n->stride[ASX_WALK_READ][ASX_LOOP_ROW] = (int64_t)s->stride[0] * from[1];
    n->stride[ASX_WALK_Y][ASX_LOOP_ROW] = (int64_t)s->stride[0];
    n->stride[ASX_WALK_WRITE][ASX_LOOP_ROW] = (int64_t)(s->n_biases * out->dim[2]);
    d->field[ASX_FIELD_Y_END] = (int32_t)in->dim[1];
    d->field[ASX_FIELD_X_END] = (int32_t)((int64_t)in->dim[2] * unit);
    d->field[ASX_FIELD_SPREAD] = l.taps > 1;
    return ASX_OK;
}

/* All elements of a value, or its rows one after the other. */
static asx_status add_dense(asx_descriptor *d, asx_nest *n, const asx_machine_plan *p,
                            const asx_step *s, asx_error *err)
{
    const asx_program_value *in = &p->program->value[s->input[0]];
    int64_t from[ASX_PROGRAM_RANK], to[ASX_PROGRAM_RANK];
    asx_layer_shape l = shape_of(p, s, false);
    l.flat = in->n == s->n_weights / s->n_biases;
    set_nest(n, p, s, &l);
    set_ends(d, p, s, &l);
    if (l.flat)
        return ASX_OK;
    const size_t last = in->rank - 1;
    if (!asx_machine_strides(from, p, s->input[0]) || !asx_machine_strides(to, p, s->output) ||
        (in->dim[last] > 1 && from[last] != 1))
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "layer '%s': a dense layer over rows whose elements do not lie side by "
                        "side is not built",
                        s->name);
    for (size_t k = 0; k < last; k++) {
        n->size[ASX_LOOP_COLUMN + k] = in->dim[k];
        n->stride[ASX_WALK_READ][ASX_LOOP_COLUMN + k] = from[k];
        n->stride[ASX_WALK_WRITE][ASX_LOOP_COLUMN + k] = to[k];
    }
    return ASX_OK;
}

asx_status asx_machine_add_layer(asx_machine_plan *plan, size_t step, asx_error *err)
{
    const asx_step *s = &plan->program->step[step];
    asx_descriptor *d = NULL;
    asx_nest nest;
    asx_status status = asx_machine_add(&d, plan, step, ASX_MACHINE_LAYER, err);
    if (status == ASX_OK)
        status = take_shifts(plan, s, err);
    if (status == ASX_OK)
        status = set_words(d, plan, s, err);
    if (status == ASX_OK)
        status = s->kind == ASX_STEP_DENSE ? add_dense(d, &nest, plan, s, err)
                                           : add_conv(d, &nest, plan, s, err);
    if (status != ASX_OK)
        return status;
    asx_nest_put(d, &nest);
    const asx_layer_shape *l = &d->shape;
    plan->weight_lines += l->groups * l->tiles * l->chunks * l->across * l->down;
    plan->constant_lines += l->groups * l->tiles;
    return ASX_OK;
}
