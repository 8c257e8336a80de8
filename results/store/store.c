/* Opening and closing the database, and its cache of blobs. */
#include "results/store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db.h"
#include "dse/memory.h"
#include "dse/text.h"
#include "seal.h"

enum { KEEP_EVERY = 1 << 14 }; /* a front is kept after so many bookings */

static asx_status check_file(const char *path, asx_store_mode mode, asx_error *err)
{
    struct stat info;
    if (strcmp(path, ":memory:") == 0)
        return asx_fail(err, ASX_EINVAL,
                        "':memory:' is no file: a database is kept on disk, so that a run can go "
                        "on; name a file, such as /tmp/trial.db");
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

/* Behind the schema check, so that a foreign database is left as it is. */
static asx_status configure(asx_store *store, asx_file_system_probe *probe, asx_error *err)
{
    const char *kind = probe(store->path);
    if (kind) {
        asx_text remark = {0};
        asx_text_add(
            &remark,
            "'%s' lies on a network file system (%s): without a write-ahead log storing is "
            "slower, and readers and runs wait for each other",
            store->path, kind);
        const asx_status status = asx_text_take(&store->remark, &remark, err);
        if (status != ASX_OK)
            return status;
    }
    return asx_db_configure_writer(store, kind != NULL, err);
}

asx_status asx_store_open_on(asx_store **out, const char *path, asx_store_mode mode,
                             asx_file_system_probe *probe, asx_error *err)
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
    store->keep_every = KEEP_EVERY;
    status = asx_db_only_reads(store) ? asx_db_connect_reader(store, err)
                                      : asx_db_connect_writer(store, err);
    if (status == ASX_OK)
        status = asx_db_check_header(store, err);
    if (status == ASX_OK)
        status = asx_schema_prepare(store, err);
    if (status == ASX_OK && !asx_db_only_reads(store))
        status = configure(store, probe, err);
    if (status == ASX_OK && !asx_db_only_reads(store))
        status = asx_seal_watch(store, err);
    if (status != ASX_OK)
        goto done;
    asx_db_remember_file(store);
    *out = store;
    store = NULL;
done:
    asx_store_free(store);
    return status;
}

asx_status asx_store_open(asx_store **out, const char *path, asx_store_mode mode, asx_error *err)
{
    return asx_store_open_on(out, path, mode, asx_file_system_shared, err);
}

/* The log beside a file that took this one's place is that file's: closing must not remove it. */
static void leave_strangers_log(const asx_store *store)
{
    int keep = 1;
    if (store->db && asx_store_check_place(store, NULL) != ASX_OK &&
        access(store->path, F_OK) == 0) {
        sqlite3_file_control(store->db, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
        sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    }
}

void asx_store_free(asx_store *store)
{
    if (!store)
        return;
    asx_book_free_all(store);
    asx_design_forget(store);
    for (int i = 0; i < ASX_DB_N_STATEMENTS; i++)
        sqlite3_finalize(store->kept[i]);
    leave_strangers_log(store);
    sqlite3_close(store->db);
    free(store->remark);
    free(store->uri);
    free(store->path);
    free(store);
}

const char *asx_store_path(const asx_store *store)
{
    return store->path;
}

const char *asx_store_remark(const asx_store *store)
{
    return store->remark;
}

asx_status asx_store_cache_get(void **out, size_t *n, asx_store *store, const char *key,
                               asx_error *err)
{
    sqlite3_stmt *stmt = NULL;
    asx_status status = asx_db_prepare(&stmt, store, "SELECT value FROM cache WHERE key = ?",
                                       "read the cache", err);
    if (status != ASX_OK)
        return status;
    asx_db_bind_text(stmt, 1, key);
    status = asx_db_blob(out, n, store, stmt, "read the cache", err);
    sqlite3_finalize(stmt);
    return status;
}

asx_status asx_store_cache_forget(asx_store *store, const char *prefix, asx_error *err)
{
    const char *what = "clear the cache";
    sqlite3_stmt *stmt = NULL;
    asx_status status = asx_db_prepare(
        &stmt, store, "DELETE FROM cache WHERE substr(key, 1, length(?1)) = ?1", what, err);
    if (status != ASX_OK)
        return status;
    asx_db_bind_text(stmt, 1, prefix);
    status = asx_db_finish(store, stmt, what, err);
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
