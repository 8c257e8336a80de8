/* Where values live: a memory plan by first fit. */
#include <stdlib.h>

#include "dse/memory.h"
#include "program_parts.h"

/* When values are needed, in numbers of steps from 1; the image is there at 0. */
typedef struct life {
    size_t first, last;
    bool used;
} life;

static void use(life *lives, const asx_program *p, size_t value, size_t at)
{
    life *l = &lives[p->parts->alias[value]];
    if (!l->used)
        *l = (life){at, at, true};
    l->last = at;
}

static void find_lives(life *lives, const asx_program *p)
{
    use(lives, p, p->input, 0);
    for (size_t i = 0; i < p->n_steps; i++) {
        for (size_t k = 0; k < p->step[i].n_inputs; k++)
            use(lives, p, p->step[i].input[k], i + 1);
        use(lives, p, p->step[i].output, i + 1);
    }
    use(lives, p, p->output, p->n_steps + 1);
}

/* The lowest place of n elements that no value of an overlapping life has; a value's own step does
 * not write over what it reads. */
static size_t first_fit(const asx_program *p, const life *lives, size_t value)
{
    size_t at = 0;
    for (bool moved = true; moved;) {
        moved = false;
        for (size_t v = 0; v < p->n_values; v++) {
            const asx_program_value *other = &p->value[v];
            if (!lives[v].used || other->place < 0 || lives[v].last < lives[value].first ||
                lives[value].last < lives[v].first)
                continue;
            const size_t start = (size_t)other->place;
            if (at < start + other->n && start < at + p->value[value].n) {
                at = start + other->n;
                moved = true;
            }
        }
    }
    return at;
}

asx_status asx_program_place(asx_program *program, asx_error *err)
{
    const size_t *alias = program->parts->alias;
    life *lives = asx_array_new(program->n_values, sizeof *lives);
    if (!lives)
        return asx_fail(err, ASX_ENOMEM, "no memory for places of values");
    find_lives(lives, program);
    for (size_t v = 0; v < program->n_values; v++) {
        if (alias[v] != v || !lives[v].used)
            continue;
        const size_t at = first_fit(program, lives, v);
        program->value[v].place = (ptrdiff_t)at;
        if (at + program->value[v].n > program->size)
            program->size = at + program->value[v].n;
    }
    for (size_t v = 0; v < program->n_values; v++)
        program->value[v].place = program->value[alias[v]].place;
    free(lives);
    return ASX_OK;
}
