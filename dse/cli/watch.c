#include "watch.h"

#include <math.h>
#include <omp.h>
#include <stdio.h>

/* Often while it is short, seldom when it is long: a run of a day leaves two thousand moments, and
 * the last minute is always known. */
static double interval_s(double elapsed_s)
{
    return fmin(60, fmax(1, elapsed_s / 100));
}

asx_status watch_flush(watch *w, asx_error *err)
{
    if (!w->store || !w->unsaid)
        return ASX_OK;
    w->unsaid = false;
    w->last.stage = w->stage;
    w->noted_s = w->last.elapsed_s;
    w->noted_factor = w->last.factor;
    return asx_run_note(w->store, w->run, &w->last, err);
}

/* @param at_once  something happened that is to be seen without delay */
static asx_status note(watch *w, bool at_once, asx_error *err)
{
    w->last.elapsed_s = omp_get_wtime() - w->start_s;
    w->unsaid = true;
    return at_once || w->last.elapsed_s - w->noted_s >= interval_s(w->last.elapsed_s)
               ? watch_flush(w, err)
               : ASX_OK;
}

static asx_status on_progress(void *state, const asx_progress *p, asx_error *err)
{
    watch *w = state;
    const bool first = w->last.done == 0;
    w->last.done = p->evaluated + p->recalled;
    if (p->budget)
        w->last.total = p->budget;
    w->last.front = p->front;
    w->last.hypervolume = p->hypervolume;
    progress_show(&w->line, p);
    return note(w, first, err);
}

static asx_status on_proven(void *state, double factor, asx_error *err)
{
    watch *w = state;
    const bool better = factor - 1 < 0.9 * (w->noted_factor - 1) ||
                        (factor < INFINITY && !(w->noted_factor < INFINITY));
    w->last.factor = factor;
    progress_proven(&w->line, factor, omp_get_wtime() - w->start_s);
    return note(w, better, err);
}

void watch_init(watch *w, asx_observer *out)
{
    *w = (watch){.start_s = omp_get_wtime()};
    progress_init(&w->line);
    *out = (asx_observer){.progress = on_progress, .proven = on_proven, .state = w};
}

void watch_begin(watch *w, asx_store *store, int64_t run)
{
    w->store = store;
    w->run = run;
}

static asx_status enter(watch *w, const char *stage, uint64_t total, asx_error *err)
{
    const asx_status st = watch_flush(w, err);
    snprintf(w->stage, sizeof w->stage, "%s", stage);
    w->last = (asx_moment){.total = total, .factor = INFINITY};
    return st == ASX_OK ? note(w, true, err) : st;
}

asx_status watch_say(watch *w, const char *what, asx_error *err)
{
    progress_say(&w->line, what);
    return enter(w, what, 0, err);
}

asx_status watch_stage(watch *w, const char *label, uint64_t total, asx_error *err)
{
    progress_label(&w->line, label);
    progress_expect(&w->line, total);
    return enter(w, label ? label : "search", w->line.expected, err);
}
