/* Filters, order and limits; and text that tries to do more than ask. */
#include "sample.h"

#include <sqlite3.h>

enum { N = 60 };

static asx_evaluation row_evaluation(int i)
{
    asx_evaluation e = sample_evaluation(ASX_TIER_MEASURED, 0);
    e.accuracy.drop = (i * 7) % 20 - 2; /* ties on purpose */
    e.cost.energy_pj = 1e5 * ((i * 13) % N);
    return e;
}

static const char *const placement[] = {"vn", "near", "in"};

static int fill(void **state)
{
    static char path[256];
    asx_error err = {0};
    asx_store *store = NULL;
    sample_path(path, sizeof path, "x.db");
    CHECK_OK(asx_store_open(&store, path, ASX_STORE_CREATE, &err), err);
    int64_t campaign = sample_campaign(store, "a");
    asx_ledger ledger = sample_ledger(store, campaign, ASX_TIER_MEASURED, 16);
    asx_ledger proxy = sample_ledger(store, campaign, ASX_TIER_PROXY, 16);
    for (int i = 0; i < N; i++) {
        char design[64];
        asx_evaluation e = row_evaluation(i);
        snprintf(design, sizeof design, "%s: w8{1,%d}a8", placement[i % 3], 2 * i + 3);
        CHECK_OK(ledger.book(ledger.state, design, NULL, &e, &err), err);
        e.accuracy.images = 0;
        CHECK_OK(proxy.book(proxy.state, design, NULL, &e, &err), err);
    }
    CHECK_OK(asx_store_flush(store, &err), err);
    asx_store_free(store);
    *state = path;
    return 0;
}

static int clean(void **state)
{
    sample_remove(*state);
    return 0;
}

static asx_store *reader(void **state)
{
    asx_error err = {0};
    asx_store *store = NULL;
    CHECK_OK(asx_store_open(&store, *state, ASX_STORE_READ, &err), err);
    return store;
}

static void test_filter(void **state)
{
    asx_error err = {0};
    asx_store *store = reader(state);
    asx_rows rows = {0};
    asx_query query = {.campaign = 1,
                       .tier = "measured",
                       .where =
                           "Drop < 5 and \"drop\" > -2 AND (placement = 'near' or energy_pj<1e6)",
                       .sort = "drop desc, energy_pj"};
    CHECK_OK(asx_query_rows(&rows, store, &query, &err), err);
    size_t want = 0;
    for (int i = 0; i < N; i++) { /* the same condition in C */
        asx_evaluation e = row_evaluation(i);
        want +=
            e.accuracy.drop < 5 && e.accuracy.drop > -2 && (i % 3 == 1 || e.cost.energy_pj < 1e6);
    }
    assert_int_equal(rows.n, want);
    assert_true(want > 3 && want < N);
    for (size_t i = 1; i < rows.n; i++) {
        const asx_evaluation *a = &rows.row[i - 1].evaluation, *b = &rows.row[i].evaluation;
        assert_true(
            a->accuracy.drop > b->accuracy.drop ||
            (a->accuracy.drop == b->accuracy.drop && a->cost.energy_pj <= b->cost.energy_pj));
    }
    asx_rows_fini(&rows);
    query = (asx_query){.campaign = 1, .limit = 7};
    CHECK_OK(asx_query_rows(&rows, store, &query, &err), err);
    assert_int_equal(rows.n, 7);
    asx_rows_fini(&rows);
    query = (asx_query){.campaign = 1};
    CHECK_OK(asx_query_rows(&rows, store, &query, &err), err);
    assert_int_equal(rows.n, 2 * N);
    asx_rows_fini(&rows);
    query = (asx_query){.campaign = 2};
    CHECK_OK(asx_query_rows(&rows, store, &query, &err), err);
    assert_int_equal(rows.n, 0);
    asx_rows_fini(&rows);
    asx_store_free(store);
}

static void test_design_and_parts(void **state)
{
    asx_error err = {0};
    asx_store *store = reader(state);
    asx_rows rows = {0};
    asx_query query = {.campaign = 1,
                       .tier = "measured",
                       .subset = "select",
                       .design = "near: w8{1,5}a8",
                       .parts = true};
    CHECK_OK(asx_query_rows(&rows, store, &query, &err), err);
    assert_int_equal(rows.n, 1);
    assert_string_equal(rows.row[0].design, "near: w8{1,5}a8");
    assert_string_equal(rows.row[0].subset, "select");
    assert_int_equal(rows.row[0].placement, ASX_PLACEMENT_NEAR);
    asx_evaluation want = row_evaluation(1);
    sample_equal(&rows.row[0].evaluation, &want);
    asx_rows_fini(&rows);
    query.subset = "report";
    CHECK_OK(asx_query_rows(&rows, store, &query, &err), err);
    assert_int_equal(rows.n, 0);
    asx_store_free(store);
}

static void test_hostile(void **state)
{
    static const char *const where[] = {
        "",
        "  ",
        "drop <",
        "nosuch = 1",
        "\"nosuch\" = 1",
        "drop < 1; DELETE FROM evaluation",
        "1) UNION SELECT 1 --",
        "1) OR (1",
        "(1",
        "1 /* x",
        "'a",
        "[a",
        "1 -- x",
        "load_extension('/tmp/x') = 1",
        "(SELECT writefile('/tmp/x', 'y'))",
        "(DELETE FROM evaluation)",
        "(PRAGMA user_version = 3)",
        "(SELECT * FROM pragma_table_info('design'))",
        "1 LIMIT 1",
        "1 ORDER BY 1",
        "(SELECT count(*) FROM (VALUES (1)) AS t, nosuch)",
        "1 GROUP BY 1 HAVING",
        "?99 AND",
    };
    static const char *const sort[] = {"",          "nosuch",   "drop; DELETE", "drop, (SELECT 1)",
                                       "drop desk", "\"drop\"", "drop--"};
    asx_error err = {0};
    asx_store *store = NULL; /* one that could write, to make it harder */
    CHECK_OK(asx_store_open(&store, *state, ASX_STORE_WRITE, &err), err);
    asx_rows rows = {.n = 12345};
    for (size_t i = 0; i < sizeof where / sizeof *where; i++) {
        asx_query query = {.campaign = 1, .where = where[i]};
        asx_status status = asx_query_rows(&rows, store, &query, &err);
        if (status != ASX_EPARSE)
            fail_msg("where '%s' gave %d", where[i], status);
        assert_int_equal(rows.n, 12345);
    }
    for (size_t i = 0; i < sizeof sort / sizeof *sort; i++) {
        asx_query query = {.campaign = 1, .sort = sort[i]};
        asx_status status = asx_query_rows(&rows, store, &query, &err);
        if (status != ASX_EPARSE)
            fail_msg("sort '%s' gave %d", sort[i], status);
    }
    asx_query query = {.campaign = 1, .tier = "guess"};
    assert_int_not_equal(asx_query_rows(&rows, store, &query, &err), ASX_OK);
    query = (asx_query){.campaign = 1, .where = "design like '%;--''%' or design = '\"drop\"'"};
    CHECK_OK(asx_query_rows(&rows, store, &query, &err), err); /* harmless inside a string */
    assert_int_equal(rows.n, 0);
    query = (asx_query){.campaign = 1};
    CHECK_OK(asx_query_rows(&rows, store, &query, &err), err);
    assert_int_equal(rows.n, 2 * N); /* nothing was deleted */
    asx_rows_fini(&rows);
    asx_store_free(store);
}

static asx_status stop_at_third(void *state, const asx_row *row, asx_error *err)
{
    (void)row;
    return ++*(int *)state == 3 ? asx_fail(err, ASX_EINTERRUPTED, "enough") : ASX_OK;
}

static void test_visitor_stops(void **state)
{
    asx_error err = {0};
    asx_store *store = reader(state);
    int seen = 0;
    asx_query query = {.campaign = 1};
    CHECK_FAIL(asx_query_each(store, &query, stop_at_third, &seen, &err), ASX_EINTERRUPTED, err);
    assert_int_equal(seen, 3);
    asx_store_free(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_filter),
        cmocka_unit_test(test_design_and_parts),
        cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_visitor_stops),
    };
    return cmocka_run_group_tests(tests, fill, clean);
}
