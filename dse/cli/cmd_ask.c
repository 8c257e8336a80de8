/* asx ask: hands out the designs that a campaign's search wants to know next. */
#include <stdio.h>

#include "cmd.h"
#include "option.h"
#include "outside.h"
#include "results/lease.h"
#include "search/pending.h"
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

typedef struct asking {
    outside o;
    table *t;
    size_t want, n; /* designs to hand out, and handed out */
    int64_t now, expires;
} asking;

static asx_status hand_out(asking *a, const char *design, asx_error *err)
{
    bool taken = false;
    if (a->n == a->want)
        return ASX_OK;
    const asx_status st =
        asx_lease_take(&taken, a->o.store, a->o.campaign, design, a->now, a->expires, err);
    if (st == ASX_OK && taken) {
        table_text(a->t, design);
        a->n++;
    }
    return st;
}

static asx_status hand_out_baseline(asking *a, asx_error *err)
{
    const asx_ledger *ledger = &a->o.ledger;
    asx_evaluation e;
    bool known = false;
    const asx_status st = ledger->find(ledger->state, exploration_baseline, &e, &known, err);
    return st < 0 || known ? st : hand_out(a, exploration_baseline, err);
}

static asx_status hand_out_point(asking *a, const asx_gene *point, asx_error *err)
{
    const workbench *w = &a->o.w;
    asx_design design = {0};
    asx_text text = {0};
    asx_status st = asx_space_decode(&design, w->space, point, err);
    if (st == ASX_OK) {
        asx_design_print(&text, &design, workbench_workload(w));
        st = text.failed ? asx_fail(err, ASX_ENOMEM, "no memory for a design")
                         : hand_out(a, text.s, err);
    }
    asx_text_fini(&text);
    asx_design_fini(&design);
    return st;
}

static asx_status say(const asking *a, const asx_search_pending *pending, asx_error *err)
{
    size_t held = 0;
    int64_t first = 0;
    const asx_status st = asx_lease_count(&held, &first, a->o.store, a->o.campaign, a->now, err);
    if (st < 0)
        return st;
    fprintf(stderr, "%zu designs known, %zu out", pending->known, held);
    if (pending->n == 0)
        fprintf(stderr, "; the search is over: %s", asx_search_end_help(pending->end));
    else if (a->n == 0)
        fprintf(stderr,
                "; none is free before they are told or the first of them expires, in %lld s",
                (long long)(first - a->now));
    fputc('\n', stderr);
    return ASX_OK;
}

static asx_status ask(asking *a, asx_error *err)
{
    asx_search search;
    asx_search_pending pending = {0};
    const size_t n_genes = asx_space_n_genes(a->o.w.space);
    asx_status st = hand_out_baseline(a, err);
    if (st == ASX_OK)
        st = outside_search(&search, &a->o, err);
    if (st == ASX_OK)
        st = asx_search_find_pending(&pending, &search, err);
    for (size_t i = 0; st == ASX_OK && i < pending.n && a->n < a->want; i++)
        st = hand_out_point(a, pending.point + i * n_genes, err);
    if (st == ASX_OK)
        st = say(a, &pending, err);
    asx_search_pending_fini(&pending);
    return st;
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
                               .high = 1e9,
                               .help = "how long they are lent (default: 3600)"},
                              OPTION_FORMAT(&print),
                              {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;

    asx_error err = {0};
    asking a = {.want = (size_t)n, .now = outside_now()};
    a.expires = a.now + lease;
    asx_status st = outside_open(&a.o, args.argument[0], database, &err);
    if (st == ASX_OK)
        st = table_new(&a.t, NULL, columns, &err);
    if (st == ASX_OK)
        st = ask(&a, &err);
    if (st == ASX_OK)
        st = table_print(stdout, print, &a.t, 1, &err);
    table_free(a.t);
    outside_close(&a.o);
    return cmd_end(st, &err);
}
