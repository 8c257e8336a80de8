/* A file of schema version 1, made by the program of that time, and what becomes of it. */
#include "sample.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "dse/file.h"
#include "dse/text.h"

/* All that a campaign's evaluations say, in an order that does not depend on where they stand. */
static const char rows_sql[] =
    "SELECT quote(campaign) || quote(campaign_name) || quote(design) || quote(placement) || "
    "quote(formats) || quote(tier) || quote(subset) || quote(images) || quote(correct) || "
    "quote(accuracy) || quote(accuracy_low) || quote(accuracy_high) || quote(\"drop\") || "
    "quote(drop_low) || quote(drop_high) || quote(energy_pj) || quote(latency_ns) || quote(cycles) "
    "|| quote(area_um2) || quote(weight_bits) || quote(evaluation) FROM result ORDER BY 1";
static const char parts_sql[] = "SELECT * FROM breakdown ORDER BY 1";
static const char rest_sql[] =
    "SELECT quote(id) || key || name || text || seed || objectives || limits || network || data || "
    "technology || machine || baseline || version || created FROM campaign UNION ALL "
    "SELECT campaign || position || name || kind || in_c || out_w || kernel_h || \"groups\" FROM "
    "layer UNION ALL SELECT campaign || version || started || quote(stopped) || reason || "
    "evaluated || front || elapsed_s FROM run UNION ALL SELECT key || quote(value) FROM cache "
    "UNION ALL SELECT campaign || ' ' || evaluation FROM recalled UNION ALL "
    "SELECT design || quote(proxy_drop) || quote(measured_drop) || quote(report_drop) FROM "
    "design_tiers ORDER BY 1";

static sqlite3 *open_sqlite(const char *path)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    sqlite3_busy_timeout(db, 10000);
    return db;
}

/* Every column of every row of a query, as one text; free() it. */
static char *listing(const char *path, const char *sql)
{
    asx_text all = {0};
    sqlite3 *db = open_sqlite(path);
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(stmt); i++)
            asx_text_add(&all, "%s|", (const char *)sqlite3_column_text(stmt, i));
        asx_text_add(&all, "\n");
    }
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    assert_non_null(all.s);
    return all.s;
}

static void same(const char *path, const char *sql, char *before)
{
    char *after = listing(path, sql);
    assert_string_equal(before, after);
    free(after);
    free(before);
}

static long long integer(const char *path, const char *sql)
{
    char *text = listing(path, sql);
    const long long n = atoll(text);
    free(text);
    return n;
}

static void make_version_1(char *path, size_t size)
{
    char *sql = NULL, *message = NULL;
    size_t n = 0;
    asx_error err = {0};
    sample_path(path, size, "v1.db");
    CHECK_OK(asx_file_read(&sql, &n, ASX_TEST_DATA "/database_version_1.sql", 1 << 20, &err), err);
    sqlite3 *db = open_sqlite(path);
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s", message);
    sqlite3_exec(db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
    sqlite3_close(db);
    free(sql);
}

static void test_forward(void **state)
{
    char path[256];
    asx_error err = {0};
    asx_store *store = NULL;
    (void)state;
    make_version_1(path, sizeof path);
    CHECK_FAIL(asx_store_open(&store, path, ASX_STORE_READ, &err), ASX_EUNSUPPORTED, err);
    assert_non_null(strstr(err.message, "version 1"));
    assert_int_equal(integer(path, "PRAGMA user_version"), 1);
    char *rows = listing(path, rows_sql), *parts = listing(path, parts_sql),
         *rest = listing(path, rest_sql);
    assert_true(integer(path, "SELECT count(*) FROM recalled") > 0);
    for (int again = 0; again < 2; again++) {
        CHECK_OK(asx_store_open(&store, path, ASX_STORE_WRITE, &err), err);
        asx_store_free(store);
        assert_int_equal(integer(path, "PRAGMA user_version"), 4);
    }
    same(path, rows_sql, rows);
    same(path, parts_sql, parts);
    same(path, rest_sql, rest);
    assert_int_equal(integer(path, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
    assert_int_equal(integer(path, "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'old%'"), 0);
    sample_remove(path);
}

/* What version 2 or 3 had stays where it is, and what it lacked is there. */
static void check_from(const char *undo, const char *version)
{
    static const char tables[] = "SELECT type, name, sql FROM sqlite_schema ORDER BY name";
    char path[256];
    asx_error err = {0};
    asx_store *store = NULL;
    make_version_1(path, sizeof path);
    CHECK_OK(asx_store_open(&store, path, ASX_STORE_WRITE, &err), err);
    asx_store_free(store);
    char *present = listing(path, tables), *rows = listing(path, rows_sql),
         *rest = listing(path, rest_sql);
    sqlite3 *db = open_sqlite(path);
    assert_int_equal(sqlite3_exec(db, undo, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    CHECK_FAIL(asx_store_open(&store, path, ASX_STORE_READ, &err), ASX_EUNSUPPORTED, err);
    assert_non_null(strstr(err.message, version));
    CHECK_OK(asx_store_open(&store, path, ASX_STORE_WRITE, &err), err);
    asx_store_free(store);
    assert_int_equal(integer(path, "PRAGMA user_version"), 4);
    same(path, tables, present);
    same(path, rows_sql, rows);
    same(path, rest_sql, rest);
    sample_remove(path);
}

static void test_from_2_and_3(void **state)
{
    (void)state;
    check_from("DROP TABLE moment; PRAGMA user_version = 2", "version 2");
    check_from("DROP VIEW result; CREATE VIEW result AS SELECT id FROM evaluation; PRAGMA "
               "user_version = 3",
               "version 3");
}

/* A migrated file has the very tables of a new one. */
static void test_same_tables(void **state)
{
    static const char sql[] = "SELECT type, name, sql FROM sqlite_schema ORDER BY name";
    char path[256], fresh[256];
    asx_error err = {0};
    asx_store *store = NULL;
    (void)state;
    make_version_1(path, sizeof path);
    sample_path(fresh, sizeof fresh, "new.db");
    CHECK_OK(asx_store_open(&store, path, ASX_STORE_WRITE, &err), err);
    asx_store_free(store);
    CHECK_OK(asx_store_open(&store, fresh, ASX_STORE_CREATE, &err), err);
    asx_store_free(store);
    same(path, sql, listing(fresh, sql));
    sample_remove(path);
    sample_remove(fresh);
}

/* What was booked then is found now, and not booked twice. */
static void test_ledger(void **state)
{
    char path[256];
    asx_error err = {0};
    asx_store *store = NULL;
    asx_ledger ledger;
    asx_evaluation e = {0};
    bool found = false;
    (void)state;
    make_version_1(path, sizeof path);
    char *keys = listing(path, "SELECT accuracy_key, cost_key FROM inputs WHERE tier = 'proxy'");
    const asx_store_inputs inputs = {ASX_TIER_PROXY, "select", strtoull(keys, NULL, 16),
                                     strtoull(keys + 17, NULL, 16), "proxy"};
    free(keys);
    CHECK_OK(asx_store_open(&store, path, ASX_STORE_CREATE, &err), err);
    CHECK_OK(asx_store_ledger(&ledger, store, 1, &inputs, 1, &err), err);
    CHECK_OK(ledger.find(ledger.state, "near: w4{1,3}a8", &e, &found, &err), err);
    assert_true(found);
    const long long n = integer(path, "SELECT count(*) FROM evaluation"),
                    designs = integer(path, "SELECT count(*) FROM design");
    CHECK_OK(ledger.book(ledger.state, "near: w4{1,3}a8", NULL, &e, &err), err);
    assert_int_equal(integer(path, "SELECT count(*) FROM evaluation"), n);
    CHECK_OK(ledger.find(ledger.state, "in: w4{1,3}a8", &e, &found, &err), err);
    assert_false(found);
    CHECK_OK(ledger.book(ledger.state, "in: w4{1,3}a8", NULL, &e, &err), err);
    assert_int_equal(integer(path, "SELECT count(*) FROM evaluation"), n + 1);
    assert_int_equal(integer(path, "SELECT count(*) FROM design"), designs + 1);
    asx_store_free(store);
    sample_remove(path);
}

/* No room for the new tables: the old ones stay, and the next attempt succeeds. */
static void test_full_disk(void **state)
{
    char path[256];
    asx_error err = {0};
    asx_store *store = NULL;
    struct rlimit old, tight;
    (void)state;
    make_version_1(path, sizeof path);
    char *rows = listing(path, rows_sql);
    getrlimit(RLIMIT_FSIZE, &old);
    tight = old;
    tight.rlim_cur = 40000;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
    CHECK_FAIL(asx_store_open(&store, path, ASX_STORE_WRITE, &err), ASX_EDB, err);
    setrlimit(RLIMIT_FSIZE, &old);
    assert_non_null(strstr(err.message, path));
    assert_int_equal(integer(path, "PRAGMA user_version"), 1);
    CHECK_OK(asx_store_open(&store, path, ASX_STORE_WRITE, &err), err);
    asx_store_free(store);
    same(path, rows_sql, rows);
    sample_remove(path);
}

/* Several programs find the old file at the same moment. */
static void test_at_once(void **state)
{
    enum { PROCESSES = 4 };
    char path[256];
    (void)state;
    make_version_1(path, sizeof path);
    char *rows = listing(path, rows_sql);
    for (int i = 0; i < PROCESSES; i++) {
        if (fork() != 0)
            continue;
        asx_error err = {0};
        asx_store *store = NULL;
        const asx_status status = asx_store_open(&store, path, ASX_STORE_WRITE, &err);
        if (status != ASX_OK)
            fprintf(stderr, "%s\n", err.message);
        asx_store_free(store);
        _exit(status != ASX_OK);
    }
    for (int i = 0; i < PROCESSES; i++) {
        int code = 0;
        assert_true(wait(&code) > 0);
        assert_int_equal(code, 0);
    }
    same(path, rows_sql, rows);
    sample_remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forward),     cmocka_unit_test(test_from_2_and_3),
        cmocka_unit_test(test_same_tables), cmocka_unit_test(test_ledger),
        cmocka_unit_test(test_full_disk),   cmocka_unit_test(test_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
