/* What a run refuses before it begins. */
#include <stdlib.h>

#include "campaign_private.h"
#include "dse/memory.h"
#include "explore/session.h"
#include "search_builder.h"

/* No image is in two of the parts that the campaign has. */
static asx_status check_parts(const asx_session *s, asx_error *err)
{
    for (int b = 1; b < ASX_N_SUBSETS; b++)
        for (int a = 0; a < b; a++) {
            const asx_range *x = &s->subset[a], *y = &s->subset[b];
            if ((a != ASX_SUBSET_SELECT && !s->has_subset[a]) || !s->has_subset[b] ||
                x->first >= y->end || y->first >= x->end)
                continue;
            return asx_campaign_fail(s->campaign, err, ASX_EINVAL, NULL,
                                     "data.%s: %zu:%zu and '%s' %zu:%zu share images: the search "
                                     "must not see what it is judged on",
                                     asx_subset_text((asx_subset)b), y->first, y->end,
                                     asx_subset_text((asx_subset)a), x->first, x->end);
        }
    return ASX_OK;
}

/* Begins the searcher and ends it, for what it refuses: a space too large to enumerate, say. One that works on a model
 * is begun only where it has none, and says that. */
static asx_status check_searcher(const asx_session *s, asx_error *err)
{
    const asx_campaign *c = s->campaign;
    const asx_searcher_type *type = NULL;
    asx_params params;
    asx_status status = asx_campaign_searcher(&type, &params, c, err);
    if (status != ASX_OK)
        return status;
    const asx_searcher_setup setup = {.space = s->space,
                                      .n_objectives = c->n_objectives,
                                      .params = &params,
                                      .seed = c->seed,
                                      .objective = c->objective,
                                      .limits = c->limits};
    status = asx_session_check_model(s, type, &params, err);
    if (status == ASX_OK && type->check)
        status = type->check(&setup, err);
    if (status != ASX_OK || (asx_searcher_wants_model(type, &params) &&
                             (!type->wants_model || c->search_tier != ASX_TIER_MEASURED)))
        return status;
    void *state = asx_array_new(1, type->state_size);
    if (!state)
        return asx_fail(err, ASX_ENOMEM, "no memory for a searcher");
    status = type->init(state, &setup, err);
    type->fini(state);
    free(state);
    return status;
}

/* Labels of all parts: a run looks at some of them only after its search. */
static asx_status check_labels(const asx_session *s, asx_error *err)
{
    asx_error inner;
    asx_status status = ASX_OK;
    for (int part = 0; part < ASX_N_SUBSETS && status == ASX_OK; part++)
        if (s->has_subset[part] || part == ASX_SUBSET_SELECT)
            status = asx_measure_check(s->network, s->data, s->subset[part], &inner);
    return status != ASX_OK
               ? asx_campaign_fail(s->campaign, err, status, NULL, "data: %s", inner.message)
               : ASX_OK;
}

asx_status asx_session_check(const asx_session *s, asx_error *err)
{
    asx_train_options options;
    const bool costs = s->campaign->search_tier == ASX_TIER_COSTS;
    asx_status status = costs ? asx_campaign_check_costs(s->campaign, err) : ASX_OK;
    if (status == ASX_OK)
        status = check_searcher(s, err);
    if (status != ASX_OK || costs)
        return status;
    if (status == ASX_OK)
        status = asx_campaign_train_options(&options, s->campaign, err);
    if (status == ASX_OK)
        status = check_parts(s, err);
    return status == ASX_OK && !s->campaign->own_classes ? check_labels(s, err) : status;
}
