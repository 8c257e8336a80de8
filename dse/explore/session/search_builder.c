#include "search_builder.h"

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

asx_status asx_session_choose_searcher(asx_search *inout, asx_separable_model **model,
                                       asx_session *s, asx_error *err)
{
    asx_search search = *inout;
    search.budget = s->campaign->budget;
    asx_status status = asx_campaign_searcher(&search.searcher, &search.params, s->campaign, err);
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
