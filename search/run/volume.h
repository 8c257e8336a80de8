/* Private: the hypervolume of a growing set of points, for those who watch a search.
 *
 * Two objectives: the staircase is kept, and a new point changes the area by what it alone covers:
 * O(log n) for a point that is covered, a memmove for one that is not. More objectives: computed
 * anew, but only when twenty times the time that it takes has passed
 * since, so that it costs a twentieth of a search at most. */
#ifndef ASX_SEARCH_VOLUME_H
#define ASX_SEARCH_VOLUME_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/error.h"
#include "search/archive.h"

typedef struct asx_volume {
    const double *reference; /* [n_dims], borrowed */
    size_t n_dims;
    double value;
    double (*step)[2]; /* two objectives: ascending and descending, below the reference */
    size_t n, capacity;
    double next_s; /* more objectives: when it may be computed again */
} asx_volume;

/** @param reference  NULL: there is no hypervolume, and adding does nothing */
void asx_volume_init(asx_volume *volume, const double *reference, size_t n_dims);
void asx_volume_fini(asx_volume *volume);

/** Two objectives: adds a feasible point. */
ASX_NODISCARD asx_status asx_volume_add(asx_volume *volume, const double *point, asx_error *err);

/** More objectives: looks at the archive's front, if it is time. @param now_s  seconds on any clock
 */
ASX_NODISCARD asx_status asx_volume_refresh(asx_volume *volume, const asx_archive *archive,
                                            double now_s, bool force, asx_error *err);

#endif
