/* Queries over the evaluations of a campaign. A user's expression runs under an authorizer that
 * allows reading and nothing else. */
#include "results/query.h"

#include <stdlib.h>
#include <string.h>

#include "bounds.h"
#include "candidates.h"
#include "db.h"
#include "dse/text.h"
#include "where.h"

static const char fields[] =
    "design, placement, formats, tier, subset, images, correct, accuracy, accuracy_low, "
    "accuracy_high, drop, drop_low, drop_high, energy_pj, latency_ns, cycles, area_um2, "
    "weight_bits, feasible";

/* SQLite asks this for everything a statement would do. */
int asx_db_authorize(void *state, int action, const char *a, const char *b, const char *c,
                     const char *d)
{
    (void)state, (void)a, (void)c, (void)d;
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    case SQLITE_FUNCTION:
        return b && sqlite3_stricmp(b, "load_extension") == 0 ? SQLITE_DENY : SQLITE_OK;
    default:
        return SQLITE_DENY;
    }
}

/* The words of `sort` are names, commas, asc and desc, so that nothing else can be smuggled in. */
static asx_status append_sort(asx_text *sql, const char *sort, asx_error *err)
{
    const char *allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_ ,";
    if (sort && sort[strspn(sort, allowed)] != '\0')
        return asx_fail(err, ASX_EPARSE, "sort '%s': '%c' is not allowed; fields are %s", sort,
                        sort[strspn(sort, allowed)], fields);
    asx_text_add(sql, " ORDER BY ");
    if (sort) {
        asx_status status = asx_where_append(sql, sort, "sort", err);
        if (status != ASX_OK)
            return status;
        asx_text_add(sql, ", ");
    }
    asx_text_add(sql, "design, subset, tier");
    return ASX_OK;
}

/* " AND r.inputs IN (1,2)": what the campaign booked under. Predictions are so many that they are
 * sooner read as they lie, and the condition on the tier picks them. */
static asx_status append_inputs(asx_text *sql, asx_store *store, const asx_query *query,
                                asx_error *err)
{
    int64_t *inputs = NULL;
    size_t n = 0;
    asx_status status =
        asx_booked_inputs(&inputs, &n, store, query->campaign, query->tier, query->subset, err);
    asx_text_add(sql, " AND r.inputs IN (");
    for (size_t i = 0; i < n; i++)
        asx_text_add(sql, "%s%lld", i ? "," : "", (long long)inputs[i]);
    asx_text_add(sql, ")");
    free(inputs);
    return status;
}

static asx_status append_design(asx_text *sql, asx_store *store, const char *design, asx_error *err)
{
    int64_t id = 0;
    const asx_status status = asx_design_look_up(&id, store, design, err);
    asx_text_add(sql, " AND r.design_id = %lld", (long long)id);
    return status;
}

static asx_status build(asx_text *sql, asx_store *store, const asx_query *query, asx_error *err)
{
    asx_status status = ASX_OK;
    asx_text_add(sql,
                 "SELECT %s, r.placement, r.tier, r.evaluation, "
                 "" ASX_DB_EVALUATION "%s FROM result AS r%s WHERE r.campaign = ?1",
                 query->brief ? "NULL, NULL" : "r.design, r.subset",
                 query->parts ? ASX_DB_BREAKDOWN : "",
                 query->parts ? " JOIN breakdown AS b ON b.evaluation = r.evaluation" : "");
    if (query->tier)
        asx_text_add(sql, " AND r.tier = ?2");
    if (query->subset)
        asx_text_add(sql, " AND r.subset = ?3");
    if (query->design || (query->tier && strcmp(query->tier, "proxy") != 0))
        status = append_inputs(sql, store, query, err);
    if (query->design && status == ASX_OK)
        status = append_design(sql, store, query->design, err);
    if (query->where && status == ASX_OK) {
        asx_text_add(sql, " AND (");
        status = asx_where_append(sql, query->where, "where", err);
        asx_text_add(sql, ")");
    }
    if (status == ASX_OK && !query->brief)
        status = append_sort(sql, query->sort, err);
    if (query->limit)
        asx_text_add(sql, " LIMIT ?4");
    if (status == ASX_OK && sql->failed)
        status = asx_fail(err, ASX_ENOMEM, "no memory for a query");
    return status;
}

static asx_status prepare(sqlite3_stmt **out, asx_store *store, const asx_query *query,
                          asx_error *err)
{
    asx_text sql = {0};
    asx_status status = build(&sql, store, query, err);
    if (status == ASX_OK) {
        sqlite3_set_authorizer(store->db, asx_db_authorize, NULL);
        int rc = sqlite3_prepare_v2(store->db, sql.s, -1, out, NULL);
        if (rc != SQLITE_OK && (query->where || query->sort) && (rc & 0xff) != SQLITE_NOMEM)
            status =
                asx_fail(err, ASX_EPARSE, "cannot select '%s' sorted by '%s': %s; fields are %s",
                         query->where ? query->where : "all", query->sort ? query->sort : "design",
                         sqlite3_errmsg(store->db), fields);
        else if (rc != SQLITE_OK)
            status = asx_db_fail(store, err, "query");
        sqlite3_set_authorizer(store->db, NULL, NULL);
    }
    asx_text_fini(&sql);
    return status;
}

static asx_status bind(sqlite3_stmt *stmt, const asx_query *query, asx_error *err)
{
    asx_tier tier;
    if (query->tier) {
        asx_status status = asx_tier_parse(&tier, query->tier, err);
        if (status != ASX_OK)
            return status;
        asx_db_bind_text(stmt, 2, query->tier);
    }
    sqlite3_bind_int64(stmt, 1, query->campaign);
    if (query->subset)
        asx_db_bind_text(stmt, 3, query->subset);
    if (query->limit)
        sqlite3_bind_int64(stmt, 4, (sqlite3_int64)query->limit);
    return ASX_OK;
}

static asx_status visit_rows(asx_store *store, const asx_query *query, asx_row_visit *visit,
                             void *state, asx_error *err)
{
    sqlite3_stmt *stmt = NULL;
    asx_row row;
    int rc = SQLITE_DONE;
    asx_status status = prepare(&stmt, store, query, err);
    if (status == ASX_OK)
        status = bind(stmt, query, err);
    while (status == ASX_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        status = asx_row_read(&row, stmt, query->parts, err);
        if (status == ASX_OK)
            status = visit(state, &row, err);
    }
    if (status == ASX_OK && rc != SQLITE_DONE)
        status = asx_db_fail(store, err, "query");
    sqlite3_finalize(stmt);
    return status;
}

asx_status asx_query_each(asx_store *store, const asx_query *query, asx_row_visit *visit,
                          void *state, asx_error *err)
{
    asx_bounds bounds;
    asx_status status = asx_store_flush(store, err);
    if (status != ASX_OK || !query->where) /* all rows are ours, however many */
        return status == ASX_OK ? visit_rows(store, query, visit, state, err) : status;
    asx_bounds_set(&bounds, store);
    status = visit_rows(store, query, visit, state, err);
    return asx_bounds_end(&bounds, store, status, err);
}

static asx_status keep(void *state, const asx_row *row, asx_error *err)
{
    return asx_rows_add(state, row, err);
}

asx_status asx_query_rows(asx_rows *out, asx_store *store, const asx_query *query, asx_error *err)
{
    asx_rows rows = {0};
    asx_status status = asx_query_each(store, query, keep, &rows, err);
    if (status == ASX_OK)
        *out = rows;
    else
        asx_rows_fini(&rows);
    return status;
}
