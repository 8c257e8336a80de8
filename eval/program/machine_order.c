#include "machine_order.h"

#include "dse/memory.h"
#include "program_parts.h"

static size_t plane_of(const asx_program_value *v)
{
    return v->rank == 3 ? v->dim[1] * v->dim[2] : 1;
}

asx_status asx_machine_order(asx_machine_plan *plan, asx_error *err)
{
    const asx_program *p = plan->program;
    const size_t *alias = p->parts->alias;
    plan->plane = asx_array_new(p->n_values, sizeof *plan->plane);
    if (!plan->plane)
        return asx_fail(err, ASX_ENOMEM, "no memory for the order of values");
    for (size_t v = 0; v < p->n_values; v++)
        plan->plane[v] = 1;
    plan->plane[p->input] = plane_of(&p->value[p->input]);
    for (size_t i = 0; i < p->n_steps; i++) {
        const asx_step *s = &p->step[i];
        size_t *plane = &plan->plane[s->output];
        switch (s->kind) {
        case ASX_STEP_CONV:
        case ASX_STEP_MAX_POOL:
        case ASX_STEP_MEAN:
        case ASX_STEP_MOVE:
            *plane = plane_of(&p->value[s->output]);
            break;
        case ASX_STEP_DENSE:
            break;
        default:
            *plane = plan->plane[alias[s->input[0]]];
        }
    }
    for (size_t v = 0; v < p->n_values; v++)
        plan->plane[v] = plan->plane[alias[v]];
    return ASX_OK;
}

size_t asx_machine_position(const asx_machine_plan *plan, size_t value, size_t logical)
{
    const size_t plane = plan->plane[value];
    return logical % plane * (plan->program->value[value].n / plane) + logical / plane;
}

/* Strides of the memory for a box of logical ones. */
static bool find_strides(int64_t stride[ASX_PROGRAM_RANK], const asx_machine_plan *plan,
                         size_t value, const size_t dim[ASX_PROGRAM_RANK], size_t first,
                         const ptrdiff_t logical[ASX_PROGRAM_RANK])
{
    const int64_t base = (int64_t)asx_machine_position(plan, value, first);
    size_t n = 1;
    for (size_t k = 0; k < ASX_PROGRAM_RANK; k++) {
        stride[k] = 0;
        if (dim[k] > 1)
            stride[k] = (int64_t)asx_machine_position(plan, value,
                                                      (size_t)((ptrdiff_t)first + logical[k])) -
                        base;
        n *= dim[k];
    }
    for (size_t e = 0; e < n; e++) {
        ptrdiff_t at = (ptrdiff_t)first;
        int64_t place = base;
        size_t rest = e;
        for (size_t k = 0; k < ASX_PROGRAM_RANK; rest /= dim[k++]) {
            at += (ptrdiff_t)(rest % dim[k]) * logical[k];
            place += (int64_t)(rest % dim[k]) * stride[k];
        }
        if ((int64_t)asx_machine_position(plan, value, (size_t)at) != place)
            return false;
    }
    return true;
}

static void logical_strides(ptrdiff_t stride[ASX_PROGRAM_RANK], const asx_program_value *v)
{
    ptrdiff_t step = 1;
    for (size_t i = ASX_PROGRAM_RANK; i-- > 0; step *= (ptrdiff_t)v->dim[i])
        stride[i] = step;
}

bool asx_machine_strides(int64_t stride[ASX_PROGRAM_RANK], const asx_machine_plan *plan,
                         size_t value)
{
    ptrdiff_t logical[ASX_PROGRAM_RANK];
    logical_strides(logical, &plan->program->value[value]);
    return find_strides(stride, plan, value, plan->program->value[value].dim, 0, logical);
}

bool asx_machine_box(asx_box *out, const asx_machine_plan *plan, const asx_move *move, size_t input,
                     size_t output)
{
    const asx_program_value *v = plan->program->value;
    for (size_t k = 0; k < ASX_PROGRAM_RANK; k++)
        out->dim[k] = move->dim[k];
    out->from = v[input].place + (int64_t)asx_machine_position(plan, input, move->from);
    out->to = v[output].place + (int64_t)asx_machine_position(plan, output, move->to);
    return find_strides(out->from_stride, plan, input, move->dim, move->from, move->from_stride) &&
           find_strides(out->to_stride, plan, output, move->dim, move->to, move->to_stride);
}

bool asx_machine_whole(asx_box *out, const asx_machine_plan *plan, size_t input, size_t output)
{
    const asx_program_value *v = plan->program->value;
    *out = (asx_box){.dim = {v[output].n, 1, 1, 1},
                     .from = v[input].place,
                     .to = v[output].place,
                     .from_stride = {1},
                     .to_stride = {1}};
    return v[input].n == v[output].n && plan->plane[input] == plan->plane[output];
}

/* Two dimensions that go on in one another, in both places, are one. */
static bool merge(asx_box *b)
{
    for (size_t i = 0; i < ASX_PROGRAM_RANK; i++)
        for (size_t k = 0; k < ASX_PROGRAM_RANK; k++)
            if (i != k && b->dim[i] > 1 && b->dim[k] > 1 &&
                b->from_stride[k] == b->from_stride[i] * (int64_t)b->dim[i] &&
                b->to_stride[k] == b->to_stride[i] * (int64_t)b->dim[i]) {
                b->dim[i] *= b->dim[k];
                b->dim[k] = 1;
                return true;
            }
    return false;
}

static void swap(asx_box *b, size_t i, size_t k)
{
    const asx_box was = *b;
    b->dim[i] = was.dim[k];
    b->from_stride[i] = was.from_stride[k];
    b->to_stride[i] = was.to_stride[k];
    b->dim[k] = was.dim[i];
    b->from_stride[k] = was.from_stride[i];
    b->to_stride[k] = was.to_stride[i];
}

void asx_machine_lay_box(asx_descriptor *d, asx_nest *nest, size_t most, asx_box box)
{
    while (merge(&box))
        ;
    /* the dimension that vectors lie along comes first, if there is one */
    for (size_t k = 1; k < ASX_PROGRAM_RANK; k++)
        if (box.dim[k] > 1 && box.from_stride[k] == 1 && box.to_stride[k] == 1) {
            swap(&box, 0, k);
            break;
        }
    const bool vectors = box.dim[0] > 1 && box.from_stride[0] == 1 && box.to_stride[0] == 1;
    const size_t take = vectors ? most : 1, tiles = (box.dim[0] + take - 1) / take;
    nest->base[ASX_WALK_READ] = box.from;
    nest->base[ASX_WALK_WRITE] = box.to;
    for (size_t k = 0; k < ASX_PROGRAM_RANK; k++) {
        nest->size[ASX_LOOP_TILE + k] = k ? box.dim[k] : tiles;
        nest->stride[ASX_WALK_READ][ASX_LOOP_TILE + k] =
            k ? box.from_stride[k] : box.from_stride[0] * (int64_t)take;
        nest->stride[ASX_WALK_WRITE][ASX_LOOP_TILE + k] =
            k ? box.to_stride[k] : box.to_stride[0] * (int64_t)take;
    }
    d->field[ASX_FIELD_FULL] = (int32_t)take;
    d->field[ASX_FIELD_LAST] = (int32_t)(box.dim[0] - (tiles - 1) * take);
}
