/* Fronts whose beaten rows stay in the database, against the same with all rows in memory. */
#include "front_fixture.h"

#include <math.h>

#include "results/scan.h"

/* The designs of a front in their order with what is shown of them, as one text; free() it. */
static char *listing(const asx_front *f)
{
    asx_text text = {0};
    for (size_t i = 0; i < f->n; i++) {
        const asx_row *row = asx_front_row(f, i), *before = asx_front_predicted(f, row);
        const asx_row *checked = asx_front_checked(f, row);
        asx_text_add(&text, "%zu %s %s %.17g %.17g %.17g\n", asx_front_number(f, i), row->design,
                     asx_tier_text(row->evaluation.accuracy.tier), row->evaluation.accuracy.drop,
                     before ? before->evaluation.accuracy.drop : -99,
                     checked ? checked->evaluation.accuracy.drop : -99);
    }
    asx_text_add(&text, "%d %s", f->feasible, f->baseline ? f->baseline->design : "none");
    return text.s;
}

static asx_status count(void *state, const asx_row *row, asx_error *err)
{
    (void)err;
    assert_true(row->id > 0);
    ++*(size_t *)state;
    return ASX_OK;
}

/* The best by every limit and every objective has the same numbers, whoever looks. */
static void check_best(asx_front *streamed, const asx_front *all, asx_store *store,
                       const char *where)
{
    asx_error err = {0};
    for (int limit = -2; limit < 26; limit += 9)
        for (int o = 0; o < ASX_N_OBJECTIVES; o += 2)
            for (int by = 0; by < 2; by++) {
                asx_limits limits = asx_limits_none();
                bool keeps = false, kept = false;
                const asx_row *best = NULL;
                limits.max[by ? ASX_LATENCY : ASX_DROP] = by ? 100 + limit : limit;
                const asx_row *want = asx_front_best(&kept, all, &limits, (asx_objective)o);
                CHECK_OK(asx_front_find_best(&best, &keeps, streamed, store, where, &limits,
                                             (asx_objective)o, &err),
                         err);
                assert_int_equal(keeps, kept);
                assert_non_null(best);
                assert_true(asx_limits_violation(&limits, &best->evaluation) ==
                            asx_limits_violation(&limits, &want->evaluation));
                assert_true(asx_evaluation_objective(&best->evaluation, (asx_objective)o) ==
                            asx_evaluation_objective(&want->evaluation, (asx_objective)o));
                assert_non_null(asx_rows_find(&all->rows, best->design));
            }
}

/* Nothing is missing, and nothing is there twice. */
static void check_same(asx_store *store, asx_front_options options)
{
    asx_error err = {0};
    size_t behind = 0;
    asx_front all = load(store, options);
    options.streamed = true;
    asx_front some = load(store, options);
    char *want = listing(&all), *have = listing(&some);
    assert_string_equal(have, want);
    CHECK_OK(asx_front_each_behind(&some, store, options.where, count, &behind, &err), err);
    assert_int_equal(some.rows.n + behind, all.rows.n);
    for (size_t i = 0; i < some.rows.n; i++)
        assert_non_null(asx_rows_find(&all.rows, some.rows.row[i].design));
    check_best(&some, &all, store, options.where);
    free(want);
    free(have);
    asx_front_fini(&some);
    asx_front_fini(&all);
}

static void check_all(asx_store *store, int64_t id)
{
    check_same(store, (asx_front_options){.id = id});
    check_same(store, (asx_front_options){.id = id, .tier = "proxy"});
    check_same(store, (asx_front_options){.id = id, .where = "\"drop\" < 9 and energy_pj > 20"});
    check_same(store, (asx_front_options){.id = id, .where = "latency_ns > 102"});
}

static void book_measured(asx_store *store, int64_t id, unsigned step, double more)
{
    for (unsigned design = 0; design < DESIGNS; design += step) {
        asx_evaluation e = numbers(design, ASX_TIER_MEASURED);
        e.accuracy.drop += more;
        book(store, id, ASX_TIER_MEASURED, ASX_SUBSET_SELECT, design, &e);
    }
}

/* Predictions alone; then every seventh design measured, better or worse; then some trained. */
static void check_campaign(const char *limits, double more)
{
    char path[256];
    asx_error err = {0};
    asx_store *store = open_new(path, sizeof path);
    const int64_t id = campaign(store, "a", limits);
    book_many(store, id, DESIGNS);
    check_all(store, id);
    CHECK_OK(asx_front_keep(store, id, &err), err);
    check_all(store, id);
    book_measured(store, id, 7, more);
    check_all(store, id);
    for (unsigned design = 0; design < DESIGNS; design += 21) {
        asx_evaluation e = numbers(design, ASX_TIER_TRAINED);
        e.accuracy.drop -= design % 2;
        book(store, id, ASX_TIER_TRAINED, ASX_SUBSET_SELECT, design, &e);
    }
    check_all(store, id);
    check_same(store, (asx_front_options){.id = id, .tier = "measured"});
    asx_store_free(store);
    sample_remove(path);
}

static void test_same(void **state)
{
    (void)state;
    check_campaign("", 2);
    check_campaign("drop=18", 2);
    check_campaign("drop=5 energy=40", -4);
    check_campaign("energy=5", 1); /* nothing keeps it */
}

/* A campaign that took over what another had evaluated, beside rows of its own. */
static void test_recalled(void **state)
{
    char path[256];
    asx_error err = {0};
    asx_ledger ledger;
    const asx_store_inputs inputs = inputs_of(ASX_TIER_PROXY, ASX_SUBSET_SELECT);
    (void)state;
    asx_store *store = open_new(path, sizeof path);
    const int64_t a = campaign(store, "a", "");
    book_many(store, a, DESIGNS);
    const int64_t b = campaign(store, "b", "");
    CHECK_OK(asx_store_ledger(&ledger, store, b, &inputs, 64, &err), err);
    for (unsigned i = 0; i < DESIGNS + 40; i += 2) {
        char text[64];
        bool found = false;
        asx_evaluation e = numbers(i, ASX_TIER_PROXY);
        snprintf(text, sizeof text, "vn: w%ua8", i);
        CHECK_OK(ledger.find(ledger.state, text, &e, &found, &err), err);
        assert_int_equal(found, i < DESIGNS);
        if (!found)
            CHECK_OK(ledger.book(ledger.state, text, NULL, &e, &err), err);
    }
    CHECK_OK(asx_store_flush(store, &err), err);
    check_all(store, a);
    check_all(store, b);
    asx_store_free(store);
    sample_remove(path);
}

/* A row's parts are found by its number; not those of a row that is another design's now. */
static void test_parts(void **state)
{
    char path[256];
    asx_error err = {0};
    asx_cost cost = {.energy_pj = -1};
    (void)state;
    asx_store *store = open_new(path, sizeof path);
    book_many(store, campaign(store, "a", ""), DESIGNS);
    asx_front f = load(store, (asx_front_options){.streamed = true});
    asx_row row = *asx_front_row(&f, 0);
    CHECK_OK(asx_scan_parts(&cost, store, &row, &err), err);
    assert_true(cost.energy_pj == row.evaluation.cost.energy_pj);
    row.design = "near: w4a8";
    CHECK_FAIL(asx_scan_parts(&cost, store, &row, &err), ASX_ENOTFOUND, err);
    row.id = 123456;
    CHECK_FAIL(asx_scan_parts(&cost, store, &row, &err), ASX_ENOTFOUND, err);
    asx_front_fini(&f);
    asx_store_free(store);
    sample_remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same),
        cmocka_unit_test(test_recalled),
        cmocka_unit_test(test_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
