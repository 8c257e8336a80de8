/* Hypervolume by sweeps. Three dimensions: Beume, Fonseca, Lopez-Ibanez, Paquete and Vahrenhold,
 * "On the Complexity of Computing the Hypervolume Indicator", IEEE TEVC 13 (5), 2009. */
#include <math.h>
#include <stdlib.h>

#include "dse/memory.h"
#include "order.h"
#include "search/pareto.h"

/* The staircase of rows (x, y): steps by rank of x, x ascending, y descending. */
typedef struct stairs {
    asx_rank_set step;
    double *x, *y; /* by rank */
    const double *reference;
} stairs;

/* The area that (x, y) adds below the reference point; it enters the staircase. */
static double stairs_add(stairs *s, size_t rank, double x, double y)
{
    size_t step = asx_rank_set_floor(&s->step, rank);
    if (step != ASX_RANK_NONE && s->y[step] <= y)
        return 0;
    double left = x, top = step != ASX_RANK_NONE ? s->y[step] : s->reference[1], area = 0;
    while ((step = asx_rank_set_ceil(&s->step, rank)) != ASX_RANK_NONE && s->y[step] >= y) {
        area += (s->x[step] - left) * (top - y);
        left = s->x[step];
        top = s->y[step];
        asx_rank_set_remove(&s->step, step);
    }
    double right = step != ASX_RANK_NONE ? s->x[step] : s->reference[0];
    area += (right - left) * (top - y);
    s->x[rank] = x;
    s->y[rank] = y;
    asx_rank_set_add(&s->step, rank);
    return area;
}

/* Sorts the positions 0 .. n-1 of `value`, and gives each its dense rank. */
static bool rank_values(size_t *order, size_t *rank, const double *value, size_t n)
{
    for (size_t i = 0; i < n; i++)
        order[i] = i;
    if (!asx_order_rows(order, n, value, 1, 1))
        return false;
    for (size_t i = 0, r = 0; i < n; i++) {
        if (i > 0 && value[order[i]] > value[order[i - 1]])
            r++;
        rank[order[i]] = r;
    }
    return true;
}

/* Columns of the rows below the reference point. @return how many */
static size_t columns(double *column[3], const double *row, size_t n, size_t d, const double *ref)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        bool below = true;
        for (size_t j = 0; j < d; j++)
            below &= row[i * d + j] < ref[j];
        if (!below)
            continue;
        for (size_t j = 0; j < 3; j++)
            column[j][kept] = j < d ? row[i * d + j] : 0;
        kept++;
    }
    return kept;
}

/* All rows have a last coordinate; with fewer than three dimensions it is 0 below a reference of 1.
 */
static bool sweep(double *volume, double *column[3], size_t n, const double reference[3])
{
    size_t *order = asx_array_new(n, sizeof *order), *rank = asx_array_new(n, sizeof *rank);
    stairs s = {.x = asx_array_new(n, sizeof(double)),
                .y = asx_array_new(n, sizeof(double)),
                .reference = reference};
    bool ok = order && rank && s.x && s.y && asx_rank_set_init(&s.step, n) &&
              rank_values(order, rank, column[0], n) && asx_order_rows(order, n, column[2], 1, 1);
    double area = 0, sum = 0;
    for (size_t i = 0; ok && i < n; i++) {
        size_t p = order[i];
        area += stairs_add(&s, rank[p], column[0][p], column[1][p]);
        double next = i + 1 < n ? column[2][order[i + 1]] : reference[2];
        sum += area * (next - column[2][p]);
    }
    *volume = sum;
    asx_rank_set_fini(&s.step);
    free(s.x);
    free(s.y);
    free(order);
    free(rank);
    return ok;
}

asx_status asx_pareto_hypervolume(double *out, const double *row, size_t n, size_t n_dims,
                                  const double *reference, asx_error *err)
{
    if (n_dims < 1 || n_dims > 3)
        return asx_fail(err, ASX_EUNSUPPORTED, "hypervolume in %zu dimensions, not 1 to 3", n_dims);
    double full[3] = {1, 1, 1};
    for (size_t j = 0; j < n_dims; j++) {
        if (!isfinite(reference[j]))
            return asx_fail(err, ASX_EINVAL, "hypervolume: reference point has the value %g",
                            reference[j]);
        full[j] = reference[j];
    }
    asx_status status = asx_pareto_check(row, NULL, n, n_dims, err);
    if (status != ASX_OK)
        return status;
    if (n == 0) {
        *out = 0;
        return ASX_OK;
    }
    double *memory = asx_array_new(n, 3 * sizeof *memory), volume = 0;
    bool ok = memory != NULL;
    if (ok) {
        double *column[3] = {memory, memory + n, memory + 2 * n};
        size_t kept = columns(column, row, n, n_dims, full);
        ok = kept == 0 || sweep(&volume, column, kept, full);
    }
    free(memory);
    if (!ok)
        return asx_fail(err, ASX_ENOMEM, "hypervolume: out of memory for %zu rows", n);
    *out = volume;
    return ASX_OK;
}
