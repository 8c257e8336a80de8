/* Where a proxy parts from measurements, on drops made up to show it or not. */
#include <math.h>

#include "check.h"
#include "explore/additivity.h"

enum { N = 30 };

static double predicted[N], measured[N];

/* From 1 to 30 points in an order that is not theirs, measured as predicted but for some noise. */
static void make_drops(double noise)
{
    for (size_t i = 0; i < N; i++) {
        predicted[i] = (double)(i * 7 % N) + 1;
        measured[i] = predicted[i] + (i % 2 ? noise : -noise);
    }
}

static asx_additivity find(size_t n)
{
    asx_error err;
    asx_additivity a;
    CHECK_OK(asx_additivity_find(&a, predicted, measured, n, &err), err);
    return a;
}

static void check_text(const asx_additivity *a, const char *expected)
{
    asx_text text = {0};
    asx_additivity_say(&text, a);
    assert_string_equal(text.n ? text.s : "", expected);
    asx_text_fini(&text);
}

static void noise_alone(void **state)
{
    (void)state;
    make_drops(0.4);
    const asx_additivity a = find(N);
    assert_true(a.known && isnan(asx_additivity_limit(&a)));
    assert_true(a.part[1].from == 11 && a.part[1].to == 20);
    /* ten deviations of 0.4: standard error 0.4 / sqrt(9), about a mean that the halves cancel in
     */
    assert_true(a.part[1].error > 0.1 && a.part[1].error < 0.14);
    check_text(&a, "");
}

static void heavy_damage(void **state)
{
    (void)state;
    make_drops(0.4);
    for (size_t i = 0; i < N; i++)
        measured[i] += predicted[i] > 20 ? 5 : predicted[i] <= 10 ? -0.9 : 0;
    const asx_additivity a = find(N);
    assert_true(asx_additivity_limit(&a) == 21);
    assert_true(fabs(a.part[0].bias - 0.9) < 0.2 && fabs(a.part[2].bias + 5) < 0.2);
    check_text(&a, "predicts 5.0 points too few where it says 21.0 to 30.0");
}

/* Off by two points on average, but every design by another sixteen. */
static void too_noisy_to_tell(void **state)
{
    (void)state;
    make_drops(16);
    for (size_t i = 0; i < N; i++)
        measured[i] -= 2;
    const asx_additivity a = find(N);
    assert_true(isnan(asx_additivity_limit(&a)));
}

static void both_ends(void **state)
{
    (void)state;
    make_drops(0);
    for (size_t i = 0; i < N; i++)
        measured[i] += predicted[i] > 20 ? 3 : predicted[i] <= 10 ? -2 : 0;
    const asx_additivity a = find(N);
    assert_true(asx_additivity_limit(&a) == 1);
    check_text(&a,
               "predicts 2.0 points too many where it says 1.0 to 10.0, 3.0 too few from 21.0 to "
               "30.0");
}

static void too_few(void **state)
{
    (void)state;
    make_drops(16);
    const asx_additivity a = find(ASX_ADDITIVITY_DESIGNS_MIN - 1);
    assert_true(!a.known && isnan(asx_additivity_limit(&a)));
    check_text(&a, "");
    assert_true(find(ASX_ADDITIVITY_DESIGNS_MIN).known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_alone),       cmocka_unit_test(heavy_damage),
        cmocka_unit_test(too_noisy_to_tell), cmocka_unit_test(both_ends),
        cmocka_unit_test(too_few),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
