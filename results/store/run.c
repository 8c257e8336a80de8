/* Runs in the database: which process worked on a campaign, and how it ended. */
#include <math.h>

#include "candidates.h"
#include "db.h"
#include "results/run.h"

asx_status asx_run_begin(int64_t *id, asx_store *store, int64_t campaign,
                         const asx_run_record *record, asx_error *err)
{
    sqlite3_stmt *stmt = NULL;
    asx_status status =
        asx_db_prepare(&stmt, store,
                       "INSERT INTO run (campaign, version, build, processor, threads, process, "
                       "started) VALUES (?, ?, ?, ?, ?, ?, ?)",
                       "store the run", err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 1, campaign);
    asx_db_bind_text(stmt, 2, record->version);
    asx_db_bind_text(stmt, 3, record->build);
    asx_db_bind_text(stmt, 4, record->processor);
    sqlite3_bind_int64(stmt, 5, (sqlite3_int64)record->threads);
    sqlite3_bind_int64(stmt, 6, record->process);
    asx_db_bind_text(stmt, 7, record->started);
    status = asx_db_finish(store, stmt, "store the run", err);
    if (status == ASX_OK)
        *id = sqlite3_last_insert_rowid(store->db);
    sqlite3_finalize(stmt);
    return status;
}

asx_status asx_run_note(asx_store *store, int64_t id, const asx_moment *moment, asx_error *err)
{
    const char *what = "store how far the run is";
    sqlite3_stmt *stmt = NULL;
    asx_status status =
        asx_db_prepare(&stmt, store,
                       "INSERT OR REPLACE INTO moment (run, elapsed_s, stage, done, total, front, "
                       "hypervolume, factor) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                       what, err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 1, id);
    sqlite3_bind_double(stmt, 2, moment->elapsed_s);
    asx_db_bind_text(stmt, 3, moment->stage);
    sqlite3_bind_int64(stmt, 4, (sqlite3_int64)moment->done);
    if (moment->total) /* else NULL, as the factor below */
        sqlite3_bind_int64(stmt, 5, (sqlite3_int64)moment->total);
    sqlite3_bind_int64(stmt, 6, (sqlite3_int64)moment->front);
    sqlite3_bind_double(stmt, 7, moment->hypervolume);
    if (isfinite(moment->factor))
        sqlite3_bind_double(stmt, 8, moment->factor);
    status = asx_db_finish(store, stmt, what, err);
    sqlite3_finalize(stmt);
    return status;
}

static void bind_end(sqlite3_stmt *stmt, int64_t id, const char *stopped, const char *reason,
                     const asx_progress *progress)
{
    const size_t count[] = {progress->asked, progress->evaluated, progress->recalled,
                            progress->duplicates, progress->front};
    asx_db_bind_text(stmt, 1, stopped);
    asx_db_bind_text(stmt, 2, reason);
    for (int i = 0; i < 5; i++)
        sqlite3_bind_int64(stmt, 3 + i, (sqlite3_int64)count[i]);
    sqlite3_bind_double(stmt, 8, progress->elapsed_s);
    sqlite3_bind_int64(stmt, 9, id);
}

asx_status asx_run_end(asx_store *store, int64_t id, const char *stopped, const char *reason,
                       const asx_progress *progress, asx_error *err)
{
    const char *what = "store the run's end";
    sqlite3_stmt *stmt = NULL;
    int64_t campaign = 0;
    asx_status status = asx_store_flush(store, err);
    if (status == ASX_OK)
        status = asx_db_prepare(&stmt, store,
                                "UPDATE run SET stopped = ?, reason = ?, asked = ?, evaluated = ?, "
                                "recalled = ?, duplicates = ?, front = ?, elapsed_s = ? "
                                "WHERE id = ? RETURNING campaign",
                                what, err);
    if (status != ASX_OK)
        return status;
    bind_end(stmt, id, stopped, reason, progress);
    int rc = sqlite3_step(stmt);
    if (rc == SQLITE_DONE)
        status = asx_fail(err, ASX_ENOTFOUND, "'%s' holds no run number %lld", store->path,
                          (long long)id);
    if (rc == SQLITE_ROW) {
        campaign = sqlite3_column_int64(stmt, 0);
        rc = sqlite3_step(stmt);
    }
    if (rc != SQLITE_DONE)
        status = asx_db_fail(store, err, what);
    sqlite3_finalize(stmt);
    return status == ASX_OK ? asx_candidates_settle(store, campaign, err) : status;
}
