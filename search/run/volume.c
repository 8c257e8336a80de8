#include "volume.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "dse/pareto.h"

void asx_volume_init(asx_volume *volume, const double *reference, size_t n_dims)
{
    *volume = (asx_volume){.reference = reference, .n_dims = n_dims};
}

void asx_volume_fini(asx_volume *volume)
{
    if (!volume)
        return;
    free(volume->step);
    *volume = (asx_volume){0};
}

/* The first step whose objective 0 is not below x. */
static size_t find(const asx_volume *v, double x)
{
    size_t low = 0, high = v->n;
    while (low < high) {
        const size_t mid = low + (high - low) / 2;
        if (v->step[mid][0] < x)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* What (x, y) covers and the stairs do not: between `from`, the first step to its right, and the
 * first one below it, which is returned. */
static size_t gain(double *out, const asx_volume *v, size_t from, double x, double y)
{
    double left = x, top = from > 0 ? v->step[from - 1][1] : v->reference[1], area = 0;
    size_t i = from;
    for (; i < v->n && v->step[i][1] >= y; i++) {
        area += (v->step[i][0] - left) * (top - y);
        left = v->step[i][0];
        top = v->step[i][1];
    }
    const double right = i < v->n ? v->step[i][0] : v->reference[0];
    *out = area + (right - left) * (top - y);
    return i;
}

asx_status asx_volume_add(asx_volume *v, const double *point, asx_error *err)
{
    if (!v->reference || v->n_dims != 2)
        return ASX_OK;
    const double x = point[0], y = point[1];
    if (!(x < v->reference[0] && y < v->reference[1]))
        return ASX_OK;
    const size_t from = find(v, x);
    if ((from > 0 && v->step[from - 1][1] <= y) ||
        (from < v->n && v->step[from][0] <= x && v->step[from][1] <= y))
        return ASX_OK;
    double more = 0;
    const size_t to = gain(&more, v, from, x, y);
    double(*step)[2] = asx_array_grow(v->step, &v->capacity, v->n + 1, sizeof *step);
    if (!step)
        return asx_fail(err, ASX_ENOMEM, "no memory for a front of %zu points", v->n + 1);
    v->step = step;
    memmove(step + from + 1, step + to, (v->n - to) * sizeof *step);
    step[from][0] = x;
    step[from][1] = y;
    v->n += 1 + from;
    v->n -= to;
    v->value += more;
    return ASX_OK;
}

asx_status asx_volume_refresh(asx_volume *v, const asx_archive *archive, double now_s, bool force,
                              asx_error *err)
{
    enum { SHARE = 20 };
    size_t n = 0;
    if (!v->reference || v->n_dims == 2 || v->n_dims > ASX_HYPERVOLUME_DIMS_MAX ||
        (now_s < v->next_s && !force))
        return ASX_OK;
    const size_t *row = asx_archive_front(archive, &n);
    if (!asx_archive_feasible(archive) || n == 0)
        return ASX_OK;
    const double start = omp_get_wtime();
    double *value = asx_array_new(n, v->n_dims * sizeof *value);
    if (!value)
        return asx_fail(err, ASX_ENOMEM, "no memory for a front of %zu points", n);
    for (size_t i = 0; i < n; i++)
        memcpy(value + i * v->n_dims, asx_archive_objective(archive, row[i]),
               v->n_dims * sizeof *value);
    const asx_status status =
        asx_pareto_hypervolume(&v->value, value, n, v->n_dims, v->reference, err);
    free(value);
    v->next_s = now_s + SHARE * (omp_get_wtime() - start);
    return status;
}
