/* asx query: everything that was evaluated, filtered and sorted by the database. */
#include <stdio.h>
#include <stdlib.h>

#include "cmd.h"
#include "front.h"
#include "option.h"
#include "results/campaign.h"
#include "results/sql.h"
#include "rows_table.h"
#include "sql_table.h"

static const option_usage usage = {
    .synopsis = "query DB [--where EXPR] [--sort FIELDS] [--limit N] [--tier TIER] ...",
    .about =
        "Prints evaluated designs. EXPR is an SQL expression, FIELDS a list of fields, each with "
        "an "
        "optional asc or desc. Fields: design, placement, formats, tier, subset, images, correct, "
        "accuracy (percent), drop (points), both also with _low and _high (95 %), energy_pj, "
        "latency_ns, cycles, area_um2, weight_bits, feasible (1 if it keeps the campaign's "
        "limits); of the most common format: bits and set, as in "
        "set = '{1,3}'; of a layer: layer_format(formats, 'conv1'), and of that set_of(...), "
        "bits_of(...), set_size(...). --tiers shows a design per row: proxy_drop, measured_drop, "
        "report_drop, trained_drop and the costs. --sql is any SELECT over the database; its "
        "tables and views explain themselves: --sql \"SELECT sql FROM sqlite_schema\". "
        "Nothing in EXPR or SQL can change the database.",
    .examples =
        "  asx query r.db --where \"drop < 1 and energy_pj < 2e6\" --sort energy_pj\n"
        "  asx query r.db --columns \"design, drop, bits, set\" --where \"set = '{1}'\"\n"
        "  asx query r.db --tiers --where \"measured_drop > proxy_drop + 1\"\n"
        "  asx query r.db --where \"bits_of(layer_format(formats, 'conv1')) = 8\"\n"
        "  asx query r.db --sql \"SELECT reason, evaluated FROM run\"\n"
        "  asx query r.db --tier measured --where \"formats like '%{1,3}%'\" --format csv\n",
    .min_arguments = 1,
    .max_arguments = 1};

static asx_status run(const char *path, const char *campaign, asx_query *query, const char *print,
                      rows_columns columns, asx_error *err)
{
    asx_store *store = NULL;
    asx_rows rows = {0};
    asx_limits limits;
    table *t = NULL;
    asx_status st = asx_store_open(&store, path, ASX_STORE_READ, err);
    if (st == ASX_OK)
        st = asx_campaign_find(&query->campaign, store, campaign, err);
    if (st == ASX_OK)
        st = asx_query_rows(&rows, store, query, err);
    if (st == ASX_OK)
        st = front_campaign_limits(&limits, store, query->campaign, err);
    if (st == ASX_OK)
        st = rows_table(&t, NULL, &rows, columns, &limits, err);
    if (st == ASX_OK)
        st = table_print(stdout, print, &t, 1, err);
    if (st == ASX_OK && rows.n == 0)
        fprintf(stderr, "asx: nothing that was evaluated fits\n");
    table_free(t);
    asx_rows_fini(&rows);
    asx_store_free(store);
    return st;
}

static asx_status add_names(void *state, size_t n, const char *const *name,
                            const asx_sql_value *value, asx_error *err)
{
    (void)err;
    for (size_t i = 0; i < n && !value; i++)
        asx_text_add(state, "%s%s", i ? ", " : "", name[i]);
    return ASX_OK;
}

/* Adds to the message of a question that went wrong what could have been asked for. */
static asx_status add_fields(asx_store *store, const char *view, asx_status st, asx_error *err)
{
    char sql[80];
    const asx_error before = *err;
    asx_text names = {0};
    snprintf(sql, sizeof sql, "SELECT * FROM %s LIMIT 0", view);
    if (asx_sql_each(store, sql, add_names, &names, err) == ASX_OK && names.s)
        st = asx_fail(err, st, "%s; fields are %s", before.message, names.s);
    else
        *err = before;
    asx_text_fini(&names);
    return st;
}

static asx_status run_sql(const char *path, const char *campaign, asx_query *query,
                          const char *view, const char *columns, const char *sql, const char *print,
                          asx_error *err)
{
    asx_store *store = NULL;
    char *built = NULL;
    size_t n = 0;
    asx_status st = asx_store_open(&store, path, ASX_STORE_READ, err);
    if (st == ASX_OK && !sql)
        st = asx_campaign_find(&query->campaign, store, campaign, err);
    if (st == ASX_OK && !sql)
        st = asx_sql_select(&built, view, columns, query, err);
    if (st == ASX_OK)
        st = sql_table_print(&n, store, sql ? sql : built, print, err);
    if (st == ASX_EPARSE && built)
        st = add_fields(store, view, st, err);
    if (st == ASX_OK && n == 0)
        fprintf(stderr, "asx: nothing fits\n");
    free(built);
    asx_store_free(store);
    return st;
}

int cmd_query(int argc, char **argv)
{
    asx_query query = {0};
    const char *campaign = NULL, *print = "table";
    long long limit = 0;
    const char *columns = NULL, *sql = NULL;
    bool full = false, tiers = false;
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
        {.name = "columns",
         .kind = OPTION_TEXT,
         .target = &columns,
         .argument = "FIELDS",
         .help = "these fields, separated by commas"},
        {.name = "tiers",
         .kind = OPTION_FLAG,
         .target = &tiers,
         .help = "one row per design, its drops at all tiers side by side"},
        {.name = "sql",
         .kind = OPTION_TEXT,
         .target = &sql,
         .argument = "SELECT",
         .help = "any SELECT, read-only; other conditions do not count; the views result and "
                 "design_tiers are the place to look first"},
        {.name = "full", .kind = OPTION_FLAG, .target = &full, .help = "all fields"},
        OPTION_CAMPAIGN(&campaign),
        OPTION_FORMAT(&print),
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    query.limit = (size_t)limit;
    if (tiers && (query.tier || query.subset)) {
        fprintf(stderr, "asx query: --tiers shows all tiers: no --tier or --subset with it\n");
        return CMD_USAGE;
    }
    if (tiers && !columns)
        columns = "energy_pj, latency_ns, area_um2, weight_bits, proxy_drop, measured_drop, "
                  "report_drop, trained_drop, design";
    if (columns || sql)
        return cmd_end(run_sql(args.argument[0], campaign, &query,
                               tiers ? "design_tiers" : "result", columns, sql, print, &err),
                       &err);
    return cmd_end(
        run(args.argument[0], campaign, &query, print, full ? ROWS_FULL : ROWS_BRIEF, &err), &err);
}
