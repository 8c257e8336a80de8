/* Opening: what is accepted, what is refused, and what is left untouched. */
#include "sample.h"

#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>

static void write_file(const char *path, const void *bytes, size_t n)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    fclose(f);
}

/* SQL through a connection of its own, as another version of asx could do to the file. */
static void sql(const char *path, const char *text)
{
    sqlite3 *db = NULL;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    const char *layer = sqlite3_vfs_find("asx over unix") ? "asx over unix" : NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, flags, layer), SQLITE_OK);
    char *message = NULL;
    if (sqlite3_exec(db, text, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", text, message);
    sqlite3_close(db);
}

static void refused(const char *path, asx_store_mode mode, asx_status want, const char *says)
{
    asx_error err = {0};
    asx_store *store = (asx_store *)&err; /* any pointer: must stay as it is */
    CHECK_FAIL(asx_store_open(&store, path, mode, &err), want, err);
    assert_ptr_equal(store, &err);
    assert_non_null(strstr(err.message, path));
    if (!strstr(err.message, says))
        fail_msg("'%s' does not say '%s'", err.message, says);
}

static void make(const char *path)
{
    asx_error err = {0};
    asx_store *store = NULL;
    CHECK_OK(asx_store_open(&store, path, ASX_STORE_CREATE, &err), err);
    assert_string_equal(asx_store_path(store), path);
    sample_campaign(store, "first");
    asx_store_free(store);
}

static void test_modes(void **state)
{
    char path[256];
    asx_error err = {0};
    asx_store *store = NULL;
    (void)state;
    sample_path(path, sizeof path, "a?b #1%.db");
    refused(path, ASX_STORE_READ, ASX_EIO, "No such file");
    refused(path, ASX_STORE_WRITE, ASX_EIO, "No such file");
    write_file(path, "", 0);
    refused(path, ASX_STORE_READ, ASX_EDB, "empty");
    make(path); /* an empty file, as mktemp leaves it, is as good as none */
    CHECK_OK(asx_store_open(&store, path, ASX_STORE_READ, &err), err);
    int64_t id = 0;
    CHECK_OK(asx_record_find(&id, store, "first", &err), err);
    asx_progress progress = {0};
    const asx_run_record record = {.version = "v", .started = "now"};
    CHECK_FAIL(asx_run_begin(&id, store, id, &record, &err), ASX_EDB, err);
    CHECK_FAIL(asx_run_end(store, 1, "now", "done", &progress, &err), ASX_EDB, err);
    asx_store_free(store);
    asx_store_free(NULL);
    sample_remove(path);
}

static void test_refused_files(void **state)
{
    char path[256], folder[256];
    (void)state;
    sample_path(path, sizeof path, "x.db");
    snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(path, '/') - path), path);
    refused(folder, ASX_STORE_READ, ASX_EIO, "folder");
    refused("/dev/null", ASX_STORE_CREATE, ASX_EIO, "regular");
    refused("/nowhere/at/all.db", ASX_STORE_CREATE, ASX_EIO, "No such file");
    write_file(path, "name: resnet20\n", 15);
    for (int mode = ASX_STORE_READ; mode <= ASX_STORE_CREATE; mode++)
        refused(path, (asx_store_mode)mode, ASX_EDB, "not an SQLite database");
    unlink(path);
    sql(path, "CREATE TABLE others (a)");
    for (int mode = ASX_STORE_READ; mode <= ASX_STORE_CREATE; mode++)
        refused(path, (asx_store_mode)mode, ASX_EDB, "none of asx");
    sample_remove(path);
}

static void test_versions(void **state)
{
    char path[256];
    (void)state;
    sample_path(path, sizeof path, "x.db");
    make(path);
    sql(path, "PRAGMA user_version = 99");
    refused(path, ASX_STORE_READ, ASX_EUNSUPPORTED, "version 99");
    refused(path, ASX_STORE_CREATE, ASX_EUNSUPPORTED, "newer asx");
    sql(path, "PRAGMA user_version = -3");
    refused(path, ASX_STORE_READ, ASX_EUNSUPPORTED, "older");
    refused(path, ASX_STORE_WRITE, ASX_EUNSUPPORTED, "-3");
    sample_remove(path);
}

/* Cut at many lengths, and with bytes overwritten: an error or sound answers, never a crash. */
static void test_damage(void **state)
{
    char path[256];
    static char bytes[1 << 18];
    asx_error err = {0};
    (void)state;
    sample_path(path, sizeof path, "x.db");
    make(path);
    FILE *f = fopen(path, "rb");
    size_t n = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    assert_in_range(n, 4096, sizeof bytes - 1);
    for (size_t cut = 1; cut < n; cut += 977) {
        write_file(path, bytes, cut);
        refused(path, ASX_STORE_READ, ASX_EDB, cut < 16 ? "not an SQLite" : "truncated");
    }
    for (size_t at = 100; at + 64 < n; at += 1999) {
        char kept[64];
        asx_store *store = NULL;
        int64_t id;
        memcpy(kept, bytes + at, sizeof kept);
        memset(bytes + at, 0xa5, sizeof kept);
        write_file(path, bytes, n);
        memcpy(bytes + at, kept, sizeof kept);
        if (asx_store_open(&store, path, ASX_STORE_READ, &err) == ASX_OK) {
            asx_record record;
            asx_workload work;
            if (asx_record_find(&id, store, NULL, &err) == ASX_OK &&
                asx_record_read(&record, &work, store, id, &err) == ASX_OK) {
                asx_record_fini(&record);
                asx_workload_fini(&work);
            }
        }
        asx_store_free(store);
    }
    sample_remove(path);
}

/* Permissions do not bind root, so a child drops them first. Returns the child's exit code. */
static int as_nobody(int (*child)(const char *path), const char *path)
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        if (geteuid() == 0 && setuid(65534) != 0)
            _exit(99);
        _exit(child(path));
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int reads_but_cannot_write(const char *path)
{
    asx_error err = {0};
    asx_store *store = NULL;
    int64_t id = 0;
    if (asx_store_open(&store, path, ASX_STORE_READ, &err) != ASX_OK) {
        fprintf(stderr, "%s\n", err.message);
        return 1;
    }
    if (asx_record_find(&id, store, NULL, &err) != ASX_OK)
        return 2;
    asx_store_free(store);
    if (asx_store_open(&store, path, ASX_STORE_WRITE, &err) != ASX_EDB)
        return 3;
    return strstr(err.message, "read-only") && strstr(err.message, path) ? 0 : 4;
}

static int cannot_even_read(const char *path)
{
    asx_error err = {0};
    asx_store *store = NULL;
    if (asx_store_open(&store, path, ASX_STORE_READ, &err) != ASX_EIO)
        return 1;
    return strstr(err.message, "Permission denied") ? 0 : 2;
}

static void test_permissions(void **state)
{
    char path[256], folder[256];
    (void)state;
    sample_path(path, sizeof path, "a?b%20#.db");
    snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(path, '/') - path), path);
    make(path);
    assert_int_equal(chmod(path, 0444) | chmod(folder, 0555), 0);
    assert_int_equal(as_nobody(reads_but_cannot_write, path), 0);
    assert_int_equal(chmod(path, 0000), 0);
    assert_int_equal(as_nobody(cannot_even_read, path), 0);
    chmod(folder, 0755);
    sample_remove(path);
}

static void test_cache(void **state)
{
    char path[256];
    asx_error err = {0};
    asx_store *store = NULL;
    void *data = &err;
    size_t n = 77;
    (void)state;
    sample_path(path, sizeof path, "x.db");
    CHECK_OK(asx_store_open(&store, path, ASX_STORE_CREATE, &err), err);
    CHECK_OK(asx_store_cache_get(&data, &n, store, "k", &err), err);
    assert_null(data);
    assert_int_equal(n, 0);
    CHECK_OK(asx_store_cache_put(store, "k", "a\0b", 3, &err), err);
    CHECK_OK(asx_store_cache_put(store, "empty", NULL, 0, &err), err);
    CHECK_OK(asx_store_cache_put(store, "k", "a\0bc", 4, &err), err); /* replaces */
    asx_store_free(store);
    CHECK_OK(asx_store_open(&store, path, ASX_STORE_READ, &err), err);
    CHECK_OK(asx_store_cache_get(&data, &n, store, "k", &err), err);
    assert_int_equal(n, 4);
    assert_memory_equal(data, "a\0bc", 4);
    free(data);
    CHECK_OK(asx_store_cache_get(&data, &n, store, "empty", &err), err);
    assert_non_null(data); /* there, and empty */
    assert_int_equal(n, 0);
    free(data);
    asx_store_free(store);
    sample_remove(path);
}

/* Two stores of one process on one file, as a run that looks up what it booked has them; then
 * another process comes and goes. Opening the second must not have dropped the first one's locks:
 * the visitor would take itself for the last one, and remove the log that the first still writes
 * to. */
static void test_second_store_keeps_locks(void **state)
{
    char path[256], command[700];
    asx_error err = {0};
    asx_store *writer = NULL, *reader = NULL;
    (void)state;
    if (system("sqlite3 -version >/dev/null 2>&1") != 0)
        skip();
    sample_path(path, sizeof path, "two.db");
    CHECK_OK(asx_store_open(&writer, path, ASX_STORE_CREATE, &err), err);
    sample_campaign(writer, "first");
    CHECK_OK(asx_store_open(&reader, path, ASX_STORE_READ, &err), err);
    asx_store_free(reader);
    snprintf(command, sizeof command,
             "sqlite3 '%s' 'SELECT count(*) FROM campaign' >/dev/null && test -e '%s-wal'", path,
             path);
    assert_int_equal(system(command), 0);
    sample_campaign(writer, "booked behind the visitor's back");
    snprintf(command, sizeof command,
             "test \"$(sqlite3 '%s' 'SELECT count(*) FROM campaign')\" = 2", path);
    assert_int_equal(system(command), 0);
    asx_store_free(writer);
    sample_remove(path);
}

/* A kill while the first transaction is written: the header counts pages that are not there yet,
 * and the journal beside the file takes it all back. */
static void test_killed_while_created(void **state)
{
    char path[256], command[900];
    asx_error err = {0};
    asx_store *store = NULL;
    (void)state;
    if (system("sqlite3 -version >/dev/null 2>&1") != 0)
        skip();
    sample_path(path, sizeof path, "killed.db");
    snprintf(command, sizeof command,
             "p='%s'; printf '%%s\\n' 'PRAGMA synchronous=OFF;' 'BEGIN;' 'CREATE TABLE t(x);' "
             "'INSERT INTO t VALUES(zeroblob(80000));' \".system cp $p.whole-journal $p-journal\" "
             "'COMMIT;' | sqlite3 $p.whole && head -c 24576 $p.whole >$p && rm $p.whole && "
             "test -s $p-journal",
             path);
    assert_int_equal(system(command), 0);
    CHECK_OK(asx_store_open(&store, path, ASX_STORE_CREATE, &err), err);
    sample_campaign(store, "begun again");
    asx_store_free(store);
    snprintf(command, sizeof command,
             "test \"$(sqlite3 '%s' 'SELECT count(*) FROM campaign')\" = 1", path);
    assert_int_equal(system(command), 0);
    sample_remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_killed_while_created),
        cmocka_unit_test(test_modes),
        cmocka_unit_test(test_second_store_keeps_locks),
        cmocka_unit_test(test_refused_files),
        cmocka_unit_test(test_versions),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_permissions),
        cmocka_unit_test(test_cache),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
