/* Measures of campaigns in the database. */
#include "db.h"
#include "dse/text.h"
#include "results/score.h"

asx_status asx_score_keep(asx_store *store, int64_t campaign, const asx_score *score,
                          asx_error *err)
{
    const char *what = "store the measure";
    sqlite3_stmt *stmt = NULL;
    asx_text name = {0};
    asx_status status = ASX_OK;
    if (score->kind == ASX_SCORE_TOP && score->top <= 1)
        return ASX_OK;
    asx_score_print(&name, score);
    if (name.failed)
        status = asx_fail(err, ASX_ENOMEM, "no memory for a measure");
    if (status == ASX_OK)
        status = asx_db_prepare(
            &stmt, store, "INSERT OR IGNORE INTO measure (campaign, name, point) VALUES (?, ?, ?)",
            what, err);
    if (status == ASX_OK) {
        sqlite3_bind_int64(stmt, 1, campaign);
        asx_db_bind_text(stmt, 2, name.s);
        sqlite3_bind_double(stmt, 3, score->point);
        status = asx_db_finish(store, stmt, what, err);
    }
    sqlite3_finalize(stmt);
    asx_text_fini(&name);
    return status;
}

asx_status asx_score_read(asx_score *out, asx_store *store, int64_t campaign, asx_error *err)
{
    const char *what = "read the measure";
    sqlite3_stmt *stmt = NULL;
    asx_score score = asx_score_top1();
    asx_status status = asx_db_prepare(
        &stmt, store, "SELECT name, point FROM measure WHERE campaign = ?", what, err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 1, campaign);
    const int rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW) {
        status = asx_score_parse(&score, asx_db_text(stmt, 0), err);
        score.point = sqlite3_column_double(stmt, 1);
    } else if (rc != SQLITE_DONE) {
        status = asx_db_fail(store, err, what);
    }
    sqlite3_finalize(stmt);
    if (status == ASX_OK)
        *out = score;
    return status;
}
