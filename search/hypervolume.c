/* Hypervolume by sweeps. Three dimensions: Beume, Fonseca, Lopez-Ibanez, Paquete and Vahrenhold,
 * "On the Complexity of Computing the Hypervolume Indicator", IEEE TEVC 13 (5), 2009. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

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

/* One to three dimensions. */
static bool volume_low(double *volume, const double *row, size_t n, size_t d, const double *ref)
{
    double full[3] = {1, 1, 1};
    memcpy(full, ref, d * sizeof *full);
    double *memory = asx_array_new(n, 3 * sizeof *memory);
    if (!memory)
        return false;
    double *column[3] = {memory, memory + n, memory + 2 * n};
    size_t kept = columns(column, row, n, d, full);
    *volume = 0;
    bool ok = kept == 0 || sweep(volume, column, kept, full);
    free(memory);
    return ok;
}

static bool volume_of(double *volume, const double *row, size_t n, size_t d, const double *ref);

/* What `x` alone dominates in the first d dimensions, `earlier` [n][stride] being there already:
 * its box without what the others, moved into the box, dominate. `work` has room for n rows. */
static bool exclusive(double *volume, const double *x, const double *earlier, size_t n, size_t d,
                      size_t stride, const double *ref, double *work)
{
    double box = 1, taken = 0;
    size_t *front = asx_array_new(n + 1, sizeof *front), n_front = 0;
    for (size_t j = 0; j < d; j++)
        box *= ref[j] - x[j];
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++)
            work[i * d + j] = fmax(x[j], earlier[i * stride + j]);
    bool ok =
        front && (n == 0 || asx_pareto_front(front, &n_front, work, NULL, n, d, NULL) == ASX_OK);
    for (size_t i = 0; ok && i < n_front; i++)
        memmove(work + i * d, work + front[i] * d, d * sizeof *work);
    ok = ok && (n_front == 0 || volume_of(&taken, work, n_front, d, ref));
    *volume = fmax(0, box - taken);
    free(front);
    return ok;
}

/* Above three: a sweep along the last dimension that adds up what each row adds to the others'
 * volume in the dimensions before (While, Bradstreet and Barone, IEEE TEVC 16 (1), 2012). */
static bool volume_high(double *volume, const double *row, size_t n, size_t d, const double *ref)
{
    size_t *order = asx_array_new(n, sizeof *order), kept = 0;
    double *sorted = asx_array_new(n, d * sizeof *sorted),
           *work = asx_array_new(n, d * sizeof *work);
    bool ok = order && sorted && work;
    for (size_t i = 0; ok && i < n; i++) {
        bool below = true;
        for (size_t j = 0; j < d; j++)
            below &= row[i * d + j] < ref[j];
        order[kept] = i;
        kept += below;
    }
    ok = ok && asx_order_rows(order, kept, row + d - 1, d, 1);
    for (size_t i = 0; ok && i < kept; i++)
        memcpy(sorted + i * d, row + order[i] * d, d * sizeof *sorted);
    *volume = 0;
    for (size_t i = 0; ok && i < kept; i++) {
        double own = 0;
        const double *x = sorted + i * d;
        ok = exclusive(&own, x, sorted, i, d - 1, d, ref, work);
        *volume += own * (ref[d - 1] - x[d - 1]);
    }
    free(order);
    free(sorted);
    free(work);
    return ok;
}

static bool volume_of(double *volume, const double *row, size_t n, size_t d, const double *ref)
{
    return d <= 3 ? volume_low(volume, row, n, d, ref) : volume_high(volume, row, n, d, ref);
}

asx_status asx_pareto_hypervolume(double *out, const double *row, size_t n, size_t n_dims,
                                  const double *reference, asx_error *err)
{
    double volume = 0;
    size_t n_front = 0;
    if (n_dims < 1 || n_dims > ASX_HYPERVOLUME_DIMS_MAX)
        return asx_fail(err, ASX_EUNSUPPORTED, "hypervolume in %zu dimensions, not 1 to %d", n_dims,
                        (int)ASX_HYPERVOLUME_DIMS_MAX);
    for (size_t j = 0; j < n_dims; j++)
        if (!isfinite(reference[j]))
            return asx_fail(err, ASX_EINVAL, "hypervolume: reference point has the value %g",
                            reference[j]);
    asx_status status = asx_pareto_check(row, NULL, n, n_dims, err);
    if (status != ASX_OK)
        return status;
    if (n == 0) {
        *out = 0;
        return ASX_OK;
    }
    size_t *front = asx_array_new(n, sizeof *front);
    double *only = asx_array_new(n, n_dims * sizeof *only);
    bool ok = front && only;
    if (ok && n_dims > 3) { /* the fewer rows the better */
        ok = asx_pareto_front(front, &n_front, row, NULL, n, n_dims, NULL) == ASX_OK;
        for (size_t i = 0; i < n_front; i++)
            memcpy(only + i * n_dims, row + front[i] * n_dims, n_dims * sizeof *only);
        row = only;
        n = n_front;
    }
    ok = ok && volume_of(&volume, row, n, n_dims, reference);
    free(front);
    free(only);
    if (!ok)
        return asx_fail(err, ASX_ENOMEM, "hypervolume: out of memory for %zu rows", n);
    *out = volume;
    return ASX_OK;
}
