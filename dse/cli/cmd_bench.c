/* asx bench: measures, beside something to compare with in the same run. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "bench.h"
#include "cmd.h"
#include "option.h"

static const bench benches[] = {
    {"cost", bench_cost, "designs priced per second and core"},
    {"measured", bench_measured, "images classified per second, beside the bare kernels"},
    {"proxy", bench_proxy, "time of a proxy's table, and designs scored per second"},
    {"incremental", bench_incremental,
     "cost of designs that differ in one layer, beside full runs"},
    {"search", bench_search, "the exact front of 20 layers x 512 formats, beside NSGA-II"},
    {"evolution", bench_evolution, "NSGA-II on ZDT1, ZDT4 and DTLZ2"},
    {"indicators", bench_indicators, "filter, ranks and hypervolume of many points"},
    {"train", bench_train, "images trained on per second and core"},
    {"store", bench_store, "evaluations stored per second, by one process and by two"},
    {"store-scale", bench_store_scale,
     "the same as a database grows to ten million; takes minutes and 6 GB"},
};

enum { N_BENCHES = sizeof benches / sizeof *benches };

static const option_usage usage = {.synopsis = "bench [NAME] [--format table|csv|json]",
                                   .about = "Runs a benchmark and prints its figures, with a ratio "
                                            "wherever a peer was measured in the same "
                                            "run. Without a name, lists the benchmarks.",
                                   .max_arguments = 1};

static const table_column columns[] = {{"name", TABLE_TEXT, 0},
                                       {"value", TABLE_NUMBER, TABLE_AUTO},
                                       {"unit", TABLE_TEXT, 0},
                                       {"peer", TABLE_TEXT, 0},
                                       {"peer_value", TABLE_NUMBER, TABLE_AUTO},
                                       {"ratio", TABLE_NUMBER, 3},
                                       {0}};

static const table_column list_columns[] = {{"name", TABLE_TEXT, 0}, {"about", TABLE_TEXT, 0}, {0}};

struct bench_report {
    table *t;
};

void bench_ratio(bench_report *report, const char *name, double value, const char *unit,
                 const char *peer, double peer_value)
{
    table_text(report->t, name);
    table_number(report->t, value);
    table_text(report->t, unit);
    table_text(report->t, peer);
    table_number(report->t, peer_value);
    table_number(report->t, value / peer_value);
}

void bench_figure(bench_report *report, const char *name, double value, const char *unit)
{
    bench_ratio(report, name, value, unit, NULL, NAN);
}

double bench_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static asx_status list(const char *print, asx_error *err)
{
    table *t = NULL;
    asx_status st = table_new(&t, NULL, list_columns, err);
    for (size_t i = 0; st == ASX_OK && i < N_BENCHES; i++) {
        table_text(t, benches[i].name);
        table_text(t, benches[i].summary);
    }
    if (st == ASX_OK)
        st = table_print(stdout, print, &t, 1, err);
    table_free(t);
    return st;
}

static asx_status run(const char *name, const char *print, asx_error *err)
{
    const bench *b = NULL;
    for (size_t i = 0; i < N_BENCHES; i++)
        if (strcmp(benches[i].name, name) == 0)
            b = &benches[i];
    if (!b)
        return asx_fail(err, ASX_ENOTFOUND, "unknown benchmark '%s'; 'asx bench' lists them", name);
    bench_report report = {0};
    asx_status st = table_new(&report.t, NULL, columns, err);
    if (st == ASX_OK)
        st = b->run(&report, err);
    if (st == ASX_OK)
        st = table_print(stdout, print, &report.t, 1, err);
    table_free(report.t);
    return st;
}

int cmd_bench(int argc, char **argv)
{
    const char *print = "table";
    const option options[] = {OPTION_FORMAT(&print), {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    const asx_status st = args.n_arguments ? run(args.argument[0], print, &err) : list(print, &err);
    return cmd_end(st, &err);
}
