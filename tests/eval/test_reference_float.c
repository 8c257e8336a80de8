/* Float accuracy of the reference networks on their full test sets, against what their authors'
 * own frameworks say (data/README.md). */
#include "eval/calibration.h"
#include "eval/measure.h"
#include "reference.h"

static void check_accuracy(size_t which, double percent)
{
    asx_error err;
    asx_network *network = NULL;
    asx_dataset *data = NULL;
    asx_calibration *calibration = NULL;
    asx_measure *measure = NULL;
    reference_load(&network, &data, &REFERENCE[which]);
    CHECK_OK(asx_calibration_new(&calibration, network, data, (asx_range){0, 32}, NULL, &err), err);
    CHECK_OK(
        asx_measure_new(&measure, calibration, data, (asx_range){0, asx_dataset_size(data)}, &err),
        err);
    const asx_accuracy a = asx_measure_float(measure);
    print_message("%s: %.2f %% of %zu images (published: %.2f)\n", REFERENCE[which].model,
                  a.accuracy, a.images, percent);
    assert_true(a.accuracy > percent - 0.05 && a.accuracy < percent + 0.05);
    asx_measure_free(measure);
    asx_calibration_free(calibration);
    asx_dataset_free(data);
    asx_network_free(network);
}

static void resnet20(void **state)
{
    (void)state;
    check_accuracy(0, 91.73);
}

static void resnet56(void **state)
{
    (void)state;
    check_accuracy(1, 93.39);
}

static void resnet8(void **state)
{
    (void)state;
    check_accuracy(2, 87.19);
}

static void lenet(void **state)
{
    (void)state;
    check_accuracy(3, 98.17);
}

static void ds_cnn(void **state)
{
    (void)state;
    check_accuracy(4, 91.3);
}

int main(void)
{
    for (size_t i = 0; i < sizeof REFERENCE / sizeof REFERENCE[0]; i++) {
        check_data_or_skip(REFERENCE[i].model);
        check_data_or_skip(REFERENCE[i].images);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resnet20), cmocka_unit_test(resnet56), cmocka_unit_test(resnet8),
        cmocka_unit_test(lenet),    cmocka_unit_test(ds_cnn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
