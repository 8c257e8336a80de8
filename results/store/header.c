/* What the header of a database file says, held against the file. */
#include <string.h>
#include <sys/stat.h>

#include "db.h"
#include "dse/text.h"

enum { HEADER_TRIES = 20, HEADER_PAUSE_MS = 10, HEADER_SIZE = 100, WRITE_VERSION = 18 };

static const char magic[16] = "SQLite format 3";

static uint64_t big_endian(const unsigned char *p, int n)
{
    uint64_t value = 0;
    for (int i = 0; i < n; i++)
        value = value << 8 | p[i];
    return value;
}

long long asx_db_beside(const char *path, const char *suffix)
{
    struct stat info;
    long long size = -1;
    asx_text name = {0};
    asx_text_add(&name, "%s%s", path, suffix);
    if (!name.failed && stat(name.s, &info) == 0)
        size = (long long)info.st_size;
    asx_text_fini(&name);
    return size;
}

/* SQLite's own handle of the file: closing any other one would drop all locks that this process
 * holds on it (POSIX), another store's among them, and with its locks its log. */
static sqlite3_file *handle(const asx_store *store)
{
    sqlite3_file *file = NULL;
    const int rc = sqlite3_file_control(store->db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    return rc == SQLITE_OK && file && file->pMethods ? file : NULL;
}

bool asx_db_has_log_format(const asx_store *store)
{
    unsigned char header[HEADER_SIZE] = {0};
    sqlite3_file *file = handle(store);
    return file && file->pMethods->xRead(file, header, sizeof header, 0) == SQLITE_OK &&
           header[WRITE_VERSION] == 2;
}

/* The size of a database file, and what its header says it should be at least; 0 while a log makes
 * the header out of date, or a journal: of a transaction that was killed while it was written,
 * which SQLite takes back when it reads the file. */
static asx_status measure_file(asx_store *store, sqlite3_int64 *size, uint64_t *want,
                               asx_error *err)
{
    unsigned char header[HEADER_SIZE] = {0};
    sqlite3_file *file = handle(store);
    const bool logged =
        asx_db_beside(store->path, "-wal") > 0 || asx_db_beside(store->path, "-journal") > 0;
    if (!file || file->pMethods->xFileSize(file, size) != SQLITE_OK)
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

/* Another process that is writing the file at this moment has files beside it; only what stays
 * short is truncated. */
static bool maybe_being_written(const asx_store *store)
{
    return asx_db_beside(store->path, "-shm") >= 0 || asx_db_beside(store->path, "-journal") >= 0;
}

asx_status asx_db_check_header(asx_store *store, asx_error *err)
{
    sqlite3_int64 size = 0;
    uint64_t want = 0;
    for (int i = 0; i < HEADER_TRIES && (i < 2 || maybe_being_written(store)); i++) {
        if (i > 0)
            sqlite3_sleep(HEADER_PAUSE_MS);
        const asx_status status = measure_file(store, &size, &want, err);
        if (status != ASX_OK || (uint64_t)size >= want)
            return status;
    }
    return asx_fail(err, ASX_EDB, "'%s' is truncated: %lld of %llu bytes are there", store->path,
                    (long long)size, (unsigned long long)want);
}
