#include "proposals.h"

#include <stdlib.h>

#include "dse/memory.h"

asx_status asx_proposals_init(asx_proposals *out, const asx_search *config, size_t max,
                              asx_error *err)
{
    asx_proposals *p = out;
    p->searcher = config->searcher;
    p->params = config->params;
    if (!p->params.spec)
        asx_params_init(&p->params, config->searcher->params);
    p->n_genes = asx_space_n_genes(config->space);
    p->state = asx_array_new(1, config->searcher->state_size);
    p->point = asx_array_new(max, p->n_genes * sizeof *p->point);
    p->objective = asx_array_new(max, config->n_objectives * sizeof *p->objective);
    p->violation = asx_array_new(max, sizeof *p->violation);
    if (!p->state || !p->point || !p->objective || !p->violation)
        return asx_fail(err, ASX_ENOMEM, "no memory for batches of %zu", max);
    const asx_searcher_setup setup = {.space = config->space,
                                      .n_objectives = config->n_objectives,
                                      .params = &p->params,
                                      .seed = config->seed,
                                      .objective = config->objective,
                                      .limits = config->limits,
                                      .model = config->model,
                                      .start = config->start,
                                      .n_start = config->n_start,
                                      .stop = config->stop,
                                      .stop_state = config->stop_state,
                                      .observer = config->observer,
                                      .resume = config->resume};
    return config->searcher->init(p->state, &setup, err);
}

void asx_proposals_fini(asx_proposals *proposals)
{
    if (!proposals)
        return;
    if (proposals->state)
        proposals->searcher->fini(proposals->state);
    free(proposals->state);
    free(proposals->point);
    free(proposals->objective);
    free(proposals->violation);
}
