/* What storage does to us: every write and sync that can fail is made to fail; power is cut with
 * any part of what was not synced lost; files are copied in the middle of a run. Between SQLite and
 * the files stands a layer of ours that does it. */
#include "failing_disk.h"

#include <signal.h>
#include <sys/wait.h>

#include "db.h"
#include "dse/file.h"
#include "results/check.h"

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
