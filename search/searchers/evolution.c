#include "search/evolution.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "dse/pareto.h"
#include "population.h"

enum {
    ATTEMPTS = 8, /* at a child that is neither of its parents */
    ALIKE =
        2 /* parents of the same objectives, at most: genes of no effect would fill a population with one design */
};

struct asx_evolution {
    asx_evolution_spec spec;
    asx_population people; /* members are slots */
    asx_gene *slot;        /* [2 population][n_genes] */
    bool *taken;           /* [2 population] */
    const asx_gene **child;
    size_t *child_slot;
    size_t n_children;
    uint64_t n_told; /* the stream of the next child's dice, less one */
};

static asx_status check_traits(const asx_evolution_spec *s, asx_error *err)
{
    for (size_t g = 0; g < s->n_genes; g++) {
        const asx_trait *t = &s->trait[g];
        const bool power = (t->choices & (t->choices - 1)) == 0;
        if (t->choices < 1 || t->choices > 65536 || t->rest >= t->choices ||
            (t->kind == ASX_TRAIT_BITS && !power))
            return asx_fail(err, ASX_EINVAL, "evolution: gene %zu of %u choices, rest %u", g,
                            t->choices, t->rest);
        for (size_t i = 0; i < s->n_start; i++)
            if (s->start[i * s->n_genes + g] >= t->choices)
                return asx_fail(err, ASX_EINVAL,
                                "evolution: gene %zu of start %zu is %u, not below %u", g, i,
                                s->start[i * s->n_genes + g], t->choices);
    }
    return ASX_OK;
}

static asx_status check(const asx_evolution_spec *s, asx_error *err)
{
    if (s->n_genes == 0 || s->n_objectives == 0 || s->n_objectives > ASX_PARETO_DIMS_MAX)
        return asx_fail(err, ASX_EINVAL, "evolution: %zu genes and %zu objectives", s->n_genes,
                        s->n_objectives);
    if (s->population < 4 || s->children < 1 || s->children > s->population)
        return asx_fail(
            err, ASX_EINVAL,
            "evolution: population %zu, not 4 or more, with %zu children, not 1 to that",
            s->population, s->children);
    if (s->n_start < 2 || s->n_start > s->population)
        return asx_fail(err, ASX_EINVAL, "evolution: begins with %zu, not 2 to %zu", s->n_start,
                        s->population);
    if (!(s->crossover >= 0 && s->crossover <= 1 && s->whole >= 0 && s->whole <= 1 &&
          s->resting >= 0 && s->resting <= 1 && s->mutations >= 1 && s->mutations <= 1e6))
        return asx_fail(err, ASX_EINVAL, "evolution: a probability is not 0 to 1, or mutations %g",
                        s->mutations);
    return check_traits(s, err);
}

asx_status asx_evolution_new(asx_evolution **out, const asx_evolution_spec *spec, asx_error *err)
{
    asx_status status = check(spec, err);
    if (status != ASX_OK)
        return status;
    asx_evolution *e = asx_array_new(1, sizeof *e);
    if (!e)
        return asx_fail(err, ASX_ENOMEM, "no memory for an evolution");
    const size_t n = 2 * spec->population;
    e->spec = *spec;
    e->slot = asx_array_new(n, spec->n_genes * sizeof *e->slot);
    e->taken = asx_array_new(n, sizeof *e->taken);
    e->child = asx_array_new(spec->population, sizeof(const asx_gene *));
    e->child_slot = asx_array_new(spec->population, sizeof *e->child_slot);
    status = e->slot && e->taken && e->child && e->child_slot
                 ? asx_population_init(&e->people, spec->population, spec->n_objectives, err)
                 : asx_fail(err, ASX_ENOMEM, "no memory for a population of %zu", spec->population);
    if (status != ASX_OK)
        asx_evolution_free(e);
    else
        *out = e;
    return status;
}

void asx_evolution_free(asx_evolution *e)
{
    if (!e)
        return;
    asx_population_fini(&e->people);
    free(e->slot);
    free(e->taken);
    free(e->child);
    free(e->child_slot);
    free(e);
}

static asx_gene *genome(const asx_evolution *e, size_t slot)
{
    return e->slot + slot * e->spec.n_genes;
}

/* ---- operators ---- */

/* Uniform crossover, of genes or of whole blocks. */
static void cross(const asx_evolution *e, asx_dice *d, asx_gene *child, const asx_gene *father)
{
    const asx_evolution_spec *s = &e->spec;
    const bool whole = asx_dice_roll(d) < s->whole;
    bool take = false;
    for (size_t g = 0; g < s->n_genes; g++) {
        const bool fresh = g == 0 || s->trait[g].block != s->trait[g - 1].block;
        if (!whole || fresh)
            take = asx_dice_roll(d) < 0.5;
        if (take)
            child[g] = father[g];
    }
}

/* Half of the steps go to the next value, others further, the larger the rarer; all directions are alike. */
static asx_gene step(asx_dice *d, const asx_trait *t, asx_gene value)
{
    const double most = log((double)t->choices), u = asx_dice_roll(d);
    const double size = u < 0.5 ? 1 : floor(exp(most * asx_dice_roll(d)));
    const double to = (double)value + (asx_dice_roll(d) < 0.5 ? -size : size);
    return (asx_gene)(to < 0 ? 0 : to > t->choices - 1 ? t->choices - 1 : to);
}

static asx_gene change(const asx_evolution *e, asx_dice *d, const asx_trait *t, asx_gene value)
{
    if (t->choices == 1 || asx_dice_roll(d) < e->spec.resting)
        return t->rest;
    if (t->kind == ASX_TRAIT_ORDER)
        return step(d, t, value);
    size_t bits = 0;
    while ((1u << (bits + 1)) <= t->choices)
        bits++;
    return (asx_gene)(value ^ (1u << asx_dice_below(d, bits)));
}

/* As many genes as a geometric distribution says. */
static void mutate(const asx_evolution *e, asx_dice *d, asx_gene *child)
{
    const double more = 1 - 1 / e->spec.mutations;
    do {
        const size_t g = asx_dice_below(d, e->spec.n_genes);
        child[g] = change(e, d, &e->spec.trait[g], child[g]);
    } while (asx_dice_roll(d) < more);
}

static void breed(const asx_evolution *e, asx_gene *child, uint64_t number)
{
    const size_t bytes = e->spec.n_genes * sizeof *child;
    asx_dice d = {e->spec.seed, number + 1, 0};
    for (int i = 0; i < ATTEMPTS; i++) {
        size_t pair[2];
        asx_population_draw(pair, &e->people, &d);
        const asx_gene *mother = genome(e, pair[0]), *father = genome(e, pair[1]);
        memcpy(child, mother, bytes);
        if (asx_dice_roll(&d) < e->spec.crossover)
            cross(e, &d, child, father);
        if (asx_dice_roll(&d) < 0.9)
            mutate(e, &d, child);
        if (memcmp(child, mother, bytes) != 0 && memcmp(child, father, bytes) != 0)
            return;
    }
}

/* ---- generations ---- */

void asx_evolution_ask(asx_evolution *e, const asx_gene ***point, size_t *n)
{
    const asx_evolution_spec *s = &e->spec;
    const bool first = e->people.n_parents == 0;
    e->n_children = first ? s->n_start : s->children;
    size_t slot = 0;
    for (size_t i = 0; i < e->n_children; i++, slot++) {
        while (e->taken[slot])
            slot++;
        e->child_slot[i] = slot;
        e->child[i] = genome(e, slot);
        if (first)
            memcpy(genome(e, slot), s->start + i * s->n_genes, s->n_genes * sizeof *s->start);
        else
            breed(e, genome(e, slot), e->n_told + i);
    }
    *point = e->child;
    *n = e->n_children;
}

static bool alike(const asx_evolution *e, size_t a, size_t b)
{
    const size_t d = e->spec.n_objectives;
    const double *x = e->people.objective + a * d, *y = e->people.objective + b * d;
    double apart = fabs(e->people.violation[a] - e->people.violation[b]);
    for (size_t j = 0; j < d; j++)
        apart += fabs(x[j] - y[j]);
    return !(apart > 0);
}

/* How many rows first .. end - 1 are alike, as far as it matters. */
static size_t count_alike(const asx_evolution *e, size_t row, size_t first, size_t end)
{
    size_t n = 0;
    for (size_t k = first; k < end && n < ALIKE; k++)
        n += alike(e, row, k);
    return n;
}

/* Takes rows out of which there are enough alike behind them: the younger stay, so that genes of no effect may drift. */
static void drop_alike(asx_evolution *e)
{
    asx_population *p = &e->people;
    const size_t n = p->n_parents + p->n_children, d = p->n_objectives;
    size_t kept = n, young = n; /* kept rows gather at the end, from `young` on those of children */
    for (size_t i = n; i-- > 0;) {
        size_t same = count_alike(e, i, young, n);
        if (same > 0 && same < ALIKE) /* parents are few of a kind already, without a child */
            same += count_alike(e, i, kept, young);
        if (same >= ALIKE) {
            p->n_parents -= i < p->n_parents;
            continue;
        }
        kept--;
        young = i >= p->n_parents ? kept : young;
        p->member[kept] = p->member[i];
        p->violation[kept] = p->violation[i];
        memmove(p->objective + kept * d, p->objective + i * d, d * sizeof *p->objective);
    }
    memmove(p->member, p->member + kept, (n - kept) * sizeof *p->member);
    memmove(p->violation, p->violation + kept, (n - kept) * sizeof *p->violation);
    memmove(p->objective, p->objective + kept * d, (n - kept) * d * sizeof *p->objective);
    p->n_children = n - kept - p->n_parents;
}

static asx_status select_parents(asx_evolution *e, asx_error *err)
{
    drop_alike(e);
    const asx_status status = asx_population_select(&e->people, err);
    memset(e->taken, 0, 2 * e->spec.population * sizeof *e->taken);
    for (size_t i = 0; status == ASX_OK && i < e->people.n_parents; i++)
        e->taken[e->people.member[i]] = true;
    return status;
}

asx_status asx_evolution_tell(asx_evolution *e, const double *objective, const double *violation,
                              asx_error *err)
{
    for (size_t i = 0; i < e->n_children; i++)
        asx_population_add(&e->people, e->child_slot[i], objective + i * e->spec.n_objectives,
                           violation[i]);
    e->n_told += e->n_children;
    e->n_children = 0;
    return select_parents(e, err);
}

uint64_t asx_evolution_told(const asx_evolution *e)
{
    return e->n_told;
}

size_t asx_evolution_size(const asx_evolution *e)
{
    return e->people.n_parents;
}

const asx_gene *asx_evolution_point(const asx_evolution *e, size_t i)
{
    return genome(e, e->people.member[i]);
}

const double *asx_evolution_objective(const asx_evolution *e, size_t i)
{
    return e->people.objective + i * e->spec.n_objectives;
}

double asx_evolution_violation(const asx_evolution *e, size_t i)
{
    return e->people.violation[i];
}

/* ---- as bytes: head, then genome, objectives and violation of every parent ---- */

void asx_evolution_print(asx_text *out, const asx_evolution *e)
{
    const uint64_t head[] = {e->spec.n_genes, e->spec.n_objectives, e->people.n_parents, e->n_told};
    asx_text_add_bytes(out, (const char *)head, sizeof head);
    for (size_t i = 0; i < e->people.n_parents; i++) {
        asx_text_add_bytes(out, (const char *)asx_evolution_point(e, i),
                           e->spec.n_genes * sizeof(asx_gene));
        asx_text_add_bytes(out, (const char *)asx_evolution_objective(e, i),
                           e->spec.n_objectives * sizeof(double));
        asx_text_add_bytes(out, (const char *)&e->people.violation[i], sizeof(double));
    }
}

static bool in_range(const asx_evolution *e, const asx_gene *point)
{
    for (size_t g = 0; g < e->spec.n_genes; g++)
        if (point[g] >= e->spec.trait[g].choices)
            return false;
    return true;
}

asx_status asx_evolution_parse(asx_evolution *e, const char *bytes, size_t n, asx_error *err)
{
    uint64_t head[4] = {0};
    const size_t genes = e->spec.n_genes * sizeof(asx_gene);
    const size_t numbers = (e->spec.n_objectives + 1) * sizeof(double);
    if (n >= sizeof head)
        memcpy(head, bytes, sizeof head);
    if (head[0] != e->spec.n_genes || head[1] != e->spec.n_objectives ||
        head[2] > e->spec.population || n != sizeof head + head[2] * (genes + numbers))
        return asx_fail(err, ASX_EPARSE, "these are no bytes of this evolution");
    e->people.n_parents = e->people.n_children = e->n_children = 0;
    bytes += sizeof head;
    for (size_t i = 0; i < head[2]; i++, bytes += genes + numbers) {
        double number[ASX_PARETO_DIMS_MAX + 1];
        memcpy(genome(e, i), bytes, genes);
        memcpy(number, bytes + genes, numbers);
        if (!in_range(e, genome(e, i)))
            return asx_fail(err, ASX_EPARSE, "these are no genomes of this evolution");
        asx_population_add(&e->people, i, number, number[e->spec.n_objectives]);
    }
    e->n_told = head[3];
    return select_parents(e, err);
}
