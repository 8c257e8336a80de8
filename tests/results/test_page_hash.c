/* The hash of every page: what turns by itself is noticed by whoever reads it, found by a check, and repaired. */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "results/check.h"
#include "sample.h"

enum { PAGE = 4096, RESERVED = 20, DESIGNS = 60 };

static void make(char path[256])
{
    asx_error err = {0};
    asx_store *store = NULL;
    sample_path(path, 256, "a.db");
    CHECK_OK(asx_store_open(&store, path, ASX_STORE_CREATE, &err), err);
    const asx_ledger ledger =
        sample_ledger(store, sample_campaign(store, "a"), ASX_TIER_MEASURED, 1);
    for (unsigned i = 0; i < DESIGNS; i++) {
        char text[64];
        snprintf(text, sizeof text, "vn: w%ua8", i + 1);
        const asx_evaluation e = sample_evaluation(ASX_TIER_MEASURED, i);
        CHECK_OK(ledger.book(ledger.state, text, NULL, &e, &err), err);
    }
    asx_store_free(store);
}

static void change(const char *path, long at, unsigned char mask)
{
    unsigned char byte;
    FILE *f = fopen(path, "r+b");
    assert_non_null(f);
    assert_int_equal(fseek(f, at, SEEK_SET), 0);
    assert_int_equal(fread(&byte, 1, 1, f), 1);
    byte ^= mask;
    assert_int_equal(fseek(f, at, SEEK_SET), 0);
    assert_int_equal(fwrite(&byte, 1, 1, f), 1);
    assert_int_equal(fclose(f), 0);
}

static long size_of(const char *path)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    assert_int_equal(fseek(f, 0, SEEK_END), 0);
    const long n = ftell(f);
    fclose(f);
    return n;
}

static asx_status add_wrong(void *state, const char *what, int64_t n_wrong, const char *example,
                            asx_error *err)
{
    (void)example, (void)err;
    if (strcmp(what, "breakdowns add up") != 0) /* the samples' parts do not */
        *(int64_t *)state += n_wrong;
    return ASX_OK;
}

static int64_t n_wrong(const char *path)
{
    asx_error err = {0};
    asx_store *store = NULL;
    int64_t n = 0;
    asx_status status = asx_store_open(&store, path, ASX_STORE_CHECK, &err);
    if (status == ASX_OK)
        status = asx_store_check(store, add_wrong, &n, &err);
    asx_store_free(store);
    return status == ASX_OK ? n : n + 1; /* so wrong that a check could not run */
}

/* All rows, or the failure to read them. */
static asx_status read_all(asx_rows *out, const char *path, asx_error *err)
{
    asx_store *store = NULL;
    const asx_query query = {.campaign = 1, .parts = true};
    asx_status status = asx_store_open(&store, path, ASX_STORE_READ, err);
    if (status == ASX_OK)
        status = asx_query_rows(out, store, &query, err);
    asx_store_free(store);
    return status;
}

static void expect_rows(const asx_rows *rows)
{
    assert_int_equal(rows->n, DESIGNS);
    for (size_t i = 0; i < rows->n; i++) {
        const asx_evaluation want = sample_evaluation(
            ASX_TIER_MEASURED, (unsigned)atoi(rows->row[i].design + strlen("vn: w")) - 1);
        sample_equal(&rows->row[i].evaluation, &want);
    }
}

/* A bit in each page, at five places: rows are as they were stored or are not given; a check finds it. */
static void no_bit_turns_unseen(void **state)
{
    (void)state;
    char path[256];
    make(path);
    assert_int_equal(n_wrong(path), 0);
    const long n = size_of(path) / PAGE;
    size_t refused = 0;
    for (long i = 0; i < 5 * n; i++) {
        asx_rows rows = {0};
        asx_error err = {0};
        const long at = i / 5 * PAGE + (long)((unsigned long)i * 2654435761u % PAGE);
        if (at < 100) /* the header: refused in words of its own */
            continue;
        change(path, at, (unsigned char)(1 << i % 8));
        const asx_status status = read_all(&rows, path, &err);
        if (status == ASX_OK)
            expect_rows(&rows);
        else if (strstr(err.message, "is not as asx wrote it"))
            refused++;
        else
            fail_msg("byte %ld: %s", at, err.message);
        asx_rows_fini(&rows);
        assert_true(n_wrong(path) > 0);
        change(path, at, (unsigned char)(1 << i % 8));
    }
    assert_true(refused > 20);
    assert_int_equal(n_wrong(path), 0);
    sample_remove(path);
}

static void room_that_no_row_uses_is_repaired(void **state)
{
    (void)state;
    char path[256];
    asx_error err = {0};
    asx_store *store = NULL;
    int64_t removed = 0;
    make(path);
    change(path, size_of(path) - 1, 1); /* of the hash itself */
    assert_int_equal(n_wrong(path), 1);
    CHECK_OK(asx_store_open(&store, path, ASX_STORE_REPAIR, &err), err);
    CHECK_OK(asx_store_repair(&removed, store, &err), err);
    asx_store_free(store);
    assert_int_equal(n_wrong(path), 0);
    sample_remove(path);
}

static int reserved(const char *path)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    assert_int_equal(fseek(f, RESERVED, SEEK_SET), 0);
    const int n = fgetc(f);
    fclose(f);
    return n;
}

/* A file of before, as SQLite alone copies rows into one. */
static void a_file_without_hashes_is_read_and_gets_them_by_repair(void **state)
{
    (void)state;
    char path[256], copy[300], command[1300];
    asx_error err = {0};
    asx_store *store = NULL;
    asx_rows rows = {0};
    int64_t removed = 0;
    make(path);
    assert_int_equal(reserved(path), 8);
    snprintf(copy, sizeof copy, "%s.old", path);
    snprintf(command, sizeof command,
             "(echo 'PRAGMA application_id = 1095981105; PRAGMA user_version = '$(sqlite3 '%s' "
             "'PRAGMA user_version')';'; sqlite3 '%s' .dump) | sqlite3 '%s'",
             path, path, copy);
    if (system(command) != 0)
        skip(); /* no shell of SQLite */
    assert_int_equal(reserved(copy), 0);
    CHECK_OK(read_all(&rows, copy, &err), err);
    expect_rows(&rows);
    asx_rows_fini(&rows);
    CHECK_OK(asx_store_open(&store, copy, ASX_STORE_REPAIR, &err), err);
    CHECK_OK(asx_store_repair(&removed, store, &err), err);
    asx_store_free(store);
    assert_int_equal(reserved(copy), 8);
    assert_int_equal(n_wrong(copy), 0);
    sample_remove(path);
}

/* SQLite's shell may be the first to open what a kill left, and moves the log's pages into the file. */
static void a_log_that_another_program_settles_is_no_damage(void **state)
{
    (void)state;
    char path[256];
    asx_error err = {0};
    asx_rows rows = {0};
    sqlite3 *db = NULL;
    make(path);
    const pid_t child = fork();
    if (child == 0) {
        asx_store *store = NULL;
        (void)!asx_store_open(&store, path, ASX_STORE_WRITE, &err);
        const asx_ledger ledger =
            sample_ledger(store, sample_campaign(store, "a"), ASX_TIER_MEASURED, 1);
        const asx_evaluation e = sample_evaluation(ASX_TIER_MEASURED, DESIGNS);
        _exit(ledger.book(ledger.state, "vn: w61a8", NULL, &e, &err) != ASX_OK);
    }
    int result = -1;
    assert_int_equal(waitpid(child, &result, 0), child);
    assert_int_equal(result, 0);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "SELECT * FROM evaluation", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    CHECK_OK(read_all(&rows, path, &err), err);
    assert_int_equal(rows.n, DESIGNS + 1);
    asx_rows_fini(&rows);
    assert_int_equal(n_wrong(path), 0);
    sample_remove(path);
}

/* What another program writes is not taken for what asx wrote. */
static void a_foreign_hand_is_noticed(void **state)
{
    (void)state;
    char path[256];
    asx_error err = {0};
    asx_rows rows = {0};
    sqlite3 *db = NULL;
    make(path);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(db, "UPDATE evaluation SET accuracy = 1 WHERE id = 7", NULL, NULL, NULL),
        SQLITE_OK);
    sqlite3_close(db);
    CHECK_FAIL(read_all(&rows, path, &err), ASX_EDB, err);
    assert_non_null(strstr(err.message, "is not as asx wrote it"));
    assert_true(n_wrong(path) > 0);
    sample_remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_bit_turns_unseen),
        cmocka_unit_test(room_that_no_row_uses_is_repaired),
        cmocka_unit_test(a_file_without_hashes_is_read_and_gets_them_by_repair),
        cmocka_unit_test(a_log_that_another_program_settles_is_no_damage),
        cmocka_unit_test(a_foreign_hand_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
