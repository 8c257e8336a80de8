/* NSGA-II, and SMS-EMOA, which differs in who survives (population.h), with operators for formats.
 * No point is proposed twice. Of the children of uniform crossover some mutate blindly, to a neighbouring format or to any; the others into the
 * formats that, by what was learnt of single genes, are best for a mixture of the objectives drawn
 * for the child. Every random number is a function of (seed, child, draw), so batches and threads
 * cannot matter. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cuts.h"
#include "dse/memory.h"
#include "dse/pareto.h"
#include "effects.h"
#include "neighbours.h"
#include "point_set.h"
#include "population.h"
#include "sampler.h"
#include "search/coupled.h"
#include "searchers.h"

enum { ATTEMPTS = 16 };

typedef struct nsga2 {
    const asx_space *space;
    asx_sampler sampler; /* the first generation, and where crossover finds nothing new */
    uint64_t next_draw;
    uint64_t seed;
    size_t n_genes, n_objectives;
    double crossover, mutation, near, learned;
    asx_searcher_setup own;
    size_t n_seeds;
    asx_neighbours neighbours;
    asx_effects effects;
    double scale[ASX_PARETO_DIMS_MAX]; /* per objective: 1 / its extent among the parents */
    asx_point_set seen;                /* members of the population are numbers of it */
    asx_population people;             /* who was told */
    size_t *child;                     /* [population]: members of the present generation */
    size_t n_children, n_asked;
    size_t brood;    /* children of a generation */
    uint64_t n_bred; /* children in all: the stream of the next one */
} nsga2;

static const asx_param_spec params[] = {
    {"population", true, 100, 4, 100000, "designs", "size of a generation"},
    {"children", true, 0, 0, 100000, "designs",
     "bred at a time, up to the population; 0 = a quarter of it, of smsemoa 1"},
    {"crossover", false, 0.9, 0, 1, "", "probability that a child has two parents"},
    {"mutation", false, 0, 0, 1, "", "probability that a gene mutates; 0 = one gene on average"},
    {"near", false, 0.3, 0, 1, "", "share of blind mutations that go to a neighbouring format"},
    {"seed_exact", true, 0, 0, 100000, "designs",
     "of the first generation from the exact front of the proxy"},
    {"learned", false, 0.25, 0, 1, "", "share of children that mutate by what was learnt"},
    {0},
};

/* @param usual  how many children there are by default */
static asx_status init_as(const char *name, size_t usual, void *state,
                          const asx_searcher_setup *setup, asx_error *err)
{
    nsga2 *s = state;
    s->own = *setup;
    s->space = setup->space;
    s->seed = setup->seed;
    s->n_genes = asx_space_n_genes(setup->space);
    s->n_objectives = setup->n_objectives;
    s->crossover = asx_params_get(setup->params, "crossover");
    s->mutation = asx_params_get(setup->params, "mutation");
    s->near = asx_params_get(setup->params, "near");
    s->learned = asx_params_get(setup->params, "learned");
    if (s->mutation <= 0)
        s->mutation = 1 / (double)s->n_genes;
    asx_sampler_init(&s->sampler, setup->space, setup->seed);
    asx_point_set_init(&s->seen, s->n_genes);
    s->n_seeds = (size_t)asx_params_get(setup->params, "seed_exact");
    if (s->n_seeds > 0 && !setup->model)
        return asx_fail(err, ASX_EUNSUPPORTED, "%s: no proxy to take 'seed_exact' from", name);
    if (s->n_seeds > 0 && (s->n_objectives != 2 ||
                           (setup->objective[0] != ASX_DROP) == (setup->objective[1] != ASX_DROP)))
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "%s: 'seed_exact' needs two objectives, 'drop' and another one", name);
    const size_t population = (size_t)asx_params_get(setup->params, "population");
    const size_t children = (size_t)asx_params_get(setup->params, "children");
    s->brood = children == 0 ? usual : children < population ? children : population;
    s->child = asx_array_new(population, sizeof *s->child);
    if (!s->child)
        return asx_fail(err, ASX_ENOMEM, "%s: no memory for a population of %zu", name, population);
    asx_status status = asx_neighbours_init(&s->neighbours, setup->space, err);
    if (status == ASX_OK)
        status = asx_effects_init(&s->effects, setup->space, s->n_objectives, err);
    return status == ASX_OK ? asx_population_init(&s->people, population, s->n_objectives, err)
                            : status;
}

static asx_status init(void *state, const asx_searcher_setup *setup, asx_error *err)
{
    const size_t population = (size_t)asx_params_get(setup->params, "population");
    return init_as("nsga2", (population + 3) / 4, state, setup, err);
}

static void fini(void *state)
{
    nsga2 *s = state;
    asx_point_set_fini(&s->seen);
    asx_population_fini(&s->people);
    asx_neighbours_fini(&s->neighbours);
    asx_effects_fini(&s->effects);
    free(s->child);
}

/* Another value of a gene: a neighbour's, or any. */
static asx_status mutate(nsga2 *s, asx_dice *d, size_t gene, asx_gene *value, asx_error *err)
{
    const asx_gene *near = NULL;
    size_t n = 0;
    if (gene > 0 && asx_dice_roll(d) < s->near) {
        const asx_status status = asx_neighbours_find(&near, &n, &s->neighbours, *value, err);
        if (status != ASX_OK)
            return status;
    }
    *value = n > 0 ? near[asx_dice_below(d, n)]
                   : (asx_gene)asx_dice_below(d, asx_space_choices(s->space, gene));
    return ASX_OK;
}

/* The direction in which a child is to improve. */
static void draw_weights(double *weight, const nsga2 *s, asx_dice *d)
{
    for (size_t j = 0; j < s->n_objectives; j++) /* uniform on the simplex, but for a factor */
        weight[j] = -log(1 - asx_dice_roll(d)) * s->scale[j];
}

static asx_status breed(nsga2 *s, asx_dice *d, asx_gene *child, asx_error *err)
{
    size_t pair[2];
    double weight[ASX_PARETO_DIMS_MAX], rate = s->mutation;
    asx_status status = ASX_OK;
    asx_population_draw(pair, &s->people, d);
    const asx_gene *mother = s->seen.point + pair[0] * s->n_genes;
    const asx_gene *father = s->seen.point + pair[1] * s->n_genes;
    const bool cross = asx_dice_roll(d) < s->crossover, learned = asx_dice_roll(d) < s->learned;
    if (learned) { /* few genes as a rule, all of them now and then */
        const double u = asx_dice_roll(d);
        rate = fmax(rate, u * u);
        draw_weights(weight, s, d);
    }
    for (size_t g = 0; status == ASX_OK && g < s->n_genes; g++) {
        child[g] = cross && asx_dice_roll(d) < 0.5 ? father[g] : mother[g];
        if (asx_dice_roll(d) >= rate)
            continue;
        if (learned)
            child[g] = asx_effects_choose(&s->effects, g, weight);
        else
            status = mutate(s, d, g, &child[g], err);
    }
    return status;
}

/* A new point: bred, or else the next unseen draw. `*added` false: the space is exhausted. */
static asx_status propose(nsga2 *s, asx_gene *child, bool *added, asx_error *err)
{
    bool ok = true;
    *added = false;
    asx_dice d = {s->seed, ++s->n_bred, 0};
    for (size_t i = 0; ok && !*added && s->people.n_parents > 1 && i < ATTEMPTS; i++) {
        const asx_status status = breed(s, &d, child, err);
        if (status != ASX_OK)
            return status;
        ok = asx_point_set_add(&s->seen, child, added);
    }
    while (ok && !*added && asx_sampler_point(child, &s->sampler, s->next_draw)) {
        s->next_draw++;
        ok = asx_point_set_add(&s->seen, child, added);
    }
    return ok ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for an evolution");
}

/* The front of the model; with cross terms one that is near it is good enough to begin with. */
static asx_status solve(asx_coupled_front *out, const asx_coupled_problem *problem, asx_error *err)
{
    asx_coupled_problem near = *problem;
    asx_cuts_front cuts = {.n_planes = 0};
    if (!problem->model->damage)
        return asx_coupled_solve(out, problem, err);
    near.epsilon = 1;
    const asx_status status = asx_cuts_solve(&cuts, &near, ASX_CUTS_SMALL, err);
    *out = cuts.front;
    return status;
}

/* Designs spread evenly along the front of the model, as far as there is room. */
static asx_status seed(nsga2 *s, asx_gene *work, asx_error *err)
{
    const asx_coupled_problem problem = {.model = s->own.model,
                                         .objective =
                                             s->own.objective[s->own.objective[0] == ASX_DROP],
                                         .limits = s->own.limits,
                                         .stop = s->own.stop,
                                         .stop_state = s->own.stop_state};
    asx_coupled_front front = {0};
    asx_status status = solve(&front, &problem, err);
    size_t n = front.n < s->n_seeds ? front.n : s->n_seeds;
    n = n < s->people.size ? n : s->people.size;
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        const size_t row = n > 1 ? i * (front.n - 1) / (n - 1) : 0;
        bool added = false;
        work[0] = front.placement[row];
        for (size_t g = 1; g < s->n_genes; g++)
            work[g] = front.choice[row * front.n_groups + g - 1];
        if (!asx_point_set_add(&s->seen, work, &added))
            status = asx_fail(err, ASX_ENOMEM, "no memory for an evolution");
        else if (added)
            s->child[s->n_children++] = s->seen.n - 1;
    }
    asx_coupled_front_fini(&front);
    return status;
}

static asx_status next_generation(nsga2 *s, asx_gene *work, asx_error *err)
{
    s->n_children = s->n_asked = 0;
    bool added = true;
    if (s->people.n_parents == 0 && s->n_seeds > 0) {
        const asx_status status = seed(s, work, err);
        if (status != ASX_OK)
            return status;
    }
    const size_t want = s->people.n_parents > 0 ? s->brood : s->people.size;
    while (added && s->n_children < want) {
        const asx_status status = propose(s, work, &added, err);
        if (status != ASX_OK)
            return status;
        if (added)
            s->child[s->n_children++] = s->seen.n - 1;
    }
    return ASX_OK;
}

static asx_status ask(void *state, size_t max, asx_gene *point, size_t *n, asx_error *err)
{
    nsga2 *s = state;
    if (s->n_asked == s->n_children) {
        asx_status status = next_generation(s, point, err);
        if (status != ASX_OK)
            return status;
    }
    size_t left = s->n_children - s->n_asked, count = left < max ? left : max;
    for (size_t i = 0; i < count; i++)
        memcpy(point + i * s->n_genes, s->seen.point + s->child[s->n_asked + i] * s->n_genes,
               s->n_genes * sizeof *point);
    s->n_asked += count;
    *n = count;
    return ASX_OK;
}

static void measure_extent(nsga2 *s)
{
    for (size_t j = 0; j < s->n_objectives; j++) {
        double low = INFINITY, high = -INFINITY;
        for (size_t i = 0; i < s->people.n_parents; i++) {
            const double v = s->people.objective[i * s->n_objectives + j];
            low = fmin(low, v);
            high = fmax(high, v);
        }
        s->scale[j] = high > low ? 1 / (high - low) : 1;
    }
}

static asx_status tell(void *state, size_t n, const asx_gene *point, const double *objective,
                       const double *violation, asx_error *err)
{
    nsga2 *s = state;
    for (size_t i = 0; i < n; i++) {
        const double *o = objective + i * s->n_objectives;
        asx_effects_learn(&s->effects, point + i * s->n_genes, o);
        asx_population_add(&s->people, s->child[s->people.n_children], o, violation[i]);
    }
    if (s->people.n_children < s->n_children)
        return ASX_OK;
    const asx_status status = asx_population_select(&s->people, err);
    measure_extent(s);
    return status;
}

const asx_searcher_type asx_searcher_nsga2 = {
    .name = "nsga2",
    .summary = "evolution: NSGA-II with operators for number formats",
    .params = params,
    .state_size = sizeof(nsga2),
    .model_param = "seed_exact",
    .init = init,
    .ask = ask,
    .tell = tell,
    .fini = fini,
};

static asx_status init_sms(void *state, const asx_searcher_setup *setup, asx_error *err)
{
    nsga2 *s = state;
    if (setup->n_objectives > ASX_HYPERVOLUME_DIMS_MAX)
        return asx_fail(err, ASX_EUNSUPPORTED, "smsemoa: %zu objectives, not up to %d",
                        setup->n_objectives, (int)ASX_HYPERVOLUME_DIMS_MAX);
    const asx_status status = init_as("smsemoa", 1, state, setup, err);
    s->people.by_contribution = true;
    return status;
}

const asx_searcher_type asx_searcher_smsemoa = {
    .name = "smsemoa",
    .summary = "evolution: SMS-EMOA, hypervolume says who survives; operators of nsga2",
    .params = params,
    .state_size = sizeof(nsga2),
    .model_param = "seed_exact",
    .init = init_sms,
    .ask = ask,
    .tell = tell,
    .fini = fini,
};
