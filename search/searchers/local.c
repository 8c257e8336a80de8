/* Local search with random restarts: from a design drawn by lot, along a direction of the objectives drawn with it,
 * steps to neighbouring formats in random order; the best of the first few looked at together that improve is taken;
 * where none does, it starts again. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "known.h"
#include "neighbours.h"
#include "searchers.h"

/* A gene gets another value. */
typedef struct step {
    asx_gene gene, value;
} step;

typedef struct local {
    const asx_space *space;
    uint64_t seed, n_lists; /* lists of steps made: streams of dice */
    asx_known known;
    asx_neighbours neighbours;
    double weight[ASX_PARETO_DIMS_MAX];
    bool begun;     /* there is a present design */
    size_t present; /* design */
    step *step;     /* [n_steps] from it, in random order; `next` is the first not tried */
    size_t n_steps, next, capacity;
    size_t best; /* design: the best known of those tried since the last decision, or the present */
    size_t *brood; /* [width] designs that were asked for together */
    size_t width, n_brood, n_asked, n_told;
    asx_gene *work; /* [n_genes] */
} local;

static const asx_param_spec params[] = {
    {"width", true, 8, 1, 100000, "designs", "looked at together before a step is taken"},
    {0},
};

static asx_status init(void *state, const asx_searcher_setup *setup, asx_error *err)
{
    local *s = state;
    s->space = setup->space;
    s->seed = setup->seed;
    asx_known_init(&s->known, setup);
    s->width = (size_t)asx_params_get(setup->params, "width");
    s->brood = asx_array_new(s->width, sizeof *s->brood);
    s->work = asx_array_new(s->known.n_genes, sizeof *s->work);
    if (!s->brood || !s->work)
        return asx_fail(err, ASX_ENOMEM, "no memory for a local search");
    return asx_neighbours_init(&s->neighbours, setup->space, err);
}

static void fini(void *state)
{
    local *s = state;
    asx_known_fini(&s->known);
    asx_neighbours_fini(&s->neighbours);
    free(s->step);
    free(s->brood);
    free(s->work);
}

static asx_status add_step(local *s, size_t gene, asx_gene value, asx_error *err)
{
    step *list = asx_array_grow(s->step, &s->capacity, s->n_steps + 1, sizeof *list);
    if (!list)
        return asx_fail(err, ASX_ENOMEM, "no memory for a local search");
    s->step = list;
    s->step[s->n_steps++] = (step){(asx_gene)gene, value};
    return ASX_OK;
}

/* All steps from a design, shuffled. */
static asx_status settle(local *s, size_t number, asx_error *err)
{
    asx_dice dice = {s->seed, ++s->n_lists, 0};
    asx_status status = ASX_OK;
    s->present = s->best = number;
    s->n_steps = s->next = 0;
    for (size_t g = 0; status == ASX_OK && g < s->known.n_genes; g++) {
        const asx_gene old = asx_known_point(&s->known, number)[g];
        const asx_gene *near = NULL;
        size_t n = asx_space_choices(s->space, g);
        if (g > 0)
            status = asx_neighbours_find(&near, &n, &s->neighbours, old, err);
        for (size_t i = 0; status == ASX_OK && i < n; i++)
            if (near || i != old)
                status = add_step(s, g, near ? near[i] : (asx_gene)i, err);
    }
    for (size_t i = s->n_steps; i > 1; i--) {
        const size_t k = asx_dice_below(&dice, i);
        const step last = s->step[i - 1];
        s->step[i - 1] = s->step[k];
        s->step[k] = last;
    }
    return status;
}

static void look_at(local *s, size_t number)
{
    if (asx_known_cost(&s->known, number, s->weight) <
        asx_known_cost(&s->known, s->best, s->weight))
        s->best = number;
}

/* Tries steps until as many designs are to be asked for as are looked at together. */
static asx_status try_steps(local *s, asx_error *err)
{
    asx_status status = ASX_OK;
    while (status == ASX_OK && s->n_brood < s->width && s->next < s->n_steps) {
        const step t = s->step[s->next++];
        size_t number;
        bool added;
        memcpy(s->work, asx_known_point(&s->known, s->present), s->known.n_genes * sizeof *s->work);
        s->work[t.gene] = t.value;
        status = asx_known_add(&s->known, s->work, &number, &added, err);
        if (status == ASX_OK && added)
            s->brood[s->n_brood++] = number;
        else if (status == ASX_OK)
            look_at(s, number);
    }
    return status;
}

/* The next designs to ask for: of steps, or one to start from. None: the space is exhausted. */
static asx_status next_brood(local *s, asx_error *err)
{
    asx_status status = ASX_OK;
    s->n_brood = s->n_asked = s->n_told = 0;
    while (status == ASX_OK && s->begun && s->n_brood == 0) {
        status = try_steps(s, err);
        if (status == ASX_OK && s->n_brood == 0) { /* all were known */
            s->begun = s->best != s->present;
            if (s->begun)
                status = settle(s, s->best, err);
        }
    }
    if (status == ASX_OK && !s->begun) {
        asx_dice dice = {s->seed, ++s->n_lists, 0};
        bool added = false;
        asx_known_direct(s->weight, s->known.d, &dice);
        status = asx_known_draw(&s->known, &s->brood[0], &added, err);
        s->n_brood = added;
    }
    return status;
}

static asx_status ask(void *state, size_t max, asx_gene *point, size_t *n, asx_error *err)
{
    local *s = state;
    asx_status status = s->n_asked == s->n_brood ? next_brood(s, err) : ASX_OK;
    const size_t left = s->n_brood - s->n_asked, count = left < max ? left : max;
    for (size_t i = 0; status == ASX_OK && i < count; i++, s->n_asked++)
        memcpy(point + i * s->known.n_genes, asx_known_point(&s->known, s->brood[s->n_asked]),
               s->known.n_genes * sizeof *point);
    *n = count;
    return status;
}

static asx_status tell(void *state, size_t n, const asx_gene *point, const double *objective,
                       const double *violation, asx_error *err)
{
    (void)point;
    local *s = state;
    for (size_t i = 0; i < n; i++, s->n_told++)
        asx_known_tell(&s->known, s->brood[s->n_told], objective + i * s->known.d, violation[i]);
    if (s->n_told < s->n_brood)
        return ASX_OK;
    if (!s->begun) {
        s->begun = true;
        return settle(s, s->brood[0], err);
    }
    for (size_t i = 0; i < s->n_brood; i++)
        look_at(s, s->brood[i]);
    return s->best != s->present ? settle(s, s->best, err) : ASX_OK;
}

const asx_searcher_type asx_searcher_local = {
    .name = "local",
    .summary = "local search: steps to neighbouring formats, restarted at random",
    .params = params,
    .state_size = sizeof(local),
    .init = init,
    .ask = ask,
    .tell = tell,
    .fini = fini,
};
