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

bool asx_coupled_covers(const asx_coupled_search *s, const uint32_t *need, size_t n, uint32_t other)
{
    for (size_t i = 0; i < n; i++)
        if (need[i] == other)
            return true;
    return n > 0 && s->m->cover(s->m->state, s->placement, need, n, other);
}

static bool no_worse(const asx_separable_choice *a, const asx_separable_choice *b)
{
    return a->damage <= b->damage && a->energy_pj <= b->energy_pj &&
           a->latency_ns <= b->latency_ns && a->weight_bits <= b->weight_bits;
}

/* Drops choices that another of their group replaces at no loss, whatever the rest of the design.
 */
static asx_status make_table(asx_coupled_search *s, size_t g, asx_error *err)
{
    const asx_separable_choice *all = s->m->choice[s->placement * s->m->n_groups + g];
    const size_t n = s->m->n_choices[g];
    s->table[g] = asx_array_new(n, sizeof *s->table[g]);
    s->number[g] = asx_array_new(n, sizeof *s->number[g]);
    s->choice[g] = asx_array_new(n, sizeof *s->choice[g]);
    if (!s->table[g] || !s->number[g] || !s->choice[g])
        return no_memory(err);
    s->n_table[g] = 0;
    for (size_t i = 0; i < n; i++) {
        bool beaten = false;
        for (size_t k = 0; k < n && !beaten; k++)
            beaten = k != i && no_worse(&all[k], &all[i]) &&
                     asx_coupled_covers(s, &all[i].need, 1, all[k].need) &&
                     (k < i || !no_worse(&all[i], &all[k]) ||
                      !asx_coupled_covers(s, &all[k].need, 1, all[i].need));
        if (!beaten) {
            s->table[g][s->n_table[g]] = all[i];
            s->number[g][s->n_table[g]++] = (uint16_t)i;
        }
    }
    return ASX_OK;
}

asx_status asx_coupled_search_init(asx_coupled_search *s, asx_error *err)
{
    const size_t n = s->m->n_groups;
    s->choice = asx_array_new(n, sizeof *s->choice);
    s->n_choices = asx_array_new(n, sizeof *s->n_choices);
    s->table = asx_array_new(n, sizeof *s->table);
    s->number = asx_array_new(n, sizeof *s->number);
    s->n_table = asx_array_new(n, sizeof *s->n_table);
    if (!s->choice || !s->n_choices || !s->table || !s->number || !s->n_table)
        return no_memory(err);
    double bits = 0;
    asx_status status = ASX_OK;
    for (size_t g = 0; status == ASX_OK && g < n; g++) {
        status = make_table(s, g, err);
        double most = 0;
        for (size_t i = 0; i < s->n_table[g]; i++)
            most = fmax(most, s->table[g][i].weight_bits);
        bits += most;
    }
    if (status != ASX_OK)
        return status;
    if (bits / s->m->step_bits > STEPS_MAX)
        return asx_fail(err, ASX_EINVAL, "exact: %g weight bits are more than %d steps", bits,
                        (int)STEPS_MAX);
    s->n_rates = (size_t)ceil(bits / s->m->step_bits) + 1;
    s->rate = asx_array_new(s->n_rates, sizeof *s->rate);
    s->used = asx_array_new(s->m->n_needs[s->placement], sizeof *s->used);
    s->extra = asx_array_new(s->m->n_needs[s->placement], sizeof *s->extra);
    if (!s->rate || !s->extra || !s->used)
        return no_memory(err);
    for (size_t g = 0; g < n; g++)
        for (size_t i = 0; i < s->n_table[g]; i++)
            s->used[s->table[g][i].need] = true;
    return ASX_OK;
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
    free(s->rate);
    free(s->extra);
    free(s->used);
    free(s->cut);
}

/* ---- a node's additive problem ---- */

/* The shared cost of the certain needs, per step of bits; and up to which bits the area allows. */
static asx_status price(asx_coupled_search *s, const asx_coupled_node *x, double *size_limit,
                        asx_error *err)
{
    const double most_area = s->p->limits.max[ASX_AREA];
    *size_limit = s->p->limits.max[ASX_STORAGE];
    for (size_t k = 0; k < s->n_rates; k++) {
        double leakage = 0, area = 0;
        if (x->n_certain > 0) {
            asx_status status = s->m->share(&leakage, &area, s->m->state, s->placement, x->certain,
                                            x->n_certain, (double)k * s->m->step_bits, err);
            if (status != ASX_OK)
                return status;
        }
        s->rate[k] = asx_coupled_shares_energy(s) ? leakage : 0;
        if (area > most_area) {
            *size_limit = fmin(*size_limit, k > 0 ? (double)(k - 1) * s->m->step_bits : -1);
            for (size_t later = k + 1; later < s->n_rates; later++)
                s->rate[later] = s->rate[k];
            break;
        }
    }
    return ASX_OK;
}

/* A layer's time costs at least the leakage of what is certain and of its own need: the bound
 * charges each layer for its own. */
static asx_status price_needs(asx_coupled_search *s, const asx_coupled_node *x, asx_error *err)
{
    uint32_t list[ASX_CERTAIN_MAX + 1];
    double base = 0, area;
    asx_status status = ASX_OK;
    memcpy(list, x->certain, x->n_certain * sizeof *list);
    if (x->n_certain > 0)
        status = s->m->share(&base, &area, s->m->state, s->placement, list, x->n_certain, 0, err);
    for (size_t k = 0; status == ASX_OK && k < s->m->n_needs[s->placement]; k++) {
        double leakage = 0;
        if (!x->allowed[k] || !s->used[k])
            continue;
        list[x->n_certain] = (uint32_t)k;
        status =
            s->m->share(&leakage, &area, s->m->state, s->placement, list, x->n_certain + 1, 0, err);
        s->extra[k] = asx_coupled_shares_energy(s) ? fmax(0, leakage - base) : 0;
    }
    return status;
}

/* @return false if some group has no choice left */
static bool take_choices(asx_coupled_search *s, const asx_coupled_node *x)
{
    for (size_t g = 0; g < s->m->n_groups; g++) {
        size_t n = 0;
        for (size_t i = 0; i < s->n_table[g]; i++) {
            const asx_separable_choice *c = &s->table[g][i];
            if (x->allowed[c->need])
                s->choice[g][n++] = (asx_shared_choice){
                    {c->damage, asx_coupled_objective(s, c) + s->extra[c->need] * c->latency_ns},
                    c->weight_bits,
                    c->latency_ns,
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

asx_status asx_coupled_solve_node(asx_shared_front *f, asx_coupled_search *s,
                                  const asx_coupled_node *x, asx_error *err)
{
    double size_limit;
    *f = (asx_shared_front){0};
    asx_status status = price_needs(s, x, err);
    if (status != ASX_OK || !take_choices(s, x))
        return status;
    status = price(s, x, &size_limit, err);
    if (status == ASX_OK)
        status = set_cut(s, err);
    if (status != ASX_OK || size_limit < 0)
        return status;
    const asx_shared_problem problem = {
        .n_stages = s->m->n_groups,
        .choice = (const asx_shared_choice *const *)s->choice,
        .n_choices = s->n_choices,
        .step = s->m->step_bits,
        .rate = s->rate,
        .n_rates = s->n_rates,
        .limit = {s->limit[0], s->limit[1]},
        .size_limit = size_limit,
        .time_limit = s->p->limits.max[ASX_LATENCY],
        .cut = s->cut,
        .n_cut = s->found->n,
    };
    s->out->n_nodes++;
    status = asx_shared_solve(f, &problem, err);
    if (status == ASX_OK && f->peak > s->out->n_labels)
        s->out->n_labels = f->peak;
    return status;
}
