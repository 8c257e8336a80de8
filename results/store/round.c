/* Rounds, and what the proxy learned in them, in the database. */
#include "results/round.h"

#include <math.h>
#include <stdlib.h>

#include "db_rows.h"

asx_status asx_round_keep(asx_store *store, int64_t campaign, const asx_round *round,
                          asx_error *err)
{
    const char *what = "store a round";
    sqlite3_stmt *stmt = NULL;
    asx_status status =
        asx_db_prepare(&stmt, store,
                       "INSERT OR REPLACE INTO round (campaign, number, front, hypervolume, "
                       "measured, mean_gap, worst_gap, tau) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                       what, err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 1, campaign);
    sqlite3_bind_int64(stmt, 2, (sqlite3_int64)round->number);
    sqlite3_bind_int64(stmt, 3, (sqlite3_int64)round->front);
    sqlite3_bind_double(stmt, 4, round->hypervolume);
    sqlite3_bind_int64(stmt, 5, (sqlite3_int64)round->measured);
    sqlite3_bind_double(stmt, 6, round->mean_gap);
    sqlite3_bind_double(stmt, 7, round->worst_gap);
    asx_db_bind_number(stmt, 8, round->tau);
    status = asx_db_finish(store, stmt, what, err);
    sqlite3_finalize(stmt);
    return status;
}

static asx_status read_round(void *out, sqlite3_stmt *stmt, asx_error *err)
{
    (void)err;
    *(asx_round *)out = (asx_round){.number = (size_t)sqlite3_column_int64(stmt, 0),
                                    .front = (size_t)sqlite3_column_int64(stmt, 1),
                                    .hypervolume = sqlite3_column_double(stmt, 2),
                                    .measured = (size_t)sqlite3_column_int64(stmt, 3),
                                    .mean_gap = sqlite3_column_double(stmt, 4),
                                    .worst_gap = sqlite3_column_double(stmt, 5),
                                    .tau = asx_db_number(stmt, 6)};
    return ASX_OK;
}

asx_status asx_round_read(asx_round **out, size_t *n, asx_store *store, int64_t campaign,
                          asx_error *err)
{
    const char *what = "read the rounds";
    sqlite3_stmt *stmt = NULL;
    asx_db_array rounds = {.size = sizeof **out};
    asx_status status =
        asx_db_prepare(&stmt, store,
                       "SELECT number, front, hypervolume, measured, mean_gap, worst_gap, tau FROM "
                       "round WHERE campaign = ? ORDER BY number",
                       what, err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 1, campaign);
    status = asx_db_rows(&rounds, store, stmt, what, read_round, err);
    sqlite3_finalize(stmt);
    if (status != ASX_OK) {
        free(rounds.all);
        return status;
    }
    *out = rounds.all;
    *n = rounds.n;
    return ASX_OK;
}

asx_status asx_refit_keep(asx_store *store, int64_t campaign, uint64_t accuracy_key,
                          const void *proxy, size_t n, asx_error *err)
{
    const char *what = "store the refitted proxy";
    char key[ASX_DB_KEY_SIZE];
    sqlite3_stmt *stmt = NULL;
    asx_status status = asx_db_prepare(
        &stmt, store,
        "INSERT OR REPLACE INTO refit (campaign, accuracy_key, proxy) VALUES (?, ?, ?)", what, err);
    if (status != ASX_OK)
        return status;
    asx_db_key(key, accuracy_key);
    sqlite3_bind_int64(stmt, 1, campaign);
    asx_db_bind_text(stmt, 2, key);
    if (sqlite3_bind_blob64(stmt, 3, n ? proxy : "", n, SQLITE_STATIC) != SQLITE_OK)
        status = asx_db_fail(store, err, what);
    else
        status = asx_db_finish(store, stmt, what, err);
    sqlite3_finalize(stmt);
    return status;
}

asx_status asx_refit_read(void **out, size_t *n, asx_store *store, int64_t campaign,
                          uint64_t accuracy_key, asx_error *err)
{
    char key[ASX_DB_KEY_SIZE];
    sqlite3_stmt *stmt = NULL;
    asx_status status = asx_db_prepare(
        &stmt, store, "SELECT proxy FROM refit WHERE campaign = ? AND accuracy_key = ?",
        "read the refitted proxy", err);
    if (status != ASX_OK)
        return status;
    asx_db_key(key, accuracy_key);
    sqlite3_bind_int64(stmt, 1, campaign);
    asx_db_bind_text(stmt, 2, key);
    status = asx_db_blob(out, n, store, stmt, "read the refitted proxy", err);
    sqlite3_finalize(stmt);
    return status;
}
