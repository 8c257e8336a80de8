/* asx bench: measures, beside something to compare with in the same run. */
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "cmd.h"
#include "crew.h"
#include "option.h"
#include "table.h"

static const option_usage usage = {.synopsis = "bench [NAME] [--quick] [--format table|csv|json]",
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

static asx_status list(const char *print, asx_error *err)
{
    table *t = NULL;
    asx_status status = table_new(&t, NULL, list_columns, err);
    for (size_t i = 0; status == ASX_OK && benches[i].name; i++) {
        table_text(t, benches[i].name);
        table_text(t, benches[i].summary);
    }
    if (status == ASX_OK)
        status = table_print(stdout, print, &t, 1, err);
    table_free(t);
    return status;
}

static void add_line(table *t, const bench_line *line)
{
    table_text(t, line->name);
    table_number(t, line->value);
    table_text(t, line->unit);
    table_text(t, line->peer);
    table_number(t, line->peer_value);
    table_number(t, line->value / line->peer_value);
}

static const bench *find(const char *name)
{
    for (size_t i = 0; benches[i].name; i++)
        if (strcmp(benches[i].name, name) == 0)
            return &benches[i];
    return NULL;
}

/* Most benchmarks are of this process alone. */
static asx_status gather(const asx_crew **crew, asx_crew_server *own, const bench *b,
                         asx_error *err)
{
    asx_error inner = {.status = ASX_OK};
    if (!b->open)
        return ASX_OK;
    const asx_status status = b->open(own, err);
    if (status != ASX_OK)
        return status;
    *crew = crew_any(own, &inner);
    if (inner.status != ASX_OK && err)
        *err = inner;
    return inner.status;
}

static asx_status print_figures(const bench *b, bench_report report, const char *print,
                                asx_error *err)
{
    table *t = NULL;
    asx_status status = table_new(&t, NULL, columns, err);
    if (status == ASX_OK)
        status = bench_run(&report, b, err);
    for (size_t i = 0; status == ASX_OK && i < report.n; i++)
        add_line(t, &report.line[i]);
    if (status == ASX_OK)
        status = table_print(stdout, print, &t, 1, err);
    table_free(t);
    bench_report_fini(&report);
    return status;
}

static asx_status run(const bench *b, bool quick, const char *print, asx_error *err)
{
    const asx_crew *crew = NULL;
    asx_crew_server own = {0};
    asx_status status = gather(&crew, &own, b, err);
    if (status == ASX_OK && !crew_works())
        status =
            print_figures(b, (bench_report){.quick = quick, .crew = crew, .own = &own}, print, err);
    if (b->close)
        b->close(&own);
    return status;
}

int cmd_bench(int argc, char **argv)
{
    const char *print = "table";
    bool quick = false;
    const option options[] = {{.name = "quick",
                               .kind = OPTION_FLAG,
                               .target = &quick,
                               .help = "little of everything, in seconds: whether the benchmark "
                                       "runs; its figures say nothing"},
                              OPTION_FORMAT(&print),
                              {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    const bench *b = args.n_arguments ? find(args.argument[0]) : NULL;
    if (args.n_arguments && !b)
        return option_misused(&usage, "unknown benchmark '%s'; 'asx bench' lists them",
                              args.argument[0]);
    asx_error err = {0};
    return cmd_end(b ? run(b, quick, print, &err) : list(print, &err), &err);
}
