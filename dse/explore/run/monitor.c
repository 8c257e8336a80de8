#include "monitor.h"

#include <math.h>
#include <stdio.h>

/* Often while it is short, seldom when it is long: a run of a day leaves two thousand moments, and
 * the last minute is always known. */
static double interval_s(double elapsed_s)
{
    return fmin(60, fmax(1, elapsed_s / 100));
}

double asx_monitor_elapsed_s(const asx_monitor *m)
{
    return asx_seconds() - m->start_s;
}

asx_status asx_monitor_flush(asx_monitor *m, asx_error *err)
{
    if (!m->store || !m->unsaid)
        return ASX_OK;
    m->unsaid = false;
    m->last.stage = m->stage;
    m->noted_s = m->last.elapsed_s;
    m->noted_factor = m->last.factor;
    return asx_run_note(m->store, m->run, &m->last, err);
}

/* @param at_once  something happened that is to be seen without delay */
static asx_status note(asx_monitor *m, bool at_once, asx_error *err)
{
    m->last.elapsed_s = asx_monitor_elapsed_s(m);
    m->unsaid = true;
    return at_once || m->last.elapsed_s - m->noted_s >= interval_s(m->last.elapsed_s)
               ? asx_monitor_flush(m, err)
               : ASX_OK;
}

asx_progress asx_monitor_crew(const asx_monitor *m)
{
    asx_progress p = {.asked = 0};
    if (!m->crew)
        return p;
    const asx_crew_figures f = m->crew->figures(m->crew->state), *b = &m->before;
    const double worked = f.worked_s - b->worked_s, dry = f.dry_s - b->dry_s;
    const double late = f.late_s - b->late_s, all = fmax(worked + dry + late, 1e-9);
    p.workers = m->crew->n;
    p.out = f.out;
    p.busy = worked / all;
    p.dry = dry / all;
    p.late = late / all;
    p.elapsed_s = all / (double)m->crew->n;
    return p;
}

static asx_status on_progress(void *state, const asx_progress *p, asx_error *err)
{
    asx_monitor *m = state;
    const asx_watcher *w = m->watcher;
    const bool first = m->last.done == 0;
    asx_status status = ASX_OK;
    m->last.done = p->evaluated + p->recalled;
    if (p->budget)
        m->last.total = p->budget;
    m->last.front = p->front;
    m->last.hypervolume = p->hypervolume;
    if (w && w->progress) {
        const asx_progress crew = asx_monitor_crew(m);
        asx_progress told = *p;
        told.workers = crew.workers;
        told.out = crew.out;
        told.busy = crew.busy;
        told.dry = crew.dry;
        told.late = crew.late;
        told.budget = p->budget ? p->budget : (size_t)m->expected;
        status = w->progress(w->state, &told, err);
    }
    return status == ASX_OK ? note(m, first, err) : status;
}

/* Whether a line may be said again: not too often. */
static bool may_say(asx_monitor *m, double now)
{
    const double every_s = 0.1;
    if (now - m->said_s < every_s)
        return false;
    m->said_s = now;
    return true;
}

static asx_status on_proven(void *state, double factor, asx_error *err)
{
    asx_monitor *m = state;
    const bool better = factor - 1 < 0.9 * (m->noted_factor - 1) ||
                        (factor < INFINITY && !(m->noted_factor < INFINITY));
    const double now = asx_monitor_elapsed_s(m);
    m->last.factor = factor;
    if (may_say(m, now)) {
        if (isfinite(factor))
            asx_watcher_say(m->watcher, ASX_SAY_STATUS, "solving, proven to within %.3g %%, %.0f s",
                            100 * (factor - 1), now);
        else
            asx_watcher_say(m->watcher, ASX_SAY_STATUS, "solving, nothing proven yet, %.0f s", now);
    }
    return note(m, better, err);
}

void asx_monitor_init(asx_monitor *m, const asx_watcher *watcher, asx_observer *out)
{
    *m = (asx_monitor){.watcher = watcher, .start_s = asx_seconds()};
    *out = (asx_observer){.progress = on_progress, .proven = on_proven, .state = m};
}

static bool on_stop(void *state)
{
    const asx_monitor *m = state;
    return asx_watcher_stops(m->watcher);
}

static void on_work(void *state, const char *what, size_t done, size_t total)
{
    asx_monitor *m = state;
    if (may_say(m, asx_monitor_elapsed_s(m)))
        asx_watcher_say(m->watcher, ASX_SAY_STATUS, "%s, %zu of %zu", what, done, total);
}

void asx_monitor_work(asx_monitor *m, asx_work_watch *out)
{
    *out = (asx_work_watch){on_stop, on_work, NULL, NULL, m};
}

void asx_monitor_begin(asx_monitor *m, asx_store *store, int64_t run)
{
    m->store = store;
    m->run = run;
}

asx_status asx_monitor_stage(asx_monitor *m, const char *stage, uint64_t total, asx_error *err)
{
    enum { MOST = 100000000 }; /* of larger spaces nobody waits for the end */
    asx_watcher_say(m->watcher, ASX_SAY_STAGE, "%s", stage);
    const asx_status status = asx_monitor_flush(m, err);
    snprintf(m->stage, sizeof m->stage, "%s", stage);
    m->expected = total <= MOST ? total : 0;
    if (m->crew)
        m->before = m->crew->figures(m->crew->state);
    m->last = (asx_moment){.total = m->expected, .factor = INFINITY};
    return status == ASX_OK ? note(m, true, err) : status;
}
