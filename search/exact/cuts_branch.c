/* Branch and bound over layers for small spaces. A node has fixed the choices of the first groups; what any completion has is
 * bounded from below by
 *
 *   damage     the best completion of each plane
 *   objective  the best completion, with the leakage of an empty array
 *   both       the best completion of plane + price x objective, at the price of the plane
 *
 * A design can join those found only if it lies below and left of a corner of their staircase, between two that follow each
 * other. Where no corner is above all bounds, no completion does. */
#include <math.h>
#include <stdlib.h>

#include "cuts_private.h"
#include "dse/memory.h"

static const double UNIT =
    1e-12; /* of sums of costs and of bounds of both: what doubles lose, many times over */
enum { PATIENCE = 64 }; /* designs and nodes between two looks for a stop */

/* A placement under way. */
typedef struct branch {
    asx_cuts *s;
    size_t placement;
    double *own;  /* [n_all] of the objective, with the least leakage there is */
    double *rest; /* [n_groups + 1] least of the objective of the groups from one on */
    double *damage_rest, *both_rest; /* [n_groups + 1][n_cuts] */
    double *damage,
        *both; /* [n_groups + 1][n_cuts] of the choices fixed: plane, and plane + price x objective */
    double *sum;      /* [n_groups + 1] of the objective */
    uint16_t *choice; /* [n_groups] */
    size_t count;
} branch;

static asx_status no_memory(asx_error *err)
{
    return asx_fail(err, ASX_ENOMEM, "no memory for an exact search");
}

static void branch_fini(branch *b)
{
    free(b->own);
    free(b->rest);
    free(b->damage_rest);
    free(b->both_rest);
    free(b->damage);
    free(b->both);
    free(b->sum);
    free(b->choice);
}

/* The bounds of completions, from the last group on. */
static void complete(branch *b)
{
    const asx_cuts *s = b->s;
    const size_t n = s->n_cuts;
    for (size_t g = s->m->n_groups; g-- > 0;) {
        double least = INFINITY;
        for (size_t i = s->first[g]; i < s->first[g + 1]; i++)
            least = fmin(least, b->own[i]);
        b->rest[g] = least + b->rest[g + 1];
        for (size_t k = 0; k < n; k++) {
            const asx_cut *cut = &s->cut[k];
            double damage = INFINITY, both = INFINITY;
            for (size_t i = s->first[g]; i < s->first[g + 1]; i++) {
                damage = fmin(damage, cut->slope[i]);
                both = fmin(both, cut->slope[i] + cut->price * b->own[i]);
            }
            b->damage_rest[g * n + k] = damage + b->damage_rest[(g + 1) * n + k];
            b->both_rest[g * n + k] = both + b->both_rest[(g + 1) * n + k];
        }
    }
}

/* What every array of the placement leaks at least. */
static asx_status find_least_rate(double *rate, const asx_cuts *s, size_t placement, asx_error *err)
{
    const asx_separable *m = s->m;
    const asx_need_set none = {{0}};
    double bits = 0, area = 0;
    for (size_t g = 0; g < m->n_groups; g++) {
        double least = INFINITY;
        for (size_t i = 0; i < m->n_choices[g]; i++)
            least = fmin(least, m->choice[placement * m->n_groups + g][i].weight_bits);
        bits += least;
    }
    return m->share(rate, &area, m->state, placement, &none, bits, err);
}

static asx_status branch_init(branch *b, asx_cuts *s, size_t placement, asx_error *err)
{
    const asx_separable *m = s->m;
    const size_t n_groups = m->n_groups, n = (n_groups + 1) * (s->n_cuts + 1);
    double rate = 0;
    *b = (branch){.s = s, .placement = placement};
    b->own = asx_array_new(s->n_all, sizeof *b->own);
    b->rest = asx_array_new(n_groups + 1, sizeof *b->rest);
    b->damage_rest = asx_array_new(n, sizeof *b->damage_rest);
    b->both_rest = asx_array_new(n, sizeof *b->both_rest);
    b->damage = asx_array_new(n, sizeof *b->damage);
    b->both = asx_array_new(n, sizeof *b->both);
    b->sum = asx_array_new(n_groups + 1, sizeof *b->sum);
    b->choice = asx_array_new(n_groups, sizeof *b->choice);
    if (!b->own || !b->rest || !b->damage_rest || !b->both_rest || !b->damage || !b->both ||
        !b->sum || !b->choice)
        return no_memory(err);
    const asx_status status = find_least_rate(&rate, s, placement, err);
    for (size_t g = 0; g < n_groups; g++)
        for (size_t i = s->first[g]; i < s->first[g + 1]; i++)
            b->own[i] =
                (1 - UNIT) *
                asx_cuts_own(s, &m->choice[placement * n_groups + g][i - s->first[g]], rate);
    for (size_t k = 0; k < s->n_cuts; k++)
        b->damage[k] = b->both[k] = s->cut[k].constant;
    complete(b);
    return status;
}

/* The largest of the planes' bounds of the damage. */
static double least_damage(const branch *b, size_t g)
{
    const size_t n = b->s->n_cuts;
    double most = 0;
    for (size_t k = 0; k < n; k++)
        most = fmax(most, b->damage[g * n + k] + b->damage_rest[g * n + k]);
    return most;
}

/* Whether a point below and left of a corner keeps all bounds of both. */
static bool corner_is_open(const branch *b, size_t g, double damage, double objective)
{
    const asx_cuts *s = b->s;
    const size_t n = s->n_cuts;
    for (size_t k = 0; k < n; k++) {
        const double bound = b->both[g * n + k] + b->both_rest[g * n + k];
        const double there = damage + s->cut[k].price * objective;
        if (bound - UNIT * (fabs(bound) + fabs(there)) >= there)
            return false;
    }
    return true;
}

/* Whether a completion could join those found. */
static bool is_open(const branch *b, size_t g)
{
    const asx_incumbent *f = &b->s->found;
    const double damage = least_damage(b, g), objective = b->sum[g] + b->rest[g];
    const double limit = b->s->limit, cost = b->s->p->limits.max[b->s->p->objective];
    if (damage > limit || objective > cost)
        return false;
    /* corner j: what has less damage than row j, and less of the objective than the row before it */
    for (size_t j = asx_incumbent_find(f, damage); j <= f->n; j++) {
        const double right = j < f->n ? f->value[2 * j] : limit;
        const double top = j > 0 ? f->value[2 * j - 1] : INFINITY;
        if (objective >= top) /* as of all corners to the right */
            return false;
        if (damage <= right && corner_is_open(b, g, right, top))
            return true;
    }
    return false;
}

/* A design: its own cost first. */
static asx_status look(const branch *b, asx_error *err)
{
    asx_cuts *s = b->s;
    double objective[ASX_N_OBJECTIVES];
    const asx_incumbent *f = &s->found;
    const asx_status status = asx_cuts_price(objective, s, b->placement, b->choice, err);
    if (status != ASX_OK || !asx_cuts_feasible(s, objective))
        return status;
    const size_t at = asx_incumbent_find(f, least_damage(b, s->m->n_groups));
    if (at > 0 && f->value[2 * at - 1] <= objective[s->p->objective])
        return ASX_OK;
    return asx_cuts_value(s, b->placement, b->choice, err);
}

static void fix(branch *b, size_t g, size_t i)
{
    const asx_cuts *s = b->s;
    const size_t n = s->n_cuts, at = s->first[g] + i;
    b->choice[g] = (uint16_t)i;
    b->sum[g + 1] = b->sum[g] + b->own[at];
    for (size_t k = 0; k < n; k++) {
        const asx_cut *cut = &s->cut[k];
        b->damage[(g + 1) * n + k] = b->damage[g * n + k] + cut->slope[at];
        b->both[(g + 1) * n + k] = b->both[g * n + k] + cut->slope[at] + cut->price * b->own[at];
    }
}

static bool is_stopped(branch *b)
{
    return b->count++ % PATIENCE == 0 ? asx_cuts_stop(b->s) : b->s->interrupted;
}

/* All designs, one group a level; the choice of a level says where it is. */
static asx_status walk(branch *b, asx_error *err)
{
    const asx_cuts *s = b->s;
    const size_t n_groups = s->m->n_groups;
    size_t *next = asx_array_new(n_groups, sizeof *next), g = 0;
    asx_status status = next ? ASX_OK : no_memory(err);
    while (status == ASX_OK && !is_stopped(b)) {
        if (next[g] == s->m->n_choices[g]) {
            next[g] = 0;
            if (g-- == 0)
                break;
            continue;
        }
        fix(b, g, next[g]++);
        if (!is_open(b, g + 1))
            continue;
        if (g + 1 == n_groups)
            status = look(b, err);
        else
            g++;
    }
    free(next);
    return status;
}

asx_status asx_cuts_branch(bool *ended, asx_cuts *s, asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t k = 0; status == ASX_OK && k < s->m->n_placements && !asx_cuts_stop(s); k++) {
        branch b;
        status = branch_init(&b, s, k, err);
        if (status == ASX_OK)
            status = walk(&b, err);
        s->n_nodes += b.count;
        branch_fini(&b);
    }
    *ended = status == ASX_OK && !s->interrupted;
    return status;
}
