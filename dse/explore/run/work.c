#include "explore/work.h"

#include <omp.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "dse/memory.h"
#include "external_private.h"
#include "results/lease.h"
#include "watcher_private.h"

/* As many designs at a time as take about TAKE_S; who finds none looks again after a while. */
static const double TAKE_S = 0.5;
enum { TAKE_MAX = 16, WAIT_MIN_MS = 50, WAIT_MAX_MS = 1000 };

typedef struct work {
    const asx_work_options *options;
    asx_external *external;
    asx_work_result result;
    size_t take;
    long wait_ms;
} work;

static int64_t now(void)
{
    return (int64_t)time(NULL);
}

/* ---- renewing ---- */

/* Renews leases by a connection of its own while their designs are measured. */
typedef struct renewal {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t done_changed;
    bool done;
    const asx_external_asked *asked;
    int64_t campaign, lease_s;
    asx_store *store;
} renewal;

static void renew(renewal *r)
{
    /* one that fails is tried again; the lease lasts for two more */
    for (size_t i = 0; i < r->asked->n; i++)
        if (asx_lease_renew(r->store, r->campaign, r->asked->design[i], now() + r->lease_s, NULL))
            return;
}

static void *keep_renewing(void *state)
{
    renewal *r = state;
    struct timespec t;
    pthread_mutex_lock(&r->lock);
    while (!r->done) {
        clock_gettime(CLOCK_REALTIME, &t);
        t.tv_sec += r->lease_s > 3 ? r->lease_s / 3 : 1;
        if (pthread_cond_timedwait(&r->done_changed, &r->lock, &t) != 0 && !r->done)
            renew(r);
    }
    pthread_mutex_unlock(&r->lock);
    return NULL;
}

static asx_status renewal_begin(renewal *r, const work *w, const asx_external_asked *asked,
                                asx_error *err)
{
    *r = (renewal){
        .asked = asked, .campaign = w->external->campaign, .lease_s = w->options->lease_s};
    asx_status status = asx_store_open(&r->store, w->options->database, ASX_STORE_WRITE, err);
    if (status != ASX_OK)
        return status;
    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->done_changed, NULL);
    if (pthread_create(&r->thread, NULL, keep_renewing, r) == 0)
        return ASX_OK;
    asx_store_free(r->store);
    return asx_fail(err, ASX_EIO, "cannot begin a thread that renews leases");
}

static void renewal_end(renewal *r)
{
    pthread_mutex_lock(&r->lock);
    r->done = true;
    pthread_cond_signal(&r->done_changed);
    pthread_mutex_unlock(&r->lock);
    pthread_join(r->thread, NULL);
    pthread_cond_destroy(&r->done_changed);
    pthread_mutex_destroy(&r->lock);
    asx_store_free(r->store);
}

/* ---- working ---- */

static asx_status book(work *w, const asx_external_asked *asked, const asx_design *design,
                       const asx_accuracy *accuracy, asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < asked->n; i++) {
        bool known = false;
        status = asx_external_book(&known, w->external, &accuracy[i], &design[i], err);
        w->result.evaluated++;
        w->result.late += known;
    }
    return status == ASX_OK
               ? asx_external_settle(w->external, (const char *const *)asked->design, asked->n, err)
               : status;
}

static asx_status measure(work *w, const asx_external_asked *asked, asx_error *err)
{
    asx_session *s = &w->external->session;
    const size_t n = asked->n;
    asx_design *design = asx_array_new(n, sizeof *design);
    const asx_design **list = asx_array_new(n, sizeof(const asx_design *));
    asx_accuracy *accuracy = asx_array_new(n, sizeof *accuracy);
    renewal r;
    asx_status status = design && list && accuracy
                            ? ASX_OK
                            : asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", n);
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        status = asx_design_parse(&design[i], asked->design[i], asx_session_workload(s), err);
        list[i] = &design[i];
    }
    if (status == ASX_OK)
        status = renewal_begin(&r, w, asked, err);
    if (status == ASX_OK) {
        const double start = asx_seconds();
        status = asx_measure_designs(accuracy, s->measure[ASX_SUBSET_SELECT], list, n, err);
        const double took = asx_seconds() - start;
        renewal_end(&r);
        w->take = took > TAKE_S            ? (w->take + 1) / 2
                  : 2 * w->take < TAKE_MAX ? 2 * w->take
                                           : TAKE_MAX;
    }
    if (status == ASX_OK)
        status = book(w, asked, design, accuracy, err);
    for (size_t i = 0; design && i < n; i++)
        asx_design_fini(&design[i]);
    free(accuracy);
    free(list);
    free(design);
    return status;
}

static void wait_a_while(work *w)
{
    const struct timespec t = {w->wait_ms / 1000, w->wait_ms % 1000 * 1000000};
    nanosleep(&t, NULL);
    w->wait_ms = 2 * w->wait_ms < WAIT_MAX_MS ? 2 * w->wait_ms : WAIT_MAX_MS;
}

/* One look at the search. @param over it wants nothing more */
static asx_status step(work *w, bool *over, asx_error *err)
{
    const asx_watcher *watcher = w->options->watcher;
    asx_external_asked asked = {0};
    const int64_t at = now();
    asx_status status =
        asx_external_ask(&asked, w->external, w->take, at, at + w->options->lease_s, err);
    if (status != ASX_OK)
        return status;
    w->result.known = asked.known;
    w->result.end = asked.end;
    *over = asked.over && asked.n == 0;
    asx_watcher_say(watcher, ASX_SAY_STATUS, "%zu designs known, %zu out, %zu evaluated here%s",
                    asked.known, asked.held, w->result.evaluated,
                    asked.n == 0 && !*over ? ", waiting for those of others" : "");
    if (asked.n > 0) {
        w->wait_ms = WAIT_MIN_MS;
        status = measure(w, &asked, err);
    } else if (!*over) {
        wait_a_while(w);
    }
    asx_external_asked_fini(&asked);
    return status;
}

asx_status asx_work_run(asx_work_result *out, asx_campaign *campaign,
                        const asx_work_options *options, asx_error *err)
{
    work w = {.options = options, .take = 1, .wait_ms = WAIT_MIN_MS};
    bool over = false;
    if (!campaign->bespoke && campaign->search_tier != ASX_TIER_MEASURED) {
        asx_campaign_free(campaign);
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "search.tier: workers share measuring, and this search measures nothing; "
                        "'mpirun asx run' shares all the rest");
    }
    const int threads = omp_get_max_threads();
    if (options->threads)
        omp_set_num_threads((int)options->threads);
    asx_status status = asx_external_open_as(&w.external, campaign, options->database, true, err);
    if (status == ASX_OK)
        status = asx_session_need_measure(&w.external->session, ASX_SUBSET_SELECT, err);
    while (status == ASX_OK && !over && !asx_watcher_stops(options->watcher))
        status = step(&w, &over, err);
    if (!over)
        w.result.end = ASX_END_INTERRUPTED;
    asx_external_close(w.external);
    omp_set_num_threads(threads);
    if (status == ASX_OK)
        *out = w.result;
    return status;
}
