/* ResNet-20 under whole-network formats, on test images 0-999, calibrated on images 0-255 without
 * their labels, against an independent program's figures (same images, no retraining). */
#include "eval/calibration.h"
#include "eval/measure.h"
#include "reference.h"

/* Being better than the other program is no fault; being worse by more than `margin` points is. */
static const struct {
    const char *design;
    double percent, margin;
} PUBLISHED[] = {
    {"vn:w8a8", 91.6, 1.5},        {"near:w8{1,3}a8", 91.7, 1.5}, {"near:w8{1}a8", 91.0, 1.5},
    {"near:w6{1,3}a8", 91.6, 1.5}, {"near:w6{1}a8", 88.6, 1.5},   {"near:w5{1}a8", 85.4, 1.5},
    {"near:w4{1,3}a8", 84.6, 1.5}, {"near:w4{1}a8", 77.4, 3},     {"near:w4{3}a8", 29.9, 3},
};

static void resnet20_accuracies(void **state)
{
    (void)state;
    asx_error err;
    asx_network *network = NULL;
    asx_dataset *data = NULL;
    asx_calibration *calibration = NULL;
    asx_measure *measure = NULL;
    size_t n_bad = 0;
    reference_load(&network, &data, &REFERENCE[0]);
    CHECK_OK(asx_calibration_new(&calibration, network, data, (asx_range){0, 256}, NULL, &err),
             err);
    CHECK_OK(asx_measure_new(&measure, calibration, data, (asx_range){0, 1000}, &err), err);
    for (size_t i = 0; i < sizeof PUBLISHED / sizeof PUBLISHED[0]; i++) {
        asx_design design;
        asx_accuracy a;
        CHECK_OK(
            asx_design_parse(&design, PUBLISHED[i].design, asx_network_workload(network), &err),
            err);
        CHECK_OK(asx_measure_design(&a, measure, &design, &err), err);
        print_message("%-16s %.1f %% (independent program: %.1f), drop %.1f [%.1f, %.1f]\n",
                      PUBLISHED[i].design, a.accuracy, PUBLISHED[i].percent, a.drop, a.drop_low,
                      a.drop_high);
        n_bad += a.accuracy < PUBLISHED[i].percent - PUBLISHED[i].margin;
        asx_design_fini(&design);
    }
    assert_int_equal(n_bad, 0);
    asx_measure_free(measure);
    asx_calibration_free(calibration);
    asx_dataset_free(data);
    asx_network_free(network);
}

int main(void)
{
    check_data_or_skip(REFERENCE[0].model);
    check_data_or_skip(REFERENCE[0].images);
    const struct CMUnitTest tests[] = {cmocka_unit_test(resnet20_accuracies)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
