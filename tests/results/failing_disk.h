/* A layer between SQLite and the files that makes writes and syncs fail, and knows what of a file would be left if
 * power were cut. */
#ifndef ASX_TESTS_FAILING_DISK_H
#define ASX_TESTS_FAILING_DISK_H

#include "sample.h"

#include <sqlite3.h>

#include "dse/file.h"
#include "vfs_forward.h"

enum { FILES = 8, WRITES = 4096 };

/* A write that was not synced yet. */
typedef struct lost_write {
    char *bytes;
    int n;
    sqlite3_int64 at;
} lost_write;

/* A file as it is on the platter, and what is on its way there. */
typedef struct image {
    char path[300];
    char *bytes;
    size_t n;
    lost_write pending[WRITES];
    size_t n_pending;
} image;

static struct layer {
    sqlite3_vfs vfs;
    sqlite3_vfs *base;
    bool armed;                /* operations number fail_at and later fail */
    int n, fail_at;            /* operations so far */
    int write_code, sync_code; /* SQLITE_OK: that kind does not fail */
    bool recording;            /* images are kept */
    image file[FILES];
    size_t n_files, log_syncs;
    int n_told; /* failures that the store reported */
} layer;

typedef struct wrapped {
    asx_forward forward;
    image *image; /* NULL: not recorded */
} wrapped;

static inline int fault(int code)
{
    if (code == SQLITE_OK)
        return SQLITE_OK;
    layer.n++;
    return layer.armed && layer.n >= layer.fail_at ? code : SQLITE_OK;
}

static inline void apply(image *f, const char *bytes, int n, sqlite3_int64 at)
{
    const size_t end = (size_t)at + (size_t)n;
    if (end > f->n) {
        f->bytes = realloc(f->bytes, end);
        assert_non_null(f->bytes);
        memset(f->bytes + f->n, 0, end - f->n);
        f->n = end;
    }
    memcpy(f->bytes + at, bytes, (size_t)n);
}

static inline void settle(image *f)
{
    for (size_t i = 0; i < f->n_pending; i++) {
        apply(f, f->pending[i].bytes, f->pending[i].n, f->pending[i].at);
        free(f->pending[i].bytes);
    }
    f->n_pending = 0;
}

static inline int do_write(sqlite3_file *file, const void *bytes, int n, sqlite3_int64 at)
{
    image *f = ((wrapped *)file)->image;
    const int rc = fault(layer.write_code);
    if (rc != SQLITE_OK)
        return rc;
    if (f) {
        assert_true(f->n_pending < WRITES);
        lost_write *w = &f->pending[f->n_pending++];
        *w = (lost_write){malloc((size_t)n), n, at};
        memcpy(w->bytes, bytes, (size_t)n);
    }
    return asx_below(file)->pMethods->xWrite(asx_below(file), bytes, n, at);
}

static inline int do_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    image *f = ((wrapped *)file)->image;
    const int rc = fault(layer.write_code);
    if (rc != SQLITE_OK)
        return rc;
    if (f) {
        settle(f);
        f->n = f->n < (size_t)size ? f->n : (size_t)size;
    }
    return asx_forward_truncate(file, size);
}

static inline int do_sync(sqlite3_file *file, int flags)
{
    image *f = ((wrapped *)file)->image;
    const int rc = fault(layer.sync_code);
    (void)flags;
    if (rc != SQLITE_OK)
        return rc;
    if (f) {
        settle(f);
        layer.log_syncs += strstr(f->path, "-wal") != NULL;
    }
    return SQLITE_OK; /* the real one would only take time */
}

static inline image *find_image(const char *path)
{
    for (size_t i = 0; i < layer.n_files; i++)
        if (strcmp(layer.file[i].path, path) == 0)
            return &layer.file[i];
    assert_true(layer.n_files < FILES);
    image *f = &layer.file[layer.n_files++];
    asx_error err = {0};
    *f = (image){0};
    snprintf(f->path, sizeof f->path, "%s", path);
    if (access(path, F_OK) == 0)
        CHECK_OK(asx_file_read(&f->bytes, &f->n, path, 1 << 26, &err), err);
    return f;
}

static inline int do_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                          int *out)
{
    static const sqlite3_io_methods methods = {
        ASX_FORWARD_METHODS,      .xRead = asx_forward_read, .xWrite = do_write,
        .xTruncate = do_truncate, .xSync = do_sync,          .xFileControl = asx_forward_control,
    };
    wrapped *w = (wrapped *)file;
    (void)vfs;
    *w = (wrapped){0};
    if (layer.recording && name && flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL))
        w->image = find_image(name);
    return asx_forward_open(&w->forward, sizeof *w, &methods, layer.base, name, flags, out);
}

static inline int put_in(void **state)
{
    (void)state;
    if (!layer.base) /* later a layer over this one may be first in the list */
        layer.base = sqlite3_vfs_find(NULL);
    layer.vfs = *layer.base;
    layer.vfs.zName = "faults";
    layer.vfs.szOsFile = (int)sizeof(wrapped) + layer.base->szOsFile;
    layer.vfs.xOpen = do_open;
    return sqlite3_vfs_register(&layer.vfs, 1);
}

static inline int take_out(void **state)
{
    (void)state;
    return sqlite3_vfs_unregister(&layer.vfs);
}

#endif
