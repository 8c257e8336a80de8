#include "progress.h"

#include <stdio.h>
#include <unistd.h>

static void print_left(double seconds)
{
    if (seconds < 90)
        fprintf(stderr, ", %.0f s left", seconds);
    else if (seconds < 5400)
        fprintf(stderr, ", %.0f min left", seconds / 60);
    else
        fprintf(stderr, ", %.1f h left", seconds / 3600);
}

static asx_status on_progress(void *state, const asx_progress *p, asx_error *err)
{
    (void)err;
    enum { SETTLE = 3 }; /* evaluations before a rate means anything */
    progress_line *line = state;
    if (!line->enabled || (line->shown && p->elapsed_s - line->last_s < 0.1))
        return ASX_OK;
    line->last_s = p->elapsed_s;
    line->shown = true;
    const size_t done = p->evaluated + p->recalled;
    const uint64_t total = p->budget ? p->budget : line->expected;
    fprintf(stderr, "\r\033[K%s%s%zu", line->label ? line->label : "", line->label ? ": " : "",
            done);
    if (total)
        fprintf(stderr, "/%llu", (unsigned long long)total);
    fprintf(stderr, " designs");
    if (p->recalled)
        fprintf(stderr, " (%zu known before)", p->recalled);
    if (p->evaluated >= SETTLE && p->elapsed_s > 0) {
        const double rate = (double)p->evaluated / p->elapsed_s;
        fprintf(stderr, ", %.3g/s", rate);
        if (total > done)
            print_left((double)(total - done) / rate);
    }
    if (!line->label)
        fprintf(stderr, ", front %zu, hypervolume %.4f", p->front, p->hypervolume);
    fflush(stderr);
    return ASX_OK;
}

void progress_init(progress_line *line, asx_observer *out)
{
    *line = (progress_line){.enabled = isatty(STDERR_FILENO) == 1};
    *out = (asx_observer){.progress = on_progress, .state = line};
}

void progress_say(progress_line *line, const char *what)
{
    if (!line->enabled)
        return;
    fprintf(stderr, "\r\033[K%s ...", what);
    fflush(stderr);
    line->shown = true;
    line->last_s = -1; /* whatever comes next is shown at once */
}

void progress_label(progress_line *line, const char *label)
{
    line->label = label;
}

void progress_expect(progress_line *line, uint64_t total)
{
    enum { MOST = 100000000 }; /* of larger spaces nobody waits for the end */
    line->expected = total <= MOST ? total : 0;
}

void progress_end(progress_line *line)
{
    if (line->shown)
        fprintf(stderr, "\r\033[K");
    line->shown = false;
}
