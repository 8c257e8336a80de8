/* The search itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "exploration.h"
#include "results/certificate.h"
#include "search_builder.h"
#include "search_resume.h"

/* The baseline is evaluated before all others. If the search came across it, it called it known
 * before, which to the user it was not. */
static asx_status count_baseline(asx_search_outcome *outcome, const asx_session *s, asx_error *err)
{
    asx_design design = {0};
    size_t row;
    asx_gene *point = asx_array_new(asx_space_n_genes(s->space), sizeof *point);
    if (!point)
        return asx_fail(err, ASX_ENOMEM, "no memory for a point");
    asx_status status = asx_design_parse(&design, ASX_BASELINE, asx_session_workload(s), err);
    if (status == ASX_OK)
        status = asx_space_encode(point, s->space, &design, err);
    if (status == ASX_OK && asx_archive_find(&row, outcome->archive, point)) {
        outcome->progress.evaluated++;
        outcome->progress.recalled--;
    }
    if (status == ASX_EOUTSIDE) /* it was evaluated beside the space */
        status = ASX_OK;
    asx_design_fini(&design);
    free(point);
    return status;
}

/* What the searcher vouches for stays with the campaign. */
static asx_status store_report(asx_exploration *x, char *report, asx_error *err)
{
    const asx_certificate certificate = {asx_certificate_factor(report), report};
    return report ? asx_certificate_keep(x->store, x->campaign, &certificate, err) : ASX_OK;
}

/* Who has evaluated all designs has proven the front, whatever the searcher: by the drops that it
 * went by. */
static asx_status vouch_for_all(asx_search_outcome *outcome, const asx_exploration *x,
                                const char *size, asx_error *err)
{
    const asx_tier tier = x->session->campaign->search_tier;
    asx_text text = {0};
    if (outcome->report || asx_archive_size(outcome->archive) < asx_space_size(x->session->space))
        return ASX_OK;
    asx_text_add(&text, "factor 1: proven front: all %s designs of the space were %s", size,
                 tier == ASX_TIER_PROXY   ? "predicted"
                 : tier == ASX_TIER_COSTS ? "priced"
                                          : "measured");
    return asx_text_take(&outcome->report, &text, err);
}

/* The hypervolume that progress told is against this point. */
static asx_status keep_reference(asx_explore_result *result, asx_exploration *x,
                                 const asx_reference_point *ref, asx_error *err)
{
    asx_text text = {0};
    asx_reference_point_print(&text, ref);
    asx_status status = asx_reference_point_keep(x->store, x->campaign, ref, err);
    if (status == ASX_OK)
        status = asx_text_take(&result->reference, &text, err);
    asx_text_fini(&text);
    return status;
}

static void take_outcome(asx_explore_result *result, asx_search_outcome *outcome)
{
    result->end = outcome->end;
    result->progress = outcome->progress;
    result->report = outcome->report;
    outcome->report = NULL;
}

/* Who has many workers learns what keeps them waiting, and what to do about it. */
static void say_waits(const asx_exploration *x, const asx_search *config)
{
    const asx_progress crew = asx_monitor_crew(&x->monitor);
    const double worth_telling = 0.1, least_s = 5;
    const asx_param_spec *spec = config->searcher->params;
    bool bred = false;
    if (crew.dry < worth_telling || crew.elapsed_s < least_s || config->model)
        return;
    for (size_t i = 0; spec && spec[i].name; i++)
        bred = bred || strcmp(spec[i].name, "children") == 0;
    asx_watcher_say(x->options->watcher, ASX_SAY_REMARK,
                    "%zu ranks had no design to work on for %.0f %% of the search: %s waits for "
                    "all that it asked for before it asks for more%s",
                    crew.workers, 100 * crew.dry, config->searcher->name,
                    bred ? "; search.parameters 'children' and 'population' say how much that is "
                           "(other results)"
                         : "");
}

asx_status asx_stage_solve(asx_search_outcome *outcome, asx_exploration *x,
                           asx_tier_context *context, const char *stage, asx_error *err)
{
    asx_separable_model *model = NULL;
    asx_search config = asx_exploration_search(x, context);
    asx_search_resume resume = {0};
    asx_status status = asx_session_choose_searcher(&config, &model, x->session, err);
    if (status == ASX_OK)
        status = asx_monitor_stage(&x->monitor, stage,
                                   config.budget                  ? config.budget
                                   : config.searcher->wants_model ? 0
                                                                  : asx_space_size(config.space),
                                   err);
    if (status == ASX_OK && config.model)
        status = asx_search_resume_init(&resume, &config, x, err);
    if (status == ASX_OK)
        status = asx_search_run(outcome, &config, err);
    asx_search_resume_fini(&resume);
    if (status == ASX_OK)
        say_waits(x, &config);
    asx_separable_model_free(model);
    return status;
}

asx_status asx_stage_search(asx_explore_result *result, asx_exploration *x, asx_error *err)
{
    asx_tier_context context = {0};
    asx_search_outcome outcome = {0};
    asx_status status = asx_tier_context_init(&context, x, x->session->campaign->search_tier,
                                              ASX_SUBSET_SELECT, err);
    if (status == ASX_OK)
        status = asx_stage_solve(&outcome, x, &context, "search", err);
    if (status == ASX_OK && !context.baseline_known)
        status = count_baseline(&outcome, x->session, err);
    if (status == ASX_OK)
        status = asx_store_flush(x->store, err);
    if (status == ASX_OK)
        status = vouch_for_all(&outcome, x, result->space_size, err);
    if (status == ASX_OK)
        status = store_report(x, outcome.report, err);
    if (status == ASX_OK)
        status = keep_reference(result, x, &context.reference, err);
    if (status == ASX_OK)
        take_outcome(result, &outcome);
    asx_search_outcome_fini(&outcome);
    asx_tier_context_fini(&context);
    return status;
}
