#include "candidates.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "dse/memory.h"
#include "results/record.h"

/* What a campaign asks for: a front is known by it. */
typedef struct terms {
    int64_t campaign;
    asx_objective objective[ASX_N_OBJECTIVES];
    size_t n_objectives;
    asx_limits limits;
} terms;

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

/* Rows of the evaluations that a query names. The pluses, here and below, keep SQLite from the index over inputs: it
 * would read all of them. */
#define ROWS_OF(ids)                                                                               \
    "SELECT d.text, i.subset, d.placement, i.tier, e.id, " ASX_DB_EVALUATION " FROM (" ids         \
    ") AS c CROSS JOIN evaluation AS e ON e.id = c.id AND +e.inputs = ?2 "                         \
    "CROSS JOIN design AS d ON d.id = e.design CROSS JOIN inputs AS i ON i.id = e.inputs "         \
    "ORDER BY e.id"

static const char candidates_sql[] = ROWS_OF(
    "SELECT evaluation AS id FROM front_row WHERE campaign = ?1 AND inputs = ?2 UNION ALL "
    "SELECT id FROM evaluation WHERE id > ?3 AND id <= ?5 AND +inputs = ?2 AND campaign = ?1 "
    "UNION ALL SELECT evaluation FROM recalled WHERE id > ?4 AND id <= ?6 AND +campaign = ?1");

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
    /* one snapshot of all tables */
    asx_status status = asx_db_run(store, "BEGIN", "read the front", err);
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

/* In steps, so that a long campaign that was never kept need not fit into memory. */
static asx_status keep_under(asx_store *store, const terms *t, int64_t inputs, asx_error *err)
{
    enum { STEP = 1 << 18 };
    asx_status status = ASX_OK;
    for (bool complete = false; status == ASX_OK && !complete;) {
        asx_candidates c = {0};
        size_t *index = NULL, n = 0;
        bool feasible;
        status = asx_candidates_read(&c, store, t->campaign, inputs, STEP, err);
        if (status == ASX_OK)
            status = asx_rows_front(&index, &n, &feasible, &c.rows, t->objective, t->n_objectives,
                                    &t->limits, err);
        if (status == ASX_OK)
            status = asx_candidates_keep(store, &c, index, n, err);
        complete = c.complete;
        free(index);
        asx_rows_fini(&c.rows);
    }
    return status;
}

static asx_status read_terms(terms *out, asx_store *store, int64_t campaign, asx_error *err)
{
    asx_record record = {0};
    *out = (terms){.campaign = campaign};
    asx_status status = asx_record_read(&record, NULL, store, campaign, err);
    if (status == ASX_OK && *record.objectives)
        status = asx_record_objectives(out->objective, &out->n_objectives, record.objectives, err);
    if (status == ASX_OK)
        status = asx_record_limits(&out->limits, record.limits, err);
    asx_record_fini(&record);
    return status;
}

asx_status asx_candidates_settle(asx_store *store, int64_t campaign, asx_error *err)
{
    terms t;
    int64_t *inputs = NULL;
    size_t n = 0;
    asx_status status = read_terms(&t, store, campaign, err);
    if (status != ASX_OK || t.n_objectives == 0) /* who asked for nothing has no front */
        return status;
    status = asx_booked_inputs(&inputs, &n, store, campaign, NULL, NULL, err);
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        status = keep_under(store, &t, inputs[i], err);
    free(inputs);
    return status;
}

asx_status asx_candidates_settle_all(asx_store *store, asx_error *err)
{
    int64_t *id = NULL;
    size_t n = 0;
    asx_status status = asx_record_ids(&id, &n, store, err);
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        status = asx_candidates_settle(store, id[i], err);
    free(id);
    return status;
}

/* ---- checking ---- */

enum { CHECK_STEP = 1 << 18 };

static int by_id(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Leaves only the rows that no other dominates. */
static asx_status reduce(asx_rows *rows, const terms *t, asx_error *err)
{
    asx_rows front = {0};
    size_t *index = NULL, n = 0;
    bool feasible;
    asx_status status =
        asx_rows_front(&index, &n, &feasible, rows, t->objective, t->n_objectives, &t->limits, err);
    for (size_t i = 0; i < n && status == ASX_OK; i++)
        status = asx_rows_add(&front, &rows->row[index[i]], err);
    free(index);
    asx_rows_fini(rows);
    *rows = front;
    return status;
}

/* The front among all evaluations of a campaign under one set of inputs, whatever was kept. */
static asx_status search_front(asx_rows *rows, asx_store *store, const terms *t, int64_t inputs,
                               asx_error *err)
{
    static const char sql[] =
        ROWS_OF("SELECT id FROM evaluation WHERE id > ?3 AND id <= ?4 AND +inputs = ?2 AND "
                "campaign = ?1 UNION ALL SELECT evaluation FROM recalled WHERE id > ?3 AND id <= "
                "?4 AND +campaign = ?1");
    sqlite3_stmt *stmt = NULL;
    int64_t last = 0;
    asx_status status = asx_db_integer(&last, store,
                                       "SELECT max(coalesce((SELECT max(id) FROM evaluation), 0), "
                                       "coalesce((SELECT max(id) FROM recalled), 0))",
                                       "check the fronts", err);
    if (status == ASX_OK)
        status = asx_db_prepare(&stmt, store, sql, "check the fronts", err);
    for (int64_t from = 0; status == ASX_OK && from < last; from += CHECK_STEP) {
        const int64_t argument[] = {t->campaign, inputs, from, from + CHECK_STEP};
        for (int i = 0; i < 4; i++)
            sqlite3_bind_int64(stmt, 1 + i, argument[i]);
        status = asx_rows_read(rows, store, stmt, err);
        sqlite3_reset(stmt);
        if (status == ASX_OK)
            status = reduce(rows, t, err);
    }
    sqlite3_finalize(stmt);
    return status;
}

/* Which evaluations: ascending, each once. */
static int64_t *ids_of(size_t *n, const asx_rows *rows)
{
    int64_t *id = asx_array_new(rows->n + 1, sizeof *id);
    *n = 0;
    for (size_t i = 0; id && i < rows->n; i++)
        id[i] = rows->row[i].id;
    if (id && rows->n)
        qsort(id, rows->n, sizeof *id, by_id);
    for (size_t i = 0; id && i < rows->n; i++)
        if (*n == 0 || id[i] != id[*n - 1])
            id[(*n)++] = id[i];
    return id;
}

static asx_status compare_front(bool *same, asx_store *store, const terms *t, int64_t inputs,
                                asx_error *err)
{
    asx_candidates c = {0};
    asx_rows all = {0};
    asx_status status = asx_candidates_read(&c, store, t->campaign, inputs, 0, err);
    if (status == ASX_OK)
        status = reduce(&c.rows, t, err);
    if (status == ASX_OK)
        status = search_front(&all, store, t, inputs, err);
    if (status == ASX_OK) {
        size_t n_kept, n_all;
        int64_t *kept = ids_of(&n_kept, &c.rows), *found = ids_of(&n_all, &all);
        if (!kept || !found)
            status = asx_fail(err, ASX_ENOMEM, "no memory to check a front");
        else
            *same = n_kept == n_all && memcmp(kept, found, n_all * sizeof *kept) == 0;
        free(kept);
        free(found);
    }
    asx_rows_fini(&c.rows);
    asx_rows_fini(&all);
    return status;
}

asx_status asx_candidates_check(int64_t *n, char *example, size_t size, asx_store *store,
                                asx_error *err)
{
    int64_t *campaign = NULL;
    size_t n_campaigns = 0;
    asx_status status = asx_record_ids(&campaign, &n_campaigns, store, err);
    for (size_t k = 0; k < n_campaigns && status == ASX_OK; k++) {
        terms t;
        int64_t *inputs = NULL;
        size_t n_inputs = 0;
        status = read_terms(&t, store, campaign[k], err);
        if (status == ASX_OK && t.n_objectives > 0)
            status = asx_booked_inputs(&inputs, &n_inputs, store, campaign[k], NULL, NULL, err);
        for (size_t i = 0; i < n_inputs && status == ASX_OK; i++) {
            bool same = true;
            status = compare_front(&same, store, &t, inputs[i], err);
            if (status == ASX_OK && !same && (*n)++ == 0)
                snprintf(example, size, "campaign %lld", (long long)campaign[k]);
        }
        free(inputs);
    }
    free(campaign);
    return status;
}
