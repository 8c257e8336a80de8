#include "results/lease.h"

#include "db.h"

asx_status asx_lease_take(bool *taken, asx_store *store, int64_t campaign, const char *design,
                          int64_t now, int64_t expires, asx_error *err)
{
    if (expires - now > ASX_LEASE_SECONDS_MAX)
        return asx_fail(err, ASX_EINVAL, "a lease of %lld s: %d s is the longest",
                        (long long)(expires - now), ASX_LEASE_SECONDS_MAX);
    /* one statement, so that of several processes one succeeds */
    const char *sql = "INSERT INTO lease (campaign, design, expires) VALUES (?1, ?2, ?4) "
                      "ON CONFLICT (campaign, design) DO UPDATE SET expires = ?4 "
                      "WHERE expires <= ?3 OR expires > ?5 RETURNING 1";
    const char *what = "lease a design";
    sqlite3_stmt *stmt = NULL;
    asx_status status = asx_db_prepare(&stmt, store, sql, what, err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 1, campaign);
    asx_db_bind_text(stmt, 2, design);
    sqlite3_bind_int64(stmt, 3, now);
    sqlite3_bind_int64(stmt, 4, expires);
    sqlite3_bind_int64(stmt, 5, now + ASX_LEASE_SECONDS_MAX);
    int rc = sqlite3_step(stmt);
    const bool row = rc == SQLITE_ROW;
    if (row)
        rc = sqlite3_step(stmt);
    if (rc != SQLITE_DONE)
        status = asx_db_fail(store, err, what);
    else
        *taken = row;
    sqlite3_finalize(stmt);
    return status;
}

asx_status asx_lease_renew(asx_store *store, int64_t campaign, const char *design, int64_t expires,
                           asx_error *err)
{
    const char *what = "renew a lease";
    sqlite3_stmt *stmt = NULL;
    asx_status status = asx_db_prepare(
        &stmt, store, "UPDATE lease SET expires = ?3 WHERE campaign = ?1 AND design = ?2", what,
        err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 1, campaign);
    asx_db_bind_text(stmt, 2, design);
    sqlite3_bind_int64(stmt, 3, expires);
    status = asx_db_finish(store, stmt, what, err);
    sqlite3_finalize(stmt);
    return status;
}

asx_status asx_lease_end(asx_store *store, int64_t campaign, const char *design, asx_error *err)
{
    const char *what = "end a lease";
    sqlite3_stmt *stmt = NULL;
    asx_status status = asx_db_prepare(
        &stmt, store, "DELETE FROM lease WHERE campaign = ? AND design = ?", what, err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 1, campaign);
    asx_db_bind_text(stmt, 2, design);
    status = asx_db_finish(store, stmt, what, err);
    sqlite3_finalize(stmt);
    return status;
}

asx_status asx_lease_count(size_t *n, int64_t *first, asx_store *store, int64_t campaign,
                           int64_t now, asx_error *err)
{
    const char *what = "count leases";
    sqlite3_stmt *stmt = NULL;
    asx_status status = asx_db_prepare(
        &stmt, store,
        "SELECT count(*), min(expires) FROM lease WHERE campaign = ? AND expires > ? AND expires <= ?",
        what, err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 1, campaign);
    sqlite3_bind_int64(stmt, 2, now);
    sqlite3_bind_int64(stmt, 3, now + ASX_LEASE_SECONDS_MAX);
    if (sqlite3_step(stmt) == SQLITE_ROW) {
        *n = (size_t)sqlite3_column_int64(stmt, 0);
        *first = sqlite3_column_int64(stmt, 1);
    } else {
        status = asx_db_fail(store, err, what);
    }
    sqlite3_finalize(stmt);
    return status;
}
