/* asx query: everything that was evaluated, filtered and sorted by the database. */
#include <stdio.h>

#include "cmd.h"
#include "option.h"
#include "rows_table.h"

#include "results/campaign.h"

static const option_usage usage = {
    .synopsis = "query DB [--where EXPR] [--sort FIELDS] [--limit N] [--tier TIER] ...",
    .about =
        "Prints evaluated designs. EXPR is an SQL expression, FIELDS a list of fields, each with "
        "an "
        "optional asc or desc. Fields: design, placement, formats, tier, subset, images, correct, "
        "accuracy (percent), drop (points), both also with _low and _high (95 %), energy_pj, "
        "latency_ns, cycles, area_um2, weight_bits. Nothing in EXPR can change the database.",
    .examples =
        "  asx query r.db --where \"drop < 1 and energy_pj < 2e6\" --sort energy_pj\n"
        "  asx query r.db --tier measured --where \"formats like '%{1,3}%'\" --format csv\n",
    .min_arguments = 1,
    .max_arguments = 1};

static asx_status run(const char *path, const char *campaign, asx_query *query, const char *print,
                      rows_columns columns, asx_error *err)
{
    asx_store *store = NULL;
    asx_rows rows = {0};
    table *t = NULL;
    asx_status st = asx_store_open(&store, path, ASX_STORE_READ, err);
    if (st == ASX_OK)
        st = asx_campaign_find(&query->campaign, store, campaign, err);
    if (st == ASX_OK)
        st = asx_query_rows(&rows, store, query, err);
    if (st == ASX_OK)
        st = rows_table(&t, NULL, &rows, columns, err);
    if (st == ASX_OK)
        st = table_print(stdout, print, &t, 1, err);
    if (st == ASX_OK && rows.n == 0)
        fprintf(stderr, "asx: nothing that was evaluated fits\n");
    table_free(t);
    asx_rows_fini(&rows);
    asx_store_free(store);
    return st;
}

int cmd_query(int argc, char **argv)
{
    asx_query query = {0};
    const char *campaign = NULL, *print = "table";
    long long limit = 0;
    bool full = false;
    const option options[] = {
        {.name = "where",
         .kind = OPTION_TEXT,
         .target = &query.where,
         .argument = "EXPR",
         .help = "only designs that fulfil an SQL expression over the fields"},
        {.name = "sort",
         .kind = OPTION_TEXT,
         .target = &query.sort,
         .argument = "FIELDS",
         .help = "e.g. \"drop, energy_pj desc\" (default: design)"},
        {.name = "limit",
         .kind = OPTION_INTEGER,
         .target = &limit,
         .argument = "N",
         .low = 1,
         .high = 1e9,
         .help = "at most so many rows"},
        {.name = "tier",
         .kind = OPTION_CHOICE,
         .target = &query.tier,
         .argument = "proxy|measured|trained|float",
         .help = "only evaluations of this tier"},
        {.name = "subset",
         .kind = OPTION_CHOICE,
         .target = &query.subset,
         .argument = "select|report",
         .help = "only evaluations on these images"},
        {.name = "full", .kind = OPTION_FLAG, .target = &full, .help = "all fields"},
        {.name = "campaign",
         .kind = OPTION_TEXT,
         .target = &campaign,
         .argument = "NAME",
         .help = "which campaign of the database (default: the newest)"},
        OPTION_FORMAT(&print),
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    query.limit = (size_t)limit;
    return cmd_end(
        run(args.argument[0], campaign, &query, print, full ? ROWS_FULL : ROWS_BRIEF, &err), &err);
}
