/* Objectives, limits and costs. */
#include "dse/evaluation.h"

#include <math.h>
#include <string.h>

#include "check.h"

static void check_near(double got, double want, double tolerance)
{
    if (!(fabs(got - want) <= tolerance))
        fail_msg("%.17g is not %.17g", got, want);
}

static asx_evaluation sample(void)
{
    asx_evaluation e = {0};
    e.accuracy.drop = 1.5;
    e.cost.energy_pj = 200;
    e.cost.latency_ns = 30;
    e.cost.area_um2 = 4000;
    e.cost.weight_bits = 50000;
    return e;
}

static void test_names(void **state)
{
    (void)state;
    static const struct {
        asx_objective objective;
        const char *text, *field, *unit;
        double value;
    } row[] = {
        {ASX_DROP, "drop", "drop", "points", 1.5},
        {ASX_ENERGY, "energy", "energy_pj", "pJ", 200},
        {ASX_LATENCY, "latency", "latency_ns", "ns", 30},
        {ASX_AREA, "area", "area_um2", "um2", 4000},
        {ASX_STORAGE, "storage", "weight_bits", "bits", 50000},
        {ASX_ENERGY_DELAY, "energy_delay", "energy_delay_njs", "nJ s", 1e-12 * 200 * 30},
        {ASX_POWER, "power_mw", "power_mw", "mW", 200. / 30},
    };
    assert_int_equal(sizeof row / sizeof *row, ASX_N_OBJECTIVES);
    const asx_evaluation e = sample();
    asx_error err;
    for (size_t i = 0; i < ASX_N_OBJECTIVES; i++) {
        asx_objective by_text = ASX_N_OBJECTIVES, by_field = ASX_N_OBJECTIVES;
        CHECK_OK(asx_objective_parse(&by_text, row[i].text, &err), err);
        CHECK_OK(asx_objective_parse(&by_field, row[i].field, &err), err);
        assert_int_equal(by_text, row[i].objective);
        assert_int_equal(by_field, row[i].objective);
        assert_string_equal(asx_objective_text(by_text), row[i].text);
        assert_string_equal(asx_objective_field(by_text), row[i].field);
        assert_string_equal(asx_objective_unit(by_text), row[i].unit);
        assert_true(strlen(asx_objective_help(by_text)) > 0);
        assert_true(asx_evaluation_objective(&e, by_text) == row[i].value);
    }
    asx_objective out = ASX_AREA;
    CHECK_FAIL(asx_objective_parse(&out, "power", &err), ASX_ENOTFOUND, err);
    assert_int_equal(out, ASX_AREA);
    assert_string_equal(err.message,
                        "there is no objective 'power'; there are: drop energy latency "
                        "area storage energy_delay power_mw inferences_per_s");
    CHECK_OK(asx_objective_parse(&out, "inferences_per_s", &err), err);
    assert_int_equal(out, ASX_LATENCY);
}

static void test_limits(void **state)
{
    (void)state;
    asx_evaluation e = sample();
    asx_limits limits = asx_limits_none();
    assert_true(asx_limits_violation(&limits, &e) == 0);
    limits.max[ASX_DROP] = 1.5; /* reached, not exceeded */
    assert_true(asx_limits_violation(&limits, &e) == 0);
    limits.max[ASX_ENERGY] = 160; /* 40 / 160 */
    check_near(asx_limits_violation(&limits, &e), 0.25, 1e-15);
    limits.max[ASX_DROP] = 0.25; /* below 1 the excess counts as it is */
    check_near(asx_limits_violation(&limits, &e), 1.5, 1e-15);
    limits.max[ASX_DROP] = -3; /* 4.5 / 3 */
    check_near(asx_limits_violation(&limits, &e), 1.75, 1e-15);
}

static void test_parts(void **state)
{
    (void)state;
    asx_cost cost = {0}, sum = {0};
    double want = 0;
    static const char *const group[] = {"compute", "memory", "movement", "leakage"};
    for (int i = 0; i < ASX_N_PARTS; i++) {
        cost.energy_part_pj[i] = ldexp(1, i); /* any subset has a sum of its own */
        cost.area_part_um2[i] = i;
        want += ldexp(1, i);
        assert_true(strlen(asx_part_text((asx_part)i)) > 0);
        assert_true(strlen(asx_part_help((asx_part)i)) > 0);
        for (int j = 0; j < i; j++)
            assert_string_not_equal(asx_part_text((asx_part)i), asx_part_text((asx_part)j));
    }
    double got = 0;
    for (size_t g = 0; g < 4; g++)
        got += asx_cost_group_pj(&cost, group[g]);
    assert_true(got == want); /* every part is in exactly one of the groups */
    assert_true(asx_cost_group_pj(&cost, "leakage") == ldexp(1, ASX_PART_LEAKAGE));
    assert_true(asx_cost_group_pj(&cost, "none") == 0);
    assert_string_equal(asx_part_group(ASX_PART_PARTIAL_SUM), "memory");
    assert_string_equal(asx_part_text(ASX_PART_WEIGHT_READ), "weight_read");

    cost.energy_pj = want;
    cost.cycles = 7;
    asx_cost_add(&sum, &cost);
    asx_cost_add(&sum, &cost);
    /* the structure holds doubles only: adding it twice doubles each of them */
    double a[sizeof sum / sizeof(double)], b[sizeof sum / sizeof(double)];
    assert_int_equal(sizeof sum % sizeof(double), 0);
    memcpy(a, &cost, sizeof a);
    memcpy(b, &sum, sizeof b);
    for (size_t i = 0; i < sizeof a / sizeof *a; i++)
        assert_true(b[i] == 2 * a[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
