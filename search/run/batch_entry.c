/* One point of a batch on its way: recalled or evaluated, booked, published, in the searcher's order
 * but for one case: finished work worth more than MAX_UNBOOKED_S is booked at once, out of order,
 * should it be stuck behind a slow point. */
#include "batch_entry.h"

static const double MAX_UNBOOKED_S = 1;

void asx_batch_release(asx_batch_entry *e)
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
        if (e->seconds >= ASX_BATCH_QUICK_S)
            batch->unbooked_s -= e->seconds;
    }
    e->booked = true;
    asx_batch_release(e);
    return ASX_OK;
}

asx_status asx_batch_watch(asx_batch *batch, const double *objective, bool force, asx_error *err)
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
    status = asx_batch_watch(batch, violation > 0 ? NULL : objective, false, err);
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
        return asx_fail(err, ASX_ENOMEM, "no memory for a design");
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
