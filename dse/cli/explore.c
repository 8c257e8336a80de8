/* A run from start to end. */
#include "explore.h"

#include <omp.h>
#include <stdio.h>
#include <stdlib.h>

#include "exploration.h"
#include "proxy_cache.h"
#include "results/candidates.h"
#include "turn.h"

enum { KEEP_EVERY = 1 << 14 };

static asx_status check_subsets(const workbench *w, asx_error *err)
{
    const asx_range *s = &w->subset[SUBSET_SELECT], *r = &w->subset[SUBSET_REPORT];
    if (w->has_subset[SUBSET_REPORT] && s->first < r->end && r->first < s->end)
        return campaign_fail(w->campaign, err, ASX_EINVAL, NULL,
                             "data.report: %zu:%zu and 'select' %zu:%zu share images: the search "
                             "must not see what it is judged on",
                             r->first, r->end, s->first, s->end);
    return ASX_OK;
}

static asx_status prepare(explore_result *result, workbench *w, asx_error *err)
{
    const asx_searcher_type *type;
    asx_params params;
    /* cheap checks before expensive work */
    asx_status st = campaign_searcher(&type, &params, w->campaign, err);
    if (st == ASX_OK)
        st = workbench_need_space(w, err);
    if (st == ASX_OK)
        st = asx_space_size_text(&result->space_size, w->space, err);
    if (st == ASX_OK)
        st = workbench_need_data(w, err);
    if (st == ASX_OK)
        st = check_subsets(w, err);
    return st;
}

static asx_status run_stages(explore_result *result, exploration *x, asx_error *err)
{
    workbench *w = x->w;
    const bool proxy = w->campaign->search_tier == ASX_TIER_PROXY;
    asx_status st = watch_say(
        &x->watch, proxy ? "reading or building the proxy's table" : "running the float network",
        err);
    if (st == ASX_OK)
        st = proxy ? proxy_cache_need(w, x->store, err)
                   : workbench_need_measure(w, SUBSET_SELECT, err);
    bool interrupted = false;
    if (st == ASX_OK && w->campaign->rounds > 0)
        st = stage_rounds(&interrupted, x, err);
    if (st == ASX_OK && interrupted) {
        result->end = ASX_END_INTERRUPTED;
        return ASX_OK;
    }
    if (st == ASX_OK)
        st = stage_search(result, x, err);
    if (st == ASX_OK && result->end != ASX_END_INTERRUPTED)
        st = stage_measure(result, x, err);
    if (st == ASX_OK && result->end != ASX_END_INTERRUPTED && !x->options->stop(NULL))
        st = stage_train(result, x, err);
    if (st == ASX_OK && x->options->stop(NULL))
        result->end = ASX_END_INTERRUPTED;
    return st;
}

/* Every so often, so that reading the front of a long campaign never takes long, killed or not. */
static asx_status keep_front(void *state, asx_store *store, asx_error *err)
{
    const exploration *x = state;
    return front_keep(store, x->campaign, err);
}

asx_status explore_run(explore_result *result, workbench *w, const explore_options *options,
                       asx_error *err)
{
    exploration x = {.w = w, .options = options};
    explore_result r = {0};
    int turn = TURN_NONE;
    if (options->threads) /* also for what does not know of options: calibration, training */
        omp_set_num_threads((int)options->threads);
    watch_init(&x.watch, &x.observer);
    asx_status st = prepare(&r, w, err);
    if (st == ASX_OK)
        st = asx_store_open(&x.store, options->database, ASX_STORE_CREATE, err);
    if (st == ASX_OK && asx_store_remark(x.store))
        fprintf(stderr, "asx: %s\n", asx_store_remark(x.store));
    if (st == ASX_OK)
        st = turn_take(&turn, options->database, options->stop, err);
    if (st == ASX_OK)
        st = exploration_begin(&x, err);
    r.campaign = x.campaign;
    if (st == ASX_OK) {
        asx_store_on_booked(x.store, KEEP_EVERY, keep_front, &x);
        st = run_stages(&r, &x, err);
    }
    progress_end(&x.watch.line);
    if (st == ASX_OK)
        st = front_keep(x.store, x.campaign, err);
    if (st == ASX_OK)
        st = exploration_end(&x, &r, err);
    asx_store_free(x.store);
    turn_end(turn);
    if (st < 0)
        explore_result_fini(&r);
    else
        *result = r;
    return st;
}

void explore_result_fini(explore_result *result)
{
    free(result->space_size);
    free(result->report);
    free(result->reference);
    *result = (explore_result){0};
}
