/* The hash of every page: what turns by itself is noticed by whoever reads it, found by a check, and repaired. */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dse/file.h"
#include "results/check.h"
#include "sample.h"

enum { PAGE = 4096, HASH = 8, RESERVED = 20, DESIGNS = 60 };

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

/* Reads bytes of a file from `at` on, or writes them; from its end if `at` is negative. */
static void touch(const char *path, long at, void *bytes, size_t n, bool write)
{
    FILE *f = fopen(path, "r+b");
    assert_non_null(f);
    assert_int_equal(fseek(f, at, at < 0 ? SEEK_END : SEEK_SET), 0);
    assert_int_equal(write ? fwrite(bytes, n, 1, f) : fread(bytes, n, 1, f), 1);
    assert_int_equal(fclose(f), 0);
}

static void change(const char *path, long at, unsigned char mask)
{
    unsigned char byte;
    touch(path, at, &byte, 1, false);
    byte ^= mask;
    touch(path, at, &byte, 1, true);
}

static int reserved(const char *path)
{
    unsigned char byte;
    touch(path, RESERVED, &byte, 1, false);
    return byte;
}

/* What another program asks or does; the first number of the answer. */
static int64_t by_hand(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    const int64_t first = sqlite3_step(stmt) == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
    assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
    sqlite3_close(db);
    return first;
}

static int64_t repair(const char *path)
{
    asx_error err = {0};
    asx_store *store = NULL;
    asx_repaired repaired;
    CHECK_OK(asx_store_open(&store, path, ASX_STORE_REPAIR, &err), err);
    CHECK_OK(asx_store_repair(&repaired, store, &err), err);
    asx_store_free(store);
    return repaired.evaluations;
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
    const long n = (long)by_hand(path, "PRAGMA page_count");
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
    make(path);
    change(path, -1, 1); /* of the hash itself */
    assert_int_equal(n_wrong(path), 1);
    repair(path);
    assert_int_equal(n_wrong(path), 0);
    sample_remove(path);
}

/* A breakdown under the number of the one before it is seen when that is gone, and goes as well. */
static void rows_that_a_torn_tree_has_twice_are_taken_out_at_once(void **state)
{
    (void)state;
    enum { LEAF = 13, CELLS = 3, FIRST_CELL = 8 };
    unsigned char page[PAGE];
    char path[256];
    make(path);
    const long at = PAGE * ((long)by_hand(path, "SELECT max(pageno) FROM dbstat WHERE name = "
                                                "'breakdown'") -
                            1);
    touch(path, at, page, sizeof page, false);
    assert_int_equal(page[0], LEAF);
    const unsigned n = (unsigned)page[CELLS] << 8 | page[CELLS + 1];
    const unsigned char *last = page + FIRST_CELL + 2 * (n - 1);
    unsigned char *row = page + ((unsigned)last[0] << 8 | last[1]);
    row += *row & 0x80 ? 2 : 1; /* behind the length */
    assert_int_equal(*row, DESIGNS);
    --*row;
    memset(page + PAGE - HASH, 0, HASH);
    touch(path, at, page, sizeof page, true);
    assert_true(n_wrong(path) > 0);
    assert_true(repair(path) >= 2);
    assert_int_equal(repair(path), 0);
    assert_int_equal(n_wrong(path), 0);
    sample_remove(path);
}

/* A file of before, as SQLite alone copies rows into one. */
static void a_file_without_hashes_is_read_and_gets_them_by_repair(void **state)
{
    (void)state;
    char path[256], copy[300], command[1300];
    asx_error err = {0};
    asx_rows rows = {0};
    make(path);
    assert_int_equal(reserved(path), HASH);
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
    repair(copy);
    assert_int_equal(reserved(copy), HASH);
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
    by_hand(path, "SELECT count(*) FROM evaluation");
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
    make(path);
    by_hand(path, "UPDATE evaluation SET accuracy = 1 WHERE id = 7");
    CHECK_FAIL(read_all(&rows, path, &err), ASX_EDB, err);
    assert_non_null(strstr(err.message, "is not as asx wrote it"));
    assert_true(n_wrong(path) > 0);
    sample_remove(path);
}

/* As '.backup' of SQLite's shell does: page by page, with the counters of the copy. */
static void copy_by_sqlite(const char *to, const char *from)
{
    sqlite3 *source = NULL, *copy = NULL;
    assert_int_equal(sqlite3_open(from, &source), SQLITE_OK);
    assert_int_equal(sqlite3_open(to, &copy), SQLITE_OK);
    sqlite3_backup *backup = sqlite3_backup_init(copy, "main", source, "main");
    assert_non_null(backup);
    assert_int_equal(sqlite3_backup_step(backup, -1), SQLITE_DONE);
    assert_int_equal(sqlite3_backup_finish(backup), SQLITE_OK);
    sqlite3_close(copy);
    sqlite3_close(source);
}

static void expect_good(const char *path)
{
    asx_error err = {0};
    asx_rows rows = {0};
    CHECK_OK(read_all(&rows, path, &err), err);
    expect_rows(&rows);
    asx_rows_fini(&rows);
    assert_int_equal(n_wrong(path), 0);
}

/* Of the first page only the bytes of the schema's counter and of SQLite's version are anybody's. */
static void expect_bits_seen(const char *path)
{
    for (long at = 0; at < PAGE; at++) {
        const bool counts = (at >= 40 && at < 44) || (at >= 96 && at < 100);
        if (at >= 100 && at % 13 != 0)
            continue;
        change(path, at, (unsigned char)(1 << at % 8));
        if ((n_wrong(path) > 0) == counts)
            fail_msg("byte %ld", at);
        change(path, at, (unsigned char)(1 << at % 8));
    }
}

static void a_copy_by_sqlite_is_as_good(void **state)
{
    (void)state;
    char path[256], copy[300];
    unsigned char a[PAGE], b[PAGE];
    make(path);
    snprintf(copy, sizeof copy, "%s.copy", path);
    for (int i = 0; i < 2; i++) { /* into no file, and over the copy of before */
        copy_by_sqlite(copy, path);
        expect_good(copy);
    }
    touch(path, 0, a, sizeof a, false);
    touch(copy, 0, b, sizeof b, false);
    assert_memory_not_equal(a, b, sizeof a);
    assert_memory_equal(a + PAGE - HASH, b + PAGE - HASH, HASH);
    expect_bits_seen(copy);
    expect_bits_seen(path);
    sample_remove(path);
}

/* Where all pages are others there is no hash to compare, until they are written. */
static void a_copy_by_vacuum_is_read(void **state)
{
    (void)state;
    char path[256], sql[400];
    make(path);
    snprintf(sql, sizeof sql, "VACUUM INTO '%s.copy'", path);
    by_hand(path, sql);
    snprintf(sql, sizeof sql, "%s.copy", path);
    expect_good(sql);
    sample_remove(path);
}

/* A file of before the counters were left out; where SQLite copied it, repair makes the hash anew. */
static void a_first_page_hashed_with_its_counters_is_good(void **state)
{
    (void)state;
    char path[256], copy[300];
    unsigned char page[PAGE];
    asx_error err = {0};
    asx_rows rows = {0};
    make(path);
    snprintf(copy, sizeof copy, "%s.copy", path);
    touch(path, 0, page, sizeof page, false);
    const uint64_t hash = asx_hash(page, PAGE - HASH, 1);
    memcpy(page + PAGE - HASH, &hash, sizeof hash);
    touch(path, 0, page, sizeof page, true);
    expect_good(path);
    change(path, 41, 1);
    assert_true(n_wrong(path) > 0);
    change(path, 41, 1);
    copy_by_sqlite(copy, path);
    CHECK_FAIL(read_all(&rows, copy, &err), ASX_EDB, err);
    repair(copy);
    assert_int_equal(n_wrong(copy), 0);
    sample_remove(path);
}

/* Whoever finds a page torn waits for its writer: here there is none. */
static int do_not_wait(sqlite3_vfs *vfs, int us)
{
    (void)vfs;
    return us;
}

static int hurry(void **state)
{
    static sqlite3_vfs hasty;
    (void)state;
    hasty = *sqlite3_vfs_find(NULL);
    hasty.zName = "hasty";
    hasty.xSleep = do_not_wait;
    return sqlite3_vfs_register(&hasty, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_bit_turns_unseen),
        cmocka_unit_test(room_that_no_row_uses_is_repaired),
        cmocka_unit_test(rows_that_a_torn_tree_has_twice_are_taken_out_at_once),
        cmocka_unit_test(a_file_without_hashes_is_read_and_gets_them_by_repair),
        cmocka_unit_test(a_log_that_another_program_settles_is_no_damage),
        cmocka_unit_test(a_foreign_hand_is_noticed),
        cmocka_unit_test(a_copy_by_sqlite_is_as_good),
        cmocka_unit_test(a_copy_by_vacuum_is_read),
        cmocka_unit_test(a_first_page_hashed_with_its_counters_is_good),
    };
    return cmocka_run_group_tests(tests, hurry, NULL);
}
