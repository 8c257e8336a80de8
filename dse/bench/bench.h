/* Benchmarks: each measures a figure and, in the same run, what it is to be compared with. Machines
 * differ and are noisy; the ratio is what counts. One bench_<name>.c each, listed once in
 * bench.c. */
#ifndef ASX_BENCH_BENCH_H
#define ASX_BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/crew.h"
#include "dse/error.h"

typedef struct bench_line {
    char name[80];
    const char *unit, *peer; /* `peer` NULL: there is none */
    double value, peer_value;
} bench_line;

/* What a benchmark found. Zeroed: nothing. */
typedef struct bench_report {
    bench_line *line; /* [n] */
    size_t n, capacity;
    bool failed;                /* no memory for a line */
    bool quick;                 /* sizes are small: whether a benchmark runs, not how fast */
    const asx_crew *crew;       /* who works besides this process; NULL: nobody */
    const asx_crew_server *own; /* of this process, where there is a crew */
} bench_report;

typedef struct bench {
    const char *name;
    asx_status (*run)(bench_report *report, asx_error *err);
    const char *summary;
    /** Of benchmarks that ranks can share: begins to work on jobs, on every rank. NULL: of others. */
    asx_status (*open)(asx_crew_server *out, asx_error *err);
    void (*close)(asx_crew_server *server); /* NULL: there is nothing to close */
} bench;

extern const bench benches[]; /* ends with {NULL} */

/** Runs one. @param report  zeroed but for `crew`, `own` and `quick`;
 * bench_report_fini it, whatever is returned */
ASX_NODISCARD asx_status bench_run(bench_report *report, const bench *b, asx_error *err);
void bench_report_fini(bench_report *report);

/* ---- for the benchmarks ---- */

/** How much of something is measured. */
static inline size_t bench_size(const bench_report *report, size_t full, size_t quick)
{
    return report->quick ? quick : full;
}

/** Adds a figure: "images_per_s", 14000, "1/s". The name is copied, the unit is not. */
void bench_figure(bench_report *report, const char *name, double value, const char *unit);

/** Adds a figure with a peer measured in this run, in the same unit; the ratio is value /
 * peer_value. */
void bench_ratio(bench_report *report, const char *name, double value, const char *unit,
                 const char *peer, double peer_value);

/** Seconds of a monotonic clock, for differences. */
double bench_seconds(void);

ASX_NODISCARD asx_status bench_bespoke(bench_report *report, asx_error *err);
ASX_NODISCARD asx_status bench_cost(bench_report *report, asx_error *err);
ASX_NODISCARD asx_status bench_measured(bench_report *report, asx_error *err);
ASX_NODISCARD asx_status bench_proxy(bench_report *report, asx_error *err);
ASX_NODISCARD asx_status bench_incremental(bench_report *report, asx_error *err);
ASX_NODISCARD asx_status bench_search(bench_report *report, asx_error *err);
ASX_NODISCARD asx_status bench_exact_deep(bench_report *report, asx_error *err);
ASX_NODISCARD asx_status bench_growth(bench_report *report, asx_error *err);
ASX_NODISCARD asx_status bench_indicators(bench_report *report, asx_error *err);
ASX_NODISCARD asx_status bench_train(bench_report *report, asx_error *err);
ASX_NODISCARD asx_status bench_store(bench_report *report, asx_error *err);
ASX_NODISCARD asx_status bench_evolution(bench_report *report, asx_error *err);
ASX_NODISCARD asx_status bench_crew(bench_report *report, asx_error *err);
ASX_NODISCARD asx_status bench_crew_open(asx_crew_server *out, asx_error *err);
ASX_NODISCARD asx_status bench_shared(bench_report *report, asx_error *err);
ASX_NODISCARD asx_status bench_shared_open(asx_crew_server *out, asx_error *err);
void bench_shared_close(asx_crew_server *server);
ASX_NODISCARD asx_status bench_store_scale(bench_report *report, asx_error *err);

#endif
