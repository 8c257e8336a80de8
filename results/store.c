/* Opening and closing the database, and its cache of blobs. */
#include "results/store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db.h"
#include "dse/memory.h"
#include "dse/text.h"

enum { BUSY_TIMEOUT_MS = 60000, WAL_TRIES = 600, WAL_PAUSE_MS = 100 };
enum { HEADER_TRIES = 20, HEADER_PAUSE_MS = 10 };

static const char magic[16] = "SQLite format 3";

static uint64_t big_endian(const unsigned char *p, int n)
{
    uint64_t value = 0;
    for (int i = 0; i < n; i++)
        value = value << 8 | p[i];
    return value;
}

/* The size of the write-ahead log beside a database, 0 if there is none. */
static long long wal_size(const char *path)
{
    struct stat info;
    long long size = 0;
    asx_text name = {0};
    asx_text_add(&name, "%s-wal", path);
    if (!name.failed && stat(name.s, &info) == 0)
        size = (long long)info.st_size;
    asx_text_fini(&name);
    return size;
}

/* The size of a database file, and what its header says it should be at least; 0 while a log makes
 * the header out of date.
 *
 * Read through SQLite's own file handle: closing any other one of the same file would drop all
 * locks that this process holds on it (POSIX), another store's among them, and with its locks its
 * log. */
static asx_status measure_file(asx_store *store, sqlite3_int64 *size, uint64_t *want,
                               asx_error *err)
{
    unsigned char header[100] = {0};
    sqlite3_file *file = NULL;
    const bool logged = wal_size(store->path) > 0;
    if (sqlite3_file_control(store->db, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK ||
        !file || !file->pMethods || file->pMethods->xFileSize(file, size) != SQLITE_OK)
        return asx_db_fail(store, err, "read the size");
    *want = 0;
    if (*size == 0 && store->mode == ASX_STORE_CREATE)
        return ASX_OK;
    const int rc = file->pMethods->xRead(file, header, sizeof header, 0);
    if (rc != SQLITE_OK && rc != SQLITE_IOERR_SHORT_READ)
        return asx_db_fail(store, err, "read the header");
    if (file->pMethods->xFileSize(file, size) != SQLITE_OK) /* again: it may have grown */
        return asx_db_fail(store, err, "read the size");
    if (memcmp(header, magic, sizeof magic) != 0)
        return asx_fail(err, ASX_EDB, "'%s' is not an SQLite database", store->path);
    uint64_t page = rc == SQLITE_OK ? big_endian(header + 16, 2) : 0;
    if (page == 1)
        page = 65536; /* as the file format has it */
    if (!logged)
        *want = page ? page * big_endian(header + 28, 4) : sizeof header;
    return ASX_OK;
}

/* A truncated file would be noticed only when a lost page is read: compare with the header. Another
 * process may be writing the file at this moment, so only what stays short is truncated. */
static asx_status check_header(asx_store *store, asx_error *err)
{
    sqlite3_int64 size = 0;
    uint64_t want = 0;
    for (int i = 0; i < HEADER_TRIES; i++) {
        if (i > 0)
            sqlite3_sleep(HEADER_PAUSE_MS);
        const asx_status status = measure_file(store, &size, &want, err);
        if (status != ASX_OK || (uint64_t)size >= want)
            return status;
    }
    return asx_fail(err, ASX_EDB, "'%s' is truncated: %lld of %llu bytes are there", store->path,
                    (long long)size, (unsigned long long)want);
}

static asx_status check_file(const char *path, asx_store_mode mode, asx_error *err)
{
    struct stat info;
    if (stat(path, &info) != 0) {
        if (errno == ENOENT && mode == ASX_STORE_CREATE)
            return ASX_OK;
        return asx_fail(err, ASX_EIO, "cannot open '%s': %s", path, strerror(errno));
    }
    if (!S_ISREG(info.st_mode))
        return asx_fail(err, ASX_EIO, "cannot open '%s': %s", path,
                        S_ISDIR(info.st_mode) ? "it is a folder" : "it is not a regular file");
    if (info.st_size == 0) {
        if (mode == ASX_STORE_CREATE)
            return ASX_OK;
        return asx_fail(err, ASX_EDB, "'%s' is empty, not a database", path);
    }
    if (access(path, R_OK) != 0)
        return asx_fail(err, ASX_EIO, "cannot open '%s': %s", path, strerror(errno));
    return ASX_OK;
}

/* "file:" URI with every byte that could mean something escaped. */
static asx_status immutable_uri(char **out, const char *path, asx_error *err)
{
    asx_text uri = {0};
    asx_text_add(&uri, "file:");
    for (const char *p = path; *p; p++)
        asx_text_add(&uri, strchr("%?#&=", *p) ? "%%%02X" : "%c", (unsigned char)*p);
    asx_text_add(&uri, "?immutable=1");
    return asx_text_take(out, &uri, err);
}

static asx_status connect(asx_store *store, const char *name, int flags, asx_error *err)
{
    if (sqlite3_open_v2(name, &store->db, flags, NULL) != SQLITE_OK) {
        if (!store->db)
            return asx_fail(err, ASX_ENOMEM, "no memory to open '%s'", store->path);
        const int reason = sqlite3_system_errno(store->db);
        return asx_fail(err, ASX_EIO, "cannot open '%s': %s", store->path,
                        reason ? strerror(reason) : sqlite3_errmsg(store->db));
    }
    sqlite3_extended_result_codes(store->db, 1);
    sqlite3_busy_timeout(store->db, BUSY_TIMEOUT_MS);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    /* "nosuch" in double quotes is an error, not a string */
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    return asx_db_add_functions(store, err);
}

/* SQLite needs files beside a database with a log even to read it. Where the folder cannot be
 * written and no log is waiting, nobody can be writing: read the file as it lies. */
static asx_status connect_reader(asx_store *store, asx_error *err)
{
    char *uri = NULL;
    asx_status status = connect(store, store->path, SQLITE_OPEN_READONLY, err);
    if (status != ASX_OK)
        return status;
    int rc = sqlite3_exec(store->db, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL) & 0xff;
    if ((rc != SQLITE_CANTOPEN && rc != SQLITE_READONLY) || wal_size(store->path) > 0)
        return ASX_OK; /* if it failed, the schema check says why */
    status = immutable_uri(&uri, store->path, err);
    if (status == ASX_OK) {
        sqlite3_close(store->db);
        store->db = NULL;
        status = connect(store, uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, err);
    }
    free(uri);
    return status;
}

/* Switching to the log needs the file for a moment alone, and SQLite does not wait for that. */
static asx_status use_log(asx_store *store, asx_error *err)
{
    int rc = SQLITE_BUSY;
    for (int i = 0; i < WAL_TRIES && (rc & 0xff) == SQLITE_BUSY; i++) {
        if (i > 0)
            sqlite3_sleep(WAL_PAUSE_MS);
        rc = sqlite3_exec(store->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
    }
    return rc == SQLITE_OK ? ASX_OK : asx_db_fail(store, err, "use a write-ahead log");
}

static asx_status connect_writer(asx_store *store, asx_error *err)
{
    int create = store->mode == ASX_STORE_CREATE ? SQLITE_OPEN_CREATE : 0;
    asx_status status = connect(store, store->path, SQLITE_OPEN_READWRITE | create, err);
    if (status == ASX_OK && sqlite3_db_readonly(store->db, "main") == 1)
        status = asx_fail(err, ASX_EDB, "cannot write to '%s': it is read-only", store->path);
    return status;
}

/* Behind the schema check, so that a foreign database is left as it is. */
static asx_status configure_writer(asx_store *store, asx_error *err)
{
    asx_status status = use_log(store, err);
    if (status == ASX_OK)
        status = asx_db_run(store,
                            "PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; "
                            "PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 8192",
                            "configure", err);
    return status;
}

asx_status asx_store_open(asx_store **out, const char *path, asx_store_mode mode, asx_error *err)
{
    asx_status status = check_file(path, mode, err);
    if (status != ASX_OK)
        return status;
    asx_store *store = asx_array_new(1, sizeof *store);
    if (!store || !(store->path = asx_string_copy(path))) {
        status = asx_fail(err, ASX_ENOMEM, "no memory to open '%s'", path);
        goto done;
    }
    store->mode = mode;
    status = mode == ASX_STORE_READ ? connect_reader(store, err) : connect_writer(store, err);
    if (status == ASX_OK)
        status = check_header(store, err);
    if (status == ASX_OK)
        status = asx_schema_prepare(store, err);
    if (status == ASX_OK && mode != ASX_STORE_READ)
        status = configure_writer(store, err);
    if (status != ASX_OK)
        goto done;
    *out = store;
    store = NULL;
done:
    asx_store_free(store);
    return status;
}

void asx_store_free(asx_store *store)
{
    if (!store)
        return;
    asx_book_free_all(store);
    asx_design_forget(store);
    for (int i = 0; i < ASX_DB_N_STATEMENTS; i++)
        sqlite3_finalize(store->kept[i]);
    sqlite3_close(store->db);
    free(store->path);
    free(store);
}

const char *asx_store_path(const asx_store *store)
{
    return store->path;
}

asx_status asx_store_cache_get(void **out, size_t *n, asx_store *store, const char *key,
                               asx_error *err)
{
    sqlite3_stmt *stmt = NULL;
    void *copy = NULL;
    asx_status status = asx_db_prepare(&stmt, store, "SELECT value FROM cache WHERE key = ?",
                                       "read the cache", err);
    if (status != ASX_OK)
        return status;
    asx_db_bind_text(stmt, 1, key);
    int rc = sqlite3_step(stmt);
    size_t size = rc == SQLITE_ROW ? (size_t)sqlite3_column_bytes(stmt, 0) : 0;
    if (rc == SQLITE_ROW) {
        copy = asx_array_copy(size ? sqlite3_column_blob(stmt, 0) : "", size ? size : 1, 1);
        if (!copy)
            status = asx_fail(err, ASX_ENOMEM, "no memory for '%s' of the cache", key);
    } else if (rc != SQLITE_DONE) {
        status = asx_db_fail(store, err, "read the cache");
    }
    if (status == ASX_OK) {
        *out = copy;
        *n = size;
    }
    sqlite3_finalize(stmt);
    return status;
}

asx_status asx_store_cache_put(asx_store *store, const char *key, const void *data, size_t n,
                               asx_error *err)
{
    const char *what = "write the cache";
    sqlite3_stmt *stmt = NULL;
    asx_status status = asx_db_prepare(
        &stmt, store, "INSERT OR REPLACE INTO cache (key, value) VALUES (?, ?)", what, err);
    if (status != ASX_OK)
        return status;
    asx_db_bind_text(stmt, 1, key);
    if (sqlite3_bind_blob64(stmt, 2, n ? data : "", n, SQLITE_STATIC) != SQLITE_OK)
        status = asx_db_fail(store, err, what);
    else
        status = asx_db_finish(store, stmt, what, err);
    sqlite3_finalize(stmt);
    return status;
}
