/* asx ask: hands out the designs that a campaign's search wants to know next. */
#include <signal.h>
#include <stdio.h>
#include <time.h>

#include "cmd.h"
#include "option.h"
#include "results/lease.h"
#include "session_options.h"
#include "table.h"

static const option_usage usage = {
    .synopsis = "ask CAMPAIGN.yaml [--db FILE] [-n N] [--lease SECONDS] [--format table|csv|json]",
    .about = "Prints designs to evaluate outside of asx, for 'asx tell': first the baseline, then "
             "what the campaign's search algorithm proposes. Each is lent to one worker for some "
             "time and handed out again if nothing is heard of it by then. A search goes on when "
             "all designs of its present generation were told; its course does not depend on who "
             "evaluates what and when. Prints nothing when none is free or the search is over, and "
             "says which.",
    .examples = "  asx ask r20.yaml --db r20.db -n 8 --format csv >todo.csv\n"
                "  asx ask r20.yaml --lease 86400 --format json | jq -r '.[].design'\n",
    .min_arguments = 1,
    .max_arguments = 1};

static const table_column columns[] = {{"design", TABLE_TEXT, 0}, {0}};

static void say(const asx_external_asked *a, int64_t now)
{
    fprintf(stderr, "%zu designs known, %zu out", a->known, a->held);
    if (a->over)
        fprintf(stderr, "; the search is over: %s", asx_search_end_help(a->end));
    else if (a->n == 0)
        fprintf(stderr,
                "; none is free before they are told or the first of them expires, in %lld s",
                (long long)(a->first_free - now));
    fputc('\n', stderr);
}

static asx_status print_designs(const asx_external_asked *a, const char *print, asx_error *err)
{
    table *t = NULL;
    asx_status status = table_new(&t, NULL, columns, err);
    for (size_t i = 0; status == ASX_OK && i < a->n; i++)
        table_text(t, a->design[i]);
    if (status == ASX_OK)
        status = table_print(stdout, print, &t, 1, err);
    table_free(t);
    return status;
}

/* Nobody is lent what nobody got. Not printed within the transaction that lends: a reader that takes
 * its lines slowly would keep all others from the database. */
static asx_status deliver(asx_external *external, const asx_external_asked *a, const char *print,
                          asx_error *err)
{
    signal(SIGPIPE, SIG_IGN); /* a reader that is gone is a failure to deliver */
    const asx_status status = print_designs(a, print, err);
    if (status == ASX_OK)
        return status;
    asx_error why = {0};
    if (asx_external_give_back(external, a, &why) != ASX_OK)
        fprintf(stderr, "the designs stay lent until their lease ends: %s\n", why.message);
    return status;
}

int cmd_ask(int argc, char **argv)
{
    const char *database = NULL, *print = "table";
    long long n = 1, lease = 3600;
    const option options[] = {OPTION_DATABASE(&database),
                              {.letter = 'n',
                               .name = "number",
                               .kind = OPTION_INTEGER,
                               .target = &n,
                               .argument = "N",
                               .low = 1,
                               .high = 1e6,
                               .help = "how many designs at most (default: 1)"},
                              {.name = "lease",
                               .kind = OPTION_INTEGER,
                               .target = &lease,
                               .argument = "SECONDS",
                               .low = 1,
                               .high = ASX_LEASE_SECONDS_MAX,
                               .help = "how long they are lent (default: 3600)"},
                              OPTION_FORMAT(&print),
                              {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;

    asx_error err = {0};
    asx_external *external = NULL;
    asx_external_asked asked = {0};
    const int64_t now = (int64_t)time(NULL);
    asx_status status = external_open(&external, args.argument[0], database, &err);
    if (status == ASX_OK)
        status = asx_external_ask(&asked, external, (size_t)n, now, now + lease, &err);
    if (status == ASX_OK) {
        say(&asked, now);
        status = deliver(external, &asked, print, &err);
    }
    asx_external_asked_fini(&asked);
    asx_external_close(external);
    return cmd_end(status, &err);
}
