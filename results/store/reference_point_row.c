/* Reference points of campaigns in the database. */
#include "db.h"
#include "dse/text.h"
#include "results/reference_point.h"

/* All rows by one statement, so that they are there together or not at all. */
asx_status asx_reference_point_keep(asx_store *store, int64_t campaign,
                                    const asx_reference_point *r, asx_error *err)
{
    const char *what = "store the reference point";
    sqlite3_stmt *stmt = NULL;
    asx_text sql = {0};
    asx_text_add(&sql, "INSERT OR REPLACE INTO reference (campaign, position, objective, value) ");
    for (size_t i = 0; i < r->n; i++)
        asx_text_add(&sql, "%s (?1, %zu, ?, ?)", i ? "," : "VALUES", i);
    asx_status status = sql.failed ? asx_fail(err, ASX_ENOMEM, "no memory for a reference point")
                                   : asx_db_prepare(&stmt, store, sql.s, what, err);
    if (status == ASX_OK) {
        sqlite3_bind_int64(stmt, 1, campaign);
        for (size_t i = 0; i < r->n; i++) {
            asx_db_bind_text(stmt, 2 + 2 * (int)i, asx_objective_field(r->objective[i]));
            sqlite3_bind_double(stmt, 3 + 2 * (int)i, r->value[i]);
        }
        status = asx_db_finish(store, stmt, what, err);
    }
    sqlite3_finalize(stmt);
    asx_text_fini(&sql);
    return status;
}

asx_status asx_reference_point_read(asx_reference_point *out, bool *found, asx_store *store,
                                    int64_t campaign, asx_error *err)
{
    const char *what = "read the reference point";
    sqlite3_stmt *stmt = NULL;
    asx_reference_point r = {0};
    int rc = SQLITE_DONE;
    asx_status status = asx_db_prepare(
        &stmt, store, "SELECT objective, value FROM reference WHERE campaign = ? ORDER BY position",
        what, err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 1, campaign);
    while (status == ASX_OK && r.n < ASX_N_OBJECTIVES && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        status = asx_objective_parse(&r.objective[r.n], asx_db_text(stmt, 0), err);
        r.value[r.n++] = sqlite3_column_double(stmt, 1);
    }
    if (status == ASX_OK && rc != SQLITE_DONE && rc != SQLITE_ROW)
        status = asx_db_fail(store, err, what);
    sqlite3_finalize(stmt);
    if (status == ASX_OK) {
        *found = r.n > 0;
        *out = r;
    }
    return status;
}
