/* Hypervolume by sweeps. Three dimensions: Beume, Fonseca, Lopez-Ibanez, Paquete and Vahrenhold,
 * "On the Complexity of Computing the Hypervolume Indicator", IEEE TEVC 13 (5), 2009. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "dse/order.h"
#include "dse/pareto.h"
#include "hypervolume.h"

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

/* All rows have a last coordinate; with fewer than three dimensions it is 0 below a reference of 1.
 */
static bool sweep(double *volume, double *column[3], size_t n, const double reference[3])
{
    size_t *order = asx_array_new(n, sizeof *order), *rank = asx_array_new(n, sizeof *rank);
    stairs s = {.x = asx_array_new(n, sizeof(double)),
                .y = asx_array_new(n, sizeof(double)),
                .reference = reference};
    bool ok = order && rank && s.x && s.y && asx_rank_set_init(&s.step, n) &&
              asx_order_ranks(rank, column[0], n, 1);
    for (size_t i = 0; ok && i < n; i++)
        order[i] = i;
    ok = ok && asx_order_rows(order, n, column[2], 1, 1);
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
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++)
            column[j][i] = row[i * d + j];
    const bool ok = sweep(volume, column, n, full);
    free(memory);
    return ok;
}

/* Keeps the rows that no other dominates. @return false without memory */
static bool keep_front(double *row, size_t *n, size_t d)
{
    size_t *front = asx_array_new(*n, sizeof *front), n_front = 0;
    const bool ok = front && asx_pareto_front(front, &n_front, row, NULL, *n, d, NULL) == ASX_OK;
    for (size_t i = 0; ok && i < n_front; i++)
        memmove(row + i * d, row + front[i] * d, d * sizeof *row);
    *n = ok ? n_front : *n;
    free(front);
    return ok;
}

static bool volume_of(double *volume, const double *row, size_t n, size_t d, const double *ref);

/* What `x` alone dominates in the first d dimensions, `earlier` [n][stride] being there already:
 * its box without what the others, moved into the box, dominate. `work` has room for n rows. */
static bool exclusive(double *volume, const double *x, const double *earlier, size_t n, size_t d,
                      size_t stride, const double *ref, double *work)
{
    double box = 1, taken = 0;
    for (size_t j = 0; j < d; j++)
        box *= ref[j] - x[j];
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++)
            work[i * d + j] = fmax(x[j], earlier[i * stride + j]);
    const bool ok = n == 0 || (keep_front(work, &n, d) && volume_of(&taken, work, n, d, ref));
    *volume = fmax(0, box - taken);
    return ok;
}

/* Above four: a sweep along the last dimension that adds up what each row adds to the others'
 * volume in the dimensions before (While, Bradstreet and Barone, IEEE TEVC 16 (1), 2012). */
static bool volume_high(double *volume, const double *row, size_t n, size_t d, const double *ref)
{
    size_t *order = asx_array_new(n, sizeof *order);
    double *sorted = asx_array_new(n, d * sizeof *sorted),
           *work = asx_array_new(n, d * sizeof *work);
    bool ok = order && sorted && work;
    for (size_t i = 0; ok && i < n; i++)
        order[i] = i;
    ok = ok && asx_order_rows(order, n, row + d - 1, d, 1);
    for (size_t i = 0; ok && i < n; i++)
        memcpy(sorted + i * d, row + order[i] * d, d * sizeof *sorted);
    *volume = 0;
    for (size_t i = 0; ok && i < n; i++) {
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

/* Of at least one row, all below the reference. */
static bool volume_of(double *volume, const double *row, size_t n, size_t d, const double *ref)
{
    if (d <= 3)
        return volume_low(volume, row, n, d, ref);
    return d == 4 ? asx_hypervolume_4d(volume, row, n, ref) : volume_high(volume, row, n, d, ref);
}

/* Copies the rows below the reference. @return how many */
static size_t keep_below(double *kept, const double *row, size_t n, size_t d, const double *ref)
{
    size_t n_kept = 0;
    for (size_t i = 0; i < n; i++) {
        bool below = true;
        for (size_t j = 0; j < d; j++)
            below &= row[i * d + j] < ref[j];
        if (below)
            memcpy(kept + n_kept++ * d, row + i * d, d * sizeof *kept);
    }
    return n_kept;
}

asx_status asx_pareto_hypervolume(double *out, const double *row, size_t n, size_t n_dims,
                                  const double *reference, asx_error *err)
{
    double volume = 0;
    if (n_dims < 1 || n_dims > ASX_HYPERVOLUME_DIMS_MAX)
        return asx_fail(err, ASX_EUNSUPPORTED, "hypervolume in %zu dimensions, not 1 to %d", n_dims,
                        (int)ASX_HYPERVOLUME_DIMS_MAX);
    for (size_t j = 0; j < n_dims; j++)
        if (!isfinite(reference[j]))
            return asx_fail(err, ASX_EINVAL, "hypervolume: reference point has the value %g",
                            reference[j]);
    if (n > INT32_MAX)
        return asx_fail(err, ASX_EUNSUPPORTED, "hypervolume of %zu rows, not 0 to %d", n,
                        INT32_MAX);
    asx_status status = asx_pareto_check(row, NULL, n, n_dims, err);
    if (status != ASX_OK)
        return status;
    if (n == 0) {
        *out = 0;
        return ASX_OK;
    }
    double *kept = asx_array_new(n, n_dims * sizeof *kept);
    bool ok = kept != NULL;
    size_t n_kept = ok ? keep_below(kept, row, n, n_dims, reference) : 0;
    if (ok && n_dims > 4) /* the fewer rows the better */
        ok = keep_front(kept, &n_kept, n_dims);
    ok = ok && (n_kept == 0 || volume_of(&volume, kept, n_kept, n_dims, reference));
    free(kept);
    if (!ok)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu rows", n);
    *out = volume;
    return ASX_OK;
}
