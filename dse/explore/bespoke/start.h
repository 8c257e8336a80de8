/* Private: the first generation: the trained network on constants of a genome, at several coarsenesses. */
#ifndef ASX_EXPLORE_BESPOKE_START_H
#define ASX_EXPLORE_BESPOKE_START_H

#include "explore/watcher.h"
#include "genome.h"

/**
 * Networks on a grid of how fine weights, inputs and hidden outputs are and from which size on weights are kept, the finest
 * first, the others drawn without repetition.
 *
 * @param point  [n][n_genes]
 * @param n      1 or more
 * @param watcher  asked whether to stop; may be NULL
 * @return ASX_OK; ASX_ENOMEM; ASX_EINTERRUPTED
 */
ASX_NODISCARD asx_status start_fill(asx_gene *point, size_t n, const genome *g,
                                    const asx_bespoke_mlp *mlp, const asx_bespoke_table *table,
                                    uint64_t seed, const asx_watcher *watcher, asx_error *err);

#endif
