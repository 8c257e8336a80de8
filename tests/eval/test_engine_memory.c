/* Every allocation of the engine (of the long fit every 17th, of cross terms every 29th) fails once: the call says so, leaves
 * its output alone and loses nothing (the sanitizer's leak check), and the next call works. */
#include <omp.h>

#include "countdown.h"
#include "eval/measure.h"
#include "eval/proxy.h"
#include "toy_data.h"

static void every_allocation(void **state)
{
    (void)state;
    asx_error err;
    asx_network *net = toy_residual();
    asx_dataset *data = toy_labelled(net);
    asx_calibration *c = NULL;
    asx_measure *m = NULL;
    asx_proxy *p = NULL, *q = NULL;
    void *untouched = NULL;
    const asx_range images = {0, 8};
    asx_calibration_options options = asx_calibration_options_default();
    options.batch = 4;
    options.cache_bytes = 0; /* so that every try projects again */
    asx_format format[2];
    asx_accuracy a;
    asx_design design;
    CHECK_OK(asx_format_parse(&format[0], "w4{1}a4", &err), err);
    CHECK_OK(asx_format_parse(&format[1], "w6{1,3}a5{1}", &err), err);
    CHECK_OK(asx_design_parse(&design, "vn:w5{1,3}a6", &net->work, &err), err);

    SWEEP(asx_calibration_new(&c, net, data, images, &options, &err), 1, c, err);
    SWEEP(asx_measure_new(&m, c, data, images, &err), 1, m, err);
    SWEEP(asx_measure_design(&a, m, &design, &err), 1, untouched, err);
    SWEEP(asx_proxy_new(&p, NULL, c, data, images, format, 2, &err), 1, p, err);
    SWEEP(asx_proxy_fit(NULL, p, m, 1, &err), 17, untouched, err);
    SWEEP(asx_proxy_new(&q, "cross-layer", c, data, images, format, 2, &err), 29, q, err);
    assert_int_equal(a.images, 8);
    asx_proxy_free(p);
    asx_proxy_free(q);
    asx_measure_free(m);
    asx_calibration_free(c);
    c = NULL;
    m = NULL;
    options.rounding = ASX_ROUNDING_LEARNED;
    SWEEP(asx_calibration_new(&c, net, data, images, &options, &err), 1, c, err);
    CHECK_OK(asx_measure_new(&m, c, data, images, &err), err);
    SWEEP(asx_measure_design(&a, m, &design, &err), 1, untouched, err);

    asx_design_fini(&design);
    asx_measure_free(m);
    asx_calibration_free(c);
    asx_dataset_free(data);
    asx_network_free(net);
}

int main(void)
{
    omp_set_num_threads(1); /* the countdown is not for several */
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
