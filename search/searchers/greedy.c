/* Greedy descent by iterative lowering, the usual baseline of papers on mixed precision: from the richest formats on,
 * of all single steps to a neighbouring format the one is taken that gains most per point of
 * accuracy, until none gains anything. Once for every placement. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "neighbours.h"
#include "point_set.h"
#include "searchers.h"
#include "traits.h"

typedef struct greedy {
    const asx_space *space;
    size_t n_genes, d, damage; /* damage: the objective that steps are to spare */
    asx_neighbours neighbours;
    asx_point_set seen; /* designs are numbers of it */
    double *value;      /* [seen][d] */
    bool *visited;      /* [seen]: it was the present design */
    size_t value_capacity, visited_capacity;
    size_t *candidate; /* of the next step; the first is the start, if there is no present design */
    size_t *fresh;     /* those of them that must be asked for */
    size_t n_candidates, n_fresh, n_asked, n_told, candidate_capacity, fresh_capacity;
    bool begun; /* there is a present design */
    size_t present, placement;
    asx_gene *work; /* [n_genes] */
} greedy;

static asx_status init(void *state, const asx_searcher_setup *setup, asx_error *err)
{
    greedy *s = state;
    s->space = setup->space;
    s->n_genes = asx_space_n_genes(setup->space);
    s->d = setup->n_objectives;
    for (size_t j = 0; setup->objective && j < s->d; j++)
        if (setup->objective[j] == ASX_DROP)
            s->damage = j;
    asx_point_set_init(&s->seen, s->n_genes);
    s->work = asx_array_new(s->n_genes, sizeof *s->work);
    if (!s->work)
        return asx_fail(err, ASX_ENOMEM, "no memory for a greedy search");
    return asx_neighbours_init(&s->neighbours, setup->space, err);
}

static void fini(void *state)
{
    greedy *s = state;
    asx_neighbours_fini(&s->neighbours);
    asx_point_set_fini(&s->seen);
    free(s->value);
    free(s->visited);
    free(s->candidate);
    free(s->fresh);
    free(s->work);
}

/* Adds the design in `work` to the candidates. @return false without memory */
static bool add_candidate(greedy *s)
{
    size_t number = s->seen.n;
    bool added = false;
    if (!asx_point_set_find(&number, &s->seen, s->work) &&
        !asx_point_set_add(&s->seen, s->work, &added))
        return false;
    void *candidate = asx_array_grow(s->candidate, &s->candidate_capacity, s->n_candidates + 1,
                                     sizeof *s->candidate);
    s->candidate = candidate ? candidate : s->candidate;
    void *fresh = asx_array_grow(s->fresh, &s->fresh_capacity, s->n_fresh + 1, sizeof *s->fresh);
    s->fresh = fresh ? fresh : s->fresh;
    void *value = asx_array_grow(s->value, &s->value_capacity, s->seen.n * s->d, sizeof *s->value);
    s->value = value ? value : s->value;
    void *visited = asx_array_grow(s->visited, &s->visited_capacity, s->seen.n, sizeof *s->visited);
    s->visited = visited ? visited : s->visited;
    if (!candidate || !fresh || !value || !visited)
        return false;
    s->candidate[s->n_candidates++] = number;
    if (added) {
        s->visited[number] = false;
        s->fresh[s->n_fresh++] = number;
    }
    return true;
}

static bool list_start(greedy *s)
{
    size_t n, best = 0;
    const asx_format *format = asx_space_formats(s->space, &n);
    for (size_t i = 1; i < n; i++)
        if (asx_format_richer(&format[i], &format[best]))
            best = i;
    for (size_t g = 0; g < s->n_genes; g++)
        s->work[g] = (asx_gene)(g > 0 ? best : s->placement);
    return add_candidate(s);
}

static asx_status list_steps(greedy *s, asx_error *err)
{
    for (size_t g = 1; g < s->n_genes; g++) {
        const asx_gene *near;
        size_t n;
        const asx_gene old = s->seen.point[s->present * s->n_genes + g];
        const asx_status status = asx_neighbours_find(&near, &n, &s->neighbours, old, err);
        if (status != ASX_OK)
            return status;
        for (size_t i = 0; i < n; i++) {
            memcpy(s->work, s->seen.point + s->present * s->n_genes, s->n_genes * sizeof *s->work);
            s->work[g] = near[i];
            if (!add_candidate(s))
                return asx_fail(err, ASX_ENOMEM, "no memory for a greedy search");
        }
    }
    return ASX_OK;
}

/* What a step from a to b gains in the other objectives, relative to a. */
static double gain(const greedy *s, const double *a, const double *b)
{
    double sum = 0;
    for (size_t j = 0; j < s->d; j++)
        if (s->d == 1 || j != s->damage)
            sum += (a[j] - b[j]) / fmax(fabs(a[j]), 1e-300);
    return sum;
}

/* The candidate that gains most per damage becomes the present design. @return whether one gains */
static bool take_step(greedy *s)
{
    const double *now = s->value + s->present * s->d;
    double most = 0, most_free = 0;
    size_t best = 0;
    for (size_t i = 0; i < s->n_candidates; i++) {
        const size_t c = s->candidate[i];
        const double *value = s->value + c * s->d, gained = gain(s, now, value);
        const double lost = s->d > 1 ? value[s->damage] - now[s->damage] : 0;
        if (s->visited[c] || gained <= 0)
            continue;
        /* steps without damage come before all others */
        if (lost <= 0 ? gained > most_free : most_free <= 0 && gained / lost > most) {
            best = c;
            *(lost <= 0 ? &most_free : &most) = lost <= 0 ? gained : gained / lost;
        }
    }
    if (most <= 0 && most_free <= 0)
        return false;
    s->present = best;
    return true;
}

/* All candidates are known: the next ones. */
static asx_status advance(greedy *s, asx_error *err)
{
    if (!s->begun && s->n_candidates > 0) {
        s->begun = true;
        s->present = s->candidate[0];
    } else if (s->begun && !take_step(s)) {
        s->begun = false;
        s->placement++;
    }
    s->n_candidates = s->n_fresh = s->n_asked = s->n_told = 0;
    if (!s->begun)
        return s->placement == asx_space_choices(s->space, 0) || list_start(s)
                   ? ASX_OK
                   : asx_fail(err, ASX_ENOMEM, "no memory for a greedy search");
    s->visited[s->present] = true;
    return list_steps(s, err);
}

static asx_status ask(void *state, size_t max, asx_gene *point, size_t *n, asx_error *err)
{
    greedy *s = state;
    const size_t n_placements = asx_space_choices(s->space, 0);
    while (s->n_asked == s->n_fresh && s->placement < n_placements) {
        const asx_status status = advance(s, err);
        if (status != ASX_OK)
            return status;
    }
    const size_t left = s->n_fresh - s->n_asked;
    *n = left < max ? left : max;
    for (size_t i = 0; i < *n; i++, s->n_asked++)
        memcpy(point + i * s->n_genes, s->seen.point + s->fresh[s->n_asked] * s->n_genes,
               s->n_genes * sizeof *point);
    return ASX_OK;
}

static asx_status tell(void *state, size_t n, const asx_gene *point, const double *objective,
                       const double *violation, asx_error *err)
{
    (void)point, (void)violation, (void)err;
    greedy *s = state;
    for (size_t i = 0; i < n; i++, s->n_told++)
        memcpy(s->value + s->fresh[s->n_told] * s->d, objective + i * s->d,
               s->d * sizeof *objective);
    return ASX_OK;
}

const asx_searcher_type asx_searcher_greedy = {
    .name = "greedy",
    .summary = "lowers one layer's format at a time, the one that gains most per accuracy lost",
    .state_size = sizeof(greedy),
    .init = init,
    .ask = ask,
    .tell = tell,
    .fini = fini,
};
