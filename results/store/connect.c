/* Connections to the file: how they are opened, and what they are set to.
 *
 * Readers leave nothing behind. SQLite reads a database with a log by way of two files beside it;
 * the last connection removes them, but only one that may write. So readers open the file for
 * writing where they may, and forbid themselves to. Where they may not, they use the files that are
 * there; and where there are none, nobody is writing, and the file is read as it lies. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db.h"
#include "dse/text.h"
#include "page_hash.h"

enum { BUSY_TIMEOUT_MS = 60000, MODE_TRIES = 600, MODE_PAUSE_MS = 100 };

/* "file:" URI with every byte escaped that could mean something. */
static asx_status make_uri(char **out, const asx_store *store, const char *options, asx_error *err)
{
    const bool trusting = store->mode == ASX_STORE_CHECK || store->mode == ASX_STORE_REPAIR;
    const char *path = store->path;
    asx_text uri = {0};
    asx_text_add(&uri, *path == '/' ? "file://" : "file:");
    for (const char *p = path; *p; p++)
        asx_text_add(&uri, strchr("%?#&=", *p) ? "%%%02X" : "%c", (unsigned char)*p);
    asx_text_add(&uri, "?%s%s", options, trusting ? ASX_PAGE_TRUSTING : "");
    return asx_text_take(out, &uri, err);
}

static asx_status set_up(asx_store *store, asx_error *err)
{
    sqlite3_extended_result_codes(store->db, 1);
    sqlite3_busy_timeout(store->db, BUSY_TIMEOUT_MS);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    /* "nosuch" in double quotes is an error, not a string */
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    return asx_db_add_functions(store, err);
}

/* @param options  of the URI: mode=ro, rw or rwc, and others */
static asx_status connect(asx_store *store, const char *options, asx_error *err)
{
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI;
    sqlite3_close(store->db);
    store->db = NULL;
    free(store->uri);
    store->uri = NULL;
    const char *layer = asx_page_layer();
    asx_status status = make_uri(&store->uri, store, options, err);
    if (status == ASX_OK && !layer)
        status = asx_fail(err, ASX_ENOMEM, "no memory to open '%s'", store->path);
    if (status != ASX_OK)
        return status;
    if (sqlite3_open_v2(store->uri, &store->db, flags, layer) != SQLITE_OK) {
        if (!store->db)
            return asx_fail(err, ASX_ENOMEM, "no memory to open '%s'", store->path);
        const int reason = sqlite3_system_errno(store->db);
        return asx_fail(err, ASX_EIO, "cannot open '%s': %s", store->path,
                        reason ? strerror(reason) : sqlite3_errmsg(store->db));
    }
    return set_up(store, err);
}

static bool may_write(const char *path)
{
    asx_text folder = {0};
    const char *slash = strrchr(path, '/');
    asx_text_add(&folder, "%.*s", slash ? (int)(slash - path) + 1 : 1, slash ? path : ".");
    const bool may = !folder.failed && access(path, W_OK) == 0 && access(folder.s, W_OK) == 0;
    asx_text_fini(&folder);
    return may;
}

asx_status asx_db_connect_reader(asx_store *store, asx_error *err)
{
    asx_status status;
    if (may_write(store->path)) {
        status = connect(store, "mode=rw", err);
        return status == ASX_OK ? asx_db_run(store, "PRAGMA query_only = ON", "configure", err)
                                : status;
    }
    status = connect(store, "mode=ro&readonly_shm=1", err);
    if (status != ASX_OK || !asx_db_has_log_format(store) ||
        asx_db_beside(store->path, "-shm") >= 0)
        return status;
    return connect(store, asx_db_beside(store->path, "-wal") > 0 ? "mode=ro" : "immutable=1", err);
}

asx_status asx_db_connect_writer(asx_store *store, asx_error *err)
{
    asx_status status =
        connect(store, store->mode == ASX_STORE_CREATE ? "mode=rwc" : "mode=rw", err);
    if (status == ASX_OK && sqlite3_db_readonly(store->db, "main") == 1)
        status = asx_fail(err, ASX_EDB, "cannot write to '%s': it is read-only", store->path);
    if (status == ASX_OK)
        asx_page_want_hashes(store);
    return status;
}

/* Changing the journal needs the file for a moment alone, and SQLite does not wait for that. */
static asx_status set_journal(asx_store *store, const char *sql, const char *what, asx_error *err)
{
    int rc = SQLITE_BUSY;
    for (int i = 0; i < MODE_TRIES && (rc & 0xff) == SQLITE_BUSY; i++) {
        if (i > 0)
            sqlite3_sleep(MODE_PAUSE_MS);
        rc = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
    }
    return rc == SQLITE_OK ? ASX_OK : asx_db_fail(store, err, what);
}

asx_status asx_db_configure_writer(asx_store *store, bool shared, asx_error *err)
{
    asx_status status =
        shared ? set_journal(store, "PRAGMA journal_mode = DELETE", "do without a log", err)
               : set_journal(store, "PRAGMA journal_mode = WAL", "use a write-ahead log", err);
    store->logged = !shared;
    if (status == ASX_OK)
        status =
            asx_db_run(store, shared ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL",
                       "configure", err);
    if (status == ASX_OK)
        status = asx_db_run(store,
                            "PRAGMA foreign_keys = ON; PRAGMA cache_size = -65536; "
                            "PRAGMA wal_autocheckpoint = 8192",
                            "configure", err);
    return status;
}
