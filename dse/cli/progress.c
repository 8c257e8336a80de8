#include "progress.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "crew.h"
#include "look.h"

/* Set by the signal handler, which has no other way to tell; read by all threads. */
static atomic_bool stop_asked;

static void on_signal(int number)
{
    atomic_store(&stop_asked, true);
    /* a second one ends the program at once; what was booked is safe */
    signal(number, SIG_DFL);
}

enum { LOG_EVERY_S = 30 }; /* lines in the log of a batch job */

static bool stop_wanted(void *state)
{
    (void)state;
    return atomic_load(&stop_asked);
}

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void print_left(double seconds)
{
    if (seconds < 90)
        fprintf(stderr, ", %.0f s left", seconds);
    else if (seconds < 5400)
        fprintf(stderr, ", %.0f min left", seconds / 60);
    else
        fprintf(stderr, ", %.1f h left", seconds / 3600);
}

/* Begins the line anew, unless it is too early. */
static bool begin_line(progress_line *line, bool at_once)
{
    const double now = now_s();
    if (line->logged && now - line->last_s >= LOG_EVERY_S) {
        line->last_s = now;
        fprintf(stderr, "%s%s", line->stage, *line->stage ? ": " : "");
        return true;
    }
    if (!line->enabled || (!at_once && line->shown && now - line->last_s < 0.1))
        return false;
    line->last_s = now;
    line->shown = true;
    fprintf(stderr, "\r\033[K%s%s", line->stage, *line->stage ? ": " : "");
    return true;
}

static void end_line(const progress_line *line)
{
    if (line->logged)
        fputc('\n', stderr);
    fflush(stderr);
}

static void show_stage(progress_line *line, const char *stage)
{
    snprintf(line->stage, sizeof line->stage, "%s", stage);
    if (!line->enabled)
        return;
    fprintf(stderr, "\r\033[K%s ...", stage);
    fflush(stderr);
    line->shown = true;
    line->last_s = 0; /* whatever comes next is shown at once */
}

static void say(void *state, asx_say kind, const char *text)
{
    progress_line *line = state;
    switch (kind) {
    case ASX_SAY_STAGE:
        show_stage(line, text);
        return;
    case ASX_SAY_STATUS:
        if (begin_line(line, false)) {
            fprintf(stderr, "%s", text);
            end_line(line);
        }
        return;
    case ASX_SAY_REMARK:
    case ASX_SAY_WARNING:
    case ASX_N_SAYS:
        break;
    }
    progress_end(line);
    look_say("%s%s", kind == ASX_SAY_WARNING ? "asx: " : "", text);
}

/* Who works, and what keeps them from it. */
static void print_crew(const asx_progress *p)
{
    const double enough = 0.9;
    fprintf(stderr, ", %zu ranks, %zu out, %.0f %% busy", p->workers, p->out, 100 * p->busy);
    if (p->busy < enough)
        fprintf(stderr, ", waiting for %s", p->dry > p->late ? "the search" : "rank 0");
}

static asx_status show_progress(void *state, const asx_progress *p, asx_error *err)
{
    enum { SETTLE = 3 }; /* evaluations before a rate means anything */
    progress_line *line = state;
    (void)err;
    if (!begin_line(line, false))
        return ASX_OK;
    const size_t done = p->evaluated + p->recalled;
    fprintf(stderr, "%zu", done);
    if (p->budget)
        fprintf(stderr, "/%zu", p->budget);
    fprintf(stderr, " designs");
    if (p->recalled)
        fprintf(stderr, " (%zu known before)", p->recalled);
    if (p->evaluated >= SETTLE && p->elapsed_s > 0) {
        const double rate = (double)p->evaluated / p->elapsed_s;
        fprintf(stderr, ", %.3g/s", rate);
        if (p->budget > done)
            print_left((double)(p->budget - done) / rate);
    }
    if (p->workers > 1)
        print_crew(p);
    if (strcmp(line->stage, "search") == 0)
        fprintf(stderr, ", front %zu, hypervolume %.4f", p->front, p->hypervolume);
    end_line(line);
    return ASX_OK;
}

asx_watcher progress_watch(progress_line *line)
{
    *line = (progress_line){.enabled = isatty(STDERR_FILENO) == 1, .last_s = now_s()};
    line->logged = !line->enabled && crew_size() > 1;
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    if (signal(SIGHUP, on_signal) == SIG_IGN) /* nohup: to go on without its terminal is wanted */
        signal(SIGHUP, SIG_IGN);
    return (asx_watcher){.say = say, .progress = show_progress, .stop = stop_wanted, .state = line};
}

void progress_end(progress_line *line)
{
    if (line->shown)
        fprintf(stderr, "\r\033[K");
    line->shown = false;
}
