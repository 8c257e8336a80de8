#include "progress.h"

#include <math.h>
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

/* Begins the line anew, unless it is too early. */
static bool begin_line(progress_line *line, double elapsed_s)
{
    if (!line->enabled || (line->shown && fabs(elapsed_s - line->last_s) < 0.1))
        return false;
    line->last_s = elapsed_s;
    line->shown = true;
    fprintf(stderr, "\r\033[K%s%s", line->label ? line->label : "", line->label ? ": " : "");
    return true;
}

void progress_proven(progress_line *line, double factor, double elapsed_s)
{
    if (!begin_line(line, elapsed_s))
        return;
    if (isfinite(factor))
        fprintf(stderr, "solving, proven to within %.3g %%", 100 * (factor - 1));
    else
        fprintf(stderr, "solving, nothing proven yet");
    fprintf(stderr, ", %.0f s", elapsed_s);
    fflush(stderr);
}

void progress_show(progress_line *line, const asx_progress *p)
{
    enum { SETTLE = 3 }; /* evaluations before a rate means anything */
    if (!begin_line(line, p->elapsed_s))
        return;
    const size_t done = p->evaluated + p->recalled;
    const uint64_t total = p->budget ? p->budget : line->expected;
    fprintf(stderr, "%zu", done);
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
}

void progress_init(progress_line *line)
{
    *line = (progress_line){.enabled = isatty(STDERR_FILENO) == 1};
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
