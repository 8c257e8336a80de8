/* Branch and bound over layers for small spaces. A node has fixed the choices of the first groups; what any completion has is
 * bounded from below by
 *
 *   damage     the best completion of each plane
 *   objective  the best completion, with the leakage of an empty array
 *   both       the best completion of plane + price x objective, at the price of the plane
 *
 * Nodes get planes of their own, too: what is fixed is no mixture, so these are the closer the more is fixed.
 *
 * A design can join those found only if it lies below and left of a corner of their staircase, between two that follow each
 * other. Where no corner is above all bounds, no completion does. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cuts_private.h"
#include "dse/memory.h"
#include "exact_problem.h"

static const double UNIT =
    1e-12; /* of sums of costs and of bounds of both: what doubles lose, many times over */
enum {
    PATIENCE = 8,   /* designs and nodes between two looks for a stop */
    NODE_PLANES = 3 /* of a node's own, at most */
};
static const double WORTH = 64; /* completions that are worth a plane */

/* A plane and what it bounds. */
typedef struct plane {
    double price;
    double *slope; /* [n_all] */
    double *damage,
        *both; /* [n_groups + 1] of the choices fixed: itself, and with price x objective */
    double *damage_rest, *both_rest; /* [n_groups + 1] least of the groups from one on */
} plane;

/* A placement under way. */
typedef struct branch {
    asx_cuts *s;
    size_t placement;
    double *own;     /* [n_all] of the objective, with the least leakage there is */
    double *rest;    /* [n_groups + 1] least of the objective of the groups from one on */
    double *sum;     /* [n_groups + 1] of the objective */
    double *mixture; /* [n_all] */
    plane *plane; /* [n_cuts + NODE_PLANES x n_groups]: for all designs, then of the nodes above */
    size_t *n_planes; /* [n_groups + 1]: of them, that hold at a depth */
    uint16_t *choice; /* [n_groups] */
    size_t count;
} branch;

static size_t most_planes(const asx_cuts *s)
{
    return s->n_cuts + NODE_PLANES * s->m->n_groups;
}

static void branch_fini(branch *b)
{
    for (size_t k = 0; b->plane && k < most_planes(b->s); k++)
        free(b->plane[k].slope);
    free(b->own);
    free(b->rest);
    free(b->sum);
    free(b->mixture);
    free(b->plane);
    free(b->n_planes);
    free(b->choice);
}

/* Room for a plane: slopes and four sums in one piece. */
static bool make_room(plane *p, const asx_cuts *s)
{
    const size_t n = s->m->n_groups + 1;
    p->slope = asx_array_new(s->n_all + 4 * n, sizeof *p->slope);
    if (!p->slope)
        return false;
    p->damage = p->slope + s->n_all;
    p->both = p->damage + n;
    p->damage_rest = p->both + n;
    p->both_rest = p->damage_rest + n;
    return true;
}

/* The bounds of completions, from the last group on, and of the choices fixed of the first `depth` groups. */
static void complete(plane *p, const branch *b, double constant, size_t depth)
{
    const asx_cuts *s = b->s;
    const size_t n_groups = s->m->n_groups;
    p->damage_rest[n_groups] = p->both_rest[n_groups] = 0;
    for (size_t g = n_groups; g-- > depth;) {
        double damage = INFINITY, both = INFINITY;
        for (size_t i = s->first[g]; i < s->first[g + 1]; i++) {
            damage = fmin(damage, p->slope[i]);
            both = fmin(both, p->slope[i] + p->price * b->own[i]);
        }
        p->damage_rest[g] = damage + p->damage_rest[g + 1];
        p->both_rest[g] = both + p->both_rest[g + 1];
    }
    p->damage[depth] = p->both[depth] = constant;
    for (size_t g = 0; g < depth; g++) {
        const size_t at = s->first[g] + b->choice[g];
        p->damage[depth] += p->slope[at];
        p->both[depth] += p->slope[at] + p->price * b->own[at];
    }
}

static void complete_costs(branch *b)
{
    const asx_cuts *s = b->s;
    for (size_t g = s->m->n_groups; g-- > 0;) {
        double least = INFINITY;
        for (size_t i = s->first[g]; i < s->first[g + 1]; i++)
            least = fmin(least, b->own[i]);
        b->rest[g] = least + b->rest[g + 1];
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
    const size_t n_groups = m->n_groups;
    double rate = 0;
    *b = (branch){.s = s, .placement = placement};
    b->own = asx_array_new(s->n_all, sizeof *b->own);
    b->rest = asx_array_new(n_groups + 1, sizeof *b->rest);
    b->sum = asx_array_new(n_groups + 1, sizeof *b->sum);
    b->mixture = asx_array_new(s->n_all, sizeof *b->mixture);
    b->plane = asx_array_new(most_planes(s), sizeof *b->plane);
    b->n_planes = asx_array_new(n_groups + 1, sizeof *b->n_planes);
    b->choice = asx_array_new(n_groups, sizeof *b->choice);
    bool room = b->own && b->rest && b->sum && b->mixture && b->plane && b->n_planes && b->choice;
    for (size_t k = 0; room && k < most_planes(s); k++)
        room = make_room(&b->plane[k], s);
    if (!room)
        return asx_exact_out_of_memory(err);
    const asx_status status = find_least_rate(&rate, s, placement, err);
    for (size_t g = 0; g < n_groups; g++)
        for (size_t i = s->first[g]; i < s->first[g + 1]; i++)
            b->own[i] =
                (1 - UNIT) *
                asx_cuts_own(s, &m->choice[placement * n_groups + g][i - s->first[g]], rate);
    complete_costs(b);
    b->n_planes[0] = s->n_cuts;
    for (size_t k = 0; k < s->n_cuts; k++) {
        b->plane[k].price = s->cut[k].price;
        memcpy(b->plane[k].slope, s->cut[k].slope, s->n_all * sizeof(double));
        complete(&b->plane[k], b, s->cut[k].constant, 0);
    }
    return status;
}

/* The largest of the planes' bounds of the damage. */
static double least_damage(const branch *b, size_t g)
{
    double most = 0;
    for (size_t k = 0; k < b->n_planes[g]; k++)
        most = fmax(most, b->plane[k].damage[g] + b->plane[k].damage_rest[g]);
    return most;
}

/* Whether a point below and left of a corner keeps all bounds of both. */
static bool corner_is_open(const branch *b, size_t g, double damage, double objective)
{
    for (size_t k = 0; k < b->n_planes[g]; k++) {
        const plane *p = &b->plane[k];
        const double bound = p->both[g] + p->both_rest[g];
        const double there = damage + p->price * objective;
        if (bound - UNIT * (fabs(bound) + fabs(there)) >= there)
            return false;
    }
    return true;
}

/* Whether a completion could join those found. @param right  damage of the first corner where one could */
static bool is_open(double *right, const branch *b, size_t g)
{
    const asx_incumbent *f = &b->s->found;
    const double damage = least_damage(b, g), objective = b->sum[g] + b->rest[g];
    const double limit = b->s->limit, cost = b->s->p->limits.max[b->s->p->objective];
    if (damage > limit || objective > cost)
        return false;
    /* corner j: what has less damage than row j, and less of the objective than the row before it */
    for (size_t j = asx_incumbent_find(f, damage); j <= f->n; j++) {
        const double top = j > 0 ? f->value[2 * j - 1] : INFINITY;
        *right = j < f->n ? f->value[2 * j] : limit;
        if (objective >= top) /* as of all corners to the right */
            return false;
        if (damage <= *right && corner_is_open(b, g, *right, top))
            return true;
    }
    return false;
}

/* The plane that touches where the choices fixed meet a mixture of the rest: that of the cut which touches nearest to a damage. */
static asx_status add_plane(branch *b, size_t g, double damage, asx_error *err)
{
    const asx_cuts *s = b->s;
    size_t near = 0;
    for (size_t k = 1; k < s->n_cuts; k++)
        if (fabs(s->cut[k].level - damage) < fabs(s->cut[near].level - damage))
            near = k;
    plane *p = &b->plane[b->n_planes[g]];
    asx_cut cut = {.slope = p->slope};
    p->price = s->cut[near].price;
    memcpy(b->mixture, s->cut[near].mixture, s->n_all * sizeof *b->mixture);
    for (size_t k = 0; k < g; k++) {
        for (size_t i = s->first[k]; i < s->first[k + 1]; i++)
            b->mixture[i] = 0;
        b->mixture[s->first[k] + b->choice[k]] = 1;
    }
    const asx_status status = s->m->tangent(&cut.constant, p->slope, s->m->state, b->mixture, err);
    if (status != ASX_OK)
        return status;
    asx_cut_settle(&cut, s);
    complete(p, b, cut.constant, g);
    b->n_planes[g]++;
    return ASX_OK;
}

/* Whether completions of a node are worth a walk; planes of its own are made where there are many. */
static asx_status judge(bool *open, branch *b, size_t g, asx_error *err)
{
    const asx_cuts *s = b->s;
    double right = 0, before = -1, n = 1;
    asx_status status = ASX_OK;
    for (size_t k = g; k < s->m->n_groups; k++)
        n *= (double)s->m->n_choices[k];
    *open = is_open(&right, b, g);
    for (size_t k = 0;
         status == ASX_OK && *open && n >= WORTH && s->n_cuts && k < NODE_PLANES && right > before;
         k++) {
        before = right;
        status = add_plane(b, g, right, err);
        *open = is_open(&right, b, g);
    }
    return status;
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
    const size_t at = b->s->first[g] + i;
    b->choice[g] = (uint16_t)i;
    b->sum[g + 1] = b->sum[g] + b->own[at];
    b->n_planes[g + 1] = b->n_planes[g];
    for (size_t k = 0; k < b->n_planes[g]; k++) {
        plane *p = &b->plane[k];
        p->damage[g + 1] = p->damage[g] + p->slope[at];
        p->both[g + 1] = p->both[g] + p->slope[at] + p->price * b->own[at];
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
    asx_status status = next ? ASX_OK : asx_exact_out_of_memory(err);
    while (status == ASX_OK && !is_stopped(b)) {
        if (next[g] == s->m->n_choices[g]) {
            next[g] = 0;
            if (g-- == 0)
                break;
            continue;
        }
        fix(b, g, next[g]++);
        bool open = false;
        status = judge(&open, b, g + 1, err);
        if (status != ASX_OK || !open)
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
