/* asx query: everything that was evaluated, filtered and sorted by the database. */
#include <stdio.h>
#include <stdlib.h>

#include "cmd.h"
#include "drop_text.h"
#include "look_options.h"
#include "option.h"
#include "results/front.h"
#include "results/record.h"
#include "results/score.h"
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
        "latency_ns, cycles, area_um2, weight_bits, inferences_per_s, power_mw, energy_delay_njs, "
        "feasible (1 if it keeps the campaign's "
        "limits); of the most common format: bits, set and family, as in "
        "set = '{1,3}'; of a layer: layer_format(formats, 'conv1'), and of that set_of(...), "
        "bits_of(...), family_of(...), set_size(...). --tiers shows a design per row: proxy_drop, measured_drop, "
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

/* What accuracies and drops are, where not images right. */
static void say_measure(const asx_score *score)
{
    asx_text text = {0};
    if (asx_score_counts(score))
        return;
    asx_text_add(&text, "accuracy: ");
    asx_score_print(&text, score);
    asx_text_add(&text, "; drop: ");
    drop_meaning_add(&text, score);
    if (text.s && !text.failed)
        look_say("%s", text.s);
    asx_text_fini(&text);
}

static asx_status run(const char *path, const char *campaign, asx_query *query, const look *l,
                      rows_columns columns, asx_error *err)
{
    asx_store *store = NULL;
    asx_rows rows = {0};
    asx_limits limits;
    asx_score score;
    table *t = NULL;
    asx_status status = asx_store_open(&store, path, ASX_STORE_READ, err);
    if (status == ASX_OK)
        status = asx_record_find(&query->campaign, store, campaign, err);
    if (status == ASX_OK)
        status = asx_query_rows(&rows, store, query, err);
    if (status == ASX_OK)
        status = asx_record_read_limits(&limits, store, query->campaign, err);
    if (status == ASX_OK)
        status = asx_score_read(&score, store, query->campaign, err);
    if (status == ASX_OK)
        status = rows_table(&t, NULL, &rows, columns, &limits, &score, err);
    if (status == ASX_OK && columns == ROWS_BRIEF && rows.n > 0)
        say_measure(&score);
    if (status == ASX_OK)
        status = look_print(l, &t, 1, err);
    if (status == ASX_OK && rows.n == 0)
        fprintf(stderr, "asx: nothing that was evaluated fits\n");
    table_free(t);
    asx_rows_fini(&rows);
    asx_store_free(store);
    return status;
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
static asx_status add_fields(asx_store *store, const char *view, asx_status status, asx_error *err)
{
    char sql[80];
    const asx_error before = *err;
    asx_text names = {0};
    snprintf(sql, sizeof sql, "SELECT * FROM %s LIMIT 0", view);
    if (asx_sql_each(store, sql, add_names, &names, err) == ASX_OK && names.s)
        status = asx_fail(err, status, "%s; fields are %s", before.message, names.s);
    else
        *err = before;
    asx_text_fini(&names);
    return status;
}

/* What --tiers shows, and what of it is left out first where a line would wrap. */
#define TIERS                                                                                      \
    "energy_pj, latency_ns, area_um2, weight_bits, proxy_drop, measured_drop, report_drop, "       \
    "trained_drop, design"
#define SPARE "weight_bits latency_ns area_um2 trained_drop"

static asx_status run_sql(const char *path, const char *campaign, asx_query *query,
                          const char *view, const char *columns, const char *sql, const look *l,
                          asx_error *err)
{
    asx_store *store = NULL;
    char *built = NULL;
    size_t n = 0;
    asx_status status = asx_store_open(&store, path, ASX_STORE_READ, err);
    if (status == ASX_OK && !sql)
        status = asx_record_find(&query->campaign, store, campaign, err);
    if (status == ASX_OK && !sql)
        status = asx_sql_select(&built, view, columns ? columns : TIERS, query, err);
    if (status == ASX_OK && !sql && !columns)
        status = sql_table_look(&n, store, built, l, SPARE, err);
    else if (status == ASX_OK)
        status = sql_table_print(&n, store, sql ? sql : built, l->format, err);
    if (status == ASX_EPARSE && built)
        status = add_fields(store, view, status, err);
    if (status == ASX_OK && n == 0)
        fprintf(stderr, "asx: nothing fits\n");
    free(built);
    asx_store_free(store);
    return status;
}

int cmd_query(int argc, char **argv)
{
    asx_query query = {0};
    const char *campaign = NULL;
    look l = LOOK_DEFAULT;
    long long limit = 0;
    const char *columns = NULL, *sql = NULL;
    bool full = false, tiers = false;
    const option options[] = {
        OPTION_OF_CHECKED(&query.where, "where", "EXPR", check_some,
                          "only designs that fulfil an SQL expression over the fields"),
        OPTION_OF_CHECKED(&query.sort, "sort", "FIELDS", check_some,
                          "e.g. \"drop, energy_pj desc\" (default: design)"),
        {.name = "limit",
         .kind = OPTION_INTEGER,
         .target = &limit,
         .argument = "N",
         .low = 1,
         .high = 1e9,
         .help = "at most so many rows"},
        OPTION_OF_CHOICE(&query.tier, "tier", "proxy|measured|trained|float|costs",
                         "only evaluations of this tier"),
        OPTION_OF_CHOICE(&query.subset, "subset", "select|report|bench",
                         "only evaluations on these images; bench: what studies measured, on any"),
        OPTION_OF_CHECKED(&columns, "columns", "FIELDS", check_some,
                          "these fields, separated by commas"),
        OPTION_OF_FLAG(&tiers, "tiers", "one row per design, its drops at all tiers side by side"),
        OPTION_OF_CHECKED(
            &sql, "sql", "SELECT", check_some,
            "any SELECT, read-only; other conditions do not count; the views result and "
            "design_tiers are the place to look first"),
        OPTION_OF_FLAG(&full, "full", "all fields"),
        OPTION_CAMPAIGN(&campaign),
        OPTION_LOOK(l),
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    query.limit = (size_t)limit;
    l.wide = l.wide || full;
    if (tiers && (query.tier || query.subset))
        return option_misused(&usage, "--tiers shows all tiers: no --tier or --subset with it");
    if (columns || sql || tiers)
        return cmd_end(run_sql(args.argument[0], campaign, &query,
                               tiers ? "design_tiers" : "result", columns, sql, &l, &err),
                       &err);
    return cmd_end(run(args.argument[0], campaign, &query, &l, full ? ROWS_FULL : ROWS_BRIEF, &err),
                   &err);
}
