/* LSTM, GRU and RNN against the equations of the standard in doubles: directions, layouts, activations,
 * states, ends; in words of 16 bits; their weights counted once and their products once a step. */
#include "cells.h"
#include "dse/design.h"
#include "eval/proxy.h"
#include "eval/train.h"
#include "integer.h"

static void compare(const config *k, const float *got, const float *x, double most)
{
    const size_t n = k->last ? (k->batch_first ? k->directions : 1) * H : T * k->directions * H;
    for (size_t image = 0; image < N; image++) {
        double y[T * DIRECTIONS_MAX * H], last[DIRECTIONS_MAX * H];
        cells_reference(y, last, x + image * T * I, k);
        const double *want = !k->last ? y : last + (k->batch_first ? 0 : (k->directions - 1) * H);
        for (size_t i = 0; i < n; i++)
            if (!(fabs((double)got[image * n + i] - want[i]) <= most))
                fail_msg("%s: image %zu, output %zu: %g, not %g", k->op, image, i,
                         (double)got[image * n + i], want[i]);
    }
}

#define LSTM_OF .op = "LSTM", .gates = 4, .activations = {"Sigmoid", "Tanh", "Tanh"}
#define GRU_OF  .op = "GRU", .gates = 3, .activations = {"Sigmoid", "Tanh", NULL}
#define RNN_OF  .op = "RNN", .gates = 1, .activations = {"Tanh", NULL, NULL}

static const config configs[] = {
    {LSTM_OF, .directions = 1},
    {LSTM_OF, .directions = 1, .reverse = true, .used = 3},
    {LSTM_OF, .directions = 2},
    {LSTM_OF, .directions = 2, .batch_first = true, .states = true},
    {LSTM_OF, .directions = 1, .peepholes = true, .states = true, .clip = 0.25F},
    {LSTM_OF, .directions = 1, .forget = true},
    {LSTM_OF, .directions = 2, .last = true},
    {LSTM_OF, .directions = 1, .last = true, .batch_first = true, .used = 2},
    {.op = "LSTM",
     .gates = 4,
     .directions = 2,
     .activations = {"HardSigmoid", "ScaledTanh", "Relu"}},
    {GRU_OF, .directions = 1},
    {GRU_OF, .directions = 1, .before_reset = true},
    {GRU_OF, .directions = 2, .before_reset = true, .states = true},
    {GRU_OF, .directions = 2, .batch_first = true, .used = 3},
    {GRU_OF, .directions = 1, .reverse = true, .states = true, .last = true},
    {RNN_OF, .directions = 1},
    {RNN_OF, .directions = 2, .states = true},
    {.op = "RNN", .gates = 1, .directions = 1, .activations = {"Relu", NULL, NULL}, .clip = 0.5F},
};
enum { N_CONFIGS = sizeof configs / sizeof *configs };

static void in_floats(void **state)
{
    (void)state;
    float *x = toy_array(N * T * I);
    for (size_t i = 0; i < N_CONFIGS; i++) {
        asx_network *net = cells_network(&configs[i]);
        float *y = case_run(net, x, N);
        compare(&configs[i], y, x, 2e-6);
        free(y);
        asx_network_free(net);
    }
    free(x);
}

static void in_words(void **state)
{
    (void)state;
    const unsigned char label[N] = {0};
    for (size_t i = 0; i < N_CONFIGS; i++) {
        asx_error err;
        asx_calibration *c = NULL;
        asx_design design;
        asx_integer integer;
        asx_network *net = cells_network(&configs[i]);
        asx_dataset *data = toy_data(N, net->input_shape, label);
        asx_calibration_options o = asx_calibration_options_default();
        o.batch = N;
        CHECK_OK(asx_calibration_new(&c, net, data, (asx_range){0, N}, &o, &err), err);
        CHECK_OK(asx_design_parse(&design, "near: w16a16", &net->work, &err), err);
        CHECK_OK(asx_integer_init(&integer, c, &design, &err), err);
        const asx_plan *plan = asx_calibration_plan(c);
        float *x = toy_array(N * T * I), *y = toy_array(N * asx_network_n_classes(net));
        asx_dataset_images(x, data, 0, N);
        const asx_run how = {.numerics = &asx_integers, .design = &integer};
        float *workspace = asx_plan_workspace(plan);
        assert_non_null(workspace);
        CHECK_OK(asx_plan_run(plan, y, x, 0, N, &how, workspace, &err), err);
        compare(&configs[i], y, x, 2e-3);
        free(workspace);
        free(x);
        free(y);
        asx_integer_fini(&integer);
        asx_design_fini(&design);
        asx_calibration_free(c);
        asx_dataset_free(data);
        asx_network_free(net);
    }
}

/* Weights stand once; the state's products come once a step, but for the first, whose state is 0. */
static void in_the_workload(void **state)
{
    (void)state;
    const config plain = {LSTM_OF, .directions = 1}, gru = {GRU_OF, .directions = 1};
    asx_network *net = cells_network(&plain);
    const asx_workload *work = asx_network_workload(net);
    assert_int_equal(work->n_layers, 2);
    assert_string_equal(work->layer[0].name, "W");
    assert_string_equal(work->layer[1].name, "R");
    assert_int_equal(asx_layer_n_macs(&work->layer[0]), T * I * 4 * H);
    assert_int_equal(asx_layer_n_macs(&work->layer[1]), (T - 1) * H * 4 * H);
    assert_int_equal(asx_layer_n_steps(&work->layer[1]), T - 1);
    assert_int_equal(asx_layer_n_weights(&work->layer[1]), 4 * H * H);
    assert_int_equal(asx_network_n_parameters(net), 4 * H * (I + H) + 2 * 4 * H);
    asx_network_free(net);
    net = cells_network(&gru); /* the third gate's state is multiplied first: a layer of its own */
    work = asx_network_workload(net);
    assert_int_equal(work->n_layers, 3);
    assert_int_equal(asx_layer_n_weights(&work->layer[1]) + asx_layer_n_weights(&work->layer[2]),
                     3 * H * H);
    asx_network_free(net);
}

/* Proxies know these layers; what is written or trained would need their weights several times. */
static void elsewhere(void **state)
{
    (void)state;
    const config k = {LSTM_OF, .directions = 2, .last = true};
    const unsigned char label[N] = {0, 1, 0};
    asx_error err = {0};
    asx_network *net = cells_network(&k);
    asx_calibration *c = NULL;
    asx_trainer *t = NULL;
    asx_text text = {0};
    asx_dataset *data = toy_data(N, net->input_shape, label);
    asx_train_options o = asx_train_options_default();
    asx_format format[2];
    CHECK_OK(asx_format_parse(&format[0], "w8a8", &err), err);
    CHECK_OK(asx_format_parse(&format[1], "w2a8", &err), err);
    CHECK_OK(asx_calibration_new(&c, net, data, (asx_range){0, N}, NULL, &err), err);
    for (size_t type = 0; type < asx_proxy_n_types(); type++) {
        asx_proxy *proxy = NULL;
        CHECK_OK(asx_proxy_new(&proxy, asx_proxy_type_name(type), c, data, (asx_range){0, N},
                               format, 2, &err),
                 err);
        for (size_t l = 0; l < net->work.n_layers; l++)
            assert_true(asx_proxy_damage(proxy, l, 1) >= asx_proxy_damage(proxy, l, 0));
        asx_proxy_free(proxy);
    }
    CHECK_FAIL(asx_network_print(&text, net, &err), ASX_EUNSUPPORTED, err);
    CHECK_FAIL(asx_trainer_new(&t, net, data, (asx_range){0, N}, NULL, &o, &err), ASX_EUNSUPPORTED,
               err);
    asx_calibration_free(c);
    asx_dataset_free(data);
    asx_network_free(net);
}

/* What is refused, or wrong. */
static void refused(void **state)
{
    (void)state;
    static const float many[3 * H] = {0, 0, 1};
    const config plain = {LSTM_OF, .directions = 1};
    config k = plain;
    asx_error err = {0};
    asx_network *net = NULL;
    for (int i = 0; i < 4; i++) {
        onnx_writer w = case_start(DIMS(-1, T, I));
        w.opset = 14;
        k = plain;
        if (i == 0)
            k.activations[0] = "Mystery";
        if (i == 1)
            k.used = T + 1;
        if (i == 2) { /* states that differ between images */
            onnx_floats(&w, "h1", DIMS(1, 3, H), many);
            put_transpose(&w, "x", "xt", (int64_t[]){1, 0, 2}, 3);
            onnx_floats(&w, "W", DIMS(1, 4 * H, I), p.w);
            onnx_floats(&w, "R", DIMS(1, 4 * H, H), p.r);
            onnx_node(&w, "LSTM", "", "xt W R - - h1", "y", NULL);
        } else if (i == 3) { /* what knows nothing of a batch behind */
            put_transpose(&w, "x", "xt", (int64_t[]){1, 0, 2}, 3);
            put_layer(&w, &plain, "xt");
            onnx_node(&w, "Relu", "", "all", "y", NULL);
        } else {
            put_network(&w, &k);
        }
        onnx_output(&w, "y");
        onnx_bytes file = onnx_finish(&w);
        CHECK_FAIL(asx_network_parse(&net, "bad.onnx", file.data, file.n, &err),
                   i == 1 ? ASX_EINVAL : ASX_EUNSUPPORTED, err);
        onnx_bytes_free(&file);
    }
}

/* What a node lacks, or says against its weights. */
static void wrong(void **state)
{
    (void)state;
    static const struct {
        const char *op, *inputs, *attribute;
        int64_t value;
        const char *says;
    } faults[] = {
        {"LSTM", "xt - R", NULL, 0, "input 1 is missing"},
        {"GRU", "xt - R", NULL, 0, "input 1 is missing"},
        {"RNN", "xt - R", NULL, 0, "input 1 is missing"},
        {"LSTM", "xt W -", NULL, 0, "input 2 is missing"},
        {"LSTM", "xt W R", "hidden_size", H + 1, "'hidden_size' is 3, but R is of 2"},
        {"GRU", "xt W R", "hidden_size", -7, "'hidden_size' is -7, but R is of 2"},
        {"RNN", "xt W R", "hidden_size", (int64_t)1 << 40, "is 1099511627776, but R is of 2"},
        {"LSTM", "xt W R", "clip", -1, "'clip' is -1 (0 or more)"},
    };
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        const int64_t rows = H * (*faults[i].op == 'L' ? 4 : *faults[i].op == 'G' ? 3 : 1);
        const char *name = faults[i].attribute;
        asx_error err = {0};
        asx_network *net = NULL;
        onnx_bytes a = {0};
        onnx_writer w = case_start(DIMS(-1, T, I));
        w.opset = 14;
        put_transpose(&w, "x", "xt", (int64_t[]){1, 0, 2}, 3);
        onnx_floats(&w, "W", DIMS(1, rows, I), p.w);
        onnx_floats(&w, "R", DIMS(1, rows, H), p.r);
        if (name && strcmp(name, "clip") == 0)
            onnx_attribute_float(&a, name, (float)faults[i].value);
        else if (name)
            onnx_attribute_int(&a, name, faults[i].value);
        onnx_node(&w, faults[i].op, "", faults[i].inputs, "y", &a);
        onnx_output(&w, "y");
        onnx_bytes file = onnx_finish(&w);
        CHECK_FAIL(asx_network_parse(&net, "bad.onnx", file.data, file.n, &err), ASX_EINVAL, err);
        if (!strstr(err.message, faults[i].says))
            fail_msg("'%s' is not in '%s'", faults[i].says, err.message);
        onnx_bytes_free(&file);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_floats), cmocka_unit_test(in_words), cmocka_unit_test(in_the_workload),
        cmocka_unit_test(elsewhere), cmocka_unit_test(refused),  cmocka_unit_test(wrong)};
    cells_make_numbers();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
