/* The archive: rows in the order they came, and the front kept up to date with each of them. */
#include "search/archive.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "dse/pareto.h"
#include "point_set.h"

struct asx_archive {
    asx_point_set points;
    size_t n_objectives;
    double *objective; /* [n][n_objectives] */
    size_t objective_capacity;
    double *violation; /* [n] */
    size_t violation_capacity;
    size_t *front; /* rows, lexicographically ascending in their objectives, then by number */
    size_t n_front, front_capacity;
};

asx_status asx_archive_new(asx_archive **out, size_t n_genes, size_t n_objectives, asx_error *err)
{
    if (n_genes == 0 || n_objectives == 0 || n_objectives > ASX_PARETO_DIMS_MAX)
        return asx_fail(err, ASX_EINVAL,
                        "archive of %zu genes and %zu objectives: needs genes, and 1 to %d "
                        "objectives",
                        n_genes, n_objectives, ASX_PARETO_DIMS_MAX);
    asx_archive *archive = asx_array_new(1, sizeof *archive);
    if (!archive)
        return asx_fail(err, ASX_ENOMEM, "no memory for an archive");
    asx_point_set_init(&archive->points, n_genes);
    archive->n_objectives = n_objectives;
    *out = archive;
    return ASX_OK;
}

void asx_archive_free(asx_archive *archive)
{
    if (!archive)
        return;
    asx_point_set_fini(&archive->points);
    free(archive->objective);
    free(archive->violation);
    free(archive->front);
    free(archive);
}

size_t asx_archive_size(const asx_archive *archive)
{
    return archive->points.n;
}

size_t asx_archive_n_genes(const asx_archive *archive)
{
    return archive->points.n_genes;
}

size_t asx_archive_n_objectives(const asx_archive *archive)
{
    return archive->n_objectives;
}

const asx_gene *asx_archive_point(const asx_archive *archive, size_t row)
{
    return archive->points.point + row * archive->points.n_genes;
}

const double *asx_archive_objective(const asx_archive *archive, size_t row)
{
    return archive->objective + row * archive->n_objectives;
}

double asx_archive_violation(const asx_archive *archive, size_t row)
{
    return archive->violation[row];
}

bool asx_archive_find(size_t *row, const asx_archive *archive, const asx_gene *point)
{
    return asx_point_set_find(row, &archive->points, point);
}

const size_t *asx_archive_front(const asx_archive *archive, size_t *n)
{
    *n = archive->n_front;
    return archive->front;
}

bool asx_archive_feasible(const asx_archive *archive)
{
    return archive->n_front > 0 && archive->violation[archive->front[0]] <= 0;
}

static int compare_rows(const double *a, const double *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (a[i] < b[i] || a[i] > b[i])
            return a[i] < b[i] ? -1 : 1;
    return 0;
}

/* Number of front rows whose objectives are not behind those of `objective`. */
static size_t front_position(const asx_archive *archive, const double *objective)
{
    size_t low = 0, high = archive->n_front;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        const double *other = asx_archive_objective(archive, archive->front[mid]);
        if (compare_rows(other, objective, archive->n_objectives) <= 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* Only rows before `position` can dominate; in two objectives the last of them does if any does. */
static bool front_dominates(const asx_archive *archive, size_t position, const double *objective)
{
    size_t d = archive->n_objectives;
    size_t first = d <= 2 && position > 0 ? position - 1 : 0;
    for (size_t k = first; k < position; k++)
        if (asx_pareto_dominates(asx_archive_objective(archive, archive->front[k]), objective, d))
            return true;
    return false;
}

/* Only rows from `position` on can be dominated; in two objectives those that are come first. */
static void front_drop_dominated(asx_archive *archive, size_t position, const double *objective)
{
    size_t d = archive->n_objectives, end = archive->n_front, kept = position, k = position;
    for (; k < end; k++) {
        const double *other = asx_archive_objective(archive, archive->front[k]);
        if (!asx_pareto_dominates(objective, other, d)) {
            if (d <= 2)
                break;
            archive->front[kept++] = archive->front[k];
        }
    }
    if (k > kept)
        memmove(archive->front + kept, archive->front + k, (end - k) * sizeof *archive->front);
    archive->n_front = kept + (end - k);
}

/* There is room for one more row in `front`. */
static void front_update(asx_archive *archive, size_t row)
{
    const double *objective = asx_archive_objective(archive, row);
    if (archive->n_front > 0) {
        double violation = archive->violation[row];
        double best = archive->violation[archive->front[0]];
        if (violation > best)
            return;
        if (violation < best)
            archive->n_front = 0;
    }
    size_t position = front_position(archive, objective);
    if (front_dominates(archive, position, objective))
        return;
    front_drop_dominated(archive, position, objective);
    memmove(archive->front + position + 1, archive->front + position,
            (archive->n_front - position) * sizeof *archive->front);
    archive->front[position] = row;
    archive->n_front++;
}

static bool grow(void **items, size_t *capacity, size_t need, size_t size)
{
    void *grown = asx_array_grow(*items, capacity, need, size);
    if (grown)
        *items = grown;
    return grown != NULL;
}

static bool reserve_row(asx_archive *archive)
{
    size_t n = archive->points.n + 1;
    void *objective = archive->objective, *violation = archive->violation, *front = archive->front;
    bool ok = grow(&objective, &archive->objective_capacity, n * archive->n_objectives,
                   sizeof *archive->objective) &&
              grow(&violation, &archive->violation_capacity, n, sizeof *archive->violation) &&
              grow(&front, &archive->front_capacity, archive->n_front + 1, sizeof *archive->front);
    archive->objective = objective;
    archive->violation = violation;
    archive->front = front;
    return ok;
}

asx_status asx_archive_add(asx_archive *archive, const asx_gene *point, const double *objective,
                           double violation, asx_error *err)
{
    size_t d = archive->n_objectives, row = archive->points.n;
    for (size_t i = 0; i < d; i++)
        if (!isfinite(objective[i]))
            return asx_fail(err, ASX_EINVAL, "archive: objective %zu is %g, not a finite number", i,
                            objective[i]);
    if (!isfinite(violation) || violation < 0)
        return asx_fail(err, ASX_EINVAL, "archive: violation %g is not a finite number >= 0",
                        violation);
    bool added;
    if (!reserve_row(archive) || !asx_point_set_add(&archive->points, point, &added))
        return asx_fail(err, ASX_ENOMEM, "no memory for an archive of %zu designs", row);
    if (!added)
        return asx_fail(err, ASX_EINVAL, "archive: the point is there already");
    memcpy(archive->objective + row * d, objective, d * sizeof *objective);
    archive->violation[row] = violation;
    front_update(archive, row);
    return ASX_OK;
}
