#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "dse/memory.h"
#include "watcher_private.h"

bool asx_watcher_listens(const asx_watcher *w)
{
    return w && w->say;
}

void asx_watcher_say(const asx_watcher *w, asx_say kind, const char *format, ...)
{
    va_list args, again;
    if (!asx_watcher_listens(w))
        return;
    va_start(args, format);
    va_copy(again, args);
    const int n = vsnprintf(NULL, 0, format, args);
    char *line = n >= 0 ? asx_array_new((size_t)n + 1, 1) : NULL;
    if (line) {
        vsnprintf(line, (size_t)n + 1, format, again);
        w->say(w->state, kind, line);
    }
    free(line);
    va_end(again);
    va_end(args);
}

bool asx_watcher_stops(const asx_watcher *w)
{
    return w && w->stop && w->stop(w->state);
}

bool asx_watcher_poll(void *watcher)
{
    return asx_watcher_stops(watcher);
}

void *asx_watcher_state(const asx_watcher *w)
{
    return (void *)(uintptr_t)w;
}

static double read_clock(clockid_t clock)
{
    struct timespec t = {0};
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double asx_seconds(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

double asx_processor_seconds(void)
{
    return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}
