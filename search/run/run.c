/* The search loop. */
#include "search/run.h"

#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "dse/memory.h"
#include "proposals.h"

enum { BATCH_DEFAULT = 4096, THREADS_MAX = 4096, STALL_MAX = 1000 };

const char *asx_search_end_text(asx_search_end end)
{
    static const char *const text[] = {
#define ASX_ENUM(name, text, help) text,
        ASX_SEARCH_END_LIST(ASX_ENUM)
#undef ASX_ENUM
    };
    return (unsigned)end < ASX_N_ENDS ? text[end] : "?";
}

const char *asx_search_end_help(asx_search_end end)
{
    static const char *const help[] = {
#define ASX_ENUM(name, text, help) help,
        ASX_SEARCH_END_LIST(ASX_ENUM)
#undef ASX_ENUM
    };
    return (unsigned)end < ASX_N_ENDS ? help[end] : "?";
}

typedef struct run {
    const asx_search *config;
    asx_search heard; /* the same, for the batch, which hears of a stop through the run */
    bool concluding;  /* told to stop, the searcher hands out what it had found by then */
    asx_proposals ask;
    asx_archive *archive;
    asx_progress progress;
    asx_batch *batch;
    size_t batch_size;
    size_t stalled; /* batches in a row without a new design */
    bool ended;
    asx_search_end end;
} run;

static asx_status check(const asx_search *config, asx_error *err)
{
    if (!config->space || !config->searcher || !config->evaluator)
        return asx_fail(err, ASX_EINVAL, "search: needs a space, a searcher and an evaluator");
    if (config->ledger && !config->work)
        return asx_fail(err, ASX_EINVAL, "search: a ledger needs the workload");
    if (config->n_objectives < 1 || config->n_objectives > ASX_N_OBJECTIVES)
        return asx_fail(err, ASX_EINVAL, "search: %zu objectives, not 1 to %d",
                        config->n_objectives, (int)ASX_N_OBJECTIVES);
    for (size_t i = 0; i < config->n_objectives; i++)
        if ((unsigned)config->objective[i] >= ASX_N_OBJECTIVES)
            return asx_fail(err, ASX_EINVAL, "search: objective %zu is unknown", i);
    if (config->threads > THREADS_MAX)
        return asx_fail(err, ASX_EINVAL, "search: %zu threads, not 0 to %d", config->threads,
                        (int)THREADS_MAX);
    if (config->params.spec && config->params.spec != config->searcher->params)
        return asx_fail(err, ASX_EINVAL, "search: the parameters are not those of searcher '%s'",
                        config->searcher->name);
    return ASX_OK;
}

static bool told_to_stop(const run *r)
{
    return r->config->stop && r->config->stop(r->config->stop_state);
}

/* For the batch and between batches. */
static bool stops(void *state)
{
    const run *r = state;
    return !r->concluding && told_to_stop(r);
}

static asx_status run_init(run *r, const asx_search *config, asx_error *err)
{
    r->config = config;
    r->batch_size = config->batch ? config->batch : BATCH_DEFAULT;
    if (config->budget && config->budget < r->batch_size)
        r->batch_size = config->budget;
    r->progress.budget = config->budget;
    asx_status status =
        asx_archive_new(&r->archive, asx_space_n_genes(config->space), config->n_objectives, err);
    r->heard = *config;
    r->heard.stop = stops;
    r->heard.stop_state = r;
    if (status == ASX_OK)
        status = asx_batch_new(&r->batch, &r->heard, r->batch_size, r->archive, &r->progress, err);
    return status == ASX_OK ? asx_proposals_init(&r->ask, config, r->batch_size, err) : status;
}

static void run_fini(run *r)
{
    asx_proposals_fini(&r->ask);
    asx_batch_free(r->batch);
    asx_archive_free(r->archive);
}

static void end_run(run *r, asx_search_end end)
{
    r->ended = true;
    r->end = end;
}

/* What the archive says of the points of this batch goes to the searcher, in its own order. */
static asx_status tell(run *r, size_t n, asx_error *err)
{
    const asx_search *config = r->config;
    const asx_proposals *p = &r->ask;
    const size_t d = config->n_objectives;
    for (size_t i = 0; i < n; i++) {
        size_t row = 0;
        if (!asx_archive_find(&row, r->archive, p->point + i * p->n_genes))
            return asx_fail(err, ASX_EINVAL, "search: a point was lost");
        memcpy(p->objective + i * d, asx_archive_objective(r->archive, row),
               d * sizeof *p->objective);
        p->violation[i] = asx_archive_violation(r->archive, row);
    }
    return config->searcher->tell(p->state, n, p->point, p->objective, p->violation, err);
}

static bool fell_short(const run *r)
{
    const asx_searcher_type *searcher = r->config->searcher;
    return searcher->fell_short && searcher->fell_short(r->ask.state);
}

static asx_status step(run *r, asx_error *err)
{
    const asx_search *config = r->config;
    size_t size = asx_archive_size(r->archive), want = r->batch_size, n = 0;
    if (config->budget && config->budget - size < want)
        want = config->budget - size;
    if (want == 0) {
        end_run(r, ASX_END_BUDGET);
        return ASX_OK;
    }
    if (stops(r)) {
        end_run(r, ASX_END_INTERRUPTED);
        return ASX_OK;
    }
    asx_status status = config->searcher->ask(r->ask.state, want, r->ask.point, &n, err);
    if (status != ASX_OK)
        return status;
    if (config->searcher->concludes && told_to_stop(r))
        r->concluding = true;
    r->stalled = n > 0 ? r->stalled + 1 : STALL_MAX;
    if (r->stalled >= STALL_MAX) {
        end_run(r, told_to_stop(r) ? ASX_END_INTERRUPTED
                   : fell_short(r) ? ASX_END_LIMITED
                                   : ASX_END_EXHAUSTED);
        return ASX_OK;
    }
    r->progress.asked += n;
    bool interrupted = false;
    status = asx_batch_run(r->batch, r->ask.point, n, &interrupted, err);
    if (status == ASX_OK && interrupted) {
        end_run(r, ASX_END_INTERRUPTED);
        return ASX_OK;
    }
    if (asx_archive_size(r->archive) > size)
        r->stalled = 0;
    return status == ASX_OK ? tell(r, n, err) : status;
}

asx_status asx_search_run(asx_search_outcome *out, const asx_search *config, asx_error *err)
{
    run r = {0};
    asx_status status = check(config, err);
    if (status != ASX_OK)
        return status;
    status = run_init(&r, config, err);
    while (status == ASX_OK && !r.ended)
        status = step(&r, err);
    if (status == ASX_OK)
        status = asx_batch_end(r.batch, err);
    asx_text report = {0};
    if (status == ASX_OK && config->searcher->report)
        config->searcher->report(&report, r.ask.state);
    if (status == ASX_OK && report.failed)
        status = asx_fail(err, ASX_ENOMEM, "no memory for a report");
    if (status == ASX_OK) {
        *out = (asx_search_outcome){r.end, r.progress, r.archive, report.s};
        report = (asx_text){0}; /* handed over */
        r.archive = NULL;
    }
    asx_text_fini(&report);
    run_fini(&r);
    return status;
}

void asx_search_outcome_fini(asx_search_outcome *outcome)
{
    if (!outcome)
        return;
    asx_archive_free(outcome->archive);
    free(outcome->report);
    outcome->archive = NULL;
    outcome->report = NULL;
}
