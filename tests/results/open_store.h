/* A store that must open, and a number that a query must give. */
#ifndef ASX_TESTS_OPEN_STORE_H
#define ASX_TESTS_OPEN_STORE_H

#include "sample.h"

#include <sqlite3.h>

static inline asx_store *open_store(const char *path, asx_store_mode mode)
{
    asx_error err = {0};
    asx_store *store = NULL;
    CHECK_OK(asx_store_open(&store, path, mode, &err), err);
    return store;
}

static inline long long count(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    sqlite3_busy_timeout(db, 10000);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    long long n = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return n;
}

#endif
