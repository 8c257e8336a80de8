/* Networks as Keras writes them, with [height][width][channels] at both ends: images are asked for
 * as [c][h][w], and the numbers are those of the file's own order. */
#include <math.h>

#include "check.h"
#include "dse/seed.h"
#include "onnx_case.h"

enum { H = 5, W = 4, C = 3, O = 2, CLASSES = 3, N_X = C * H * W, N_Y = O * H * W };

typedef struct model {
    float x[N_X]; /* [h][w][c] */
    float scale[1], mean[C], weight[O * C], fc[N_Y * CLASSES], bias[CLASSES];
} model;

static void fill(float *out, size_t n, uint64_t stream)
{
    for (size_t i = 0; i < n; i++)
        out[i] = (float)(2 * asx_seed_uniform(5, stream, i) - 1);
}

static void fill_model(model *m)
{
    fill(m->x, N_X, 0);
    fill(m->scale, 1, 1);
    fill(m->mean, C, 2);
    fill(m->weight, O * C, 3);
    fill(m->fc, N_Y * CLASSES, 4);
    fill(m->bias, CLASSES, 5);
}

/* (x - mean) * scale -> 1x1 convolution -> Relu -> flattened as [h][w][o] -> dense, as written */
static void want(double *y, const model *m)
{
    for (int k = 0; k < CLASSES; k++)
        y[k] = (double)m->bias[k];
    for (int p = 0; p < H * W; p++)
        for (int o = 0; o < O; o++) {
            double sum = 0;
            for (int c = 0; c < C; c++)
                sum += ((double)m->x[p * C + c] - (double)m->mean[c]) * (double)m->scale[0] *
                       (double)m->weight[o * C + c];
            for (int k = 0; sum > 0 && k < CLASSES; k++)
                y[k] += sum * (double)m->fc[(p * O + o) * CLASSES + k];
        }
}

static onnx_writer write(const model *m)
{
    onnx_writer w = {.opset = 15};
    onnx_bytes a = {0};
    onnx_input(&w, "x", DIMS(-1, H, W, C));
    onnx_floats(&w, "mean", DIMS(1, 1, 1, C), m->mean);
    onnx_floats(&w, "scale", 0, NULL, m->scale);
    onnx_node(&w, "Sub", "", "x mean", "x1", NULL);
    onnx_node(&w, "Mul", "", "x1 scale", "x2", NULL);
    onnx_attribute_ints(&a, "perm", DIMS(0, 3, 1, 2));
    onnx_node(&w, "Transpose", "", "x2", "x3", &a);
    onnx_floats(&w, "model/conv2d/Conv2D/ReadVariableOp:0", DIMS(O, C, 1, 1), m->weight);
    onnx_node(&w, "Conv", "", "x3 model/conv2d/Conv2D/ReadVariableOp:0", "c", NULL);
    onnx_node(&w, "Relu", "", "c", "r", NULL);
    onnx_attribute_ints(&a, "perm", DIMS(0, 2, 3, 1));
    onnx_node(&w, "Transpose", "", "r", "t", &a);
    onnx_int64s(&w, "flat", 2, (int64_t[]){-1, N_Y});
    onnx_node(&w, "Reshape", "", "t flat", "f", NULL);
    onnx_floats(&w, "model/dense/MatMul/ReadVariableOp:0", DIMS(N_Y, CLASSES), m->fc);
    onnx_floats(&w, "bias", DIMS(CLASSES), m->bias);
    onnx_node(&w, "MatMul", "", "f model/dense/MatMul/ReadVariableOp:0", "d", NULL);
    onnx_node(&w, "Add", "", "d bias", "y", NULL);
    onnx_output(&w, "y");
    return w;
}

static void keras_network(void **state)
{
    (void)state;
    static model m;
    float turned[N_X];
    double expected[CLASSES];
    asx_error err = {0};
    asx_network *net = NULL;
    fill_model(&m);
    onnx_writer w = write(&m);
    onnx_bytes file = onnx_finish(&w);
    CHECK_OK(asx_network_parse(&net, "keras.onnx", file.data, file.n, &err), err);
    onnx_bytes_free(&file);
    const size_t shape[] = {C, H, W};
    assert_memory_equal(asx_network_input_shape(net), shape, sizeof shape);
    assert_string_equal(asx_network_workload(net)->layer[0].name, "model/conv2d");
    for (int c = 0; c < C; c++)
        for (int p = 0; p < H * W; p++)
            turned[c * H * W + p] = m.x[p * C + c];
    want(expected, &m);
    float *y = case_run(net, turned, 1);
    for (int k = 0; k < CLASSES; k++)
        assert_true(fabs((double)y[k] - expected[k]) < 1e-5);
    free(y);
    asx_network_free(net);
}

/* What stands in the way of turning the input: it then stays as the file has it. */
static void inputs_that_stay(void **state)
{
    (void)state;
    static const struct {
        const char *op, *inputs;
    } first[] = {{"Add", "x x"}, {"Relu", "x"}, {"Softmax", "x"}};
    for (size_t i = 0; i < sizeof first / sizeof *first; i++) {
        onnx_writer w = case_start(DIMS(-1, H, W, C));
        onnx_bytes a = {0};
        onnx_node(&w, first[i].op, "", first[i].inputs, "a", NULL);
        onnx_attribute_ints(&a, "perm", DIMS(0, 3, 1, 2));
        onnx_node(&w, "Transpose", "", "a", "y", &a);
        asx_network *net = case_import(&w, N_X);
        assert_int_equal(asx_network_input_shape(net)[0], H);
        assert_int_equal(net->node[1].op, ASX_OP_TRANSPOSE);
        asx_network_free(net);
    }
    /* turned another way */
    onnx_writer w = case_start(DIMS(-1, H, W, C));
    onnx_bytes a = {0};
    onnx_attribute_ints(&a, "perm", DIMS(0, 3, 2, 1));
    onnx_node(&w, "Transpose", "", "x", "y", &a);
    asx_network *net = case_import(&w, N_X);
    assert_int_equal(asx_network_input_shape(net)[0], H);
    asx_network_free(net);
}

/* Padding before the turn: of rows and columns as they are in the file. */
static void padded_image(void **state)
{
    (void)state;
    onnx_writer w = case_start(DIMS(-1, H, W, C));
    onnx_bytes a = {0};
    onnx_int64s(&w, "pads", 8, (int64_t[]){0, 1, 2, 0, 0, 3, 0, 0});
    onnx_node(&w, "Pad", "", "x pads", "p", NULL);
    onnx_attribute_ints(&a, "perm", DIMS(0, 3, 1, 2));
    onnx_node(&w, "Transpose", "", "p", "y", &a);
    asx_network *net = case_import(&w, (H + 4) * (W + 2) * C);
    case_check_shape(net, 0, SHAPE(C, H + 4, W + 2));
    assert_int_equal(net->node[0].before[1], 1);
    assert_int_equal(net->node[0].after[1], 3);
    assert_int_equal(net->node[0].before[2], 2);
    assert_int_equal(net->node[1].op, ASX_OP_RESHAPE);
    asx_network_free(net);
}

/* A constant per row is not one per channel. */
static void constant_of_rows(void **state)
{
    (void)state;
    onnx_writer w = case_start(DIMS(-1, H, W, C));
    onnx_bytes a = {0};
    onnx_floats(&w, "rows", DIMS(H, 1, 1), zeros);
    onnx_node(&w, "Add", "n", "x rows", "a", NULL);
    onnx_attribute_ints(&a, "perm", DIMS(0, 3, 1, 2));
    onnx_node(&w, "Transpose", "", "a", "y", &a);
    case_fails(&w, N_X, ASX_EUNSUPPORTED,
               "node 'n' (Add): a constant for images with channels last");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keras_network), cmocka_unit_test(inputs_that_stay),
        cmocka_unit_test(padded_image), cmocka_unit_test(constant_of_rows)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
