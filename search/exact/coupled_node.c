/* A node's problem: choices that may still matter, priced with what is sure. */
#include "coupled_node.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "exact_problem.h"

/* Labels that a node may look at before its hull has to do. */
enum { QUICK_WORK = 4000000 };

/* ---- nodes ---- */

static size_t count(const asx_coupled_search *s, const size_t *n)
{
    size_t sum = 0;
    for (size_t g = 0; g < s->m->n_groups; g++)
        sum += n[g];
    return sum;
}

static asx_status make(asx_coupled_node *out, const asx_coupled_search *s, const size_t *n,
                       asx_error *err)
{
    out->kept = asx_array_new(count(s, n), sizeof *out->kept);
    out->n_kept = asx_array_copy(n, s->m->n_groups, sizeof *n);
    if (out->kept && out->n_kept)
        return ASX_OK;
    asx_coupled_node_fini(out);
    return asx_exact_out_of_memory(err);
}

asx_status asx_coupled_node_root(asx_coupled_node *out, const asx_coupled_search *s, asx_error *err)
{
    asx_coupled_node x = {.low = -INFINITY, .high = s->limit[0], .most_bits = INFINITY};
    const asx_status status = make(&x, s, s->n_table, err);
    if (status != ASX_OK)
        return status;
    for (size_t g = 0, k = 0; g < s->m->n_groups; g++)
        for (size_t i = 0; i < s->n_table[g]; i++)
            x.kept[k++] = (uint16_t)i;
    *out = x;
    return ASX_OK;
}

asx_status asx_coupled_node_copy(asx_coupled_node *out, const asx_coupled_search *s,
                                 const asx_coupled_node *x, asx_error *err)
{
    asx_coupled_node copy = *x;
    const asx_status status = make(&copy, s, x->n_kept, err);
    if (status != ASX_OK)
        return status;
    memcpy(copy.kept, x->kept, count(s, x->n_kept) * sizeof *copy.kept);
    *out = copy;
    return ASX_OK;
}

void asx_coupled_node_fini(asx_coupled_node *x)
{
    if (!x)
        return;
    free(x->kept);
    free(x->n_kept);
    x->kept = NULL;
    x->n_kept = NULL;
}

/* Keeps the choices that `keeps` says. @return false if some group has none left */
static bool filter(asx_coupled_search *s, asx_coupled_node *x,
                   bool (*keeps)(const asx_coupled_search *, const asx_coupled_node *, size_t group,
                                 size_t at, uint16_t choice))
{
    size_t from = 0, to = 0;
    bool any = true;
    for (size_t g = 0; g < s->m->n_groups; g++) {
        const size_t n = x->n_kept[g];
        x->n_kept[g] = 0;
        for (size_t i = 0; i < n; i++) {
            const uint16_t choice = x->kept[from++];
            if (!keeps(s, x, g, i, choice))
                continue;
            x->kept[to++] = choice;
            x->n_kept[g]++;
        }
        any = any && x->n_kept[g] > 0;
    }
    return any;
}

/* ---- prices ---- */

/* Up to which bits the area of the sure array keeps its limit; below 0: it never does. */
static asx_status limit_size(double *limit, const asx_coupled_search *s, const asx_coupled_node *x,
                             asx_error *err)
{
    const double most_area = s->p->limits.max[ASX_AREA];
    *limit = fmin(s->p->limits.max[ASX_STORAGE], x->most_bits);
    if (!(most_area < INFINITY))
        return ASX_OK;
    size_t low = 0, high = s->n_rates; /* steps below low keep it, those from high on do not */
    while (low < high) {
        const size_t mid = low + (high - low) / 2;
        double leakage, area = 0;
        const asx_status status = s->m->share(&leakage, &area, s->m->state, s->placement, &x->sure,
                                              (double)mid * s->m->step_bits, err);
        if (status != ASX_OK)
            return status;
        if (area > most_area)
            high = mid;
        else
            low = mid + 1;
    }
    if (low < s->n_rates)
        *limit = fmin(*limit, low > 0 ? (double)(low - 1) * s->m->step_bits : -1);
    return ASX_OK;
}

/* A layer's time costs at least the leakage of what is sure and of its own need, so the bound
 * charges each layer for its own. */
static asx_status price(asx_coupled_search *s, const asx_coupled_node *x, asx_error *err)
{
    asx_coupled_price base, with;
    asx_status status = asx_coupled_shares_get(&base, &s->shares, &x->sure, err);
    const bool energy = asx_coupled_shares_energy(s);
    for (size_t k = 0; status == ASX_OK && k < s->n_rates; k++)
        s->rate[k] = energy ? base.leakage + s->rise[k] : 0;
    s->round++;
    for (size_t g = 0, at = 0; g < s->m->n_groups; g++)
        for (size_t i = 0; status == ASX_OK && i < x->n_kept[g]; i++) {
            const uint32_t k = s->table[g][x->kept[at++]].need;
            if (s->seen[k] == s->round)
                continue;
            asx_need_set set = x->sure;
            asx_need_unite(&set, &s->need[k]);
            status = asx_coupled_shares_get(&with, &s->shares, &set, err);
            if (status != ASX_OK)
                break;
            s->extra[k] = energy ? fmax(0, with.leakage - base.leakage) : 0;
            s->too_large[k] = with.area > s->p->limits.max[ASX_AREA];
            s->seen[k] = s->round;
        }
    return status;
}

static bool is_allowed(const asx_coupled_search *s, const asx_coupled_node *x, size_t g, size_t at,
                       uint16_t choice)
{
    (void)at;
    return !asx_need_meets(&s->need[s->table[g][choice].need], &x->barred);
}

static bool is_small(const asx_coupled_search *s, const asx_coupled_node *x, size_t g, size_t at,
                     uint16_t choice)
{
    (void)x, (void)at;
    return !s->too_large[s->table[g][choice].need];
}

/* What all choices of a group need is sure. */
static void find_sure(const asx_coupled_search *s, asx_coupled_node *x)
{
    for (size_t g = 0, at = 0; g < s->m->n_groups; g++) {
        asx_need_set all = s->need[s->table[g][x->kept[at]].need];
        for (size_t i = 0; i < x->n_kept[g]; i++)
            asx_need_intersect(&all, &s->need[s->table[g][x->kept[at++]].need]);
        asx_need_unite(&x->sure, &all);
    }
}

/* ---- the additive problem ---- */

static void take_choices(asx_coupled_search *s, const asx_coupled_node *x)
{
    const double off = asx_coupled_off(s->m, x->least_bits);
    for (size_t g = 0, at = 0; g < s->m->n_groups; g++) {
        s->n_choices[g] = x->n_kept[g];
        for (size_t i = 0; i < x->n_kept[g]; i++) {
            const uint16_t choice = x->kept[at++];
            asx_separable_choice c = s->table[g][choice];
            if (off > 0 && s->m->latency)
                c.latency_ns =
                    s->m->latency(s->m->state, s->placement, g, s->number[g][choice], off);
            s->choice[g][i] = (asx_shared_choice){
                {c.damage, asx_coupled_objective(s, &c) + s->extra[c.need] * c.latency_ns},
                c.weight_bits,
                c.latency_ns,
                choice};
        }
    }
}

/* Designs found around the node's range of damage: what they dominate need not be found. */
static asx_status set_cut(asx_coupled_search *s, const asx_coupled_node *x, asx_error *err)
{
    const asx_incumbent *found = s->found;
    s->problem.limit[0] = fmin(s->limit[0], x->high);
    s->problem.limit[1] = s->limit[1];
    if (s->p->costs) { /* only what costs less, whatever it drops */
        if (found->n > 0)
            s->problem.limit[1] =
                fmin(s->limit[1], nextafter(found->value[1] / (1 + s->p->epsilon), 0));
        return ASX_OK;
    }
    const size_t end = asx_incumbent_find(found, x->high);
    size_t first = asx_incumbent_find(found, x->low);
    first -= first > 0;
    const size_t last = end < found->n ? end + 1 : end, n = last - first;
    double *cut = asx_array_grow(s->cut, &s->cut_capacity, 2 * n + 1, sizeof *cut);
    if (!cut)
        return asx_exact_out_of_memory(err);
    s->cut = cut;
    for (size_t i = 0; i < n; i++) {
        cut[2 * i] = found->value[2 * (first + i)];
        cut[2 * i + 1] = found->value[2 * (first + i) + 1] / (1 + s->p->epsilon);
    }
    s->problem.cut = cut;
    s->problem.n_cut = n;
    if (n > 0 && cut[0] <= x->low) /* above it nothing of the range matters */
        s->problem.limit[1] = fmin(s->limit[1], cut[1]);
    return ASX_OK;
}

static asx_status make_problem(asx_shared **out, asx_coupled_search *s, const asx_coupled_node *x,
                               double size_limit, asx_error *err)
{
    s->problem = (asx_shared_problem){
        .n_stages = s->m->n_groups,
        .choice = (const asx_shared_choice *const *)s->choice,
        .n_choices = s->n_choices,
        .step = s->m->step_bits,
        .rate = s->rate,
        .n_rates = s->n_rates,
        .toll = asx_coupled_shares_energy(s) ? s->m->excess_pj : 0,
        .free_size = s->m->most_bits,
        .size_limit = size_limit,
        .time_limit = s->p->limits.max[ASX_LATENCY],
        .least_size = x->least_bits,
        .press = {x->press[0], x->press[1]},
        .stop = s->p->stop,
        .stop_state = s->p->stop_state,
        .most_bytes = s->p->most_bytes,
        .most_work = x->by_labels ? 0 : QUICK_WORK,
    };
    take_choices(s, x);
    const asx_status status = set_cut(s, x, err);
    return status == ASX_OK ? asx_shared_new(out, &s->problem, err) : status;
}

/* Problem of the node as it is; NULL if it has no design. */
static asx_status begin(asx_shared **out, asx_coupled_search *s, asx_coupled_node *x,
                        asx_error *err)
{
    double size_limit = 0;
    *out = NULL;
    if (!filter(s, x, is_allowed))
        return ASX_OK;
    find_sure(s, x);
    asx_status status = price(s, x, err);
    if (status != ASX_OK || !filter(s, x, is_small))
        return status;
    status = limit_size(&size_limit, s, x, err);
    if (status != ASX_OK || size_limit < 0)
        return status;
    return make_problem(out, s, x, size_limit, err);
}

static bool reaches(const asx_coupled_search *s, const asx_coupled_node *x, size_t g, size_t at,
                    uint16_t choice)
{
    (void)x, (void)choice;
    return asx_shared_reaches(s->shared, g, at);
}

asx_status asx_coupled_narrow(asx_shared **out, asx_coupled_search *s, asx_coupled_node *x,
                              asx_error *err)
{
    *out = NULL;
    for (;;) {
        asx_shared *shared;
        asx_status status = begin(&shared, s, x, err);
        if (status != ASX_OK || !shared)
            return status;
        const size_t before = count(s, x->n_kept);
        s->shared = shared;
        const bool any = !asx_shared_is_closed(shared) && filter(s, x, reaches);
        const size_t after = count(s, x->n_kept);
        if (any && 10 * after > 9 * before) {
            *out = shared;
            return ASX_OK;
        }
        asx_shared_free(shared);
        if (!any)
            return ASX_OK;
    }
}
