/* What a benchmark reports, and the clock that it reads. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench.h"
#include "dse/memory.h"

void bench_ratio(bench_report *report, const char *name, double value, const char *unit,
                 const char *peer, double peer_value)
{
    bench_line *line = asx_array_grow(report->line, &report->capacity, report->n + 1, sizeof *line);
    if (!line) {
        report->failed = true;
        return;
    }
    report->line = line;
    line += report->n++;
    *line = (bench_line){.unit = unit, .peer = peer, .value = value, .peer_value = peer_value};
    snprintf(line->name, sizeof line->name, "%s", name);
}

void bench_figure(bench_report *report, const char *name, double value, const char *unit)
{
    bench_ratio(report, name, value, unit, NULL, NAN);
}

void bench_report_fini(bench_report *report)
{
    if (!report)
        return;
    free(report->line);
    *report = (bench_report){0};
}

double bench_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}
