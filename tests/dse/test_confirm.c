/* The order of candidates and the walk along them, on counts written down here. How often the walk
 * errs: test_coverage.c. */
#include "dse/confirm.h"

#include <math.h>
#include <string.h>

#include "check.h"

static const asx_confirm_rule at_50 = {.limit = 1, .confidence = 50, .images = 2000, .block = 250},
                              at_95 = {.limit = 1, .confidence = 95, .images = 2000, .block = 250};

static void test_all_images_decide(void **state)
{
    (void)state;
    for (size_t b = 0; b < 120; b++) {
        const asx_paired p = {.images = 2000, .only_float = b, .only_design = 20};
        assert_int_equal(asx_confirm_judge(&at_50, &p),
                         b <= 40 ? ASX_VERDICT_KEEPS : ASX_VERDICT_BREAKS);
        assert_int_equal(asx_confirm_judge(&at_95, &p),
                         asx_paired_sureness(&p, 1) >= 95 ? ASX_VERDICT_KEEPS : ASX_VERDICT_BREAKS);
    }
}

static void test_stops_when_certain(void **state)
{
    (void)state;
    /* 30 of 250 lost: 20 may be in 2000 */
    assert_int_equal(
        asx_confirm_judge(&at_50, &(asx_paired){.images = 250, .only_float = 31, .only_design = 1}),
        ASX_VERDICT_OPEN);
    assert_int_equal(
        asx_confirm_judge(&at_50, &(asx_paired){.images = 500, .only_float = 81, .only_design = 1}),
        ASX_VERDICT_BREAKS);
    assert_int_equal(
        asx_confirm_judge(&at_95, &(asx_paired){.images = 500, .only_float = 60, .only_design = 1}),
        ASX_VERDICT_BREAKS);
    /* nothing lost in half of them */
    assert_int_equal(asx_confirm_judge(&at_50, &(asx_paired){.images = 250}), ASX_VERDICT_OPEN);
    assert_int_equal(asx_confirm_judge(&at_50, &(asx_paired){.images = 1250}), ASX_VERDICT_KEEPS);
    assert_int_equal(asx_confirm_judge(&at_95, &(asx_paired){.images = 1250}), ASX_VERDICT_OPEN);
    assert_int_equal(asx_confirm_judge(&at_95, &(asx_paired){.images = 1750}), ASX_VERDICT_KEEPS);
    /* a limit of no drop, and no image that tells them apart: nothing is known */
    const asx_confirm_rule none = {.limit = 0, .confidence = 50, .images = 2000, .block = 250};
    assert_int_equal(asx_confirm_judge(&none, &(asx_paired){.images = 250}), ASX_VERDICT_OPEN);
    assert_int_equal(asx_confirm_judge(&none, &(asx_paired){.images = 2000}), ASX_VERDICT_KEEPS);
}

/* Costs 1 .. 6. */
static const asx_confirm_candidate six[] = {{{9, .3}, .4, 1},  {{1.2, .3}, .4, 2},
                                            {{.8, .3}, .4, 3}, {{1.5, .3}, .4, 4},
                                            {{.2, .3}, .4, 5}, {{-.1, .3}, .4, 6}};

static void test_order_upwards(void **state)
{
    (void)state;
    asx_confirm_step step[6];
    size_t n = 99;
    asx_error err;
    CHECK_OK(asx_confirm_order(step, &n, six, 6, &at_50, &err), err);
    /* 0 will hardly keep it, 3 is 1 deviation above: (1 - 1.5) / 0.5 */
    static const size_t want[] = {1, 2, 3, 4, 5};
    assert_int_equal(n, 5);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(step[i].candidate, want[i]);
    /* believed to be 0.2 above: must show (0.4 / 0.3)^2 as much below */
    assert_true(fabs(step[0].limit - (1 - 0.2 * 16 / 9)) < 1e-12);
    assert_true(step[1].limit == 1);
}

/* Costs 100, 100.4, 100.5 and 100.6: the surest of the first three, then the last. */
static void test_order_of_the_dense(void **state)
{
    (void)state;
    static const asx_confirm_candidate dense[] = {
        {{1, .3}, .4, 100}, {{.7, .3}, .4, 100.4}, {{.9, .3}, .4, 100.5}, {{.8, .3}, .4, 100.6}};
    asx_confirm_step step[4];
    size_t n = 99;
    asx_error err;
    CHECK_OK(asx_confirm_order(step, &n, dense, 4, &at_50, &err), err);
    assert_int_equal(n, 2);
    assert_int_equal(step[0].candidate, 1);
    assert_int_equal(step[1].candidate, 3);
}

static void test_order_downwards(void **state)
{
    (void)state;
    asx_confirm_step step[6];
    size_t n = 99;
    asx_error err;
    CHECK_OK(asx_confirm_order(step, &n, six, 6, &at_95, &err), err);
    static const size_t want[] = {5, 4, 2, 1}; /* 3 is beaten by 2 */
    assert_int_equal(n, 4);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(step[i].candidate, want[i]);
        assert_true(step[i].limit == 1);
    }
    CHECK_OK(asx_confirm_order(step, &n, six, 0, &at_95, &err), err);
    assert_int_equal(n, 0);
}

/* Shares of images lost, per 1000, by candidate; -1: not to be had; from `until` on, too. */
typedef struct script {
    const int *lost;
    size_t until, looks;
    asx_status fault;
} script;

static asx_status look(asx_paired *seen, void *state, size_t candidate, size_t upto, asx_error *err)
{
    script *s = state;
    s->looks++;
    if (s->fault != ASX_OK)
        return asx_fail(err, s->fault, "the machine is off");
    if (s->lost[candidate] < 0 || upto > s->until)
        return asx_fail(err, ASX_ENOTFOUND, "not measured");
    assert_true(upto > seen->images && upto <= 2000);
    *seen = (asx_paired){.images = upto,
                         .only_float = 5 + upto * (size_t)s->lost[candidate] / 1000,
                         .only_design = 5};
    return ASX_OK;
}

static asx_confirm_outcome walk(const asx_confirm_rule *rule, const int *lost, size_t n,
                                size_t until)
{
    asx_confirm_step step[8];
    script s = {lost, until, 0, ASX_OK};
    asx_confirm_outcome o;
    asx_error err;
    for (size_t i = 0; i < n; i++)
        step[i] = (asx_confirm_step){i, 1, {0.5, 1}};
    CHECK_OK(asx_confirm_walk(&o, rule, step, n, look, &s, &err), err);
    return o;
}

static void test_walk_upwards(void **state)
{
    (void)state;
    asx_confirm_outcome o = walk(&at_50, (int[]){80, 20, 9, 0}, 4, 2000);
    assert_int_equal(o.answer, 2);
    assert_int_equal(o.n_tried, 3);
    assert_int_equal(o.trial[0].verdict, ASX_VERDICT_BREAKS);
    assert_true(o.trial[0].seen.images < 1000);
    assert_int_equal(o.trial[2].seen.images, 2000);
    assert_true(o.complete && o.sureness > 50 && o.sureness < 95);
    free(o.trial);
    o = walk(&at_50, (int[]){80, 20}, 2, 2000);
    assert_int_equal(o.answer, o.n_tried);
    assert_true(o.complete && o.sureness == 0);
    free(o.trial);
    o = walk(&at_50, (int[]){80, -1, 0}, 3, 2000);
    assert_false(o.complete);
    assert_int_equal(o.n_tried, 1);
    assert_int_equal(o.answer, o.n_tried);
    free(o.trial);
}

static void test_walk_downwards(void **state)
{
    (void)state;
    asx_confirm_outcome o = walk(&at_95, (int[]){0, 2, 20, 0}, 4, 2000);
    assert_int_equal(o.answer, 1);
    assert_int_equal(o.n_tried, 3);
    assert_int_equal(o.trial[1].seen.images, 2000);
    assert_true(o.complete && o.sureness >= 95 && o.sureness < 100);
    free(o.trial);
    o = walk(&at_95, (int[]){9, 0}, 2, 2000); /* the first fails: all is said */
    assert_int_equal(o.n_tried, 1);
    assert_int_equal(o.answer, 1);
    free(o.trial);
    o = walk(&at_95, (int[]){0, -1}, 2, 2000);
    assert_int_equal(o.answer, 0);
    assert_int_equal(o.n_tried, 1);
    assert_false(o.complete);
    free(o.trial);
    o = walk(&at_95, (int[]){0, 0}, 0, 2000);
    assert_int_equal(o.n_tried, 0);
    assert_true(o.complete && o.sureness == 0);
    free(o.trial);
    /* half of the images are not to be had: open */
    o = walk(&at_95, (int[]){0, 0}, 2, 1000);
    assert_int_equal(o.answer, o.n_tried);
    assert_int_equal(o.trial[0].verdict, ASX_VERDICT_OPEN);
    assert_int_equal(o.trial[0].seen.images, 1000);
    free(o.trial);
}

static void test_failures(void **state)
{
    (void)state;
    const asx_confirm_step step = {0, 1, {0.5, 1}};
    script s = {(int[]){0}, 2000, 0, ASX_EIO};
    asx_confirm_outcome o = {.answer = 77};
    asx_error err;
    CHECK_FAIL(asx_confirm_walk(&o, &at_95, &step, 1, look, &s, &err), ASX_EIO, err);
    assert_string_equal(err.message, "the machine is off");
    static const asx_confirm_rule bad[] = {{1, 49, 10, 1, false},   {1, 100, 10, 1, false},
                                           {100, 50, 10, 1, false}, {1, 50, 0, 1, false},
                                           {1, 50, 10, 0, false},   {NAN, 50, 10, 1, false}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_FAIL(asx_confirm_walk(&o, &bad[i], &step, 1, look, &s, &err), ASX_EINVAL, err);
    assert_int_equal(o.answer, 77);
    assert_int_equal(s.looks, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_images_decide), cmocka_unit_test(test_stops_when_certain),
        cmocka_unit_test(test_order_upwards),     cmocka_unit_test(test_order_of_the_dense),
        cmocka_unit_test(test_order_downwards),   cmocka_unit_test(test_walk_upwards),
        cmocka_unit_test(test_walk_downwards),    cmocka_unit_test(test_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
