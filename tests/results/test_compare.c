/* Indicators of two fronts against numbers worked out by hand. */
#include "results/compare.h"

#include <math.h>
#include <string.h>

#include "check.h"

/* A front of two objectives in memory; its rows' texts do not matter. */
typedef struct sample {
    asx_row row[4];
    size_t index[4];
    asx_front f;
} sample;

static const asx_front *front(sample *s, const double (*point)[2], size_t n)
{
    *s = (sample){.f = {.record = {.objectives = "drop energy"},
                        .objective = {ASX_DROP, ASX_ENERGY},
                        .n_objectives = 2,
                        .limits = asx_limits_none(),
                        .feasible = true,
                        .n = n}};
    s->f.limits.max[ASX_DROP] = 11;
    for (size_t i = 0; i < n; i++) {
        s->row[i].evaluation.accuracy.drop = point[i][0];
        s->row[i].evaluation.cost.energy_pj = point[i][1];
        s->index[i] = i;
    }
    s->f.rows = (asx_rows){.row = s->row, .n = n};
    s->f.index = s->index;
    return &s->f;
}

static void close_to(double have, double want)
{
    if (!(fabs(have - want) < 1e-9))
        fail_msg("%.12g, not %.12g", have, want);
}

/* The baseline of A costs 11, its limit of the drop is 11: the reference is (11, 11), the box 121. A = {(0,10), (10,0)}
 * dominates 11*1 + 1*10 = 21; B = {(2,4)} dominates 9*7 = 63. Ranges are 0..10 and 0..10: A must move by 0.8 of a range to cover B: (10,0)
 * by 0.8 in drop, (0,10) by 0.6 in energy, which is less: 0.6. B must move by 0.4 for (10,0) and by
 * 0.2 for (0,10): 0.4. */
static void test_by_hand(void **state)
{
    static const double a[][2] = {{0, 10}, {10, 0}}, b[][2] = {{2, 4}};
    sample x, y;
    asx_error err = {0};
    asx_front_comparison c;
    (void)state;
    const asx_row baseline = {.evaluation.cost.energy_pj = 11},
                  other = {.evaluation.cost.energy_pj = 99};
    front(&x, a, 2);
    front(&y, b, 1);
    CHECK_OK(asx_front_compare(&c, &x.f, &y.f, &err), err);
    assert_true(c.reference.n == 0 && isnan(c.volume_a) && isnan(c.volume_b));
    x.f.baseline = &baseline, y.f.baseline = &other;
    CHECK_OK(asx_front_compare(&c, &x.f, &y.f, &err), err);
    assert_int_equal(c.reference.n, 2);
    close_to(c.reference.value[0], 11);
    close_to(c.reference.value[1], 11);
    close_to(c.volume_a, 21.0 / 121);
    close_to(c.volume_b, 63.0 / 121);
    double own = 0;
    CHECK_OK(asx_front_hypervolume(&own, &x.f, &err), err);
    assert_true(own == c.volume_a);
    close_to(c.epsilon_ab, 0.6);
    close_to(c.epsilon_ba, 0.4);
    close_to(c.coverage_ab, 0);
    close_to(c.coverage_ba, 0);
}

/* Equal points cover each other; a range of nothing counts as one. */
static void test_same(void **state)
{
    static const double a[][2] = {{1, 5}, {2, 5}}, b[][2] = {{1, 5}};
    sample x, y;
    asx_error err = {0};
    asx_front_comparison c;
    (void)state;
    CHECK_OK(asx_front_compare(&c, front(&x, a, 2), front(&y, b, 1), &err), err);
    close_to(c.epsilon_ab, 0);
    close_to(c.epsilon_ba, 0); /* (2, 5) is dominated by (1, 5) */
    close_to(c.coverage_ab, 1);
    close_to(c.coverage_ba, 1);
}

static void test_refused(void **state)
{
    static const double a[][2] = {{1, 5}};
    sample x, y;
    asx_error err = {0};
    asx_front_comparison c = {.volume_a = 77};
    (void)state;
    const asx_front *f = front(&x, a, 1);
    CHECK_FAIL(asx_front_compare(&c, f, front(&y, a, 0), &err), ASX_EINVAL, err);
    assert_non_null(strstr(err.message, "front B"));
    front(&y, a, 1);
    y.f.objective[1] = ASX_AREA;
    y.f.record.objectives = "drop area";
    CHECK_FAIL(asx_front_compare(&c, f, &y.f, &err), ASX_EINVAL, err);
    assert_non_null(strstr(err.message, "drop area"));
    assert_true(c.volume_a == 77);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_same),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
