/* Descriptors, and their loops as the sequencer wants them. */
#include <limits.h>

#include "dse/memory.h"
#include "machine_plan.h"

asx_status asx_machine_add(asx_descriptor **out, asx_machine_plan *plan, size_t step, int32_t kind,
                           asx_error *err)
{
    const asx_step *s = &plan->program->step[step];
    asx_descriptor *grown =
        asx_array_grow(plan->descriptor, &plan->capacity, plan->n_descriptors + 1, sizeof *grown);
    if (!grown)
        return asx_fail(err, ASX_ENOMEM, "no memory for descriptors of steps");
    plan->descriptor = grown;
    asx_descriptor *d = &plan->descriptor[plan->n_descriptors++];
    *d = (asx_descriptor){.step = step, .last = true};
    d->field[ASX_FIELD_KIND] = kind;
    d->field[ASX_FIELD_LOW] = s->low;
    d->field[ASX_FIELD_HIGH] = s->high;
    d->field[ASX_FIELD_NEAREST] = -1;
    d->field[ASX_FIELD_Y_END] = d->field[ASX_FIELD_X_END] = 1;
    d->field[ASX_FIELD_Y_COUNT] = d->field[ASX_FIELD_X_COUNT] = INT_MIN;
    *out = d;
    return ASX_OK;
}

void asx_nest_clear(asx_nest *nest)
{
    *nest = (asx_nest){0};
    for (size_t i = 0; i < ASX_LOOPS; i++)
        nest->size[i] = 1;
}

void asx_nest_put(asx_descriptor *d, const asx_nest *nest)
{
    static const int FIELD[ASX_N_WALKS] = {
        [ASX_WALK_READ] = ASX_FIELD_READ,     [ASX_WALK_WRITE] = ASX_FIELD_WRITE,
        [ASX_WALK_Y] = ASX_FIELD_Y,           [ASX_WALK_X] = ASX_FIELD_X,
        [ASX_WALK_WEIGHT] = ASX_FIELD_WEIGHT, [ASX_WALK_CONSTANT] = ASX_FIELD_CONSTANT};
    d->cycles = 1;
    for (size_t i = 0; i < ASX_LOOPS; i++) {
        d->field[ASX_FIELD_SIZE + i] = (int32_t)nest->size[i] - 1;
        d->cycles *= nest->size[i];
    }
    for (size_t w = 0; w < ASX_N_WALKS; w++) {
        int64_t gone = 0; /* through the loops inside */
        d->field[FIELD[w]] = (int32_t)nest->base[w];
        for (size_t i = 0; i < ASX_LOOPS; i++) {
            d->field[FIELD[w] + 1 + (int)i] = (int32_t)(nest->stride[w][i] - gone);
            gone += nest->stride[w][i] * (int64_t)(nest->size[i] - 1);
        }
    }
}
