#include "page_hash.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "dse/file.h"
#include "vfs_forward.h"

enum {
    PAGE_MAX = 65536,
    PAGE_MIN = 512,
    HEADER_SIZE = 100,
    RESERVED = 20, /* where the header says how many bytes of a page are left alone */
    CHANGES = 24,  /* where it counts changes of the file, */
    COOKIE = 40,   /* of the schema, */
    VALID_FOR =
        92, /* and again those of the file, as the SQLite behind it did that wrote it last */
    COUNTER_SIZE = 4,
    CHECK_PAUSES = 20, /* of one check, and how long each is */
    CHECK_PAUSE_MS = 10,
    CHECK_ALL = 0x41535831 /* an operation of xFileControl that SQLite does not know */
};

/* The layer is a copy of what it lies over, so that whatever looks into it finds the same. */
typedef struct layer {
    sqlite3_vfs vfs;
    sqlite3_vfs *base;
    char name[64];
} layer;

typedef struct layered_file {
    asx_forward forward;
    int page_size; /* of pages that hold a hash; 0: they hold none, or the header was not seen yet */
    bool trusting;
} layered_file;

typedef struct findings {
    int64_t n, first;
    bool made;
    int pauses; /* made so far */
} findings;

static uint64_t hash_of_all(const unsigned char *page, int n, sqlite3_int64 at)
{
    return asx_hash(page, (size_t)(n - ASX_PAGE_HASH_SIZE), (uint64_t)(at / n) + 1);
}

/* Of the first page without what SQLite counts there, which it sets anew in a copy that it makes page by page. */
static uint64_t hash_of_first(const unsigned char *page, int n)
{
    unsigned char header[HEADER_SIZE];
    memcpy(header, page, sizeof header);
    memset(header + CHANGES, 0, COUNTER_SIZE);
    memset(header + COOKIE, 0, COUNTER_SIZE);
    memset(header + VALID_FOR, 0, (size_t)HEADER_SIZE - VALID_FOR);
    return asx_hash(page + HEADER_SIZE, (size_t)(n - HEADER_SIZE - ASX_PAGE_HASH_SIZE),
                    asx_hash(header, sizeof header, 1));
}

/* Never 0, which is no hash: the file grew beyond the page, or another program moved it there from our log. */
static uint64_t hash_of(const unsigned char *page, int n, sqlite3_int64 at)
{
    const uint64_t hash = at == 0 ? hash_of_first(page, n) : hash_of_all(page, n, at);
    return hash ? hash : 1;
}

/* Of the counters, two are one number. Before they were left out, the hash of the first page was as that of others. */
static bool first_is_as_written(uint64_t hash, const unsigned char *page, int n)
{
    const bool counted = memcmp(page + CHANGES, page + VALID_FOR, COUNTER_SIZE) == 0;
    return (counted && hash == hash_of(page, n, 0)) || hash == hash_of_all(page, n, 0);
}

static bool is_as_written(const unsigned char *page, int n, sqlite3_int64 at)
{
    uint64_t hash;
    memcpy(&hash, page + n - ASX_PAGE_HASH_SIZE, sizeof hash);
    if (hash == 0)
        return true;
    return at == 0 ? first_is_as_written(hash, page, n) : hash == hash_of(page, n, at);
}

/* What the first bytes of a file say of its pages. */
static int hashed_page_size(const unsigned char *header)
{
    const int stored = header[16] << 8 | header[17], size = stored == 1 ? PAGE_MAX : stored;
    const bool is_size = size >= PAGE_MIN && (size & (size - 1)) == 0;
    return memcmp(header, "SQLite format 3", 16) == 0 && header[RESERVED] == ASX_PAGE_HASH_SIZE &&
                   is_size
               ? size
               : 0;
}

static void learn(layered_file *f, const void *bytes, int n, sqlite3_int64 at)
{
    if (at == 0 && n >= HEADER_SIZE)
        f->page_size = hashed_page_size(bytes);
}

static int do_read(sqlite3_file *file, void *out, int n, sqlite3_int64 at)
{
    layered_file *f = (layered_file *)file;
    const int rc = asx_forward_read(file, out, n, at);
    if (rc != SQLITE_OK)
        return rc;
    learn(f, out, n, at);
    if (n != f->page_size || at % n != 0)
        return SQLITE_OK;
    if (!f->trusting && !is_as_written(out, n, at))
        return SQLITE_IOERR_DATA;
    /* in the log a page has no hash: who moves it to the file without this layer leaves none, not an old one */
    memset((unsigned char *)out + n - ASX_PAGE_HASH_SIZE, 0, ASX_PAGE_HASH_SIZE);
    return SQLITE_OK;
}

static int do_write(sqlite3_file *file, const void *bytes, int n, sqlite3_int64 at)
{
    layered_file *f = (layered_file *)file;
    unsigned char page[PAGE_MAX];
    learn(f, bytes, n, at);
    if (n == f->page_size && at % n == 0) {
        const uint64_t hash = hash_of(bytes, n, at);
        memcpy(page, bytes, (size_t)(n - ASX_PAGE_HASH_SIZE));
        memcpy(page + n - ASX_PAGE_HASH_SIZE, &hash, sizeof hash);
        bytes = page;
    }
    return asx_below(file)->pMethods->xWrite(asx_below(file), bytes, n, at);
}

/* Another process may be writing the page at this moment: only what stays wrong is. Once that was waited
 * for often enough the file is damaged, whatever is being written: a thousand torn pages take no longer. */
static int check_page(findings *out, sqlite3_file *file, int n, sqlite3_int64 at)
{
    unsigned char page[PAGE_MAX];
    int rc = SQLITE_OK;
    for (;;) {
        rc = file->pMethods->xRead(file, page, n, at);
        if (rc == SQLITE_OK && is_as_written(page, n, at))
            return SQLITE_OK;
        if (rc != SQLITE_OK || out->pauses == CHECK_PAUSES)
            break;
        out->pauses++;
        sqlite3_sleep(CHECK_PAUSE_MS);
    }
    if (rc == SQLITE_OK && out->n++ == 0)
        out->first = at / n + 1;
    return rc == SQLITE_IOERR_SHORT_READ ? SQLITE_OK : rc; /* the file became shorter */
}

static int check_all(findings *out, layered_file *f)
{
    unsigned char header[HEADER_SIZE];
    sqlite3_file *file = f->forward.below;
    sqlite3_int64 size = 0;
    int rc = file->pMethods->xFileSize(file, &size);
    *out = (findings){0};
    if (rc == SQLITE_OK && size >= HEADER_SIZE)
        rc = file->pMethods->xRead(file, header, sizeof header, 0);
    if (rc != SQLITE_OK || size < HEADER_SIZE)
        return rc;
    const int n = hashed_page_size(header);
    out->made = n > 0;
    for (sqlite3_int64 at = 0; n > 0 && at + n <= size && rc == SQLITE_OK; at += n)
        rc = check_page(out, file, n, at);
    return rc;
}

static int do_control(sqlite3_file *file, int op, void *argument)
{
    if (op == CHECK_ALL)
        return check_all(argument, (layered_file *)file);
    return asx_forward_control(file, op, argument);
}

static const sqlite3_io_methods methods = {
    ASX_FORWARD_METHODS,       .xRead = do_read,
    .xWrite = do_write,        .xTruncate = asx_forward_truncate,
    .xSync = asx_forward_sync, .xFileControl = do_control,
};

/* Journals, logs and temporary files are the base's own. */
static int do_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
    sqlite3_vfs *base = ((layer *)vfs)->base;
    layered_file *f = (layered_file *)file;
    if (!(flags & SQLITE_OPEN_MAIN_DB))
        return base->xOpen(base, name, file, flags, out);
    *f = (layered_file){.trusting = name && sqlite3_uri_boolean(name, "asx_trusting", 0) != 0};
    return asx_forward_open(&f->forward, sizeof *f, &methods, base, name, flags, out);
}

static layer *make_layer(sqlite3_vfs *base, const char *name)
{
    layer *l = sqlite3_malloc(sizeof *l); /* SQLite keeps it as long as the process lives */
    if (!l)
        return NULL;
    l->vfs = *base;
    l->base = base;
    snprintf(l->name, sizeof l->name, "%s", name);
    l->vfs.zName = l->name;
    l->vfs.pNext = NULL;
    l->vfs.szOsFile = (int)sizeof(layered_file) + base->szOsFile;
    l->vfs.xOpen = do_open;
    if (sqlite3_vfs_register(&l->vfs, 0) == SQLITE_OK)
        return l;
    sqlite3_free(l);
    return NULL;
}

const char *asx_page_layer(void)
{
    char name[64];
    if (sqlite3_initialize() != SQLITE_OK)
        return NULL;
    sqlite3_mutex *turn = sqlite3_mutex_alloc(SQLITE_MUTEX_STATIC_APP1);
    sqlite3_mutex_enter(turn);
    sqlite3_vfs *base = sqlite3_vfs_find(NULL);
    if (base && base->xOpen == do_open) /* the one it lies over was SQLite's default, and went */
        base = ((layer *)base)->base;
    snprintf(name, sizeof name, "asx over %.40s", base ? base->zName : "");
    sqlite3_vfs *found = sqlite3_vfs_find(name);
    const char *made = found ? found->zName : NULL;
    if (!found && base) {
        const layer *l = make_layer(base, name);
        made = l ? l->name : NULL;
    }
    sqlite3_mutex_leave(turn);
    return made;
}

void asx_page_want_hashes(asx_store *store)
{
    int n = ASX_PAGE_HASH_SIZE;
    sqlite3_file_control(store->db, "main", SQLITE_FCNTL_RESERVE_BYTES, &n);
}

asx_status asx_page_check(int64_t *n, int64_t *first, bool *made, asx_store *store, asx_error *err)
{
    const char *what = "check the pages";
    findings f = {0};
    int64_t ignored;
    /* what this transaction sees is not overwritten by a checkpoint before it ends */
    asx_status status = asx_db_run(store, "BEGIN", what, err);
    if (status == ASX_OK)
        status = asx_db_integer(&ignored, store, "SELECT count(*) FROM sqlite_schema", what, err);
    const int rc =
        status == ASX_OK ? sqlite3_file_control(store->db, "main", CHECK_ALL, &f) : SQLITE_OK;
    if (rc != SQLITE_OK)
        status =
            asx_fail(err, ASX_EDB, "cannot %s of '%s': %s", what, store->path, sqlite3_errstr(rc));
    status = asx_db_end(store, status, err);
    if (status == ASX_OK) {
        *n = f.n;
        *first = f.first;
        *made = f.made;
    }
    return status;
}
