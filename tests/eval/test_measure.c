/* Calibration and the measured tier: the same numbers from any number of threads, batch size and
 * cache, alone or together, and every error. What is computed, test_integer checks. */
#include <math.h>
#include <omp.h>

#include "calibration_private.h"
#include "dse/grid.h"
#include "eval/measure.h"
#include "infer.h"
#include "toy_data.h"

static const asx_range CALIBRATE = {0, 20}, IMAGES = {5, 75};

static asx_design design_of(const asx_network *net, const char *text)
{
    asx_error err;
    asx_design design;
    CHECK_OK(asx_design_parse(&design, text, asx_network_workload(net), &err), err);
    return design;
}

/* Field by field: padding has no value. */
static void assert_same(const asx_accuracy *a, const asx_accuracy *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        assert_true(a[i].tier == b[i].tier && a[i].images == b[i].images);
        assert_int_equal(a[i].correct, b[i].correct);
        assert_true(a[i].accuracy == b[i].accuracy && a[i].drop == b[i].drop);
        assert_true(a[i].drop_low == b[i].drop_low && a[i].drop_high == b[i].drop_high);
    }
}

typedef struct figures {
    double scale, input_error, weight_error;
    asx_accuracy accuracy[4];
} figures;

/* Everything that is measured of the toy, with given options and threads. */
static figures measure_all(const asx_network *net, const asx_dataset *data,
                           const asx_calibration_options *options, int threads)
{
    static const char *const DESIGNS[] = {"vn:w8a8", "near:w4{1}a8", "in:w3a4{1,3}",
                                          "vn:w8s{1}a8 layer1=w2{1}a3"};
    asx_error err;
    asx_calibration *c = NULL;
    asx_measure *m = NULL;
    figures f;
    const int before = omp_get_max_threads();
    const asx_word word = {.bits = 5, .digit_width = 4};
    omp_set_num_threads(threads);
    CHECK_OK(asx_calibration_new(&c, net, data, CALIBRATE, options, &err), err);
    CHECK_OK(asx_measure_new(&m, c, data, IMAGES, &err), err);
    CHECK_OK(asx_calibration_scale(&f.scale, c, 1, &word, &err), err);
    CHECK_OK(asx_calibration_activation_error(&f.input_error, c, 1, &word, &err), err);
    CHECK_OK(asx_calibration_weight_error(&f.weight_error, c, 1, &word, &err), err);
    for (size_t i = 0; i < 4; i++) {
        asx_design d = design_of(net, DESIGNS[i]);
        CHECK_OK(asx_measure_design(&f.accuracy[i], m, &d, &err), err);
        asx_design_fini(&d);
    }
    asx_measure_free(m);
    asx_calibration_free(c);
    omp_set_num_threads(before);
    return f;
}

static void threads_batches_and_cache_change_nothing(void **state)
{
    (void)state;
    asx_network *net = toy_residual();
    asx_dataset *data = toy_labelled(net);
    asx_calibration_options options = asx_calibration_options_default();
    options.batch = 4;
    for (int r = ASX_ROUNDING_GREEDY; r < ASX_N_ROUNDINGS; r++) {
        options.rounding = (asx_rounding)r;
        options.cache_bytes = 0;
        const figures one = measure_all(net, data, &options, 1);
        options.cache_bytes = (size_t)64 << 20;
        const figures three = measure_all(net, data, &options, 3);
        assert_same(one.accuracy, three.accuracy, 4);
    }
    options = asx_calibration_options_default();
    options.batch = 4;
    const figures one = measure_all(net, data, &options, 1);
    const figures three = measure_all(net, data, &options, 3);
    assert_true(one.scale == three.scale && one.input_error == three.input_error);
    assert_true(one.weight_error == three.weight_error);
    assert_same(one.accuracy, three.accuracy, 4);
    options.cache_bytes = 0;
    const figures uncached = measure_all(net, data, &options, 2);
    assert_same(one.accuracy, uncached.accuracy, 4);
    options.batch = 64;
    const figures wide = measure_all(net, data, &options, 2);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(one.accuracy[i].correct, wide.accuracy[i].correct);
    assert_true(one.accuracy[0].correct > one.accuracy[2].correct); /* formats do matter */
    asx_dataset_free(data);
    asx_network_free(net);
}

/* Designs measured from inside a parallel region, all at once, on one cache. */
static void designs_side_by_side(void **state)
{
    (void)state;
    enum { N = 12 };
    asx_error err;
    asx_network *net = toy_residual();
    asx_dataset *data = toy_labelled(net);
    asx_calibration *c = NULL;
    asx_measure *m = NULL;
    asx_accuracy alone[N], together[N];
    asx_design design[N];
    size_t n_failed = 0;
    CHECK_OK(asx_calibration_new(&c, net, data, CALIBRATE, NULL, &err), err);
    CHECK_OK(asx_measure_new(&m, c, data, IMAGES, &err), err);
    for (size_t i = 0; i < N; i++) {
        char text[32];
        snprintf(text, sizeof text, "vn:w%zu{1,3}a%zu", 2 + i % 4 * 2, 3 + i % 3);
        design[i] = design_of(net, text);
        CHECK_OK(asx_measure_design(&alone[i], m, &design[i], &err), err);
    }
#pragma omp parallel for num_threads(3) reduction(+ : n_failed)
    for (size_t i = 0; i < N; i++)
        n_failed += asx_measure_design(&together[i], m, &design[i], NULL) != ASX_OK;
    assert_int_equal(n_failed, 0);
    assert_same(alone, together, N);
    for (size_t i = 0; i < N; i++)
        asx_design_fini(&design[i]);
    asx_measure_free(m);
    asx_calibration_free(c);
    asx_dataset_free(data);
    asx_network_free(net);
}

/* The toy's last layer by hand: mean features projected, times projected weights. */
/* Designs that begin alike, in no good order, with much, little and no memory to share work in. */
static void shared_work(void **state)
{
    (void)state;
    enum { N = 12 };
    static const char *const TEXT[N] = {"vn:w8a8",
                                        "vn:w4{1}a8 layer2=w8a8",
                                        "vn:w8a8 layer2=w4a8",
                                        "vn:w4{1}a8",
                                        "vn:w8a8 layer0=w2a2",
                                        "vn:w8a8 layer1=w3a8",
                                        "vn:w8a8 layer2=w4a3",
                                        "vn:w8a8",
                                        "vn:w8a8 layer1=w3a5",
                                        "vn:w8a8 layer1=w3a8 layer2=w5a8",
                                        "vn:w8a4",
                                        "vn:w8a8 layer1=w3a8 layer2=w4{3}a8"};
    asx_error err;
    asx_network *net = toy_residual();
    asx_dataset *data = toy_labelled(net);
    for (size_t share = 0; share <= 1 << 20; share = share ? share * 64 : 1 << 8) {
        asx_calibration *c = NULL;
        asx_measure *m = NULL;
        asx_calibration_options o = asx_calibration_options_default();
        asx_design design[N];
        const asx_design *list[N];
        asx_accuracy alone[N], together[N];
        o.share_bytes = share;
        o.batch = 7;
        CHECK_OK(asx_calibration_new(&c, net, data, CALIBRATE, &o, &err), err);
        CHECK_OK(asx_measure_new(&m, c, data, IMAGES, &err), err);
        for (size_t i = 0; i < N; i++) {
            design[i] = design_of(net, TEXT[i]);
            list[i] = &design[i];
            CHECK_OK(asx_measure_design(&alone[i], m, &design[i], &err), err);
        }
        CHECK_OK(asx_measure_designs(together, m, list, N, &err), err);
        assert_same(alone, together, N);
        for (size_t i = 0; i < N; i++)
            asx_design_fini(&design[i]);
        asx_measure_free(m);
        asx_calibration_free(c);
    }
    asx_dataset_free(data);
    asx_network_free(net);
}

static void ranging(void **state)
{
    (void)state;
    asx_error err;
    asx_network *net = toy_residual();
    asx_dataset *data = toy_labelled(net);
    double scale[ASX_N_RANGINGS] = {0}, error[ASX_N_RANGINGS] = {0};
    const asx_word word = {.bits = 4, .digit_width = 4};
    for (int i = 0; i < ASX_N_RANGINGS; i++) {
        asx_calibration *c = NULL;
        asx_calibration_options options = asx_calibration_options_default();
        asx_ranging parsed;
        CHECK_OK(asx_ranging_parse(&parsed, asx_ranging_text((asx_ranging)i), &err), err);
        assert_int_equal(parsed, i);
        options.ranging = parsed;
        options.percentile = 90;
        CHECK_OK(asx_calibration_new(&c, net, data, CALIBRATE, &options, &err), err);
        CHECK_OK(asx_calibration_scale(&scale[i], c, 0, &word, &err), err);
        CHECK_OK(asx_calibration_activation_error(&error[i], c, 0, &word, &err), err);
        asx_calibration_free(c);
    }
    /* bytes from -2 to 127/64, uniform: the extremes, and 90 % of the magnitudes */
    assert_true(fabs(scale[ASX_RANGING_MINMAX] - 127.0 / 64 / 7) < 1e-6);
    assert_true(fabs(scale[ASX_RANGING_PERCENTILE] - 1.8 / 7) < 0.01);
    assert_true(error[ASX_RANGING_MSE] < error[ASX_RANGING_MINMAX]);
    assert_true(error[ASX_RANGING_MSE] < 1.01 * error[ASX_RANGING_PERCENTILE]);
    asx_dataset_free(data);
    asx_network_free(net);
}

static void cache_is_bounded(void **state)
{
    (void)state;
    asx_error err;
    asx_network *net = toy_residual();
    asx_plan *plan = NULL;
    asx_projections *cache = NULL;
    CHECK_OK(asx_plan_new(&plan, net, 2, &err), err);
    asx_reconstruction how = {.plan = plan};
    CHECK_OK(asx_projections_new(&cache, plan, asx_reconstruction_shared, &how, 6000, &err), err);
    asx_projection *first = NULL, *again = NULL;
    asx_projection_key key = {.word = {.bits = 8, .digit_width = 4}, .packing = ASX_PACKED_FLOAT};
    CHECK_OK(asx_projections_get(&first, cache, &key, &err), err);
    for (uint64_t set = 0; set < 40; set++)
        for (size_t layer = 0; layer < 3; layer++) {
            asx_projection *p = NULL;
            key.layer = layer;
            key.word.set = asx_alphabet_set_from_index(set);
            CHECK_OK(asx_projections_get(&p, cache, &key, &err), err);
            asx_projections_release(cache, p);
            assert_true(asx_projections_bytes(cache) <=
                        6000 + asx_dnn_weights_bytes(asx_projection_weights(first)));
        }
    key.layer = 0;
    key.word.set = asx_alphabet_set_from_index(0);
    CHECK_OK(asx_projections_get(&again, cache, &key, &err), err);
    assert_ptr_equal(first, again); /* pinned all the while */
    asx_projections_release(cache, first);
    asx_projections_release(cache, again);
    asx_projections_free(cache);
    asx_plan_free(plan);
    asx_network_free(net);
}

static void evaluator(void **state)
{
    (void)state;
    asx_error err;
    asx_network *net = toy_residual();
    asx_dataset *data = toy_labelled(net);
    asx_calibration *c = NULL;
    asx_measure *m = NULL;
    asx_evaluator e = {0};
    asx_evaluation out = {.cost.energy_pj = 42};
    asx_accuracy want;
    CHECK_OK(asx_calibration_new(&c, net, data, CALIBRATE, NULL, &err), err);
    CHECK_OK(asx_measure_new(&m, c, data, IMAGES, &err), err);
    CHECK_OK(asx_measure_evaluator(&e, m, &err), err);
    asx_design d = design_of(net, "vn:w6{1}a8");
    CHECK_OK(e.type->evaluate(e.state, &d, &out, &err), err);
    CHECK_OK(asx_measure_design(&want, m, &d, &err), err);
    assert_same(&want, &out.accuracy, 1);
    assert_true(out.cost.energy_pj == 42); /* not its part */
    assert_int_equal(want.tier, ASX_TIER_MEASURED);
    assert_int_equal(want.images, 70);
    const asx_accuracy f = asx_measure_float(m);
    assert_true(f.tier == ASX_TIER_FLOAT && f.drop == 0 && f.drop_low == 0 && f.drop_high == 0);
    assert_true(fabs(want.drop - (f.accuracy - want.accuracy)) < 1e-9);
    asx_evaluator_fini(&e);
    asx_design_fini(&d);
    asx_measure_free(m);
    asx_calibration_free(c);
    asx_dataset_free(data);
    asx_network_free(net);
}

static void calibration_errors(void **state)
{
    (void)state;
    asx_error err;
    asx_network *net = toy_residual();
    asx_dataset *data = toy_labelled(net), *other = NULL;
    asx_calibration *c = NULL;
    const unsigned char label[2] = {0};
    other = toy_data(2, (size_t[]){3, 8, 9}, label);
    CHECK_FAIL(asx_calibration_new(&c, net, other, (asx_range){0, 2}, NULL, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_calibration_new(&c, net, data, (asx_range){4, 4}, NULL, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_calibration_new(&c, net, data, (asx_range){70, 76}, NULL, &err), ASX_EINVAL,
               err);
    asx_calibration_options bad[3];
    for (size_t i = 0; i < 3; i++)
        bad[i] = asx_calibration_options_default();
    bad[0].batch = 5000;
    bad[1].percentile = 101;
    bad[2].ranging = ASX_N_RANGINGS;
    for (size_t i = 0; i < 3; i++)
        CHECK_FAIL(asx_calibration_new(&c, net, data, CALIBRATE, &bad[i], &err), ASX_EINVAL, err);
    const float kept = net->node[0].bias[0];
    net->node[0].bias[0] = INFINITY; /* overflow inside the network */
    CHECK_FAIL(asx_calibration_new(&c, net, data, CALIBRATE, NULL, &err), ASX_EINVAL, err);
    assert_non_null(strstr(err.message, "layer '"));
    net->node[0].bias[0] = kept;
    assert_null(c);
    asx_ranging ranging = ASX_RANGING_MINMAX;
    CHECK_FAIL(asx_ranging_parse(&ranging, "median", &err), ASX_ENOTFOUND, err);
    assert_int_equal(ranging, ASX_RANGING_MINMAX);

    double value = 7;
    asx_word word = {.bits = 8, .digit_width = 4};
    CHECK_OK(asx_calibration_new(&c, net, data, CALIBRATE, NULL, &err), err);
    CHECK_FAIL(asx_calibration_scale(&value, c, 3, &word, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_calibration_weight_error(&value, c, 3, &word, &err), ASX_EINVAL, err);
    word.bits = 17;
    CHECK_FAIL(asx_calibration_activation_error(&value, c, 0, &word, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_calibration_weight_error(&value, c, 0, &word, &err), ASX_EINVAL, err);
    assert_true(value == 7);
    asx_calibration_free(c);
    asx_dataset_free(other);
    asx_dataset_free(data);
    asx_network_free(net);
}

static void measure_errors(void **state)
{
    (void)state;
    asx_error err;
    unsigned char label[8] = {0, 1, 2, 3, 4, 0, 5, 1}; /* there is no class 5 */
    asx_network *net = toy_residual();
    asx_dataset *data = toy_data(8, (size_t[]){3, 8, 8}, label);
    asx_calibration *c = NULL;
    asx_measure *m = NULL;
    CHECK_OK(asx_calibration_new(&c, net, data, (asx_range){0, 8}, NULL, &err), err);
    CHECK_FAIL(asx_measure_new(&m, c, data, (asx_range){0, 8}, &err), ASX_EINVAL, err);
    assert_non_null(strstr(err.message, "image 6 has label 5"));
    CHECK_FAIL(asx_measure_new(&m, c, data, (asx_range){0, 9}, &err), ASX_EINVAL, err);
    assert_null(m);
    CHECK_OK(asx_measure_new(&m, c, data, (asx_range){0, 6}, &err), err);
    asx_accuracy a = {.images = 99};
    asx_design d;
    CHECK_OK(asx_design_init(&d, 2, &err), err);
    CHECK_FAIL(asx_measure_design(&a, m, &d, &err), ASX_EINVAL, err);
    asx_design_fini(&d);
    d = design_of(net, "vn:w8a8");
    d.format[1].weight.bits = 40;
    CHECK_FAIL(asx_measure_design(&a, m, &d, &err), ASX_EINVAL, err);
    assert_non_null(strstr(err.message, "layer 'layer1'"));
    assert_int_equal(a.images, 99);
    asx_design_fini(&d);
    asx_measure_free(m);
    asx_calibration_free(c);
    asx_dataset_free(data);
    asx_network_free(net);
}

static void product(void **state)
{
    (void)state;
    asx_error err = {0};
    CHECK_OK(asx_measure_product(1, 1, &err), err);
    CHECK_OK(asx_measure_product(100, 2, &err), err);
    CHECK_OK(asx_measure_product(100, 0, &err), err);
    assert_int_equal(asx_measure_product((size_t)1 << 40, 1, &err), ASX_EUNSUPPORTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_batches_and_cache_change_nothing),
        cmocka_unit_test(designs_side_by_side),
        cmocka_unit_test(shared_work),
        cmocka_unit_test(ranging),
        cmocka_unit_test(cache_is_bounded),
        cmocka_unit_test(evaluator),
        cmocka_unit_test(calibration_errors),
        cmocka_unit_test(measure_errors),
        cmocka_unit_test(product),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
