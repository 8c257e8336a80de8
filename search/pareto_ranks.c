/* Ranks by efficient non-dominated sort (ENS-BS): Zhang, Tian, Cheng and Jin, "An Efficient
 * Approach to Nondominated Sorting for Evolutionary Multiobjective Optimization", IEEE TEVC 19 (2),
 * 2015. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "order.h"
#include "search/pareto.h"

/* The fronts as linked lists of positions in lexicographic order, the latest member first. */
typedef struct fronts {
    size_t *latest; /* [n_fronts] */
    size_t *before; /* [n]: the member that came before, or NONE */
    size_t first;   /* the first front of the present violation; those before it beat every row */
    size_t n;
} fronts;

static const size_t NONE = SIZE_MAX;

typedef struct table {
    const double *row;
    size_t d;
    const size_t *order;
} table;

static const double *row_at(const table *t, size_t position)
{
    return t->row + t->order[position] * t->d;
}

/* In two dimensions the latest member has the least second value: it dominates if any does. */
static bool front_dominates(const fronts *f, size_t front, const table *t, const double *x)
{
    for (size_t k = f->latest[front]; k != NONE; k = f->before[k]) {
        if (asx_pareto_dominates(row_at(t, k), x, t->d))
            return true;
        if (t->d <= 2)
            break;
    }
    return false;
}

/* The first front that does not dominate x: if one does, all before it do. */
static size_t find_front(const fronts *f, const table *t, const double *x)
{
    size_t low = f->first, high = f->n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (front_dominates(f, mid, t, x))
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static void assign(size_t *rank, fronts *f, const table *t, const double *violation, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t self = t->order[i];
        if (i > 0 && violation && violation[self] > violation[t->order[i - 1]])
            f->first = f->n;
        size_t front = find_front(f, t, row_at(t, i));
        if (front == f->n)
            f->latest[f->n++] = NONE;
        f->before[i] = f->latest[front];
        f->latest[front] = i;
        rank[self] = front;
    }
}

asx_status asx_pareto_ranks(size_t *rank, const double *row, const double *violation, size_t n,
                            size_t n_dims, asx_error *err)
{
    asx_status status = asx_pareto_check(row, violation, n, n_dims, err);
    if (status != ASX_OK || n == 0)
        return status;
    size_t *order = asx_array_new(n, sizeof *order);
    fronts f = {asx_array_new(n, sizeof *f.latest), asx_array_new(n, sizeof *f.before), 0, 0};
    bool ok = order && f.latest && f.before;
    for (size_t i = 0; ok && i < n; i++)
        order[i] = i;
    ok = ok && asx_order_rows(order, n, row, n_dims, n_dims) &&
         (!violation || asx_order_rows(order, n, violation, 1, 1));
    if (ok)
        assign(rank, &f, &(table){row, n_dims, order}, violation, n);
    free(order);
    free(f.latest);
    free(f.before);
    return ok ? ASX_OK : asx_fail(err, ASX_ENOMEM, "pareto: out of memory for %zu rows", n);
}
