/* What a run finds beside evaluations: kept, read back bit for bit, replaced, and of no campaign that
 * is not there. */
#include "sample.h"

#include <math.h>

#include "results/certificate.h"
#include "results/float_network.h"
#include "results/overview.h"
#include "results/promotion.h"
#include "results/reference_point.h"
#include "results/round.h"

enum { NOBODY = 99 };

static asx_store *open_new(char *path, size_t size, int64_t *a, int64_t *b)
{
    asx_error err = {0};
    asx_store *store = NULL;
    sample_path(path, size, "x.db");
    CHECK_OK(asx_store_open(&store, path, ASX_STORE_CREATE, &err), err);
    *a = sample_campaign(store, "a");
    *b = sample_campaign(store, "b");
    return store;
}

static void test_certificate(void **state)
{
    char path[256];
    int64_t a, b;
    asx_error err = {0};
    asx_certificate c = {0};
    (void)state;
    asx_store *store = open_new(path, sizeof path, &a, &b);
    CHECK_OK(asx_certificate_read(&c, store, a, &err), err);
    assert_null(c.text);
    assert_true(isnan(c.factor));
    asx_certificate one = {INFINITY, (char[]){"factor inf: stopped"}},
                    two = {1 + 1e-15, (char[]){"factor 1: proven"}},
                    none = {NAN, (char[]){"it was a good search"}};
    CHECK_OK(asx_certificate_keep(store, a, &one, &err), err);
    CHECK_OK(asx_certificate_keep(store, b, &none, &err), err);
    CHECK_OK(asx_certificate_read(&c, store, a, &err), err);
    assert_true(isinf(c.factor) && c.factor > 0);
    assert_string_equal(c.text, one.text);
    asx_certificate_fini(&c);
    CHECK_OK(asx_certificate_keep(store, a, &two, &err), err);
    CHECK_OK(asx_certificate_read(&c, store, a, &err), err);
    assert_true(c.factor == two.factor);
    assert_string_equal(c.text, two.text);
    asx_certificate_fini(&c);
    CHECK_OK(asx_certificate_read(&c, store, b, &err), err);
    assert_true(isnan(c.factor));
    assert_string_equal(c.text, none.text);
    asx_certificate_fini(&c);
    CHECK_FAIL(asx_certificate_keep(store, NOBODY, &two, &err), ASX_EDB, err);
    asx_store_free(store);
    sample_remove(path);
}

static void test_factor(void **state)
{
    (void)state;
    assert_true(asx_certificate_factor("factor 1.01: every design") == 1.01);
    assert_true(asx_certificate_factor("factor 1") == 1);
    assert_true(isinf(asx_certificate_factor("factor inf: stopped")));
    static const char *const none[] = {NULL,
                                       "",
                                       "1.01: every",
                                       "factor: 1",
                                       "factor 0.9",
                                       "factor x:",
                                       "factor 1.01 every",
                                       "factor -inf",
                                       "factor 1111111111111111111111111111111111111111111111: x"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_true(isnan(asx_certificate_factor(none[i])));
}

static void test_reference(void **state)
{
    char path[256];
    int64_t a, b;
    asx_error err = {0};
    bool found = true;
    (void)state;
    asx_store *store = open_new(path, sizeof path, &a, &b);
    const asx_reference_point want = {{ASX_AREA, ASX_DROP, ASX_ENERGY}, {1.0 / 3, 20, 6.02e23}, 3};
    asx_reference_point have = {0};
    CHECK_OK(asx_reference_point_read(&have, &found, store, a, &err), err);
    assert_false(found);
    for (int again = 0; again < 2; again++)
        CHECK_OK(asx_reference_point_keep(store, a, &want, &err), err);
    CHECK_OK(asx_reference_point_read(&have, &found, store, a, &err), err);
    assert_true(found);
    assert_int_equal(have.n, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(have.objective[i], want.objective[i]);
        assert_true(have.value[i] == want.value[i]);
    }
    CHECK_OK(asx_reference_point_read(&have, &found, store, b, &err), err);
    assert_false(found);
    CHECK_FAIL(asx_reference_point_keep(store, NOBODY, &want, &err), ASX_EDB, err);
    asx_store_free(store);
    sample_remove(path);
}

static void test_float_network(void **state)
{
    char path[256];
    int64_t a, b;
    asx_error err = {0};
    bool found = true;
    (void)state;
    asx_store *store = open_new(path, sizeof path, &a, &b);
    asx_float_network have = {0},
                      want = {.accuracy = {.images = 200, .correct = 181, .accuracy = 90.5},
                              .guessing = 100. / 3,
                              .score = asx_score_top1()};
    want.accuracy.accuracy_low = 85.6, want.accuracy.accuracy_high = 93.8;
    CHECK_OK(asx_float_network_read(&have, &found, store, a, ASX_SUBSET_SELECT, &err), err);
    assert_false(found);
    for (int i = 0; i < 2; i++) { /* the later in place of the earlier one */
        want.guessing = i == 0 ? 12.5 : 100. / 3;
        CHECK_OK(asx_float_network_keep(store, a, ASX_SUBSET_SELECT, &want, &err), err);
    }
    CHECK_OK(asx_float_network_read(&have, &found, store, a, ASX_SUBSET_SELECT, &err), err);
    assert_true(found && have.guessing == 100. / 3 && have.accuracy.tier == ASX_TIER_FLOAT);
    assert_true(have.accuracy.images == 200 && have.accuracy.correct == 181);
    assert_true(have.accuracy.accuracy == 90.5 && have.accuracy.accuracy_low == 85.6);
    assert_true(have.accuracy.accuracy_high == 93.8);
    CHECK_OK(asx_float_network_read(&have, &found, store, a, ASX_SUBSET_REPORT, &err), err);
    assert_false(found);
    CHECK_OK(asx_float_network_read(&have, &found, store, b, ASX_SUBSET_SELECT, &err), err);
    assert_false(found);
    CHECK_FAIL(asx_float_network_keep(store, NOBODY, ASX_SUBSET_SELECT, &want, &err), ASX_EDB, err);
    asx_store_free(store);
    sample_remove(path);
}

static void test_rounds(void **state)
{
    char path[256];
    int64_t a, b;
    asx_error err = {0};
    asx_round *have = NULL;
    size_t n = 77;
    (void)state;
    asx_store *store = open_new(path, sizeof path, &a, &b);
    CHECK_OK(asx_round_read(&have, &n, store, a, &err), err);
    assert_null(have);
    assert_int_equal(n, 0);
    const asx_round second = {2, 50, 0.25, 2, 1.0 / 7, 3, NAN},
                    first = {1, 40, 1.0 / 3, 16, 0.5, 2.5, 0.8}, other = {1, 3, 0, 1, 0, 0, NAN};
    CHECK_OK(asx_round_keep(store, a, &second, &err), err);
    CHECK_OK(asx_round_keep(store, a, &other, &err), err);
    CHECK_OK(asx_round_keep(store, a, &first, &err), err); /* in its place */
    CHECK_OK(asx_round_keep(store, b, &other, &err), err);
    CHECK_OK(asx_round_read(&have, &n, store, a, &err), err);
    assert_int_equal(n, 2);
    assert_int_equal(have[0].number, 1);
    assert_int_equal(have[0].front, 40);
    assert_int_equal(have[0].measured, 16);
    assert_true(have[0].hypervolume == first.hypervolume && have[0].mean_gap == first.mean_gap &&
                have[0].worst_gap == first.worst_gap && have[0].tau == first.tau);
    assert_int_equal(have[1].number, 2);
    assert_true(isnan(have[1].tau));
    free(have);
    CHECK_FAIL(asx_round_keep(store, NOBODY, &first, &err), ASX_EDB, err);
    asx_store_free(store);
    sample_remove(path);
}

static void test_refit(void **state)
{
    static const unsigned char bytes[] = {0, 255, 0, 17};
    char path[256];
    int64_t a, b;
    asx_error err = {0};
    void *have = NULL;
    size_t n = 0;
    (void)state;
    asx_store *store = open_new(path, sizeof path, &a, &b);
    CHECK_OK(asx_refit_read(&have, &n, store, a, UINT64_MAX, &err), err);
    assert_null(have);
    CHECK_OK(asx_refit_keep(store, a, UINT64_MAX, "old", 3, &err), err);
    CHECK_OK(asx_refit_keep(store, a, UINT64_MAX, bytes, sizeof bytes, &err), err);
    CHECK_OK(asx_refit_read(&have, &n, store, a, 1, &err), err);
    assert_null(have); /* of another proxy */
    CHECK_OK(asx_refit_read(&have, &n, store, b, UINT64_MAX, &err), err);
    assert_null(have); /* of another campaign */
    CHECK_OK(asx_refit_read(&have, &n, store, a, UINT64_MAX, &err), err);
    assert_int_equal(n, sizeof bytes);
    assert_memory_equal(have, bytes, sizeof bytes);
    free(have);
    asx_store_free(store);
    sample_remove(path);
}

static void test_plans(void **state)
{
    static const char design[] = "near: w4{1}a8 conv1=w8a8";
    char path[256];
    int64_t a, b;
    asx_error err = {0};
    asx_promotion_plan have = {.epochs = 77};
    (void)state;
    asx_store *store = open_new(path, sizeof path, &a, &b);
    CHECK_OK(asx_promotion_plan_read(&have, store, a, 5, design, &err), err);
    assert_int_equal(have.epochs, 0);
    const asx_promotion_plan one = {.epochs = 3, .asked = 4, .start = (char[]){"near: w4{1,3}a8"}},
                             two = {.epochs = 3, .asked = 4, .stopped_after = 2};
    CHECK_OK(asx_promotion_plan_keep(store, a, 5, design, &one, &err), err);
    CHECK_OK(asx_promotion_plan_keep(store, a, 6, design, &two, &err), err);
    CHECK_OK(asx_promotion_plan_read(&have, store, a, 5, design, &err), err);
    assert_int_equal(have.epochs, 3);
    assert_int_equal(have.asked, 4);
    assert_int_equal(have.stopped_after, 0);
    assert_string_equal(have.start, one.start);
    asx_promotion_plan_fini(&have);
    CHECK_OK(asx_promotion_plan_read(&have, store, a, 6, design, &err), err);
    assert_int_equal(have.stopped_after, 2);
    assert_null(have.start);
    CHECK_OK(asx_promotion_plan_keep(store, a, 5, design, &two, &err), err);
    CHECK_OK(asx_promotion_plan_read(&have, store, a, 5, design, &err), err);
    assert_null(have.start); /* the later one stands */
    CHECK_OK(asx_promotion_plan_read(&have, store, b, 5, design, &err), err);
    assert_int_equal(have.epochs, 0);
    asx_store_free(store);
    sample_remove(path);
}

static void test_spent(void **state)
{
    char path[256];
    int64_t a, b;
    asx_error err = {0};
    double seconds = 77;
    (void)state;
    asx_store *store = open_new(path, sizeof path, &a, &b);
    CHECK_OK(asx_promotion_spent_read(&seconds, store, a, &err), err);
    assert_true(seconds == 0);
    CHECK_OK(asx_promotion_spent_add(store, a, 0.25, &err), err);
    CHECK_OK(asx_promotion_spent_add(store, a, 2, &err), err);
    CHECK_OK(asx_promotion_spent_add(store, b, 8, &err), err);
    CHECK_OK(asx_promotion_spent_read(&seconds, store, a, &err), err);
    assert_true(seconds == 2.25);
    asx_store_free(store);
    sample_remove(path);
}

/* ---- what there is ---- */

static void test_overview(void **state)
{
    char path[256];
    int64_t a, b, run = 0, later = 0;
    asx_error err = {0};
    asx_overview *o = NULL;
    size_t n = 0;
    (void)state;
    asx_store *store = open_new(path, sizeof path, &a, &b);
    const asx_ledger la = sample_ledger(store, a, ASX_TIER_PROXY, 5),
                     lb = sample_ledger(store, b, ASX_TIER_PROXY, 1);
    const asx_run_record record = {"1.2", "gcc", "cpu", 2, 7, "2026-01-01T00:00:00Z"};
    const asx_progress progress = {.asked = 9, .evaluated = 8, .elapsed_s = 4.5};
    for (unsigned i = 0; i < 8; i++) {
        char text[32];
        bool found = false;
        const asx_evaluation e = sample_evaluation(ASX_TIER_PROXY, i);
        asx_evaluation known;
        snprintf(text, sizeof text, "vn: w%ua8", i);
        CHECK_OK(la.book(la.state, text, NULL, &e, &err), err);
        CHECK_OK(asx_store_flush(store, &err), err);
        if (i < 3) /* recalled */
            CHECK_OK(lb.find(lb.state, text, &known, &found, &err), err);
    }
    CHECK_OK(asx_run_begin(&run, store, a, &record, &err), err);
    CHECK_OK(asx_run_begin(&later, store, a, &record, &err), err);
    CHECK_OK(asx_run_end(store, later, "now", "budget", &progress, &err), err);
    CHECK_OK(asx_overview_read(&o, &n, store, &err), err);
    assert_int_equal(n, 2);
    assert_string_equal(o[0].name, "a");
    assert_string_equal(o[0].objectives, "drop energy");
    assert_int_equal(o[0].n_proxy, 8);
    assert_int_equal(o[1].n_proxy, 3);
    assert_int_equal(o[0].n_measured + o[0].n_trained + o[0].n_report, 0);
    assert_int_equal(o[0].run.id, later);
    assert_string_equal(o[0].run.reason, "budget");
    assert_true(o[0].run.evaluated == 8 && o[0].run.elapsed_s == 4.5);
    assert_int_equal(o[1].run.id, 0);
    assert_true(isnan(o[1].run.evaluated));
    asx_overview_free(o, n);

    asx_run_entry *list = NULL;
    CHECK_OK(asx_run_list(&list, &n, store, 0, &err), err);
    assert_int_equal(n, 2);
    assert_int_equal(list[0].id, run);
    assert_null(list[0].reason);
    assert_true(isnan(list[0].evaluated));
    assert_true(list[0].elapsed_s > 1000); /* it began long ago */
    assert_int_equal(list[1].threads, 2);
    assert_int_equal(list[1].process, 7);
    assert_string_equal(list[1].processor, "cpu");
    asx_run_list_free(list, n);
    CHECK_OK(asx_run_list(&list, &n, store, b, &err), err);
    assert_int_equal(n, 0);
    assert_null(list);
    asx_store_free(store);
    sample_remove(path);
}

/* Ten designs a second in the last minute, of which thirty are left; what was proven, by stage. */
static void test_moments(void **state)
{
    char path[256];
    int64_t a, b, run = 0;
    asx_error err = {0};
    asx_run_pace pace;
    asx_run_proof *proven = NULL;
    size_t n = 0;
    (void)state;
    asx_store *store = open_new(path, sizeof path, &a, &b);
    CHECK_OK(asx_run_begin(&run, store, a, &(asx_run_record){.started = "now"}, &err), err);
    CHECK_OK(asx_run_pace_read(&pace, store, run, &err), err);
    assert_string_equal(pace.stage, "");
    assert_true(isnan(pace.done) && isnan(pace.left_s) && isnan(pace.factor));
    const asx_moment moments[] = {
        {1, "round 1, solving", 0, 0, 0, 0, 3},    {2, "round 1, solving", 0, 0, 0, 0, 1.5},
        {3, "search", 0, 1000, 0, 0, INFINITY},    {4, "search", 0, 1000, 0, 0, 1.25},
        {10, "search", 100, 1000, 0, 0, 1.25},     {40, "search", 370, 1000, 0, 0, 1.25},
        {100, "search", 970, 1000, 5, 0.5, 1.125},
    };
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++)
        CHECK_OK(asx_run_note(store, run, &moments[i], &err), err);
    CHECK_OK(asx_run_pace_read(&pace, store, run, &err), err);
    assert_string_equal(pace.stage, "search");
    assert_true(pace.done == 970 && pace.total == 1000 && pace.factor == 1.125);
    assert_true(fabs(pace.left_s - 3) < 1e-9);
    CHECK_OK(asx_run_proven(&proven, &n, store, a, &err), err);
    assert_int_equal(n, 3); /* those at which no design had come since */
    assert_true(proven[0].begins && !proven[1].begins && proven[2].begins);
    assert_true(proven[0].elapsed_s == 0 && proven[1].elapsed_s == 1 && proven[2].elapsed_s == 1);
    assert_true(proven[1].factor == 1.5 && proven[2].factor == 1.25);
    free(proven);
    CHECK_OK(asx_run_proven(&proven, &n, store, b, &err), err);
    assert_null(proven);
    asx_store_free(store);
    sample_remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_certificate), cmocka_unit_test(test_factor),
        cmocka_unit_test(test_reference),   cmocka_unit_test(test_float_network),
        cmocka_unit_test(test_rounds),      cmocka_unit_test(test_refit),
        cmocka_unit_test(test_plans),       cmocka_unit_test(test_spent),
        cmocka_unit_test(test_overview),    cmocka_unit_test(test_moments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
