/* The all-Pareto multiple-choice knapsack by dynamic programming: Nemhauser and Ullmann, "Discrete
 * Dynamic Programming and Capital Allocation", Management Science 15 (9), 1969. */
#include "search/exact.h"

#include <math.h>
#include <stdlib.h>

#include "dse/memory.h"
#include "dse/pareto.h"
#include "exact_label.h"
#include "exact_three.h"

enum { D = 2, CHOICES_MAX = 65535 };

typedef struct solver {
    const asx_exact_problem *problem;
    asx_exact_list now, next, spare; /* descending in v[1], strictly, as they ascend in v[0] */
    asx_exact_history history;
    const double *bound; /* [n_layers][D]: no label above it can keep the limits */
    size_t *kept;        /* choices of one layer that no other dominates */
    double factor;       /* proven so far */
} solver;

static asx_status check(const asx_exact_problem *p, asx_error *err)
{
    if (p->n_objectives != 2 && p->n_objectives != 3)
        return asx_fail(err, ASX_EUNSUPPORTED, "exact: %zu objectives, only 2 or 3 are supported",
                        p->n_objectives);
    if (p->n_layers == 0)
        return asx_fail(err, ASX_EINVAL, "exact: no layers");
    if (!(p->epsilon >= 0 && p->epsilon <= 1))
        return asx_fail(err, ASX_EINVAL, "exact: epsilon %g is not in [0, 1]", p->epsilon);
    for (size_t j = 0; p->limit && j < p->n_objectives; j++)
        if (isnan(p->limit[j]))
            return asx_fail(err, ASX_EINVAL, "exact: the limit of objective %zu is not a number",
                            j);
    for (size_t l = 0; l < p->n_layers; l++) {
        const asx_exact_layer *layer = &p->layer[l];
        if (layer->n_choices < 1 || layer->n_choices > CHOICES_MAX)
            return asx_fail(err, ASX_EINVAL, "exact: layer %zu has %zu choices, not 1 to %d", l,
                            layer->n_choices, (int)CHOICES_MAX);
        for (size_t i = 0; i < layer->n_choices * p->n_objectives; i++) {
            if (!isfinite(layer->value[i]))
                return asx_fail(err, ASX_EINVAL, "exact: layer %zu, choice %zu: %g is not finite",
                                l, i / p->n_objectives, layer->value[i]);
            if (p->epsilon > 0 && layer->value[i] < 0)
                return asx_fail(err, ASX_EINVAL,
                                "exact: layer %zu, choice %zu: epsilon needs values >= 0, not %g",
                                l, i / p->n_objectives, layer->value[i]);
        }
    }
    return ASX_OK;
}

/* What is left of the limits before the cheapest choices of the later layers, rounded up. */
static void find_bounds(double *bound, const asx_exact_problem *p)
{
    const size_t d = p->n_objectives;
    for (size_t j = 0; j < d; j++) {
        double limit = p->limit ? p->limit[j] : INFINITY, rest = 0, size = 0;
        for (size_t l = p->n_layers; l-- > 0;) {
            const double *value = p->layer[l].value;
            /* the last bound is the limit itself; before, rounding must not cut what keeps it */
            double slack = l + 1 < p->n_layers ? 1e-14 * (double)p->n_layers * size : 0;
            bound[l * d + j] = limit - rest + slack;
            double least = value[j], most = 0;
            for (size_t i = 0; i < p->layer[l].n_choices; i++) {
                least = fmin(least, value[i * d + j]);
                most = fmax(most, fabs(value[i * d + j]));
            }
            rest += least;
            size += most + (isfinite(limit) ? fabs(limit) : 0);
        }
    }
}

/* out = the front of `front` and of `from` plus one choice's value; `out` has room for both. */
static void merge(asx_exact_list *out, const asx_exact_list *front, const asx_exact_list *from,
                  const double *value, uint32_t choice, const double *bound)
{
    const asx_exact_label *a = front->item, *a_end = a + front->n, *b = from->item,
                          *b_end = b + from->n;
    asx_exact_label *o = out->item;
    double least = INFINITY; /* v[1] of the last asx_exact_label */
    while (b < b_end) {
        double x = b->v[0] + value[0], y = b->v[1] + value[1];
        for (; a < a_end && (a->v[0] < x || (a->v[0] <= x && a->v[1] <= y)); a++)
            if (a->v[1] < least) {
                *o++ = *a;
                least = a->v[1];
            }
        if (x > bound[0])
            break;
        if (y < least && y <= bound[1]) {
            *o++ = (asx_exact_label){{x, y}, (uint32_t)(b - from->item), choice};
            least = y;
        }
        b++;
    }
    while (a < a_end && a->v[1] >= least)
        a++;
    while (a < a_end)
        *o++ = *a++;
    out->n = (size_t)(o - out->item);
}

/* All labels of `now` times all undominated choices of a layer, pruned, into `next`. */
static asx_status extend(solver *s, size_t l, asx_error *err)
{
    const asx_exact_layer *layer = &s->problem->layer[l];
    size_t n_kept;
    asx_status status =
        asx_pareto_front(s->kept, &n_kept, layer->value, NULL, layer->n_choices, D, err);
    if (status != ASX_OK)
        return status;
    s->next.n = 0;
    for (size_t i = 0; i < n_kept; i++) {
        size_t need = s->next.n + s->now.n;
        if (!asx_exact_list_reserve(&s->spare, need ? need : 1))
            return asx_exact_no_memory(need, err);
        merge(&s->spare, &s->next, &s->now, layer->value + s->kept[i] * D, (uint32_t)s->kept[i],
              s->bound + l * D);
        asx_exact_list swap = s->next;
        s->next = s->spare;
        s->spare = swap;
    }
    return ASX_OK;
}

/* Keeps of every stretch of labels one that is at most `relax[j]` times as large as each of them.
 * @return the largest factor made use of */
static double trim(asx_exact_list *l, const double *relax)
{
    double used = 1;
    size_t kept = 0, i = 0;
    while (i < l->n) {
        size_t k = i;
        while (k + 1 < l->n && l->item[k + 1].v[0] <= relax[0] * l->item[i].v[0])
            k++;
        if (k > i)
            used = fmax(used, l->item[k].v[0] / l->item[i].v[0]);
        const asx_exact_label keep = l->item[k];
        for (i = k + 1; i < l->n && keep.v[1] <= relax[1] * l->item[i].v[1]; i++)
            used = fmax(used, keep.v[1] / l->item[i].v[1]);
        l->item[kept++] = keep;
    }
    l->n = kept;
    return used;
}

/* Shares what epsilon leaves evenly among the layers still to come. A label at most f times too
 * large stays so when the same nonnegative values are added to it and to what it stands for, so the
 * factors of the layers multiply. */
static void trim_layer(solver *s, size_t l)
{
    const asx_exact_problem *p = s->problem;
    if (p->epsilon <= 0)
        return;
    double share = pow((1 + p->epsilon) / s->factor, 1 / (double)(p->n_layers - l)), relax[D];
    for (size_t j = 0; j < D; j++)
        relax[j] = p->limit && isfinite(p->limit[j]) ? 1 : fmax(share, 1);
    s->factor *= trim(&s->next, relax);
}

static asx_status solver_init(solver *s, const asx_exact_problem *p, const double *bound,
                              asx_error *err)
{
    size_t most = 0;
    for (size_t l = 0; l < p->n_layers; l++)
        most = p->layer[l].n_choices > most ? p->layer[l].n_choices : most;
    s->problem = p;
    s->factor = 1;
    s->bound = bound;
    s->kept = asx_array_new(most, sizeof *s->kept);
    if (!s->kept || !asx_exact_list_begin(&s->now))
        return asx_exact_no_memory(most, err);
    return asx_exact_history_init(&s->history, p, err);
}

static void solver_fini(solver *s)
{
    asx_exact_history_fini(&s->history);
    free(s->kept);
    free(s->now.item);
    free(s->next.item);
    free(s->spare.item);
}

static asx_status solve_two(asx_exact_front *out, const asx_exact_problem *problem,
                            const double *bound, asx_error *err)
{
    solver s = {0};
    asx_status status = solver_init(&s, problem, bound, err);
    for (size_t l = 0; status == ASX_OK && l < problem->n_layers; l++) {
        status = extend(&s, l, err);
        if (status != ASX_OK)
            break;
        trim_layer(&s, l);
        status = asx_exact_history_add(&s.history, l, &s.next, err);
        asx_exact_list swap = s.now;
        s.now = s.next;
        s.next = swap;
    }
    if (status == ASX_OK)
        status = asx_exact_history_front(out, &s.history, &s.now, s.factor, err);
    solver_fini(&s);
    return status;
}

asx_status asx_exact_solve(asx_exact_front *out, const asx_exact_problem *problem, asx_error *err)
{
    asx_status status = check(problem, err);
    if (status != ASX_OK)
        return status;
    double *bound = asx_array_new(problem->n_layers, problem->n_objectives * sizeof *bound);
    if (!bound)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu layers", problem->n_layers);
    find_bounds(bound, problem);
    status = problem->n_objectives == 2 ? solve_two(out, problem, bound, err)
                                        : asx_exact_three(out, problem, bound, err);
    free(bound);
    return status;
}

void asx_exact_front_fini(asx_exact_front *front)
{
    if (!front)
        return;
    free(front->value);
    free(front->choice);
    *front = (asx_exact_front){0};
}
