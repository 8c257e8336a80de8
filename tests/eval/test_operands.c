/* Statistics of operands, of a layer whose input is known to be half zeros, half uniform. */
#include <math.h>

#include "calibration_private.h"
#include "operand_shape.h"
#include "toy_data.h"

enum { IMAGES = 64 };

static void near_to(const char *what, double value, double want, double tolerance)
{
    if (!(fabs(value - want) <= tolerance))
        fail_msg("%s: %g instead of %g", what, value, want);
}

/* x uniform in -2 .. 2, then max(0, x), then a layer of random weights. */
static asx_network *halved(void)
{
    const asx_window point = {{1, 1}, {1, 1}, {1, 1}, {0, 0}, {0, 0}};
    asx_network *net = toy_network(SHAPE(1, 16, 16));
    const size_t moved =
        toy_layer(net, (asx_node){.op = ASX_OP_CONV, .window = point}, 0, SHAPE(1, 16, 16));
    net->node[0].weight[0] = 1;
    net->node[0].bias[0] = 0;
    const size_t cut = toy_node(net, (asx_node){.op = ASX_OP_RELU}, 1, moved, 0, SHAPE(1, 16, 16));
    const asx_window block = {{16, 16}, {16, 16}, {1, 1}, {0, 0}, {0, 0}};
    toy_layer(net, (asx_node){.op = ASX_OP_CONV, .window = block}, cut, SHAPE(4, 1, 1));
    return net;
}

/* Root mean square of weights as a share of the largest of their channel. */
static double spread(const asx_node *node)
{
    const size_t depth = node->n_weights / node->n_biases;
    double sum = 0;
    for (size_t c = 0; c < node->n_biases; c++) {
        double most = 0, squares = 0;
        for (size_t i = c * depth; i < (c + 1) * depth; i++) {
            most = fmax(most, fabs((double)node->weight[i]));
            squares += (double)node->weight[i] * (double)node->weight[i];
        }
        sum += squares / (most * most);
    }
    return sqrt(sum / (double)node->n_weights);
}

static void known(void **state)
{
    (void)state;
    asx_error err;
    asx_calibration *c = NULL;
    asx_layer_operands o = {.weight_sigma = -1};
    const unsigned char label[IMAGES] = {0};
    asx_network *net = halved();
    asx_dataset *data = toy_data(IMAGES, net->input_shape, label);
    CHECK_OK(asx_calibration_new(&c, net, data, (asx_range){0, IMAGES}, NULL, &err), err);
    CHECK_FAIL(asx_calibration_operands(&o, c, 2, true, &err), ASX_EINVAL, err);
    assert_true(o.weight_sigma == -1);
    CHECK_OK(asx_calibration_operands(&o, c, 0, true, &err), err);
    near_to("uniform input", o.activation_sigma, sqrt(1. / 3), .02);
    near_to("zeros of the input", o.zero_activations, 1. / 255, .005);
    CHECK_OK(asx_calibration_operands(&o, c, 1, true, &err), err);
    near_to("weights", o.weight_sigma, spread(&net->node[2]), .04);
    near_to("half of a uniform input", o.activation_sigma, sqrt(1. / 3), .02);
    near_to("zeros of the half", o.zero_activations, .5, .02);
    /* those that are not 0 are uniform, and independent of their neighbours */
    near_to("median", o.activation_quantile[ASX_OPERAND_KNOTS / 2], 64, 3);
    near_to("last", o.activation_quantile[ASX_OPERAND_KNOTS - 1], 127, 1);
    near_to("weights' median", o.weight_quantile[ASX_OPERAND_KNOTS / 2], 0, 20);
    assert_true(o.histogram && o.likeness < .1);
    asx_calibration_free(c);
    asx_dataset_free(data);
    asx_network_free(net);
}

/* Pairs that a copula joined are found to be so; equal ones are wholly alike. */
static void likeness(void **state)
{
    (void)state;
    enum { N = 20000 };
    static int16_t code[N], pair[2 * N];
    asx_error err;
    double found = 0;
    for (int i = 0; i < N; i++)
        code[i] = (int16_t)(i < N / 3 ? 0 : 255.0 * (i - N / 3) / (N - N / 3));
    for (int i = 0; i < N; i++)
        pair[2 * i] = pair[2 * i + 1] = code[i];
    CHECK_OK(asx_codes_likeness(&found, code, N, pair, N, &err), err);
    near_to("equal pairs", found, 1, .01);
    uint64_t seed = 5;
    for (int i = 0; i < N; i++) {
        double z[2];
        for (int k = 0; k < 2; k++) { /* a sum of 12 uniform numbers is nearly normal */
            z[k] = -6;
            for (int j = 0; j < 12; j++) {
                seed = seed * 6364136223846793005u + 1442695040888963407u;
                z[k] += (double)(seed >> 11) * 0x1p-53;
            }
        }
        z[1] = .6 * z[0] + .8 * z[1];
        for (int k = 0; k < 2; k++)
            pair[2 * i + k] = code[(int)(erfc(-z[k] / sqrt(2)) / 2 * (N - 1))];
    }
    CHECK_OK(asx_codes_likeness(&found, code, N, pair, N, &err), err);
    near_to("joined pairs", found, .6, .03);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(known), cmocka_unit_test(likeness)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
