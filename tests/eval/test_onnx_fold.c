/* Folding, against a plain double-precision evaluation of the formulas as written, unfolded. */
#include <math.h>
#include <string.h>

#include "check.h"
#include "dse/seed.h"
#include "onnx_case.h"

enum { C = 3, H = 5, W = 4, O = 4, K = 3, N_X = C * H * W, N_Y = O * H * W };

/* What the network computes before Flatten; every array is filled with random numbers. */
typedef struct model {
    float x[N_X], weight[O * C * K * K], bias[O];
    float gamma[O], beta[O], mean[O], variance[O], add[O], factor[1];
} model;

static void fill(float *out, size_t n, uint64_t stream, double low, double high)
{
    for (size_t i = 0; i < n; i++)
        out[i] = (float)(low + (high - low) * asx_seed_uniform(1, stream, i));
}

static void fill_model(model *m)
{
    fill(m->x, N_X, 0, -1, 1);
    fill(m->weight, O * C * K * K, 1, -1, 1);
    fill(m->bias, O, 2, -1, 1);
    fill(m->gamma, O, 3, -2, 2);
    fill(m->beta, O, 4, -1, 1);
    fill(m->mean, O, 5, -1, 1);
    fill(m->variance, O, 6, 0.01, 2);
    fill(m->add, O, 7, -1, 1);
    fill(m->factor, 1, 8, -3, 3);
}

/* 3x3 convolution with padding 1. */
static void convolve(double *y, const model *m, const float *weight, const float *bias)
{
    for (int o = 0; o < O; o++)
        for (int i = 0; i < H; i++)
            for (int j = 0; j < W; j++) {
                double sum = bias ? (double)bias[o] : 0;
                for (int c = 0; c < C; c++)
                    for (int k = 0; k < K * K; k++) {
                        const int r = i + k / K - 1, s = j + k % K - 1;
                        if (r >= 0 && r < H && s >= 0 && s < W)
                            sum += (double)m->x[(c * H + r) * W + s] *
                                   (double)weight[(o * C + c) * K * K + k];
                    }
                y[(o * H + i) * W + j] = sum;
            }
}

static asx_network *import(onnx_writer *w, int64_t n)
{
    asx_error err = {0};
    asx_network *net = NULL;
    onnx_node(w, "Flatten", "", "y", "flat", NULL);
    onnx_node(w, "MatMul", "", "flat last", "logits", NULL);
    onnx_floats(w, "last", DIMS(n, 2), zeros);
    onnx_output(w, "logits");
    onnx_bytes file = onnx_finish(w);
    CHECK_OK(asx_network_parse(&net, "fold.onnx", file.data, file.n, &err), err);
    onnx_bytes_free(&file);
    return net;
}

/* input -> Conv -> BatchNormalization -> Add -> Mul -> y, or part of it */
static onnx_writer write(const model *m, bool with_bias)
{
    onnx_writer w = {.opset = 13};
    onnx_bytes a = {0};
    onnx_input(&w, "x", DIMS(1, C, H, W));
    onnx_floats(&w, "conv.weight", DIMS(O, C, K, K), m->weight);
    onnx_floats(&w, "conv.bias", DIMS(O), m->bias);
    onnx_floats(&w, "g", DIMS(O), m->gamma);
    onnx_floats(&w, "b", DIMS(O), m->beta);
    onnx_floats(&w, "m", DIMS(O), m->mean);
    onnx_floats(&w, "v", DIMS(O), m->variance);
    onnx_floats(&w, "add", DIMS(1, O, 1, 1), m->add);
    onnx_floats(&w, "factor", 0, NULL, m->factor);
    onnx_attribute_ints(&a, "pads", DIMS(1, 1, 1, 1));
    onnx_node(&w, "Conv", "", with_bias ? "x conv.weight conv.bias" : "x conv.weight", "c", &a);
    return w;
}

static void conv_bn_add_mul(void **state)
{
    (void)state;
    static model m;
    fill_model(&m);
    for (int with_bias = 0; with_bias < 2; with_bias++) {
        onnx_writer w = write(&m, with_bias != 0);
        onnx_bytes a = {0};
        onnx_attribute_float(&a, "epsilon", 1e-3F);
        onnx_node(&w, "BatchNormalization", "", "c g b m v", "n", &a);
        onnx_node(&w, "Identity", "", "n", "i", NULL);
        onnx_node(&w, "Add", "", "i add", "p", NULL);
        onnx_node(&w, "Mul", "", "factor p", "y", NULL);
        asx_network *net = import(&w, N_Y);
        assert_int_equal(net->n_nodes, 3); /* Conv, Reshape, Dense */

        double plain[N_Y], folded[N_Y];
        convolve(plain, &m, m.weight, with_bias ? m.bias : NULL);
        convolve(folded, &m, net->node[0].weight, net->node[0].bias);
        for (int i = 0; i < N_Y; i++) {
            const int o = i / (H * W);
            const double normal =
                (plain[i] - (double)m.mean[o]) / sqrt((double)m.variance[o] + (double)1e-3F);
            const double want =
                ((double)m.gamma[o] * normal + (double)m.beta[o] + (double)m.add[o]) *
                (double)m.factor[0];
            assert_true(fabs(folded[i] - want) <= 1e-5 * (1 + fabs(want)));
        }
        asx_network_free(net);
    }
}

/* Somebody else reads the convolution: it must stay as it is. */
static void shared_convolution_is_not_folded(void **state)
{
    (void)state;
    static model m;
    fill_model(&m);
    onnx_writer w = write(&m, true);
    onnx_node(&w, "BatchNormalization", "", "c g b m v", "n", NULL);
    onnx_node(&w, "Add", "", "n c", "y", NULL);
    asx_network *net = import(&w, N_Y);
    assert_int_equal(net->node[1].op, ASX_OP_SCALE);
    assert_memory_equal(net->node[0].weight, m.weight, sizeof m.weight);
    assert_memory_equal(net->node[0].bias, m.bias, sizeof m.bias);
    for (int o = 0; o < O; o++) {
        const double s = (double)m.gamma[o] / sqrt((double)m.variance[o] + (double)1e-5F);
        const double t = (double)m.beta[o] - (double)m.mean[o] * s;
        assert_true(fabs((double)net->node[1].weight[o] - s) <= 1e-6 * fabs(s));
        assert_true(fabs((double)net->node[1].bias[o] - t) <= 1e-6 * (1 + fabs(t)));
    }
    asx_network_free(net);
}

/* Before any layer, as networks normalise their input: x - c, then x / c, then c - x. */
static void arithmetic_on_the_input(void **state)
{
    (void)state;
    onnx_writer w = {.opset = 13};
    onnx_input(&w, "x", DIMS(1, 2, 2, 2));
    onnx_floats(&w, "c", DIMS(2, 1, 1), (float[]){3, -4});
    onnx_node(&w, "Sub", "", "x c", "a", NULL);
    onnx_node(&w, "Div", "", "a c", "b", NULL);
    onnx_node(&w, "Sub", "", "c b", "r", NULL);
    onnx_node(&w, "Relu", "", "r", "p", NULL);
    onnx_floats(&w, "k", DIMS(2, 1, 1), (float[]){2, 0});
    onnx_node(&w, "Mul", "", "p k", "y", NULL);
    asx_network *net = import(&w, 8);
    const float want[4][4] = {
        {1, 1, -3, 4}, {1.0F / 3, -0.25F, 0, 0}, {-1, -1, 3, -4}, {2, 0, 0, 0}};
    for (size_t i = 0, n = 0; i < 4; i++, n++) {
        n += net->node[n].op == ASX_OP_RELU;
        assert_int_equal(net->node[n].op, ASX_OP_SCALE);
        assert_memory_equal(net->node[n].weight, want[i], 2 * sizeof(float));
        for (size_t c = 0; c < 2; c++)
            assert_true(net->node[n].bias[c] == want[i][2 + c]);
        assert_int_equal(net->value[net->node[n].output].non_negative, i == 3);
    }
    asx_network_free(net);
}

static void fails(onnx_writer *w, asx_status want, const char *part)
{
    asx_error err = {0};
    asx_network *net = NULL;
    onnx_output(w, "y");
    onnx_bytes file = onnx_finish(w);
    CHECK_FAIL(asx_network_parse(&net, "fold.onnx", file.data, file.n, &err), want, err);
    assert_null(net);
    if (!strstr(err.message, part))
        fail_msg("'%s' is not in '%s'", part, err.message);
    onnx_bytes_free(&file);
}

static void refusals(void **state)
{
    (void)state;
    static model m;
    fill_model(&m);
    m.variance[2] = -1;
    onnx_writer w = write(&m, true);
    onnx_node(&w, "BatchNormalization", "n", "c g b m v", "y", NULL);
    fails(&w, ASX_EINVAL, "the variance of channel 2 is -0.99999");

    fill_model(&m);
    m.beta[1] = NAN;
    w = write(&m, true);
    onnx_node(&w, "BatchNormalization", "n", "c g b m v", "y", NULL);
    fails(&w, ASX_EINVAL, "constant 'b': element 1 is ");

    fill_model(&m);
    m.gamma[0] = 3e38F;
    m.variance[0] = 0.01F;
    w = write(&m, true);
    onnx_node(&w, "BatchNormalization", "n", "c g b m v", "y", NULL);
    fails(&w, ASX_EINVAL, "after folding");

    fill_model(&m);
    w = write(&m, true);
    onnx_floats(&w, "wrong", DIMS(W - 1), m.x);
    onnx_node(&w, "Add", "n", "c wrong", "y", NULL);
    fails(&w, ASX_EUNSUPPORTED, "shapes [4, 5, 4] and [1, 1, 3] differ");

    w = write(&m, true);
    onnx_node(&w, "BatchNormalization", "n", "x g b m v", "y", NULL);
    fails(&w, ASX_EINVAL, "input 1 has 4 elements for 3 channels");

    w = write(&m, true);
    onnx_floats(&w, "zero", 0, NULL, (float[]){0});
    onnx_node(&w, "Div", "n", "c zero", "y", NULL);
    fails(&w, ASX_EINVAL, "after folding");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conv_bn_add_mul),
        cmocka_unit_test(shared_convolution_is_not_folded),
        cmocka_unit_test(arithmetic_on_the_input),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
