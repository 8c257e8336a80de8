#include "machine_plan.h"

#include <stdlib.h>

#include "machine_order.h"

enum { VALUE_BITS = 16 };

/* The channels of a pixel are a vector, and the columns' scalers make means of it. */
static void set_pool(asx_descriptor *d, asx_nest *n, const asx_machine_plan *p, const asx_step *s,
                     const int64_t from[ASX_PROGRAM_RANK])
{
    const asx_program_value *in = &p->program->value[s->input[0]];
    const asx_program_value *out = &p->program->value[s->output];
    const bool mean = s->kind == ASX_STEP_MEAN, vectors = in->dim[0] > 1 && from[0] == 1;
    const size_t rows = out->rank == 3 ? out->dim[1] : 1,
                 columns = out->rank == 3 ? out->dim[2] : 1;
    const size_t take = !vectors ? 1 : mean ? p->columns : p->banks;
    const size_t tiles = (in->dim[0] + take - 1) / take;
    n->size[ASX_LOOP_ACROSS] = s->kernel[1];
    n->size[ASX_LOOP_DOWN] = s->kernel[0];
    n->size[ASX_LOOP_TILE] = tiles;
    n->size[ASX_LOOP_COLUMN] = columns;
    n->size[ASX_LOOP_ROW] = rows;
    n->base[ASX_WALK_READ] =
        in->place - (int64_t)s->before[0] * from[1] - (int64_t)s->before[1] * from[2];
    n->base[ASX_WALK_WRITE] = out->place;
    n->base[ASX_WALK_CONSTANT] = (int64_t)p->constant_lines;
    n->base[ASX_WALK_Y] = -(int64_t)s->before[0];
    n->base[ASX_WALK_X] = -(int64_t)s->before[1];
    for (size_t a = 0; a < 2; a++) { /* down and across, rows and columns */
        const asx_walk place = a ? ASX_WALK_X : ASX_WALK_Y;
        const size_t tap = a ? ASX_LOOP_ACROSS : ASX_LOOP_DOWN;
        const size_t pixel = a ? ASX_LOOP_COLUMN : ASX_LOOP_ROW;
        n->stride[ASX_WALK_READ][tap] = (int64_t)s->dilation[a] * from[1 + a];
        n->stride[place][tap] = (int64_t)s->dilation[a];
        n->stride[ASX_WALK_READ][pixel] = (int64_t)s->stride[a] * from[1 + a];
        n->stride[place][pixel] = (int64_t)s->stride[a];
        n->stride[ASX_WALK_WRITE][pixel] = (int64_t)(in->dim[0] * (a ? 1 : columns));
    }
    n->stride[ASX_WALK_READ][ASX_LOOP_TILE] = (int64_t)take * (vectors ? 1 : from[0]);
    n->stride[ASX_WALK_WRITE][ASX_LOOP_TILE] = (int64_t)take;
    d->field[ASX_FIELD_FULL] = (int32_t)take;
    d->field[ASX_FIELD_LAST] = (int32_t)(in->dim[0] - (tiles - 1) * take);
    d->field[ASX_FIELD_Y_END] = (int32_t)in->dim[1];
    d->field[ASX_FIELD_X_END] = (int32_t)in->dim[2];
    if (s->count_padding) {
        d->field[ASX_FIELD_Y_COUNT] = (int32_t)(in->dim[1] + s->after[0]);
        d->field[ASX_FIELD_X_COUNT] = (int32_t)(in->dim[2] + s->after[1]);
    }
}

static asx_status add_pool(asx_machine_plan *p, size_t step, asx_error *err)
{
    const asx_step *s = &p->program->step[step];
    const bool mean = s->kind == ASX_STEP_MEAN;
    int64_t from[ASX_PROGRAM_RANK];
    asx_descriptor *d = NULL;
    asx_nest nest;
    const asx_status status =
        asx_machine_add(&d, p, step, mean ? ASX_MACHINE_MEAN : ASX_MACHINE_MAX, err);
    if (status != ASX_OK)
        return status;
    if (!asx_machine_strides(from, p, s->input[0]))
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "step '%s': windows over a reshaped value of another order are not built",
                        s->name);
    asx_nest_clear(&nest);
    set_pool(d, &nest, p, s, from);
    asx_nest_put(d, &nest);
    for (size_t n = 1; mean && n <= s->kernel[0] * s->kernel[1]; n++) {
        const asx_dyadic factor = asx_dyadic_of(1 / (double)n, p->program->multiplier_bits);
        asx_machine_raise(&p->shift_max, (unsigned)factor.shift);
        while (p->total_bits < 64 && (size_t)1 << (p->total_bits - VALUE_BITS) < n)
            p->total_bits++;
    }
    p->constant_lines += mean ? s->kernel[0] * s->kernel[1] + 1 : 0;
    return ASX_OK;
}

static asx_status add_fill(asx_machine_plan *p, size_t step, asx_error *err)
{
    const asx_step *s = &p->program->step[step];
    asx_descriptor *d = NULL;
    asx_nest nest;
    asx_box box;
    const asx_status status = asx_machine_add(&d, p, step, ASX_MACHINE_FILL, err);
    if (status != ASX_OK)
        return status;
    asx_nest_clear(&nest);
    asx_machine_whole(&box, p, s->output, s->output);
    asx_machine_lay_box(d, &nest, p->banks, box);
    d->field[ASX_FIELD_FILL] = s->fill;
    d->field[ASX_FIELD_Y_END] = 0; /* everything is outside */
    d->last = false;
    asx_nest_put(d, &nest);
    return ASX_OK;
}

static asx_status add_moves(asx_machine_plan *p, size_t step, asx_error *err)
{
    const asx_step *s = &p->program->step[step];
    asx_status status = ASX_OK;
    size_t moved = 0;
    for (size_t i = 0; i < s->n_inputs; i++)
        moved += s->move[i].dim[0] * s->move[i].dim[1] * s->move[i].dim[2] * s->move[i].dim[3];
    if (moved < p->program->value[s->output].n)
        status = add_fill(p, step, err);
    for (size_t i = 0; i < s->n_inputs && status == ASX_OK; i++) {
        asx_descriptor *d = NULL;
        asx_nest nest;
        asx_box box;
        status = asx_machine_add(&d, p, step, ASX_MACHINE_MAX, err);
        if (status != ASX_OK)
            break;
        if (!asx_machine_box(&box, p, &s->move[i], s->input[i], s->output))
            return asx_fail(err, ASX_EUNSUPPORTED,
                            "step '%s': moves of a reshaped value of another order are not built",
                            s->name);
        d->last = i + 1 == s->n_inputs;
        asx_nest_clear(&nest);
        asx_machine_lay_box(d, &nest, p->banks, box);
        asx_nest_put(d, &nest);
    }
    return status;
}

/* One value, or two read one after the other. */
static asx_status add_pair(asx_machine_plan *p, size_t step, asx_error *err)
{
    static const int32_t KIND[ASX_N_STEP_KINDS] = {
        [ASX_STEP_ADD] = ASX_MACHINE_ADD, [ASX_STEP_SUB] = ASX_MACHINE_SUB,
        [ASX_STEP_MAX] = ASX_MACHINE_MAX, [ASX_STEP_MIN] = ASX_MACHINE_MIN,
        [ASX_STEP_MUL] = ASX_MACHINE_MUL, [ASX_STEP_CLIP] = ASX_MACHINE_MAX};
    const asx_step *s = &p->program->step[step];
    asx_descriptor *d = NULL;
    asx_nest nest;
    asx_box box, other;
    const bool product = s->kind == ASX_STEP_MUL; /* scaled, as sums of layers are */
    const size_t second = s->input[s->n_inputs - 1];
    if (!asx_machine_whole(&box, p, s->input[0], s->output) ||
        !asx_machine_whole(&other, p, second, s->output))
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "step '%s': values of different order, one of them reshaped, are not built",
                        s->name);
    if (product && s->factor->shift < 0)
        return asx_fail(err, ASX_EUNSUPPORTED, "step '%s': a factor of 2^%d and more is not built",
                        s->name, -s->factor->shift);
    const asx_status status = asx_machine_add(&d, p, step, KIND[s->kind], err);
    if (status != ASX_OK)
        return status;
    asx_nest_clear(&nest);
    asx_machine_lay_box(d, &nest, product ? p->columns : p->banks, box);
    nest.base[ASX_WALK_CONSTANT] = (int64_t)p->constant_lines;
    p->constant_lines += product;
    p->has_products |= product;
    asx_machine_raise(&p->total_bits, VALUE_BITS + 1);
    if (product) {
        asx_machine_raise(&p->shift_max, (unsigned)s->factor->shift);
        asx_machine_raise(&p->total_bits, 2 * VALUE_BITS);
    }
    nest.size[ASX_LOOP_CHUNK] = s->n_inputs;
    nest.stride[ASX_WALK_READ][ASX_LOOP_CHUNK] = other.from - box.from;
    asx_nest_put(d, &nest);
    return ASX_OK;
}

static asx_status add_step(asx_machine_plan *p, size_t step, asx_error *err)
{
    switch (p->program->step[step].kind) {
    case ASX_STEP_CONV:
    case ASX_STEP_DENSE:
        return asx_machine_add_layer(p, step, err);
    case ASX_STEP_MAX_POOL:
    case ASX_STEP_MEAN:
        return add_pool(p, step, err);
    case ASX_STEP_MOVE:
        return add_moves(p, step, err);
    default:
        return add_pair(p, step, err);
    }
}

static asx_status check_values(const asx_program *program, asx_error *err)
{
    for (size_t v = 0; v < program->n_values; v++)
        if (program->value[v].limit > INT16_MAX)
            return asx_fail(err, ASX_EUNSUPPORTED, "value '%s' has more than 16 bits",
                            program->value[v].name);
    return ASX_OK;
}

asx_status asx_machine_plan_init(asx_machine_plan *out, const asx_program *program,
                                 asx_placement placement, size_t rows, size_t columns,
                                 asx_error *err)
{
    asx_machine_plan p = {.program = program,
                          .placement = placement,
                          .rows = rows,
                          .columns = columns,
                          .banks = 2,
                          .digits = 1,
                          .passes = 1,
                          .index_bits = 1,
                          .shift_bits = 1,
                          .total_bits = VALUE_BITS + 1,
                          .input_high = 1,
                          .largest_digit = 1,
                          .code_bits = 1};
    while (p.banks < rows || p.banks < columns)
        p.banks *= 2;
    asx_status status = check_values(program, err);
    if (status == ASX_OK)
        status = asx_machine_order(&p, err);
    for (size_t i = 0; i < program->n_steps && status == ASX_OK; i++)
        status = add_step(&p, i, err);
    for (size_t i = 0; i < p.n_descriptors; i++)
        p.cycles += p.descriptor[i].cycles + ASX_MACHINE_OVERHEAD;
    if (!p.n_alphabets)
        p.alphabet[p.n_alphabets++] = 1;
    asx_machine_set_widths(&p);
    if (status != ASX_OK) {
        asx_machine_plan_fini(&p);
        return status;
    }
    *out = p;
    return ASX_OK;
}

void asx_machine_plan_fini(asx_machine_plan *plan)
{
    free(plan->descriptor);
    free(plan->plane);
    *plan = (asx_machine_plan){0};
}
