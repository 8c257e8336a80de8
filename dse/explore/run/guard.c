#include "guard.h"

static void guard_say(void *state, asx_say kind, const char *line)
{
    const asx_guard *g = state;
    g->caller.say(g->caller.state, kind, line);
}

static asx_status guard_progress(void *state, const asx_progress *progress, asx_error *err)
{
    const asx_guard *g = state;
    return g->caller.progress(g->caller.state, progress, err);
}

static bool guard_stop(void *state)
{
    enum { EVERY_MS = 500 };
    asx_guard *g = state;
    const long long now = (long long)(1e3 * asx_seconds());
    long long next = g->next_ms;
    if (now >= next && atomic_compare_exchange_strong(&g->next_ms, &next, now + EVERY_MS) &&
        asx_store_check_place(g->store, NULL) != ASX_OK)
        g->gone = true;
    return g->gone || asx_watcher_stops(&g->caller);
}

asx_watcher asx_guard_watch(asx_guard *g, const asx_watcher *caller, const asx_store *store)
{
    *g = (asx_guard){.store = store};
    if (caller)
        g->caller = *caller;
    return (asx_watcher){.say = g->caller.say ? guard_say : NULL,
                         .progress = g->caller.progress ? guard_progress : NULL,
                         .stop = guard_stop,
                         .state = g};
}
