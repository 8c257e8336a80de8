/* Private: taking out of one front the rows that contribute least to its hypervolume. */
#ifndef ASX_SEARCH_CONTRIBUTION_H
#define ASX_SEARCH_CONTRIBUTION_H

#include <stddef.h>

#include "dse/error.h"

/**
 * Takes rows out of `front` [n] one by one, each time the one whose absence costs least hypervolume, until `keep` are
 * left; those come first in `front`, in their order. Hypervolume is measured in units of the front's extent, up to 1 above
 * its largest values; the outermost rows of two objectives go last (as in SMS-EMOA's paper); of equals the later row goes.
 *
 * @return ASX_OK; ASX_ENOMEM; as asx_pareto_hypervolume
 * Cost: for two objectives O(n log n) and O(n) a row taken out; for more, n hypervolumes a row taken out.
 */
ASX_NODISCARD asx_status asx_contribution_prune(size_t *front, size_t n, size_t keep,
                                                const double *objective, size_t n_objectives,
                                                asx_error *err);

#endif
