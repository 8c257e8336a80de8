/* asx status: what a database holds and what its runs did, while they work or after. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bespoke_runs.h"
#include "cmd.h"
#include "dse/memory.h"
#include "front_table.h"
#include "look_options.h"
#include "option.h"
#include "provenance.h"
#include "results/overview.h"
#include "results/standing.h"
#include "watch.h"

static const option_usage usage = {
    .synopsis = "status DB [--watch SECONDS | --provenance | --file] [--format table|csv|json]",
    .about =
        "Prints the campaigns of a database, with their evaluations so far (by tier with --wide), and "
        "the latest run of each, of which 'evaluated' counts what it did itself. May be asked at any time from another terminal: a reader never disturbs a "
        "run. A run is 'running' while its process is at work on this machine; 'open' if it never "
        "ended and is not seen here: it was killed, or works on another machine. Started again, it "
        "goes on where it was. The hypervolume is that of the front as asx front prints it, as a "
        "share of the box up to the reference point. left_s are the seconds to the end of the "
        "stage that the run is at, by what it did in the last minute; unknown where nobody knows "
        "how many designs will come. proven_percent, for people headed 'gap %': no design of the "
        "whole space is better than one of those found by more than so much, as an exact search "
        "has proven so far; 0: the front is the best there is.\n"
        "--watch asks again and again, in place on a terminal, with evaluations per second, until "
        "no run is at work.\n"
        "Runs of bespoke classifiers are a table of their own: designs looked at, and of those that came "
        "to their end the exact classifier and the areas of the smallest designs at 1, 2 and 5 points, "
        "within the power that the run allows (power_max_mw); "
        "of others the command that goes on.\n"
        "--provenance prints where the numbers come from instead, --file the newest campaign's "
        "file: with the same program it gives the same database again.",
    .examples = "  asx status resnet20-cifar10.db\n  asx status resnet20-cifar10.db --watch 1\n",
    .min_arguments = 1,
    .max_arguments = 1};

static const table_column columns[] = {{"campaign", TABLE_INTEGER, 0},
                                       {"name", TABLE_TEXT, 0},
                                       {"objectives", TABLE_TEXT, 0},
                                       {"proxy", TABLE_INTEGER, 0},
                                       {"measured", TABLE_INTEGER, 0},
                                       {"trained", TABLE_INTEGER, 0},
                                       {"report", TABLE_INTEGER, 0},
                                       {"started", TABLE_TEXT, 0},
                                       {"run", TABLE_TEXT, 0},
                                       {"evaluations", TABLE_INTEGER, 0},
                                       {"evaluated", TABLE_INTEGER, 0},
                                       {"per_s", TABLE_NUMBER, TABLE_AUTO},
                                       {"front", TABLE_INTEGER, 0},
                                       {"hypervolume", TABLE_NUMBER, 4},
                                       {"proven_percent", TABLE_NUMBER, TABLE_AUTO},
                                       {"elapsed_s", TABLE_NUMBER, 1},
                                       {"left_s", TABLE_NUMBER, 0},
                                       {"stage", TABLE_TEXT, 0},
                                       {"reference", TABLE_TEXT, 0},
                                       {"float_accuracy", TABLE_NUMBER, 2},
                                       {"guessing", TABLE_NUMBER, 2},
                                       {"costs", TABLE_INTEGER, 0},
                                       {0}};

/* What people are not shown. */
#define HIDDEN                                                                                         \
    "objectives proxy measured trained report costs started evaluated per_s reference float_accuracy " \
    "guessing"

/* One look at the database; the next one compares. */
typedef struct glance {
    table *t;
    asx_text notes; /* lines on each campaign */
    asx_store *store;
    double *count, *before; /* [n] evaluations of each campaign */
    size_t n, n_before, n_bespoke;
    double passed_s; /* since `before` */
    bool running;    /* a run is at work */
    bool proven;     /* something is, of a front */
} glance;

static double n_evaluated(const asx_overview *o)
{
    return (double)(o->n_proxy + o->n_measured + o->n_trained + o->n_report + o->n_costs);
}

/* Evaluations a second: of a run that ended over its time, else since the last look. */
static double rate(const glance *l, const asx_overview *o, size_t at)
{
    if (!isnan(o->run.evaluated))
        return o->run.elapsed_s > 0 ? o->run.evaluated / o->run.elapsed_s : NAN;
    return at < l->n_before && l->passed_s > 0 ? (n_evaluated(o) - l->before[at]) / l->passed_s
                                               : NAN;
}

static void add_standing(table *t, const asx_standing *now, bool running, double elapsed_s)
{
    table_number(t, now->front);
    table_number(t, now->hypervolume);
    table_number(t, 100 * (now->pace.factor - 1));
    table_number(t, elapsed_s);
    if (running && isnan(now->pace.left_s))
        table_unknown(t);
    else
        table_number(t, running ? now->pace.left_s : NAN);
    table_text(t, running ? now->pace.stage : "");
    table_built(t, &now->reference);
    table_number(t, now->float_known ? now->float_network.accuracy.accuracy : NAN);
    table_number(t, now->float_known ? now->float_network.guessing : NAN);
}

/* @param priced  nothing else was done with its designs */
static void add_notes(asx_text *notes, const char *name, const asx_standing *now, bool priced)
{
    if (priced)
        asx_text_add(notes, "%s: costs alone: accuracy is not known", name);
    else
        asx_text_add(notes, "%s: float network ", name);
    if (now->float_known)
        asx_float_network_print(notes, &now->float_network);
    else if (!priced)
        asx_text_add(notes, FRONT_NO_FLOAT);
    asx_text_add(notes, "\n");
    if (now->reference.n)
        asx_text_add(notes, "%s: hypervolume of %s\n", name, now->reference.s);
}

static asx_status add_campaign(glance *l, const asx_overview *o, size_t at, asx_error *err)
{
    asx_standing now;
    const asx_run_entry *r = &o->run;
    const bool open = r->id && !r->reason, running = watch_is_running(r);
    const asx_status status = asx_standing_read(&now, l->store, o->campaign, r->id, err);
    if (status != ASX_OK)
        return status;
    table_integer(l->t, o->campaign);
    table_text(l->t, o->name);
    table_text(l->t, o->objectives);
    const size_t count[] = {o->n_proxy, o->n_measured, o->n_trained, o->n_report};
    for (int i = 0; i < 4; i++)
        table_integer(l->t, (int64_t)count[i]);
    if (r->id)
        table_text(l->t, r->started);
    else
        table_number(l->t, NAN);
    table_text(l->t, !r->id ? "none" : running ? "running" : open ? "open" : r->reason);
    table_integer(l->t, (int64_t)n_evaluated(o));
    table_number(l->t, r->evaluated);
    table_number(l->t, rate(l, o, at));
    add_standing(l->t, &now, running, open && !running ? NAN : r->elapsed_s);
    table_integer(l->t, (int64_t)o->n_costs);
    add_notes(&l->notes, o->name, &now, o->n_costs > 0 && n_evaluated(o) <= (double)o->n_costs);
    l->proven = l->proven || isfinite(now.pace.factor);
    asx_standing_fini(&now);
    l->count[at] = n_evaluated(o);
    l->running = l->running || running;
    return ASX_OK;
}

static void say_lines(const char *s)
{
    while (s && *s) {
        const size_t n = strcspn(s, "\n");
        look_say("%.*s", (int)n, s);
        s += n + (s[n] == '\n');
    }
}

static void say_notes(const glance *l)
{
    say_lines(l->notes.s);
    if (l->proven)
        look_say("gap: how far the front may be from the best, proven");
}

/* Those that are there: campaigns, runs of bespoke classifiers. */
static asx_status print_tables(const glance *l, const look *as, const asx_bespoke_kept *bespoke,
                               asx_error *err)
{
    table *t[2] = {l->t};
    const size_t n = l->n > 0 && l->n_bespoke > 0 ? 2 : 1;
    asx_status status = l->n_bespoke > 0 ? bespoke_runs_table(&t[1], n > 1 ? "bespoke" : NULL,
                                                              bespoke, l->n_bespoke, err)
                                         : ASX_OK;
    if (status == ASX_OK)
        status = look_print(as, n > 1 || l->n_bespoke == 0 ? t : t + 1, n, err);
    table_free(t[1]);
    return status;
}

/* The command of each; of one that did not come to its end, what goes on with it. */
static void say_bespoke(const asx_bespoke_kept *bespoke, size_t n, const char *db)
{
    for (size_t i = 0; i < n; i++) {
        asx_text command = {0};
        asx_text_add(&command, "%s", bespoke[i].about);
        if (bespoke[i].n == 0) {
            asx_text_add(&command, " --db");
            asx_text_add_word(&command, db);
        }
        if (!command.failed)
            look_say(bespoke[i].n
                         ? "bespoke %lld: %s"
                         : "bespoke %lld is not at its end; unless it is at work, this goes on: %s",
                     (long long)bespoke[i].id, command.s);
        asx_text_fini(&command);
    }
}

static asx_status look_once(glance *l, const look *as, bool in_place, asx_error *err)
{
    asx_overview *o = NULL;
    asx_bespoke_kept *bespoke = NULL;
    l->running = l->proven = false;
    l->n_bespoke = 0;
    asx_text_clear(&l->notes);
    asx_status status = asx_overview_read(&o, &l->n, l->store, err);
    if (status == ASX_OK)
        status = asx_bespoke_list(&bespoke, &l->n_bespoke, l->store, err);
    if (status == ASX_OK)
        status = table_new(&l->t, l->n > 0 && l->n_bespoke > 0 ? "campaigns" : NULL, columns, err);
    if (status == ASX_OK && !(l->count = asx_array_new(l->n + 1, sizeof *l->count)))
        status = asx_fail(err, ASX_ENOMEM, "no memory for campaigns");
    for (size_t i = 0; status == ASX_OK && i < l->n; i++)
        status = add_campaign(l, &o[i], i, err);
    asx_overview_free(o, l->n);
    if (status == ASX_OK) /* the stage and its end are of a run that is at work */
        table_for_people(l->t, l->running ? HIDDEN : HIDDEN " left_s stage",
                         "evaluations proven_percent left_s stage");
    if (status == ASX_OK && in_place)
        printf("\033[H\033[2J");
    if (status == ASX_OK)
        status = print_tables(l, as, bespoke, err);
    if (status == ASX_OK && look_is_brief(as)) {
        say_notes(l);
        say_bespoke(bespoke, l->n_bespoke, asx_store_path(l->store));
    }
    asx_bespoke_list_free(bespoke, l->n_bespoke);
    table_free(l->t);
    l->t = NULL;
    return status;
}

static asx_status run(const char *path, double watch_s, const look *as, asx_error *err)
{
    glance l = {0};
    const bool in_place = watch_s > 0 && isatty(STDOUT_FILENO);
    asx_status status = asx_store_open(&l.store, path, ASX_STORE_READ, err);
    if (status == ASX_OK)
        status = look_once(&l, as, in_place, err);
    if (status == ASX_OK && l.n + l.n_bespoke == 0)
        fprintf(stderr, "asx: '%s' holds no campaign yet\n", path);
    while (status == ASX_OK && watch_s > 0 && l.running) {
        free(l.before);
        l.before = l.count, l.n_before = l.n, l.passed_s = watch_s;
        l.count = NULL;
        watch_wait(watch_s);
        status = look_once(&l, as, in_place, err);
    }
    free(l.before);
    free(l.count);
    asx_text_fini(&l.notes);
    asx_store_free(l.store);
    return status;
}

static asx_status print_origin(const char *path, bool file, const look *l, asx_error *err)
{
    asx_store *store = NULL;
    asx_status status = asx_store_open(&store, path, ASX_STORE_READ, err);
    if (status == ASX_OK)
        status = file ? provenance_print_file(store, err) : provenance_print(store, l, err);
    asx_store_free(store);
    return status;
}

int cmd_status(int argc, char **argv)
{
    look as = LOOK_DEFAULT;
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
                              OPTION_LOOK(as),
                              {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    if (provenance && file)
        return option_misused(&usage, "'--provenance' and '--file': which of them?");
    if ((provenance || file) && watch_s > 0)
        return option_misused(&usage, "option '--watch' is of campaigns and runs alone");
    if (file && strcmp(as.format, "table") != 0)
        return option_misused(&usage, "option '--file' prints the file as it was");
    asx_error err = {0};
    if (provenance || file)
        return cmd_end(print_origin(args.argument[0], file, &as, &err), &err);
    return cmd_end(run(args.argument[0], watch_s, &as, &err), &err);
}
