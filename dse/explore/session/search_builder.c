#include "search_builder.h"

#include "campaign_private.h"

asx_search asx_session_search(const asx_session *s)
{
    const asx_campaign *c = s->campaign;
    return (asx_search){.space = s->space,
                        .work = asx_session_workload(s),
                        .seed = c->seed,
                        .objective = c->objective,
                        .n_objectives = c->n_objectives,
                        .limits = c->limits};
}

static bool gets_model(const asx_search *search, const asx_campaign *c)
{
    return asx_searcher_wants_model(search->searcher, &search->params) &&
           (c->search_tier != ASX_TIER_MEASURED || !search->searcher->wants_model);
}

asx_status asx_session_check_model(const asx_session *s, const asx_searcher_type *searcher,
                                   const asx_params *params, asx_error *err)
{
    const asx_campaign *c = s->campaign;
    const asx_campaign_search *given = c->spec->search;
    if (!asx_searcher_wants_model(searcher, params) || c->search_tier == ASX_TIER_COSTS ||
        asx_proxy_type_adds_up(c->proxy))
        return ASX_OK;
    bool drops = false, others = false;
    for (size_t j = 0; j < c->n_objectives; j++) {
        const asx_objective o = c->objective[j];
        drops = drops || o == ASX_DROP;
        others =
            others || (o != ASX_DROP && o != ASX_ENERGY && o != ASX_LATENCY && o != ASX_STORAGE);
    }
    if (drops && !others && c->n_objectives == 2)
        return ASX_OK;
    return asx_campaign_fail(
        c, err, ASX_EUNSUPPORTED, given ? given->proxy : NULL,
        "search.proxy: '%s' has cross terms, and %s%s%s takes those with "
        "'objectives: [drop, X]', X one of energy, latency and storage; others "
        "need 'algorithm: enumerate', which proves the front of a small space, "
        "'nsga2' or 'thompson', or 'proxy: %s'",
        asx_proxy_type_name(c->proxy), searcher->name, searcher->wants_model ? "" : " with ",
        searcher->wants_model ? "" : searcher->model_param,
        asx_proxy_type_name(asx_proxy_default_type()));
}

asx_status asx_session_choose_searcher(asx_search *inout, asx_separable_model **model,
                                       asx_session *s, asx_error *err)
{
    asx_search search = *inout;
    search.budget = s->campaign->budget;
    asx_status status = asx_campaign_searcher(&search.searcher, &search.params, s->campaign, err);
    if (status == ASX_OK)
        status = asx_session_check_model(s, search.searcher, &search.params, err);
    if (status == ASX_OK && gets_model(&search, s->campaign)) {
        if (s->campaign->search_tier != ASX_TIER_COSTS)
            status = asx_session_need_proxy(s, err);
        if (status == ASX_OK && !*model)
            status = asx_separable_model_new(model, s, err);
        search.model = status == ASX_OK ? asx_separable_model_of(*model) : NULL;
    }
    if (status == ASX_OK)
        *inout = search;
    return status;
}
