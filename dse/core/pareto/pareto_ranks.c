/* Ranks by efficient non-dominated sort (ENS-BS): Zhang, Tian, Cheng and Jin, "An Efficient
 * Approach to Nondominated Sorting for Evolutionary Multiobjective Optimization", IEEE TEVC 19 (2),
 * 2015. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "dse/order.h"
#include "dse/pareto.h"

/* What a front dominates. Up to three dimensions the rows come in ascending order of the first, and
 * the staircase of the other two decides: `step` ascends in y and descends in z. Above, a front is
 * the list of its members' positions, the latest first. */
typedef struct front {
    double (*step)[2];
    size_t n, capacity;
    size_t latest;
} front;

typedef struct sorter {
    const double *row;
    size_t d;
    const size_t *order;
    front *front;
    size_t n_fronts, capacity;
    size_t first;   /* the first front of the present violation; those before it beat every row */
    size_t *before; /* by position: the member of the same front that came before, or NONE */
} sorter;

static const size_t NONE = SIZE_MAX;

static const double *row_at(const sorter *s, size_t position)
{
    return s->row + s->order[position] * s->d;
}

static double coordinate(const sorter *s, const double *x, size_t j)
{
    return j < s->d ? x[j] : 0;
}

/* Number of steps whose y is not above `y`. */
static size_t find_step(const front *f, double y)
{
    size_t low = 0, high = f->n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (f->step[mid][0] <= y)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* `x` differs from every row of the front. */
static bool front_dominates(const sorter *s, const front *f, const double *x)
{
    if (s->d <= 3) {
        size_t k = find_step(f, coordinate(s, x, 1));
        return k > 0 && f->step[k - 1][1] <= coordinate(s, x, 2);
    }
    for (size_t k = f->latest; k != NONE; k = s->before[k])
        if (asx_pareto_dominates(row_at(s, k), x, s->d))
            return true;
    return false;
}

/* The first front that does not dominate x: if one does, all before it do. */
static size_t find_front(const sorter *s, const double *x)
{
    size_t low = s->first, high = s->n_fronts;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (front_dominates(s, &s->front[mid], x))
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* Puts x, which the front does not dominate, on the staircase. @return false without memory */
static bool add_step(const sorter *s, front *f, const double *x)
{
    double y = coordinate(s, x, 1), z = coordinate(s, x, 2);
    void *grown = asx_array_grow(f->step, &f->capacity, f->n + 1, sizeof *f->step);
    if (!grown)
        return false;
    f->step = grown;
    size_t begin = find_step(f, y);
    if (begin > 0 && f->step[begin - 1][0] >= y) /* same y, larger z */
        begin--;
    size_t end = begin;
    while (end < f->n && f->step[end][1] >= z)
        end++;
    memmove(f->step + begin + 1, f->step + end, (f->n - end) * sizeof *f->step);
    f->n = begin + 1 + (f->n - end);
    f->step[begin][0] = y;
    f->step[begin][1] = z;
    return true;
}

static bool add_front(sorter *s)
{
    front *grown = asx_array_grow(s->front, &s->capacity, s->n_fronts + 1, sizeof *grown);
    if (!grown)
        return false;
    s->front = grown;
    s->front[s->n_fronts++] = (front){.latest = NONE};
    return true;
}

static bool assign(size_t *rank, sorter *s, const double *violation, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t self = s->order[i], last = s->order[i > 0 ? i - 1 : 0];
        bool worse = i > 0 && violation && violation[self] > violation[last];
        if (worse)
            s->first = s->n_fronts;
        const double *x = row_at(s, i);
        if (i > 0 && !worse && asx_pareto_equal(x, row_at(s, i - 1), s->d)) {
            rank[self] = rank[last];
            continue;
        }
        size_t k = find_front(s, x);
        if (k == s->n_fronts && !add_front(s))
            return false;
        front *f = &s->front[k];
        s->before[i] = f->latest;
        f->latest = i;
        rank[self] = k;
        if (s->d <= 3 && !add_step(s, f, x))
            return false;
    }
    return true;
}

asx_status asx_pareto_ranks(size_t *rank, const double *row, const double *violation, size_t n,
                            size_t n_dims, asx_error *err)
{
    asx_status status = asx_pareto_check(row, violation, n, n_dims, err);
    if (status != ASX_OK || n == 0)
        return status;
    size_t *order = asx_array_new(n, sizeof *order), *found = asx_array_new(n, sizeof *found);
    sorter s = {.row = row, .d = n_dims, .order = order};
    s.before = asx_array_new(n, sizeof *s.before);
    bool ok = order && found && s.before;
    for (size_t i = 0; ok && i < n; i++)
        order[i] = i;
    ok = ok && asx_order_rows(order, n, row, n_dims, n_dims) &&
         (!violation || asx_order_rows(order, n, violation, 1, 1)) &&
         assign(found, &s, violation, n);
    if (ok)
        memcpy(rank, found, n * sizeof *rank);
    for (size_t k = 0; k < s.n_fronts; k++)
        free(s.front[k].step);
    free(s.front);
    free(s.before);
    free(order);
    free(found);
    return ok ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for %zu rows", n);
}
