/* Thin helpers over SQLite: failures with file name and reason, transactions, bindings. */
#include "db.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "dse/memory.h"

static asx_status status_of(int code)
{
    switch (code & 0xff) {
    case SQLITE_NOMEM:
        return ASX_ENOMEM;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        return ASX_EIO;
    case SQLITE_INTERRUPT:
        return ASX_EINTERRUPTED;
    default:
        return ASX_EDB;
    }
}

/* SQLite calls these an I/O error or a full disk, and does not tell which file it was. */
static asx_status fail_to_write(asx_store *store, asx_error *err, const char *what)
{
    switch (sqlite3_extended_errcode(store->db)) {
    case SQLITE_IOERR_SHMOPEN:
    case SQLITE_IOERR_SHMSIZE:
    case SQLITE_IOERR_SHMMAP:
        return asx_fail(err, ASX_EDB,
                        "cannot %s in '%s': '%s-shm', by which it is read, cannot be written; its "
                        "disk may be full",
                        what, store->path, store->path);
    case SQLITE_FULL:
    case SQLITE_IOERR_WRITE: /* rows are sorted, or what a kill left is taken back */
        return asx_db_only_reads(store)
                   ? asx_fail(err, ASX_EDB,
                              "cannot %s in '%s': no room for temporary files (where SQLITE_TMPDIR "
                              "or TMPDIR says, else in /var/tmp) or for the file itself; the disk "
                              "may be full",
                              what, store->path)
                   : ASX_OK;
    default:
        return ASX_OK;
    }
}

asx_status asx_db_fail(asx_store *store, asx_error *err, const char *what)
{
    /* SQLite does not tell which of several files it was; those beyond 'main' and 'temp' are attached */
    const bool several = sqlite3_db_name(store->db, 2) != NULL;
    if (sqlite3_extended_errcode(store->db) == SQLITE_IOERR_DATA)
        return asx_fail(err, ASX_EDB,
                        "cannot %s in '%s'%s: a page of it is not as asx wrote it; 'asx fsck' "
                        "tells more, --repair takes out what is lost",
                        what, store->path, several ? " or a file merged into it" : "");
    const asx_status status = fail_to_write(store, err, what);
    return status != ASX_OK
               ? status
               : asx_fail(err, status_of(sqlite3_errcode(store->db)), "cannot %s in '%s': %s", what,
                          store->path, sqlite3_errmsg(store->db));
}

asx_status asx_db_run(asx_store *store, const char *sql, const char *what, asx_error *err)
{
    if (sqlite3_exec(store->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        return asx_db_fail(store, err, what);
    return ASX_OK;
}

asx_status asx_db_prepare(sqlite3_stmt **out, asx_store *store, const char *sql, const char *what,
                          asx_error *err)
{
    if (sqlite3_prepare_v2(store->db, sql, -1, out, NULL) != SQLITE_OK)
        return asx_db_fail(store, err, what);
    return ASX_OK;
}

asx_status asx_db_finish(asx_store *store, sqlite3_stmt *stmt, const char *what, asx_error *err)
{
    asx_status status = ASX_OK;
    if (sqlite3_step(stmt) != SQLITE_DONE)
        status = asx_db_fail(store, err, what);
    sqlite3_reset(stmt);
    return status;
}

asx_status asx_db_integer(int64_t *out, asx_store *store, const char *sql, const char *what,
                          asx_error *err)
{
    sqlite3_stmt *stmt = NULL;
    asx_status status = asx_db_prepare(&stmt, store, sql, what, err);
    if (status != ASX_OK)
        return status;
    if (sqlite3_step(stmt) == SQLITE_ROW)
        *out = sqlite3_column_int64(stmt, 0);
    else
        status = asx_db_fail(store, err, what);
    sqlite3_finalize(stmt);
    return status;
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Waiting for the disk at every commit would cost more than the commit; at one per second it is
 * free, and bounds what a power cut takes back. Every commit is waited for where they come seldom.
 */
asx_status asx_db_begin(asx_store *store, asx_error *err)
{
    asx_status status = asx_store_check_place(store, err);
    if (status != ASX_OK) /* what would be written is lost */
        return status;
    store->syncing = store->logged && seconds() - store->synced_s > 1;
    if (store->syncing)
        status = asx_db_run(store, "PRAGMA synchronous = FULL", "begin to write", err);
    return status == ASX_OK ? asx_db_run(store, "BEGIN IMMEDIATE", "begin to write", err) : status;
}

asx_status asx_db_end(asx_store *store, asx_status status, asx_error *err)
{
    if (status == ASX_OK)
        status = asx_db_run(store, "COMMIT", "commit", err);
    /* A full disk may have rolled back already; then this finds nothing to do. */
    if (status != ASX_OK && !sqlite3_get_autocommit(store->db))
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    if (store->syncing) {
        sqlite3_exec(store->db, "PRAGMA synchronous = NORMAL", NULL, NULL, NULL);
        store->syncing = false;
        if (status == ASX_OK)
            store->synced_s = seconds();
    }
    return status;
}

asx_status asx_store_begin(asx_store *store, asx_error *err)
{
    return asx_db_begin(store, err);
}

asx_status asx_store_end(asx_store *store, asx_status status, asx_error *err)
{
    return asx_db_end(store, status, err);
}

int asx_db_bind_text(sqlite3_stmt *stmt, int index, const char *text)
{
    return sqlite3_bind_text(stmt, index, text ? text : "", -1, SQLITE_STATIC);
}

void asx_db_key(char out[ASX_DB_KEY_SIZE], uint64_t hash)
{
    snprintf(out, ASX_DB_KEY_SIZE, "%016" PRIx64, hash);
}

const char *asx_db_split(int *n_placement, const char *design)
{
    const char *colon = strchr(design, ':');
    *n_placement = colon ? (int)(colon - design) : 0;
    return colon ? colon + 1 + strspn(colon + 1, " ") : design;
}

const char *asx_db_text(sqlite3_stmt *stmt, int column)
{
    const char *text = (const char *)sqlite3_column_text(stmt, column);
    return text ? text : "";
}

int asx_db_bind_number(sqlite3_stmt *stmt, int index, double value)
{
    return isnan(value) ? sqlite3_bind_null(stmt, index) : sqlite3_bind_double(stmt, index, value);
}

double asx_db_number(sqlite3_stmt *stmt, int column)
{
    return sqlite3_column_type(stmt, column) == SQLITE_NULL ? NAN
                                                            : sqlite3_column_double(stmt, column);
}

asx_status asx_db_blob(void **out, size_t *n, asx_store *store, sqlite3_stmt *stmt,
                       const char *what, asx_error *err)
{
    void *copy = NULL;
    asx_status status = ASX_OK;
    const int rc = sqlite3_step(stmt);
    const size_t size = rc == SQLITE_ROW ? (size_t)sqlite3_column_bytes(stmt, 0) : 0;
    if (rc == SQLITE_ROW) {
        copy = asx_array_copy(size ? sqlite3_column_blob(stmt, 0) : "", size ? size : 1, 1);
        if (!copy)
            status = asx_fail(err, ASX_ENOMEM, "no memory to %s", what);
    } else if (rc != SQLITE_DONE) {
        status = asx_db_fail(store, err, what);
    }
    if (status == ASX_OK) {
        *out = copy;
        *n = size;
    }
    return status;
}
