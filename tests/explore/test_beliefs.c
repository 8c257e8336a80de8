/* What is believed of a front's designs before they are confirmed, on fronts made by hand. */
#include <math.h>
#include <string.h>

#include "check.h"
#include "confirming.h"

enum { IMAGES = 1000 };

static asx_row row(const char *design, asx_tier tier, size_t only_float, double predicted,
                   double energy)
{
    asx_row r = {.design = design};
    r.evaluation.accuracy = (asx_accuracy){.tier = tier, .drop = predicted};
    if (tier != ASX_TIER_PROXY)
        r.evaluation.accuracy =
            asx_accuracy_from_counts(tier, IMAGES, IMAGES - only_float - 10, only_float, 10);
    r.evaluation.cost.energy_pj = energy;
    r.evaluation.cost.area_um2 = energy;
    return r;
}

static asx_front front_of(asx_row *rows, size_t n, asx_row *checked, size_t n_checked)
{
    return (asx_front){.record = {.score = asx_score_top1()},
                       .objective = {ASX_DROP, ASX_ENERGY},
                       .n_objectives = 2,
                       .limits = asx_limits_none(),
                       .rows = {.row = rows, .n = n},
                       .checked = {.row = checked, .n = n_checked}};
}

/* Placements share a measurement; trained and untrained ones are two. */
static void test_measured(void **state)
{
    (void)state;
    asx_row rows[] = {row("in: w4a8", ASX_TIER_MEASURED, 30, 0, 3),
                      row("near: w4a8", ASX_TIER_MEASURED, 30, 0, 5),
                      row("near: w4{1}a8", ASX_TIER_TRAINED, 15, 0, 2),
                      row("vn: w4{1}a8", ASX_TIER_MEASURED, 300, 0, 9)};
    const asx_front f = front_of(rows, 4, NULL, 0);
    asx_beliefs b;
    asx_error err;
    CHECK_OK(asx_beliefs_find(&b, &f, 250, &err), err);
    assert_int_equal(b.n, 4);
    for (size_t i = 0; i < 4; i++) {
        const asx_paired seen = {
            .images = IMAGES, .only_float = (size_t[]){30, 30, 15, 300}[i], .only_design = 10};
        assert_ptr_equal(b.row[i], &rows[i]);
        assert_false(b.predicted[i]);
        assert_true(b.candidate[i].cost == rows[i].evaluation.cost.energy_pj);
        /* a quarter of the images: twice the error */
        assert_true(fabs(b.candidate[i].test_error - 2 * asx_paired_error(&seen)) < 1e-12);
    }
    assert_memory_equal(&b.candidate[0].believed, &b.candidate[1].believed, sizeof(asx_shrunk));
    assert_true(b.candidate[2].believed.drop < 2 && b.candidate[3].believed.drop > 20);
    asx_beliefs_fini(&b);
}

static void test_limits(void **state)
{
    (void)state;
    asx_row rows[] = {row("in: w4a8", ASX_TIER_MEASURED, 30, 0, 3),
                      row("near: w8a8", ASX_TIER_MEASURED, 11, 0, 5)};
    asx_front f = front_of(rows, 2, NULL, 0);
    asx_beliefs b;
    asx_error err;
    f.limits.max[ASX_AREA] = 4;
    f.limits.max[ASX_DROP] = 0.5; /* does not matter */
    CHECK_OK(asx_beliefs_find(&b, &f, 250, &err), err);
    assert_int_equal(b.n, 1);
    assert_ptr_equal(b.row[0], &rows[0]);
    asx_beliefs_fini(&b);
}

/* Nothing was checked: predictions are believed in, with much doubt. */
static void test_unchecked_predictions(void **state)
{
    (void)state;
    asx_row rows[] = {row("in: w4a8", ASX_TIER_PROXY, 0, 2, 3)};
    const asx_front f = front_of(rows, 1, NULL, 0);
    asx_beliefs b;
    asx_error err;
    CHECK_OK(asx_beliefs_find(&b, &f, 250, &err), err);
    assert_int_equal(b.n, 1);
    assert_true(b.predicted[0]);
    assert_true(b.candidate[0].believed.drop == 2 && b.candidate[0].believed.error == 2);
    asx_beliefs_fini(&b);
}

/* Twelve predictions that were checked were 3 points too small: so is their neighbour's. */
static void test_checked_predictions(void **state)
{
    (void)state;
    enum { N = 12 };
    static char text[N + 1][24];
    asx_row rows[N + 1], checked[N];
    for (size_t i = 0; i <= N; i++) {
        snprintf(text[i], sizeof text[i], "near: w%zua8", i + 2);
        rows[i] = row(text[i], ASX_TIER_PROXY, 0, 0.1 * (double)i, 50 - (double)i);
        if (i < N)
            checked[i] = row(text[i], ASX_TIER_MEASURED, 40 + i, 0, 50 - (double)i);
    }
    asx_front f = front_of(rows, N + 1, checked, N);
    asx_rows_sort(&f.rows);
    asx_rows_sort(&f.checked);
    asx_beliefs b;
    asx_error err;
    CHECK_OK(asx_beliefs_find(&b, &f, 250, &err), err);
    assert_int_equal(b.n, N + 1);
    size_t n_predicted = 0;
    for (size_t i = 0; i < b.n; i++) {
        if (!b.predicted[i])
            continue;
        n_predicted++;
        assert_string_equal(b.row[i]->design, text[N]);
        assert_true(fabs(b.candidate[i].believed.drop - (1.2 + 3)) < 0.6);
        assert_true(b.candidate[i].believed.error > 0.2 && b.candidate[i].believed.error < 1.2);
    }
    assert_int_equal(n_predicted, 1);
    asx_beliefs_fini(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_measured),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_unchecked_predictions),
        cmocka_unit_test(test_checked_predictions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
