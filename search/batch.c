/* Parallel evaluation of a batch, point by point.
 *
 * Threads take the points in order. A finished point waits until all before it are booked, so that
 * ledger, archive and observer see the searcher's order whatever the threads did; whoever holds the
 * lock books for the others. Two exceptions keep this quick and safe: points that took next to no
 * time never wait for the lock, and finished work worth more than MAX_UNBOOKED_S is booked at
 * once, out of order, should it be stuck behind a slow point. */
#include <stdlib.h>

#include "batch_entry.h"
#include "dse/memory.h"

static const double MAX_UNBOOKED_S = 1, QUICK_S = 1e-4;
enum { QUICK_STRIDE = 16 }; /* of so many quick points one tries to book */

asx_status asx_batch_new(asx_batch **out, const asx_search *config, size_t capacity,
                         asx_archive *archive, asx_progress *progress, asx_error *err)
{
    asx_batch *batch = asx_array_new(1, sizeof *batch);
    asx_batch_entry *entries = asx_array_new(capacity, sizeof *entries);
    if (!batch || !entries) {
        free(batch);
        free(entries);
        return asx_fail(err, ASX_ENOMEM, "search: out of memory for batches of %zu", capacity);
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
            return asx_fail(err, ASX_ENOMEM, "search: out of memory");
        if (added) {
            asx_batch_entry *e = &batch->entry[batch->n++];
            *e = (asx_batch_entry){.point = p};
        } else
            batch->progress->duplicates++;
    }
    return ASX_OK;
}

static void release(asx_batch_entry *e)
{
    asx_design_fini(&e->design);
    asx_text_fini(&e->text);
}

/* With the lock held. */
static asx_status book(asx_batch *batch, asx_batch_entry *e, asx_error *err)
{
    const asx_ledger *ledger = batch->config->ledger;
    if (ledger && !e->booked && !e->recalled) {
        asx_status status = ledger->book(ledger->state, e->text.s, &e->design, &e->evaluation, err);
        if (status != ASX_OK)
            return status;
        if (e->seconds >= QUICK_S)
            batch->unbooked_s -= e->seconds;
    }
    e->booked = true;
    release(e);
    return ASX_OK;
}

/* With the lock held. @param objective  of a new feasible point, or NULL @param force  be exact */
static asx_status watch_volume(asx_batch *batch, const double *objective, bool force,
                               asx_error *err)
{
    const asx_search *config = batch->config;
    double box = 1;
    if (!config->reference)
        return ASX_OK;
    asx_status status = objective ? asx_volume_add(&batch->volume, objective, err) : ASX_OK;
    if (status == ASX_OK)
        status = asx_volume_refresh(&batch->volume, batch->archive, omp_get_wtime(), force, err);
    for (size_t i = 0; i < config->n_objectives; i++)
        box *= config->reference[i];
    batch->progress->hypervolume = batch->volume.value / box;
    return status;
}

/* With the lock held: the archive and the observer learn of a booked entry. */
static asx_status publish(asx_batch *batch, const asx_batch_entry *e, asx_error *err)
{
    const asx_search *config = batch->config;
    asx_progress *progress = batch->progress;
    double objective[ASX_N_OBJECTIVES];
    for (size_t i = 0; i < config->n_objectives; i++)
        objective[i] = asx_evaluation_objective(&e->evaluation, config->objective[i]);
    double violation = asx_limits_violation(&config->limits, &e->evaluation);
    asx_status status = asx_archive_add(batch->archive, e->point, objective, violation, err);
    if (status != ASX_OK)
        return status;
    if (e->recalled)
        progress->recalled++;
    else
        progress->evaluated++;
    progress->front = 0;
    if (asx_archive_feasible(batch->archive))
        asx_archive_front(batch->archive, &progress->front);
    progress->elapsed_s = omp_get_wtime() - batch->start_s;
    status = watch_volume(batch, violation > 0 ? NULL : objective, false, err);
    if (status != ASX_OK)
        return status;
    const asx_observer *observer = config->observer;
    return observer ? observer->progress(observer->state, progress, err) : ASX_OK;
}

void asx_batch_fail(asx_batch *batch, size_t culprit, asx_status status, const asx_error *error)
{
    atomic_store(&batch->halt, true);
    if (batch->status != ASX_OK && batch->culprit <= culprit)
        return;
    batch->status = status;
    batch->error = *error;
    batch->culprit = culprit;
}

void asx_batch_settle(asx_batch *batch, bool all)
{
    asx_error error = {0};
    asx_status status = ASX_OK;
    size_t i = batch->settled;
    for (; i < batch->n && !batch->broken; i++) {
        asx_batch_entry *e = &batch->entry[i];
        bool done = atomic_load(&e->done);
        if (!done && !all)
            break;
        if (!done)
            continue;
        status = book(batch, e, &error);
        if (status == ASX_OK)
            status = publish(batch, e, &error);
        batch->broken = status != ASX_OK;
    }
    batch->settled = i;
    for (; batch->unbooked_s > MAX_UNBOOKED_S && i < batch->n && !batch->broken; i++) {
        asx_batch_entry *e = &batch->entry[i];
        if (atomic_load(&e->done))
            status = book(batch, e, &error);
        batch->broken = status != ASX_OK;
    }
    if (batch->broken)
        asx_batch_fail(batch, i, status, &error);
}

static asx_status find(asx_batch *batch, asx_batch_entry *e, asx_error *err)
{
    const asx_ledger *ledger = batch->config->ledger;
    asx_design_print(&e->text, &e->design, batch->config->work);
    if (e->text.failed)
        return asx_fail(err, ASX_ENOMEM, "search: out of memory");
    omp_set_lock(&batch->lock);
    asx_status status = ledger->find(ledger->state, e->text.s, &e->evaluation, &e->recalled, err);
    omp_unset_lock(&batch->lock);
    return status;
}

asx_status asx_batch_recall(asx_batch *batch, asx_batch_entry *e, asx_error *err)
{
    asx_status status = asx_space_decode(&e->design, batch->config->space, e->point, err);
    return status == ASX_OK && batch->config->ledger ? find(batch, e, err) : status;
}

asx_status asx_batch_evaluate(asx_batch *batch, asx_batch_entry *e, asx_error *err)
{
    const asx_search *config = batch->config;
    double start = omp_get_wtime();
    asx_status status = asx_evaluator_run(config->evaluator, &e->design, &e->evaluation, err);
    e->seconds = omp_get_wtime() - start;
    if (status == ASX_OK || !config->work)
        return status;
    asx_text text = {0};
    asx_design_print(&text, &e->design, config->work);
    status = asx_fail_context(err, status, "design '%.200s'", text.s ? text.s : "");
    asx_text_fini(&text);
    return status;
}

bool asx_batch_stops(asx_batch *batch)
{
    const asx_search *config = batch->config;
    if (config->stop && config->stop(config->stop_state))
        atomic_store(&batch->halt, true);
    return atomic_load(&batch->halt);
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
            release(e); /* by the thread that allocated it: allocators like that best */
    }
    bool slow = e->seconds >= QUICK_S;
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
    return watch_volume(batch, NULL, true, err);
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
    if (batch->config->evaluator->type->evaluate_many)
        asx_batch_process_many(batch);
    else
        process_all(batch);
    asx_batch_settle(batch, true);
    for (size_t i = 0; i < batch->n; i++)
        release(&batch->entry[i]);
    if (batch->status != ASX_OK) {
        if (err)
            *err = batch->error;
        return batch->status;
    }
    *interrupted = !all_done(batch);
    return ASX_OK;
}
