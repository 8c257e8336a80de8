/* asx run: searches a campaign, prints its front. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "dse/memory.h"
#include "explore.h"
#include "front.h"
#include "option.h"

static const option_usage usage = {
    .synopsis = "run [CAMPAIGN.yaml] [--db FILE] [--threads N] [--format table|csv|json]",
    .about =
        "Searches the campaign's design space, measures the front it finds, trains designs of it "
        "if "
        "the campaign says so (verify.trained), and prints it. Every "
        "evaluation goes into the database as it comes; a run that was stopped or killed goes on "
        "where "
        "it was when started again. Ctrl-C finishes what is running, stores it, and ends. Without "
        "a "
        "campaign: a small one that needs no files.",
    .examples =
        "  asx run\n  ASX_DATA=/data asx run scripts/campaigns/resnet20-cifar10.yaml --db r20.db\n",
    .max_arguments = 1};

/* Set by the signal handler, which has no other way to tell. */
static volatile sig_atomic_t stop_asked;

static void on_signal(int number)
{
    stop_asked = 1;
    /* a second one ends the program at once; what was booked is safe */
    signal(number, SIG_DFL);
}

static bool stop_wanted(void *state)
{
    (void)state;
    return stop_asked != 0;
}

static void print_summary(const explore_result *r, const char *database)
{
    fprintf(stderr, "%s designs in the space; %zu evaluated, %zu known before; front %zu%s",
            r->space_size, r->progress.evaluated, r->progress.recalled, r->progress.front,
            r->trained ? " before training" : "");
    if (r->measured || r->reported)
        fprintf(stderr, "; measured %zu, reported %zu", r->measured, r->reported);
    if (r->trained)
        fprintf(stderr, "; trained %zu", r->trained);
    if (r->reference)
        fprintf(stderr, "; hypervolume %.4f of %s", r->progress.hypervolume, r->reference);
    if (r->report)
        fprintf(stderr, "\n%s", r->report);
    fprintf(stderr, "\nstored in %s\n", database);
}

int cmd_run(int argc, char **argv)
{
    const char *database = NULL, *print = "table";
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
        OPTION_FORMAT(&print),
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;

    asx_error err = {0};
    workbench w = {0};
    explore_result result = {0};
    asx_text path = {0};
    asx_status st = workbench_open(&w, args.argument[0], &err);
    if (st < 0)
        return cmd_end(st, &err);
    st = workbench_database(&path, &w, database, &err);
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    const explore_options explore = {
        .database = path.s, .threads = (size_t)threads, .stop = stop_wanted};
    if (st == ASX_OK)
        st = explore_run(&result, &w, &explore, &err);
    if (st == ASX_OK)
        st = front_print(path.s, &(front_options){.id = result.campaign, .few = true}, print, &err);
    if (st == ASX_OK) {
        print_summary(&result, path.s);
        if (result.end == ASX_END_INTERRUPTED)
            fprintf(stderr, "stopped early; run the same command to go on\n");
    }
    explore_result_fini(&result);
    asx_text_fini(&path);
    workbench_close(&w);
    return cmd_end(st, &err);
}
