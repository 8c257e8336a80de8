/* Evaluations as they lie in their table. Nothing is joined for each of them, which is what reading a million rows through
 * the view `result` takes its time for. */
#include "results/scan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "candidates.h"
#include "db.h"
#include "dse/text.h"

/* "(1,2)": the inputs that the campaign booked under. */
static asx_status append_inputs(asx_text *sql, asx_store *store, const asx_scan *scan,
                                asx_error *err)
{
    int64_t *inputs = NULL;
    size_t n = 0;
    const asx_status status =
        asx_booked_inputs(&inputs, &n, store, scan->campaign, asx_tier_text(scan->tier),
                          asx_subset_text(scan->subset), err);
    asx_text_add(sql, "(");
    for (size_t i = 0; i < n; i++)
        asx_text_add(sql, "%s%lld", i ? "," : "", (long long)inputs[i]);
    asx_text_add(sql, ")");
    free(inputs);
    return status;
}

static asx_status prepare(sqlite3_stmt **out, asx_store *store, const asx_scan *scan, asx_text *sql,
                          asx_error *err)
{
    asx_status status = sql->failed ? asx_fail(err, ASX_ENOMEM, "no memory for a query")
                                    : asx_db_prepare(out, store, sql->s, "query", err);
    if (status == ASX_OK)
        sqlite3_bind_int64(*out, 1, scan->campaign);
    asx_text_fini(sql);
    return status;
}

/* What all objectives are made of. */
#define OBJECTIVES "\"drop\", energy_pj, latency_ns, area_um2, weight_bits"

static void read_objectives(asx_evaluation *e, asx_tier tier, sqlite3_stmt *stmt)
{
    e->accuracy.tier = tier;
    e->accuracy.drop = tier == ASX_TIER_COSTS ? NAN : sqlite3_column_double(stmt, 1);
    e->cost.energy_pj = sqlite3_column_double(stmt, 2);
    e->cost.latency_ns = sqlite3_column_double(stmt, 3);
    e->cost.area_um2 = sqlite3_column_double(stmt, 4);
    e->cost.weight_bits = sqlite3_column_double(stmt, 5);
}

/* The plus keeps SQLite from the index over inputs: rows would come in its order, each looked up. */
static asx_status prepare_all(sqlite3_stmt **out, asx_store *store, const asx_scan *scan,
                              asx_error *err)
{
    asx_text sql = {0};
    asx_text_add(&sql,
                 "SELECT id, " OBJECTIVES " FROM evaluation WHERE campaign = ?1 AND +inputs IN ");
    asx_status status = append_inputs(&sql, store, scan, err);
    asx_text_add(&sql, " UNION ALL SELECT e.id, " OBJECTIVES
                       " FROM recalled AS r CROSS JOIN evaluation AS e ON e.id = r.evaluation "
                       "WHERE r.campaign = ?1 AND +e.inputs IN ");
    if (status == ASX_OK)
        status = append_inputs(&sql, store, scan, err);
    if (status == ASX_OK)
        return prepare(out, store, scan, &sql, err);
    asx_text_fini(&sql);
    return status;
}

asx_status asx_scan_each(asx_store *store, const asx_scan *scan, asx_row_visit *visit, void *state,
                         asx_error *err)
{
    sqlite3_stmt *stmt = NULL;
    int rc = SQLITE_DONE;
    if (scan->where) {
        const asx_query query = {.campaign = scan->campaign,
                                 .tier = asx_tier_text(scan->tier),
                                 .subset = asx_subset_text(scan->subset),
                                 .where = scan->where,
                                 .brief = true};
        return asx_query_each(store, &query, visit, state, err);
    }
    asx_status status = asx_store_flush(store, err);
    if (status == ASX_OK)
        status = prepare_all(&stmt, store, scan, err);
    asx_row row = {.design = "", .subset = ""};
    while (status == ASX_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        row.id = sqlite3_column_int64(stmt, 0);
        read_objectives(&row.evaluation, scan->tier, stmt);
        status = visit(state, &row, err);
    }
    if (status == ASX_OK && rc != SQLITE_DONE)
        status = asx_db_fail(store, err, "query");
    sqlite3_finalize(stmt);
    return status;
}

/* ---- single rows, whole ---- */

#define WHOLE_OF(more)                                                                             \
    "SELECT d.text, i.subset, d.placement, i.tier, e.id, " ASX_DB_EVALUATION more " FROM "
#define WHOLE WHOLE_OF("")
#define OF_EVALUATION                                                                              \
    " CROSS JOIN design AS d ON d.id = e.design CROSS JOIN inputs AS i ON i.id = e.inputs "
/* Whether it is the campaign's. */
#define BOOKED                                                                                     \
    "(e.campaign = ?1 OR EXISTS (SELECT 1 FROM recalled WHERE campaign = ?1 AND evaluation = "     \
    "e.id))"

static asx_status add_bound(asx_rows *inout, asx_store *store, sqlite3_stmt *stmt, int at,
                            int64_t id, asx_error *err)
{
    sqlite3_bind_int64(stmt, at, id);
    const asx_status status = asx_rows_read(inout, store, stmt, err);
    sqlite3_reset(stmt);
    return status;
}

asx_status asx_scan_rows(asx_rows *inout, asx_store *store, const int64_t *id, size_t n,
                         asx_error *err)
{
    sqlite3_stmt *stmt = NULL;
    asx_status status = asx_db_prepare(
        &stmt, store, WHOLE "evaluation AS e" OF_EVALUATION "WHERE e.id = ?1", "query", err);
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        status = add_bound(inout, store, stmt, 1, id[i], err);
    sqlite3_finalize(stmt);
    return status;
}

asx_status asx_scan_parts(asx_cost *out, asx_store *store, const asx_row *row, asx_error *err)
{
    sqlite3_stmt *stmt = NULL;
    asx_row found = {0};
    asx_status status = asx_db_prepare(
        &stmt, store,
        WHOLE_OF(ASX_DB_BREAKDOWN) "evaluation AS e" OF_EVALUATION
                                   "JOIN breakdown AS b ON b.evaluation = e.id WHERE e.id = ?1",
        "query", err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 1, row->id);
    const int rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW)
        status = asx_row_read(&found, stmt, true, err);
    else if (rc != SQLITE_DONE)
        status = asx_db_fail(store, err, "query");
    if (status == ASX_OK && (rc != SQLITE_ROW || strcmp(found.design, row->design) != 0))
        status = asx_fail(err, ASX_ENOTFOUND, "'%.200s' is not in the database", row->design);
    if (status == ASX_OK)
        *out = found.evaluation.cost;
    sqlite3_finalize(stmt);
    return status;
}

asx_status asx_scan_same(asx_rows *inout, asx_store *store, const asx_scan *scan,
                         const asx_rows *of, asx_error *err)
{
    sqlite3_stmt *stmt = NULL;
    asx_text sql = {0};
    if (of->n == 0)
        return ASX_OK;
    asx_text_add(&sql, WHOLE "(SELECT design FROM evaluation WHERE id = ?2) AS o CROSS JOIN "
                             "evaluation AS e ON e.design = o.design AND e.inputs IN ");
    asx_status status = append_inputs(&sql, store, scan, err);
    asx_text_add(&sql, OF_EVALUATION "WHERE " BOOKED " ORDER BY e.id");
    if (status == ASX_OK)
        status = prepare(&stmt, store, scan, &sql, err);
    else
        asx_text_fini(&sql);
    for (size_t i = 0; status == ASX_OK && i < of->n; i++)
        status = add_bound(inout, store, stmt, 2, of->row[i].id, err);
    sqlite3_finalize(stmt);
    return status;
}

static asx_status has_confirmations(bool *out, asx_store *store, int64_t campaign, asx_error *err)
{
    const char *what = "query";
    sqlite3_stmt *stmt = NULL;
    const asx_status status =
        asx_db_prepare(&stmt, store,
                       "SELECT EXISTS (SELECT 1 FROM confirmation AS c JOIN confirmation_step AS s "
                       "ON s.confirmation = c.id WHERE c.campaign = ?1)",
                       what, err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 1, campaign);
    const int rc = sqlite3_step(stmt);
    *out = rc == SQLITE_ROW && sqlite3_column_int(stmt, 0);
    sqlite3_finalize(stmt);
    return rc == SQLITE_ROW ? ASX_OK : asx_db_fail(store, err, what);
}

asx_status asx_scan_confirmed(asx_rows *inout, asx_store *store, const asx_scan *scan,
                              asx_error *err)
{
    sqlite3_stmt *stmt = NULL;
    asx_text sql = {0};
    bool any = false;
    asx_status status = has_confirmations(&any, store, scan->campaign, err);
    if (status != ASX_OK || !any)
        return status;
    asx_text_add(&sql,
                 WHOLE "(SELECT id FROM design WHERE text IN (SELECT s.design FROM confirmation AS "
                       "c JOIN confirmation_step AS s ON s.confirmation = c.id WHERE c.campaign = "
                       "?1)) AS o CROSS JOIN evaluation AS e ON e.design = o.id AND e.inputs IN ");
    status = append_inputs(&sql, store, scan, err);
    asx_text_add(&sql, OF_EVALUATION "WHERE " BOOKED " ORDER BY e.id");
    if (status == ASX_OK)
        status = prepare(&stmt, store, scan, &sql, err);
    else
        asx_text_fini(&sql);
    if (status == ASX_OK)
        status = asx_rows_read(inout, store, stmt, err);
    sqlite3_finalize(stmt);
    return status;
}
