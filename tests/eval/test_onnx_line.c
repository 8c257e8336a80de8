/* One-dimensional networks: convolutions, pools and what stands between them, against plain loops
 * over [channels][length]. */
#include <math.h>
#include <string.h>

#include "check.h"
#include "onnx_case.h"

enum { CHANNELS = 3, LENGTH = 11, OUT = 4, KERNEL = 3, STRIDE = 2, DILATION = 2, PAD = 1 };
enum { WIDTH = (LENGTH + 2 * PAD - DILATION * (KERNEL - 1) - 1) / STRIDE + 1, POOLED = WIDTH - 1 };

static float number(size_t i)
{
    return (float)((i * 7919 + 13) % 17) / 8 - 1;
}

/* conv, batch normalisation (scale 2, shift c), relu, max pool of 2 in steps of 1, plus a constant
 * for each channel and a residual of it */
static void expect(float *y, const float *x, const float *weight)
{
    float map[OUT][WIDTH];
    for (int o = 0; o < OUT; o++)
        for (int t = 0; t < WIDTH; t++) {
            float sum = 0;
            for (int c = 0; c < CHANNELS; c++)
                for (int k = 0; k < KERNEL; k++) {
                    const int at = t * STRIDE + k * DILATION - PAD;
                    if (at >= 0 && at < LENGTH)
                        sum += weight[(o * CHANNELS + c) * KERNEL + k] * x[c * LENGTH + at];
                }
            map[o][t] = fmaxf(2 * sum + (float)o, 0);
        }
    for (int o = 0; o < OUT; o++)
        for (int t = 0; t < POOLED; t++) {
            const float top = fmaxf(map[o][t], map[o][t + 1]);
            y[o * POOLED + t] = top + (top + 10 * (float)o);
        }
}

static void write_line(onnx_writer *w, const float *weight)
{
    onnx_bytes a = {0};
    onnx_floats(w, "c.weight", DIMS(OUT, CHANNELS, KERNEL), weight);
    onnx_floats(w, "gamma", DIMS(OUT), (float[]){2, 2, 2, 2});
    onnx_floats(w, "beta", DIMS(OUT), (float[]){0, 1, 2, 3});
    onnx_floats(w, "zero", DIMS(OUT), zeros);
    onnx_floats(w, "one", DIMS(OUT), (float[]){1, 1, 1, 1});
    onnx_floats(w, "per channel", DIMS(OUT, 1), (float[]){0, 10, 20, 30});
    onnx_attribute_ints(&a, "strides", DIMS(STRIDE));
    onnx_attribute_ints(&a, "dilations", DIMS(DILATION));
    onnx_attribute_ints(&a, "pads", DIMS(PAD, PAD));
    onnx_attribute_ints(&a, "kernel_shape", DIMS(KERNEL));
    onnx_node(w, "Conv", "c", "x c.weight", "c", &a);
    onnx_attribute_float(&a, "epsilon", 0);
    onnx_node(w, "BatchNormalization", "b", "c gamma beta zero one", "n", &a);
    onnx_node(w, "Relu", "r", "n", "r", NULL);
    onnx_attribute_ints(&a, "kernel_shape", DIMS(2));
    onnx_node(w, "MaxPool", "p", "r", "top", &a);
    onnx_bytes node = {0}; /* a name with a blank */
    onnx_put_text(&node, 1, "top");
    onnx_put_text(&node, 1, "per channel");
    onnx_put_text(&node, 2, "shifted");
    onnx_put_text(&node, 4, "Add");
    onnx_put_message(&w->graph, 1, &node);
    onnx_node(w, "Add", "a", "top shifted", "y", NULL);
}

static void against_loops(void **state)
{
    (void)state;
    float weight[OUT * CHANNELS * KERNEL], x[2 * CHANNELS * LENGTH], want[2 * OUT * POOLED];
    for (size_t i = 0; i < sizeof weight / sizeof *weight; i++)
        weight[i] = number(i);
    for (size_t i = 0; i < sizeof x / sizeof *x; i++)
        x[i] = number(3 * i + 1);
    for (int i = 0; i < 2; i++)
        expect(want + i * OUT * POOLED, x + i * CHANNELS * LENGTH, weight);
    asx_error err = {0};
    asx_network *net = NULL;
    onnx_writer w = case_start(DIMS(-1, CHANNELS, LENGTH));
    write_line(&w, weight);
    onnx_output(&w, "y");
    onnx_bytes file = onnx_finish(&w);
    CHECK_OK(asx_network_parse(&net, "line.onnx", file.data, file.n, &err), err);
    onnx_bytes_free(&file);
    const size_t *shape = asx_network_input_shape(net);
    assert_true(shape[0] == CHANNELS && shape[1] == 1 && shape[2] == LENGTH);
    float *y = case_run(net, x, 2);
    /* the output is a feature map of height one: [t][o] in memory, [o][t] as ONNX has it */
    for (size_t i = 0; i < 2; i++)
        for (size_t o = 0; o < OUT; o++)
            for (size_t t = 0; t < POOLED; t++) {
                const float got = y[(i * OUT + o) * POOLED + t];
                assert_true(fabsf(got - want[(i * OUT + o) * POOLED + t]) < 1e-5F);
            }
    free(y);
    const asx_layer *layer = &asx_network_workload(net)->layer[0];
    assert_int_equal(asx_layer_n_macs(layer), OUT * WIDTH * CHANNELS * KERNEL);
    asx_network_free(net);
}

/* Whoever wants [channels][length] gets it: flattened in the file's order. */
static void flattened(void **state)
{
    (void)state;
    float weight[OUT * CHANNELS * KERNEL], x[CHANNELS * LENGTH], want[OUT * POOLED];
    enum { N = OUT * POOLED };
    static float eye[N * N];
    for (size_t i = 0; i < N; i++)
        eye[i * N + i] = 1;
    for (size_t i = 0; i < sizeof weight / sizeof *weight; i++)
        weight[i] = number(i);
    for (size_t i = 0; i < sizeof x / sizeof *x; i++)
        x[i] = number(5 * i);
    expect(want, x, weight);
    asx_error err = {0};
    asx_network *net = NULL;
    onnx_writer w = case_start(DIMS(-1, CHANNELS, LENGTH));
    write_line(&w, weight);
    onnx_node(&w, "Flatten", "f", "y", "flat", NULL);
    onnx_floats(&w, "eye", DIMS(N, N), eye);
    onnx_node(&w, "MatMul", "m", "flat eye", "z", NULL);
    onnx_output(&w, "z");
    onnx_bytes file = onnx_finish(&w);
    CHECK_OK(asx_network_parse(&net, "line.onnx", file.data, file.n, &err), err);
    onnx_bytes_free(&file);
    float *y = case_run(net, x, 1);
    for (size_t i = 0; i < N; i++)
        assert_true(fabsf(y[i] - want[i]) < 1e-5F);
    free(y);
    asx_network_free(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(against_loops),
        cmocka_unit_test(flattened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
