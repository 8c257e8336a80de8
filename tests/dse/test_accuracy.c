/* Accuracies and their intervals, against published examples and against the definitions solved in
 * another way. */
#include "dse/accuracy.h"

#include <math.h>
#include <string.h>

#include "check.h"

static void check_near(double got, double want, double tolerance)
{
    if (!(fabs(got - want) <= tolerance))
        fail_msg("%.17g is not %.17g", got, want);
}

static const double z = 1.959963984540054;

static asx_accuracy of(size_t correct, size_t images)
{
    return asx_accuracy_from_counts(ASX_TIER_MEASURED, images, correct, 0, 0);
}

/* Newcombe, Two-sided confidence intervals for the single proportion, Stat. in Medicine 17 (1998),
 * table I, method 3 (score without continuity correction). */
static void test_published_wilson(void **state)
{
    (void)state;
    static const struct {
        size_t k, n;
        double low, high;
    } row[] = {
        {81, 263, .2553, .3662}, {15, 148, .0624, .1605}, {0, 20, 0, .1611}, {1, 29, .0061, .1718}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        const asx_accuracy a = of(row[i].k, row[i].n);
        check_near(a.accuracy_low, 100 * row[i].low, 0.0051);
        check_near(a.accuracy_high, 100 * row[i].high, 0.0051);
    }
}

/* The score interval's ends are where |k/n - p| = z sqrt(p (1 - p) / n): found by bisection. */
static double score_end(double k, double n, double outer)
{
    double inside = k / n, outside = outer;
    for (int i = 0; i < 200; i++) {
        const double p = (inside + outside) / 2;
        if (fabs(k / n - p) <= z * sqrt(p * (1 - p) / n))
            inside = p;
        else
            outside = p;
    }
    return 100 * inside;
}

static void test_wilson_is_the_score_interval(void **state)
{
    (void)state;
    for (size_t n = 1; n <= 40; n++) {
        for (size_t k = 0; k <= n; k++) {
            const asx_accuracy a = of(k, n);
            check_near(a.accuracy_low, score_end((double)k, (double)n, 0), 1e-9);
            check_near(a.accuracy_high, score_end((double)k, (double)n, 1), 1e-9);
            assert_true(a.accuracy_low <= a.accuracy && a.accuracy <= a.accuracy_high);
        }
    }
}

static void test_ends_are_exact(void **state)
{
    (void)state;
    for (size_t n = 1; n < 3000; n += 7) {
        assert_true(of(0, n).accuracy_low == 0);
        assert_true(of(n, n).accuracy_high == 100);
        assert_true(of(0, n).accuracy == 0 && of(n, n).accuracy == 100);
        assert_true(of(n, n).drop == 0);
    }
}

/* Approval of a prime minister in two surveys of the same 1600 people: 150 changed to disapproval,
 * 86 to approval (Agresti, Categorical Data Analysis, section 10.1: difference 0.04, 95 % interval
 * 0.021 to 0.059 by Wald's formula, from which half a pair differs by less than 0.0005 here). */
static void test_published_pairs(void **state)
{
    (void)state;
    const asx_accuracy a = asx_accuracy_from_counts(ASX_TIER_MEASURED, 1600, 794, 150, 86);
    check_near(a.drop, 4, 1e-12);
    check_near(a.drop_low, 2.1, 0.05);
    check_near(a.drop_high, 5.9, 0.05);
    check_near(a.accuracy, 55, 1e-12); /* 880 of 1600 approve in the second one */
    assert_int_equal(a.correct, 880);
    assert_int_equal(a.images, 1600);
    assert_int_equal(a.tier, ASX_TIER_MEASURED);
}

/* Wald's interval from the full table with half a pair in each cell: variance of each proportion
 * and their covariance, instead of the shortened formula. */
static void test_pairs_by_covariance(void **state)
{
    (void)state;
    const size_t n = 12;
    for (size_t b = 0; b <= n; b++) {
        for (size_t c = 0; b + c <= n; c++) {
            for (size_t both = 0; both + b + c <= n; both++) {
                const asx_accuracy a = asx_accuracy_from_counts(ASX_TIER_MEASURED, n, both, b, c);
                const double m = (double)n + 2, p11 = ((double)both + .5) / m,
                             p12 = ((double)b + .5) / m, p21 = ((double)c + .5) / m,
                             p22 = 1 - p11 - p12 - p21, p1 = p11 + p12, p2 = p11 + p21;
                const double variance =
                    (p1 * (1 - p1) + p2 * (1 - p2) - 2 * (p11 * p22 - p12 * p21)) / m;
                const double low = p1 - p2 - z * sqrt(variance);
                const double high = p1 - p2 + z * sqrt(variance);
                check_near(a.drop_low, 100 * (low < -1 ? -1 : low), 1e-9);
                check_near(a.drop_high, 100 * (high > 1 ? 1 : high), 1e-9);
                assert_true(a.drop_low <= a.drop && a.drop <= a.drop_high);
            }
        }
    }
}

/* Two parts of the images are together what they are counted together: every table of pairs, cut anywhere. */
static void test_parts_join(void **state)
{
    (void)state;
    static const size_t counts[][4] = {
        {1, 1, 0, 0},    {1, 0, 1, 0},       {1, 0, 0, 1},          {1, 0, 0, 0},
        {2, 0, 2, 0},    {3, 0, 0, 3},       {7, 2, 3, 1},          {50, 30, 9, 4},
        {50, 0, 25, 25}, {1000, 0, 1000, 0}, {5000, 4500, 300, 90}, {100000, 90000, 7777, 1111}};
    enum { N = sizeof counts / sizeof *counts };
    for (size_t i = 0; i < N; i++)
        for (size_t k = 0; k < N; k++) {
            const size_t *p = counts[i], *q = counts[k];
            const asx_accuracy a =
                asx_accuracy_from_counts(ASX_TIER_MEASURED, p[0], p[1], p[2], p[3]);
            const asx_accuracy b =
                asx_accuracy_from_counts(ASX_TIER_MEASURED, q[0], q[1], q[2], q[3]);
            const asx_accuracy got = asx_accuracy_join(&a, &b);
            const asx_accuracy want = asx_accuracy_from_counts(
                ASX_TIER_MEASURED, p[0] + q[0], p[1] + q[1], p[2] + q[2], p[3] + q[3]);
            assert_int_equal(got.tier, want.tier);
            assert_int_equal(got.images, want.images);
            assert_int_equal(got.correct, want.correct);
            assert_memory_equal(&got.accuracy, &want.accuracy, 6 * sizeof(double));
        }
}

static void test_pairing_narrows(void **state)
{
    (void)state;
    /* 1 point lost of 91.7, 30 images of 1000 disagree: far narrower than the accuracy's own */
    const asx_accuracy a = asx_accuracy_from_counts(ASX_TIER_TRAINED, 1000, 897, 20, 10);
    check_near(a.drop, 1, 1e-12);
    assert_true(a.drop_high - a.drop_low < 0.65 * (a.accuracy_high - a.accuracy_low));
}

static void test_tier_names(void **state)
{
    (void)state;
    asx_error err;
    for (int i = 0; i < ASX_N_TIERS; i++) {
        asx_tier tier = ASX_N_TIERS;
        CHECK_OK(asx_tier_parse(&tier, asx_tier_text((asx_tier)i), &err), err);
        assert_int_equal(tier, i);
    }
    asx_tier tier = ASX_TIER_TRAINED;
    CHECK_FAIL(asx_tier_parse(&tier, "Proxy", &err), ASX_ENOTFOUND, err);
    assert_int_equal(tier, ASX_TIER_TRAINED);
    assert_string_equal(err.message,
                        "there is no tier 'Proxy'; there are: proxy measured trained float "
                        "costs");
    assert_int_equal(asx_tier_parse(&tier, "", NULL), ASX_ENOTFOUND);
}

/* Newcombe's first row again, told as a percentage; the drop's interval is as wide. */
static void test_told_in_percent(void **state)
{
    (void)state;
    const asx_accuracy a = asx_accuracy_from_percent(ASX_TIER_MEASURED, 30.8, 61.2, 263);
    assert_int_equal(a.correct, 81);
    check_near(a.accuracy_low, 25.53, 0.0051);
    check_near(a.accuracy_high, 36.62, 0.0051);
    check_near(a.drop_high - a.drop, a.accuracy - a.accuracy_low, 1e-9);
    check_near(a.drop - a.drop_low, a.accuracy_high - a.accuracy, 1e-9);
    const asx_accuracy b = asx_accuracy_from_percent(ASX_TIER_MEASURED, 90, -2, 0);
    assert_int_equal(b.images + b.correct, 0);
    assert_true(b.accuracy_low == 90 && b.accuracy_high == 90);
    assert_true(b.drop_low == -2 && b.drop_high == -2);
    /* rounded figures, at the ends of what there is: the interval holds the value */
    for (size_t images = 1; images < 50; images++)
        for (int tenth = 0; tenth <= 1000; tenth++) {
            const double told = tenth / 10.0;
            const asx_accuracy c = asx_accuracy_from_percent(ASX_TIER_MEASURED, told, 0, images);
            assert_true(c.accuracy_low <= told && told <= c.accuracy_high);
            assert_in_range(c.correct, 0, images);
            assert_true(c.drop_low <= 0 && 0 <= c.drop_high);
        }
}

/* As they stand in campaign files and databases. */
static void test_subset_names(void **state)
{
    (void)state;
    assert_int_equal(ASX_N_SUBSETS, 3);
    for (int i = 0; i < ASX_N_SUBSETS; i++) {
        asx_subset subset = ASX_N_SUBSETS;
        asx_error err;
        CHECK_OK(asx_subset_parse(&subset, asx_subset_text((asx_subset)i), &err), err);
        assert_int_equal(subset, i);
        CHECK_FAIL(asx_subset_parse(&subset, "Select", &err), ASX_ENOTFOUND, err);
        assert_int_equal(subset, i);
    }
    assert_string_equal(asx_subset_text(ASX_SUBSET_SELECT), "select");
    assert_string_equal(asx_subset_text(ASX_SUBSET_CONFIRM), "confirm");
    assert_string_equal(asx_subset_text(ASX_SUBSET_REPORT), "report");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_wilson),
        cmocka_unit_test(test_wilson_is_the_score_interval),
        cmocka_unit_test(test_ends_are_exact),
        cmocka_unit_test(test_published_pairs),
        cmocka_unit_test(test_pairs_by_covariance),
        cmocka_unit_test(test_parts_join),
        cmocka_unit_test(test_pairing_narrows),
        cmocka_unit_test(test_told_in_percent),
        cmocka_unit_test(test_tier_names),
        cmocka_unit_test(test_subset_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
