/* NSGA-II: Deb, Pratap, Agarwal and Meyarivan, IEEE TEVC 6 (2), 2002, with operators for formats.
 *
 * Differences from the paper: no point is proposed twice; uniform crossover; a mutated gene is
 * drawn anew or, to stay near, is the nearest of several draws. Constraints: Deb's rule, violation
 * first. Every random number is a function of (seed, child, draw), so batches and threads cannot
 * matter. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "dse/seed.h"
#include "order.h"
#include "point_set.h"
#include "sampler.h"
#include "search/pareto.h"
#include "searchers.h"

enum { ATTEMPTS = 16, NEAR_DRAWS = 8 };

typedef struct nsga2 {
    const asx_space *space;
    asx_sampler sampler; /* the first generation, and where crossover finds nothing new */
    uint64_t next_draw;
    uint64_t seed;
    size_t n_genes, n_objectives, population;
    double crossover, mutation, near;
    asx_point_set seen;
    size_t n_parents, n_children; /* rows 0 .. n_parents-1 and n_parents .. of the arrays below */
    size_t n_asked, n_told;       /* of the children */
    uint64_t n_bred;              /* children in all: the stream of the next one */
    /* [2 population] of each */
    asx_gene *point;
    double *objective, *violation, *crowding;
    size_t *rank, *order;
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
    s->population = (size_t)asx_params_get(setup->params, "population");
    s->crossover = asx_params_get(setup->params, "crossover");
    s->mutation = asx_params_get(setup->params, "mutation");
    s->near = asx_params_get(setup->params, "near");
    if (s->mutation <= 0)
        s->mutation = 1 / (double)s->n_genes;
    asx_sampler_init(&s->sampler, setup->space, setup->seed);
    asx_point_set_init(&s->seen, s->n_genes);
    size_t n = 2 * s->population;
    s->point = asx_array_new(n, s->n_genes * sizeof *s->point);
    s->objective = asx_array_new(n, s->n_objectives * sizeof *s->objective);
    s->violation = asx_array_new(n, sizeof *s->violation);
    s->crowding = asx_array_new(n, sizeof *s->crowding);
    s->rank = asx_array_new(n, sizeof *s->rank);
    s->order = asx_array_new(n, sizeof *s->order);
    if (!s->point || !s->objective || !s->violation || !s->crowding || !s->rank || !s->order)
        return asx_fail(err, ASX_ENOMEM, "nsga2: out of memory for a population of %zu",
                        s->population);
    return ASX_OK;
}

static void fini(void *state)
{
    nsga2 *s = state;
    asx_point_set_fini(&s->seen);
    free(s->point);
    free(s->objective);
    free(s->violation);
    free(s->crowding);
    free(s->rank);
    free(s->order);
}

typedef struct dice {
    uint64_t seed, stream, index;
} dice;

static double roll(dice *d)
{
    return asx_seed_uniform(d->seed, d->stream, d->index++);
}

static size_t roll_below(dice *d, size_t n)
{
    return (size_t)asx_seed_below(d->seed, d->stream, d->index++, n);
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
static asx_gene mutate_near(const nsga2 *s, dice *d, size_t gene, asx_gene old)
{
    size_t n, n_choices = asx_space_choices(s->space, gene);
    const asx_format *format = asx_space_formats(s->space, &n);
    asx_gene best = old;
    unsigned least = 0;
    for (size_t i = 0; i < NEAR_DRAWS; i++) {
        asx_gene value = (asx_gene)roll_below(d, n_choices);
        unsigned distance = word_distance(&format[value].weight, &format[old].weight) +
                            word_distance(&format[value].activation, &format[old].activation);
        if (value != old && (best == old || distance < least)) {
            best = value;
            least = distance;
        }
    }
    return best;
}

/* Binary tournament by rank, then crowding. */
static const asx_gene *choose_parent(const nsga2 *s, dice *d)
{
    size_t a = roll_below(d, s->n_parents), b = roll_below(d, s->n_parents);
    bool second =
        s->rank[b] < s->rank[a] || (s->rank[b] == s->rank[a] && s->crowding[b] > s->crowding[a]);
    return s->point + (second ? b : a) * s->n_genes;
}

static void breed(const nsga2 *s, dice *d, asx_gene *child)
{
    const asx_gene *mother = choose_parent(s, d), *father = choose_parent(s, d);
    bool cross = roll(d) < s->crossover;
    for (size_t g = 0; g < s->n_genes; g++) {
        child[g] = cross && roll(d) < 0.5 ? father[g] : mother[g];
        if (roll(d) >= s->mutation)
            continue;
        if (g > 0 && roll(d) < s->near)
            child[g] = mutate_near(s, d, g, child[g]);
        else
            child[g] = (asx_gene)roll_below(d, asx_space_choices(s->space, g));
    }
}

/* A new point: bred, or else the next unseen draw. `*added` false: the space is exhausted. */
static asx_status propose(nsga2 *s, asx_gene *child, bool *added, asx_error *err)
{
    bool ok = true;
    *added = false;
    dice d = {s->seed, ++s->n_bred, 0};
    for (size_t i = 0; ok && !*added && s->n_parents > 1 && i < ATTEMPTS; i++) {
        breed(s, &d, child);
        ok = asx_point_set_add(&s->seen, child, added);
    }
    while (ok && !*added && asx_sampler_point(child, &s->sampler, s->next_draw)) {
        s->next_draw++;
        ok = asx_point_set_add(&s->seen, child, added);
    }
    return ok ? ASX_OK : asx_fail(err, ASX_ENOMEM, "nsga2: out of memory");
}

static asx_status next_generation(nsga2 *s, asx_error *err)
{
    s->n_children = s->n_asked = s->n_told = 0;
    bool added = true;
    while (added && s->n_children < s->population) {
        asx_gene *child = s->point + (s->n_parents + s->n_children) * s->n_genes;
        asx_status status = propose(s, child, &added, err);
        if (status != ASX_OK)
            return status;
        s->n_children += added;
    }
    return ASX_OK;
}

static asx_status ask(void *state, size_t max, asx_gene *point, size_t *n, asx_error *err)
{
    nsga2 *s = state;
    if (s->n_told == s->n_children) {
        asx_status status = next_generation(s, err);
        if (status != ASX_OK)
            return status;
    }
    size_t left = s->n_children - s->n_asked, count = left < max ? left : max;
    memcpy(point, s->point + (s->n_parents + s->n_asked) * s->n_genes,
           count * s->n_genes * sizeof *point);
    s->n_asked += count;
    *n = count;
    return ASX_OK;
}

/* Crowding distance within one front, whose rows are `front` [n]; reorders `front`. */
static bool crowd(nsga2 *s, size_t *front, size_t n)
{
    const size_t d = s->n_objectives;
    for (size_t i = 0; i < n; i++)
        s->crowding[front[i]] = 0;
    for (size_t j = 0; j < d; j++) {
        const double *value = s->objective + j;
        if (!asx_order_rows(front, n, value, d, 1))
            return false;
        double span = value[front[n - 1] * d] - value[front[0] * d];
        s->crowding[front[0]] = s->crowding[front[n - 1]] = INFINITY;
        for (size_t i = 1; i + 1 < n && span > 0; i++)
            s->crowding[front[i]] += (value[front[i + 1] * d] - value[front[i - 1] * d]) / span;
    }
    return true;
}

static int compare_numbers(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

/* The whole fronts that fit come first in `order`; of the one that does not, the least crowded. */
static asx_status sort_generation(nsga2 *s, size_t n, asx_error *err)
{
    asx_status status =
        asx_pareto_ranks(s->rank, s->objective, s->violation, n, s->n_objectives, err);
    if (status != ASX_OK)
        return status;
    size_t filled = 0;
    for (size_t rank = 0; filled < s->population && filled < n; rank++) {
        size_t *front = s->order + filled, n_front = 0;
        for (size_t i = 0; i < n; i++)
            if (s->rank[i] == rank)
                front[n_front++] = i;
        bool ok = crowd(s, front, n_front);
        if (ok && filled + n_front > s->population) {
            for (size_t i = 0; i < n; i++)
                s->crowding[i] = -s->crowding[i];
            qsort(front, n_front, sizeof *front, compare_numbers);
            ok = asx_order_rows(front, n_front, s->crowding, 1, 1);
            for (size_t i = 0; i < n; i++)
                s->crowding[i] = -s->crowding[i];
        }
        if (!ok)
            return asx_fail(err, ASX_ENOMEM, "nsga2: out of memory");
        filled += n_front;
    }
    return ASX_OK;
}

/* The best of parents and children become the parents; row numbers ascend, so rows move down. */
static asx_status select_parents(nsga2 *s, asx_error *err)
{
    size_t n = s->n_parents + s->n_children, d = s->n_objectives;
    asx_status status = sort_generation(s, n, err);
    if (status != ASX_OK)
        return status;
    size_t kept = n < s->population ? n : s->population;
    qsort(s->order, kept, sizeof *s->order, compare_numbers);
    for (size_t i = 0; i < kept; i++) {
        size_t from = s->order[i];
        memmove(s->point + i * s->n_genes, s->point + from * s->n_genes,
                s->n_genes * sizeof *s->point);
        memmove(s->objective + i * d, s->objective + from * d, d * sizeof *s->objective);
        s->violation[i] = s->violation[from];
        s->crowding[i] = s->crowding[from];
        s->rank[i] = s->rank[from];
    }
    s->n_parents = kept;
    s->n_children = s->n_asked = s->n_told = 0;
    return ASX_OK;
}

static asx_status tell(void *state, size_t n, const asx_gene *point, const double *objective,
                       const double *violation, asx_error *err)
{
    (void)point;
    nsga2 *s = state;
    size_t row = s->n_parents + s->n_told;
    memcpy(s->objective + row * s->n_objectives, objective,
           n * s->n_objectives * sizeof *objective);
    memcpy(s->violation + row, violation, n * sizeof *violation);
    s->n_told += n;
    return s->n_told < s->n_children ? ASX_OK : select_parents(s, err);
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
