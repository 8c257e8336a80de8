#include "cuts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cuts_private.h"
#include "dse/memory.h"
#include "exact_problem.h"

enum { PRICES = 40, CUTS_MOST = 120, FEW_DESIGNS = 512, PATIENCE = 4 };
static const double DEAR = 32;       /* the first price, in means of what damage costs */
static const double HALVE = 0.5;     /* from one price of the sweep to the next */
static const double INNER = 0.01;    /* epsilon of a plane's front in large spaces */
static const double WORTH = 0.002;   /* of the factor: what a few planes must bring */
static const double WORTHLESS = 1.1; /* ratio of prices between which nothing is to be had */

/* ---- begin and end ---- */

static asx_status check(const asx_coupled_problem *p, asx_error *err)
{
    const asx_separable *m = p->model;
    if (p->objective != ASX_ENERGY && p->objective != ASX_LATENCY && p->objective != ASX_STORAGE)
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "exact: objective '%s' beside a drop with cross terms; it can be energy, "
                        "latency or storage",
                        asx_objective_text(p->objective));
    if (!(p->epsilon >= 0 && p->epsilon <= 1))
        return asx_fail(err, ASX_EINVAL, "exact: epsilon %g is not in [0, 1]", p->epsilon);
    if (!m->damage || !m->tangent || m->n_groups == 0 || m->n_placements == 0)
        return asx_fail(err, ASX_EINVAL, "exact: the model is empty");
    return ASX_OK;
}

static asx_status begin(asx_cuts *s, const asx_coupled_problem *p, asx_error *err)
{
    const asx_separable *m = p->model;
    *s = (asx_cuts){.p = p, .m = m, .limit = asx_exact_damage_limit(m, p->limits.max[ASX_DROP])};
    asx_incumbent_init(&s->found, m->n_groups + 1);
    s->first = asx_array_new(m->n_groups + 1, sizeof *s->first);
    if (!s->first)
        return asx_exact_out_of_memory(err);
    for (size_t g = 0; g < m->n_groups; g++)
        s->first[g + 1] = s->first[g] + m->n_choices[g];
    s->n_all = s->first[m->n_groups];
    return ASX_OK;
}

static void end(asx_cuts *s)
{
    for (size_t i = 0; i < s->n_cuts; i++)
        asx_cut_fini(&s->cut[i]);
    free(s->cut);
    free(s->first);
    asx_incumbent_fini(&s->found);
}

/* Those found that keep the limit of the drop; if none does, those that come closest. */
static asx_status hand_over(asx_cuts_front *out, const asx_cuts *s, asx_error *err)
{
    const asx_incumbent *found = &s->found;
    asx_coupled_front *f = &out->front;
    size_t n = found->n;
    const size_t g = s->m->n_groups;
    while (n > 0 && found->value[2 * n - 2] > s->limit)
        n--;
    if (n == 0 && found->n > 0 && f->factor == INFINITY)
        n = 1;
    f->n_groups = g;
    f->value = asx_array_new(n + 1, 2 * sizeof *f->value);
    f->choice = asx_array_new(n * g + 1, sizeof *f->choice);
    f->placement = asx_array_new(n + 1, sizeof *f->placement);
    if (!f->value || !f->choice || !f->placement)
        return asx_exact_out_of_memory(err);
    for (size_t i = 0; i < n; i++) {
        const uint16_t *gene = found->gene + found->row[i] * (g + 1);
        memcpy(f->value + 2 * i, found->value + 2 * i, 2 * sizeof *f->value);
        memcpy(f->choice + i * g, gene, g * sizeof *gene);
        f->placement[i] = gene[g];
    }
    f->n = n;
    return ASX_OK;
}

/* ---- planes ---- */

static double size_of_space(const asx_separable *m)
{
    double n = (double)m->n_placements;
    for (size_t g = 0; g < m->n_groups; g++)
        n *= (double)m->n_choices[g];
    return n;
}

/* Of a plane's front; what planes leave open is much more in large spaces. */
static double inner_epsilon(const asx_cuts *s)
{
    return s->small ? 0 : INNER;
}

static asx_status tell(const asx_cuts *s, asx_error *err)
{
    const asx_observer *o = s->p->observer;
    return o && o->proven ? o->proven(o->state, asx_cuts_find_gap(s).factor, err) : ASX_OK;
}

/* The plane of a price, and its front. Cuts stay in the order of falling prices. */
static asx_status add(asx_cuts *s, double price, size_t placement, const double *start,
                      asx_error *err)
{
    asx_cut cut = {0};
    asx_cut *grown = asx_array_grow(s->cut, &s->capacity, s->n_cuts + 1, sizeof *grown);
    if (!grown)
        return asx_exact_out_of_memory(err);
    s->cut = grown;
    asx_status status = asx_cut_find(&cut, s, price, placement, start, err);
    if (status == ASX_OK && !s->interrupted)
        status = asx_cut_bound(&cut, s, inner_epsilon(s), err);
    size_t at = s->n_cuts;
    for (; at > 0 && s->cut[at - 1].price < price; at--)
        s->cut[at] = s->cut[at - 1];
    s->cut[at] = cut;
    s->n_cuts++;
    return status == ASX_OK ? tell(s, err) : status;
}

/* By what a group alone does: designs to begin with. */
static asx_status look_at_alone(asx_cuts *s, asx_error *err)
{
    asx_cut alone = {.level = INFINITY};
    alone.slope = asx_array_new(s->n_all, sizeof *alone.slope);
    asx_status status = alone.slope ? ASX_OK : asx_exact_out_of_memory(err);
    for (size_t g = 0; alone.slope && g < s->m->n_groups; g++)
        for (size_t i = s->first[g]; i < s->first[g + 1]; i++)
            alone.slope[i] = s->m->choice[g][i - s->first[g]].damage;
    if (status == ASX_OK)
        status = asx_cut_bound(&alone, s, INNER, err);
    asx_cut_fini(&alone);
    return status;
}

/* The cheapest design of the placement, and how far costs of designs are apart. */
static asx_status find_cheapest(double *mixture, double *extent, double *damage, const asx_cuts *s,
                                size_t placement, asx_error *err)
{
    const asx_separable *m = s->m;
    uint16_t *choice = asx_array_new(m->n_groups, sizeof *choice);
    if (!choice)
        return asx_exact_out_of_memory(err);
    *extent = 0;
    memset(mixture, 0, s->n_all * sizeof *mixture);
    for (size_t g = 0; g < m->n_groups; g++) {
        const asx_separable_choice *c = m->choice[placement * m->n_groups + g];
        double most = 0;
        for (size_t i = 0; i < m->n_choices[g]; i++) {
            most = fmax(most, asx_cuts_own(s, &c[i], 0));
            if (asx_cuts_own(s, &c[i], 0) < asx_cuts_own(s, &c[choice[g]], 0))
                choice[g] = (uint16_t)i;
        }
        *extent += most - asx_cuts_own(s, &c[choice[g]], 0);
        mixture[s->first[g] + choice[g]] = 1;
    }
    const asx_status status = m->damage(damage, m->state, choice, err);
    free(choice);
    return status;
}

static size_t placement_of(const asx_incumbent *f, size_t row)
{
    return f->gene[f->row[row] * f->n_genes + f->n_genes - 1];
}

/* From prices at which nothing but costs counts down to those at which nothing but damage does. */
static asx_status sweep(asx_cuts *s, asx_error *err)
{
    const size_t placement = s->found.n ? placement_of(&s->found, s->found.n / 2) : 0;
    double extent = 0, damage = 0;
    double *at = asx_array_new(s->n_all, sizeof *at);
    asx_status status =
        at ? find_cheapest(at, &extent, &damage, s, placement, err) : asx_exact_out_of_memory(err);
    double price = extent > 0 ? DEAR * damage / extent : 0;
    for (size_t k = 0; status == ASX_OK && k < PRICES && price > 0 && !asx_cuts_stop(s); k++) {
        status = add(s, price, placement, at, err);
        if (status != ASX_OK)
            break;
        const asx_cut *last = &s->cut[s->n_cuts - 1];
        memcpy(at, last->mixture, s->n_all * sizeof *at);
        if (s->found.n && last->level <= s->found.value[0] / 2)
            break;
        price *= HALVE;
    }
    free(at);
    return status;
}

/* A price between those of planes that touch above and below the widest gap. @return whether there was one */
static asx_status refine(bool *done, asx_cuts *s, asx_error *err)
{
    const asx_cuts_gap gap = asx_cuts_find_gap(s);
    const asx_cut *above = NULL, *below = NULL;
    *done = true;
    for (size_t i = 0; i < s->n_cuts; i++) {
        const asx_cut *c = &s->cut[i];
        if (c->placement != gap.placement)
            continue;
        if (c->level >= gap.damage)
            above = c;
        if (c->level < gap.damage && !below)
            below = c;
    }
    if (!above || !below) {
        if (above || below || s->n_cuts == 0)
            return ASX_OK;
        *done = false; /* the first of this placement */
        size_t near = 0;
        for (size_t i = 0; i < s->n_cuts; i++)
            near = s->cut[i].level >= gap.damage ? i : near;
        return add(s, s->cut[near].price, gap.placement, s->cut[near].mixture, err);
    }
    if (above->price / below->price < WORTHLESS)
        return ASX_OK;
    *done = false;
    return add(s, sqrt(above->price * below->price), gap.placement, below->mixture, err);
}

/* Until epsilon is reached, or planes have not helped for a while. */
static asx_status refine_all(asx_cuts *s, asx_error *err)
{
    asx_status status = ASX_OK;
    double best = asx_cuts_find_gap(s).factor;
    size_t in_vain = 0;
    for (bool done = false; status == ASX_OK && !done && in_vain < PATIENCE &&
                            s->n_cuts < CUTS_MOST && best > 1 + s->p->epsilon &&
                            !asx_cuts_stop(s);) {
        status = refine(&done, s, err);
        const double now = asx_cuts_find_gap(s).factor;
        in_vain = now < best * (1 - WORTH) ? 0 : in_vain + 1;
        best = fmin(best, now);
    }
    return status;
}

static asx_status run(asx_cuts_front *out, asx_cuts *s, asx_error *err)
{
    asx_status status = ASX_OK;
    if (!s->small || size_of_space(s->m) > FEW_DESIGNS) {
        status = look_at_alone(s, err);
        if (status == ASX_OK && !asx_cuts_stop(s))
            status = sweep(s, err);
        if (status == ASX_OK)
            status = asx_cuts_polish(s, err);
        if (status == ASX_OK && !s->small)
            status = refine_all(s, err);
    }
    if (status == ASX_OK && s->small && !asx_cuts_stop(s))
        status = asx_cuts_branch(&out->branched, s, err);
    return status;
}

/* What is proven of those found. */
static void conclude(asx_cuts_front *out, const asx_cuts *s)
{
    asx_coupled_front *f = &out->front;
    f->factor = out->branched ? 1 : asx_cuts_find_gap(s).factor;
    out->least = out->branched || asx_cuts_is_least(s) || s->found.n == 0 ? 0 : s->found.value[0];
    asx_cuts_find_close(&out->close_from, &out->close_factor, s);
    if (out->least > 0) /* it is not known that nothing keeps a limit below */
        f->factor = fmax(f->factor, 1 + 1e-9);
    f->interrupted = s->interrupted;
    f->n_nodes = s->n_nodes;
    f->n_labels = s->n_labels;
    out->n_planes = s->n_cuts;
    out->n_valued = s->n_valued;
}

asx_status asx_cuts_solve(asx_cuts_front *out, const asx_coupled_problem *problem, double small,
                          asx_error *err)
{
    asx_cuts s;
    asx_cuts_front found = {.n_planes = 0};
    asx_status status = check(problem, err);
    if (status != ASX_OK)
        return status;
    status = begin(&s, problem, err);
    s.small = size_of_space(s.m) <= small;
    if (status == ASX_OK)
        status = run(&found, &s, err);
    if (status == ASX_OK) {
        conclude(&found, &s);
        status = hand_over(&found, &s, err);
    }
    end(&s);
    if (status != ASX_OK)
        asx_cuts_front_fini(&found);
    else
        *out = found;
    return status;
}

void asx_cuts_front_fini(asx_cuts_front *front)
{
    if (!front)
        return;
    asx_coupled_front_fini(&front->front);
    *front = (asx_cuts_front){.n_planes = 0};
}
