/* Fresh networks against the published counts, and as what training wants to begin with. */
#include <math.h>
#include <string.h>

#include "eval/architecture.h"
#include "toy.h"

static const asx_architecture_type *type_of(const char *name)
{
    for (size_t i = 0; i < asx_architecture_n_types(); i++)
        if (strcmp(asx_architecture_at(i)->name, name) == 0)
            return asx_architecture_at(i);
    fail_msg("no architecture '%s'", name);
    return NULL;
}

static asx_network *network(const char *name, const char *parameter, const char *value)
{
    asx_error err;
    asx_network *net = NULL;
    asx_params params;
    asx_params_init(&params, type_of(name)->params);
    if (parameter)
        CHECK_OK(asx_params_set(&params, parameter, value, &err), err);
    CHECK_OK(asx_architecture_new(&net, type_of(name), &params, 3, &err), err);
    return net;
}

static size_t n_macs(const asx_network *net)
{
    size_t n = 0;
    for (size_t i = 0; i < net->work.n_layers; i++)
        n += asx_layer_n_macs(&net->work.layer[i]);
    return n;
}

/* He et al., table 6: 0.27 M, 0.85 M parameters with 20 and 56 layers, here with two projections:
 * 16 x 32 + 32 x 64 weights and 96 biases more. */
static void resnets(void **state)
{
    (void)state;
    asx_network *net = network("resnet", NULL, NULL);
    const size_t stage = 9 * 16 * 16, first = 27 * 16;
    /* stages of 6 layers: all but the first of stages 2 and 3 have 4 and 16 times the weights */
    const size_t weights = first + 6 * stage + (2 + 5 * 4) * stage + (8 + 5 * 16) * stage + 640;
    const size_t biases = 7 * 16 + 6 * 32 + 6 * 64 + 10;
    assert_int_equal(asx_network_n_parameters(net), weights + biases + 2560 + 96);
    assert_int_equal(net->work.n_layers, 22);
    assert_string_equal(net->work.layer[0].name, "conv1");
    assert_string_equal(net->work.layer[21].name, "fc");
    assert_int_equal(n_macs(net) / 100000, 408); /* 40.8 M */
    asx_network_free(net);
    net = network("resnet", "depth", "56");
    assert_int_equal(asx_network_n_parameters(net) / 10000, 85);
    asx_network_free(net);
}

static void mobilenets(void **state)
{
    (void)state;
    static const size_t out[] = {64, 128, 128, 256, 256, 256, 512, 512};
    asx_network *net = network("mobilenet", NULL, NULL);
    size_t want = 27 * 32 + 32, in = 32;
    for (size_t i = 0; i < 8; i++) {
        want += 9 * in + in + in * out[i] + out[i];
        in = out[i];
    }
    assert_int_equal(asx_network_n_parameters(net), want + 5130);
    for (size_t i = 1; i < 16; i += 2)
        assert_int_equal(net->work.layer[i].groups, net->work.layer[i].in_c);
    asx_network_free(net);
    net = network("mobilenet", "width", "0.05");
    assert_int_equal(net->work.layer[0].out_c, 8); /* not fewer */
    assert_int_equal(net->work.layer[16].out_c, 24);
    asx_network_free(net);
}

/* By hand: a weight for every pair of neighbours, a bias for every neuron. */
static void perceptrons(void **state)
{
    (void)state;
    asx_network *net = network("mlp", "features", "21");
    assert_int_equal(net->work.n_layers, 2);
    assert_int_equal(asx_network_n_parameters(net), 21 * 3 + 3 + 3 * 2 + 2);
    assert_int_equal(asx_network_input_shape(net)[0], 21);
    asx_network_free(net);
    net = network("mlp", "second", "4");
    assert_int_equal(net->work.n_layers, 3);
    assert_int_equal(asx_network_n_parameters(net), 10 * 3 + 3 + 3 * 4 + 4 + 4 * 2 + 2);
    asx_network_free(net);
}

/* Ma et al., section 4: 0.5 x has 48, 96 and 192 channels in 4, 8 and 4 blocks, here on 32 x 32 pixels
 * with a first layer that keeps them, as networks for CIFAR do. A block that keeps the size computes half of
 * the channels, one that halves it all. */
static void shufflenets(void **state)
{
    (void)state;
    static const size_t n_blocks[] = {4, 8, 4}, half[] = {24, 48, 96};
    asx_network *net = network("shufflenet", "width", "0.5");
    size_t want = 27 * 24 + 24, macs = 27 * 24 * 1024, in = 24, places = 1024;
    for (size_t i = 0; i < 3; i++) {
        const size_t h = half[i], keep = (n_blocks[i] - 1) * (2 * h * h + 9 * h);
        const size_t halve = 9 * in + in * h + in * h + 9 * h + h * h;
        want += halve + keep + in + 4 * h + (n_blocks[i] - 1) * 3 * h; /* weights, biases */
        macs += in * h * places + (9 * in + in * h + 9 * h + h * h + keep) * (places / 4);
        in = 2 * h;
        places /= 4;
    }
    assert_int_equal(asx_network_n_parameters(net), want + 192 * 1024 + 1024 + 10250);
    assert_int_equal(n_macs(net), macs + 192 * 1024 * 16 + 10240);
    asx_network_free(net);
}

/* Every convolution can be normalised, and its weights have variance 2 / depth. */
static void ready_to_train(void **state)
{
    (void)state;
    static const char *const names[] = {"mobilenet", "resnet", "shufflenet"};
    for (size_t k = 0; k < 3; k++) {
        asx_network *net = network(names[k], "size", "9");
        for (size_t i = 0; i < net->n_nodes; i++) {
            const asx_node *node = &net->node[i];
            double square = 0;
            assert_int_equal(node->normalised, node->op == ASX_OP_CONV);
            for (size_t j = 0; j < node->n_weights; j++)
                square += (double)node->weight[j] * (double)node->weight[j];
            if (node->op != ASX_OP_CONV || node->n_weights < 2000)
                continue;
            const double depth = (double)node->n_weights / (double)node->n_biases;
            assert_true(fabs(square / (double)node->n_weights * depth / 2 - 1) < 0.15);
        }
        asx_network_free(net);
    }
}

static void refuses(void **state)
{
    (void)state;
    asx_error err;
    asx_network *net = NULL;
    asx_params params;
    asx_params_init(&params, type_of("resnet")->params);
    CHECK_OK(asx_params_set(&params, "depth", "21", &err), err);
    CHECK_FAIL(asx_architecture_new(&net, type_of("resnet"), &params, 1, &err), ASX_EINVAL, err);
    assert_null(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resnets),        cmocka_unit_test(mobilenets),
        cmocka_unit_test(perceptrons),    cmocka_unit_test(shufflenets),
        cmocka_unit_test(ready_to_train), cmocka_unit_test(refuses)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
