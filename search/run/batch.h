/* Private: one batch of points of a search: evaluated in parallel, booked and archived in order. */
#ifndef ASX_SEARCH_BATCH_H
#define ASX_SEARCH_BATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "search/archive.h"
#include "search/run.h"

typedef struct asx_batch asx_batch;

/** For batches of up to `capacity` points; everything is borrowed for the batch's life. */
ASX_NODISCARD asx_status asx_batch_new(asx_batch **out, const asx_search *config, size_t capacity,
                                       asx_archive *archive, asx_progress *progress,
                                       asx_error *err);
void asx_batch_free(asx_batch *batch);

/**
 * Brings every point that the archive lacks into it: from the ledger, or by evaluation. Keeps the
 * counts of `progress`, except `asked`.
 *
 * @param interrupted  set when the configuration's `stop` was heard before all points were done;
 *                     those that were are booked and archived
 */
ASX_NODISCARD asx_status asx_batch_run(asx_batch *batch, const asx_gene *point, size_t n,
                                       bool *interrupted, asx_error *err);

/** When all batches are done: brings the progress' hypervolume up to date. */
ASX_NODISCARD asx_status asx_batch_end(asx_batch *batch, asx_error *err);

#endif
