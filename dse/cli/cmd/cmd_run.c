/* asx run: searches a campaign, prints its front. */
#include <stdio.h>

#include "answers.h"
#include "bespoke_evolve.h"
#include "cmd.h"
#include "crew.h"
#include "explore/run.h"
#include "front_table.h"
#include "look_options.h"
#include "option.h"
#include "progress.h"
#include "readable.h"
#include "results/certificate.h"
#include "session_options.h"

static const option_usage usage = {
    .synopsis =
        "run [CAMPAIGN.yaml] [--db FILE] [--threads N] [-o FOLDER] [--format table|csv|json]",
    .about =
        "Searches the campaign's design space, measures the front it finds, trains designs of it "
        "if "
        "the campaign says so (verify.trained), and prints it. Every "
        "evaluation goes into the database as it comes; a run that was stopped or killed goes on "
        "where "
        "it was when started again. Ctrl-C (and SIGTERM, SIGHUP) finishes what is running, stores "
        "it, and ends with exit code 3. Exit code 1 also where no design keeps the campaign's limits. "
        "Without a campaign: a small one that needs no files.\n"
        "A campaign with the section 'bespoke' is one of classifiers whose weights are wired: they are "
        "trained on its table and evolved, once for each of its seeds, and the tables of 'asx bespoke "
        "train' are printed, which finds the same in the same database.",
    .examples =
        "  asx run\n  ASX_DATA=/data asx run scripts/campaigns/resnet20-cifar10.yaml --db r20.db\n",
    .max_arguments = 1};

static void add_time(asx_text *out, double seconds)
{
    if (seconds < 120)
        asx_text_add(out, "; %.1f s", seconds);
    else if (seconds < 7200)
        asx_text_add(out, "; %.1f min", seconds / 60);
    else
        asx_text_add(out, "; %.1f h", seconds / 3600);
}

static void print_summary(const asx_explore_result *r, const char *database)
{
    char space[40];
    asx_text text = {0};
    readable_count(space, sizeof space, r->space_size);
    asx_text_add(&text, "%s designs in the space; %zu evaluated, %zu known before", space,
                 r->progress.evaluated, r->progress.recalled);
    if (r->measured || r->reported)
        asx_text_add(&text, "; measured %zu, reported %zu", r->measured, r->reported);
    if (r->trained)
        asx_text_add(&text, "; trained %zu", r->trained);
    add_time(&text, r->elapsed_s);
    if (text.s && !text.failed)
        look_say("%s", text.s);
    asx_text_fini(&text);
    if (r->report)
        look_say("the search: %s", asx_certificate_words(r->report));
    look_say("stored in %s", database);
}

/* The front as the table that 'asx front' prints, what the run did, the best answers.
 * @param kept  (out) whether there is a front whose designs keep the campaign's limits */
static asx_status print_result(bool *kept, const asx_explore_result *r, const asx_session *s,
                               const char *path, const look *l, asx_error *err)
{
    asx_store *store = NULL;
    asx_front f = {0};
    const asx_front_options which = {.id = r->campaign, .streamed = true};
    asx_status status = asx_store_open(&store, path, ASX_STORE_READ, err);
    if (status == ASX_OK)
        status = asx_front_load(&f, store, &which, err);
    if (status == ASX_OK)
        status = front_print(&f, store, &which, l, err);
    if (status == ASX_OK)
        status = front_say_reach(&f, err);
    if (status == ASX_OK)
        print_summary(r, path);
    if (status == ASX_OK && r->end != ASX_END_INTERRUPTED && look_is_told(l))
        status = answers_say(&f, store, s->campaign->confirm_drop, s->campaign->n_confirm_drops,
                             path, err);
    *kept = f.feasible;
    asx_front_fini(&f);
    asx_store_free(store);
    return status;
}

static int end_work(asx_session *s, asx_text *path, asx_status status, const asx_error *err)
{
    crew_part(s);
    asx_text_fini(path);
    asx_session_close(s);
    return cmd_end(status, err);
}

/* A campaign of classifiers that are wired. Of a crew one works: evolutions are minutes of one machine. */
static asx_status run_bespoke(const asx_campaign *c, const char *database, const char *folder,
                              size_t threads, const look *l, asx_error *err)
{
    const bespoke_outputs to = {.database = database, .folder = folder, .look = *l, .seeds = true};
    asx_status status = l->columns     ? asx_fail(err, ASX_EINVAL,
                                                  "option '--columns': '%s' is a campaign of bespoke "
                                                      "classifiers, which has several tables",
                                                  c->path)
                        : crew_works() ? ASX_OK
                                       : bespoke_evolve(c->bespoke, &to, threads, err);
    if (status == ASX_OK && !crew_works())
        look_say("stored in %s", database);
    if (status != ASX_EINTERRUPTED)
        return status;
    const asx_error why = *err;
    return asx_fail(err, status, "%s; run the same command to go on", why.message);
}

/* A campaign of formats.
 * @param campaign  taken over, on failure too
 * @param kept      (out) false where it ended and no design keeps its limits, which was said then */
static asx_status run_session(bool *kept, asx_session *s, asx_campaign *campaign,
                              const char *database, size_t threads, const look *l, asx_error *err)
{
    asx_explore_result result = {0};
    asx_status status = session_open_kept(s, campaign, database, true, err);
    if (status != ASX_OK)
        return status;
    status = crew_share(s, threads, err);
    if (crew_works())
        return status;
    progress_line line;
    const asx_watcher watcher = progress_watch(&line);
    const asx_explore_options explore = {
        .database = database, .threads = threads ? threads : crew_threads(), .watcher = &watcher};
    if (status == ASX_OK)
        status = asx_explore_run(&result, s, &explore, err);
    progress_end(&line);
    if (status == ASX_OK)
        status = print_result(kept, &result, s, database, l, err);
    if (status == ASX_OK) {
        session_remark(s, false);
        if (result.end == ASX_END_INTERRUPTED)
            status =
                asx_fail(err, ASX_EINTERRUPTED, "stopped early; run the same command to go on");
    }
    asx_explore_result_fini(&result);
    return status;
}

int cmd_run(int argc, char **argv)
{
    const char *database = NULL, *folder = NULL;
    look l = LOOK_DEFAULT;
    long long threads = 0;
    const option options[] = {
        OPTION_DATABASE(&database),
        {.name = "threads",
         .kind = OPTION_INTEGER,
         .target = &threads,
         .argument = "N",
         .low = 0,
         .high = 1024,
         .help = "threads to use; 0: all processors (default). Results do not depend on it"},
        {OPTION_OUTPUT(&folder, "FOLDER",
                       "of bespoke classifiers: write designs, front, names, rows to report on; "
                       "with several seeds into FOLDER-seedN each")},
        OPTION_LOOK_FRONT(l),
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    asx_session s = {0};
    asx_campaign *campaign = NULL;
    asx_text path = {0};
    bool kept = true;
    asx_status status = session_load(&campaign, &path, args.argument[0], database, &err);
    if (status == ASX_OK && campaign->bespoke) {
        status = run_bespoke(campaign, path.s, folder, (size_t)threads, &l, &err);
        asx_campaign_free(campaign);
    } else if (status == ASX_OK && folder) {
        status =
            asx_fail(&err, ASX_EINVAL,
                     "option '--output': '%s' is no campaign of bespoke classifiers; 'asx export' "
                     "writes fronts",
                     campaign->path);
        asx_campaign_free(campaign);
    } else if (status == ASX_OK) {
        status = run_session(&kept, &s, campaign, path.s, (size_t)threads, &l, &err);
    }
    const int code = end_work(&s, &path, status, &err);
    return code == CMD_OK && !kept ? CMD_FAILURE : code;
}
