/* Words in memories that err: the engine against the reference with words read by the test's own code; and measuring:
 * the same numbers from any number of threads, devices counted, nothing changed where nothing errs. */
#include <omp.h>

#include "asm_engine.h"
#include "dse/codec.h"
#include "dse/seeds.h"
#include "eval/measure.h"

enum { DEVICE = 9, N_STREAMS = 3 };

static asx_faults faults_of(const char *text)
{
    asx_error err;
    asx_faults f;
    CHECK_OK(asx_faults_parse(&f, text, &err), err);
    return f;
}

static asx_design design_of(const asx_network *net, const char *text)
{
    asx_error err;
    asx_design design;
    CHECK_OK(asx_design_parse(&design, text, asx_network_workload(net), &err), err);
    return design;
}

/* Flips of weights, bit by bit. */
static void read_weights(int32_t *w, size_t n, const asx_word *word, double rate, size_t layer)
{
    asx_error err;
    asx_codec *codec = NULL;
    CHECK_OK(asx_codec_new(&codec, word, &err), err);
    const unsigned bits = asx_codec_bits(codec);
    for (size_t i = 0; i < n; i++) {
        uint32_t code = 0;
        CHECK_OK(asx_codec_encode(&code, codec, w[i], &err), err);
        for (unsigned b = 0; b < bits; b++)
            if (asx_seed_uniform(DEVICE, layer * N_STREAMS, i * bits + b) < rate)
                code ^= 1u << b;
        w[i] = (int32_t)asx_codec_read(codec, code);
    }
    asx_codec_free(codec);
}

/* Two convolutions and a dense layer. */
static asx_network *three_layers(void)
{
    const asx_window w = {{3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}};
    asx_network *net = toy_network(SHAPE(3, 6, 6));
    size_t v = toy_layer(net, (asx_node){.op = ASX_OP_CONV, .window = w}, 0, SHAPE(8, 6, 6));
    v = toy_node(net, (asx_node){.op = ASX_OP_RELU}, 1, v, 0, SHAPE(8, 6, 6));
    net->value[v].non_negative = true;
    v = toy_layer(net, (asx_node){.op = ASX_OP_CONV, .window = w}, v, SHAPE(5, 6, 6));
    v = toy_node(net, (asx_node){.op = ASX_OP_RESHAPE}, 1, v, 0, SHAPE(180));
    toy_layer(net, (asx_node){.op = ASX_OP_DENSE}, v, SHAPE(4));
    return net;
}

/* A network with its images and calibration. */
typedef struct fixture {
    asx_network *net;
    asx_dataset *data;
    asx_calibration *calibration;
} fixture;

static fixture open_fixture(void)
{
    asx_error err;
    static const unsigned char label[75] = {0, 1, 2, 3, 0, 1};
    fixture f = {.net = three_layers()};
    asx_calibration_options o = asx_calibration_options_default();
    o.batch = BATCH;
    f.data = toy_data(75, f.net->input_shape, label);
    CHECK_OK(asx_calibration_new(&f.calibration, f.net, f.data, (asx_range){0, IMAGES}, &o, &err),
             err);
    return f;
}

static void close_fixture(fixture *f)
{
    asx_calibration_free(f->calibration);
    asx_dataset_free(f->data);
    asx_network_free(f->net);
}

/* Logits of a design under faults. @param y [IMAGES][4] */
static void logits(float *y, const fixture *f, const char *text, const char *faults)
{
    asx_error err;
    asx_integer integer;
    asx_design design = design_of(f->net, text);
    const asx_faults wanted = faults_of(faults);
    CHECK_OK(asx_integer_init(&integer, f->calibration, &design, &err), err);
    CHECK_OK(asx_integer_suffer(&integer, &wanted, DEVICE, &err), err);
    asm_run_engine(y, asx_calibration_plan(f->calibration), f->data, &integer);
    asx_integer_fini(&integer);
    asx_design_fini(&design);
}

static void compare(const fixture *f, const char *text, double rate)
{
    asx_error err;
    const asx_network *net = f->net;
    const size_t n_in = asx_value_n_elements(&net->value[net->input]), n_out = 4;
    asx_design design = design_of(net, text);
    asx_integer integer;
    asx_faults faults = asx_faults_none();
    float y[IMAGES * 4], *x = toy_array(IMAGES * n_in);
    faults.weights.flips = rate;
    CHECK_OK(asx_integer_init(&integer, f->calibration, &design, &err), err);
    asm_net a = {.net = net,
                 .scale = integer.scale,
                 .limit = integer.limit,
                 .bits = integer.multiplier_bits,
                 .layer = calloc(design.n_layers, sizeof *a.layer),
                 .value = calloc(net->n_values, sizeof *a.value)};
    assert_true(a.layer && a.value);
    for (size_t i = 0; i < design.n_layers; i++) {
        asm_layer_init(&a.layer[i], f->calibration, i, &design.format[i]);
        read_weights(a.layer[i].weight, asx_calibration_plan(f->calibration)->node[i]->n_weights,
                     &design.format[i].weight, rate, i);
    }
    CHECK_OK(asx_integer_suffer(&integer, &faults, DEVICE, &err), err);
    for (size_t i = 0; i < design.n_layers; i++)
        a.layer[i].shift = asx_projection_integers(integer.layer[i].projection)->rounded.shift;
    for (size_t v = 0; v < net->n_values; v++)
        a.value[v] = calloc(asx_value_n_elements(&net->value[v]), sizeof *a.value[v]);
    asx_dataset_images(x, f->data, 0, IMAGES);
    asm_run_engine(y, asx_calibration_plan(f->calibration), f->data, &integer);
    for (size_t i = 0; i < IMAGES; i++) {
        asm_run(&a, x + i * n_in);
        for (size_t k = 0; k < n_out; k++)
            if (y[i * n_out + k] !=
                (float)a.value[net->output][k] * (float)integer.scale[net->output])
                fail_msg("%s: image %zu, output %zu", text, i, k);
    }
    for (size_t i = 0; i < design.n_layers; i++) {
        free(a.layer[i].weight);
        free(a.layer[i].weight_scale);
        asx_grid_free(a.layer[i].grid);
    }
    for (size_t v = 0; v < net->n_values; v++)
        free(a.value[v]);
    free(a.layer);
    free(a.value);
    free(x);
    asx_integer_fini(&integer);
    asx_design_fini(&design);
}

static void words_as_they_are_read(void **state)
{
    (void)state;
    static const char *const designs[] = {"near:w4{1}a8", "near:w8a8",
                                          "vn:w8{1,3}a8 layer1=w6{1,5}a4{1}", "in:w12{1,3}a12"};
    fixture f = open_fixture();
    for (size_t i = 0; i < sizeof designs / sizeof *designs; i++) {
        compare(&f, designs[i], 0.1);
        compare(&f, designs[i], 1);
    }
    close_fixture(&f);
}

/* A spread too small for the finer unit changes no bit of an output: constants are in that unit, too. */
static void nothing_errs_nothing_changes(void **state)
{
    (void)state;
    static const char *const designs[] = {"near:w4{1}a8", "near:w8s{1,3}a8", "near:w12{1}a12"};
    fixture f = open_fixture();
    for (size_t i = 0; i < 3; i++) {
        float y[IMAGES * 4], faulty[IMAGES * 4];
        logits(y, &f, designs[i], "");
        logits(faulty, &f, designs[i], "spread=1e-9");
        assert_memory_equal(y, faulty, sizeof y);
        logits(faulty, &f, designs[i], "flips=0.2");
        assert_memory_not_equal(y, faulty, sizeof y);
        logits(faulty, &f, designs[i], "spread=0.2");
        assert_memory_not_equal(y, faulty, sizeof y);
        logits(faulty, &f, designs[i], "activation_flips=0.01");
        assert_memory_not_equal(y, faulty, sizeof y);
    }
    close_fixture(&f);
}

/* Inputs whose cells are all stuck at 0 are 0: all images look alike. Of plain words without a sign that are all stuck at
 * 1, too. */
static void stuck_inputs(void **state)
{
    (void)state;
    fixture f = open_fixture();
    for (int one = 0; one < 2; one++) {
        float y[IMAGES * 4];
        logits(y, &f, "near:w8a8", one ? "activation_stuck_at_1=1" : "activation_stuck_at_0=1");
        for (size_t i = 1; i < IMAGES; i++)
            assert_memory_equal(y, y + i * 4, 4 * sizeof *y);
    }
    close_fixture(&f);
}

static asx_accuracy measured(const fixture *f, const asx_faults *faults, const char *text,
                             int threads)
{
    asx_error err;
    asx_measure *m = NULL;
    asx_accuracy a;
    asx_design design = design_of(f->net, text);
    const int before = omp_get_max_threads();
    omp_set_num_threads(threads);
    asx_calibration_set_faults(f->calibration, faults);
    CHECK_OK(asx_measure_new(&m, f->calibration, f->data, (asx_range){0, 75}, &err), err);
    CHECK_OK(asx_measure_design(&a, m, &design, &err), err);
    omp_set_num_threads(before);
    asx_measure_free(m);
    asx_design_fini(&design);
    return a;
}

/* An accuracy is that of its devices one by one; more than are held at once. */
static void devices(void **state)
{
    (void)state;
    fixture f = open_fixture();
    asx_accuracy each[11];
    asx_faults faults = faults_of(
        "flips=0.02 activation_flips=0.01 activation_stuck=0.01 spread=0.1 seeds=11 seed=4");
    const asx_accuracy one = measured(&f, &faults, "near:w6{1}a8", 1);
    const asx_accuracy two = measured(&f, &faults, "in:w6{1}a8", 2);
    faults.seeds = 1;
    for (size_t i = 0; i < 11; i++, faults.seed++)
        each[i] = measured(&f, &faults, "near:w6{1}a8", 2);
    const asx_accuracy mean = asx_accuracy_of_seeds(each, 11);
    assert_true(one.accuracy == two.accuracy && one.drop_low == two.drop_low);
    assert_true(one.accuracy == mean.accuracy && one.drop_high == mean.drop_high);
    assert_int_equal(one.correct, mean.correct);
    bool same = true;
    for (size_t i = 1; i < 11; i++)
        same = same && each[i].correct == each[0].correct;
    assert_false(same);
    const asx_faults none = asx_faults_none();
    const asx_accuracy without = measured(&f, &none, "near:w6{1}a8", 2);
    assert_true(without.images == 75 &&
                without.correct * 100 == (size_t)(without.accuracy * 75 + 0.5));
    close_fixture(&f);
}

static void too_many_bits(void **state)
{
    (void)state;
    asx_error err;
    fixture f = open_fixture();
    asx_integer integer;
    const asx_faults faults = faults_of("flips=0.1"), robust = faults_of("flips=0.1 code=robust");
    asx_design wide = design_of(f.net, "near:w16s{1,3,5,7}a8"),
               long_code = design_of(f.net, "near:w12{1,3}a8");
    CHECK_OK(asx_integer_init(&integer, f.calibration, &wide, &err), err);
    CHECK_FAIL(asx_integer_suffer(&integer, &faults, 1, &err), ASX_EUNSUPPORTED, err);
    asx_integer_fini(&integer);
    CHECK_OK(asx_integer_init(&integer, f.calibration, &long_code, &err), err);
    CHECK_FAIL(asx_integer_suffer(&integer, &robust, 1, &err), ASX_EUNSUPPORTED, err);
    asx_integer_fini(&integer);
    asx_design_fini(&long_code);
    asx_design_fini(&wide);
    close_fixture(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_as_they_are_read), cmocka_unit_test(nothing_errs_nothing_changes),
        cmocka_unit_test(stuck_inputs),           cmocka_unit_test(devices),
        cmocka_unit_test(too_many_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
