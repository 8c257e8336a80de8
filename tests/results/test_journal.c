/* How the file is written: with a log, or with a journal on network file systems; and that those
 * who only read leave nothing beside it. */
#include "sample.h"

#include <dirent.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "db.h"

static const char *on_nfs(const char *path)
{
    (void)path;
    return "NFS";
}

static const char *on_disk(const char *path)
{
    (void)path;
    return NULL;
}

static const char *folder_of(const char *path)
{
    static char folder[256];
    snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(path, '/') - path), path);
    return folder;
}

static int n_files(const char *path)
{
    int n = 0;
    DIR *folder = opendir(folder_of(path));
    assert_non_null(folder);
    for (const struct dirent *e = readdir(folder); e; e = readdir(folder))
        n += e->d_name[0] != '.';
    closedir(folder);
    return n;
}

static void check_mode(const char *path, const char *want)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA journal_mode", -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(stmt, 0), want);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
}

static asx_store *open_on(const char *path, asx_file_system_probe *probe)
{
    asx_error err = {0};
    asx_store *store = NULL;
    CHECK_OK(asx_store_open_on(&store, path, ASX_STORE_CREATE, probe, &err), err);
    return store;
}

static void book(asx_store *store, unsigned from, unsigned n)
{
    asx_error err = {0};
    const asx_ledger ledger = sample_ledger(store, sample_campaign(store, "a"), ASX_TIER_PROXY, 1);
    for (unsigned i = from; i < from + n; i++) {
        char text[64];
        const asx_evaluation e = sample_evaluation(ASX_TIER_PROXY, i);
        snprintf(text, sizeof text, "vn: w%ua8", i);
        CHECK_OK(ledger.book(ledger.state, text, NULL, &e, &err), err);
    }
}

static size_t n_rows(const char *path)
{
    asx_error err = {0};
    asx_store *store = NULL;
    asx_rows rows = {0};
    const asx_query query = {.campaign = 1};
    if (asx_store_open(&store, path, ASX_STORE_READ, &err) != ASX_OK ||
        asx_query_rows(&rows, store, &query, &err) != ASX_OK)
        fprintf(stderr, "%s\n", err.message);
    const size_t n = rows.n;
    asx_rows_fini(&rows);
    asx_store_free(store);
    return n;
}

static void test_network(void **state)
{
    char path[256];
    (void)state;
    sample_path(path, sizeof path, "x.db");
    asx_store *store = open_on(path, on_nfs);
    assert_non_null(strstr(asx_store_remark(store), "NFS"));
    assert_non_null(strstr(asx_store_remark(store), path));
    book(store, 0, 10);
    assert_int_equal(n_files(path), 1); /* no log, and no journal between transactions */
    assert_int_equal(n_rows(path), 10);
    for (unsigned w = 0; w < 3; w++) /* several processes all the same */
        if (fork() == 0) {
            asx_store *other = open_on(path, on_nfs);
            book(other, 10 + 5 * w, 10);
            asx_store_free(other);
            _exit(0);
        }
    for (int w = 0; w < 3; w++) {
        int code = 0;
        assert_true(wait(&code) > 0);
        assert_int_equal(code, 0);
    }
    assert_int_equal(n_rows(path), 30);
    asx_store_free(store);
    check_mode(path, "delete");
    sample_remove(path);
}

/* A file that is carried from a disk to a network and back. */
static void test_moved(void **state)
{
    char path[256];
    (void)state;
    sample_path(path, sizeof path, "x.db");
    asx_store *store = open_on(path, on_disk);
    assert_null(asx_store_remark(store));
    book(store, 0, 3);
    assert_int_equal(n_files(path), 3);
    asx_store_free(store);
    check_mode(path, "wal");
    store = open_on(path, on_nfs);
    book(store, 3, 3);
    asx_store_free(store);
    check_mode(path, "delete");
    store = open_on(path, on_disk);
    book(store, 6, 3);
    asx_store_free(store);
    check_mode(path, "wal");
    assert_int_equal(n_rows(path), 9);
    assert_int_equal(n_files(path), 1);
    sample_remove(path);
}

static void test_probe(void **state)
{
    (void)state;
    assert_null(asx_file_system_shared("/proc/self/status"));
    assert_null(asx_file_system_shared("/nowhere/at/all"));
}

/* Runs as somebody who may read the file but not write it. */
static size_t visitor_reads(const char *path)
{
    int status = 0;
    const pid_t pid = fork();
    if (pid == 0) {
        if (geteuid() == 0 && setuid(65534) != 0)
            _exit(255);
        _exit((int)n_rows(path));
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return (size_t)WEXITSTATUS(status);
}

/* The folder is open to all, the file is not: a visitor's files would be in the owner's way. */
static void test_readers_leave_nothing(void **state)
{
    char path[256];
    (void)state;
    sample_path(path, sizeof path, "x.db");
    asx_store *store = open_on(path, on_disk);
    book(store, 0, 3);
    asx_store_free(store);
    assert_int_equal(chmod(folder_of(path), 0777) | chmod(path, 0444), 0);
    assert_int_equal(n_rows(path), 3);
    assert_int_equal(n_files(path), 1);
    assert_int_equal(visitor_reads(path), 3);
    assert_int_equal(n_files(path), 1);
    assert_int_equal(chmod(path, 0644), 0);
    store = open_on(path, on_disk);
    book(store, 3, 4); /* in the log, not in the file */
    assert_int_equal(visitor_reads(path), 7);
    book(store, 7, 4);
    assert_int_equal(visitor_reads(path), 11);
    assert_int_equal(n_rows(path), 11);
    asx_store_free(store);
    assert_int_equal(n_files(path), 1);
    sample_remove(path);
}

/* A killed run leaves its log; the next one who may write puts it into the file. */
static void test_log_of_a_killed(void **state)
{
    char path[256];
    int code = 0;
    (void)state;
    sample_path(path, sizeof path, "x.db");
    if (fork() == 0) {
        asx_store *store = open_on(path, on_disk);
        book(store, 0, 5);
        kill(getpid(), SIGKILL);
        asx_store_free(store);
    }
    assert_true(wait(&code) > 0);
    assert_int_equal(n_files(path), 3);
    chmod(folder_of(path), 0755);
    assert_int_equal(visitor_reads(path), 5);
    assert_int_equal(n_rows(path), 5);
    assert_int_equal(n_files(path), 1);
    assert_int_equal(visitor_reads(path), 5);
    sample_remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_network),         cmocka_unit_test(test_moved),
        cmocka_unit_test(test_probe),           cmocka_unit_test(test_readers_leave_nothing),
        cmocka_unit_test(test_log_of_a_killed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
