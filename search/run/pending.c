#include "search/pending.h"

#include <stdlib.h>
#include <string.h>

#include "proposals.h"

enum { BATCH = 1024 };

typedef struct replay {
    const asx_search *config;
    asx_proposals ask;
    asx_search_pending pending;
    bool ended;
} replay;

/* What the ledger knows of point `i` goes to its place. */
static asx_status look_up(replay *r, size_t i, bool *found, asx_error *err)
{
    const asx_search *config = r->config;
    asx_design design = {0};
    asx_text text = {0};
    asx_evaluation e = {0};
    asx_status status =
        asx_space_decode(&design, config->space, r->ask.point + i * r->ask.n_genes, err);
    if (status == ASX_OK) {
        asx_design_print(&text, &design, config->work);
        status = text.failed ? asx_fail(err, ASX_ENOMEM, "no memory for a design")
                             : config->ledger->find(config->ledger->state, text.s, &e, found, err);
    }
    if (status == ASX_OK && *found) {
        for (size_t j = 0; j < config->n_objectives; j++)
            r->ask.objective[i * config->n_objectives + j] =
                asx_evaluation_objective(&e, config->objective[j]);
        r->ask.violation[i] = asx_limits_violation(&config->limits, &e);
    }
    asx_text_fini(&text);
    asx_design_fini(&design);
    return status;
}

/* One batch: told if all of it is known, else what is not known moves to the front of `point`. */
static asx_status step(replay *r, asx_error *err)
{
    const asx_search *config = r->config;
    const asx_proposals *p = &r->ask;
    const size_t left = config->budget ? config->budget - r->pending.known : BATCH;
    size_t n = 0, missing = 0;
    asx_status status = ASX_OK;
    if (left > 0)
        status = config->searcher->ask(p->state, left < BATCH ? left : BATCH, p->point, &n, err);
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        bool found = false;
        status = look_up(r, i, &found, err);
        if (status == ASX_OK && !found)
            memmove(p->point + missing++ * p->n_genes, p->point + i * p->n_genes,
                    p->n_genes * sizeof *p->point);
    }
    if (status != ASX_OK)
        return status;
    r->pending.known += n - missing;
    r->pending.n = missing;
    r->pending.end = left == 0 ? ASX_END_BUDGET : ASX_END_EXHAUSTED;
    r->ended = n == 0 || missing > 0;
    return r->ended
               ? ASX_OK
               : config->searcher->tell(p->state, n, p->point, p->objective, p->violation, err);
}

asx_status asx_search_find_pending(asx_search_pending *out, const asx_search *config,
                                   asx_error *err)
{
    replay r = {.config = config};
    if (!config->space || !config->searcher || !config->ledger || !config->work ||
        config->n_objectives == 0)
        return asx_fail(err, ASX_EINVAL,
                        "search: needs a space, a searcher, a ledger, a workload and objectives");
    asx_status status = asx_proposals_init(&r.ask, config, BATCH, err);
    while (status == ASX_OK && !r.ended)
        status = step(&r, err);
    if (status == ASX_OK) {
        *out = r.pending;
        out->point = r.ask.point;
        r.ask.point = NULL;
    }
    asx_proposals_fini(&r.ask);
    return status;
}

void asx_search_pending_fini(asx_search_pending *pending)
{
    if (!pending)
        return;
    free(pending->point);
    *pending = (asx_search_pending){0};
}
