/* Measures by name, and estimates against definitions that are written differently: pairs one by one, deletion of one image
 * after the other. */
#include "dse/estimate.h"

#include <math.h>
#include <string.h>

#include "check.h"
#include "dse/confirm.h"
#include "dse/seed.h"

enum { N = 60, K = 3 };

static void check_near(double got, double want, double tolerance)
{
    if (!(fabs(got - want) <= tolerance))
        fail_msg("%.17g is not %.17g", got, want);
}

static double square(const double *share, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += share[i] * share[i];
    return sum;
}

static void test_names(void **state)
{
    (void)state;
    static const char *const names[] = {"top1", "top5", "auc", "pixel", "miou",
                                        "r2",   "psnr", "mse", "mae"};
    asx_error err;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        asx_score s;
        asx_text text = {0};
        CHECK_OK(asx_score_parse(&s, names[i], &err), err);
        asx_score_print(&text, &s);
        assert_string_equal(text.s, names[i]);
        asx_text_fini(&text);
        assert_int_equal(asx_score_counts(&s), i < 2);
        assert_int_equal(asx_score_grows(&s), i < 7);
        assert_int_equal(isnan(s.point), i >= 7);
    }
    static const char *const bad[] = {"",         "top", "top0", "top1.5",
                                      "top99999", "MSE", "mse ", "rmse"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        asx_score s = {.top = 77};
        CHECK_FAIL(asx_score_parse(&s, bad[i], &err), ASX_EINVAL, err);
        assert_int_equal(s.top, 77);
    }
    const double point[] = {1, 0.01, 0.1, 0.012, 3e-7, 250};
    const int decimals[] = {2, 4, 3, 4, 9, 0};
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(asx_score_decimals(&(asx_score){ASX_SCORE_MSE, 0, point[i]}), decimals[i]);
    assert_true(asx_score_drop(&(asx_score){ASX_SCORE_MSE, 0, 1}, 2, 3) == 1);
    assert_true(asx_score_drop(&(asx_score){ASX_SCORE_R2, 0, 1}, 2, 3) == -1);
}

/* Positive numbers of which some are equal. */
static double draw(uint64_t stream, uint64_t i)
{
    return 1 + floor(20 * asx_seed_uniform(7, stream, i)) / 4;
}

static double ratios_without(const double *num, const double *den, size_t left_out)
{
    double mean = 0;
    for (size_t j = 0; j < K - 1; j++) { /* the last is not used */
        double a = 0, b = 0;
        for (size_t i = 0; i < N; i++)
            if (i != left_out) {
                a += num[i * K + j];
                b += den[i * K + j];
            }
        mean += a / b / (K - 1);
    }
    return mean;
}

/* The delta method is the jackknife but for terms of order 1 / N. */
static void test_means_and_ratios(void **state)
{
    (void)state;
    double num[N * K], den[N * K], share[N], ones[N], jack = 0, sum = 0, squares = 0;
    for (size_t i = 0; i < N * K; i++) {
        num[i] = draw(1, i);
        den[i] = num[i] + draw(2, i);
    }
    asx_estimate e = {.share = share};
    const bool use[K] = {true, true, false};
    asx_estimate_ratios(&e, num, den, use, N, K);
    check_near(e.value, ratios_without(num, den, N), 1e-12);
    for (size_t i = 0; i < N; i++) {
        const double d = ratios_without(num, den, i) - e.value;
        jack += d * d * (N - 1) / N;
    }
    check_near(square(share, N) / jack, 1, 0.05);
    for (size_t i = 0; i < N; i++) {
        ones[i] = 1;
        sum += num[i];
        squares += num[i] * num[i];
    }
    asx_estimate_mean(&e, num, N);
    check_near(e.value, sum / N, 1e-12);
    check_near(square(share, N), (squares - sum * sum / N) / (N - 1) / N, 1e-12);
    asx_estimate_ratios(&e, num, ones, use, N, 1); /* of which a mean is one */
    check_near(e.value, sum / N, 1e-12);
    check_near(square(share, N), (squares - sum * sum / N) / (N - 1) / N, 1e-12);
}

static double won(double a, double b)
{
    return a > b ? 1 : a < b ? 0 : 0.5;
}

/* DeLong's variance, S10 / m + S01 / n, from all pairs. */
static double area(double *variance, const double *score, const bool *positive)
{
    double sum = 0, pairs = 0, n[2] = {0}, part[2] = {0};
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++)
            if (positive[i] && !positive[j]) {
                sum += won(score[i], score[j]);
                pairs++;
            }
    for (size_t i = 0; i < N; i++)
        n[positive[i]]++;
    for (size_t i = 0; i < N; i++) {
        double v = 0;
        for (size_t j = 0; j < N; j++)
            if (positive[i] != positive[j])
                v += positive[i] ? won(score[i], score[j]) : won(score[j], score[i]);
        v /= n[!positive[i]];
        part[positive[i]] += (v - sum / pairs) * (v - sum / pairs);
    }
    *variance = part[1] / (n[1] - 1) / n[1] + part[0] / (n[0] - 1) / n[0];
    return sum / pairs;
}

static void test_area(void **state)
{
    (void)state;
    asx_error err;
    double score[N], share[N], variance;
    bool positive[N];
    for (uint64_t round = 0; round < 20; round++) {
        for (size_t i = 0; i < N; i++) {
            positive[i] = i < 2 || (i > 3 && asx_seed_uniform(9, round, i) < 0.3);
            score[i] = draw(20 + round, i) + (positive[i] ? 1.5 : 0);
        }
        asx_estimate e = {.share = share};
        CHECK_OK(asx_estimate_auc(&e, score, positive, N, &err), err);
        const double want = area(&variance, score, positive);
        check_near(e.value, want, 1e-12);
        check_near(square(share, N), variance, 1e-12);
    }
    for (size_t i = 0; i < N; i++)
        score[i] = positive[i]; /* all told apart */
    asx_estimate e = {.share = share};
    CHECK_OK(asx_estimate_auc(&e, score, positive, N, &err), err);
    check_near(e.value, 1, 0);
    check_near(square(share, N), 0, 0);
}

/* From per-image errors to a drop, to what a test sees of it, and back. */
static void test_pairs(void **state)
{
    (void)state;
    const asx_score mse = {ASX_SCORE_MSE, 0, 0.05};
    double of_float[N], of_design[N], a[N], b[N], d[N], c[N];
    for (size_t i = 0; i < N; i++) {
        of_float[i] = draw(3, i);
        of_design[i] = of_float[i] + draw(4, i) / 10;
        d[i] = of_design[i] - of_float[i];
    }
    asx_estimate f = {.share = a}, e = {.share = b}, off = {.share = c};
    asx_estimate_mean(&f, of_float, N);
    asx_estimate_mean(&e, of_design, N);
    asx_estimate_mean(&off, d, N);
    const asx_accuracy x = asx_accuracy_from_estimates(ASX_TIER_MEASURED, &mse, N, &f, &e);
    const double error = sqrt(square(c, N));
    assert_true(x.correct == ASX_NOT_COUNTED && x.images == N);
    check_near(x.drop, off.value, 1e-12);
    check_near(x.drop_high - x.drop, asx_estimate_reach(N) * error, 1e-12);
    check_near(asx_estimate_reach(N), 2.00099538, 1e-6); /* Student, 59 degrees of freedom */
    asx_paired p, twice = {0};
    assert_true(asx_paired_of(&p, &x));
    assert_true(p.scored && p.images == N);
    check_near(asx_paired_drop(&p), x.drop, 1e-12);
    check_near(asx_paired_error(&p), error, 1e-12);
    check_near(asx_paired_score(&p, x.drop - 2 * error, NULL), 2, 1e-9);
    check_near(asx_paired_sureness(&p, x.drop), 50, 1e-9);
    asx_paired_add(&twice, &p);
    asx_paired_add(&twice, &p);
    check_near(asx_paired_drop(&twice), x.drop, 1e-12);
    check_near(asx_paired_error(&twice), error / sqrt(2), 1e-12);
    const asx_accuracy again = asx_accuracy_from_paired(ASX_TIER_TRAINED, &p, 0);
    check_near(again.drop_low, x.drop_low, 1e-12);

    /* the same answers: nothing is lost, and nothing divided by nothing */
    const asx_accuracy same = asx_accuracy_from_estimates(ASX_TIER_MEASURED, &mse, N, &f, &f);
    assert_true(asx_paired_of(&p, &same));
    assert_true(isfinite(asx_paired_score(&p, 0.01, NULL)));
    check_near(asx_paired_sureness(&p, 0.01), 100, 1e-9);
    const asx_confirm_rule rule = {
        .limit = 0.01, .confidence = 95, .images = N, .block = N, .scored = true};
    assert_int_equal(asx_confirm_judge(&rule, &p), ASX_VERDICT_KEEPS);
    assert_true(asx_paired_of(&p, &x));
    assert_int_equal(asx_confirm_judge(&rule, &p), ASX_VERDICT_BREAKS);
    const asx_confirm_rule more = {
        .limit = x.drop + 3 * error, .confidence = 95, .images = N, .block = N, .scored = true};
    assert_int_equal(asx_confirm_judge(&more, &p), ASX_VERDICT_KEEPS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_names),
                                       cmocka_unit_test(test_means_and_ratios),
                                       cmocka_unit_test(test_area), cmocka_unit_test(test_pairs)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
