#include "population.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "contribution.h"
#include "crowd.h"
#include "dse/memory.h"
#include "dse/pareto.h"

asx_status asx_population_init(asx_population *p, size_t size, size_t n_objectives, asx_error *err)
{
    const size_t n = 2 * size;
    *p = (asx_population){.size = size, .n_objectives = n_objectives};
    p->member = asx_array_new(n, sizeof *p->member);
    p->objective = asx_array_new(n, n_objectives * sizeof *p->objective);
    p->violation = asx_array_new(n, sizeof *p->violation);
    p->crowding = asx_array_new(n, sizeof *p->crowding);
    p->rank = asx_array_new(n, sizeof *p->rank);
    p->order = asx_array_new(n, sizeof *p->order);
    if (!p->member || !p->objective || !p->violation || !p->crowding || !p->rank || !p->order)
        return asx_fail(err, ASX_ENOMEM, "no memory for a population of %zu", size);
    return ASX_OK;
}

void asx_population_fini(asx_population *p)
{
    if (!p)
        return;
    free(p->member);
    free(p->objective);
    free(p->violation);
    free(p->crowding);
    free(p->rank);
    free(p->order);
    *p = (asx_population){0};
}

void asx_population_add(asx_population *p, size_t member, const double *objective, double violation)
{
    const size_t row = p->n_parents + p->n_children++;
    p->member[row] = member;
    memcpy(p->objective + row * p->n_objectives, objective, p->n_objectives * sizeof *objective);
    p->violation[row] = violation;
}

/* A row other than `not`, which may be none. */
static size_t draw_row(const asx_population *p, asx_dice *dice, size_t not )
{
    const size_t row = asx_dice_below(dice, p->n_parents - (not < p->n_parents));
    return row + (row >= not );
}

static size_t draw_winner(const asx_population *p, asx_dice *dice, size_t not )
{
    const size_t a = draw_row(p, dice, not ), b = draw_row(p, dice, not );
    const bool second =
        p->rank[b] < p->rank[a] || (p->rank[b] == p->rank[a] && p->crowding[b] > p->crowding[a]);
    return second ? b : a;
}

void asx_population_draw(size_t pair[2], const asx_population *p, asx_dice *dice)
{
    const size_t mother = draw_winner(p, dice, SIZE_MAX);
    pair[0] = p->member[mother];
    pair[1] = p->member[draw_winner(p, dice, mother)];
}

static int compare_numbers(const void *a, const void *b)
{
    const size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

/* The rows that survive come first in `order`, rank by rank. */
static asx_status find_survivors(asx_population *p, size_t n, size_t keep, asx_error *err)
{
    asx_status status =
        asx_pareto_ranks(p->rank, p->objective, p->violation, n, p->n_objectives, err);
    size_t filled = 0;
    for (size_t rank = 0; status == ASX_OK && filled < keep; rank++) {
        size_t *front = p->order + filled, n_front = 0;
        for (size_t i = 0; i < n; i++)
            if (p->rank[i] == rank)
                front[n_front++] = i;
        const size_t room = keep - filled, kept = n_front < room ? n_front : room;
        if (p->by_contribution && kept < n_front) {
            status =
                asx_contribution_prune(front, n_front, kept, p->objective, p->n_objectives, err);
            n_front = kept;
        }
        if (status == ASX_OK &&
            !asx_crowd_prune(front, n_front, kept, p->crowding, p->objective, p->n_objectives))
            status = asx_fail(err, ASX_ENOMEM, "no memory for an evolution");
        filled += kept;
    }
    return status;
}

asx_status asx_population_select(asx_population *p, asx_error *err)
{
    const size_t n = p->n_parents + p->n_children, d = p->n_objectives;
    const size_t keep = n < p->size ? n : p->size;
    const asx_status status = find_survivors(p, n, keep, err);
    if (status != ASX_OK)
        return status;
    qsort(p->order, keep, sizeof *p->order, compare_numbers);
    for (size_t i = 0; i < keep; i++) { /* rows only move down */
        const size_t from = p->order[i];
        p->member[i] = p->member[from];
        memmove(p->objective + i * d, p->objective + from * d, d * sizeof *p->objective);
        p->violation[i] = p->violation[from];
        p->crowding[i] = p->crowding[from];
        p->rank[i] = p->rank[from];
    }
    p->n_parents = keep;
    p->n_children = 0;
    return ASX_OK;
}
