#include "results/sql.h"

#include <stdlib.h>
#include <string.h>

#include "bounds.h"
#include "dse/memory.h"
#include "where.h"

static asx_status prepare(sqlite3_stmt **out, asx_store *store, const char *sql, asx_error *err)
{
    const char *tail = "";
    asx_status status = ASX_OK;
    sqlite3_set_authorizer(store->db, asx_db_authorize, NULL);
    int rc = sqlite3_prepare_v2(store->db, sql, -1, out, &tail);
    if ((rc & 0xff) == SQLITE_NOMEM)
        status = asx_db_fail(store, err, "query");
    else if (rc != SQLITE_OK)
        status =
            asx_fail(err, ASX_EPARSE, "cannot run '%s': %s", sql,
                     (rc & 0xff) == SQLITE_AUTH ? "it may only read" : sqlite3_errmsg(store->db));
    else if (!*out || !sqlite3_stmt_readonly(*out) || sqlite3_column_count(*out) == 0)
        status = asx_fail(err, ASX_EPARSE, "cannot run '%s': it is no SELECT", sql);
    else if (tail[strspn(tail, " \t\r\n;")] != '\0')
        status = asx_fail(err, ASX_EPARSE, "cannot run '%s': it is more than one statement", sql);
    sqlite3_set_authorizer(store->db, NULL, NULL);
    return status;
}

static asx_sql_value read_value(sqlite3_stmt *stmt, int column)
{
    switch (sqlite3_column_type(stmt, column)) {
    case SQLITE_NULL:
        return (asx_sql_value){.kind = ASX_SQL_NULL};
    case SQLITE_INTEGER:
        return (asx_sql_value){.kind = ASX_SQL_INTEGER,
                               .integer = sqlite3_column_int64(stmt, column)};
    case SQLITE_FLOAT:
        return (asx_sql_value){.kind = ASX_SQL_NUMBER,
                               .number = sqlite3_column_double(stmt, column)};
    default:
        return (asx_sql_value){.kind = ASX_SQL_TEXT, .text = asx_db_text(stmt, column)};
    }
}

static asx_status visit_rows(asx_store *store, sqlite3_stmt *stmt, asx_sql_visit *visit,
                             void *state, asx_error *err)
{
    const size_t n = (size_t)sqlite3_column_count(stmt);
    const char **name = asx_array_new(n, sizeof *name);
    asx_sql_value *value = asx_array_new(n, sizeof *value);
    asx_status status = ASX_OK;
    int rc = SQLITE_DONE;
    if (!name || !value) {
        status = asx_fail(err, ASX_ENOMEM, "no memory for %zu columns", n);
        goto done;
    }
    for (size_t i = 0; i < n; i++)
        name[i] = sqlite3_column_name(stmt, (int)i);
    status = visit(state, n, name, NULL, err);
    while (status == ASX_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        for (size_t i = 0; i < n; i++)
            value[i] = read_value(stmt, (int)i);
        status = visit(state, n, name, value, err);
    }
    if (status == ASX_OK && rc != SQLITE_DONE)
        status = asx_db_fail(store, err, "query");
done:
    free(name);
    free(value);
    return status;
}

asx_status asx_sql_each(asx_store *store, const char *sql, asx_sql_visit *visit, void *state,
                        asx_error *err)
{
    sqlite3_stmt *stmt = NULL;
    asx_bounds bounds;
    asx_status status = asx_store_flush(store, err);
    if (status != ASX_OK)
        return status;
    asx_bounds_set(&bounds, store);
    status = prepare(&stmt, store, sql, err);
    if (status == ASX_OK)
        status = visit_rows(store, stmt, visit, state, err);
    sqlite3_finalize(stmt);
    return asx_bounds_end(&bounds, store, status, err);
}

asx_status asx_sql_select(char **out, const char *view, const char *columns, const asx_query *query,
                          asx_error *err)
{
    asx_text sql = {0};
    asx_tier tier;
    asx_status status = ASX_OK;
    if (query->tier) /* so that it is one of our words */
        status = asx_tier_parse(&tier, query->tier, err);
    asx_text_add(&sql, "SELECT ");
    if (status == ASX_OK)
        status = asx_where_append(&sql, columns, "columns", err);
    asx_text_add(&sql, " FROM %s WHERE campaign = %lld", view, (long long)query->campaign);
    if (query->tier)
        asx_text_add(&sql, " AND tier = '%s'", query->tier);
    if (query->subset)
        asx_text_add(&sql, " AND subset = '%s'", query->subset);
    if (status == ASX_OK && query->where) {
        asx_text_add(&sql, " AND (");
        status = asx_where_append(&sql, query->where, "where", err);
        asx_text_add(&sql, ")");
    }
    asx_text_add(&sql, " ORDER BY ");
    if (status == ASX_OK && query->sort) {
        status = asx_where_append(&sql, query->sort, "sort", err);
        asx_text_add(&sql, ", ");
    }
    asx_text_add(&sql, "design");
    if (query->limit)
        asx_text_add(&sql, " LIMIT %zu", query->limit);
    if (status == ASX_OK)
        status = asx_text_take(out, &sql, err);
    asx_text_fini(&sql);
    return status;
}
