/* Branch and bound over arrays; each node is a problem of search/shared.h. Depth first, the child
 * with the smaller array first: it finds cheap designs early, which close the dear arrays. The hull
 * of a node's sums, a look of a millisecond, closes most nodes before their fronts are worked out.
 */
#include "search/coupled.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coupled_node.h"
#include "dse/memory.h"

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

/* ---- the designs of a node's front ---- */

/* The distinct needs of one row. @param need room for n_groups */
static size_t needs_of(uint32_t *need, const asx_coupled_search *s, const asx_shared_front *f,
                       size_t row)
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

/* What the row's groups take in time, off chip too. */
static double latency_of(const asx_coupled_search *s, const asx_shared_front *f, size_t row)
{
    const double off = asx_coupled_off(s->m, f->size[row]);
    double sum = 0;
    for (size_t g = 0; g < f->n_stages; g++) {
        const size_t i = f->choice[row * f->n_stages + g];
        sum += off > 0 && s->m->latency
                   ? s->m->latency(s->m->state, s->placement, g, s->number[g][i], off)
                   : s->table[g][i].latency_ns;
    }
    return sum;
}

/* Adds a row's design at its true cost if it keeps the limits; its order of sums is the groups'. */
static asx_status add_design(asx_coupled_search *s, const asx_shared_front *f, size_t row,
                             uint32_t *need, uint16_t *gene, asx_error *err)
{
    const asx_limits *limits = &s->p->limits;
    const size_t n_groups = f->n_stages;
    const double bits = f->size[row], latency = latency_of(s, f, row);
    double leakage = 0, area = 0, value[2] = {f->value[2 * row], 0};
    size_t n = needs_of(need, s, f, row);
    asx_status status = s->m->share(&leakage, &area, s->m->state, s->placement, need, n, bits, err);
    if (status != ASX_OK)
        return status;
    for (size_t g = 0; g < n_groups; g++) {
        size_t i = f->choice[row * n_groups + g];
        value[1] += asx_coupled_objective(s, &s->table[g][i]);
        gene[g] = s->number[g][i];
    }
    if (asx_coupled_shares_energy(s))
        value[1] += leakage * latency + s->m->excess_pj * fmax(0, bits - s->m->most_bits);
    else if (s->p->objective == ASX_LATENCY)
        value[1] = latency;
    gene[n_groups] = (uint16_t)s->placement;
    if (value[0] > s->limit[0] || value[1] > s->limit[1] || area > limits->max[ASX_AREA] ||
        bits > limits->max[ASX_STORAGE] || latency > limits->max[ASX_LATENCY])
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

/* What keeps rows from being matched by an incumbent. */
typedef struct open_rows {
    uint32_t *need; /* [n]: their uncertain needs */
    size_t n;
    double bits; /* fewest of those that need nothing uncertain; INFINITY if there is none */
} open_rows;

static bool close_to(double a, double b)
{
    return a <= b * (1 + 1e-13);
}

static bool is_open(const asx_coupled_search *s, const double *value)
{
    return !close_to(gap(s->found, value), 1 + s->p->epsilon);
}

/* Rows whose designs need nothing uncertain were found as they are, unless they were priced as if
 * more of their weights were on chip. */
static void find_open(open_rows *open, const asx_coupled_search *s, const asx_shared_front *f,
                      const asx_coupled_node *x, bool *known, uint32_t *need)
{
    for (size_t row = 0; row < f->n; row++) {
        if (!is_open(s, f->value + 2 * row))
            continue;
        bool certain = true;
        const size_t n = needs_of(need, s, f, row);
        for (size_t i = 0; i < n; i++) {
            if (asx_coupled_serves(s, x, need[i]))
                continue;
            certain = false;
            if (!known[need[i]])
                open->need[open->n++] = need[i];
            known[need[i]] = true;
        }
        /* splitting helps only where more bits are off chip than the latencies count with */
        if (certain && f->size[row] > fmax(x->least_bits, s->m->most_bits))
            open->bits = fmin(open->bits, f->size[row]);
    }
}

/* Leaves a node as it is. */
static asx_status give_up(asx_coupled_search *s, const asx_shared_front *f, asx_error *err)
{
    static const uint16_t none;
    for (size_t row = 0; row < f->n; row++)
        if (is_open(s, f->value + 2 * row) &&
            !asx_incumbent_add(s->left, f->value + 2 * row, &none))
            return no_memory(err);
    return ASX_OK;
}

/* Of the open needs that contain no other, the one that costs most. */
static asx_status choose(uint32_t *chosen, const asx_coupled_search *s, const open_rows *open,
                         const asx_coupled_node *x, asx_error *err)
{
    double most = -1;
    uint32_t list[ASX_CERTAIN_MAX + 1];
    memcpy(list, x->certain, x->n_certain * sizeof *list);
    for (size_t i = 0; i < open->n; i++) {
        const asx_need_set *own = &s->need[open->need[i]];
        bool minimal = true;
        for (size_t k = 0; k < open->n && minimal; k++)
            minimal = k == i || !asx_need_covers(own, &s->need[open->need[k]]) ||
                      asx_need_covers(&s->need[open->need[k]], own);
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

static asx_status visit(asx_coupled_search *s, const asx_coupled_node *x, asx_error *err);

/* First without the need and all that contain it, then with it. */
static asx_status branch(asx_coupled_search *s, const asx_coupled_node *x, uint32_t need,
                         asx_error *err)
{
    if (x->n_certain == ASX_CERTAIN_MAX)
        return asx_fail(err, ASX_EUNSUPPORTED, "exact: more than %d needs", (int)ASX_CERTAIN_MAX);
    asx_coupled_node child = *x;
    child.allowed = asx_array_copy(x->allowed, s->n_needs, sizeof *child.allowed);
    if (!child.allowed)
        return no_memory(err);
    for (uint32_t k = 0; k < s->n_needs; k++)
        if (asx_need_covers(&s->need[k], &s->need[need]))
            child.allowed[k] = false;
    asx_status status = visit(s, &child, err);
    free(child.allowed);
    if (status != ASX_OK)
        return status;
    child.allowed = x->allowed;
    child.leakage_exact = !asx_coupled_shares_energy(s);
    child.certain[child.n_certain++] = need;
    asx_need_unite(&child.served, &s->need[need]);
    return visit(s, &child, err);
}

/* First fewer bits, then as many or more, priced as such: the latter have the true cost of the rows
 * that made this necessary. */
static asx_status branch_bits(asx_coupled_search *s, const asx_coupled_node *x, double bits,
                              asx_error *err)
{
    asx_coupled_node child = *x;
    child.most_bits = nextafter(bits, 0);
    asx_status status = visit(s, &child, err);
    child.most_bits = x->most_bits;
    child.least_bits = bits;
    return status == ASX_OK ? visit(s, &child, err) : status;
}

static bool must_stop(asx_coupled_search *s)
{
    const asx_coupled_problem *p = s->p;
    if (p->stop && p->stop(p->stop_state))
        s->out->interrupted = true;
    return s->out->interrupted || (p->max_nodes > 0 && s->out->n_nodes >= p->max_nodes);
}

static asx_status examine(open_rows *open, asx_coupled_search *s, const asx_coupled_node *x,
                          const asx_shared_front *f, asx_error *err)
{
    asx_status status = ASX_OK;
    bool *known = asx_array_new(s->n_needs, sizeof *known);
    uint32_t *need = asx_array_new(s->m->n_groups, sizeof *need);
    uint16_t *gene = asx_array_new(s->m->n_groups + 1, sizeof *gene);
    *open = (open_rows){asx_array_new(s->n_needs, sizeof *open->need), 0, INFINITY};
    if (!known || !need || !gene || !open->need)
        status = no_memory(err);
    for (size_t row = 0; status == ASX_OK && row < f->n; row++)
        status = add_design(s, f, row, need, gene, err);
    if (status == ASX_OK)
        find_open(open, s, f, x, known, need);
    free(known);
    free(need);
    free(gene);
    return status;
}

/* Works the front out; `open` keeps what is to be branched on. */
static asx_status look(open_rows *open, asx_coupled_search *s, const asx_coupled_node *x,
                       asx_shared *problem, asx_error *err)
{
    asx_shared_front f = {0};
    const bool stop = must_stop(s);
    asx_status status = asx_shared_solve(&f, problem, err);
    if (status == ASX_OK && f.peak > s->out->n_labels)
        s->out->n_labels = f.peak;
    if (status == ASX_OK && f.n > 0)
        status = examine(open, s, x, &f, err);
    if (status == ASX_OK && stop) {
        status = give_up(s, &f, err);
        open->n = 0;
        open->bits = INFINITY;
    }
    asx_shared_front_fini(&f);
    return status;
}

/* With the leakages that are known of the node, then, if it stays open, with the exact ones. */
static asx_status begin(asx_shared **problem, asx_coupled_search *s, asx_coupled_node *x,
                        asx_error *err)
{
    asx_status status = asx_coupled_begin(problem, s, x, err);
    if (status != ASX_OK || !*problem || asx_shared_is_closed(*problem) || x->leakage_exact)
        return status;
    asx_shared_free(*problem);
    *problem = NULL;
    double *leakage = asx_array_new(s->n_needs, sizeof *leakage);
    if (!leakage)
        return no_memory(err);
    status = asx_coupled_tighten(leakage, s, x, err);
    x->leakage = leakage;
    x->leakage_exact = true;
    return status == ASX_OK ? asx_coupled_begin(problem, s, x, err) : status;
}

static asx_status visit(asx_coupled_search *s, const asx_coupled_node *given, asx_error *err)
{
    asx_coupled_node x = *given;
    asx_shared *problem = NULL;
    open_rows open = {.bits = INFINITY};
    uint32_t need = 0;
    if (s->out->interrupted) {
        s->out->factor = INFINITY;
        return ASX_OK;
    }
    asx_status status = begin(&problem, s, &x, err);
    s->out->n_nodes++;
    if (status == ASX_OK && problem && !asx_shared_is_closed(problem))
        status = look(&open, s, &x, problem, err);
    asx_shared_free(problem);
    if (status == ASX_OK && open.n > 0)
        status = choose(&need, s, &open, &x, err);
    const bool by_need = open.n > 0;
    free(open.need);
    if (status == ASX_OK && by_need)
        status = branch(s, &x, need, err);
    else if (status == ASX_OK && open.bits < INFINITY)
        status = branch_bits(s, &x, open.bits, err);
    if (x.leakage != given->leakage)
        free(x.leakage);
    return status;
}

static asx_status solve_placement(asx_coupled_search *s, asx_error *err)
{
    asx_coupled_node root = {.n_certain = 0, .most_bits = INFINITY};
    asx_status status = asx_coupled_search_init(s, err);
    if (status == ASX_OK) {
        root.allowed = asx_array_new(s->n_needs, sizeof *root.allowed);
        root.leakage = asx_array_new(s->n_needs, sizeof *root.leakage);
        root.leakage_exact = !asx_coupled_shares_energy(s);
        if (!root.allowed || !root.leakage)
            status = no_memory(err);
    }
    if (status == ASX_OK) {
        for (size_t k = 0; k < s->n_needs; k++)
            root.allowed[k] = true;
        status = visit(s, &root, err);
    }
    free(root.allowed);
    free(root.leakage);
    asx_coupled_search_fini(s);
    return status;
}

/* ---- the whole ---- */

/* The placement, of those not `done`, that has the cheapest choices: its designs close the others.
 */
static size_t next_placement(const asx_coupled_search *s, const bool *done)
{
    double least = INFINITY;
    size_t next = 0;
    for (size_t k = 0; k < s->m->n_placements; k++) {
        double sum = 0;
        for (size_t g = 0; g < s->m->n_groups; g++) {
            const asx_separable_choice *c = s->m->choice[k * s->m->n_groups + g];
            double cheapest = INFINITY;
            for (size_t i = 0; i < s->m->n_choices[g]; i++)
                cheapest = fmin(cheapest, asx_coupled_objective(s, &c[i]));
            sum += cheapest;
        }
        if (!done[k] && sum < least) {
            least = sum;
            next = k;
        }
    }
    return next;
}

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
    bool *done = asx_array_new(m->n_placements, sizeof *done);
    if (!done)
        status = no_memory(err);
    for (size_t k = 0; status == ASX_OK && k < m->n_placements; k++) {
        asx_coupled_search s = {.p = problem,
                                .m = m,
                                .found = &found,
                                .left = &left,
                                .out = &front,
                                .limit = {limit[0], limit[1]}};
        s.placement = next_placement(&s, done);
        done[s.placement] = true;
        status = solve_placement(&s, err);
    }
    free(done);
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
