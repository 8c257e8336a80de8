/* Branch and bound over arrays; each node is a problem of search/shared.h. Depth first, the child
 * with the smaller array first: it finds cheap designs early, which close the dear arrays. */
#include "search/coupled.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "incumbent.h"
#include "shared.h"

enum { CERTAIN_MAX = 256, STEPS_MAX = 100000 };

/* The state of one placement's search. */
typedef struct search {
    const asx_coupled_problem *p;
    const asx_separable *m;
    size_t placement;
    asx_incumbent *found;
    asx_incumbent *left; /* bounds that were given up; no designs */
    asx_coupled_front *out;
    double limit[2]; /* damage, objective */
    size_t n_rates;
    asx_shared_choice **choice; /* [n_groups]: workspace of a node */
    size_t *n_choices;
    asx_separable_choice **table; /* [n_groups]: choices that are worth considering */
    uint16_t **number;            /* [n_groups]: their numbers in the model */
    size_t *n_table;
    double *rate, *cut;
    bool *used;    /* [n_needs]: by choices of the tables */
    double *extra; /* [n_needs]: leakage of the certain needs and this one beyond theirs */
    size_t cut_capacity;
} search;

/* What the array is certain to serve, and what it may be asked for besides. */
typedef struct node {
    uint32_t certain[CERTAIN_MAX];
    size_t n_certain;
    bool *allowed; /* [n_needs] */
} node;

static double objective_of(const search *s, const asx_separable_choice *c)
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

static bool shares_energy(const search *s)
{
    return s->p->objective == ASX_ENERGY;
}

static asx_status no_memory(asx_error *err)
{
    return asx_fail(err, ASX_ENOMEM, "exact: out of memory");
}

/* ---- checks ---- */

static asx_status check_choice(const asx_separable *m, size_t placement, size_t group, size_t i,
                               asx_error *err)
{
    const asx_separable_choice *c = &m->choice[placement * m->n_groups + group][i];
    const double number[] = {c->damage, c->energy_pj, c->latency_ns, c->weight_bits};
    for (int j = 0; j < 4; j++)
        if (!isfinite(number[j]) || number[j] < 0)
            return asx_fail(err, ASX_EINVAL,
                            "exact: group %zu, choice %zu: %g is not a finite "
                            "number >= 0",
                            group, i, number[j]);
    if (c->need >= m->n_needs[placement])
        return asx_fail(err, ASX_EINVAL, "exact: group %zu, choice %zu: need %u, not 0 to %zu",
                        group, i, c->need, m->n_needs[placement] - 1);
    return ASX_OK;
}

static asx_status check(const asx_coupled_problem *p, asx_error *err)
{
    const asx_separable *m = p->model;
    if (p->objective != ASX_ENERGY && p->objective != ASX_LATENCY && p->objective != ASX_STORAGE)
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "exact: objective '%s' beside the drop; it can be energy, latency or "
                        "storage",
                        asx_objective_text(p->objective));
    if (!(p->epsilon >= 0 && p->epsilon <= 1))
        return asx_fail(err, ASX_EINVAL, "exact: epsilon %g is not in [0, 1]", p->epsilon);
    if (m->n_groups == 0 || m->n_placements == 0 || !(m->step_bits > 0))
        return asx_fail(err, ASX_EINVAL, "exact: the model is empty");
    for (size_t g = 0; g < m->n_groups; g++) {
        if (m->n_choices[g] < 1 || m->n_choices[g] > UINT16_MAX)
            return asx_fail(err, ASX_EINVAL, "exact: group %zu has %zu choices, not 1 to %d", g,
                            m->n_choices[g], UINT16_MAX);
        for (size_t k = 0; k < m->n_placements; k++)
            for (size_t i = 0; i < m->n_choices[g]; i++) {
                asx_status status = check_choice(m, k, g, i, err);
                if (status != ASX_OK)
                    return status;
            }
    }
    return ASX_OK;
}

/* The largest damage whose drop keeps the limit; below 0 if none does. */
static double damage_limit(const asx_separable *m, double most)
{
    if (!(most < INFINITY))
        return INFINITY;
    if (m->drop(m->state, 0) > most)
        return -1;
    double low = 0, high = 1;
    while (high < 1e300 && m->drop(m->state, high) <= most)
        high *= 2;
    if (high >= 1e300)
        return INFINITY;
    for (double mid; (mid = low + (high - low) / 2) > low && mid < high;)
        *(m->drop(m->state, mid) <= most ? &low : &high) = mid;
    return low;
}

/* ---- one placement's tables ---- */

static bool covers(const search *s, const uint32_t *need, size_t n, uint32_t other)
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
static asx_status make_table(search *s, size_t g, asx_error *err)
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
            beaten =
                k != i && no_worse(&all[k], &all[i]) && covers(s, &all[i].need, 1, all[k].need) &&
                (k < i || !no_worse(&all[i], &all[k]) || !covers(s, &all[k].need, 1, all[i].need));
        if (!beaten) {
            s->table[g][s->n_table[g]] = all[i];
            s->number[g][s->n_table[g]++] = (uint16_t)i;
        }
    }
    return ASX_OK;
}

static asx_status search_init(search *s, asx_error *err)
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

static void search_fini(search *s)
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
static asx_status price(search *s, const node *x, double *size_limit, asx_error *err)
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
        s->rate[k] = shares_energy(s) ? leakage : 0;
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
static asx_status price_needs(search *s, const node *x, asx_error *err)
{
    uint32_t list[CERTAIN_MAX + 1];
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
        s->extra[k] = shares_energy(s) ? fmax(0, leakage - base) : 0;
    }
    return status;
}

/* @return false if some group has no choice left */
static bool take_choices(search *s, const node *x)
{
    for (size_t g = 0; g < s->m->n_groups; g++) {
        size_t n = 0;
        for (size_t i = 0; i < s->n_table[g]; i++) {
            const asx_separable_choice *c = &s->table[g][i];
            if (x->allowed[c->need])
                s->choice[g][n++] = (asx_shared_choice){
                    {c->damage, objective_of(s, c) + s->extra[c->need] * c->latency_ns},
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

static asx_status set_cut(search *s, asx_error *err)
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

static asx_status solve_node(asx_shared_front *f, search *s, const node *x, asx_error *err)
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

/* ---- the designs of a node's front ---- */

/* The distinct needs of one row. @param need room for n_groups */
static size_t needs_of(uint32_t *need, const search *s, const asx_shared_front *f, size_t row)
{
    size_t n = 0;
    for (size_t g = 0; g < f->n_stages; g++) {
        uint32_t k = s->table[g][f->choice[row * f->n_stages + g]].need;
        size_t i = 0;
        while (i < n && need[i] != k)
            i++;
        need[i] = k;
        n += i == n;
    }
    return n;
}

/* Adds a row's design at its true cost if it keeps the limits; its order of sums is the groups'. */
static asx_status add_design(search *s, const asx_shared_front *f, size_t row, uint32_t *need,
                             uint16_t *gene, asx_error *err)
{
    const asx_limits *limits = &s->p->limits;
    const size_t n_groups = f->n_stages;
    double leakage = 0, area = 0, value[2] = {f->value[2 * row], 0};
    if (f->size[row] > s->m->most_bits)
        return ASX_OK; /* outside the model: a bound, no design */
    size_t n = needs_of(need, s, f, row);
    asx_status status =
        s->m->share(&leakage, &area, s->m->state, s->placement, need, n, f->size[row], err);
    if (status != ASX_OK)
        return status;
    for (size_t g = 0; g < n_groups; g++) {
        size_t i = f->choice[row * n_groups + g];
        value[1] += objective_of(s, &s->table[g][i]);
        gene[g] = s->number[g][i];
    }
    if (shares_energy(s))
        value[1] += leakage * f->time[row];
    gene[n_groups] = (uint16_t)s->placement;
    if (value[1] > s->limit[1] || area > limits->max[ASX_AREA] ||
        f->size[row] > limits->max[ASX_STORAGE] || f->time[row] > limits->max[ASX_LATENCY])
        return ASX_OK;
    return asx_incumbent_add(s->found, value, gene) ? ASX_OK : no_memory(err);
}

/* By how much the incumbents are worse than a bound at most; <= 1 when it is matched. */
static double gap(const asx_incumbent *found, const double *value)
{
    size_t k = asx_incumbent_find(found, value[0]);
    if (k == 0)
        return INFINITY;
    double best = found->value[2 * k - 1];
    return best <= value[1] ? 1 : best / value[1];
}

/* ---- branching ---- */

typedef struct open_needs {
    uint32_t *need; /* [n]: uncertain needs of rows that no incumbent matches */
    size_t n;
} open_needs;

static bool close_to(double a, double b)
{
    return a <= b * (1 + 1e-13);
}

static bool is_open(const search *s, const double *value)
{
    return !close_to(gap(s->found, value), 1 + s->p->epsilon);
}

/* The needs of open rows. Rows whose designs need nothing uncertain were found as they are, unless
 * they are outside the model: those no branch can settle. @return false without memory */
static bool find_open(open_needs *open, const search *s, const asx_shared_front *f, const node *x,
                      signed char *known, uint32_t *need)
{
    static const uint16_t none;
    for (size_t row = 0; row < f->n; row++) {
        if (!is_open(s, f->value + 2 * row))
            continue;
        if (f->size[row] > s->m->most_bits &&
            !asx_incumbent_add(s->left, f->value + 2 * row, &none))
            return false;
        size_t n = needs_of(need, s, f, row);
        for (size_t i = 0; i < n; i++) {
            uint32_t k = need[i];
            if (known[k] == 0) {
                known[k] = covers(s, x->certain, x->n_certain, k) ? 1 : -1;
                if (known[k] < 0)
                    open->need[open->n++] = k;
            }
        }
    }
    return true;
}

/* Leaves a node as it is. */
static asx_status give_up(search *s, const asx_shared_front *f, asx_error *err)
{
    static const uint16_t none;
    for (size_t row = 0; row < f->n; row++)
        if (is_open(s, f->value + 2 * row) &&
            !asx_incumbent_add(s->left, f->value + 2 * row, &none))
            return no_memory(err);
    return ASX_OK;
}

/* Of the open needs that contain no other, the one that costs most. */
static asx_status choose(uint32_t *chosen, const search *s, const open_needs *open, const node *x,
                         asx_error *err)
{
    double most = -1;
    uint32_t list[CERTAIN_MAX + 1];
    memcpy(list, x->certain, x->n_certain * sizeof *list);
    for (size_t i = 0; i < open->n; i++) {
        bool minimal = true;
        for (size_t k = 0; k < open->n && minimal; k++)
            minimal = k == i || !covers(s, &open->need[i], 1, open->need[k]) ||
                      covers(s, &open->need[k], 1, open->need[i]);
        if (!minimal)
            continue;
        double leakage, area;
        list[x->n_certain] = open->need[i];
        asx_status status =
            s->m->share(&leakage, &area, s->m->state, s->placement, list, x->n_certain + 1, 0, err);
        if (status != ASX_OK)
            return status;
        if (leakage > most) {
            most = leakage;
            *chosen = open->need[i];
        }
    }
    return ASX_OK;
}

static asx_status visit(search *s, node *x, asx_error *err);

/* First without the need and all that contain it, then with it. */
static asx_status branch(search *s, node *x, uint32_t need, asx_error *err)
{
    const size_t n = s->m->n_needs[s->placement];
    if (x->n_certain == CERTAIN_MAX)
        return asx_fail(err, ASX_EUNSUPPORTED, "exact: more than %d needs", (int)CERTAIN_MAX);
    bool *without = asx_array_copy(x->allowed, n, sizeof *without);
    if (!without)
        return no_memory(err);
    for (uint32_t k = 0; k < n; k++)
        if (without[k] && covers(s, &k, 1, need))
            without[k] = false;
    bool *with = x->allowed;
    x->allowed = without;
    asx_status status = visit(s, x, err);
    x->allowed = with;
    free(without);
    if (status != ASX_OK)
        return status;
    x->certain[x->n_certain++] = need;
    status = visit(s, x, err);
    x->n_certain--;
    return status;
}

static bool must_stop(search *s)
{
    const asx_coupled_problem *p = s->p;
    if (p->stop && p->stop(p->stop_state))
        s->out->interrupted = true;
    return s->out->interrupted || (p->max_nodes > 0 && s->out->n_nodes >= p->max_nodes);
}

static asx_status examine(open_needs *open, search *s, const node *x, const asx_shared_front *f,
                          asx_error *err)
{
    asx_status status = ASX_OK;
    signed char *known = asx_array_new(s->m->n_needs[s->placement], sizeof *known);
    uint32_t *need = asx_array_new(s->m->n_groups, sizeof *need);
    uint16_t *gene = asx_array_new(s->m->n_groups + 1, sizeof *gene);
    open->need = asx_array_new(s->m->n_needs[s->placement], sizeof *open->need);
    if (!known || !need || !gene || !open->need)
        status = no_memory(err);
    for (size_t row = 0; status == ASX_OK && row < f->n; row++)
        status = add_design(s, f, row, need, gene, err);
    if (status == ASX_OK && !find_open(open, s, f, x, known, need))
        status = no_memory(err);
    free(known);
    free(need);
    free(gene);
    return status;
}

static asx_status visit(search *s, node *x, asx_error *err)
{
    asx_shared_front f;
    open_needs open = {0};
    uint32_t need = 0;
    if (s->out->interrupted) {
        s->out->factor = INFINITY;
        return ASX_OK;
    }
    asx_status status = solve_node(&f, s, x, err);
    if (status == ASX_OK && f.n > 0)
        status = examine(&open, s, x, &f, err);
    bool more = status == ASX_OK && open.n > 0;
    if (more && must_stop(s)) {
        status = give_up(s, &f, err);
        more = false;
    }
    asx_shared_front_fini(&f);
    if (more)
        status = choose(&need, s, &open, x, err);
    free(open.need);
    return more && status == ASX_OK ? branch(s, x, need, err) : status;
}

static asx_status solve_placement(search *s, asx_error *err)
{
    node root = {.n_certain = 0};
    const size_t n = s->m->n_needs[s->placement];
    asx_status status = search_init(s, err);
    root.allowed = asx_array_new(n, sizeof *root.allowed);
    if (status == ASX_OK && !root.allowed)
        status = no_memory(err);
    if (status == ASX_OK) {
        for (size_t k = 0; k < n; k++)
            root.allowed[k] = true;
        status = visit(s, &root, err);
    }
    free(root.allowed);
    search_fini(s);
    return status;
}

/* ---- the whole ---- */

static asx_status hand_over(asx_coupled_front *out, const asx_incumbent *found, asx_error *err)
{
    const size_t n = found->n, g = found->n_genes - 1;
    out->n = n;
    out->n_groups = g;
    out->value = asx_array_new(n ? n : 1, 2 * sizeof *out->value);
    out->choice = asx_array_new(n ? n : 1, g * sizeof *out->choice);
    out->placement = asx_array_new(n ? n : 1, sizeof *out->placement);
    if (!out->value || !out->choice || !out->placement)
        return no_memory(err);
    if (n > 0)
        memcpy(out->value, found->value, 2 * n * sizeof *out->value);
    for (size_t i = 0; i < n; i++) {
        const uint16_t *gene = found->gene + found->row[i] * (g + 1);
        memcpy(out->choice + i * g, gene, g * sizeof *gene);
        out->placement[i] = gene[g];
    }
    return ASX_OK;
}

asx_status asx_coupled_solve(asx_coupled_front *out, const asx_coupled_problem *problem,
                             asx_error *err)
{
    const asx_separable *m = problem->model;
    asx_incumbent found, left;
    asx_coupled_front front = {.factor = 1 + problem->epsilon};
    asx_status status = check(problem, err);
    if (status != ASX_OK)
        return status;
    asx_incumbent_init(&found, m->n_groups + 1);
    asx_incumbent_init(&left, 1);
    const double limit[2] = {damage_limit(m, problem->limits.max[ASX_DROP]),
                             problem->limits.max[problem->objective]};
    for (size_t k = 0; status == ASX_OK && k < m->n_placements; k++) {
        search s = {.p = problem,
                    .m = m,
                    .placement = k,
                    .found = &found,
                    .left = &left,
                    .out = &front,
                    .limit = {limit[0], limit[1]}};
        status = solve_placement(&s, err);
    }
    for (size_t i = 0; i < left.n; i++)
        front.factor = fmax(front.factor, gap(&found, left.value + 2 * i));
    if (status == ASX_OK)
        status = hand_over(&front, &found, err);
    asx_incumbent_fini(&found);
    asx_incumbent_fini(&left);
    if (status != ASX_OK)
        asx_coupled_front_fini(&front);
    else
        *out = front;
    return status;
}

void asx_coupled_front_fini(asx_coupled_front *front)
{
    if (!front)
        return;
    free(front->value);
    free(front->choice);
    free(front->placement);
    *front = (asx_coupled_front){0};
}
