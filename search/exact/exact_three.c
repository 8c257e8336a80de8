/* Three objectives, with the sweep of H. T. Kung, F. Luccio and F. P. Preparata (J. ACM 22, 1975): all sums of a label and a choice come in ascending order of the first
 * objective, from a heap of as many streams as there are choices; those that came before are a
 * staircase in the other two, and what lies on or above it is dominated. Epsilon moves the
 * staircase down when it is asked, never when it is built: the first objective stays exact, and a
 * sum that is left out has one in at most the factor's distance, not a chain of them. */
#include "exact_three.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "dse/pareto.h"
#include "exact_label.h"

enum { D = 3 };

/* Lowest points in (v[1], v[2]): ascending in the one, descending in the other. */
typedef struct stairs {
    double *x, *y;
    size_t n, x_capacity, y_capacity;
} stairs;

typedef struct stream {
    double v0;
    uint32_t choice, at;
} stream;

typedef struct solver {
    const asx_exact_problem *p;
    const double *bound;
    asx_exact_list now, next;
    stairs stairs;
    stream *heap; /* [most choices] */
    size_t *kept; /* the same; choices that no other dominates */
    asx_exact_history history;
    double factor;
} solver;

/* ---- staircase ---- */

/* Number of steps with x <= `x`. */
static size_t steps_to(const stairs *s, double x)
{
    size_t low = 0, high = s->n;
    while (low < high) {
        const size_t mid = low + (high - low) / 2;
        if (s->x[mid] <= x)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static bool insert(stairs *s, double x, double y)
{
    double *grown = asx_array_grow(s->x, &s->x_capacity, s->n + 1, sizeof *grown);
    if (!grown)
        return false;
    s->x = grown;
    grown = asx_array_grow(s->y, &s->y_capacity, s->n + 1, sizeof *grown);
    if (!grown)
        return false;
    s->y = grown;
    size_t begin = steps_to(s, x), end = begin;
    if (begin > 0 && s->y[begin - 1] <= y)
        return true; /* it was kept for the first objective alone: no step of its own */
    while (begin > 0 && s->x[begin - 1] >= x)
        begin--;
    while (end < s->n && s->y[end] >= y)
        end++;
    memmove(s->x + begin + 1, s->x + end, (s->n - end) * sizeof *s->x);
    memmove(s->y + begin + 1, s->y + end, (s->n - end) * sizeof *s->y);
    s->x[begin] = x;
    s->y[begin] = y;
    s->n += begin + 1 - end;
    return true;
}

/* ---- streams ---- */

static bool before(const stream *a, const stream *b)
{
    return a->v0 < b->v0 || (a->v0 <= b->v0 && a->choice < b->choice);
}

static void sift(stream *heap, size_t n, size_t i)
{
    const stream moving = heap[i];
    for (size_t child; (child = 2 * i + 1) < n; i = child) {
        if (child + 1 < n && before(&heap[child + 1], &heap[child]))
            child++;
        if (!before(&heap[child], &moving))
            break;
        heap[i] = heap[child];
    }
    heap[i] = moving;
}

/* Adds a sum to the next labels unless one that came before stands for it. */
static asx_status offer(solver *s, const asx_exact_label *x, const double *relax, double *used,
                        asx_error *err)
{
    const size_t k = steps_to(&s->stairs, x->v[1] * relax[1]);
    if (k > 0 && s->stairs.y[k - 1] <= x->v[2] * relax[2]) {
        if (s->stairs.x[k - 1] > x->v[1] * *used)
            *used = s->stairs.x[k - 1] / x->v[1];
        if (s->stairs.y[k - 1] > x->v[2] * *used)
            *used = s->stairs.y[k - 1] / x->v[2];
        return ASX_OK;
    }
    if (!asx_exact_list_reserve(&s->next, s->next.n + 1))
        return asx_exact_no_memory(s->next.n, err);
    s->next.item[s->next.n++] = *x;
    return insert(&s->stairs, x->v[1], x->v[2]) ? ASX_OK : asx_exact_no_memory(s->next.n, err);
}

static asx_status extend(solver *s, size_t l, const double *relax, asx_error *err)
{
    const double *value = s->p->layer[l].value, *bound = s->bound + l * D;
    size_t n;
    double used = 1;
    asx_status status =
        asx_pareto_front(s->kept, &n, value, NULL, s->p->layer[l].n_choices, D, err);
    s->next.n = s->stairs.n = 0;
    if (status != ASX_OK)
        return status;
    for (size_t i = 0; i < n; i++)
        s->heap[i] = (stream){s->now.n > 0 ? s->now.item[0].v[0] + value[s->kept[i] * D] : 0,
                              (uint32_t)s->kept[i], 0};
    n = s->now.n > 0 ? n : 0;
    for (size_t i = n / 2; i-- > 0;)
        sift(s->heap, n, i);
    while (status == ASX_OK && n > 0 && s->heap[0].v0 <= bound[0]) {
        stream *top = &s->heap[0];
        const double *from = s->now.item[top->at].v, *c = value + top->choice * D;
        const asx_exact_label x = {{top->v0, from[1] + c[1], from[2] + c[2]}, top->at, top->choice};
        if (x.v[1] <= bound[1] && x.v[2] <= bound[2])
            status = offer(s, &x, relax, &used, err);
        if (++top->at < s->now.n)
            top->v0 = s->now.item[top->at].v[0] + c[0];
        else
            *top = s->heap[--n];
        sift(s->heap, n, 0);
    }
    s->factor *= used;
    return status;
}

/* ---- the whole ---- */

static asx_status solver_init(solver *s, const asx_exact_problem *p, const double *bound,
                              asx_error *err)
{
    size_t most = 0;
    for (size_t l = 0; l < p->n_layers; l++)
        most = p->layer[l].n_choices > most ? p->layer[l].n_choices : most;
    s->p = p;
    s->bound = bound;
    s->factor = 1;
    s->heap = asx_array_new(most, sizeof *s->heap);
    s->kept = asx_array_new(most, sizeof *s->kept);
    if (!s->heap || !s->kept || !asx_exact_list_begin(&s->now))
        return asx_exact_no_memory(most, err);
    return asx_exact_history_init(&s->history, p, err);
}

static void solver_fini(solver *s)
{
    asx_exact_history_fini(&s->history);
    free(s->heap);
    free(s->kept);
    free(s->now.item);
    free(s->next.item);
    free(s->stairs.x);
    free(s->stairs.y);
}

asx_status asx_exact_three(asx_exact_front *out, const asx_exact_problem *p, const double *bound,
                           asx_error *err)
{
    solver s = {0};
    asx_status status = solver_init(&s, p, bound, err);
    for (size_t l = 0; status == ASX_OK && l < p->n_layers; l++) {
        /* what epsilon leaves, evenly among the layers still to come: their factors multiply */
        double relax[D];
        const double share =
            fmax(1, pow((1 + p->epsilon) / s.factor, 1 / (double)(p->n_layers - l)));
        for (size_t j = 0; j < D; j++)
            relax[j] = p->epsilon <= 0 || (p->limit && isfinite(p->limit[j])) ? 1 : share;
        status = extend(&s, l, relax, err);
        if (status == ASX_OK)
            status = asx_exact_history_add(&s.history, l, &s.next, err);
        const asx_exact_list swap = s.now;
        s.now = s.next;
        s.next = swap;
    }
    if (status == ASX_OK)
        status = asx_exact_history_front(out, &s.history, &s.now, s.factor, err);
    solver_fini(&s);
    return status;
}
