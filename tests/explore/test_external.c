/* External evaluation: a campaign evaluated from outside, design by design, finds what a run finds
 * that evaluates by itself; designs are lent once at a time; what is told wrongly is not booked. */
#include "explore/external.h"

#include <math.h>
#include <string.h>

#include "explore/run.h"
#include "results/front.h"
#include "results/query.h"
#include "tiny.h"

static asx_external *open(const asx_campaign_spec *change, const char *database)
{
    asx_error err;
    asx_external *e = NULL;
    CHECK_OK(asx_external_open(&e, tiny_campaign(change), database, &err), err);
    return e;
}

/* Asks for up to `max` designs, measures them with asx's own engine and tells their drops. */
static size_t serve(asx_external *e, size_t max, bool *over)
{
    asx_error err;
    asx_external_asked asked = {0};
    asx_session *s = asx_external_session(e);
    CHECK_OK(asx_session_need_measure(s, ASX_SUBSET_SELECT, &err), err);
    CHECK_OK(asx_external_ask(&asked, e, max, 1000, 2000, &err), err);
    assert_true(asked.n <= max);
    for (size_t i = 0; i < asked.n; i++) {
        asx_design design;
        asx_accuracy a;
        size_t n_known = 9, failed;
        CHECK_OK(asx_design_parse(&design, asked.design[i], asx_session_workload(s), &err), err);
        CHECK_OK(asx_measure_design(&a, s->measure[ASX_SUBSET_SELECT], &design, &err), err);
        const asx_external_told told = {asked.design[i], a.accuracy, a.drop, a.images};
        double accuracy = NAN;
        CHECK_OK(asx_external_tell(&n_known, &failed, e, &told, 1, &accuracy, &err), err);
        assert_int_equal(n_known, 0);
        assert_true(isnan(accuracy)); /* both were told */
        asx_design_fini(&design);
    }
    *over = asked.over;
    const size_t n = asked.n;
    asx_external_asked_fini(&asked);
    return n;
}

static asx_front front_of(const char *database)
{
    asx_error err;
    asx_store *store = NULL;
    asx_front f;
    CHECK_OK(asx_store_open(&store, database, ASX_STORE_READ, &err), err);
    CHECK_OK(asx_front_load(&f, store, &(asx_front_options){0}, &err), err);
    asx_store_free(store);
    return f;
}

static void check_same_course(const char *algorithm, const char *budget, size_t at_a_time)
{
    char outside[100], inside[100];
    asx_error err;
    const asx_campaign_spec spec = {
        .search =
            &(asx_campaign_search){.algorithm = algorithm, .tier = "measured", .budget = budget},
        .verify = &(asx_campaign_verify){.measured = "0"}};
    tiny_database(outside, sizeof outside);
    tiny_database(inside, sizeof inside);
    bool over = false;
    for (int rounds = 0; !over; rounds++) { /* a new process every time */
        asx_external *e = open(&spec, outside);
        serve(e, at_a_time, &over);
        asx_external_close(e);
        assert_true(rounds < 50);
    }
    asx_session s = tiny_session(&spec);
    asx_explore_result result;
    CHECK_OK(asx_explore_run(&result, &s, &(asx_explore_options){.database = inside}, &err), err);
    asx_explore_result_fini(&result);
    asx_session_close(&s);
    asx_front a = front_of(outside), b = front_of(inside);
    assert_int_equal(a.rows.n, b.rows.n);
    assert_int_equal(a.n, b.n);
    for (size_t i = 0; i < a.rows.n; i++) {
        const asx_evaluation *x = &a.rows.row[i].evaluation, *y = &b.rows.row[i].evaluation;
        assert_string_equal(a.rows.row[i].design, b.rows.row[i].design);
        assert_true(x->cost.energy_pj == y->cost.energy_pj);
        assert_true(x->accuracy.drop == y->accuracy.drop);
        assert_true(x->accuracy.accuracy_low == y->accuracy.accuracy_low);
    }
    asx_front_fini(&a);
    asx_front_fini(&b);
    tiny_remove(outside);
    tiny_remove(inside);
}

static void test_same_course(void **state)
{
    (void)state;
    check_same_course("enumerate", NULL, 3);
    check_same_course("random", "5", 1);
}

/* Two workers never hold the same design before it expires. */
static void test_leases(void **state)
{
    (void)state;
    char database[100];
    asx_error err;
    tiny_database(database, sizeof database);
    asx_external *one = open(&(asx_campaign_spec){0}, database);
    asx_external *two = open(&(asx_campaign_spec){0}, database);
    asx_external_asked a, b, c, d;
    CHECK_OK(asx_external_ask(&a, one, 3, 1000, 1500, &err), err);
    CHECK_OK(asx_external_ask(&b, two, 100, 1001, 1600, &err), err);
    assert_int_equal(a.n, 3);
    assert_string_equal(a.design[0], ASX_BASELINE);
    assert_int_equal(a.n + b.n, 8);
    for (size_t i = 0; i < a.n; i++)
        for (size_t k = 0; k < b.n; k++)
            assert_string_not_equal(a.design[i], b.design[k]);
    assert_int_equal(b.held, 8);
    CHECK_OK(asx_external_ask(&c, two, 100, 1499, 3000, &err), err);
    assert_int_equal(c.n, 0);
    assert_false(c.over);
    assert_int_equal(c.first_free, 1500);
    CHECK_OK(asx_external_ask(&d, two, 100, 1500, 3000, &err), err);
    assert_int_equal(d.n, 3);
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(d.design[i], a.design[i]);
    asx_external_asked_fini(&a);
    asx_external_asked_fini(&b);
    asx_external_asked_fini(&c);
    asx_external_asked_fini(&d);
    asx_external_close(one);
    asx_external_close(two);
    tiny_remove(database);
}

static size_t count_rows(const char *database)
{
    asx_front f = front_of(database);
    const size_t n = f.rows.n;
    asx_front_fini(&f);
    return n;
}

/* All or nothing, and the first that is told of a design stays. */
static void test_telling(void **state)
{
    (void)state;
    char database[100];
    asx_error err;
    size_t n_known = 77, failed = 77;
    double accuracy = NAN;
    tiny_database(database, sizeof database);
    asx_external *e = open(&(asx_campaign_spec){0}, database);
    asx_external_told told[] = {
        {"vn: w8a8", 90, NAN, 0}, {"vn: w4a9", NAN, 3, 100}, {"vn w8a8", 1, 1, 0}};
    CHECK_FAIL(asx_external_tell(&n_known, &failed, e, told, 3, &accuracy, &err), ASX_EPARSE, err);
    assert_int_equal(failed, 2);
    assert_int_equal(n_known, 77);
    assert_int_equal(count_rows(database), 0);
    /* drop and accuracy add up to the float network's */
    accuracy = 95;
    CHECK_OK(asx_external_tell(&n_known, &failed, e, told, 2, &accuracy, &err), err);
    assert_int_equal(n_known, 0);
    told[0].accuracy = 10;
    CHECK_OK(asx_external_tell(&n_known, &failed, e, told, 1, &accuracy, &err), err);
    assert_int_equal(n_known, 1);
    asx_front f = front_of(database);
    assert_int_equal(f.rows.n, 2);
    const asx_accuracy *first = &asx_rows_find(&f.rows, "vn: w8a8")->evaluation.accuracy;
    const asx_accuracy *second = &asx_rows_find(&f.rows, "vn: w4a9")->evaluation.accuracy;
    assert_true(first->drop == 5 && first->drop_low == 5 && first->drop_high == 5);
    assert_true(second->accuracy == 92 && second->drop == 3);
    /* Wilson's interval of 92 in 100, by its formula with z = 1.96 */
    assert_true(fabs(second->accuracy_low - 85.0) < 0.05);
    assert_true(fabs(second->accuracy_high - 95.9) < 0.05);
    assert_true(fabs(second->drop_high - (3 + 92 - second->accuracy_low)) < 1e-9);
    asx_front_fini(&f);
    asx_external_close(e);
    tiny_remove(database);
}

/* Without a drop or an accuracy, asx finds the float network's by itself. */
static void test_float_accuracy(void **state)
{
    (void)state;
    char database[100];
    asx_error err;
    size_t n_known, failed;
    double accuracy = NAN;
    tiny_database(database, sizeof database);
    asx_external *e = open(&(asx_campaign_spec){0}, database);
    const asx_external_told told = {"vn: w8a8", NAN, 1, 0};
    CHECK_OK(asx_external_tell(&n_known, &failed, e, &told, 1, &accuracy, &err), err);
    const asx_session *s = asx_external_session(e);
    assert_true(accuracy == asx_measure_float(s->measure[ASX_SUBSET_SELECT]).accuracy);
    asx_external_close(e);
    tiny_remove(database);
}

/* A search that needs a model of accuracies has none of measured ones, whoever evaluates. */
static void test_exact_needs_the_proxy(void **state)
{
    (void)state;
    char database[100];
    asx_error outside, inside;
    const asx_campaign_spec spec = {
        .search = &(asx_campaign_search){.algorithm = "exact", .tier = "measured"}};
    tiny_database(database, sizeof database);
    asx_external *e = open(&spec, database);
    asx_external_asked asked = {.known = 77};
    CHECK_FAIL(asx_external_ask(&asked, e, 4, 1000, 2000, &outside), ASX_EUNSUPPORTED, outside);
    assert_int_equal(asked.known, 77);
    asx_external_close(e);
    asx_session s = tiny_session(&spec);
    asx_explore_result result;
    CHECK_FAIL(asx_explore_run(&result, &s, &(asx_explore_options){.database = database}, &inside),
               ASX_EUNSUPPORTED, inside);
    assert_string_equal(outside.message, inside.message);
    asx_session_close(&s);
    tiny_remove(database);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_course),
        cmocka_unit_test(test_leases),
        cmocka_unit_test(test_telling),
        cmocka_unit_test(test_float_accuracy),
        cmocka_unit_test(test_exact_needs_the_proxy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
