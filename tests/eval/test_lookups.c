/* Functions looked up: the tables against the definitions, for every integer; and a network of maps
 * so large that they are used, against the same in batches so small that they are not. */
#include <math.h>

#include "integer.h"
#include "lookups.h"
#include "toy_data.h"

static double by_definition(const asx_node *node, double x)
{
    if (node->op == ASX_OP_SIGMOID)
        return 1 / (1 + exp(-x));
    switch (node->function) {
    case ASX_FUNCTION_TANH:
        return tanh(x);
    case ASX_FUNCTION_SWISH:
        return x / (1 + exp(-(double)node->alpha * x));
    case ASX_FUNCTION_LEAKY_RELU:
        return x < 0 ? (double)node->alpha * x : x;
    default:
        return x * fmin(fmax(x + 3, 0), 6) / 6;
    }
}

static void tables_are_the_functions(void **state)
{
    (void)state;
    const asx_node node[] = {
        {.op = ASX_OP_SIGMOID},
        {.op = ASX_OP_FUNCTION, .function = ASX_FUNCTION_TANH},
        {.op = ASX_OP_FUNCTION, .function = ASX_FUNCTION_SWISH, .alpha = 1.5F},
        {.op = ASX_OP_FUNCTION, .function = ASX_FUNCTION_LEAKY_RELU, .alpha = 0.125F},
        {.op = ASX_OP_FUNCTION, .function = ASX_FUNCTION_HARD_SWISH}};
    asx_error err;
    asx_lookups *l = NULL;
    CHECK_OK(asx_lookups_new(&l, 16 << 20, &err), err);
    for (size_t k = 0; k < sizeof node / sizeof *node; k++) {
        const asx_lookup_of of = {&node[k], 1.0 / 4096, 1.0 / 8192, 32767, 32767};
        const float *table = asx_lookups_find(l, &of);
        assert_non_null(table);
        for (int v = -32767; v <= 32767; v++) {
            const double exact = by_definition(&node[k], v / 4096.0) * 8192;
            const double want = fmax(-32767, fmin(exact, 32767));
            if (fabs((double)table[v] - want) > 0.51)
                fail_msg("%zu at %d: %g, not %g", k, v, (double)table[v], want);
            const float integer = (float)v;
            float one;
            asx_lookups_compute(&one, &integer, 1, &of);
            assert_true(one == table[v]);
        }
    }
    asx_lookups_free(l);
}

static void tables_are_found_again_and_bounded(void **state)
{
    (void)state;
    const asx_node node = {.op = ASX_OP_SIGMOID};
    const asx_lookup_of of = {&node, 1.0 / 64, 1.0 / 128, 127, 127};
    asx_lookup_of finer = of, narrow = of;
    asx_error err;
    asx_lookups *l = NULL;
    finer.scale_in /= 2;
    narrow.limit_out = 63;
    CHECK_OK(asx_lookups_new(&l, 2 * 255 * sizeof(float), &err), err);
    const float *first = asx_lookups_find(l, &of), *second = asx_lookups_find(l, &finer);
    assert_true(first && second && first != second);
    assert_ptr_equal(asx_lookups_find(l, &of), first);
    assert_ptr_equal(asx_lookups_find(l, &finer), second);
    assert_null(asx_lookups_find(l, &narrow)); /* no room for a third */
    asx_lookups_free(l);
}

enum { SIDE = 64, IMAGES = 40, CLASSES = 5 };

/* conv - sigmoid and its product with what it was of - tanh - dense */
static asx_network *swish(void)
{
    const asx_window same = {{3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}};
    asx_network *net = toy_network(SHAPE(1, SIDE, SIDE));
    size_t v =
        toy_layer(net, (asx_node){.op = ASX_OP_CONV, .window = same}, 0, SHAPE(1, SIDE, SIDE));
    const size_t gate =
        toy_node(net, (asx_node){.op = ASX_OP_SIGMOID}, 1, v, 0, SHAPE(1, SIDE, SIDE));
    v = toy_node(net, (asx_node){.op = ASX_OP_MUL}, 2, v, gate, SHAPE(1, SIDE, SIDE));
    v = toy_node(net, (asx_node){.op = ASX_OP_FUNCTION, .function = ASX_FUNCTION_TANH}, 1, v, 0,
                 SHAPE(1, SIDE, SIDE));
    v = toy_node(net, (asx_node){.op = ASX_OP_RESHAPE}, 1, v, 0, SHAPE(SIDE * SIDE));
    toy_layer(net, (asx_node){.op = ASX_OP_DENSE}, v, SHAPE(CLASSES));
    return net;
}

static void take(void *logits, size_t design, size_t first, size_t n, const float *y)
{
    (void)design;
    memcpy((float *)logits + first * CLASSES, y, n * CLASSES * sizeof *y);
}

/* @param logits [IMAGES][CLASSES] @param bias of the last layer's outputs */
static void run(float *logits, double bias[CLASSES], const asx_network *net,
                const asx_dataset *data, size_t batch)
{
    asx_error err;
    asx_calibration *c = NULL;
    asx_design design;
    asx_integer integer;
    asx_calibration_options o = asx_calibration_options_default();
    o.batch = batch;
    CHECK_OK(asx_calibration_new(&c, net, data, (asx_range){0, IMAGES}, &o, &err), err);
    CHECK_OK(asx_design_parse(&design, "near:w4{1}a6", &net->work, &err), err);
    CHECK_OK(asx_integer_init(&integer, c, &design, &err), err);
    memcpy(bias, integer.layer[1].wide_bias, CLASSES * sizeof *bias);
    const asx_inference job = {.plan = asx_calibration_plan(c),
                               .data = data,
                               .images = {0, IMAGES},
                               .run = {.numerics = &asx_integers, .design = &integer},
                               .take = take,
                               .state = logits};
    CHECK_OK(asx_infer(&job, &err), err);
    asx_integer_fini(&integer);
    asx_design_fini(&design);
    asx_calibration_free(c);
}

/* The means that biases are corrected by are sums of floats in one order, whatever the batch. */
static void batches_change_nothing(void **state)
{
    (void)state;
    const size_t batch[] = {1, 2, 8, 16, 32, 0};
    const unsigned char label[IMAGES] = {0};
    asx_network *net = swish();
    asx_dataset *data = toy_data(IMAGES, net->input_shape, label);
    static float want[IMAGES * CLASSES], y[IMAGES * CLASSES];
    double want_bias[CLASSES], bias[CLASSES];
    run(want, want_bias, net, data, batch[0]);
    assert_true(want[0] != want[CLASSES]); /* images do differ */
    for (size_t i = 1; i < sizeof batch / sizeof *batch; i++) {
        run(y, bias, net, data, batch[i]);
        assert_memory_equal(y, want, sizeof y);
        assert_memory_equal(bias, want_bias, sizeof bias);
    }
    asx_dataset_free(data);
    asx_network_free(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_are_the_functions),
        cmocka_unit_test(tables_are_found_again_and_bounded),
        cmocka_unit_test(batches_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
