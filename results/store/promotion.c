/* How designs are trained, and the time spent on that, in the database. */
#include "results/promotion.h"

#include <stdlib.h>

#include "db.h"
#include "dse/memory.h"

static asx_status read_plan(asx_promotion_plan *out, sqlite3_stmt *stmt, asx_error *err)
{
    asx_promotion_plan plan = {.epochs = (size_t)sqlite3_column_int64(stmt, 0),
                               .asked = (size_t)sqlite3_column_int64(stmt, 1),
                               .stopped_after = (size_t)sqlite3_column_int64(stmt, 2)};
    if (sqlite3_column_type(stmt, 3) != SQLITE_NULL) {
        plan.start = asx_string_copy(asx_db_text(stmt, 3));
        if (!plan.start)
            return asx_fail(err, ASX_ENOMEM, "no memory for a design's training");
    }
    *out = plan;
    return ASX_OK;
}

/* A statement whose first parameters are the campaign, the training and the design. */
static asx_status prepare_for(sqlite3_stmt **out, asx_store *store, const char *sql,
                              const char *what, int64_t campaign, uint64_t training,
                              const char *design, asx_error *err)
{
    char key[ASX_DB_KEY_SIZE];
    const asx_status status = asx_db_prepare(out, store, sql, what, err);
    if (status != ASX_OK)
        return status;
    asx_db_key(key, training);
    sqlite3_bind_int64(*out, 1, campaign);
    sqlite3_bind_text(*out, 2, key, -1, SQLITE_TRANSIENT);
    asx_db_bind_text(*out, 3, design);
    return ASX_OK;
}

asx_status asx_promotion_plan_read(asx_promotion_plan *out, asx_store *store, int64_t campaign,
                                   uint64_t training, const char *design, asx_error *err)
{
    const char *what = "read how a design is trained";
    sqlite3_stmt *stmt = NULL;
    asx_promotion_plan plan = {0};
    asx_status status =
        prepare_for(&stmt, store,
                    "SELECT epochs, asked, stopped_after, start FROM promotion WHERE campaign = ? "
                    "AND training = ? AND design = ?",
                    what, campaign, training, design, err);
    if (status != ASX_OK)
        return status;
    const int rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW)
        status = read_plan(&plan, stmt, err);
    else if (rc != SQLITE_DONE)
        status = asx_db_fail(store, err, what);
    sqlite3_finalize(stmt);
    if (status == ASX_OK)
        *out = plan;
    return status;
}

asx_status asx_promotion_plan_keep(asx_store *store, int64_t campaign, uint64_t training,
                                   const char *design, const asx_promotion_plan *plan,
                                   asx_error *err)
{
    const char *what = "store how a design is trained";
    sqlite3_stmt *stmt = NULL;
    asx_status status =
        prepare_for(&stmt, store,
                    "INSERT OR REPLACE INTO promotion (campaign, training, design, epochs, asked, "
                    "stopped_after, start) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    what, campaign, training, design, err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 4, (sqlite3_int64)plan->epochs);
    sqlite3_bind_int64(stmt, 5, (sqlite3_int64)plan->asked);
    if (plan->stopped_after) /* else NULL, as the start */
        sqlite3_bind_int64(stmt, 6, (sqlite3_int64)plan->stopped_after);
    if (plan->start)
        asx_db_bind_text(stmt, 7, plan->start);
    status = asx_db_finish(store, stmt, what, err);
    sqlite3_finalize(stmt);
    return status;
}

void asx_promotion_plan_fini(asx_promotion_plan *plan)
{
    if (!plan)
        return;
    free(plan->start);
    *plan = (asx_promotion_plan){0};
}

asx_status asx_promotion_spent_read(double *seconds, asx_store *store, int64_t campaign,
                                    asx_error *err)
{
    const char *what = "read the time spent on training";
    sqlite3_stmt *stmt = NULL;
    asx_status status =
        asx_db_prepare(&stmt, store, "SELECT spent_s FROM training WHERE campaign = ?", what, err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 1, campaign);
    const int rc = sqlite3_step(stmt);
    const double spent_s = rc == SQLITE_ROW ? sqlite3_column_double(stmt, 0) : 0;
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        status = asx_db_fail(store, err, what);
    sqlite3_finalize(stmt);
    if (status == ASX_OK)
        *seconds = spent_s;
    return status;
}

asx_status asx_promotion_spent_add(asx_store *store, int64_t campaign, double seconds,
                                   asx_error *err)
{
    const char *what = "store the time spent on training";
    sqlite3_stmt *stmt = NULL;
    asx_status status = asx_db_prepare(
        &stmt, store,
        "INSERT INTO training (campaign, spent_s) VALUES (?, ?) ON CONFLICT (campaign) DO UPDATE "
        "SET spent_s = spent_s + excluded.spent_s",
        what, err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 1, campaign);
    sqlite3_bind_double(stmt, 2, seconds);
    status = asx_db_finish(store, stmt, what, err);
    sqlite3_finalize(stmt);
    return status;
}
