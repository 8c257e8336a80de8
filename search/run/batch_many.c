/* Evaluation of a batch in chunks, for evaluators to which many designs together are cheaper.
 *
 * A chunk holds neighbours in the searcher's order and takes about CHUNK_S, so that not much more
 * than that is unbooked at any moment. The evaluator spreads it over threads. */
#include <stdlib.h>

#include "batch_entry.h"
#include "dse/memory.h"

static const double CHUNK_S = 1;
enum { CHUNK_MAX = 256, GROWTH_MAX = 4 };

/* What the ledger lacks, in order. */
typedef struct chunk {
    asx_batch *batch;
    size_t entry[CHUNK_MAX];
    const asx_design *design[CHUNK_MAX];
    asx_evaluation evaluation[CHUNK_MAX];
    size_t n;
} chunk;

static void finish(asx_batch *batch, asx_batch_entry *e)
{
    batch->unbooked_s += e->seconds;
    atomic_store(&e->done, true);
}

/* Somebody's failure fails them all, so the culprit is looked for one by one; those before it are
 * evaluated and booked. */
static void run_singly(chunk *c)
{
    asx_batch *batch = c->batch;
    asx_error error = {0};
    for (size_t i = 0; i < c->n; i++) {
        asx_batch_entry *e = &batch->entry[c->entry[i]];
        const asx_status status = asx_batch_evaluate(batch, e, &error);
        if (status != ASX_OK) {
            asx_batch_fail(batch, c->entry[i], status, &error);
            return;
        }
        finish(batch, e);
        asx_batch_settle(batch, false);
    }
}

/* The next chunk's size, from how long this one took. */
static void adapt(asx_batch *batch, size_t n, double seconds)
{
    const double want = seconds > 0 ? (double)n * CHUNK_S / seconds : (double)CHUNK_MAX;
    const size_t most = GROWTH_MAX * n < CHUNK_MAX ? GROWTH_MAX * n : CHUNK_MAX;
    batch->chunk_size = want >= (double)most ? most : want > 1 ? (size_t)want : 1;
}

static void run_chunk(chunk *c)
{
    asx_batch *batch = c->batch;
    const double start = omp_get_wtime();
    asx_error error;
    if (c->n == 0 || asx_batch_stops(batch))
        return;
    if (asx_evaluator_run_many(batch->config->evaluator, c->design, c->n, c->evaluation, &error) !=
        ASX_OK) {
        run_singly(c);
    } else {
        const double seconds = omp_get_wtime() - start;
        for (size_t i = 0; i < c->n; i++) {
            asx_batch_entry *e = &batch->entry[c->entry[i]];
            e->evaluation = c->evaluation[i];
            e->seconds = seconds / (double)c->n;
            finish(batch, e);
        }
        adapt(batch, c->n, seconds);
        asx_batch_settle(batch, false);
    }
    c->n = 0;
}

static void process(chunk *c, size_t i)
{
    asx_batch *batch = c->batch;
    asx_batch_entry *e = &batch->entry[i];
    asx_error error = {0};
    const asx_status status = asx_batch_recall(batch, e, &error);
    if (status != ASX_OK) {
        asx_batch_fail(batch, i, status, &error);
    } else if (e->recalled) {
        atomic_store(&e->done, true);
        if (c->n == 0) /* else it waits for those before it */
            asx_batch_settle(batch, false);
    } else {
        c->entry[c->n] = i;
        c->design[c->n++] = &e->design;
        if (c->n == batch->chunk_size)
            run_chunk(c);
    }
}

void asx_batch_process_many(asx_batch *batch)
{
    const int before = omp_get_max_threads();
    asx_error error;
    chunk *c = asx_array_new(1, sizeof *c);
    if (!c) {
        asx_batch_fail(batch, 0, asx_fail(&error, ASX_ENOMEM, "no memory for a chunk"), &error);
        return;
    }
    c->batch = batch;
    omp_set_num_threads(batch->config->threads ? (int)batch->config->threads : omp_get_num_procs());
    for (size_t i = 0; i < batch->n && !asx_batch_stops(batch); i++)
        process(c, i);
    if (!atomic_load(&batch->halt))
        run_chunk(c);
    omp_set_num_threads(before);
    free(c);
}
