/* Parallel evaluation of a batch, point by point.
 *
 * Threads take the points in order. A finished point waits until all before it are booked, so that
 * ledger, archive and observer see the searcher's order whatever the threads did; whoever holds the
 * lock books for the others (batch_entry.c). Points that took next to no time never wait for the
 * lock. */
#include <stdlib.h>

#include "batch_entry.h"
#include "dse/memory.h"

enum { QUICK_STRIDE = 16 }; /* of so many quick points one tries to book */

asx_status asx_batch_new(asx_batch **out, const asx_search *config, size_t capacity,
                         asx_archive *archive, asx_progress *progress, asx_error *err)
{
    asx_batch *batch = asx_array_new(1, sizeof *batch);
    asx_batch_entry *entries = asx_array_new(capacity, sizeof *entries);
    if (!batch || !entries) {
        free(batch);
        free(entries);
        return asx_fail(err, ASX_ENOMEM, "no memory for batches of %zu", capacity);
    }
    batch->config = config;
    batch->archive = archive;
    batch->progress = progress;
    batch->entry = entries;
    batch->start_s = omp_get_wtime();
    batch->chunk_size = 1;
    asx_point_set_init(&batch->seen, asx_space_n_genes(config->space));
    asx_volume_init(&batch->volume, config->reference, config->n_objectives);
    omp_init_lock(&batch->lock);
    *out = batch;
    return ASX_OK;
}

void asx_batch_free(asx_batch *batch)
{
    if (!batch)
        return;
    omp_destroy_lock(&batch->lock);
    asx_point_set_fini(&batch->seen);
    asx_volume_fini(&batch->volume);
    free(batch->entry);
    free(batch);
}

/* Entries for the points that are new; the others are duplicates. */
static asx_status collect(asx_batch *batch, const asx_gene *point, size_t n, asx_error *err)
{
    size_t n_genes = asx_space_n_genes(batch->config->space), row;
    asx_point_set_clear(&batch->seen);
    batch->n = 0;
    for (size_t i = 0; i < n; i++) {
        const asx_gene *p = point + i * n_genes;
        bool added = false;
        if (!asx_space_contains(batch->config->space, p))
            return asx_fail(err, ASX_EINVAL, "searcher '%s' left the design space",
                            batch->config->searcher->name);
        if (!asx_archive_find(&row, batch->archive, p) &&
            !asx_point_set_add(&batch->seen, p, &added))
            return asx_fail(err, ASX_ENOMEM, "no memory for a design");
        if (added) {
            asx_batch_entry *e = &batch->entry[batch->n++];
            *e = (asx_batch_entry){.point = p};
        } else
            batch->progress->duplicates++;
    }
    return ASX_OK;
}

static void process(asx_batch *batch, size_t i)
{
    asx_batch_entry *e = &batch->entry[i];
    if (atomic_load(&batch->halt) || asx_batch_stops(batch))
        return;
    asx_error error = {0};
    asx_status status = asx_batch_recall(batch, e, &error);
    if (status == ASX_OK && !e->recalled) {
        status = asx_batch_evaluate(batch, e, &error);
        if (status == ASX_OK && !batch->config->ledger)
            asx_batch_release(e); /* by the thread that allocated it: allocators like that best */
    }
    bool slow = e->seconds >= ASX_BATCH_QUICK_S;
    if (status == ASX_OK && !slow) {
        atomic_store(&e->done, true);
        if (i % QUICK_STRIDE || !omp_test_lock(&batch->lock))
            return;
    } else
        omp_set_lock(&batch->lock);
    if (status == ASX_OK && slow) {
        batch->unbooked_s += e->seconds;
        atomic_store(&e->done, true);
    }
    if (status != ASX_OK)
        asx_batch_fail(batch, i, status, &error);
    asx_batch_settle(batch, false);
    omp_unset_lock(&batch->lock);
}

static void process_all(asx_batch *batch)
{
    size_t threads = batch->config->threads, n_entries = batch->n;
    int n_threads = threads ? (int)threads : omp_get_num_procs();
#pragma omp parallel for schedule(dynamic) num_threads(n_threads)
    for (size_t i = 0; i < n_entries; i++)
        process(batch, i);
}

static bool all_done(const asx_batch *batch)
{
    for (size_t i = 0; i < batch->n; i++)
        if (!atomic_load(&batch->entry[i].done))
            return false;
    return true;
}

asx_status asx_batch_end(asx_batch *batch, asx_error *err)
{
    return asx_batch_watch(batch, NULL, true, err);
}

asx_status asx_batch_run(asx_batch *batch, const asx_gene *point, size_t n, bool *interrupted,
                         asx_error *err)
{
    asx_status status = collect(batch, point, n, err);
    if (status != ASX_OK)
        return status;
    batch->settled = 0;
    batch->unbooked_s = 0;
    batch->broken = false;
    batch->status = ASX_OK;
    atomic_store(&batch->halt, false);
    if (batch->config->evaluator->type->evaluate_each)
        asx_batch_process_each(batch);
    else if (batch->config->evaluator->type->evaluate_many)
        asx_batch_process_many(batch);
    else
        process_all(batch);
    asx_batch_settle(batch, true);
    for (size_t i = 0; i < batch->n; i++)
        asx_batch_release(&batch->entry[i]);
    if (batch->status != ASX_OK) {
        if (err)
            *err = batch->error;
        return batch->status;
    }
    *interrupted = !all_done(batch);
    return ASX_OK;
}
