/* The proxy: additive by construction and in what it answers, damage in step with projection error,
 * a monotone map, the same table from any number of threads, and every error. */
#include <math.h>
#include <omp.h>

#include "toy_proxy.h"

static const char *const FORMATS[] = {"w8a8",      "w8{1,3}a8", "w8{1}a8", "w6a8",
                                      "w6{1,3}a8", "w6{1}a8",   "w4{1}a8", "w4{3}a8",
                                      "w3a8",      "w2{1}a8",   "w8a2",    "w8a10"};
enum { N = sizeof FORMATS / sizeof FORMATS[0] };

static void start(toy_proxy *f)
{
    toy_proxy_start(f, FORMATS, N);
}

static void designs_are_sums(void **state)
{
    (void)state;
    asx_error err;
    toy_proxy f;
    start(&f);
    CHECK_OK(asx_proxy_fit(NULL, f.proxy, f.measure, 1, &err), err);
    asx_design d;
    CHECK_OK(asx_design_init(&d, 3, &err), err);
    for (size_t i = 0; i < 50; i++) {
        double sum = 0;
        uint16_t number[3];
        for (size_t l = 0; l < 3; l++) {
            size_t at = N;
            d.format[l] = f.format[toy_between(0, N - 1)];
            CHECK_OK(asx_proxy_find(&at, f.proxy, &d.format[l], &err), err);
            assert_true(asx_format_equal(&f.format[at], &d.format[l]));
            sum += asx_proxy_damage(f.proxy, l, at);
            number[l] = (uint16_t)at;
        }
        double score = -1;
        asx_proxy_score(&score, f.proxy, number, 1);
        assert_true(score == sum);
        asx_accuracy a;
        CHECK_OK(asx_proxy_design(&a, f.proxy, &d, &err), err);
        assert_true(a.tier == ASX_TIER_PROXY && a.images == 0);
        assert_true(fabs(a.drop - asx_proxy_drop(f.proxy, sum)) < 1e-9);
        assert_true(fabs(a.accuracy + a.drop - asx_measure_float(f.measure).accuracy) < 1e-9);
        assert_true(a.drop_low == a.drop && a.accuracy_high == a.accuracy);
    }
    asx_design_fini(&d);
    toy_proxy_end(&f);
}

/* Entry by entry: errors of weights and of inputs, added up. */
static void damage_follows_the_errors(void **state)
{
    (void)state;
    asx_error err;
    toy_proxy f;
    asx_proxy *plain = NULL;
    start(&f);
    CHECK_OK(asx_proxy_new(&plain, "weight", f.calibration, f.data, TOY_IMAGES, f.format, N, &err),
             err);
    for (size_t l = 0; l < 3; l++)
        for (size_t i = 0; i < N; i++) {
            double w, x;
            const asx_word input =
                asx_format_activation(&f.format[i], f.net->work.layer[l].input_non_negative);
            CHECK_OK(asx_calibration_weight_error(&w, f.calibration, l, &f.format[i].weight, &err),
                     err);
            CHECK_OK(asx_calibration_activation_error(&x, f.calibration, l, &input, &err), err);
            assert_true(fabs(asx_proxy_damage(plain, l, i) - (w + x)) < 1e-9 + 1e-6 * (w + x));
        }
    asx_proxy_free(plain);
    toy_proxy_end(&f);
}

static void map_is_monotone(void **state)
{
    (void)state;
    asx_error err;
    toy_proxy f;
    asx_proxy_fit_report report = {0}, again = {0};
    start(&f);
    CHECK_OK(asx_proxy_fit(&report, f.proxy, f.measure, 5, &err), err);
    CHECK_OK(asx_proxy_fit(&again, f.proxy, f.measure, 5, &err), err);
    assert_true(report.knee == again.knee && report.power == again.power);
    assert_true(report.n_designs >= 8 && report.knee > 0 && report.power > 0);
    assert_true(isfinite(report.residual) && report.residual >= 0);
    assert_true(asx_proxy_drop(f.proxy, 0) == 0);
    double last = 0;
    for (double d = report.knee / 64; d < report.knee * 1.5; d *= 1.25) {
        const double drop = asx_proxy_drop(f.proxy, d);
        assert_true(drop > last && drop < report.ceiling);
        last = drop;
    }
    toy_proxy_end(&f);
}

static void threads_change_nothing(void **state)
{
    (void)state;
    asx_error err;
    toy_proxy f;
    asx_proxy *other = NULL;
    asx_proxy_fit_report one, three;
    start(&f);
    const int before = omp_get_max_threads();
    CHECK_OK(asx_proxy_fit(&one, f.proxy, f.measure, 1, &err), err);
    omp_set_num_threads(before == 1 ? 3 : 1);
    CHECK_OK(asx_proxy_new(&other, "scaled", f.calibration, f.data, TOY_IMAGES, f.format, N, &err),
             err);
    CHECK_OK(asx_proxy_fit(&three, other, f.measure, 1, &err), err);
    omp_set_num_threads(before);
    for (size_t l = 0; l < 3; l++)
        for (size_t i = 0; i < N; i++)
            assert_true(asx_proxy_damage(f.proxy, l, i) == asx_proxy_damage(other, l, i));
    assert_true(one.knee == three.knee && one.residual == three.residual);
    asx_proxy_free(other);
    toy_proxy_end(&f);
}

static void errors(void **state)
{
    (void)state;
    asx_error err;
    toy_proxy f;
    asx_proxy *p = NULL;
    size_t index = 77;
    asx_accuracy a = {.images = 99};
    asx_format other;
    asx_design d;
    asx_evaluator e = {0};
    asx_evaluation out = {.cost.energy_pj = 42};
    start(&f);
    CHECK_FAIL(asx_proxy_new(&p, "scaled", f.calibration, f.data, TOY_IMAGES, f.format, 0, &err),
               ASX_EINVAL, err);
    CHECK_FAIL(
        asx_proxy_new(&p, "scaled", f.calibration, f.data, (asx_range){3, 3}, f.format, N, &err),
        ASX_EINVAL, err);
    f.format[1].weight.bits = 30;
    CHECK_FAIL(asx_proxy_new(&p, "scaled", f.calibration, f.data, TOY_IMAGES, f.format, N, &err),
               ASX_EINVAL, err);
    assert_null(p);

    CHECK_OK(asx_format_parse(&other, "w7{1,5}a8", &err), err);
    CHECK_FAIL(asx_proxy_find(&index, f.proxy, &other, &err), ASX_ENOTFOUND, err);
    assert_non_null(strstr(err.message, "w7{1,5}a8"));
    assert_int_equal(index, 77);
    CHECK_OK(asx_design_init(&d, 3, &err), err);
    CHECK_OK(asx_proxy_evaluator(&e, f.proxy, &err), err);
    CHECK_OK(e.type->evaluate(e.state, &d, &out, &err), err);
    assert_true(out.cost.energy_pj == 42 && out.accuracy.tier == ASX_TIER_PROXY);
    d.format[2] = other;
    CHECK_FAIL(asx_proxy_design(&a, f.proxy, &d, &err), ASX_ENOTFOUND, err);
    d.n_layers = 2;
    CHECK_FAIL(asx_proxy_design(&a, f.proxy, &d, &err), ASX_EINVAL, err);
    assert_int_equal(a.images, 99);
    d.n_layers = 3;

    f.net->hash = 1; /* the measurement's network is not the proxy's any more */
    CHECK_FAIL(asx_proxy_fit(NULL, f.proxy, f.measure, 1, &err), ASX_EINVAL, err);
    asx_evaluator_fini(&e);
    asx_design_fini(&d);
    toy_proxy_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(designs_are_sums), cmocka_unit_test(damage_follows_the_errors),
        cmocka_unit_test(map_is_monotone),  cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
