/* Questions of users: what they may ask, and that they can change nothing. */
#include <string.h>

#include "results/sql.h"
#include "sample.h"

typedef struct seen {
    size_t n_rows, n_columns;
    char first[64], name[64];
} seen;

static asx_status visit(void *state, size_t n, const char *const *name, const asx_sql_value *value,
                        asx_error *err)
{
    seen *s = state;
    (void)err;
    s->n_columns = n;
    snprintf(s->name, sizeof s->name, "%s", name[0]);
    if (!value)
        return ASX_OK;
    if (s->n_rows++ == 0)
        snprintf(s->first, sizeof s->first, "%s",
                 value[0].kind == ASX_SQL_TEXT ? value[0].text : "?");
    return ASX_OK;
}

static asx_status stop(void *state, size_t n, const char *const *name, const asx_sql_value *value,
                       asx_error *err)
{
    (void)state, (void)n, (void)name;
    return value ? asx_fail(err, ASX_EINTERRUPTED, "enough") : ASX_OK;
}

static asx_store *open_sample(char *path, size_t n, int64_t *campaign)
{
    static const char *const text[] = {"near: w4{1,3}a8 conv1=w8a8", "near: w4{1}a8",
                                       "vn: w6a8 fc=w4{1,5,7}a8"};
    asx_error err = {0};
    asx_store *store = NULL;
    sample_path(path, n, "q.db");
    CHECK_OK(asx_store_open(&store, path, ASX_STORE_CREATE, &err), err);
    *campaign = sample_campaign(store, "c");
    const asx_ledger ledger = sample_ledger(store, *campaign, ASX_TIER_MEASURED, 1);
    for (unsigned i = 0; i < 3; i++) {
        const asx_evaluation e = sample_evaluation(ASX_TIER_MEASURED, i);
        CHECK_OK(ledger.book(ledger.state, text[i], NULL, &e, &err), err);
    }
    return store;
}

static void check_where(asx_store *store, int64_t campaign, const char *where, size_t n,
                        const char *first)
{
    asx_error err = {0};
    seen s = {0};
    char *sql = NULL;
    const asx_query query = {.campaign = campaign, .where = where, .sort = "drop desc"};
    CHECK_OK(asx_sql_select(&sql, "result", "set, bits, design", &query, &err), err);
    CHECK_OK(asx_sql_each(store, sql, visit, &s, &err), err);
    assert_int_equal(s.n_rows, n);
    assert_int_equal(s.n_columns, 3);
    assert_string_equal(s.name, "set");
    if (n)
        assert_string_equal(s.first, first);
    free(sql);
}

static void test_fields_of_designs(void **state)
{
    (void)state;
    char path[256];
    int64_t campaign = 0;
    asx_store *store = open_sample(path, sizeof path, &campaign);
    check_where(store, campaign, "set = '{1,3}'", 1, "{1,3}");
    check_where(store, campaign, "bits = 4", 2, "{1}");
    check_where(store, campaign, "bits_of(layer_format(formats, 'conv1')) = 8", 1, "{1,3}");
    check_where(store, campaign, "layer_format(formats, 'fc') = 'w4{1}a8'", 1, "{1}");
    check_where(store, campaign, "set_size(set_of(layer_format(formats, 'fc'))) = 3", 1, "");
    check_where(store, campaign, "bits = 7", 0, NULL);
    asx_store_free(store);
    sample_remove(path);
}

static void test_read_only(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "DELETE FROM run",         "SELECT 1; SELECT 2",        "",
        "PRAGMA user_version = 9", "ATTACH '/tmp/x.db' AS x",   "SELECT nosuch FROM result",
        "CREATE TEMP TABLE t (a)", "SELECT load_extension('x')"};
    char path[256];
    int64_t campaign = 0;
    asx_error err = {0};
    seen s = {0};
    asx_store *store = open_sample(path, sizeof path, &campaign);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_FAIL(asx_sql_each(store, bad[i], visit, &s, &err), ASX_EPARSE, err);
    assert_int_equal(s.n_rows, 0);
    CHECK_OK(asx_sql_each(store, "SELECT design FROM result ;\n", visit, &s, &err), err);
    assert_int_equal(s.n_rows, 3);
    CHECK_FAIL(asx_sql_each(store, "SELECT 1", stop, NULL, &err), ASX_EINTERRUPTED, err);
    asx_store_free(store);
    sample_remove(path);
}

static void test_smuggling(void **state)
{
    (void)state;
    asx_error err = {0};
    char *sql = NULL;
    const asx_query where = {.where = "1) UNION SELECT (1"}, tier = {.tier = "x' OR '1"};
    CHECK_FAIL(asx_sql_select(&sql, "result", "design", &where, &err), ASX_EPARSE, err);
    CHECK_FAIL(asx_sql_select(&sql, "result", "design; x", &(asx_query){0}, &err), ASX_EPARSE, err);
    assert_int_not_equal(asx_sql_select(&sql, "result", "design", &tier, &err), ASX_OK);
    assert_null(sql);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_fields_of_designs),
                                       cmocka_unit_test(test_read_only),
                                       cmocka_unit_test(test_smuggling)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
