/* An actor that walks over the layers, as AMC does (He et al., ECCV 2018) for pruning: in every layer it looks at the
 * layer, the direction it is to go, its last action and the mean of those before, and acts by one number in [0, 1], the
 * place of a format in the order of their richness. It learns by REINFORCE (Williams, Machine Learning 8, 1992) with a
 * baseline: a linear policy for every layer, normal noise that fades, the gradients of a batch of walks at a time. (AMC
 * itself learns by DDPG with two neural networks.) */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "dse/memory.h"
#include "known.h"
#include "searchers.h"
#include "traits.h"

/* What is looked at: 1, the last action, the mean of all before, the direction. */
enum { ATTEMPTS = 8, LOOKS = 3 + ASX_PARETO_DIMS_MAX };

typedef struct walk {
    size_t number; /* of the design */
    bool acted;    /* it was the actor's; else by lot */
    double weight[ASX_PARETO_DIMS_MAX];
    double *action; /* [n_genes], before it was cut to [0, 1] */
} walk;

typedef struct actor {
    const asx_space *space;
    uint64_t seed, n_walks; /* streams of dice */
    asx_known known;
    size_t *order;  /* [formats] poorest first */
    double *policy; /* [n_genes][LOOKS] */
    double critic[LOOKS];
    double rate, noise, least_noise, decay;
    walk *walk; /* [size] */
    double *action;
    size_t size, n_brood, n_asked, n_told;
    asx_gene *point; /* [n_genes] */
} actor;

static const asx_param_spec params[] = {
    {"walks", true, 10, 1, 10000, "designs", "between two updates"},
    {"rate", false, 0.05, 1e-9, 100, "", "of learning"},
    {"noise", false, 0.5, 1e-6, 10, "", "standard deviation of actions in the beginning"},
    {"least_noise", false, 0.03, 1e-6, 10, "", "that is kept"},
    {"decay", false, 0.98, 0, 1, "", "of noise from one update to the next"},
    {0},
};

/* Poorest first; formats that are alike in their order in the space. */
static void sort_formats(size_t *order, const asx_format *format, size_t n)
{
    for (size_t i = 0; i < n;
         i++) { /* insertion: lists are of a few thousand at most, and nearly sorted */
        size_t at = i;
        for (; at > 0 && asx_format_richer(&format[order[at - 1]], &format[i]); at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
}

static asx_status init(void *state, const asx_searcher_setup *setup, asx_error *err)
{
    actor *s = state;
    size_t n_formats = 0;
    const asx_format *format = asx_space_formats(setup->space, &n_formats);
    s->space = setup->space;
    s->seed = setup->seed;
    asx_known_init(&s->known, setup);
    s->size = (size_t)asx_params_get(setup->params, "walks");
    s->rate = asx_params_get(setup->params, "rate");
    s->noise = asx_params_get(setup->params, "noise");
    s->least_noise = asx_params_get(setup->params, "least_noise");
    s->decay = asx_params_get(setup->params, "decay");
    const size_t n = s->known.n_genes;
    s->order = asx_array_new(n_formats, sizeof *s->order);
    s->policy = asx_array_new(n, LOOKS * sizeof *s->policy);
    s->walk = asx_array_new(s->size, sizeof *s->walk);
    s->action = asx_array_new(s->size, n * sizeof *s->action);
    s->point = asx_array_new(n, sizeof *s->point);
    if (!s->order || !s->policy || !s->walk || !s->action || !s->point)
        return asx_fail(err, ASX_ENOMEM, "no memory for an actor");
    for (size_t i = 0; i < s->size; i++)
        s->walk[i].action = s->action + i * n;
    sort_formats(s->order, format, n_formats);
    return ASX_OK;
}

static void fini(void *state)
{
    actor *s = state;
    asx_known_fini(&s->known);
    free(s->order);
    free(s->policy);
    free(s->walk);
    free(s->action);
    free(s->point);
}

static double cut(double action)
{
    return fmin(fmax(action, 0), 1);
}

/* What the actor sees before gene g. */
static void look(double out[LOOKS], const actor *s, const walk *w, size_t g)
{
    double sum = 0;
    for (size_t i = 0; i < g; i++)
        sum += cut(w->action[i]);
    memset(out, 0, LOOKS * sizeof *out);
    out[0] = 1;
    out[1] = g > 0 ? cut(w->action[g - 1]) : 0;
    out[2] = g > 0 ? sum / (double)g : 0;
    memcpy(out + 3, w->weight, s->known.d * sizeof *out);
}

static double dot(const double *a, const double *b)
{
    double sum = 0;
    for (size_t i = 0; i < LOOKS; i++)
        sum += a[i] * b[i];
    return sum;
}

/* Where the policy would act, in (0, 1). */
static double middle(const actor *s, size_t g, const double seen[LOOKS])
{
    return 1 / (1 + exp(-dot(s->policy + g * LOOKS, seen)));
}

static void act(actor *s, walk *w, asx_dice *dice)
{
    double seen[LOOKS];
    for (size_t g = 0; g < s->known.n_genes; g++) {
        const size_t n = asx_space_choices(s->space, g);
        const double roll = asx_dice_roll(dice);
        look(seen, s, w, g);
        w->action[g] =
            middle(s, g, seen) + s->noise * gsl_cdf_ugaussian_Pinv(roll > 0 ? roll : 0x1p-54);
        const size_t place = (size_t)fmin(cut(w->action[g]) * (double)n, (double)n - 1);
        s->point[g] = (asx_gene)(g > 0 ? s->order[place] : place);
    }
}

static asx_status propose(actor *s, walk *w, bool *added, asx_error *err)
{
    asx_dice dice = {s->seed, ++s->n_walks, 0};
    asx_status status = ASX_OK;
    asx_known_direct(w->weight, s->known.d, &dice);
    *added = false;
    for (int i = 0; status == ASX_OK && !*added && i < ATTEMPTS; i++) {
        act(s, w, &dice);
        status = asx_known_add(&s->known, s->point, &w->number, added, err);
    }
    w->acted = *added;
    return status == ASX_OK && !*added ? asx_known_draw(&s->known, &w->number, added, err) : status;
}

static asx_status ask(void *state, size_t max, asx_gene *point, size_t *n, asx_error *err)
{
    actor *s = state;
    asx_status status = ASX_OK;
    if (s->n_asked == s->n_brood) {
        bool added = true;
        s->n_brood = s->n_asked = s->n_told = 0;
        while (status == ASX_OK && added && s->n_brood < s->size) {
            status = propose(s, &s->walk[s->n_brood], &added, err);
            s->n_brood += status == ASX_OK && added;
        }
    }
    const size_t left = s->n_brood - s->n_asked, count = left < max ? left : max;
    for (size_t i = 0; status == ASX_OK && i < count; i++, s->n_asked++)
        memcpy(point + i * s->known.n_genes, asx_known_point(&s->known, s->walk[s->n_asked].number),
               s->known.n_genes * sizeof *point);
    *n = count;
    return status;
}

/* How much better than expected a walk was, and what to expect from now on. */
static double advantage(actor *s, const walk *w)
{
    double seen[LOOKS];
    look(seen, s, w, 0);
    const double off = asx_known_cost(&s->known, w->number, w->weight) - dot(s->critic, seen);
    for (size_t i = 0; i < LOOKS; i++)
        s->critic[i] += s->rate * off * seen[i];
    return -off;
}

/* Every action moves its policy towards it if the walk was good. */
static void learn(actor *s, const walk *w, double gain)
{
    double seen[LOOKS];
    for (size_t g = 0; g < s->known.n_genes; g++) {
        look(seen, s, w, g);
        const double m = middle(s, g, seen), push = (w->action[g] - m) / s->noise;
        for (size_t i = 0; i < LOOKS; i++)
            s->policy[g * LOOKS + i] += s->rate * gain * push * 4 * m * (1 - m) * seen[i];
    }
}

/* All walks of a batch are known. Gains are in units of their own spread. */
static void update(actor *s)
{
    double square = 0;
    for (size_t i = 0; i < s->n_brood; i++) {
        if (s->walk[i].acted) {
            const double off = advantage(s, &s->walk[i]);
            square += off * off;
        }
    }
    const double spread = sqrt(square / (double)(s->n_brood ? s->n_brood : 1));
    for (size_t i = 0; i < s->n_brood && spread > 0; i++)
        if (s->walk[i].acted) {
            double seen[LOOKS];
            look(seen, s, &s->walk[i], 0);
            const double gain = dot(s->critic, seen) -
                                asx_known_cost(&s->known, s->walk[i].number, s->walk[i].weight);
            learn(s, &s->walk[i], gain / spread);
        }
    s->noise = fmax(s->noise * s->decay, s->least_noise);
}

static asx_status tell(void *state, size_t n, const asx_gene *point, const double *objective,
                       const double *violation, asx_error *err)
{
    (void)point, (void)err;
    actor *s = state;
    for (size_t i = 0; i < n; i++, s->n_told++)
        asx_known_tell(&s->known, s->walk[s->n_told].number, objective + i * s->known.d,
                       violation[i]);
    if (s->n_told == s->n_brood)
        update(s);
    return ASX_OK;
}

const asx_searcher_type asx_searcher_actor = {
    .name = "actor",
    .summary = "an actor that walks over the layers and learns by REINFORCE",
    .params = params,
    .state_size = sizeof(actor),
    .init = init,
    .ask = ask,
    .tell = tell,
    .fini = fini,
};
