/* A run from start to end. */
#include "explore/run.h"

#include <omp.h>
#include <stdlib.h>
#include <unistd.h>

#include "dse/output.h"
#include "exploration.h"
#include "explore/floating.h"
#include "guard.h"
#include "proxy_cache.h"
#include "run_lock.h"

static asx_status prepare(asx_explore_result *result, asx_session *s, asx_error *err)
{
    asx_status status = asx_session_need_space(s, err);
    if (status == ASX_OK)
        status = asx_space_size_text(&result->space_size, s->space, err);
    if (status == ASX_OK && s->campaign->search_tier != ASX_TIER_COSTS)
        status = asx_session_need_data(s, err);
    if (status == ASX_OK)
        status = asx_session_check(s, err);
    return status;
}

/* Wrong data are told before anything is searched, or stored. */
static asx_status look_at_float(asx_floating *f, asx_exploration *x, asx_error *err)
{
    asx_session *s = x->session;
    if (s->campaign->search_tier == ASX_TIER_COSTS)
        return ASX_OK;
    const bool proxy = s->campaign->search_tier == ASX_TIER_PROXY;
    asx_status status = asx_monitor_stage(
        &x->monitor, proxy ? "reading or building the proxy's table" : "running the float network",
        0, err);
    if (status == ASX_OK)
        status = asx_session_floating(f, s, ASX_SUBSET_SELECT, err);
    if (status == ASX_EINTERRUPTED)
        return asx_fail(err, status,
                        "stopped before anything was searched; run the same command to "
                        "go on");
    return status == ASX_OK ? asx_floating_check(f, s, err) : status;
}

static asx_status keep_float(const asx_floating *f, asx_exploration *x, asx_error *err)
{
    asx_session *s = x->session;
    const asx_watcher *watcher = x->options->watcher;
    asx_text text = {0};
    const asx_status status =
        asx_session_float_keep(x->store, x->campaign, s, ASX_SUBSET_SELECT, err);
    if (status != ASX_OK)
        return status;
    asx_text_add(&text, "float network: ");
    asx_floating_print(&text, f);
    if (!text.failed)
        asx_watcher_say(watcher, ASX_SAY_REMARK, "%s", text.s);
    asx_text_clear(&text);
    asx_floating_print_unexpected(&text, f, s);
    if (text.n > 0 && !text.failed)
        asx_watcher_say(watcher, ASX_SAY_WARNING, "warning: %s", text.s);
    asx_text_fini(&text);
    return ASX_OK;
}

static asx_status run_stages(asx_explore_result *result, asx_exploration *x, const asx_floating *f,
                             asx_error *err)
{
    asx_session *s = x->session;
    const asx_watcher *watcher = x->options->watcher;
    if (s->campaign->search_tier == ASX_TIER_COSTS)
        return asx_stage_search(result, x, err);
    asx_status status = keep_float(f, x, err);
    if (status == ASX_OK && s->campaign->search_tier == ASX_TIER_PROXY)
        status = asx_proxy_cache_need(s, x->store, err);
    bool interrupted = false;
    if (status == ASX_OK && s->campaign->rounds > 0)
        status = asx_stage_rounds(&interrupted, x, err);
    if (status == ASX_OK && interrupted) {
        result->end = ASX_END_INTERRUPTED;
        return ASX_OK;
    }
    if (status == ASX_OK)
        status = asx_stage_search(result, x, err);
    if (status == ASX_OK && result->end != ASX_END_INTERRUPTED)
        status = asx_stage_measure(result, x, err);
    if (status == ASX_OK && result->end != ASX_END_INTERRUPTED && !asx_watcher_stops(watcher))
        status = asx_stage_train(result, x, err);
    if (status == ASX_OK && result->end != ASX_END_INTERRUPTED && !asx_watcher_stops(watcher))
        status = asx_stage_confirm(result, x, err);
    return status;
}

/* The stages; told to stop, what was done by then stands. */
static asx_status run_heeding(asx_explore_result *result, asx_exploration *x, const asx_floating *f,
                              asx_error *err)
{
    asx_status status = run_stages(result, x, f, err);
    if (!asx_watcher_stops(x->options->watcher))
        return status;
    if (status == ASX_EINTERRUPTED)
        status = ASX_OK;
    if (status == ASX_OK)
        result->end = ASX_END_INTERRUPTED;
    return status;
}

/* From the open database to the end of the run that is booked in it. */
static asx_status run(asx_explore_result *result, asx_exploration *x, const asx_floating *f,
                      asx_error *err)
{
    asx_status status = asx_exploration_begin(x, err);
    result->campaign = x->campaign;
    if (status == ASX_OK)
        status = run_heeding(result, x, f, err);
    return status == ASX_OK ? asx_exploration_end(x, result, err) : status;
}

/* Runs, and fails if the database went away. */
static asx_status run_guarded(asx_explore_result *result, asx_exploration *x, const asx_floating *f,
                              asx_error *err)
{
    const asx_explore_options *options = x->options;
    asx_guard guard;
    const asx_watcher watcher = asx_guard_watch(&guard, options->watcher, x->store);
    asx_explore_options guarded = *options;
    guarded.watcher = x->monitor.watcher = &watcher;
    x->options = &guarded;
    const asx_status status = run(result, x, f, err);
    x->options = options;
    x->monitor.watcher = options->watcher;
    return status == ASX_OK ? asx_store_check_place(x->store, err) : status;
}

/* Opens the database, which is made only after what might refuse the campaign. */
static asx_status open_store(asx_exploration *x, int *lock, asx_error *err)
{
    return asx_run_open_store(&x->store, lock, x->options->database, x->options->watcher, err);
}

asx_status asx_explore_run(asx_explore_result *result, asx_session *s,
                           const asx_explore_options *options, asx_error *err)
{
    asx_exploration x = {.session = s, .options = options};
    asx_explore_result r = {0};
    asx_floating f = {.guesses = false};
    int lock = ASX_RUN_LOCK_NONE;
    /* of this thread alone, for the engine's loops: calibration, measuring, training */
    const int threads = omp_get_max_threads();
    if (options->threads)
        omp_set_num_threads((int)options->threads);
    asx_monitor_init(&x.monitor, options->watcher, &x.observer);
    x.monitor.crew = s->crew;
    asx_work_watch watch;
    asx_monitor_work(&x.monitor, &watch);
    asx_session_watch(s, &watch);
    asx_status status = prepare(&r, s, err);
    /* one that is there, or cannot be made, is opened before the work */
    const bool there = access(options->database, F_OK) == 0 ||
                       asx_output_check(options->database, NULL, &(asx_error){0}) != ASX_OK;
    if (status == ASX_OK && there)
        status = open_store(&x, &lock, err);
    if (status == ASX_OK)
        status = look_at_float(&f, &x, err);
    if (status == ASX_OK && !there)
        status = open_store(&x, &lock, err);
    if (status == ASX_OK)
        status = run_guarded(&r, &x, &f, err);
    asx_session_watch(s, NULL);
    asx_store_free(x.store);
    asx_run_lock_release(lock);
    omp_set_num_threads(threads);
    if (status != ASX_OK)
        asx_explore_result_fini(&r);
    else
        *result = r;
    return status;
}

void asx_explore_result_fini(asx_explore_result *result)
{
    if (!result)
        return;
    free(result->space_size);
    free(result->report);
    free(result->reference);
    *result = (asx_explore_result){0};
}
