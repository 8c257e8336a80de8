/* Fronts of stored campaigns against their definition, by looking at every pair of rows. */
#include "front_fixture.h"

static double excess(const asx_front *f, const asx_row *row)
{
    return asx_limits_violation(&f->limits, &row->evaluation);
}

static bool beats(const asx_front *f, const asx_row *a, const asx_row *b)
{
    const double x = excess(f, a), y = excess(f, b);
    if (x != y)
        return x < y;
    const double d = a->evaluation.accuracy.drop, e = b->evaluation.accuracy.drop;
    const double p = a->evaluation.cost.energy_pj, q = b->evaluation.cost.energy_pj;
    return x == 0 ? d <= e && p <= q && (d < e || p < q) : false;
}

static bool is_on(const asx_front *f, const asx_row *row)
{
    for (size_t k = 0; k < f->rows.n; k++)
        if (beats(f, &f->rows.row[k], row))
            return false;
    return true;
}

static bool is_listed(const asx_front *f, const asx_row *row)
{
    for (size_t i = 0; i < f->n; i++)
        if (asx_front_row(f, i) == row)
            return true;
    return false;
}

static void check_definition(const asx_front *f)
{
    size_t n = 0;
    for (size_t i = 0; i < f->rows.n; i++) {
        const asx_row *row = &f->rows.row[i];
        const bool want = is_on(f, row);
        assert_int_equal(is_listed(f, row), want);
        n += want;
    }
    assert_int_equal(f->n, n);
    for (size_t i = 0; i < f->n; i++) {
        assert_int_equal(asx_front_place(f, asx_front_row(f, i)), asx_front_number(f, i));
        if (i > 0)
            assert_true(asx_front_row(f, i - 1)->evaluation.cost.energy_pj <=
                        asx_front_row(f, i)->evaluation.cost.energy_pj);
    }
}

/* The designs of a front in their order, as one text; free() it. */
static char *listing(const asx_front *f)
{
    asx_text text = {0};
    for (size_t i = 0; i < f->n; i++)
        asx_text_add(&text, "%s %s %.17g\n", asx_front_row(f, i)->design,
                     asx_tier_text(asx_front_row(f, i)->evaluation.accuracy.tier),
                     asx_front_row(f, i)->evaluation.accuracy.drop);
    asx_text_add(&text, "%zu", f->n);
    return text.s;
}

/* With all rows, with few of them before and after the front was kept: the same front. */
static void test_definition(void **state)
{
    char path[256];
    asx_error err = {0};
    (void)state;
    asx_store *store = open_new(path, sizeof path);
    const int64_t id = campaign(store, "a", "energy=60");
    asx_front empty = load(store, (asx_front_options){.id = id});
    assert_int_equal(empty.n, 0);
    assert_null(empty.baseline);
    assert_null(asx_front_knee(&empty));
    asx_front_fini(&empty);
    book_many(store, id, DESIGNS);
    asx_front all = load(store, (asx_front_options){0});
    assert_int_equal(all.rows.n, DESIGNS);
    assert_true(all.feasible);
    check_definition(&all);
    char *want = listing(&all);
    for (int kept = 0; kept < 2; kept++) {
        asx_front few = load(store, (asx_front_options){.campaign = "a", .few = true});
        char *have = listing(&few);
        assert_string_equal(have, want);
        assert_int_equal(few.rows.n, all.n); /* the same, kept or not */
        assert_non_null(few.baseline);       /* also where it is not on the front */
        assert_string_equal(few.baseline->design, "vn: w0a8");
        free(have);
        asx_front_fini(&few);
        CHECK_OK(asx_front_keep(store, id, &err), err);
    }
    free(want);
    asx_front_fini(&all);
    asx_store_free(store);
    sample_remove(path);
}

/* Nothing keeps the limits: those that violate them least. */
static void test_infeasible(void **state)
{
    char path[256];
    (void)state;
    asx_store *store = open_new(path, sizeof path);
    const int64_t id = campaign(store, "a", "energy=5");
    book_many(store, id, 100);
    asx_front f = load(store, (asx_front_options){.id = id});
    assert_false(f.feasible);
    assert_true(f.n > 0);
    for (size_t i = 0; i < f.rows.n; i++)
        assert_true(excess(&f, &f.rows.row[i]) >= excess(&f, asx_front_row(&f, 0)));
    double volume = 1;
    asx_error err = {0};
    CHECK_OK(asx_front_hypervolume(&volume, &f, &err), err);
    assert_true(volume == 0);
    asx_front_fini(&f);
    asx_store_free(store);
    sample_remove(path);
}

/* Rows of a condition have the numbers that their designs have without it. */
static void check_numbers(const asx_front *some, const asx_front *whole)
{
    for (size_t i = 0; i < some->n; i++) {
        size_t number = 0;
        for (size_t j = 0; j < whole->n; j++)
            if (strcmp(asx_front_row(whole, j)->design, asx_front_row(some, i)->design) == 0)
                number = j + 1;
        assert_int_equal(asx_front_number(some, i), number);
    }
    for (size_t i = 0; i < whole->n; i++)
        assert_int_equal(asx_front_number(whole, i), i + 1);
}

/* A condition leaves rows out, the baseline too; savings are against it all the same. */
static void test_where(void **state)
{
    char path[256];
    asx_error err = {0};
    asx_front f = {0};
    (void)state;
    asx_store *store = open_new(path, sizeof path);
    const int64_t id = campaign(store, "a", "");
    book_many(store, id, DESIGNS);
    f = load(store, (asx_front_options){.id = id, .where = "energy_pj > 40 and drop < 10"});
    assert_in_range(f.rows.n, 1, DESIGNS - 1);
    check_definition(&f);
    for (size_t i = 0; i < f.rows.n; i++)
        assert_true(f.rows.row[i].evaluation.cost.energy_pj > 40);
    assert_non_null(f.baseline);
    assert_true(f.baseline == f.outside.row);
    asx_front whole = load(store, (asx_front_options){.id = id});
    check_numbers(&f, &whole);
    asx_front_fini(&whole);
    asx_front_fini(&f);
    CHECK_FAIL(asx_front_load(&f, store, &(asx_front_options){.where = "no such field"}, &err),
               ASX_EPARSE, err);
    CHECK_FAIL(asx_front_load(&f, store, &(asx_front_options){.campaign = "b"}, &err),
               ASX_ENOTFOUND, err);
    CHECK_FAIL(asx_front_load(&f, store, &(asx_front_options){.tier = "guessed"}, &err),
               ASX_ENOTFOUND, err);
    assert_null(f.rows.row);
    asx_store_free(store);
    sample_remove(path);
}

/* ---- what measuring and training say ---- */

static void test_trained(void **state)
{
    char path[256];
    (void)state;
    asx_store *store = open_new(path, sizeof path);
    const int64_t id = campaign(store, "a", "");
    book_many(store, id, 50);
    asx_evaluation better = numbers(7, ASX_TIER_TRAINED), worse = numbers(9, ASX_TIER_TRAINED);
    for (unsigned design = 7; design < 10; design += 2) {
        const asx_evaluation e = numbers(design, ASX_TIER_MEASURED);
        book(store, id, ASX_TIER_MEASURED, ASX_SUBSET_SELECT, design, &e);
        book(store, id, ASX_TIER_MEASURED, ASX_SUBSET_REPORT, design, &e);
    }
    better.accuracy.drop = numbers(7, ASX_TIER_MEASURED).accuracy.drop - 0.5;
    worse.accuracy.drop = numbers(9, ASX_TIER_MEASURED).accuracy.drop + 0.5;
    book(store, id, ASX_TIER_TRAINED, ASX_SUBSET_SELECT, 7, &better);
    book(store, id, ASX_TIER_TRAINED, ASX_SUBSET_SELECT, 9, &worse);
    book(store, id, ASX_TIER_TRAINED, ASX_SUBSET_REPORT, 7, &better);
    book(store, id, ASX_TIER_TRAINED, ASX_SUBSET_REPORT, 9, &worse);

    asx_front f = load(store, (asx_front_options){.id = id});
    assert_int_equal(f.tier, ASX_TIER_PROXY);
    assert_int_equal(f.rows.n, 50);
    assert_int_equal(f.trained.n, 2);
    check_definition(&f);
    const asx_row *row = asx_rows_find(&f.rows, "vn: w7a8");
    assert_int_equal(row->evaluation.accuracy.tier, ASX_TIER_TRAINED);
    assert_true(row->evaluation.accuracy.drop == better.accuracy.drop);
    assert_true(asx_front_checked(&f, row)->evaluation.accuracy.drop ==
                numbers(7, ASX_TIER_MEASURED).accuracy.drop);
    assert_true(asx_rows_find(&f.report, "vn: w7a8")->evaluation.accuracy.drop ==
                better.accuracy.drop);
    assert_true(asx_front_predicted(&f, row)->evaluation.accuracy.drop ==
                numbers(7, ASX_TIER_PROXY).accuracy.drop);
    row = asx_rows_find(&f.rows, "vn: w9a8"); /* training made it worse: it stays as measured */
    assert_int_equal(row->evaluation.accuracy.tier, ASX_TIER_MEASURED);
    assert_true(row->evaluation.accuracy.drop == numbers(9, ASX_TIER_MEASURED).accuracy.drop);
    assert_true(asx_front_is_mixed(&f));
    assert_true(asx_rows_find(&f.report, "vn: w9a8")->evaluation.accuracy.drop ==
                numbers(9, ASX_TIER_MEASURED).accuracy.drop);
    asx_front_fini(&f);

    f = load(store, (asx_front_options){.id = id, .tier = "measured"});
    assert_int_equal(f.rows.n, 2);
    assert_int_equal(f.trained.n, 0);
    assert_true(f.baseline == NULL); /* it was not measured */
    asx_front_fini(&f);
    f = load(store, (asx_front_options){.id = id, .tier = "trained"});
    assert_int_equal(f.rows.n, 2);
    assert_true(asx_rows_find(&f.rows, "vn: w9a8")->evaluation.accuracy.drop ==
                worse.accuracy.drop);
    asx_front_fini(&f);
    asx_store_free(store);
    sample_remove(path);
}

static bool is_same(const asx_front *a, const asx_front *b)
{
    bool same = a->n == b->n;
    for (size_t i = 0; same && i < a->n; i++)
        same = strcmp(asx_front_row(a, i)->design, asx_front_row(b, i)->design) == 0 &&
               asx_front_row(a, i)->evaluation.accuracy.drop ==
                   asx_front_row(b, i)->evaluation.accuracy.drop;
    return same;
}

static void book_measured(asx_store *store, int64_t id)
{
    for (unsigned design = 0; design < DESIGNS; design += 3) {
        asx_evaluation e = numbers(design, ASX_TIER_MEASURED);
        e.accuracy.drop += 2;
        book(store, id, ASX_TIER_MEASURED, ASX_SUBSET_SELECT, design, &e);
    }
}

static void check_mixed(const asx_front *f)
{
    size_t n_measured = 0;
    check_definition(f);
    assert_int_equal(f->rows.n, DESIGNS);
    assert_int_equal(f->predicted.n, DESIGNS / 3);
    for (size_t i = 0; i < f->rows.n; i++) {
        const asx_row *row = &f->rows.row[i], *predicted = asx_front_predicted(f, row);
        n_measured += row->evaluation.accuracy.tier == ASX_TIER_MEASURED;
        assert_true(predicted && predicted->evaluation.accuracy.tier == ASX_TIER_PROXY);
    }
    assert_int_equal(n_measured, DESIGNS / 3);
}

/* Every third design was measured, and loses more than was predicted: designs that predictions left
 * out come to the front, also where only the kept front is read. */
static void test_measured(void **state)
{
    char path[256];
    asx_error err = {0};
    (void)state;
    asx_store *store = open_new(path, sizeof path);
    const int64_t id = campaign(store, "a", "drop=18");
    book_many(store, id, DESIGNS);
    CHECK_OK(asx_front_keep(store, id, &err), err);
    asx_front before = load(store, (asx_front_options){.id = id, .few = true});
    assert_int_equal(before.searched, ASX_TIER_PROXY);
    assert_false(asx_front_is_mixed(&before));
    book_measured(store, id);
    asx_front all = load(store, (asx_front_options){.id = id});
    asx_front few = load(store, (asx_front_options){.id = id, .few = true});
    asx_front model = load(store, (asx_front_options){.id = id, .tier = "proxy"});
    asx_front some = load(store, (asx_front_options){.id = id, .where = "\"drop\" < 3"});
    check_mixed(&all);
    assert_true(is_same(&all, &few) && !is_same(&all, &before));
    assert_true(is_same(&model, &before) && !asx_front_is_mixed(&model));
    assert_true(some.rows.n > 0); /* a condition is about the last that is known */
    for (size_t i = 0; i < some.rows.n; i++)
        assert_true(some.rows.row[i].evaluation.accuracy.drop < 3);
    asx_front_fini(&some);
    asx_front_fini(&model);
    asx_front_fini(&few);
    asx_front_fini(&all);
    asx_front_fini(&before);
    asx_store_free(store);
    sample_remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_definition), cmocka_unit_test(test_infeasible),
        cmocka_unit_test(test_where),      cmocka_unit_test(test_trained),
        cmocka_unit_test(test_measured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
