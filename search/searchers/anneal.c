/* Simulated annealing (Kirkpatrick, Gelatt and Vecchi, Science 220, 1983): chains of single steps, each along a
 * direction of the objectives; cooled down geometrically, then heated up again along another one. Chains take their
 * steps at the same time, and see each other's results only as the extent of what was told. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "known.h"
#include "neighbours.h"
#include "searchers.h"

enum { ATTEMPTS = 16 };

typedef struct chain {
    double weight[ASX_PARETO_DIMS_MAX];
    size_t present, proposed; /* designs */
    size_t move;              /* since it was heated up */
    bool begun, asking;
} chain;

typedef struct anneal {
    const asx_space *space;
    uint64_t seed, n_thrown; /* streams of dice */
    asx_known known;
    asx_neighbours neighbours;
    double hot, cold, near;
    size_t moves;
    chain *chain; /* [n_chains] */
    size_t n_chains;
    size_t *asked; /* [n_chains]: chains that wait for a design, in the order of asking */
    size_t n_asking, n_asked, n_told;
    asx_gene *work; /* [n_genes] */
} anneal;

static const asx_param_spec params[] = {
    {"chains", true, 10, 1, 10000, "", "that take their steps at the same time"},
    {"moves", true, 100, 1, 1000000, "", "of a chain from hot to cold; then it starts anew"},
    {"hot", false, 0.1, 1e-9, 1000, "", "temperature to begin with, in extents of the objectives"},
    {"cold", false, 0.001, 1e-9, 1000, "", "temperature to end with"},
    {"near", false, 0.5, 0, 1, "",
     "share of steps that go to a neighbouring format; others to any"},
    {0},
};

static asx_status check(const asx_searcher_setup *setup, asx_error *err)
{
    const double hot = asx_params_get(setup->params, "hot"),
                 cold = asx_params_get(setup->params, "cold");
    return cold <= hot
               ? ASX_OK
               : asx_fail(err, ASX_EINVAL, "anneal: 'cold' is %g, above 'hot', %g", cold, hot);
}

static asx_status init(void *state, const asx_searcher_setup *setup, asx_error *err)
{
    anneal *s = state;
    s->space = setup->space;
    s->seed = setup->seed;
    asx_known_init(&s->known, setup);
    s->hot = asx_params_get(setup->params, "hot");
    s->cold = asx_params_get(setup->params, "cold");
    s->near = asx_params_get(setup->params, "near");
    s->moves = (size_t)asx_params_get(setup->params, "moves");
    s->n_chains = (size_t)asx_params_get(setup->params, "chains");
    const asx_status status = check(setup, err);
    if (status != ASX_OK)
        return status;
    s->chain = asx_array_new(s->n_chains, sizeof *s->chain);
    s->asked = asx_array_new(s->n_chains, sizeof *s->asked);
    s->work = asx_array_new(s->known.n_genes, sizeof *s->work);
    if (!s->chain || !s->asked || !s->work)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu chains", s->n_chains);
    return asx_neighbours_init(&s->neighbours, setup->space, err);
}

static void fini(void *state)
{
    anneal *s = state;
    asx_known_fini(&s->known);
    asx_neighbours_fini(&s->neighbours);
    free(s->chain);
    free(s->asked);
    free(s->work);
}

static double temperature(const anneal *s, const chain *c)
{
    return s->hot * pow(s->cold / s->hot, (double)c->move / (double)s->moves);
}

/* Metropolis's rule. */
static void decide(const anneal *s, chain *c, size_t number, asx_dice *dice)
{
    const double worse = asx_known_cost(&s->known, number, c->weight) -
                         asx_known_cost(&s->known, c->present, c->weight);
    if (worse <= 0 || asx_dice_roll(dice) < exp(-worse / temperature(s, c)))
        c->present = number;
    c->move++;
}

/* Another value of one gene of the present design, in `work`. */
static asx_status step(anneal *s, const chain *c, asx_dice *dice, asx_error *err)
{
    const asx_gene *near = NULL;
    size_t n = 0;
    memcpy(s->work, asx_known_point(&s->known, c->present), s->known.n_genes * sizeof *s->work);
    const size_t g = asx_dice_below(dice, s->known.n_genes);
    if (g > 0 && asx_dice_roll(dice) < s->near) {
        const asx_status status = asx_neighbours_find(&near, &n, &s->neighbours, s->work[g], err);
        if (status != ASX_OK)
            return status;
    }
    s->work[g] = n > 0 ? near[asx_dice_below(dice, n)]
                       : (asx_gene)asx_dice_below(dice, asx_space_choices(s->space, g));
    return ASX_OK;
}

/* The next design of a chain that nobody has seen; steps to those that are known are taken at once. `*asking` false:
 * there is none. */
static asx_status propose(anneal *s, chain *c, asx_error *err)
{
    asx_dice dice = {s->seed, ++s->n_thrown, 0};
    asx_status status = ASX_OK;
    c->asking = false;
    if (!c->begun || c->move >= s->moves) {
        asx_known_direct(c->weight, s->known.d, &dice);
        c->move = 0;
    }
    for (int i = 0; status == ASX_OK && c->begun && !c->asking && i < ATTEMPTS; i++) {
        status = step(s, c, &dice, err);
        if (status == ASX_OK)
            status = asx_known_add(&s->known, s->work, &c->proposed, &c->asking, err);
        if (status == ASX_OK && !c->asking && c->proposed != c->present &&
            asx_known_told(&s->known, c->proposed))
            decide(s, c, c->proposed, &dice);
    }
    return status == ASX_OK && !c->asking ? asx_known_draw(&s->known, &c->proposed, &c->asking, err)
                                          : status;
}

static asx_status ask(void *state, size_t max, asx_gene *point, size_t *n, asx_error *err)
{
    anneal *s = state;
    asx_status status = ASX_OK;
    if (s->n_asked == s->n_asking) {
        s->n_asking = s->n_asked = s->n_told = 0;
        for (size_t i = 0; status == ASX_OK && i < s->n_chains; i++) {
            status = propose(s, &s->chain[i], err);
            if (s->chain[i].asking)
                s->asked[s->n_asking++] = i;
        }
    }
    const size_t left = s->n_asking - s->n_asked, count = left < max ? left : max;
    for (size_t i = 0; status == ASX_OK && i < count; i++, s->n_asked++)
        memcpy(point + i * s->known.n_genes,
               asx_known_point(&s->known, s->chain[s->asked[s->n_asked]].proposed),
               s->known.n_genes * sizeof *point);
    *n = count;
    return status;
}

/* All chains have their answers. */
static void take_steps(anneal *s)
{
    for (size_t i = 0; i < s->n_asking; i++) {
        chain *c = &s->chain[s->asked[i]];
        asx_dice dice = {s->seed, ++s->n_thrown, 0};
        if (c->begun)
            decide(s, c, c->proposed, &dice);
        else
            c->present = c->proposed;
        c->begun = true;
        c->asking = false;
    }
}

static asx_status tell(void *state, size_t n, const asx_gene *point, const double *objective,
                       const double *violation, asx_error *err)
{
    (void)point, (void)err;
    anneal *s = state;
    for (size_t i = 0; i < n; i++, s->n_told++)
        asx_known_tell(&s->known, s->chain[s->asked[s->n_told]].proposed,
                       objective + i * s->known.d, violation[i]);
    if (s->n_told == s->n_asking)
        take_steps(s);
    return ASX_OK;
}

const asx_searcher_type asx_searcher_anneal = {
    .name = "anneal",
    .summary = "simulated annealing: chains of single steps, along changing directions",
    .params = params,
    .state_size = sizeof(anneal),
    .check = check,
    .init = init,
    .ask = ask,
    .tell = tell,
    .fini = fini,
};
