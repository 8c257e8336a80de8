/* Facts that were text in the cache before version 6, and where they are now. */
#include "old_files.h"

static void test_facts(void **state)
{
    static const char refit_sql[] = "SELECT hex(value) FROM cache WHERE key LIKE 'refit/%'",
                      keys_sql[] = "SELECT key FROM cache ORDER BY 1";
    char path[256];
    asx_error err = {0};
    asx_store *store = NULL;
    (void)state;
    make(path, sizeof path, "database_version_4.sql");
    char *rows = listing(path, rows_sql), *parts = listing(path, parts_sql),
         *refit = listing(path, refit_sql);
    CHECK_OK(asx_store_open(&store, path, ASX_STORE_WRITE, &err), err);
    check_facts(store);
    asx_store_free(store);
    same(path, rows_sql, rows);
    same(path, parts_sql, parts);
    same(path, "SELECT hex(proxy) FROM refit", refit);
    char *keys = listing(path, keys_sql);
    assert_string_equal(keys, "proxy/11a2ade6a7fe86b1|\n");
    free(keys);
    assert_int_equal(integer(path, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
    sample_remove(path);
}

/* Trainings broken off or begun with another design's network; and what belongs to no campaign or
 * is no fact stays where it was. */
static void test_odd_facts(void **state)
{
    char path[256];
    asx_error err = {0};
    asx_store *store = NULL;
    (void)state;
    make(path, sizeof path, "database_version_4.sql");
    change(path,
           "INSERT INTO cache SELECT column1, CAST(column2 AS BLOB) FROM (VALUES "
           "('train/1/61fbe5f1ccd1e067/vn: w5a5', 'epochs=3 of=9 stopped_after=2 start=near: "
           "w4{1,3}a8 fc=w8a8'), ('train/1/61fbe5f1ccd1e067/vn: w6a6', 'epochs=3'), "
           "('train/1/61fbe5f1ccd1e067x/vn: w6a6', 'epochs=3 of=3 start=network'), "
           "('certificate/12', 'factor 2: of no campaign'), ('round/1/3', 'round=3 front=many'), "
           "('reference/12', 'drop=20'), ('refit/1/xyz', 'bytes'), ('mine/1', 'kept'), "
           "('round', ''), ('rounds/1', 'x'))");
    CHECK_OK(asx_store_open(&store, path, ASX_STORE_WRITE, &err), err);
    check_facts(store);
    check_plan(store, "vn: w5a5", 3, 9, 2, "near: w4{1,3}a8 fc=w8a8");
    check_plan(store, "vn: w6a6", 0, 0, 0, NULL);
    asx_store_free(store);
    char *keys = listing(path, "SELECT key FROM cache ORDER BY 1");
    assert_string_equal(keys, "certificate/12|\nmine/1|\nproxy/11a2ade6a7fe86b1|\nreference/12|\n"
                              "refit/1/xyz|\nround|\nround/1/3|\nrounds/1|\n"
                              "train/1/61fbe5f1ccd1e067/vn: w6a6|\n"
                              "train/1/61fbe5f1ccd1e067x/vn: w6a6|\n");
    free(keys);
    sample_remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_facts),
        cmocka_unit_test(test_odd_facts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
