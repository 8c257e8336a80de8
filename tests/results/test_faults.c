/* What storage does to us: every write and sync that can fail is made to fail; power is cut with
 * any part of what was not synced lost; files are copied in the middle of a run. Between SQLite and
 * the files stands a layer of ours that does it. */
#include "sample.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>

#include "db.h"
#include "dse/file.h"
#include "results/check.h"

/* ---- the layer ---- */

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
    sqlite3_file file;
    image *image; /* NULL: not recorded */
} wrapped;

static sqlite3_file *inner(sqlite3_file *file)
{
    return (sqlite3_file *)((wrapped *)file + 1);
}

static int fault(int code)
{
    if (code == SQLITE_OK)
        return SQLITE_OK;
    layer.n++;
    return layer.armed && layer.n >= layer.fail_at ? code : SQLITE_OK;
}

static void apply(image *f, const char *bytes, int n, sqlite3_int64 at)
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

static void settle(image *f)
{
    for (size_t i = 0; i < f->n_pending; i++) {
        apply(f, f->pending[i].bytes, f->pending[i].n, f->pending[i].at);
        free(f->pending[i].bytes);
    }
    f->n_pending = 0;
}

static int do_close(sqlite3_file *file)
{
    return inner(file)->pMethods->xClose(inner(file));
}

static int do_read(sqlite3_file *file, void *out, int n, sqlite3_int64 at)
{
    return inner(file)->pMethods->xRead(inner(file), out, n, at);
}

static int do_write(sqlite3_file *file, const void *bytes, int n, sqlite3_int64 at)
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
    return inner(file)->pMethods->xWrite(inner(file), bytes, n, at);
}

static int do_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    image *f = ((wrapped *)file)->image;
    const int rc = fault(layer.write_code);
    if (rc != SQLITE_OK)
        return rc;
    if (f) {
        settle(f);
        f->n = f->n < (size_t)size ? f->n : (size_t)size;
    }
    return inner(file)->pMethods->xTruncate(inner(file), size);
}

static int do_sync(sqlite3_file *file, int flags)
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

static int do_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return inner(file)->pMethods->xFileSize(inner(file), size);
}

static int do_lock(sqlite3_file *file, int kind)
{
    return inner(file)->pMethods->xLock(inner(file), kind);
}

static int do_unlock(sqlite3_file *file, int kind)
{
    return inner(file)->pMethods->xUnlock(inner(file), kind);
}

static int do_check_lock(sqlite3_file *file, int *out)
{
    return inner(file)->pMethods->xCheckReservedLock(inner(file), out);
}

static int do_control(sqlite3_file *file, int op, void *argument)
{
    return inner(file)->pMethods->xFileControl(inner(file), op, argument);
}

static int do_sector(sqlite3_file *file)
{
    return inner(file)->pMethods->xSectorSize(inner(file));
}

static int do_traits(sqlite3_file *file)
{
    return inner(file)->pMethods->xDeviceCharacteristics(inner(file));
}

static int do_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **out)
{
    return inner(file)->pMethods->xShmMap(inner(file), page, size, extend, out);
}

static int do_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
    return inner(file)->pMethods->xShmLock(inner(file), offset, n, flags);
}

static void do_shm_barrier(sqlite3_file *file)
{
    inner(file)->pMethods->xShmBarrier(inner(file));
}

static int do_shm_unmap(sqlite3_file *file, int remove)
{
    return inner(file)->pMethods->xShmUnmap(inner(file), remove);
}

static image *find_image(const char *path)
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

static int do_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
    static const sqlite3_io_methods methods = {
        .iVersion = 2,
        .xClose = do_close,
        .xRead = do_read,
        .xWrite = do_write,
        .xTruncate = do_truncate,
        .xSync = do_sync,
        .xFileSize = do_size,
        .xLock = do_lock,
        .xUnlock = do_unlock,
        .xCheckReservedLock = do_check_lock,
        .xFileControl = do_control,
        .xSectorSize = do_sector,
        .xDeviceCharacteristics = do_traits,
        .xShmMap = do_shm_map,
        .xShmLock = do_shm_lock,
        .xShmBarrier = do_shm_barrier,
        .xShmUnmap = do_shm_unmap,
    };
    wrapped *w = (wrapped *)file;
    (void)vfs;
    *w = (wrapped){0};
    if (layer.recording && name && flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL))
        w->image = find_image(name);
    const int rc = layer.base->xOpen(layer.base, name, inner(file), flags, out);
    file->pMethods = inner(file)->pMethods ? &methods : NULL;
    return rc;
}

static int put_in(void **state)
{
    (void)state;
    layer.base = sqlite3_vfs_find(NULL);
    layer.vfs = *layer.base;
    layer.vfs.zName = "faults";
    layer.vfs.szOsFile = (int)sizeof(wrapped) + layer.base->szOsFile;
    layer.vfs.xOpen = do_open;
    return sqlite3_vfs_register(&layer.vfs, 1);
}

static int take_out(void **state)
{
    (void)state;
    return sqlite3_vfs_unregister(&layer.vfs);
}

/* ---- what the tests share ---- */

static asx_store *open_store(const char *path)
{
    asx_error err = {0};
    asx_store *store = NULL;
    CHECK_OK(asx_store_open(&store, path, ASX_STORE_CREATE, &err), err);
    return store;
}

static asx_status book(const asx_ledger *ledger, unsigned design, asx_error *err)
{
    char text[64];
    const asx_evaluation e = sample_evaluation(ASX_TIER_PROXY, design);
    snprintf(text, sizeof text, "vn: w%ua8", design);
    return ledger->book(ledger->state, text, NULL, &e, err);
}

static asx_status complain(void *state, const char *what, int64_t n_wrong, const char *example,
                           asx_error *err)
{
    (void)state, (void)err;
    if (n_wrong && strcmp(what, "breakdowns add up") != 0) /* the samples' parts do not */
        fail_msg("%s: %s", what, example);
    return ASX_OK;
}

/* A sound database with the first n designs, n being at least `least`; returns n. */
static size_t check(const char *path, size_t least)
{
    asx_error err = {0};
    asx_store *store = open_store(path);
    asx_rows rows = {0};
    const asx_query query = {.campaign = 1};
    CHECK_OK(asx_store_check(store, complain, NULL, &err), err);
    CHECK_OK(asx_query_rows(&rows, store, &query, &err), err);
    const size_t n = rows.n;
    assert_true(n >= least);
    for (size_t i = 0; i < n; i++) {
        const unsigned design = (unsigned)atoi(rows.row[i].design + strlen("vn: w"));
        const asx_evaluation want = sample_evaluation(ASX_TIER_PROXY, design);
        assert_true(design < n);
        assert_memory_equal(&want.accuracy.accuracy, &rows.row[i].evaluation.accuracy.accuracy,
                            6 * sizeof(double));
    }
    asx_rows_fini(&rows);
    asx_store_free(store);
    return n;
}

/* ---- every write that can fail ---- */

/* Books 24 designs, four to a commit, with the k-th operation and those behind it failing once;
 * false if there are fewer than k. */
static bool survive(const char *path, int k)
{
    asx_error err = {0};
    bool failed = false;
    asx_store *store = open_store(path);
    const asx_ledger ledger = sample_ledger(store, sample_campaign(store, "a"), ASX_TIER_PROXY, 4);
    sqlite3_wal_autocheckpoint(store->db, 6);
    layer.n = 0;
    layer.fail_at = k;
    layer.armed = true;
    for (unsigned i = 0; i < 24; i++) {
        if (book(&ledger, i, &err) == ASX_OK)
            continue;
        assert_false(failed);
        failed = true;
        layer.n_told++;
        assert_non_null(strstr(err.message, path));
        assert_null(strchr(err.message, '\n'));
        layer.armed = false; /* somebody made room */
        CHECK_OK(book(&ledger, i, &err), err);
    }
    if (asx_store_flush(store, &err) != ASX_OK) {
        failed = true;
        layer.armed = false;
        CHECK_OK(asx_store_flush(store, &err), err);
    }
    const bool reached = layer.n >= k;
    layer.armed = false;
    asx_store_free(store);
    assert_int_equal(check(path, 24), 24);
    return reached;
}

static void test_failing_writes(void **state)
{
    static const int codes[][2] = {{SQLITE_FULL, SQLITE_OK},
                                   {SQLITE_IOERR_WRITE, SQLITE_OK},
                                   {SQLITE_OK, SQLITE_IOERR_FSYNC},
                                   {SQLITE_READONLY, SQLITE_OK}};
    (void)state;
    for (size_t c = 0; c < sizeof codes / sizeof *codes; c++) {
        bool reached = true;
        int k = 1;
        layer.write_code = codes[c][0];
        layer.sync_code = codes[c][1];
        layer.n_told = 0;
        for (; reached && k < 400; k++) {
            char path[256];
            sample_path(path, sizeof path, "x.db");
            reached = survive(path, k);
            sample_remove(path);
        }
        assert_false(reached);
        assert_true(layer.n_told > 0); /* there was something to fail, and it was told */
    }
    layer.write_code = layer.sync_code = SQLITE_OK;
}

/* ---- power cut ---- */

/* What the platter may hold: of the writes that were not synced any, whole or in part. */
static void write_platter(const char *folder, uint64_t *random)
{
    for (size_t i = 0; i < layer.n_files; i++) {
        image f = layer.file[i], *on_way = &layer.file[i];
        char path[400];
        f.bytes = malloc(f.n + 1);
        memcpy(f.bytes, on_way->bytes, f.n);
        for (size_t w = 0; w < on_way->n_pending; w++)
            for (int at = 0; at < on_way->pending[w].n; at += 512) {
                const lost_write *lost = &on_way->pending[w];
                *random = *random * 6364136223846793005u + 1442695040888963407u;
                if (*random >> 63)
                    apply(&f, lost->bytes + at, lost->n - at < 512 ? lost->n - at : 512,
                          lost->at + at);
            }
        snprintf(path, sizeof path, "%s/%s", folder, strrchr(f.path, '/') + 1);
        FILE *out = fopen(path, "wb");
        assert_non_null(out);
        assert_int_equal(fwrite(f.bytes, 1, f.n, out), f.n);
        fclose(out);
        free(f.bytes);
    }
}

static void forget_images(void)
{
    for (size_t i = 0; i < layer.n_files; i++) {
        settle(&layer.file[i]);
        free(layer.file[i].bytes);
    }
    layer.n_files = 0;
    layer.recording = false;
}

/* Power goes after `n` bookings; every seventh commit is waited for, as one per second is. */
static void cut_after(unsigned n, uint64_t *random)
{
    char path[256], folder[] = "/tmp/asx-platter-XXXXXX", cut[300];
    asx_error err = {0};
    size_t safe = 0;
    sample_path(path, sizeof path, "x.db");
    asx_store *store = open_store(path);
    sample_campaign(store, "a");
    asx_store_free(store); /* what was closed is on the platter */
    layer.recording = true;
    store = open_store(path);
    const asx_ledger ledger = sample_ledger(store, 1, ASX_TIER_PROXY, 1);
    sqlite3_wal_autocheckpoint(store->db, 10);
    for (unsigned i = 0; i < n; i++) {
        const size_t syncs = layer.log_syncs;
        store->synced_s = i % 7 == 0 ? 0 : 1e12;
        CHECK_OK(book(&ledger, i, &err), err);
        if (i % 7 == 0) {
            assert_true(layer.log_syncs > syncs);
            safe = i + 1;
        }
    }
    assert_non_null(mkdtemp(folder));
    write_platter(folder, random);
    asx_store_free(store);
    forget_images();
    snprintf(cut, sizeof cut, "%s/x.db", folder);
    assert_in_range(check(cut, safe), safe, n);
    sample_remove(cut);
    sample_remove(path);
}

static void test_power_cut(void **state)
{
    uint64_t random = 1;
    (void)state;
    for (unsigned n = 1; n < 60; n++)
        cut_after(n, &random);
}

/* ---- copies in the middle of a run ---- */

static void copy(const char *from, const char *to, const char *suffix)
{
    char command[800];
    snprintf(command, sizeof command, "cp '%s%s' '%s%s'", from, suffix, to, suffix);
    assert_int_equal(system(command), 0);
}

static void write_on(const char *path, int told)
{
    asx_error err = {0};
    asx_store *store = open_store(path);
    const asx_ledger ledger = sample_ledger(store, sample_campaign(store, "a"), ASX_TIER_PROXY, 1);
    sqlite3_wal_autocheckpoint(store->db, 20);
    for (unsigned i = 0;; i++)
        if (book(&ledger, i, &err) != ASX_OK || write(told, &i, sizeof i) != (ssize_t)sizeof i)
            _exit(1);
}

/* The writer is held for the copy, so that both files are of one moment. */
static void test_copies(void **state)
{
    enum { COPIES = 25 };
    char path[256], there[300];
    int ends[2], status;
    unsigned last = 0;
    (void)state;
    sample_path(path, sizeof path, "x.db");
    snprintf(there, sizeof there, "%.*s/copy.db", (int)(strrchr(path, '/') - path), path);
    assert_int_equal(pipe(ends), 0);
    const pid_t pid = fork();
    if (pid == 0)
        write_on(path, ends[1]);
    close(ends[1]);
    for (int i = 0; i < COPIES; i++) {
        const unsigned until = last + 3 + (unsigned)i;
        while (last < until)
            assert_int_equal(read(ends[0], &last, sizeof last), sizeof last);
        assert_int_equal(kill(pid, SIGSTOP), 0);
        assert_int_equal(waitpid(pid, &status, WUNTRACED), pid);
        copy(path, there, "");
        copy(path, there, "-wal");
        check(there, last + 1);
        kill(pid, SIGCONT);
    }
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    close(ends[0]);
    sample_remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_failing_writes, put_in, take_out),
        cmocka_unit_test_setup_teardown(test_power_cut, put_in, take_out),
        cmocka_unit_test(test_copies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
