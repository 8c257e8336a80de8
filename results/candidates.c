#include "results/candidates.h"

#include <stdlib.h>

#include "db.h"
#include "dse/memory.h"

asx_status asx_candidates_inputs(int64_t **out, size_t *n, asx_store *store, int64_t campaign,
                                 const char *tier, const char *subset, asx_error *err)
{
    const char *what = "read which inputs there are";
    sqlite3_stmt *stmt = NULL;
    int64_t *ids = NULL;
    size_t n_ids = 0, capacity = 0;
    int rc = SQLITE_DONE;
    asx_status status =
        asx_db_prepare(&stmt, store,
                       "SELECT b.inputs FROM booked AS b JOIN inputs AS i ON i.id = b.inputs WHERE "
                       "b.campaign = ?1 AND (?2 IS NULL OR i.tier = ?2) AND (?3 IS NULL OR "
                       "i.subset = ?3) ORDER BY b.inputs",
                       what, err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 1, campaign);
    sqlite3_bind_text(stmt, 2, tier, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 3, subset, -1, SQLITE_STATIC);
    while (status == ASX_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        int64_t *grown = asx_array_grow(ids, &capacity, n_ids + 1, sizeof *grown);
        if (!grown) {
            status = asx_fail(err, ASX_ENOMEM, "no memory for %zu inputs", n_ids + 1);
            break;
        }
        ids = grown;
        ids[n_ids++] = sqlite3_column_int64(stmt, 0);
    }
    if (status == ASX_OK && rc != SQLITE_DONE)
        status = asx_db_fail(store, err, what);
    sqlite3_finalize(stmt);
    if (status == ASX_OK) {
        *out = ids;
        *n = n_ids;
    } else {
        free(ids);
    }
    return status;
}

/* What was kept, and up to where the tables reach now. */
typedef struct span {
    int64_t evaluation_kept, recalled_kept, evaluation_last, recalled_last;
} span;

static asx_status read_span(span *out, asx_store *store, int64_t campaign, int64_t inputs,
                            asx_error *err)
{
    const char *what = "read how far the front is known";
    sqlite3_stmt *stmt = NULL;
    asx_status status =
        asx_db_prepare(&stmt, store,
                       "SELECT evaluation_upto, recalled_upto, coalesce((SELECT max(id) FROM "
                       "evaluation), 0), coalesce((SELECT max(id) FROM recalled), 0) FROM booked "
                       "WHERE campaign = ? AND inputs = ?",
                       what, err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 1, campaign);
    sqlite3_bind_int64(stmt, 2, inputs);
    const int rc = sqlite3_step(stmt);
    *out = (span){0};
    if (rc == SQLITE_ROW)
        *out = (span){sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1),
                      sqlite3_column_int64(stmt, 2), sqlite3_column_int64(stmt, 3)};
    else if (rc != SQLITE_DONE)
        status = asx_db_fail(store, err, what);
    sqlite3_finalize(stmt);
    return status;
}

/* The pluses keep SQLite from the index over inputs: it would read all of them. */
static const char candidates_sql[] =
    "SELECT d.text, i.subset, d.placement, i.tier, e.id, " ASX_DB_EVALUATION " FROM ("
    "SELECT evaluation AS id FROM front_row WHERE campaign = ?1 AND inputs = ?2 UNION ALL "
    "SELECT id FROM evaluation WHERE id > ?3 AND id <= ?5 AND +inputs = ?2 AND campaign = ?1 "
    "UNION ALL SELECT evaluation FROM recalled WHERE id > ?4 AND id <= ?6 AND +campaign = ?1) AS c "
    "CROSS JOIN evaluation AS e ON e.id = c.id AND +e.inputs = ?2 "
    "CROSS JOIN design AS d ON d.id = e.design CROSS JOIN inputs AS i ON i.id = e.inputs "
    "ORDER BY e.id";

/* The last of the ids behind `kept` that are looked at. */
static int64_t until(int64_t kept, int64_t last, size_t max)
{
    return max > 0 && last - kept > (int64_t)max ? kept + (int64_t)max : last;
}

static asx_status read_rows(asx_candidates *c, asx_store *store, size_t max, asx_error *err)
{
    sqlite3_stmt *stmt = NULL;
    span s;
    asx_status status = read_span(&s, store, c->campaign, c->inputs, err);
    if (status == ASX_OK)
        status = asx_db_prepare(&stmt, store, candidates_sql, "read the front", err);
    if (status != ASX_OK)
        return status;
    c->evaluation_upto = until(s.evaluation_kept, s.evaluation_last, max);
    c->recalled_upto = until(s.recalled_kept, s.recalled_last, max);
    c->complete = c->evaluation_upto == s.evaluation_last && c->recalled_upto == s.recalled_last;
    const int64_t argument[] = {c->campaign,     c->inputs,          s.evaluation_kept,
                                s.recalled_kept, c->evaluation_upto, c->recalled_upto};
    for (int i = 0; i < (int)(sizeof argument / sizeof *argument); i++)
        sqlite3_bind_int64(stmt, 1 + i, argument[i]);
    status = asx_rows_read(&c->rows, store, stmt, err);
    sqlite3_finalize(stmt);
    return status;
}

asx_status asx_candidates_read(asx_candidates *out, asx_store *store, int64_t campaign,
                               int64_t inputs, size_t max, asx_error *err)
{
    asx_candidates c = {.campaign = campaign, .inputs = inputs};
    asx_status status = asx_store_flush(store, err);
    if (status == ASX_OK) /* one snapshot of all tables */
        status = asx_db_run(store, "BEGIN", "read the front", err);
    if (status != ASX_OK)
        return status;
    status = asx_db_end(store, read_rows(&c, store, max, err), err);
    if (status == ASX_OK)
        *out = c;
    else
        asx_rows_fini(&c.rows);
    return status;
}

static asx_status run_bound(asx_store *store, const char *sql, const int64_t *argument, int n,
                            asx_error *err)
{
    const char *what = "keep the front";
    sqlite3_stmt *stmt = NULL;
    asx_status status = asx_db_prepare(&stmt, store, sql, what, err);
    if (status != ASX_OK)
        return status;
    for (int i = 0; i < n; i++)
        sqlite3_bind_int64(stmt, 1 + i, argument[i]);
    status = asx_db_finish(store, stmt, what, err);
    sqlite3_finalize(stmt);
    return status;
}

static asx_status insert_rows(asx_store *store, const asx_candidates *from, const size_t *index,
                              size_t n, asx_error *err)
{
    const char *what = "keep the front";
    sqlite3_stmt *stmt = NULL;
    asx_status status = asx_db_prepare(
        &stmt, store, "INSERT INTO front_row (campaign, inputs, evaluation) VALUES (?, ?, ?)", what,
        err);
    for (size_t i = 0; i < n && status == ASX_OK; i++) {
        sqlite3_bind_int64(stmt, 1, from->campaign);
        sqlite3_bind_int64(stmt, 2, from->inputs);
        sqlite3_bind_int64(stmt, 3, from->rows.row[index[i]].id);
        status = asx_db_finish(store, stmt, what, err);
    }
    sqlite3_finalize(stmt);
    return status;
}

asx_status asx_candidates_keep(asx_store *store, const asx_candidates *from, const size_t *index,
                               size_t n, asx_error *err)
{
    const int64_t argument[] = {from->campaign, from->inputs, from->evaluation_upto,
                                from->recalled_upto};
    asx_status status = asx_db_begin(store, err);
    if (status != ASX_OK)
        return status;
    status = run_bound(store,
                       "UPDATE booked SET evaluation_upto = ?3, recalled_upto = ?4 WHERE campaign "
                       "= ?1 AND inputs = ?2 AND evaluation_upto <= ?3 AND recalled_upto <= ?4",
                       argument, 4, err);
    if (status == ASX_OK && sqlite3_changes(store->db) > 0) {
        status = run_bound(store, "DELETE FROM front_row WHERE campaign = ?1 AND inputs = ?2",
                           argument, 2, err);
        if (status == ASX_OK)
            status = insert_rows(store, from, index, n, err);
    }
    return asx_db_end(store, status, err);
}

void asx_store_on_booked(asx_store *store, size_t every, asx_booked_call *call, void *state)
{
    store->hook = (asx_booked_hook){.every = every, .call = call, .state = state};
}

asx_status asx_booked_tell(asx_store *store, size_t n, asx_error *err)
{
    asx_booked_hook *hook = &store->hook;
    hook->n += n;
    if (!hook->call || hook->n < hook->every)
        return ASX_OK;
    hook->n = 0; /* first: the call may flush */
    return hook->call(hook->state, store, err);
}
