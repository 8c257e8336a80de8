/* Import of every operator: shapes, attributes and signs against values worked out by hand from the
 * ONNX operator specification. Every case is input -> operator under test "y" -> Flatten -> MatMul.
 */
#include <string.h>

#include "check.h"
#include "eval/network.h"
#include "graph.h"
#include "onnx_writer.h"

#define DIMS(...)                                                                                  \
    (sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t)), (const int64_t[])                        \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define SHAPE(...)                                                                                 \
    (sizeof((size_t[]){__VA_ARGS__}) / sizeof(size_t)), (const size_t[])                           \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }

static const float zeros[4096];

static onnx_writer start(size_t rank, const int64_t *dim)
{
    onnx_writer w = {.opset = 13};
    onnx_input(&w, "x", rank, dim);
    return w;
}

/* Appends Flatten and a MatMul of `n` to 2, and imports. */
static asx_status import(asx_network **net, onnx_writer *w, int64_t n, asx_error *err)
{
    onnx_node(w, "Flatten", "", "y", "flat", NULL);
    onnx_node(w, "MatMul", "", "flat last.weight", "logits", NULL);
    onnx_floats(w, "last.weight", DIMS(n, 2), zeros);
    onnx_output(w, "logits");
    onnx_bytes file = onnx_finish(w);
    asx_status status = asx_network_parse(net, "test.onnx", file.data, file.n, err);
    onnx_bytes_free(&file);
    return status;
}

static asx_network *import_ok(onnx_writer *w, int64_t n)
{
    asx_error err = {0};
    asx_network *net = NULL;
    CHECK_OK(import(&net, w, n, &err), err);
    return net;
}

static void import_fails(onnx_writer *w, int64_t n, asx_status want, const char *part)
{
    asx_error err = {0};
    asx_network *net = NULL;
    CHECK_FAIL(import(&net, w, n, &err), want, err);
    assert_null(net);
    if (!strstr(err.message, part))
        fail_msg("'%s' is not in '%s'", part, err.message);
    assert_null(strchr(err.message, '\n'));
}

static void check_shape(const asx_network *net, size_t node, size_t rank, const size_t *dim)
{
    const asx_value *y = &net->value[net->node[node].output];
    assert_int_equal(y->rank, rank);
    for (size_t i = 0; i < rank; i++)
        assert_int_equal(y->dim[i], dim[i]);
}

static void conv_with_everything(void **state)
{
    (void)state;
    onnx_writer w = start(DIMS(-1, 4, 9, 10));
    onnx_bytes a = {0};
    onnx_attribute_ints(&a, "pads", DIMS(1, 2, 0, 3));
    onnx_attribute_ints(&a, "strides", DIMS(2, 3));
    onnx_attribute_ints(&a, "dilations", DIMS(2, 1));
    onnx_attribute_int(&a, "group", 2);
    onnx_floats(&w, "stem.conv.weight", DIMS(6, 2, 3, 2), zeros);
    onnx_node(&w, "Conv", "n", "x stem.conv.weight", "y", &a);
    /* h: (9 + 1 - 5) / 2 + 1 = 3; w: (10 + 5 - 2) / 3 + 1 = 5 */
    asx_network *net = import_ok(&w, 6 * 3 * 5);
    check_shape(net, 0, SHAPE(6, 3, 5));
    const asx_node *n = &net->node[0];
    assert_int_equal(n->op, ASX_OP_CONV);
    assert_int_equal(n->groups, 2);
    assert_int_equal(n->n_weights, 72);
    assert_int_equal(n->n_biases, 6);
    assert_int_equal(n->window.before[0], 1);
    assert_int_equal(n->window.before[1], 2);
    assert_int_equal(n->window.after[0], 0);
    assert_int_equal(n->window.after[1], 3);
    assert_int_equal(n->window.dilation[0], 2);
    const asx_layer *l = &asx_network_workload(net)->layer[0];
    assert_string_equal(l->name, "stem.conv");
    assert_int_equal(l->groups, 2);
    assert_int_equal(l->kernel_w, 2);
    assert_int_equal(l->stride_w, 3);
    assert_false(l->input_non_negative);
    assert_int_equal(asx_layer_n_macs(l), 6 * 3 * 5 * 2 * 3 * 2);
    assert_int_equal(asx_network_n_parameters(net), 72 + 6 + 180 + 2);
    assert_int_equal(asx_network_n_classes(net), 2);
    asx_network_free(net);
}

/* Output and padding of SAME, from the specification: ceil(in / stride), the odd pixel at the end
 * for UPPER. */
static void same_padding(void **state)
{
    (void)state;
    static const struct {
        const char *mode;
        int64_t size, kernel, stride;
        size_t out, before, after;
    } row[] = {
        {"SAME_UPPER", 32, 3, 2, 16, 0, 1}, {"SAME_LOWER", 32, 3, 2, 16, 1, 0},
        {"SAME_UPPER", 7, 4, 1, 7, 1, 2},   {"SAME_LOWER", 7, 4, 1, 7, 2, 1},
        {"SAME_UPPER", 5, 1, 2, 3, 0, 0},   {"VALID", 7, 3, 2, 3, 0, 0},
        {"NOTSET", 7, 3, 2, 3, 0, 0},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        onnx_writer w = start(DIMS(1, 1, row[i].size, row[i].size));
        onnx_bytes a = {0};
        onnx_attribute_text(&a, "auto_pad", row[i].mode);
        onnx_attribute_ints(&a, "strides", DIMS(row[i].stride, row[i].stride));
        onnx_floats(&w, "w", DIMS(1, 1, row[i].kernel, row[i].kernel), zeros);
        onnx_node(&w, "Conv", "", "x w", "y", &a);
        asx_network *net = import_ok(&w, (int64_t)(row[i].out * row[i].out));
        check_shape(net, 0, SHAPE(1, row[i].out, row[i].out));
        for (size_t k = 0; k < 2; k++) {
            assert_int_equal(net->node[0].window.before[k], row[i].before);
            assert_int_equal(net->node[0].window.after[k], row[i].after);
        }
        asx_network_free(net);
    }
}

static void conv_refusals(void **state)
{
    (void)state;
    onnx_writer w = start(DIMS(1, 3, 8, 8));
    onnx_floats(&w, "w", DIMS(4, 3, 3), zeros);
    onnx_node(&w, "Conv", "c", "x w", "y", NULL);
    import_fails(&w, 1, ASX_EUNSUPPORTED, "test.onnx: node 'c' (Conv): its weight has 3");

    w = start(DIMS(1, 3, 8, 8));
    onnx_floats(&w, "w", DIMS(4, 2, 3, 3), zeros);
    onnx_node(&w, "Conv", "c", "x w", "y", NULL);
    import_fails(&w, 1, ASX_EINVAL, "does not fit input [3, 8, 8]");

    w = start(DIMS(1, 3, 2, 8));
    onnx_floats(&w, "w", DIMS(4, 3, 3, 3), zeros);
    onnx_node(&w, "Conv", "c", "x w", "y", NULL);
    import_fails(&w, 1, ASX_EINVAL, "window of 3 does not fit");

    w = start(DIMS(1, 3, 8, 8));
    onnx_node(&w, "Conv", "c", "x x", "y", NULL);
    import_fails(&w, 1, ASX_EUNSUPPORTED, "input 'x' is not a constant");

    onnx_bytes a = {0};
    onnx_attribute_ints(&a, "pads", DIMS(0, -1, 0, 0));
    w = start(DIMS(1, 3, 8, 8));
    onnx_floats(&w, "w", DIMS(4, 3, 3, 3), zeros);
    onnx_node(&w, "Conv", "c", "x w", "y", &a);
    import_fails(&w, 1, ASX_EINVAL, "attribute 'pads' holds -1");
}

static void gemm(void **state)
{
    (void)state;
    const float b[6] = {1, 2, 3, 4, 5, 6};
    for (int64_t transposed = 0; transposed < 2; transposed++) {
        onnx_writer w = start(DIMS(-1, 3));
        onnx_bytes a = {0};
        onnx_attribute_int(&a, "transB", transposed);
        onnx_attribute_float(&a, "alpha", 2);
        onnx_attribute_float(&a, "beta", 3);
        onnx_floats(&w, "b", 2, transposed ? (int64_t[]){2, 3} : (int64_t[]){3, 2}, b);
        onnx_floats(&w, "c", DIMS(1, 2), (float[]){10, 20});
        onnx_node(&w, "Gemm", "", "x b c", "y", &a);
        asx_network *net = import_ok(&w, 2);
        check_shape(net, 0, SHAPE(2));
        const float want[2][6] = {{2, 6, 10, 4, 8, 12}, {2, 4, 6, 8, 10, 12}};
        assert_memory_equal(net->node[0].weight, want[transposed], sizeof want[0]);
        assert_memory_equal(net->node[0].bias, ((float[]){30, 60}), 2 * sizeof(float));
        const asx_layer *l = &asx_network_workload(net)->layer[0];
        assert_int_equal(l->in_c, 3);
        assert_int_equal(l->in_h, 1);
        assert_int_equal(asx_network_input_shape(net)[0], 3);
        assert_int_equal(asx_network_input_shape(net)[1], 1);
        asx_network_free(net);
    }
    onnx_writer w = start(DIMS(1, 4));
    onnx_floats(&w, "b", DIMS(3, 2), b);
    onnx_node(&w, "Gemm", "g", "x b", "y", NULL);
    import_fails(&w, 2, ASX_EINVAL, "weight [3, 2] does not fit an input of 4");
    onnx_bytes a = {0};
    onnx_attribute_int(&a, "transA", 1);
    w = start(DIMS(1, 3));
    onnx_floats(&w, "b", DIMS(3, 2), b);
    onnx_node(&w, "Gemm", "g", "x b", "y", &a);
    import_fails(&w, 2, ASX_EUNSUPPORTED, "attribute 'transA' is 1");
}

/* A dense layer over [t][c], and its bias that runs over the last dimension. */
static void matmul_over_positions(void **state)
{
    (void)state;
    onnx_writer w = start(DIMS(1, 5, 3));
    onnx_floats(&w, "m", DIMS(3, 2), (float[]){1, 2, 3, 4, 5, 6});
    onnx_floats(&w, "bias", DIMS(2), (float[]){7, 8});
    onnx_node(&w, "MatMul", "", "x m", "p", NULL);
    onnx_node(&w, "Add", "", "bias p", "y", NULL);
    asx_network *net = import_ok(&w, 10);
    check_shape(net, 0, SHAPE(5, 2));
    assert_int_equal(net->node[1].op, ASX_OP_RESHAPE);
    assert_memory_equal(net->node[0].bias, ((float[]){7, 8}), 2 * sizeof(float));
    assert_memory_equal(net->node[0].weight, ((float[]){1, 3, 5, 2, 4, 6}), 6 * sizeof(float));
    assert_int_equal(asx_layer_n_macs(&asx_network_workload(net)->layer[0]), 30);
    asx_network_free(net);
}

static void pools(void **state)
{
    (void)state;
    static const struct {
        const char *op;
        int64_t size, kernel, stride, pad, ceil_mode;
        size_t out, after;
    } row[] = {
        {"MaxPool", 8, 2, 2, 0, 0, 4, 0},
        {"MaxPool", 7, 3, 2, 1, 0, 4, 1},
        {"AveragePool", 8, 8, 8, 0, 0, 1, 0},
        {"AveragePool", 7, 2, 2, 0, 0, 3, 0},
        {"MaxPool", 7, 2, 2, 0, 1, 4, 1},
        {"MaxPool", 8, 2, 2, 0, 1, 4, 0},
        {"AveragePool", 6, 3, 2, 0, 1, 3, 1},
        /* the last window would start in the padding: no step */
        {"MaxPool", 5, 2, 3, 1, 1, 2, 1},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        onnx_writer w = start(DIMS(1, 2, row[i].size, row[i].size));
        onnx_bytes a = {0};
        onnx_attribute_ints(&a, "kernel_shape", DIMS(row[i].kernel, row[i].kernel));
        onnx_attribute_ints(&a, "strides", DIMS(row[i].stride, row[i].stride));
        onnx_attribute_ints(&a, "pads", DIMS(row[i].pad, row[i].pad, row[i].pad, row[i].pad));
        onnx_attribute_int(&a, "ceil_mode", row[i].ceil_mode);
        onnx_node(&w, "Relu", "", "x", "r", NULL);
        onnx_node(&w, row[i].op, "", "r", "y", &a);
        asx_network *net = import_ok(&w, (int64_t)(2 * row[i].out * row[i].out));
        check_shape(net, 1, SHAPE(2, row[i].out, row[i].out));
        assert_int_equal(net->node[1].window.after[0], row[i].after);
        assert_true(net->value[net->node[1].output].non_negative);
        asx_network_free(net);
    }
    onnx_writer w = start(DIMS(1, 3, 4, 6));
    onnx_node(&w, "GlobalAveragePool", "", "x", "y", NULL);
    asx_network *net = import_ok(&w, 3);
    check_shape(net, 0, SHAPE(3, 1, 1));
    assert_int_equal(net->node[0].window.kernel[1], 6);
    asx_network_free(net);

    onnx_bytes a = {0};
    onnx_attribute_ints(&a, "kernel_shape", DIMS(2, 2));
    onnx_attribute_ints(&a, "strides", DIMS(2, 2));
    onnx_attribute_int(&a, "ceil_mode", 1);
    onnx_attribute_int(&a, "count_include_pad", 1);
    w = start(DIMS(1, 1, 7, 7));
    onnx_node(&w, "AveragePool", "p", "x", "y", &a);
    import_fails(&w, 16, ASX_EUNSUPPORTED, "ceil_mode together with count_include_pad");
}

static void activations(void **state)
{
    (void)state;
    onnx_writer w = start(DIMS(1, 2, 3, 3));
    onnx_bytes a = {0};
    onnx_attribute_float(&a, "min", 0);
    onnx_attribute_float(&a, "max", 6);
    onnx_node(&w, "Clip", "", "x", "r", &a);
    onnx_floats(&w, "low", 0, NULL, (float[]){-1});
    onnx_node(&w, "Clip", "", "r low -", "c", NULL);
    onnx_node(&w, "Sigmoid", "", "c", "s", NULL);
    onnx_node(&w, "Dropout", "", "s", "d mask", NULL);
    onnx_node(&w, "Identity", "", "d", "y", NULL);
    asx_network *net = import_ok(&w, 18);
    assert_int_equal(net->n_nodes, 5);
    assert_true(net->node[0].low == 0 && net->node[0].high == 6);
    assert_true(net->node[1].low == -1 && net->node[1].high > 1e38F);
    assert_false(net->value[net->input].non_negative);
    for (size_t i = 0; i < 3; i++)
        assert_true(net->value[net->node[i].output].non_negative);
    assert_true(asx_network_workload(net)->layer[0].input_non_negative);
    asx_network_free(net);

    w = start(DIMS(1, 4));
    onnx_floats(&w, "lo", 0, NULL, (float[]){2});
    onnx_floats(&w, "hi", 0, NULL, (float[]){1});
    onnx_node(&w, "Clip", "c", "x lo hi", "y", NULL);
    import_fails(&w, 4, ASX_EINVAL, "lower bound 2 exceeds its upper bound 1");

    for (int64_t opset = 12; opset <= 13; opset++) {
        w = start(DIMS(1, 4, 2, 1));
        w.opset = opset;
        onnx_node(&w, "Softmax", "s", "x", "y", NULL);
        if (opset == 12) {
            import_fails(&w, 8, ASX_EUNSUPPORTED, "several dimensions (opset 12)");
            continue;
        }
        net = import_ok(&w, 8);
        assert_int_equal(net->node[0].axis, 2);
        asx_network_free(net);
    }
}

static void shapes(void **state)
{
    (void)state;
    onnx_writer w = start(DIMS(-1, 4, 6, 2));
    onnx_int64s(&w, "s1", 3, (int64_t[]){0, -1, 3});
    onnx_node(&w, "Reshape", "", "x s1", "a", NULL);
    onnx_bytes a = {0};
    onnx_attribute_ints(&a, "perm", DIMS(0, 2, 1));
    onnx_node(&w, "Transpose", "", "a", "b", &a);
    onnx_attribute_int(&a, "axis", -1);
    onnx_node(&w, "Concat", "", "b b b", "c", &a);
    onnx_int64s(&w, "s2", 4, (int64_t[]){-1, 3, 16, 3});
    onnx_node(&w, "Reshape", "", "c s2", "d", NULL);
    onnx_attribute_ints(&a, "axes", DIMS(-2, 1));
    onnx_attribute_int(&a, "keepdims", 0);
    onnx_node(&w, "ReduceMean", "", "d", "y", &a);
    asx_network *net = import_ok(&w, 3);
    check_shape(net, 0, SHAPE(16, 3));
    check_shape(net, 1, SHAPE(3, 16));
    assert_int_equal(net->node[1].perm[0], 1);
    check_shape(net, 2, SHAPE(3, 48));
    assert_int_equal(net->node[2].axis, 1);
    assert_int_equal(net->node[2].n_inputs, 3);
    check_shape(net, 3, SHAPE(3, 16, 3));
    check_shape(net, 4, SHAPE(3));
    assert_true(net->node[4].reduced[0] && net->node[4].reduced[1] && !net->node[4].reduced[2]);
    asx_network_free(net);
}

static void reduce_mean_with_axes_as_input(void **state)
{
    (void)state;
    onnx_writer w = start(DIMS(1, 4, 6, 2));
    w.opset = 18;
    onnx_int64s(&w, "axes", 2, (int64_t[]){2, 3});
    onnx_node(&w, "ReduceMean", "", "x axes", "y", NULL);
    asx_network *net = import_ok(&w, 4);
    check_shape(net, 0, SHAPE(4, 1, 1));
    asx_network_free(net);
}

static void shape_refusals(void **state)
{
    (void)state;
    static const int64_t bad[][3] = {{0, 5, -1}, {0, -1, -1}, {7, 24, 2}, {-1, 24, 3}, {0, -2, 2}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        onnx_writer w = start(DIMS(1, 4, 6, 2));
        onnx_int64s(&w, "s", 3, bad[i]);
        onnx_node(&w, "Reshape", "r", "x s", "y", NULL);
        import_fails(&w, 48, i == 2 ? ASX_EUNSUPPORTED : ASX_EINVAL, "node 'r' (Reshape)");
    }
    onnx_writer w = start(DIMS(1, 4, 6, 2));
    onnx_node(&w, "Transpose", "t", "x", "y", NULL);
    import_fails(&w, 48, ASX_EUNSUPPORTED, "the batch does not stay");
    onnx_bytes a = {0};
    onnx_attribute_int(&a, "axis", 0);
    w = start(DIMS(1, 4, 6, 2));
    onnx_node(&w, "Flatten", "f", "x", "y", &a);
    import_fails(&w, 48, ASX_EUNSUPPORTED, "axis 0 is the batch");
    onnx_attribute_int(&a, "axis", 9);
    w = start(DIMS(1, 4, 6, 2));
    onnx_node(&w, "Concat", "c", "x x", "y", &a);
    import_fails(&w, 48, ASX_EINVAL, "axis 9 of a tensor with 4 dimensions");
}

/* Keras networks take [h][w][c] and turn it first: the image is then asked for as [c][h][w]. */
static void channels_last_input(void **state)
{
    (void)state;
    onnx_writer w = start(DIMS(-1, 8, 9, 3));
    onnx_bytes a = {0};
    onnx_attribute_ints(&a, "perm", DIMS(0, 3, 1, 2));
    onnx_node(&w, "Transpose", "", "x", "t", &a);
    onnx_node(&w, "Relu", "", "t", "y", NULL);
    asx_network *net = import_ok(&w, 216);
    assert_int_equal(net->node[0].op, ASX_OP_RELU);
    assert_int_equal(asx_network_input_shape(net)[0], 3);
    assert_int_equal(asx_network_input_shape(net)[1], 8);
    assert_int_equal(asx_network_input_shape(net)[2], 9);
    asx_network_free(net);
}

/* What a slice takes, against an independent walk over all positions. */
static void slices(void **state)
{
    (void)state;
    static const int64_t edge[] = {INT64_MIN, -9, -8, -7, -1, 0, 1, 3, 7, 8, 9, INT64_MAX};
    static const int64_t steps[] = {1, 2, 3, 100, INT64_MAX, -1, -2, -9, INT64_MIN};
    enum { SIZE = 8, N = sizeof edge / sizeof *edge };
    for (size_t k = 0; k < N * N * (sizeof steps / sizeof *steps); k++) {
        const int64_t start_at = edge[k % N], end = edge[k / N % N], step = steps[k / N / N];
        /* as Python: positions that are valid from the start, one step at a time */
        int64_t s = start_at < 0 ? start_at + SIZE : start_at;
        int64_t e = end < 0 ? end + SIZE : end;
        if (s < 0)
            s = 0;
        if (step < 0 && s > SIZE - 1)
            s = SIZE - 1;
        if (step < 0 && e < -1)
            e = -1;
        size_t count = 0;
        for (int64_t p = s; p >= 0 && p < SIZE && (step > 0 ? p < e : p > e);) {
            count++;
            if (step > SIZE || step < -SIZE)
                break;
            p += step;
        }
        onnx_writer w = start(DIMS(1, SIZE));
        onnx_int64s(&w, "s", 1, &start_at);
        onnx_int64s(&w, "e", 1, &end);
        onnx_int64s(&w, "a", 1, (int64_t[]){-1});
        onnx_int64s(&w, "t", 1, &step);
        onnx_node(&w, "Slice", "n", "x s e a t", "y", NULL);
        if (count == 0) {
            import_fails(&w, 1, ASX_EINVAL, "is empty");
            continue;
        }
        asx_network *net = import_ok(&w, (int64_t)count);
        assert_int_equal(net->node[0].start[0], s);
        if (count > 1)
            assert_int_equal(net->node[0].step[0], step);
        asx_network_free(net);
    }
}

static void slice_with_attributes(void **state)
{
    (void)state;
    onnx_writer w = start(DIMS(1, 4, 6, 5));
    w.opset = 9;
    onnx_bytes a = {0};
    onnx_attribute_ints(&a, "starts", DIMS(1, -4));
    onnx_attribute_ints(&a, "ends", DIMS(3, INT64_MAX));
    onnx_attribute_ints(&a, "axes", DIMS(1, 3));
    onnx_node(&w, "Slice", "", "x", "y", &a);
    asx_network *net = import_ok(&w, 2 * 6 * 4);
    check_shape(net, 0, SHAPE(2, 6, 4));
    assert_int_equal(net->node[0].start[0], 1);
    assert_int_equal(net->node[0].start[1], 0);
    assert_int_equal(net->node[0].step[1], 1);
    assert_int_equal(net->node[0].start[2], 1);
    asx_network_free(net);
}

static void pads(void **state)
{
    (void)state;
    for (int form = 0; form < 2; form++) {
        onnx_writer w = start(DIMS(1, 4, 6, 5));
        onnx_bytes a = {0};
        const int64_t pad[] = {0, 1, 2, 0, 0, 3, 0, 4};
        if (form == 0) {
            w.opset = 10;
            onnx_attribute_ints(&a, "pads", 8, pad);
            onnx_attribute_float(&a, "value", -2);
            onnx_node(&w, "Pad", "", "x", "y", &a);
        } else {
            onnx_int64s(&w, "p", 8, pad);
            onnx_floats(&w, "v", 0, NULL, (float[]){-2});
            onnx_node(&w, "Pad", "", "x p v", "y", NULL);
        }
        asx_network *net = import_ok(&w, 8 * 8 * 9);
        check_shape(net, 0, SHAPE(8, 8, 9));
        assert_int_equal(net->node[0].before[0], 1);
        assert_int_equal(net->node[0].after[0], 3);
        assert_int_equal(net->node[0].after[2], 4);
        assert_true(net->node[0].fill == -2);
        asx_network_free(net);
    }
    onnx_bytes a = {0};
    onnx_attribute_text(&a, "mode", "reflect");
    onnx_writer w = start(DIMS(1, 4));
    onnx_int64s(&w, "p", 4, (int64_t[]){0, 1, 0, 1});
    onnx_node(&w, "Pad", "p", "x p", "y", &a);
    import_fails(&w, 6, ASX_EUNSUPPORTED, "attribute 'mode' is 'reflect'");
    w = start(DIMS(1, 4));
    onnx_int64s(&w, "p", 4, (int64_t[]){1, 0, 0, 0});
    onnx_node(&w, "Pad", "p", "x p", "y", NULL);
    import_fails(&w, 6, ASX_EUNSUPPORTED, "axis 0 is the batch");
}

static void what_is_not_used_is_not_imported(void **state)
{
    (void)state;
    onnx_writer w = start(DIMS(1, 4));
    onnx_node(&w, "Relu", "", "x", "y", NULL);
    onnx_node(&w, "Shape", "", "x", "unused", NULL);
    asx_network *net = import_ok(&w, 4);
    assert_int_equal(net->n_nodes, 2);
    asx_network_free(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conv_with_everything),
        cmocka_unit_test(same_padding),
        cmocka_unit_test(conv_refusals),
        cmocka_unit_test(gemm),
        cmocka_unit_test(matmul_over_positions),
        cmocka_unit_test(pools),
        cmocka_unit_test(activations),
        cmocka_unit_test(shapes),
        cmocka_unit_test(reduce_mean_with_axes_as_input),
        cmocka_unit_test(shape_refusals),
        cmocka_unit_test(channels_last_input),
        cmocka_unit_test(slices),
        cmocka_unit_test(slice_with_attributes),
        cmocka_unit_test(pads),
        cmocka_unit_test(what_is_not_used_is_not_imported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
