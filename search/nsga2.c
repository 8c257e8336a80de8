/* NSGA-II: Deb, Pratap, Agarwal and Meyarivan, IEEE TEVC 6 (2), 2002, with operators for formats.
 *
 * Differences from the paper: no point is proposed twice; uniform crossover; a mutated gene is
 * drawn anew or, to stay near, is the nearest of several draws. Constraints: Deb's rule, violation
 * first. Every random number is a function of (seed, child, draw), so batches and threads cannot
 * matter. */
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "point_set.h"
#include "population.h"
#include "sampler.h"
#include "searchers.h"

enum { ATTEMPTS = 16, NEAR_DRAWS = 8 };

typedef struct nsga2 {
    const asx_space *space;
    asx_sampler sampler; /* the first generation, and where crossover finds nothing new */
    uint64_t next_draw;
    uint64_t seed;
    size_t n_genes, n_objectives;
    double crossover, mutation, near;
    asx_point_set seen;    /* members of the population are numbers of it */
    asx_population people; /* who was told */
    size_t *child;         /* [population]: members of the present generation */
    size_t n_children, n_asked;
    uint64_t n_bred; /* children in all: the stream of the next one */
} nsga2;

static const asx_param_spec params[] = {
    {"population", true, 100, 4, 100000, "designs", "size of a generation"},
    {"crossover", false, 0.9, 0, 1, "", "probability that a child has two parents"},
    {"mutation", false, 0, 0, 1, "", "probability that a gene mutates; 0 = one gene on average"},
    {"near", false, 0.8, 0, 1, "", "share of mutations that go to a similar format"},
    {0},
};

static asx_status init(void *state, const asx_searcher_setup *setup, asx_error *err)
{
    nsga2 *s = state;
    s->space = setup->space;
    s->seed = setup->seed;
    s->n_genes = asx_space_n_genes(setup->space);
    s->n_objectives = setup->n_objectives;
    s->crossover = asx_params_get(setup->params, "crossover");
    s->mutation = asx_params_get(setup->params, "mutation");
    s->near = asx_params_get(setup->params, "near");
    if (s->mutation <= 0)
        s->mutation = 1 / (double)s->n_genes;
    asx_sampler_init(&s->sampler, setup->space, setup->seed);
    asx_point_set_init(&s->seen, s->n_genes);
    const size_t population = (size_t)asx_params_get(setup->params, "population");
    s->child = asx_array_new(population, sizeof *s->child);
    if (!s->child)
        return asx_fail(err, ASX_ENOMEM, "nsga2: out of memory for a population of %zu",
                        population);
    return asx_population_init(&s->people, population, s->n_objectives, err);
}

static void fini(void *state)
{
    nsga2 *s = state;
    asx_point_set_fini(&s->seen);
    asx_population_fini(&s->people);
    free(s->child);
}

static unsigned word_distance(const asx_word *a, const asx_word *b)
{
    unsigned bits = a->bits > b->bits ? a->bits - b->bits : b->bits - a->bits;
    asx_alphabet_set both = asx_alphabet_set_union(a->set, b->set);
    unsigned differ = 2 * asx_alphabet_set_count(both) - asx_alphabet_set_count(a->set) -
                      asx_alphabet_set_count(b->set);
    return bits + differ + (a->digits != b->digits) + (a->digit_width != b->digit_width);
}

/* A similar value of a gene: of several draws the one whose format differs least. */
static asx_gene mutate_near(const nsga2 *s, asx_dice *d, size_t gene, asx_gene old)
{
    size_t n, n_choices = asx_space_choices(s->space, gene);
    const asx_format *format = asx_space_formats(s->space, &n);
    asx_gene best = old;
    unsigned least = 0;
    for (size_t i = 0; i < NEAR_DRAWS; i++) {
        asx_gene value = (asx_gene)asx_dice_below(d, n_choices);
        unsigned distance = word_distance(&format[value].weight, &format[old].weight) +
                            word_distance(&format[value].activation, &format[old].activation);
        if (value != old && (best == old || distance < least)) {
            best = value;
            least = distance;
        }
    }
    return best;
}

static void breed(const nsga2 *s, asx_dice *d, asx_gene *child)
{
    size_t pair[2];
    asx_population_draw(pair, &s->people, d);
    const asx_gene *mother = s->seen.point + pair[0] * s->n_genes;
    const asx_gene *father = s->seen.point + pair[1] * s->n_genes;
    bool cross = asx_dice_roll(d) < s->crossover;
    for (size_t g = 0; g < s->n_genes; g++) {
        child[g] = cross && asx_dice_roll(d) < 0.5 ? father[g] : mother[g];
        if (asx_dice_roll(d) >= s->mutation)
            continue;
        if (g > 0 && asx_dice_roll(d) < s->near)
            child[g] = mutate_near(s, d, g, child[g]);
        else
            child[g] = (asx_gene)asx_dice_below(d, asx_space_choices(s->space, g));
    }
}

/* A new point: bred, or else the next unseen draw. `*added` false: the space is exhausted. */
static asx_status propose(nsga2 *s, asx_gene *child, bool *added, asx_error *err)
{
    bool ok = true;
    *added = false;
    asx_dice d = {s->seed, ++s->n_bred, 0};
    for (size_t i = 0; ok && !*added && s->people.n_parents > 1 && i < ATTEMPTS; i++) {
        breed(s, &d, child);
        ok = asx_point_set_add(&s->seen, child, added);
    }
    while (ok && !*added && asx_sampler_point(child, &s->sampler, s->next_draw)) {
        s->next_draw++;
        ok = asx_point_set_add(&s->seen, child, added);
    }
    return ok ? ASX_OK : asx_fail(err, ASX_ENOMEM, "nsga2: out of memory");
}

static asx_status next_generation(nsga2 *s, asx_gene *work, asx_error *err)
{
    s->n_children = s->n_asked = 0;
    bool added = true;
    while (added && s->n_children < s->people.size) {
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

static asx_status tell(void *state, size_t n, const asx_gene *point, const double *objective,
                       const double *violation, asx_error *err)
{
    (void)point;
    nsga2 *s = state;
    for (size_t i = 0; i < n; i++)
        asx_population_add(&s->people, s->child[s->people.n_children],
                           objective + i * s->n_objectives, violation[i]);
    const bool complete = s->people.n_children == s->n_children;
    return complete ? asx_population_select(&s->people, err) : ASX_OK;
}

const asx_searcher_type asx_searcher_nsga2 = {
    .name = "nsga2",
    .summary = "evolution: NSGA-II with operators for number formats",
    .params = params,
    .state_size = sizeof(nsga2),
    .init = init,
    .ask = ask,
    .tell = tell,
    .fini = fini,
};
