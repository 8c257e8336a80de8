/* asx work: evaluates what a campaign's search wants to know, beside others on the same database. */
#include <stdio.h>
#include <stdlib.h>

#include "cmd.h"
#include "explore/work.h"
#include "option.h"
#include "progress.h"
#include "results/lease.h"
#include "session_options.h"

static const option_usage usage = {
    .synopsis = "work CAMPAIGN.yaml [--db FILE] [--lease SECONDS] [--threads N]",
    .about =
        "A worker that may come and go: reads network and data once, then takes designs as 'asx "
        "ask' hands them out, measures them and books them, until the campaign's search is over. "
        "Any number of them may work on one database, on one machine or on a file system that "
        "machines share; what one that dies held is lent again when its lease ends. 'asx run' "
        "then has nothing to evaluate, and does what follows the search: the front, report "
        "images, training. For searches of tier 'measured'.",
    .examples = "  for i in 1 2 3 4; do asx work r20.yaml --db r20.db --threads 1 & done; wait\n"
                "  asx run r20.yaml --db r20.db\n",
    .min_arguments = 1,
    .max_arguments = 1};

int cmd_work(int argc, char **argv)
{
    const char *database = NULL;
    long long lease = 60, threads = 0;
    const option options[] = {OPTION_DATABASE(&database),
                              {.name = "lease",
                               .kind = OPTION_INTEGER,
                               .target = &lease,
                               .argument = "SECONDS",
                               .low = 3,
                               .high = ASX_LEASE_SECONDS_MAX,
                               .help = "how long a design stays lent when its worker dies; renewed "
                                       "while it lives (default: 60)"},
                              {.name = "threads",
                               .kind = OPTION_INTEGER,
                               .target = &threads,
                               .argument = "N",
                               .low = 0,
                               .high = 1024,
                               .help = "threads to use; 0: all processors (default)"},
                              {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;

    asx_error err = {0};
    asx_campaign *campaign = NULL;
    asx_text path = {0};
    asx_work_result result = {0};
    asx_status status = asx_campaign_load(&campaign, args.argument[0], getenv, &err);
    if (status == ASX_OK)
        status = session_database(&path, campaign, database, &err);
    progress_line line;
    const asx_watcher watcher = progress_watch(&line);
    const asx_work_options work = {.database = path.s,
                                   .lease_s = (int64_t)lease,
                                   .threads = (size_t)threads,
                                   .watcher = &watcher};
    if (status == ASX_OK)
        status = asx_work_run(&result, campaign, &work, &err);
    else
        asx_campaign_free(campaign);
    progress_end(&line);
    if (status == ASX_OK) {
        fprintf(stderr, "%zu designs evaluated here; %zu known; %s\n", result.evaluated,
                result.known, asx_search_end_help(result.end));
        if (result.end == ASX_END_INTERRUPTED)
            status =
                asx_fail(&err, ASX_EINTERRUPTED, "stopped early; run the same command to go on");
    }
    asx_text_fini(&path);
    return cmd_end(status, &err);
}
