/* A node's problem: choices that are allowed and worth considering, priced with what is certain. */
#include "coupled_node.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

enum { STEPS_MAX = 100000 };

double asx_coupled_objective(const asx_coupled_search *s, const asx_separable_choice *c)
{
    switch (s->p->objective) {
    case ASX_LATENCY:
        return c->latency_ns;
    case ASX_STORAGE:
        return c->weight_bits;
    default:
        return c->energy_pj;
    }
}

bool asx_coupled_shares_energy(const asx_coupled_search *s)
{
    return s->p->objective == ASX_ENERGY;
}

static asx_status no_memory(asx_error *err)
{
    return asx_fail(err, ASX_ENOMEM, "exact: out of memory");
}
/* ---- one placement's tables ---- */

double asx_coupled_off(const asx_separable *m, double bits)
{
    return bits > m->most_bits ? (bits - m->most_bits) / bits : 0;
}

static bool no_worse(const asx_separable_choice *a, const asx_separable_choice *b)
{
    return a->damage <= b->damage && a->energy_pj <= b->energy_pj &&
           a->latency_ns <= b->latency_ns && a->weight_bits <= b->weight_bits;
}

static bool replaces(const asx_coupled_search *s, const asx_separable_choice *a,
                     const asx_separable_choice *b)
{
    return no_worse(a, b) && asx_need_covers(&s->need[b->need], &s->need[a->need]);
}

/* Drops choices that another of their group replaces at no loss, whatever the rest of the design;
 * `all_fit` tells whether latencies are what they are on chip. */
static asx_status make_table(asx_coupled_search *s, size_t g, bool all_fit, asx_error *err)
{
    const asx_separable_choice *all = s->m->choice[s->placement * s->m->n_groups + g];
    const size_t n = s->m->n_choices[g];
    const bool ordered = all_fit || !s->m->latency || s->m->ordered[g];
    s->table[g] = asx_array_new(n, sizeof *s->table[g]);
    s->number[g] = asx_array_new(n, sizeof *s->number[g]);
    s->choice[g] = asx_array_new(n, sizeof *s->choice[g]);
    if (!s->table[g] || !s->number[g] || !s->choice[g])
        return no_memory(err);
    s->n_table[g] = 0;
    for (size_t i = 0; i < n; i++) {
        bool beaten = false;
        for (size_t k = 0; ordered && k < n && !beaten; k++)
            beaten = k != i && replaces(s, &all[k], &all[i]) &&
                     (k < i || !replaces(s, &all[i], &all[k]));
        if (!beaten) {
            s->table[g][s->n_table[g]] = all[i];
            s->number[g][s->n_table[g]++] = (uint16_t)i;
        }
    }
    return ASX_OK;
}

/* The most bits that designs can have. */
static double all_bits(const asx_coupled_search *s)
{
    double sum = 0;
    for (size_t g = 0; g < s->m->n_groups; g++) {
        double most = 0;
        for (size_t i = 0; i < s->m->n_choices[g]; i++)
            most = fmax(most, s->m->choice[s->placement * s->m->n_groups + g][i].weight_bits);
        sum += most;
    }
    return sum;
}

/* What bits add to the leakage is the same whatever the needs: of the first, then. */
static asx_status find_rise(asx_coupled_search *s, asx_error *err)
{
    double base = 0, area;
    const uint32_t first = 0;
    asx_status status = ASX_OK;
    for (size_t k = 0; status == ASX_OK && k < s->n_rates; k++) {
        status = s->m->share(&s->rise[k], &area, s->m->state, s->placement, &first, 1,
                             (double)k * s->m->step_bits, err);
        base = k == 0 ? s->rise[0] : base;
        s->rise[k] = fmax(0, s->rise[k] - base);
    }
    return status;
}

asx_status asx_coupled_search_init(asx_coupled_search *s, asx_error *err)
{
    const size_t n = s->m->n_groups;
    const double bits = all_bits(s);
    s->need = s->m->need[s->placement];
    s->n_needs = s->m->n_needs[s->placement];
    if (bits / s->m->step_bits > STEPS_MAX)
        return asx_fail(err, ASX_EINVAL, "exact: %g weight bits are more than %d steps", bits,
                        (int)STEPS_MAX);
    s->n_rates = (size_t)ceil(bits / s->m->step_bits) + 1;
    s->choice = asx_array_new(n, sizeof *s->choice);
    s->n_choices = asx_array_new(n, sizeof *s->n_choices);
    s->table = asx_array_new(n, sizeof *s->table);
    s->number = asx_array_new(n, sizeof *s->number);
    s->n_table = asx_array_new(n, sizeof *s->n_table);
    s->rise = asx_array_new(s->n_rates, sizeof *s->rise);
    s->rate = asx_array_new(s->n_rates, sizeof *s->rate);
    s->used = asx_array_new(s->n_needs, sizeof *s->used);
    s->extra = asx_array_new(s->n_needs, sizeof *s->extra);
    if (!s->choice || !s->n_choices || !s->table || !s->number || !s->n_table || !s->rise ||
        !s->rate || !s->extra || !s->used)
        return no_memory(err);
    asx_status status = ASX_OK;
    for (size_t g = 0; status == ASX_OK && g < n; g++) {
        status = make_table(s, g, bits <= s->m->most_bits, err);
        for (size_t i = 0; status == ASX_OK && i < s->n_table[g]; i++)
            s->used[s->table[g][i].need] = true;
    }
    return status == ASX_OK ? find_rise(s, err) : status;
}

void asx_coupled_search_fini(asx_coupled_search *s)
{
    for (size_t g = 0; g < s->m->n_groups; g++) {
        if (s->choice)
            free(s->choice[g]);
        if (s->table)
            free(s->table[g]);
        if (s->number)
            free(s->number[g]);
    }
    free(s->choice);
    free(s->n_choices);
    free(s->table);
    free(s->number);
    free(s->n_table);
    free(s->rise);
    free(s->rate);
    free(s->extra);
    free(s->used);
    free(s->cut);
}

/* ---- a node's additive problem ---- */

/* Up to which bits the area of the certain needs keeps its limit. */
static asx_status limit_size(double *limit, const asx_coupled_search *s, const asx_coupled_node *x,
                             asx_error *err)
{
    const double most_area = s->p->limits.max[ASX_AREA];
    *limit = fmin(s->p->limits.max[ASX_STORAGE], x->most_bits);
    if (!(most_area < INFINITY) || x->n_certain == 0)
        return ASX_OK;
    double leakage, area = 0;
    for (size_t k = 0; k < s->n_rates; k++) {
        asx_status status = s->m->share(&leakage, &area, s->m->state, s->placement, x->certain,
                                        x->n_certain, (double)k * s->m->step_bits, err);
        if (status != ASX_OK)
            return status;
        if (area > most_area) {
            *limit = fmin(*limit, k > 0 ? (double)(k - 1) * s->m->step_bits : -1);
            break;
        }
    }
    return ASX_OK;
}

static asx_status base_leakage(double *out, const asx_coupled_search *s, const asx_coupled_node *x,
                               asx_error *err)
{
    double area;
    *out = 0;
    if (x->n_certain == 0 || !asx_coupled_shares_energy(s))
        return ASX_OK;
    return s->m->share(out, &area, s->m->state, s->placement, x->certain, x->n_certain, 0, err);
}

/* The leakage of what is certain, per step of bits; and of each need beyond it: a layer's time
 * costs at least the leakage of what is certain and of its own need, so the bound charges each
 * layer for its own. */
static asx_status price(asx_coupled_search *s, const asx_coupled_node *x, asx_error *err)
{
    double base;
    const asx_status status = base_leakage(&base, s, x, err);
    if (status != ASX_OK)
        return status;
    for (size_t k = 0; k < s->n_rates; k++)
        s->rate[k] = asx_coupled_shares_energy(s) ? base + s->rise[k] : 0;
    for (size_t k = 0; k < s->n_needs; k++)
        s->extra[k] = fmax(0, x->leakage[k] - base);
    return ASX_OK;
}

asx_status asx_coupled_tighten(double *leakage, const asx_coupled_search *s,
                               const asx_coupled_node *x, asx_error *err)
{
    uint32_t list[ASX_CERTAIN_MAX + 1];
    double base, area;
    asx_status status = base_leakage(&base, s, x, err);
    memcpy(list, x->certain, x->n_certain * sizeof *list);
    for (size_t k = 0; status == ASX_OK && k < s->n_needs; k++) {
        leakage[k] = base;
        if (!x->allowed[k] || !s->used[k] || !asx_coupled_shares_energy(s) ||
            asx_coupled_serves(s, x, k))
            continue;
        list[x->n_certain] = (uint32_t)k;
        status = s->m->share(&leakage[k], &area, s->m->state, s->placement, list, x->n_certain + 1,
                             0, err);
    }
    return status;
}

/* @return false if some group has no choice left */
static bool take_choices(asx_coupled_search *s, const asx_coupled_node *x)
{
    const double off = asx_coupled_off(s->m, x->least_bits);
    for (size_t g = 0; g < s->m->n_groups; g++) {
        size_t n = 0;
        for (size_t i = 0; i < s->n_table[g]; i++) {
            asx_separable_choice c = s->table[g][i];
            if (!x->allowed[c.need])
                continue;
            if (off > 0 && s->m->latency)
                c.latency_ns = s->m->latency(s->m->state, s->placement, g, s->number[g][i], off);
            s->choice[g][n++] = (asx_shared_choice){
                {c.damage, asx_coupled_objective(s, &c) + s->extra[c.need] * c.latency_ns},
                c.weight_bits,
                c.latency_ns,
                (uint16_t)i};
        }
        if (n == 0)
            return false;
        s->n_choices[g] = n;
    }
    return true;
}

static asx_status set_cut(asx_coupled_search *s, asx_error *err)
{
    double *cut = asx_array_grow(s->cut, &s->cut_capacity, 2 * s->found->n + 1, sizeof *cut);
    if (!cut)
        return no_memory(err);
    s->cut = cut;
    for (size_t i = 0; i < s->found->n; i++) {
        cut[2 * i] = s->found->value[2 * i];
        cut[2 * i + 1] = s->found->value[2 * i + 1] / (1 + s->p->epsilon);
    }
    return ASX_OK;
}

asx_status asx_coupled_begin(asx_shared **out, asx_coupled_search *s, const asx_coupled_node *x,
                             asx_error *err)
{
    double size_limit;
    *out = NULL;
    asx_status status = limit_size(&size_limit, s, x, err);
    if (status != ASX_OK || size_limit < 0)
        return status;
    status = price(s, x, err);
    if (status == ASX_OK)
        status = set_cut(s, err);
    if (status != ASX_OK || !take_choices(s, x))
        return status;
    s->problem = (asx_shared_problem){
        .n_stages = s->m->n_groups,
        .choice = (const asx_shared_choice *const *)s->choice,
        .n_choices = s->n_choices,
        .step = s->m->step_bits,
        .rate = s->rate,
        .n_rates = s->n_rates,
        .toll = asx_coupled_shares_energy(s) ? s->m->excess_pj : 0,
        .free_size = s->m->most_bits,
        .limit = {s->limit[0], s->limit[1]},
        .size_limit = size_limit,
        .time_limit = s->p->limits.max[ASX_LATENCY],
        .cut = s->cut,
        .n_cut = s->found->n,
    };
    return asx_shared_new(out, &s->problem, err);
}
