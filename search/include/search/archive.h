/* Every design that a search evaluated, and the front among them. */
#ifndef ASX_SEARCH_ARCHIVE_H
#define ASX_SEARCH_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/api.h"
#include "dse/error.h"
#include "dse/space.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Rows are numbered from 0 in the order they were added; a point has one row at most. Unbounded. */
typedef struct asx_archive asx_archive;

ASX_API ASX_NODISCARD asx_status asx_archive_new(asx_archive **out, size_t n_genes,
                                                 size_t n_objectives, asx_error *err);
ASX_API void asx_archive_free(asx_archive *archive);

/**
 * Adds a point with its objectives (smaller is better) and its violation of the limits, 0 =
 * feasible.
 *
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL if the point is there already, an objective is not finite,
 *         or the violation is negative or not finite; the archive is unchanged on failure
 * Cost: the front costs O(log n) look-ups plus a memmove in up to two objectives, O(front) above.
 */
ASX_API ASX_NODISCARD asx_status asx_archive_add(asx_archive *archive, const asx_gene *point,
                                                 const double *objective, double violation,
                                                 asx_error *err);

ASX_API size_t asx_archive_size(const asx_archive *archive);
ASX_API size_t asx_archive_n_genes(const asx_archive *archive);
ASX_API size_t asx_archive_n_objectives(const asx_archive *archive);

/** A row's parts, borrowed until the next add. `row` must exist. */
ASX_API const asx_gene *asx_archive_point(const asx_archive *archive, size_t row);
ASX_API const double *asx_archive_objective(const asx_archive *archive, size_t row);
ASX_API double asx_archive_violation(const asx_archive *archive, size_t row);

/** Whether `point` has a row, and which. */
ASX_API bool asx_archive_find(size_t *row, const asx_archive *archive, const asx_gene *point);

/**
 * The rows that nothing in the archive beats (dse/pareto.h says what beats what), ordered by
 * objective 0, then 1, ..., then by row. Borrowed until the next add.
 */
ASX_API const size_t *asx_archive_front(const asx_archive *archive, size_t *n);

/** Whether the front keeps the limits. If not, no row does, and the front is the least violating.
 */
ASX_API bool asx_archive_feasible(const asx_archive *archive);

#ifdef __cplusplus
}
#endif

#endif
