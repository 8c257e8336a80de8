/* The plane that bounds designs best at a price of the objective: that which touches the damage at the mixture where damage
 * + price x objective is least, found by steps towards the design that the plane at hand likes best. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coupled_share.h"
#include "cuts_private.h"
#include "dse/memory.h"
#include "exact_problem.h"

enum { STEPS = 200 };
static const double CLOSE = 0.01; /* of the damage: what steps may leave */
static const double UNIT =
    1e-12; /* of sums of a design's slopes: what doubles lose, many times over */

/* A descent at one price. */
typedef struct descent {
    asx_cuts *s;
    double *own;     /* [n_all] price x objective */
    double *at;      /* [n_all] the mixture */
    double *slope;   /* [n_all] of the plane there */
    double *trial;   /* [n_all] */
    uint16_t *best;  /* [n_groups] the plane's favourite */
    double constant; /* of the plane there */
    double damage;   /* there */
    double bound;    /* damage + price x objective of all mixtures, by the plane */
    double gap;      /* of the mixture, to the bound */
    double most;     /* of the bounds kept */
} descent;

/* The plane at the mixture; the best one so far is kept. */
static asx_status look(descent *d, asx_cut *keep, asx_error *err)
{
    const asx_cuts *s = d->s;
    asx_status status = s->m->tangent(&d->constant, d->slope, s->m->state, d->at, err);
    if (status != ASX_OK)
        return status;
    double own = 0;
    d->damage = d->bound = d->constant;
    for (size_t i = 0; i < s->n_all; i++) {
        d->damage += d->slope[i] * d->at[i];
        own += d->own[i] * d->at[i];
    }
    for (size_t g = 0; g < s->m->n_groups; g++) {
        size_t best = s->first[g];
        for (size_t i = best; i < s->first[g + 1]; i++)
            if (d->slope[i] + d->own[i] < d->slope[best] + d->own[best])
                best = i;
        d->best[g] = (uint16_t)(best - s->first[g]);
        d->bound += d->slope[best] + d->own[best];
    }
    d->gap = d->damage + own - d->bound;
    if (d->bound > d->most) {
        d->most = d->bound;
        keep->constant = d->constant;
        keep->level = d->damage;
        memcpy(keep->slope, d->slope, s->n_all * sizeof *d->slope);
        memcpy(keep->mixture, d->at, s->n_all * sizeof *d->at);
    }
    return ASX_OK;
}

/* The mixture goes a part of the way to a design. */
static void step(double *at, const asx_cuts *s, const uint16_t *design, double part)
{
    for (size_t g = 0; g < s->m->n_groups; g++) {
        for (size_t i = s->first[g]; i < s->first[g + 1]; i++)
            at[i] *= 1 - part;
        at[s->first[g] + design[g]] += part;
    }
}

/* How damage + price x objective rises from the mixture towards a design; at the mixture that is -gap. */
static double rise_to(const descent *d, const double *from, const uint16_t *design)
{
    double rise = 0;
    const asx_cuts *s = d->s;
    for (size_t g = 0; g < s->m->n_groups; g++) {
        const size_t to = s->first[g] + design[g];
        rise += d->slope[to] + d->own[to];
        for (size_t i = s->first[g]; i < s->first[g + 1]; i++)
            rise -= (d->slope[i] + d->own[i]) * from[i];
    }
    return rise;
}

/* To where the rise is none on the way to the favourite, by one step of the secant from a first try. */
static asx_status advance(descent *d, asx_cut *keep, double first, asx_error *err)
{
    const asx_cuts *s = d->s;
    uint16_t *goal = asx_array_copy(d->best, s->m->n_groups, sizeof *goal);
    const double down = d->gap;
    if (!goal)
        return asx_exact_out_of_memory(err);
    memcpy(d->trial, d->at, s->n_all * sizeof *d->at);
    step(d->at, s, goal, first);
    asx_status status = look(d, keep, err);
    if (status == ASX_OK) {
        const double rise = rise_to(d, d->trial, goal);
        const double part = rise + down > 0 ? first * down / (rise + down) : 1;
        memcpy(d->at, d->trial, s->n_all * sizeof *d->at);
        step(d->at, s, goal, fmin(part, 1));
        status = look(d, keep, err);
    }
    free(goal);
    return status;
}

/* The leakage of what the placement's favourite needs, if the plane does not care: a rate for the objective. */
static asx_status find_rate(double *rate, const asx_cuts *s, size_t placement,
                            const double *mixture, asx_error *err)
{
    const asx_separable *m = s->m;
    asx_need_set set = {{0}};
    double bits = 0, area = 0;
    for (size_t g = 0; g < m->n_groups; g++) {
        size_t most = s->first[g];
        for (size_t i = most; i < s->first[g + 1]; i++)
            most = mixture[i] > mixture[most] ? i : most;
        const asx_separable_choice *c = &m->choice[placement * m->n_groups + g][most - s->first[g]];
        bits += c->weight_bits;
        asx_need_unite(&set, &m->need[placement][c->need]);
    }
    return m->share(rate, &area, m->state, placement, &set, bits, err);
}

void asx_cut_settle(asx_cut *cut, const asx_cuts *s)
{
    double size = fabs(cut->constant);
    for (size_t g = 0; g < s->m->n_groups; g++) {
        double least = INFINITY, most = 0;
        for (size_t i = s->first[g]; i < s->first[g + 1]; i++) {
            least = fmin(least, cut->slope[i]);
            most = fmax(most, fabs(cut->slope[i]));
        }
        for (size_t i = s->first[g]; i < s->first[g + 1]; i++)
            cut->slope[i] -= least;
        cut->constant += least;
        size += 2 * most;
    }
    cut->constant -= UNIT * size * (double)s->m->n_groups;
}

static asx_status descend(descent *d, asx_cut *out, asx_error *err)
{
    asx_status status = look(d, out, err);
    for (size_t k = 0; status == ASX_OK && k < STEPS && d->gap > CLOSE * d->damage; k++) {
        if (asx_cuts_stop(d->s))
            break;
        status = advance(d, out, 2 / (double)(k + 4), err);
    }
    return status;
}

asx_status asx_cut_find(asx_cut *out, asx_cuts *s, double price, size_t placement,
                        const double *start, asx_error *err)
{
    double rate = 0;
    descent d = {.s = s, .most = -INFINITY};
    *out = (asx_cut){.price = price, .placement = placement};
    out->mixture = asx_array_new(s->n_all, sizeof *out->mixture);
    out->slope = asx_array_new(s->n_all, sizeof *out->slope);
    d.own = asx_array_new(s->n_all, sizeof *d.own);
    d.at = asx_array_copy(start, s->n_all, sizeof *d.at);
    d.slope = asx_array_new(s->n_all, sizeof *d.slope);
    d.trial = asx_array_new(s->n_all, sizeof *d.trial);
    d.best = asx_array_new(s->m->n_groups, sizeof *d.best);
    asx_status status = out->mixture && out->slope && d.own && d.at && d.slope && d.trial && d.best
                            ? find_rate(&rate, s, placement, start, err)
                            : asx_exact_out_of_memory(err);
    for (size_t g = 0; status == ASX_OK && g < s->m->n_groups; g++)
        for (size_t i = s->first[g]; i < s->first[g + 1]; i++)
            d.own[i] = price *
                       asx_cuts_own(
                           s, &s->m->choice[placement * s->m->n_groups + g][i - s->first[g]], rate);
    if (status == ASX_OK)
        status = descend(&d, out, err);
    if (status == ASX_OK)
        asx_cut_settle(out, s);
    free(d.own);
    free(d.at);
    free(d.slope);
    free(d.trial);
    free(d.best);
    return status;
}

void asx_cut_fini(asx_cut *cut)
{
    if (!cut)
        return;
    free(cut->mixture);
    free(cut->slope);
    free(cut->bound);
    free(cut->bound_placement);
    *cut = (asx_cut){.n_bound = 0};
}
