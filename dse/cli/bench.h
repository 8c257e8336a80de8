/* Benchmarks: each measures a figure and, in the same run, what it is to be compared with. Machines
 * differ and are noisy; the ratio is what counts. One bench_<name>.c each, listed once in
 * cmd_bench.c. */
#ifndef ASX_CLI_BENCH_H
#define ASX_CLI_BENCH_H

#include "dse/error.h"
#include "table.h"

typedef struct bench_report bench_report;

typedef struct bench {
    const char *name;
    asx_status (*run)(bench_report *report, asx_error *err);
    const char *summary;
} bench;

/** Adds a figure: "images_per_s", 14000, "1/s". */
void bench_figure(bench_report *report, const char *name, double value, const char *unit);

/** Adds a figure with a peer measured in this run, in the same unit; the ratio is value /
 * peer_value. */
void bench_ratio(bench_report *report, const char *name, double value, const char *unit,
                 const char *peer, double peer_value);

/** Seconds of a monotonic clock, for differences. */
double bench_seconds(void);

ASX_NODISCARD asx_status bench_cost(bench_report *report, asx_error *err);
ASX_NODISCARD asx_status bench_measured(bench_report *report, asx_error *err);
ASX_NODISCARD asx_status bench_proxy(bench_report *report, asx_error *err);
ASX_NODISCARD asx_status bench_incremental(bench_report *report, asx_error *err);
ASX_NODISCARD asx_status bench_search(bench_report *report, asx_error *err);
ASX_NODISCARD asx_status bench_indicators(bench_report *report, asx_error *err);
ASX_NODISCARD asx_status bench_train(bench_report *report, asx_error *err);
ASX_NODISCARD asx_status bench_store(bench_report *report, asx_error *err);
ASX_NODISCARD asx_status bench_evolution(bench_report *report, asx_error *err);
ASX_NODISCARD asx_status bench_store_scale(bench_report *report, asx_error *err);

#endif
