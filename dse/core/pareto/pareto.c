/* The non-dominated rows of a table, and their ranks.
 *
 * In lexicographic order only earlier rows can dominate a row, and equal rows are neighbours. Two
 * objectives then need a sweep, three a sweep that keeps the staircase of the other two. */
#include "dse/pareto.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "dse/order.h"

bool asx_pareto_dominates(const double *a, const double *b, size_t n_dims)
{
    bool smaller = false;
    for (size_t i = 0; i < n_dims; i++) {
        if (a[i] > b[i])
            return false;
        smaller |= a[i] < b[i];
    }
    return smaller;
}

bool asx_pareto_equal(const double *a, const double *b, size_t n_dims)
{
    for (size_t i = 0; i < n_dims; i++)
        if (a[i] < b[i] || a[i] > b[i])
            return false;
    return true;
}

asx_status asx_pareto_check(const double *row, const double *violation, size_t n, size_t d,
                            asx_error *err)
{
    if (d < 1 || d > ASX_PARETO_DIMS_MAX)
        return asx_fail(err, ASX_EINVAL, "pareto: %zu dimensions, not 1 to %d", d,
                        ASX_PARETO_DIMS_MAX);
    for (size_t i = 0; i < n * d; i++)
        if (!isfinite(row[i]))
            return asx_fail(err, ASX_EINVAL, "pareto: value %g in row %zu is not finite", row[i],
                            i / d);
    for (size_t i = 0; violation && i < n; i++)
        if (!isfinite(violation[i]) || violation[i] < 0)
            return asx_fail(err, ASX_EINVAL,
                            "pareto: violation %g of row %zu is not a finite number >= 0",
                            violation[i], i);
    return ASX_OK;
}

/* The least violating rows. */
static size_t select_feasible(size_t *index, const double *violation, size_t n)
{
    double best = INFINITY;
    for (size_t i = 0; violation && i < n; i++)
        best = fmin(best, violation[i]);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (!violation || violation[i] <= best)
            index[kept++] = i;
    return kept;
}

/* Drops what one good row dominates: the row of least sum after scaling to the unit box. Of many
 * rows in few dimensions that is nearly all, in linear time. */
static size_t drop_obvious(size_t *index, size_t n, const double *row, size_t d)
{
    double low[ASX_PARETO_DIMS_MAX], high[ASX_PARETO_DIMS_MAX], scale[ASX_PARETO_DIMS_MAX];
    for (size_t j = 0; j < d; j++)
        low[j] = high[j] = row[index[0] * d + j];
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++) {
            double x = row[index[i] * d + j];
            low[j] = x < low[j] ? x : low[j];
            high[j] = x > high[j] ? x : high[j];
        }
    for (size_t j = 0; j < d; j++)
        scale[j] = high[j] > low[j] ? 1 / (high[j] - low[j]) : 0;
    double least = INFINITY;
    const double *best = row + index[0] * d;
    for (size_t i = 0; i < n; i++) {
        const double *x = row + index[i] * d;
        double sum = 0;
        for (size_t j = 0; j < d; j++)
            sum += (x[j] - low[j]) * scale[j];
        if (sum < least) {
            least = sum;
            best = x;
        }
    }
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (!asx_pareto_dominates(best, row + index[i] * d, d))
            index[kept++] = index[i];
    return kept;
}

/* Up to two dimensions. `index` is in lexicographic order, here and below. */
static size_t sweep_2d(size_t *index, size_t n, const double *row, size_t d)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        const double *x = row + index[i] * d;
        const double *last = kept > 0 ? row + index[kept - 1] * d : x;
        if (kept == 0 || x[d - 1] < last[d - 1] || asx_pareto_equal(x, last, d))
            index[kept++] = index[i];
    }
    return kept;
}

/* Dense ranks of the rows' second value; by position in `index`. */
static bool ranks_of_second(size_t *rank, const size_t *index, size_t n, const double *row)
{
    double *value = asx_array_new(n, sizeof *value);
    for (size_t i = 0; value && i < n; i++)
        value[i] = row[index[i] * 3 + 1];
    const bool ok = value && asx_order_ranks(rank, value, n, 1);
    free(value);
    return ok;
}

/* Three dimensions: least[rank of y] is the least z so far of the staircase's step at y. */
static bool sweep_3d(size_t *n_kept, size_t *index, size_t n, const double *row)
{
    size_t *rank = asx_array_new(n, sizeof *rank);
    double *least = asx_array_new(n, sizeof *least);
    asx_rank_set steps = {{NULL}, 0};
    bool ok = rank && least && ranks_of_second(rank, index, n, row) && asx_rank_set_init(&steps, n);
    size_t kept = 0;
    for (size_t i = 0; ok && i < n; i++) {
        const double *x = row + index[i] * 3;
        if (kept > 0 && asx_pareto_equal(x, row + index[kept - 1] * 3, 3)) {
            index[kept++] = index[i];
            continue;
        }
        size_t step = asx_rank_set_floor(&steps, rank[i]);
        if (step != ASX_RANK_NONE && least[step] <= x[2])
            continue;
        while ((step = asx_rank_set_ceil(&steps, rank[i])) != ASX_RANK_NONE && least[step] >= x[2])
            asx_rank_set_remove(&steps, step);
        least[rank[i]] = x[2];
        asx_rank_set_add(&steps, rank[i]);
        index[kept++] = index[i];
    }
    *n_kept = kept;
    asx_rank_set_fini(&steps);
    free(rank);
    free(least);
    return ok;
}

/* Any dimension: the kept rows one by one, the latest first. */
static size_t scan(size_t *index, size_t n, const double *row, size_t d)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        const double *x = row + index[i] * d;
        size_t k = kept;
        while (k > 0 && !asx_pareto_dominates(row + index[k - 1] * d, x, d))
            k--;
        if (k == 0)
            index[kept++] = index[i];
    }
    return kept;
}

static int compare_sizes(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

asx_status asx_pareto_front(size_t *index, size_t *n_index, const double *row,
                            const double *violation, size_t n, size_t n_dims, asx_error *err)
{
    asx_status status = asx_pareto_check(row, violation, n, n_dims, err);
    if (status != ASX_OK)
        return status;
    if (n == 0) {
        *n_index = 0;
        return ASX_OK;
    }
    size_t *kept = asx_array_new(n, sizeof *kept);
    bool ok = kept != NULL;
    size_t n_kept = 0;
    if (ok) {
        n_kept = select_feasible(kept, violation, n);
        n_kept = drop_obvious(kept, n_kept, row, n_dims);
        ok = asx_order_rows(kept, n_kept, row, n_dims, n_dims);
    }
    if (ok && n_dims <= 2)
        n_kept = sweep_2d(kept, n_kept, row, n_dims);
    else if (ok && n_dims == 3)
        ok = sweep_3d(&n_kept, kept, n_kept, row);
    else if (ok)
        n_kept = scan(kept, n_kept, row, n_dims);
    if (ok) {
        qsort(kept, n_kept, sizeof *kept, compare_sizes);
        memcpy(index, kept, n_kept * sizeof *kept);
        *n_index = n_kept;
    }
    free(kept);
    return ok ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for %zu rows", n);
}
