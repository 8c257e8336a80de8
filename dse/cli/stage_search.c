/* The search itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "exploration.h"
#include "separable_model.h"

/* The baseline is evaluated before all others. If the search came across it, it called it known
 * before, which to the user it was not. */
static asx_status count_baseline(asx_search_outcome *outcome, const workbench *w, asx_error *err)
{
    asx_design design = {0};
    size_t row;
    asx_gene *point = asx_array_new(asx_space_n_genes(w->space), sizeof *point);
    if (!point)
        return asx_fail(err, ASX_ENOMEM, "no memory for a point");
    const asx_status st =
        asx_design_parse(&design, exploration_baseline, workbench_workload(w), err);
    if (st == ASX_OK && asx_space_encode(point, w->space, &design, NULL) == ASX_OK &&
        asx_archive_find(&row, outcome->archive, point)) {
        outcome->progress.evaluated++;
        outcome->progress.recalled--;
    }
    asx_design_fini(&design);
    free(point);
    return st;
}

/* What the searcher vouches for stays with the campaign. */
static asx_status store_report(exploration *x, const char *report, asx_error *err)
{
    char key[64];
    if (!report)
        return ASX_OK;
    snprintf(key, sizeof key, "certificate/%lld", (long long)x->campaign);
    return asx_store_cache_put(x->store, key, report, strlen(report) + 1, err);
}

/* The hypervolume that progress told is against this point. */
static asx_status keep_reference(explore_result *result, exploration *x, const reference *ref,
                                 asx_error *err)
{
    char key[64];
    asx_text text = {0};
    reference_print(&text, ref);
    snprintf(key, sizeof key, "reference/%lld", (long long)x->campaign);
    asx_status st = text.failed ? asx_fail(err, ASX_ENOMEM, "no memory for a reference point")
                                : asx_store_cache_put(x->store, key, text.s, text.n, err);
    if (st == ASX_OK)
        st = asx_text_take(&result->reference, &text, err);
    asx_text_fini(&text);
    return st;
}

static void take_outcome(explore_result *result, asx_search_outcome *outcome)
{
    result->end = outcome->end;
    result->progress = outcome->progress;
    result->report = outcome->report;
    outcome->report = NULL;
}

asx_status stage_solve(asx_search_outcome *outcome, exploration *x, exploration_desk *desk,
                       const char *label, asx_error *err)
{
    const campaign *c = x->w->campaign;
    separable_model *model = NULL;
    asx_search config = exploration_search(x, desk);
    config.budget = c->budget;
    asx_status st = campaign_searcher(&config.searcher, &config.params, c, err);
    /* a search that is only to begin with what the model says may go on with measured accuracies */
    if (st == ASX_OK && asx_searcher_wants_model(config.searcher, &config.params) &&
        (c->search_tier == ASX_TIER_PROXY || !config.searcher->wants_model)) {
        st = workbench_need_proxy(x->w, err);
        if (st == ASX_OK)
            st = separable_model_new(&model, x->w, err);
        config.model = st == ASX_OK ? separable_model_of(model) : NULL;
    }
    if (st == ASX_OK)
        st = watch_stage(&x->watch, label,
                         config.budget                  ? config.budget
                         : config.searcher->wants_model ? 0
                                                        : asx_space_size(x->w->space),
                         err);
    if (st == ASX_OK)
        st = asx_search_run(outcome, &config, err);
    progress_end(&x->watch.line);
    separable_model_free(model);
    return st;
}

asx_status stage_search(explore_result *result, exploration *x, asx_error *err)
{
    exploration_desk desk = {0};
    asx_search_outcome outcome = {0};
    asx_status st =
        exploration_desk_init(&desk, x, x->w->campaign->search_tier, SUBSET_SELECT, err);
    if (st == ASX_OK)
        st = stage_solve(&outcome, x, &desk, NULL, err);
    if (st == ASX_OK && !desk.baseline_known)
        st = count_baseline(&outcome, x->w, err);
    if (st == ASX_OK)
        st = asx_store_flush(x->store, err);
    if (st == ASX_OK)
        st = store_report(x, outcome.report, err);
    if (st == ASX_OK)
        st = keep_reference(result, x, &desk.reference, err);
    if (st == ASX_OK)
        take_outcome(result, &outcome);
    asx_search_outcome_fini(&outcome);
    exploration_desk_fini(&desk);
    return st;
}
