/* Paired counts: the score test against the likelihood maximised by search, and counts found again
 * from accuracies. */
#include "dse/paired.h"

#include <math.h>

#include "check.h"

static void check_near(double got, double want, double tolerance)
{
    if (!(fabs(got - want) <= tolerance))
        fail_msg("%.17g is not %.17g", got, want);
}

/* Of b, c and n - b - c images, if the design alone is right on a share q and the float network
 * alone on q + d. */
static double log_likelihood(double b, double c, double n, double q, double d)
{
    const double rest = 1 - 2 * q - d;
    return (b > 0 ? b * log(q + d) : 0) + (c > 0 ? c * log(q) : 0) +
           (n - b - c > 0 ? (n - b - c) * log(rest) : 0);
}

/* By ternary search: the likelihood is concave in q. */
static double likeliest(double b, double c, double n, double d)
{
    double low = fmax(0, -d), high = (1 - d) / 2;
    for (int i = 0; i < 300; i++) {
        const double p = low + (high - low) / 3, q = high - (high - low) / 3;
        if (log_likelihood(b, c, n, p, d) < log_likelihood(b, c, n, q, d))
            low = p;
        else
            high = q;
    }
    return (low + high) / 2;
}

static void test_score_by_search(void **state)
{
    (void)state;
    static const double limits[] = {-20, -3, -0.5, 0.5, 1, 5, 40};
    for (size_t n = 3; n <= 40; n += 5)
        for (size_t b = 0; b <= n; b++)
            for (size_t c = 0; b + c <= n; c++)
                for (size_t k = 0; k < sizeof limits / sizeof *limits; k++) {
                    const asx_paired p = {.images = n, .only_float = b, .only_design = c};
                    const double d = limits[k] / 100, x = (double)b, y = (double)c, m = (double)n;
                    const double q = likeliest(x, y, m, d);
                    const double variance = 2 * q + d - d * d;
                    double deviation = -1;
                    const double z = asx_paired_score(&p, limits[k], &deviation);
                    check_near(deviation * deviation, variance, 1e-6);
                    check_near(z * sqrt(m * variance), x - y - m * d, 1e-4 * (1 + m));
                }
}

/* At the limit 0 it is McNemar's test (Psychometrika 12, 1947): (b - c) / sqrt(b + c). Agresti,
 * Categorical Data Analysis, section 10.1.1: b = 150, c = 86 give z^2 = 17.36. */
static void test_mcnemar(void **state)
{
    (void)state;
    const asx_paired p = {.images = 1600, .only_float = 150, .only_design = 86};
    const double z = asx_paired_score(&p, 0, NULL);
    check_near(z * z, 17.36, 0.005);
    check_near(asx_paired_sureness(&p, 0), 100 * 1.55e-5, 100 * 0.02e-5);
    assert_true(asx_paired_score(&(asx_paired){.images = 100}, 0, NULL) == 0);
}

static void test_sureness_falls_with_the_drop(void **state)
{
    (void)state;
    check_near(
        asx_paired_sureness(&(asx_paired){.images = 1000, .only_float = 20, .only_design = 10}, 1),
        50, 1e-9);
    for (size_t b = 1; b < 100; b++) {
        const asx_paired less = {.images = 1000, .only_float = b - 1, .only_design = 10},
                         more = {.images = 1000, .only_float = b, .only_design = 10};
        assert_true(asx_paired_sureness(&less, 1) > asx_paired_sureness(&more, 1));
        assert_true(asx_paired_sureness(&less, 1) < asx_paired_sureness(&less, 1.5));
    }
    /* no image tells them apart: by the binomial, 500 such at a drop of 1 have a chance of 0.7 % */
    const double sure = asx_paired_sureness(&(asx_paired){.images = 500}, 1);
    assert_true(sure > 98 && sure < 99.5);
}

static void test_error_is_of_the_interval(void **state)
{
    (void)state;
    for (size_t b = 0; b < 30; b++) {
        const asx_accuracy a = asx_accuracy_from_counts(ASX_TIER_MEASURED, 512, 400, b, 7);
        const asx_paired p = {.images = 512, .only_float = b, .only_design = 7};
        check_near((a.drop_high - a.drop_low) / 2, 1.959963984540054 * asx_paired_error(&p), 1e-9);
        check_near(asx_paired_drop(&p), a.drop, 1e-12);
    }
}

static void test_counts_are_found_again(void **state)
{
    (void)state;
    size_t clipped = 0;
    for (size_t n = 1; n <= 1000; n = n < 12 ? n + 1 : n * 3)
        for (size_t b = 0; b <= n; b += 1 + n / 50)
            for (size_t c = 0; b + c <= n; c += 1 + n / 50) {
                const asx_accuracy a =
                    asx_accuracy_from_counts(ASX_TIER_MEASURED, n, n - b - c, b, c);
                asx_paired p = {0};
                if (a.drop_low <= -100 && a.drop_high >= 100) {
                    clipped++;
                    continue;
                }
                assert_true(asx_paired_of(&p, &a));
                assert_int_equal(p.images, n);
                assert_int_equal(p.only_float, b);
                assert_int_equal(p.only_design, c);
            }
    assert_true(clipped < 5);
    asx_paired p = {.images = 1, .only_float = 2, .only_design = 3};
    const asx_accuracy predicted = {
        .tier = ASX_TIER_PROXY, .drop = 1, .drop_low = 1, .drop_high = 1};
    assert_false(asx_paired_of(&p, &predicted));
    const asx_accuracy impossible = {.images = 100, .drop = 1, .drop_low = 1, .drop_high = 1};
    assert_false(asx_paired_of(&p, &impossible));
    assert_int_equal(p.only_design, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_score_by_search),
        cmocka_unit_test(test_mcnemar),
        cmocka_unit_test(test_sureness_falls_with_the_drop),
        cmocka_unit_test(test_error_is_of_the_interval),
        cmocka_unit_test(test_counts_are_found_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
