/* asx bench: measures, beside something to compare with in the same run. */
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "bench_agents.h"
#include "cmd.h"
#include "crew.h"
#include "look_options.h"
#include "option.h"
#include "progress.h"
#include "table.h"
#include "text_checks.h"

static const option_usage usage = {
    .synopsis = "bench [NAME [CAMPAIGN.yaml]] [--quick] [--format table|csv|json]",
    .about =
        "Runs a benchmark and prints its figures, with a ratio wherever a peer was measured in the same run. Without "
        "a name, lists the benchmarks. 'agents' compares search algorithms on a campaign (default: the embedded one) "
        "at equal budgets of distinct designs: the hypervolume of what each has found after an eighth of the budget, "
        "a quarter, a half and all of it, mean and 95 % interval over the seeds, and in percent of the best; by their "
        "default parameters, unless '--agents' says others. With '--db' measurements are kept and shared, and a bench "
        "that was stopped goes on.",
    .examples = "  asx bench search\n"
                "  asx bench agents resnet20.yaml --tier measured --db agents.db -o agents.csv\n"
                "  asx bench agents --agents 'nsga2, nsga2:seed_exact=50, local:width=4'\n",
    .max_arguments = 2};

/* The one that is of a campaign. */
static const char AGENTS[] = "agents";

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
    if (status == ASX_OK) {
        table_text(t, AGENTS);
        table_text(t, "search algorithms on a campaign at equal budgets of designs");
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

/* What options say. */
typedef struct bench_options {
    bench_agents_options agents;
    bool quick;
    long long budget, seeds;
} bench_options;

/* Agents, with what is meant where options are not given. */
static int run_agents(bench_options *b)
{
    progress_line line;
    const asx_watcher watcher = progress_watch(&line); /* that Ctrl-C ends it in good order */
    bench_agents_options *o = &b->agents;
    asx_error err = {0};
    o->tier = o->tier ? o->tier : "proxy";
    o->study.budget = b->budget ? (size_t)b->budget : b->quick ? 24 : 1000;
    o->study.n_seeds = b->seeds ? (size_t)b->seeds : b->quick ? 2 : 5;
    o->study.threads = crew_threads();
    o->study.stop = watcher.stop;
    o->study.stop_state = watcher.state;
    const asx_status status = bench_agents(o, &err);
    progress_end(&line);
    return cmd_end(status, &err);
}

/* Whatever is not about agents. */
static int run_other(const char *name, const bench_options *o)
{
    const bench_agents_options *a = &o->agents;
    asx_error err = {0};
    if (a->campaign || o->budget || o->seeds || a->tier || a->agents || a->output ||
        a->study.database)
        return option_misused(&usage, "a campaign and its options are of the benchmark '%s' alone",
                              AGENTS);
    const bench *b = name ? find(name) : NULL;
    if (name && !b)
        return option_misused(&usage, "unknown benchmark '%s'; 'asx bench' lists them", name);
    return cmd_end(b ? run(b, o->quick, a->look.format, &err) : list(a->look.format, &err), &err);
}

int cmd_bench(int argc, char **argv)
{
    bench_options o = {.agents = {.look = LOOK_DEFAULT}};
    const option options[] = {
        {.name = "quick",
         .kind = OPTION_FLAG,
         .target = &o.quick,
         .help =
             "little of everything, in seconds: whether the benchmark runs; its figures say nothing"},
        {.name = "budget",
         .kind = OPTION_INTEGER,
         .target = &o.budget,
         .argument = "N",
         .low = 1,
         .high = 1e8,
         .help = "of agents: distinct designs each may evaluate (default: 1000)"},
        {.name = "seeds",
         .kind = OPTION_INTEGER,
         .target = &o.seeds,
         .argument = "K",
         .low = 1,
         .high = 1000,
         .help = "of agents: runs of each, with seeds from the campaign's on (default: 5)"},
        {.name = "tier",
         .kind = OPTION_CHOICE,
         .target = &o.agents.tier,
         .argument = "proxy|measured",
         .help = "of agents: how accuracies are found (default: proxy)"},
        {.name = "agents",
         .kind = OPTION_TEXT,
         .target = &o.agents.agents,
         .argument = "LIST",
         .check = check_some,
         .help =
             "of agents: NAME or NAME:PARAMETER=VALUE:..., separated by commas (default: all that need not enumerate)"},
        {.name = "db",
         .kind = OPTION_TEXT,
         .target = &o.agents.study.database,
         .argument = "FILE",
         .check = check_some,
         .help =
             "of agents, tier measured: what it has is not measured again, what is measured is kept there"},
        {.name = "output",
         .letter = 'o',
         .kind = OPTION_TEXT,
         .target = &o.agents.output,
         .argument = "FILE.csv",
         .check = check_some,
         .help = "of agents: write every evaluation with the hypervolume after it"},
        OPTION_LOOK(o.agents.look),
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    const char *name = args.n_arguments ? args.argument[0] : NULL;
    o.agents.campaign = args.n_arguments > 1 ? args.argument[1] : NULL;
    return name && strcmp(name, AGENTS) == 0 ? run_agents(&o) : run_other(name, &o);
}
