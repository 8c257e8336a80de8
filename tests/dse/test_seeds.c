/* Accuracies of several seeds as one. */
#include <math.h>

#include "check.h"

#include "dse/seeds.h"

static void known_values(void **state)
{
    (void)state;
    asx_accuracy each[3];
    for (size_t i = 0; i < 3; i++)
        each[i] = asx_accuracy_from_counts(ASX_TIER_MEASURED, 1000, 800 + 20 * i, 100 - 20 * i, 5);
    const asx_accuracy a = asx_accuracy_of_seeds(each, 3);
    assert_true(a.tier == ASX_TIER_MEASURED && a.images == 1000 && a.correct == 825);
    assert_true(fabs(a.accuracy - 82.5) < 1e-12 && fabs(a.drop - 7.5) < 1e-12);
    /* 80.5, 82.5, 84.5: standard deviation 2, of the mean 2 / sqrt 3; Student's t of 2 at 97.5 %: 4.302653 */
    const double seeds = 4.302653 * 2 / sqrt(3);
    double above = 0;
    for (size_t i = 0; i < 3; i++)
        above += (each[i].accuracy_high - each[i].accuracy) / 3;
    assert_true(fabs(a.accuracy_high - 82.5 - hypot(above, seeds)) < 1e-5);
    assert_true(a.drop_low < 7.5 - seeds && a.drop_high > 7.5 + seeds);
    /* of equal seeds the images' interval stays */
    each[1] = each[2] = each[0];
    const asx_accuracy same = asx_accuracy_of_seeds(each, 3), one = asx_accuracy_of_seeds(each, 1);
    assert_true(fabs(same.accuracy_low - each[0].accuracy_low) < 1e-9);
    assert_true(fabs(same.drop_high - each[0].drop_high) < 1e-9);
    assert_true(one.drop_low == each[0].drop_low && one.correct == each[0].correct);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(known_values)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
