/* One placement's tables: of each group's choices those that are worth considering, the arrays'
 * prices, and workspace. */
#include <math.h>
#include <stdlib.h>

#include "coupled_node.h"
#include "dse/memory.h"
#include "exact_problem.h"

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

double asx_coupled_off(const asx_separable *m, double bits)
{
    return bits > m->most_bits ? (bits - m->most_bits) / bits : 0;
}

double asx_coupled_rise(const asx_coupled_search *s, double bits)
{
    const double step = ceil(bits / s->m->step_bits);
    return s->rise[step < (double)s->n_rates ? (size_t)step : s->n_rates - 1];
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
        return asx_exact_out_of_memory(err);
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

/* What bits add to the leakage is the same whatever the array: of that for the first need, then. */
static asx_status find_rise(asx_coupled_search *s, asx_error *err)
{
    double base = 0, area;
    asx_status status = ASX_OK;
    for (size_t k = 0; status == ASX_OK && k < s->n_rates; k++) {
        status = s->m->share(&s->rise[k], &area, s->m->state, s->placement, &s->need[0],
                             (double)k * s->m->step_bits, err);
        base = k == 0 ? s->rise[0] : base;
        s->rise[k] = fmax(0, s->rise[k] - base);
    }
    return status;
}

/* More than any design of the placement has of the second objective. */
static asx_status find_most(double *most, const asx_coupled_search *s, double bits, asx_error *err)
{
    const double off = asx_coupled_off(s->m, bits);
    double time = 0, leakage = 0, area;
    asx_need_set all = {{0}};
    *most = 0;
    for (size_t g = 0; g < s->m->n_groups; g++) {
        double own = 0, latency = 0;
        for (size_t i = 0; i < s->n_table[g]; i++) {
            const asx_separable_choice *c = &s->table[g][i];
            own = fmax(own, asx_coupled_objective(s, c));
            latency = fmax(latency,
                           off > 0 && s->m->latency
                               ? s->m->latency(s->m->state, s->placement, g, s->number[g][i], off)
                               : c->latency_ns);
            asx_need_unite(&all, &s->need[c->need]);
        }
        *most += s->p->objective == ASX_LATENCY ? fmax(own, latency) : own;
        time += latency;
    }
    if (!asx_coupled_shares_energy(s))
        return ASX_OK;
    const asx_status status =
        s->m->share(&leakage, &area, s->m->state, s->placement, &all, bits, err);
    *most += leakage * time + s->m->excess_pj * fmax(0, bits - s->m->most_bits);
    return status;
}

static bool make_workspace(asx_coupled_search *s)
{
    const size_t n = s->m->n_groups;
    s->choice = asx_array_new(n, sizeof *s->choice);
    s->n_choices = asx_array_new(n, sizeof *s->n_choices);
    s->table = asx_array_new(n, sizeof *s->table);
    s->number = asx_array_new(n, sizeof *s->number);
    s->n_table = asx_array_new(n, sizeof *s->n_table);
    s->rise = asx_array_new(s->n_rates, sizeof *s->rise);
    s->rate = asx_array_new(s->n_rates, sizeof *s->rate);
    s->extra = asx_array_new(s->n_needs, sizeof *s->extra);
    s->seen = asx_array_new(s->n_needs, sizeof *s->seen);
    s->too_large = asx_array_new(s->n_needs, sizeof *s->too_large);
    return s->choice && s->n_choices && s->table && s->number && s->n_table && s->rise && s->rate &&
           s->extra && s->seen && s->too_large;
}

asx_status asx_coupled_search_init(asx_coupled_search *s, asx_error *err)
{
    const double bits = all_bits(s);
    s->need = s->m->need[s->placement];
    s->n_needs = s->m->n_needs[s->placement];
    asx_coupled_shares_init(&s->shares, s->m, s->placement);
    if (bits / s->m->step_bits > STEPS_MAX)
        return asx_fail(err, ASX_EINVAL, "exact: %g weight bits are more than %d steps", bits,
                        (int)STEPS_MAX);
    s->n_rates = (size_t)ceil(bits / s->m->step_bits) + 1;
    if (!make_workspace(s))
        return asx_exact_out_of_memory(err);
    asx_status status = ASX_OK;
    for (size_t g = 0; status == ASX_OK && g < s->m->n_groups; g++)
        status = make_table(s, g, bits <= s->m->most_bits, err);
    if (status == ASX_OK)
        status = find_rise(s, err);
    double most = 0;
    if (status == ASX_OK)
        status = find_most(&most, s, bits, err);
    s->limit[1] = fmin(s->limit[1], most * (1 + 1e-6)); /* so bounds above it are of no design */
    return status;
}

void asx_coupled_search_fini(asx_coupled_search *s)
{
    if (!s)
        return;
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
    free(s->seen);
    free(s->too_large);
    free(s->cut);
    asx_coupled_shares_fini(&s->shares);
}
