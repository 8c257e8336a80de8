/* Private to the library: the search that a campaign describes, for whoever evaluates: a run's
 * stages, or somebody outside. */
#ifndef ASX_EXPLORE_SEARCH_BUILDER_H
#define ASX_EXPLORE_SEARCH_BUILDER_H

#include "explore/session.h"
#include "search/run.h"
#include "separable_model.h"

/** What every search of a campaign has in common: space, objectives, limits, seed.
 *  @param s  its space is there; borrowed for the life of the result */
asx_search asx_session_search(const asx_session *s);

/** Whether a searcher that works on a model gets one: ASX_EUNSUPPORTED where the campaign's proxy does not add up, unless the
 *  objectives are the drop and one of energy, latency and storage. */
ASX_NODISCARD asx_status asx_session_check_model(const asx_session *s,
                                                 const asx_searcher_type *searcher,
                                                 const asx_params *params, asx_error *err);

/**
 * Adds the campaign's searcher with its parameters, its budget, and the model it works on if it
 * computes; that takes the proxy, so there is one for accuracies of tier proxy, and for searches
 * that only begin with what the model says. One that works on nothing else says so when it begins.
 *
 * @param model  what NULL stands in, or a model from before; asx_separable_model_free it
 * @return ASX_OK; as asx_session_need_proxy; what asx_campaign_searcher says
 */
ASX_NODISCARD asx_status asx_session_choose_searcher(asx_search *inout, asx_separable_model **model,
                                                     asx_session *s, asx_error *err);

#endif
