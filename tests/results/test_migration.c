/* Files of schema versions 1 and 4, made by the programs of their time, and what becomes of them; the
 * versions between are made of these. */
#include "old_files.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

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
        assert_int_equal(integer(path, "PRAGMA user_version"), NOW);
    }
    same(path, rows_sql, rows);
    same(path, parts_sql, parts);
    same(path, rest_sql, rest);
    assert_int_equal(integer(path, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
    assert_int_equal(integer(path, "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'old%'"), 0);
    sample_remove(path);
}

/* What versions 2 to 4 had stays where it is, and what it lacked is there. */
static void check_from(const char *undo, const char *version)
{
    static const char tables[] = "SELECT type, name, sql FROM sqlite_schema ORDER BY name";
    char path[256];
    asx_error err = {0};
    asx_store *store = NULL;
    make_version_1(path, sizeof path);
    CHECK_OK(asx_store_open(&store, path, ASX_STORE_WRITE, &err), err);
    asx_store_free(store);
    char *present = listing(path, tables),
         *seals = listing(path, "SELECT name, hash FROM seal ORDER BY 1, 2"),
         *rows = listing(path, rows_sql), *parts = listing(path, parts_sql),
         *rest = listing(path, rest_sql);
    change(path, undo);
    CHECK_FAIL(asx_store_open(&store, path, ASX_STORE_READ, &err), ASX_EUNSUPPORTED, err);
    assert_non_null(strstr(err.message, version));
    CHECK_OK(asx_store_open(&store, path, ASX_STORE_WRITE, &err), err);
    asx_store_free(store);
    assert_int_equal(integer(path, "PRAGMA user_version"), NOW);
    assert_int_equal(integer(path, "SELECT count(*) FROM breakdown WHERE seal IS NULL"), 0);
    same(path, tables, present);
    same(path, "SELECT name, hash FROM seal ORDER BY 1, 2", seals);
    same(path, rows_sql, rows);
    same(path, parts_sql, parts);
    same(path, rest_sql, rest);
    sample_remove(path);
}

/* The table of parts as versions before 5 had it. */
#define OLD_PARTS                                                                                  \
    "ALTER TABLE breakdown DROP COLUMN scale_pj; ALTER TABLE breakdown DROP COLUMN scale_um2; "    \
    "ALTER TABLE breakdown DROP COLUMN residual_pj; ALTER TABLE breakdown DROP COLUMN "            \
    "residual_um2; "

/* What versions before 6 had in the cache. */
#define NO_FACTS                                                                                   \
    "DROP TABLE certificate; DROP TABLE reference; DROP TABLE round; DROP TABLE refit; "           \
    "DROP TABLE promotion; DROP TABLE training; "

/* What versions before 12 lacked. */
#define NO_BESPOKE "DROP TABLE bespoke_design; DROP TABLE bespoke; "

/* What versions before 11 lacked. */
#define NO_SCORE                                                                                   \
    NO_BESPOKE "DROP TABLE measure; DROP TABLE look_score; DROP TABLE confirmation_score; "

/* What versions before 10 lacked. */
#define NO_FLOAT NO_SCORE "DROP TABLE float_network; "

/* What versions before 9 lacked. */
#define NO_SEALS NO_FLOAT "DROP TABLE seal; ALTER TABLE breakdown DROP COLUMN seal; "

/* What versions before 7 lacked. */
#define NO_CONFIRMATIONS                                                                           \
    NO_SEALS                                                                                       \
    "DROP TABLE confirmation_step; DROP TABLE confirmation; DROP TABLE contender; DROP TABLE look; "

static void test_from_2_to_12(void **state)
{
    (void)state;
    check_from(NO_CONFIRMATIONS NO_FACTS OLD_PARTS
               "DROP TABLE moment; DROP VIEW result; CREATE VIEW result AS "
               "SELECT id FROM evaluation; PRAGMA user_version = 2",
               "version 2");
    check_from(NO_CONFIRMATIONS NO_FACTS OLD_PARTS
               "DROP VIEW result; CREATE VIEW result AS SELECT id FROM "
               "evaluation; PRAGMA user_version = 3",
               "version 3");
    check_from(NO_CONFIRMATIONS NO_FACTS OLD_PARTS "PRAGMA user_version = 4", "version 4");
    check_from(NO_CONFIRMATIONS NO_FACTS "PRAGMA user_version = 5", "version 5");
    check_from(NO_CONFIRMATIONS "PRAGMA user_version = 6", "version 6");
    check_from(NO_SEALS "DROP VIEW result; CREATE VIEW result AS SELECT id FROM evaluation; PRAGMA "
                        "user_version = 7",
               "version 7");
    check_from(NO_SEALS "PRAGMA user_version = 8", "version 8");
    check_from(NO_FLOAT "PRAGMA user_version = 9", "version 9");
    check_from(NO_SCORE "PRAGMA user_version = 10", "version 10");
    check_from(NO_BESPOKE "PRAGMA user_version = 11", "version 11");
    check_from("DROP VIEW result; CREATE VIEW result AS SELECT id FROM evaluation; PRAGMA "
               "user_version = 12",
               "version 12");
}

/* ---- killed ---- */

/* A process that migrates, and that the system kills when a file would grow beyond a size: in the
 * middle of writing. Returns whether it lived. */
static bool migrate_up_to(const char *path, rlim_t bytes)
{
    int code = 0;
    const pid_t pid = fork();
    if (pid == 0) {
        const struct rlimit limit = {bytes, bytes}, no_core = {0, 0};
        asx_store *store = NULL;
        setrlimit(RLIMIT_CORE, &no_core);
        signal(SIGXFSZ, SIG_DFL);
        setrlimit(RLIMIT_FSIZE, &limit);
        const asx_status status = asx_store_open(&store, path, ASX_STORE_WRITE, NULL);
        _exit(status != ASX_OK); /* no tidying up */
    }
    assert_int_equal(waitpid(pid, &code, 0), pid);
    if (WIFSIGNALED(code)) {
        assert_int_equal(WTERMSIG(code), SIGXFSZ);
        return false;
    }
    assert_int_equal(WEXITSTATUS(code), 0);
    return true;
}

/* Killed at every page in turn, the file is as it was, or as it is to be; in the end it is. */
static void check_killed(const char *name, const char *undo, int version)
{
    char path[256];
    asx_error err = {0};
    asx_store *store = NULL;
    int n_killed = 0;
    bool lived = false;
    make(path, sizeof path, name);
    if (undo) {
        CHECK_OK(asx_store_open(&store, path, ASX_STORE_WRITE, &err), err);
        asx_store_free(store);
        change(path, undo);
    }
    char *rows = listing(path, rows_sql);
    for (rlim_t bytes = 4096; !lived; bytes += 4096) {
        lived = migrate_up_to(path, bytes);
        n_killed += !lived;
        const long long now = integer(path, "PRAGMA user_version");
        assert_true(now == version || now == NOW);
        assert_true(now == NOW || !lived);
        if (now == version) /* not a table too many */
            assert_int_equal(integer(path, "SELECT count(*) FROM sqlite_schema WHERE name = "
                                           "'measure' OR name LIKE 'old%'"),
                             0);
        char *after = listing(path, rows_sql);
        assert_string_equal(after, rows);
        free(after);
    }
    assert_true(n_killed > 3);
    CHECK_OK(asx_store_open(&store, path, ASX_STORE_READ, &err), err);
    if (version == 4)
        check_facts(store);
    asx_store_free(store);
    same(path, rows_sql, rows);
    sample_remove(path);
}

static void test_killed(void **state)
{
    (void)state;
    check_killed("database_version_1.sql", NULL, 1);
    check_killed("database_version_4.sql", NULL, 4);
    check_killed("database_version_4.sql", NO_SEALS "PRAGMA user_version = 8", 8);
    check_killed("database_version_4.sql", NO_FLOAT "PRAGMA user_version = 9", 9);
}

/* A migrated file has the very tables of a new one. */
static void test_same_tables(void **state)
{
    static const char sql[] = "SELECT type, name, sql FROM sqlite_schema ORDER BY name";
    static const char *const old[] = {"database_version_1.sql", "database_version_4.sql"};
    char path[256], fresh[256];
    asx_error err = {0};
    asx_store *store = NULL;
    (void)state;
    for (int i = 0; i < 2; i++) {
        make(path, sizeof path, old[i]);
        sample_path(fresh, sizeof fresh, "new.db");
        CHECK_OK(asx_store_open(&store, path, ASX_STORE_WRITE, &err), err);
        asx_store_free(store);
        CHECK_OK(asx_store_open(&store, fresh, ASX_STORE_CREATE, &err), err);
        asx_store_free(store);
        same(path, sql, listing(fresh, sql));
        sample_remove(path);
        sample_remove(fresh);
    }
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
        cmocka_unit_test(test_forward),     cmocka_unit_test(test_from_2_to_12),
        cmocka_unit_test(test_same_tables), cmocka_unit_test(test_ledger),
        cmocka_unit_test(test_killed),      cmocka_unit_test(test_full_disk),
        cmocka_unit_test(test_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
