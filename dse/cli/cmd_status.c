/* asx status: what a database holds and what its runs did, while they work or after. */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cmd.h"
#include "dse/memory.h"
#include "option.h"
#include "provenance.h"
#include "results/sql.h"
#include "standing.h"
#include "table.h"

static const option_usage usage = {
    .synopsis = "status DB [--watch SECONDS | --provenance | --file] [--format table|csv|json]",
    .about =
        "Prints the campaigns of a database, with their evaluations so far by tier, and the latest "
        "run of each. May be asked at any time from another terminal: a reader never disturbs a "
        "run. A run is 'running' while its process is at work on this machine; 'open' if it never "
        "ended and is not seen here: it was killed, or works on another machine. Started again, it "
        "goes on where it was. The hypervolume is that of the front as asx front prints it, as a "
        "share of the box up to the reference point. left_s are the seconds to the end of the "
        "stage that the run is at, by what it did in the last minute; unknown where nobody knows "
        "how many designs will come. proven_percent: no design of the whole space is better than "
        "one of those found by more than so much, as an exact search has proven so far.\n"
        "--watch asks again and again, in place on a terminal, with evaluations per second, until "
        "no run is at work.\n"
        "--provenance prints where the numbers come from instead, --file the newest campaign's "
        "file: with the same program it gives the same database again.",
    .examples = "  asx status resnet20-cifar10.db\n  asx status resnet20-cifar10.db --watch 1\n",
    .min_arguments = 1,
    .max_arguments = 1};

/* Counts per campaign come from the evaluations themselves: they are there as soon as committed. */
static const char sql[] =
    "SELECT c.id, c.name, c.objectives, coalesce(n.proxy, 0), coalesce(n.measured, 0), "
    "coalesce(n.trained, 0), coalesce(n.report, 0), r.started, r.reason, r.process, r.evaluated, "
    "coalesce(r.elapsed_s, (julianday('now') - julianday(r.started)) * 86400), r.id "
    "FROM campaign AS c "
    "LEFT JOIN (SELECT campaign, sum(tier = 'proxy') AS proxy, "
    "sum(tier = 'measured' AND subset = 'select') AS measured, "
    "sum(tier = 'trained') AS trained, "
    "sum(tier = 'measured' AND subset = 'report') AS report FROM "
    "(SELECT e.campaign, e.inputs FROM evaluation AS e UNION ALL SELECT q.campaign, e.inputs FROM "
    "recalled AS q JOIN evaluation AS e ON e.id = q.evaluation) AS m "
    "JOIN inputs AS i ON i.id = m.inputs GROUP BY campaign) AS n ON n.campaign = c.id "
    "LEFT JOIN run AS r ON r.id = (SELECT max(id) FROM run WHERE campaign = c.id) ORDER BY c.id";

enum {
    ID,
    NAME,
    OBJECTIVES,
    PROXY,
    MEASURED,
    TRAINED,
    REPORT,
    STARTED,
    REASON,
    PROCESS,
    EVALUATED,
    ELAPSED,
    RUN,
    N_FIELDS
};

static const table_column columns[] = {{"campaign", TABLE_INTEGER, 0},
                                       {"name", TABLE_TEXT, 0},
                                       {"objectives", TABLE_TEXT, 0},
                                       {"proxy", TABLE_INTEGER, 0},
                                       {"measured", TABLE_INTEGER, 0},
                                       {"trained", TABLE_INTEGER, 0},
                                       {"report", TABLE_INTEGER, 0},
                                       {"started", TABLE_TEXT, 0},
                                       {"run", TABLE_TEXT, 0},
                                       {"evaluated", TABLE_INTEGER, 0},
                                       {"per_s", TABLE_NUMBER, TABLE_AUTO},
                                       {"front", TABLE_INTEGER, 0},
                                       {"hypervolume", TABLE_NUMBER, 4},
                                       {"proven_percent", TABLE_NUMBER, TABLE_AUTO},
                                       {"elapsed_s", TABLE_NUMBER, 1},
                                       {"left_s", TABLE_NUMBER, 0},
                                       {"stage", TABLE_TEXT, 0},
                                       {"reference", TABLE_TEXT, 0},
                                       {0}};

/* One look at the database; the next one compares. */
typedef struct look {
    table *t;
    asx_store *store;
    double *count, *before; /* [n] evaluations of each campaign */
    size_t n, n_before, capacity;
    double passed_s; /* since `before` */
    bool running;    /* a run is at work */
} look;

static bool is_alive(const asx_sql_value *process)
{
    return process->kind == ASX_SQL_INTEGER && process->integer > 0 &&
           (kill((pid_t)process->integer, 0) == 0 || errno == EPERM);
}

static void add_value(table *t, const asx_sql_value *v)
{
    if (v->kind == ASX_SQL_TEXT)
        table_text(t, v->text);
    else if (v->kind == ASX_SQL_NULL)
        table_number(t, NAN);
    else
        table_number(t, v->kind == ASX_SQL_INTEGER ? (double)v->integer : v->number);
}

/* Evaluations a second: of a run that ended over its time, else since the last look. */
static double rate(const look *l, const asx_sql_value *v, double count, size_t at)
{
    if (v[EVALUATED].kind == ASX_SQL_INTEGER)
        return v[ELAPSED].number > 0 ? (double)v[EVALUATED].integer / v[ELAPSED].number : NAN;
    return at < l->n_before && l->passed_s > 0 ? (count - l->before[at]) / l->passed_s : NAN;
}

static void add_standing(table *t, const standing *now, bool running, double elapsed_s)
{
    table_number(t, now->front);
    table_number(t, now->hypervolume);
    table_number(t, 100 * (now->factor - 1));
    table_number(t, elapsed_s);
    if (running && isnan(now->left_s))
        table_unknown(t);
    else
        table_number(t, running ? now->left_s : NAN);
    table_text(t, running ? now->stage : "");
    table_text(t, now->reference.s);
}

static asx_status add_campaign(void *state, size_t n, const char *const *name,
                               const asx_sql_value *v, asx_error *err)
{
    look *l = state;
    (void)name;
    if (!v || n != N_FIELDS)
        return ASX_OK;
    double count = 0;
    standing now;
    double *more = asx_array_grow(l->count, &l->capacity, l->n + 1, sizeof *more);
    if (!more)
        return asx_fail(err, ASX_ENOMEM, "no memory for campaigns");
    l->count = more;
    for (int i = PROXY; i <= REPORT; i++)
        count += (double)v[i].integer;
    const bool has_run = v[STARTED].kind == ASX_SQL_TEXT, open = v[REASON].kind == ASX_SQL_NULL;
    const bool running = has_run && open && is_alive(&v[PROCESS]);
    const asx_status st =
        standing_read(&now, l->store, v[ID].integer, has_run ? v[RUN].integer : 0, err);
    if (st != ASX_OK)
        return st;
    for (int i = ID; i <= STARTED; i++)
        add_value(l->t, &v[i]);
    table_text(l->t, !has_run ? "none" : running ? "running" : open ? "open" : v[REASON].text);
    add_value(l->t, &v[EVALUATED]);
    table_number(l->t, rate(l, v, count, l->n));
    add_standing(l->t, &now, running, open && !running ? NAN : v[ELAPSED].number);
    standing_fini(&now);
    l->count[l->n++] = count;
    l->running = l->running || running;
    return ASX_OK;
}

static asx_status look_once(look *l, const char *print, bool in_place, asx_error *err)
{
    l->running = false;
    l->n = 0;
    asx_status st = table_new(&l->t, NULL, columns, err);
    if (st == ASX_OK)
        st = asx_sql_each(l->store, sql, add_campaign, l, err);
    if (st == ASX_OK && in_place)
        printf("\033[H\033[2J");
    if (st == ASX_OK)
        st = table_print(stdout, print, &l->t, 1, err);
    table_free(l->t);
    l->t = NULL;
    return st;
}

static void wait_for(double seconds)
{
    struct timespec left = {.tv_sec = (time_t)seconds,
                            .tv_nsec = (long)(1e9 * (seconds - floor(seconds)))};
    nanosleep(&left, NULL);
}

static asx_status run(const char *path, double watch_s, const char *print, asx_error *err)
{
    look l = {0};
    const bool in_place = watch_s > 0 && isatty(STDOUT_FILENO);
    asx_status st = asx_store_open(&l.store, path, ASX_STORE_READ, err);
    if (st == ASX_OK)
        st = look_once(&l, print, in_place, err);
    if (st == ASX_OK && l.n == 0)
        fprintf(stderr, "asx: '%s' holds no campaign yet\n", path);
    while (st == ASX_OK && watch_s > 0 && l.running) {
        free(l.before);
        l.before = l.count, l.n_before = l.n, l.passed_s = watch_s;
        l.count = NULL;
        l.capacity = 0;
        wait_for(watch_s);
        st = look_once(&l, print, in_place, err);
    }
    free(l.before);
    free(l.count);
    asx_store_free(l.store);
    return st;
}

static asx_status print_origin(const char *path, bool file, const char *print, asx_error *err)
{
    asx_store *store = NULL;
    asx_status st = asx_store_open(&store, path, ASX_STORE_READ, err);
    if (st == ASX_OK)
        st = file ? provenance_print_file(store, err) : provenance_print(store, print, err);
    asx_store_free(store);
    return st;
}

int cmd_status(int argc, char **argv)
{
    const char *print = "table";
    double watch_s = 0;
    bool provenance = false, file = false;
    const option options[] = {{.name = "watch",
                               .kind = OPTION_NUMBER,
                               .target = &watch_s,
                               .argument = "SECONDS",
                               .low = 0.1,
                               .high = 86400,
                               .help = "ask again after so many seconds, while a run is at work"},
                              {.name = "provenance",
                               .kind = OPTION_FLAG,
                               .target = &provenance,
                               .help = "print what every campaign depends on, and its runs: "
                                       "version, build, processor"},
                              {.name = "file",
                               .kind = OPTION_FLAG,
                               .target = &file,
                               .help = "print the newest campaign's file"},
                              OPTION_FORMAT(&print),
                              {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    if (provenance || file)
        return cmd_end(print_origin(args.argument[0], file, print, &err), &err);
    return cmd_end(run(args.argument[0], watch_s, print, &err), &err);
}
