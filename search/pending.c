#include "search/pending.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

enum { BATCH = 1024 };

typedef struct replay {
    const asx_search *config;
    asx_params params;
    void *state; /* the searcher's */
    size_t n_genes;
    asx_gene *point;   /* [BATCH][n_genes] */
    double *objective; /* [BATCH][n_objectives] */
    double *violation; /* [BATCH] */
    asx_search_pending pending;
    bool ended;
} replay;

static asx_status replay_init(replay *r, const asx_search *config, asx_error *err)
{
    const asx_searcher_type *type = config->searcher;
    *r = (replay){.config = config, .params = config->params};
    r->n_genes = asx_space_n_genes(config->space);
    if (!r->params.spec)
        asx_params_init(&r->params, type->params);
    r->state = asx_array_new(1, type->state_size);
    r->point = asx_array_new(BATCH, r->n_genes * sizeof *r->point);
    r->objective = asx_array_new(BATCH, config->n_objectives * sizeof *r->objective);
    r->violation = asx_array_new(BATCH, sizeof *r->violation);
    if (!r->state || !r->point || !r->objective || !r->violation)
        return asx_fail(err, ASX_ENOMEM, "search: out of memory");
    const asx_searcher_setup setup = {.space = config->space,
                                      .n_objectives = config->n_objectives,
                                      .params = &r->params,
                                      .seed = config->seed,
                                      .objective = config->objective,
                                      .limits = config->limits,
                                      .model = config->model,
                                      .stop = config->stop,
                                      .stop_state = config->stop_state};
    return type->init(r->state, &setup, err);
}

static void replay_fini(replay *r)
{
    if (r->state)
        r->config->searcher->fini(r->state);
    free(r->state);
    free(r->point);
    free(r->objective);
    free(r->violation);
}

/* What the ledger knows of point `i` goes to its place. */
static asx_status look_up(replay *r, size_t i, bool *found, asx_error *err)
{
    const asx_search *config = r->config;
    asx_design design = {0};
    asx_text text = {0};
    asx_evaluation e = {0};
    asx_status st = asx_space_decode(&design, config->space, r->point + i * r->n_genes, err);
    if (st == ASX_OK) {
        asx_design_print(&text, &design, config->work);
        st = text.failed ? asx_fail(err, ASX_ENOMEM, "search: out of memory")
                         : config->ledger->find(config->ledger->state, text.s, &e, found, err);
    }
    if (st == ASX_OK && *found) {
        for (size_t j = 0; j < config->n_objectives; j++)
            r->objective[i * config->n_objectives + j] =
                asx_evaluation_objective(&e, config->objective[j]);
        r->violation[i] = asx_limits_violation(&config->limits, &e);
    }
    asx_text_fini(&text);
    asx_design_fini(&design);
    return st;
}

/* One batch: told if all of it is known, else what is not known moves to the front of `point`. */
static asx_status step(replay *r, asx_error *err)
{
    const asx_search *config = r->config;
    const size_t left = config->budget ? config->budget - r->pending.known : BATCH;
    size_t n = 0, missing = 0;
    asx_status st = ASX_OK;
    if (left > 0)
        st = config->searcher->ask(r->state, left < BATCH ? left : BATCH, r->point, &n, err);
    for (size_t i = 0; st == ASX_OK && i < n; i++) {
        bool found = false;
        st = look_up(r, i, &found, err);
        if (st == ASX_OK && !found)
            memmove(r->point + missing++ * r->n_genes, r->point + i * r->n_genes,
                    r->n_genes * sizeof *r->point);
    }
    if (st < 0)
        return st;
    r->pending.known += n - missing;
    r->pending.n = missing;
    r->pending.end = left == 0 ? ASX_END_BUDGET : ASX_END_EXHAUSTED;
    r->ended = n == 0 || missing > 0;
    return r->ended
               ? ASX_OK
               : config->searcher->tell(r->state, n, r->point, r->objective, r->violation, err);
}

asx_status asx_search_find_pending(asx_search_pending *out, const asx_search *config,
                                   asx_error *err)
{
    replay r;
    if (!config->space || !config->searcher || !config->ledger || !config->work ||
        config->n_objectives == 0)
        return asx_fail(err, ASX_EINVAL,
                        "search: needs a space, a searcher, a ledger, a workload and objectives");
    asx_status st = replay_init(&r, config, err);
    while (st == ASX_OK && !r.ended)
        st = step(&r, err);
    if (st == ASX_OK) {
        *out = r.pending;
        out->point = r.point;
        r.point = NULL;
    }
    replay_fini(&r);
    return st;
}

void asx_search_pending_fini(asx_search_pending *pending)
{
    free(pending->point);
    *pending = (asx_search_pending){0};
}
