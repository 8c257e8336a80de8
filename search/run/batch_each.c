/* Evaluation of a batch by an evaluator that has others work for it: all that the ledger lacks is
 * handed over at once, and each evaluation is settled when it comes. Bookings wait for one another
 * for FLUSH_S at most, so that a transaction is not the price of every design. */
#include <stdlib.h>

#include "batch_entry.h"
#include "dse/memory.h"

static const double FLUSH_S = 0.05;

typedef struct work {
    asx_batch *batch;
    size_t *entry;             /* [n] what the ledger lacks, in order */
    const asx_design **design; /* [n] of these */
    size_t n;
    double flushed_s;
} work;

static asx_status flush(work *w, bool at_once, asx_error *err)
{
    const asx_ledger *ledger = w->batch->config->ledger;
    const double now = omp_get_wtime();
    if (!ledger || !ledger->flush || (!at_once && now - w->flushed_s < FLUSH_S))
        return ASX_OK;
    w->flushed_s = now;
    return ledger->flush(ledger->state, err);
}

static asx_status take(void *state, size_t i, const asx_evaluation *evaluation, double seconds,
                       asx_error *err)
{
    work *w = state;
    asx_batch *batch = w->batch;
    asx_batch_entry *e = &batch->entry[w->entry[i]];
    asx_error error = {0};
    omp_set_lock(&batch->lock);
    e->evaluation = *evaluation;
    e->seconds = seconds;
    if (seconds >= ASX_BATCH_QUICK_S)
        batch->unbooked_s += seconds;
    atomic_store(&e->done, true);
    asx_batch_settle(batch, false);
    asx_status status = batch->status;
    if (status != ASX_OK)
        error = batch->error;
    else
        status = flush(w, seconds >= FLUSH_S, &error);
    omp_unset_lock(&batch->lock);
    if (status != ASX_OK && err)
        *err = error;
    return status;
}

static bool stop(void *state)
{
    const work *w = state;
    return asx_batch_stops(w->batch);
}

/* A failure that is about a design names it. */
static void fail(work *w, size_t culprit, asx_status status, asx_error *error)
{
    asx_batch *batch = w->batch;
    const bool named = culprit < w->n;
    if (named && batch->config->work) {
        asx_text text = {0};
        asx_design_print(&text, w->design[culprit], batch->config->work);
        status = asx_fail_context(error, status, "design '%.200s'", text.s ? text.s : "");
        asx_text_fini(&text);
    }
    asx_batch_fail(batch, named ? w->entry[culprit] : batch->n, status, error);
}

/* What the ledger knows is settled as far as nothing before it is missing. */
static void recall(work *w)
{
    asx_batch *batch = w->batch;
    asx_error error = {0};
    for (size_t i = 0; i < batch->n && !asx_batch_stops(batch); i++) {
        asx_batch_entry *e = &batch->entry[i];
        const asx_status status = asx_batch_recall(batch, e, &error);
        if (status != ASX_OK) {
            asx_batch_fail(batch, i, status, &error);
            return;
        }
        if (e->recalled) {
            atomic_store(&e->done, true);
        } else {
            w->entry[w->n] = i;
            w->design[w->n++] = &e->design;
        }
    }
    asx_batch_settle(batch, false);
}

void asx_batch_process_each(asx_batch *batch)
{
    asx_error error = {0};
    work w = {.batch = batch,
              .entry = asx_array_new(batch->n, sizeof *w.entry),
              .design = asx_array_new(batch->n, sizeof(const asx_design *))};
    const asx_evaluator_sink sink = {take, stop, &w};
    size_t culprit = 0;
    if (!w.entry || !w.design)
        asx_batch_fail(batch, 0,
                       asx_fail(&error, ASX_ENOMEM, "no memory for %zu designs", batch->n), &error);
    else
        recall(&w);
    if (w.n > 0 && !asx_batch_stops(batch)) {
        const asx_status status = asx_evaluator_run_each(batch->config->evaluator, w.design, w.n,
                                                         &sink, &culprit, &error);
        if (status != ASX_OK)
            fail(&w, culprit, status, &error);
    }
    asx_batch_settle(batch, true);
    const asx_status status = flush(&w, true, &error);
    if (status != ASX_OK)
        asx_batch_fail(batch, batch->n, status, &error);
    free(w.design);
    free(w.entry);
}
