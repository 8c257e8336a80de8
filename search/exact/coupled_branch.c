/* Branch and bound with two objectives and bound sets (M. Ehrgott and X. Gandibleux, Computers and
 * Operations Research 34, 2007) over what the array is to have. Each node is an additive problem whose front
 * bounds the node's designs from below; the designs of that front, at their true cost, join those
 * found. Where these do not match the bound, either the range of damage is cut, as long as its
 * parts are wide against the gap, or some thing that arrays of open rows have is made sure in one
 * child and barred in the other. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coupled_hull.h"
#include "coupled_watch.h"
#include "dse/memory.h"
#include "exact_problem.h"

enum { PARTS_MAX = 64 };
static const double gaps_per_part = 3;

/* Leaves the open rows of a bound as they are, for a node that was not looked into. */
static asx_status give_up(asx_coupled_search *s, const asx_coupled_open *bound,
                          const asx_coupled_node *x, asx_error *err)
{
    static const uint16_t none;
    for (size_t i = asx_coupled_first_row(bound->value, bound->n, x->low); i < bound->n; i++) {
        const double value[2] = {fmax(bound->value[2 * i], nextafter(x->low, INFINITY)),
                                 bound->value[2 * i + 1]};
        if (value[0] <= x->high && !asx_incumbent_add(s->left, value, &none))
            return asx_exact_out_of_memory(err);
    }
    return ASX_OK;
}

static bool is_over(const asx_coupled_search *s)
{
    return s->out->interrupted || (s->p->max_nodes > 0 && s->out->n_nodes >= s->p->max_nodes);
}

/* Notes in the result that it was stopped. */
static bool must_stop(asx_coupled_search *s)
{
    const asx_coupled_problem *p = s->p;
    if (p->stop && p->stop(p->stop_state))
        s->out->interrupted = true;
    return is_over(s);
}

/* ---- children ---- */

static asx_status visit(asx_coupled_search *s, const asx_coupled_node *given, asx_error *err);

/* Visits a node while another waits. */
static asx_status visit_first(asx_coupled_search *s, const asx_coupled_node *node,
                              const asx_coupled_node *then, asx_error *err)
{
    if (!s->watch)
        return visit(s, node, err);
    const asx_coupled_wait wait = {then, s->watch->waiting};
    s->watch->waiting = &wait;
    const asx_status status = visit(s, node, err);
    s->watch->waiting = wait.next;
    return status;
}

/* The ranges of damage into which to cut a node's: as many as keep parts wide against the gap. */
static size_t count_parts(const asx_coupled_search *s, const asx_coupled_rows *open)
{
    const double *v = open->bound.value;
    const size_t n = open->bound.n;
    if (s->p->costs || n < 2 || !(v[2 * n - 1] > 0) || !(open->gap < INFINITY))
        return 1;
    const double gap = log(open->gap / (1 + s->p->epsilon));
    const double parts = log(v[1] / v[2 * n - 1]) / (gaps_per_part * gap);
    return parts < 2 ? 1 : parts < PARTS_MAX ? (size_t)parts : PARTS_MAX;
}

static asx_status cut_range(asx_coupled_search *s, const asx_coupled_node *x,
                            const asx_coupled_rows *open, size_t n_parts, asx_error *err)
{
    const double *v = open->bound.value;
    const size_t last = open->bound.n - 1;
    const double step = log(v[1] / v[2 * last + 1]) / (double)n_parts;
    asx_coupled_node child = *x;
    child.bound = &open->bound;
    asx_status status = ASX_OK;
    for (size_t k = 1, i = 0; status == ASX_OK && k <= n_parts; k++) {
        while (i <= last && (k == n_parts || log(v[1] / v[2 * i + 1]) < (double)k * step))
            i++;
        /* a row bounds what has its damage or more, up to the next row's */
        child.high = i <= last ? nextafter(v[2 * i], -INFINITY) : x->high;
        if (child.high <= child.low)
            continue;
        asx_coupled_node rest = child;
        rest.low = child.high;
        rest.high = x->high;
        status = i <= last ? visit_first(s, &child, &rest, err) : visit(s, &child, err);
        child.low = child.high;
    }
    return status;
}

/* The least that an array has which is made for a need with a thing. @param set
 * [ASX_COUPLED_THINGS] */
static void find_closures(asx_need_set *set, asx_coupled_search *s, const asx_coupled_node *x)
{
    memset(set, 0xff, ASX_COUPLED_THINGS * sizeof *set);
    s->round++;
    for (size_t g = 0, at = 0; g < s->m->n_groups; g++)
        for (size_t i = 0; i < x->n_kept[g]; i++) {
            const uint32_t need = s->table[g][x->kept[at++]].need;
            if (s->seen[need] == s->round)
                continue;
            s->seen[need] = s->round;
            for (size_t k = 0; k < ASX_COUPLED_THINGS; k++)
                if (asx_need_has(&s->need[need], k))
                    asx_need_intersect(&set[k], &s->need[need]);
        }
}

/* By what share an array costs more than another, in what matters. */
static double rise_of(const asx_coupled_search *s, asx_coupled_price from, asx_coupled_price to)
{
    double rise = 0;
    if (asx_coupled_shares_energy(s) && from.leakage > 0)
        rise += to.leakage / from.leakage - 1;
    if (s->p->limits.max[ASX_AREA] < INFINITY && from.area > 0)
        rise += to.area / from.area - 1;
    return rise;
}

/* The thing that, once sure, lifts the open rows most; `bits`: a split by bits lifts them more. */
static asx_status choose(size_t *thing, asx_need_set *with, bool *bits, asx_coupled_search *s,
                         const asx_coupled_node *x, const asx_coupled_rows *open, asx_error *err)
{
    asx_need_set closure[ASX_COUPLED_THINGS];
    asx_coupled_price base, price;
    double most = -1;
    find_closures(closure, s, x);
    asx_status status = asx_coupled_shares_get(&base, &s->shares, &x->sure, err);
    for (size_t k = 0; status == ASX_OK && k < ASX_COUPLED_THINGS; k++) {
        if (!(open->lift[k] > 0))
            continue;
        asx_need_unite(&closure[k], &x->sure);
        status = asx_coupled_shares_get(&price, &s->shares, &closure[k], err);
        if (status != ASX_OK)
            break;
        const double lift = open->lift[k] * (rise_of(s, base, price) + 1e-6);
        if (lift > most) {
            most = lift;
            *thing = k;
            *with = closure[k];
        }
    }
    *bits = open->unpriced > fmax(most, 0) * base.leakage;
    return status;
}

/* First fewer bits, then as many or more, priced as such: the latter have the true cost of the rows
 * that made this necessary. */
static asx_status branch_bits(asx_coupled_search *s, const asx_coupled_node *x,
                              const asx_coupled_rows *open, double bits, asx_error *err)
{
    asx_coupled_node fewer = *x, more = *x;
    fewer.bound = more.bound = &open->bound;
    fewer.most_bits = nextafter(bits, 0);
    more.least_bits = bits;
    const asx_status status = visit_first(s, &fewer, &more, err);
    return status == ASX_OK ? visit(s, &more, err) : status;
}

/* First without the thing, then with it, unless bits are the better split. */
static asx_status branch(asx_coupled_search *s, const asx_coupled_node *x,
                         const asx_coupled_rows *open, asx_error *err)
{
    size_t thing = 0;
    bool bits = false;
    asx_need_set with = {{0}};
    asx_coupled_node without_it = *x, with_it = *x;
    asx_status status = choose(&thing, &with, &bits, s, x, open, err);
    if (status == ASX_OK && bits)
        return branch_bits(s, x, open, open->split, err);
    without_it.bound = with_it.bound = &open->bound;
    without_it.barred.word[thing / 64] |= (uint64_t)1 << thing % 64;
    with_it.sure = with;
    if (status == ASX_OK)
        status = visit_first(s, &without_it, &with_it, err);
    return status == ASX_OK ? visit(s, &with_it, err) : status;
}

/* Each open stretch for itself, by labels. */
static asx_status visit_stretches(asx_coupled_search *s, const asx_coupled_node *x,
                                  const asx_coupled_rows *open, asx_error *err)
{
    asx_coupled_stretch stretch[ASX_COUPLED_STRETCHES_MAX];
    const size_t n = asx_coupled_find_stretches(stretch, &open->bound, x);
    asx_coupled_node child = *x;
    child.bound = &open->bound;
    child.by_labels = true;
    asx_status status = ASX_OK;
    for (size_t k = 0; status == ASX_OK && k < n; k++) {
        child.low = stretch[k].low;
        child.high = stretch[k].high;
        if (k + 1 == n) {
            status = visit(s, &child, err);
            break;
        }
        asx_coupled_node rest = child;
        rest.low = child.high;
        rest.high = x->high;
        status = visit_first(s, &child, &rest, err);
    }
    return status;
}

/* ---- nodes ---- */

static void rows_fini(asx_coupled_rows *open)
{
    free(open->bound.value);
    free(open->bound.end);
    *open = asx_coupled_no_rows();
}

/* Works the front out, unless the labels are too many: then `open` stays what the hull left open. */
static asx_status make_labels(asx_coupled_rows *open, bool *made, asx_coupled_search *s,
                              const asx_coupled_node *x, asx_shared *problem, asx_error *err)
{
    asx_shared_front f = {0};
    asx_status status = asx_shared_solve(&f, problem, err);
    if (status == ASX_OK && f.peak > s->out->n_labels)
        s->out->n_labels = f.peak;
    *made = status == ASX_OK && !f.given_up;
    if (*made) {
        status = asx_coupled_add_designs(s, &f, err);
        rows_fini(open);
        open->bound.value = asx_array_new(f.n, 2 * sizeof *open->bound.value);
        if (status == ASX_OK && !open->bound.value)
            status = asx_exact_out_of_memory(err);
        if (status == ASX_OK)
            asx_coupled_find_open(open, s, &f, x);
    }
    asx_shared_front_fini(&f);
    return status;
}

static asx_status look_further(asx_coupled_search *s, const asx_coupled_node *x,
                               const asx_coupled_rows *open, asx_error *err)
{
    const size_t n_parts = count_parts(s, open);
    asx_coupled_node node = *x;
    node.by_labels = node.sought = false;
    if (n_parts > 1)
        return cut_range(s, &node, open, n_parts, err);
    if (open->uncertain)
        return branch(s, &node, open, err);
    const double bits = open->split < INFINITY ? open->split : open->bits;
    return bits < INFINITY ? branch_bits(s, &node, open, bits, err) : ASX_OK;
}

/* The node's bound by its hull; the node is narrowed until that finds no more designs. */
static asx_status bound_node(asx_coupled_rows *open, asx_shared **problem, asx_coupled_search *s,
                             asx_coupled_node *x, asx_error *err)
{
    enum { ROUNDS = 2 };
    bool more = true;
    asx_status status = asx_coupled_narrow(problem, s, x, err);
    for (int i = 0; status == ASX_OK && *problem && more && i < ROUNDS; i++) {
        if (i > 0) {
            asx_shared_free(*problem);
            rows_fini(open);
            status = asx_coupled_narrow(problem, s, x, err);
        }
        if (status == ASX_OK && *problem)
            status = asx_coupled_look_at_hull(open, &more, s, *problem, x, err);
    }
    return status;
}

static bool lacks_designs(const asx_coupled_search *s, const asx_coupled_rows *open)
{
    return open->bound.n > 0 && (s->found->n == 0 || s->found->value[0] > open->bound.value[0]);
}

/* Where designs may drop less than all that are found, labels tell whether there are any: the limits leave few, and what
 * arrays have is no matter. The rest is for another node. */
static asx_status seek_designs(asx_coupled_search *s, const asx_coupled_node *x,
                               const asx_coupled_rows *open, asx_error *err)
{
    const double end = s->found->n > 0 ? nextafter(s->found->value[0], -INFINITY) : INFINITY;
    asx_coupled_node without = *x, rest = *x;
    without.bound = rest.bound = &open->bound;
    without.high = rest.low = fmin(end, x->high);
    without.low = fmax(x->low, nextafter(open->bound.value[0], -INFINITY));
    without.sought = true;
    if (!(rest.low < rest.high))
        return visit(s, &without, err);
    const asx_status status = visit_first(s, &without, &rest, err);
    return status == ASX_OK ? visit(s, &rest, err) : status;
}

/* Branches on designs of the hull that are open; what is open between these alone is for labels at any
 * price. Where the hull cannot prove as much as is asked for, labels come first, unless they are too
 * many. */
static asx_status look(asx_coupled_rows *open, asx_coupled_search *s, const asx_coupled_node *x,
                       asx_shared **problem, asx_error *err)
{
    bool made = false;
    asx_status status = ASX_OK;
    if (must_stop(s))
        return give_up(s, &open->bound, x, err);
    if (lacks_designs(s, open) && !x->sought && !x->by_labels && !s->p->costs)
        return seek_designs(s, x, open, err);
    if (x->by_labels || x->sought || s->p->epsilon < asx_coupled_hull_proves)
        status = make_labels(open, &made, s, x, *problem, err);
    asx_shared_free(*problem); /* children make their own, deeper and deeper */
    *problem = NULL;
    if (status != ASX_OK || open->bound.n == 0)
        return status;
    if (made || asx_coupled_is_uncertain(open))
        return look_further(s, x, open, err);
    if (!x->by_labels && !must_stop(s))
        return visit_stretches(s, x, open, err);
    must_stop(s); /* notes that it was for this, if it was */
    return give_up(s, &open->bound, x, err);
}

static asx_status visit(asx_coupled_search *s, const asx_coupled_node *given, asx_error *err)
{
    asx_coupled_node x;
    asx_shared *problem = NULL;
    if (is_over(s) && given->bound) /* a placement's first bound is always made */
        return give_up(s, given->bound, given, err);
    asx_coupled_rows *open = asx_array_new(1, sizeof *open);
    asx_status status = open ? asx_coupled_watch_tell(s, given, err) : asx_exact_out_of_memory(err);
    if (status == ASX_OK)
        status = asx_coupled_node_copy(&x, s, given, err);
    if (status != ASX_OK) {
        free(open);
        return status;
    }
    s->out->n_nodes++;
    status = bound_node(open, &problem, s, &x, err);
    if (status == ASX_OK && problem && open->bound.n > 0)
        status = look(open, s, &x, &problem, err);
    asx_shared_free(problem);
    rows_fini(open);
    free(open);
    asx_coupled_node_fini(&x);
    return status;
}

asx_status asx_coupled_search_run(asx_coupled_search *s, asx_error *err)
{
    asx_coupled_node root;
    asx_status status = asx_coupled_node_root(&root, s, err);
    if (status != ASX_OK)
        return status;
    status = visit(s, &root, err);
    asx_coupled_node_fini(&root);
    return status;
}
