/* Import of what rearranges: against values worked out by hand from the ONNX operator
 * specification, and for Slice against a walk over all positions. */
#include "check.h"
#include "onnx_case.h"

static void shapes(void **state)
{
    (void)state;
    onnx_writer w = case_start(DIMS(-1, 4, 6, 2));
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
    asx_network *net = case_import(&w, 3);
    case_check_shape(net, 0, SHAPE(16, 3));
    case_check_shape(net, 1, SHAPE(3, 16));
    assert_int_equal(net->node[1].perm[0], 1);
    case_check_shape(net, 2, SHAPE(3, 48));
    assert_int_equal(net->node[2].axis, 1);
    assert_int_equal(net->node[2].n_inputs, 3);
    case_check_shape(net, 3, SHAPE(3, 16, 3));
    case_check_shape(net, 4, SHAPE(3));
    assert_true(net->node[4].reduced[0] && net->node[4].reduced[1] && !net->node[4].reduced[2]);
    asx_network_free(net);
}

static void reduce_mean_with_axes_as_input(void **state)
{
    (void)state;
    onnx_writer w = case_start(DIMS(1, 4, 6, 2));
    w.opset = 18;
    onnx_int64s(&w, "axes", 2, (int64_t[]){2, 3});
    onnx_node(&w, "ReduceMean", "", "x axes", "y", NULL);
    asx_network *net = case_import(&w, 4);
    case_check_shape(net, 0, SHAPE(4, 1, 1));
    asx_network_free(net);
}

static void shape_refusals(void **state)
{
    (void)state;
    static const int64_t bad[][3] = {{0, 5, -1}, {0, -1, -1}, {7, 24, 2}, {-1, 24, 3}, {0, -2, 2}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        onnx_writer w = case_start(DIMS(1, 4, 6, 2));
        onnx_int64s(&w, "s", 3, bad[i]);
        onnx_node(&w, "Reshape", "r", "x s", "y", NULL);
        case_fails(&w, 48, i == 2 ? ASX_EUNSUPPORTED : ASX_EINVAL, "node 'r' (Reshape)");
    }
    onnx_writer w = case_start(DIMS(1, 4, 6, 2));
    onnx_node(&w, "Transpose", "t", "x", "y", NULL);
    case_fails(&w, 48, ASX_EUNSUPPORTED, "the batch does not stay");
    onnx_bytes a = {0};
    onnx_attribute_int(&a, "axis", 0);
    w = case_start(DIMS(1, 4, 6, 2));
    onnx_node(&w, "Flatten", "f", "x", "y", &a);
    case_fails(&w, 48, ASX_EUNSUPPORTED, "axis 0 is the batch");
    onnx_attribute_int(&a, "axis", 9);
    w = case_start(DIMS(1, 4, 6, 2));
    onnx_node(&w, "Concat", "c", "x x", "y", &a);
    case_fails(&w, 48, ASX_EINVAL, "axis 9 of a tensor with 4 dimensions");
}

/* Keras networks take [h][w][c] and turn it first: the image is then asked for as [c][h][w]. */
static void channels_last_input(void **state)
{
    (void)state;
    onnx_writer w = case_start(DIMS(-1, 8, 9, 3));
    onnx_bytes a = {0};
    onnx_attribute_ints(&a, "perm", DIMS(0, 3, 1, 2));
    onnx_node(&w, "Transpose", "", "x", "t", &a);
    onnx_node(&w, "Relu", "", "t", "y", NULL);
    asx_network *net = case_import(&w, 216);
    assert_int_equal(net->node[0].op, ASX_OP_RELU);
    assert_int_equal(asx_network_input_shape(net)[0], 3);
    assert_int_equal(asx_network_input_shape(net)[1], 8);
    assert_int_equal(asx_network_input_shape(net)[2], 9);
    asx_network_free(net);

    /* anywhere else it stays what it is */
    w = case_start(DIMS(-1, 8, 9, 3));
    onnx_attribute_ints(&a, "perm", DIMS(0, 3, 1, 2));
    onnx_node(&w, "Relu", "", "x", "r", NULL);
    onnx_node(&w, "Transpose", "", "r", "y", &a);
    net = case_import(&w, 216);
    assert_int_equal(net->node[1].op, ASX_OP_TRANSPOSE);
    assert_int_equal(asx_network_input_shape(net)[0], 8);
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
        onnx_writer w = case_start(DIMS(1, SIZE));
        onnx_int64s(&w, "s", 1, &start_at);
        onnx_int64s(&w, "e", 1, &end);
        onnx_int64s(&w, "a", 1, (int64_t[]){-1});
        onnx_int64s(&w, "t", 1, &step);
        onnx_node(&w, "Slice", "n", "x s e a t", "y", NULL);
        if (count == 0) {
            case_fails(&w, 1, ASX_EINVAL, "is empty");
            continue;
        }
        asx_network *net = case_import(&w, (int64_t)count);
        assert_int_equal(net->node[0].start[0], s);
        if (count == SIZE && step == 1)
            assert_int_equal(net->n_nodes, 1); /* takes everything: left out */
        else if (count > 1)
            assert_int_equal(net->node[0].step[0], step);
        asx_network_free(net);
    }
}

static void slice_with_attributes(void **state)
{
    (void)state;
    onnx_writer w = case_start(DIMS(1, 4, 6, 5));
    w.opset = 9;
    onnx_bytes a = {0};
    onnx_attribute_ints(&a, "starts", DIMS(1, -4));
    onnx_attribute_ints(&a, "ends", DIMS(3, INT64_MAX));
    onnx_attribute_ints(&a, "axes", DIMS(1, 3));
    onnx_node(&w, "Slice", "", "x", "y", &a);
    asx_network *net = case_import(&w, 2 * 6 * 4);
    case_check_shape(net, 0, SHAPE(2, 6, 4));
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
        onnx_writer w = case_start(DIMS(1, 4, 6, 5));
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
        asx_network *net = case_import(&w, 8 * 8 * 9);
        case_check_shape(net, 0, SHAPE(8, 8, 9));
        assert_int_equal(net->node[0].before[0], 1);
        assert_int_equal(net->node[0].after[0], 3);
        assert_int_equal(net->node[0].after[2], 4);
        assert_true(net->node[0].fill == -2);
        asx_network_free(net);
    }
    onnx_writer none = case_start(DIMS(1, 4));
    onnx_int64s(&none, "p", 4, (int64_t[]){0, 0, 0, 0});
    onnx_node(&none, "Pad", "p", "x p", "y", NULL);
    asx_network *unpadded = case_import(&none, 4);
    assert_int_equal(unpadded->n_nodes, 1); /* the MatMul */
    asx_network_free(unpadded);
    onnx_bytes a = {0};
    onnx_attribute_text(&a, "mode", "reflect");
    onnx_writer w = case_start(DIMS(1, 4));
    onnx_int64s(&w, "p", 4, (int64_t[]){0, 1, 0, 1});
    onnx_node(&w, "Pad", "p", "x p", "y", &a);
    case_fails(&w, 6, ASX_EUNSUPPORTED, "attribute 'mode' is 'reflect'");
    w = case_start(DIMS(1, 4));
    onnx_int64s(&w, "p", 4, (int64_t[]){1, 0, 0, 0});
    onnx_node(&w, "Pad", "p", "x p", "y", NULL);
    case_fails(&w, 6, ASX_EUNSUPPORTED, "axis 0 is the batch");
}

/* x[:, ...] writes a slice of the whole batch. */
static void slice_of_the_batch(void **state)
{
    (void)state;
    onnx_writer w = case_start(DIMS(-1, 4, 6));
    onnx_int64s(&w, "s", 2, (int64_t[]){0, 1});
    onnx_int64s(&w, "e", 2, (int64_t[]){INT64_MAX, 3});
    onnx_node(&w, "Slice", "", "x s e", "y", NULL);
    asx_network *net = case_import(&w, 12);
    case_check_shape(net, 0, SHAPE(2, 6));
    asx_network_free(net);

    w = case_start(DIMS(-1, 4, 6));
    onnx_int64s(&w, "s", 2, (int64_t[]){0, 0});
    onnx_int64s(&w, "e", 2, (int64_t[]){INT64_MAX, INT64_MAX});
    onnx_node(&w, "Slice", "", "x s e", "y", NULL);
    net = case_import(&w, 24);
    assert_int_equal(net->node[0].op, ASX_OP_RESHAPE); /* nothing of the slice is left */
    asx_network_free(net);

    w = case_start(DIMS(-1, 4, 6));
    onnx_int64s(&w, "s", 1, (int64_t[]){0});
    onnx_int64s(&w, "e", 1, (int64_t[]){1});
    onnx_node(&w, "Slice", "n", "x s e", "y", NULL);
    case_fails(&w, 24, ASX_EUNSUPPORTED, "node 'n' (Slice): axis 0 is the batch");
}

/* The parts of 7 channels, of which only those in use become slices. */
static void splits(void **state)
{
    (void)state;
    static const struct {
        int64_t opset, n_sizes, size[3];
        size_t start, n; /* of the second part */
    } good[] = {{9, 3, {2, 4, 1}, 2, 4}, {13, 3, {1, 1, 5}, 1, 1}, {18, 0, {0}, 3, 3}};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        onnx_writer w = case_start(DIMS(-1, 7, 2, 2));
        onnx_bytes a = {0};
        w.opset = good[i].opset;
        onnx_attribute_int(&a, "axis", -3);
        if (w.opset == 9)
            onnx_attribute_ints(&a, "split", 3, good[i].size);
        if (w.opset == 18)
            onnx_attribute_int(&a, "num_outputs", 3);
        onnx_int64s(&w, "sizes", 3, good[i].size);
        onnx_node(&w, "Split", "", w.opset == 13 ? "x sizes" : "x", "p y q", &a);
        asx_network *net = case_import(&w, (int64_t)good[i].n * 4);
        assert_int_equal(net->n_nodes, 3); /* Slice, Reshape, Dense */
        case_check_shape(net, 0, SHAPE(good[i].n, 2, 2));
        assert_int_equal(net->node[0].start[0], good[i].start);
        asx_network_free(net);
    }
    static const int64_t bad[][3] = {{2, 4, 2}, {-1, 4, 4}, {7, 0, 0}, {INT64_MAX, 1, 1}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        onnx_writer w = case_start(DIMS(-1, 7, 2, 2));
        onnx_bytes a = {0};
        onnx_int64s(&w, "sizes", 3, bad[i]);
        onnx_attribute_int(&a, "axis", 1);
        onnx_node(&w, "Split", "n", "x sizes", "p q y", &a);
        case_fails(&w, 4, ASX_EINVAL, "does not fit");
    }
    onnx_writer w = case_start(DIMS(-1, 7, 2, 2));
    onnx_node(&w, "Split", "n", "x", "p y", NULL);
    case_fails(&w, 4, ASX_EUNSUPPORTED, "axis 0 is the batch");
}

static void squeezes(void **state)
{
    (void)state;
    onnx_writer w = case_start(DIMS(-1, 4, 6));
    onnx_int64s(&w, "a", 2, (int64_t[]){1, -1});
    onnx_node(&w, "Unsqueeze", "", "x a", "u", NULL);
    onnx_int64s(&w, "b", 1, (int64_t[]){-1});
    onnx_node(&w, "Relu", "", "u", "ur", NULL);
    onnx_node(&w, "Squeeze", "", "ur b", "v", NULL);
    onnx_node(&w, "Relu", "", "v", "vr", NULL);
    onnx_node(&w, "Squeeze", "", "vr", "z", NULL);
    onnx_node(&w, "Relu", "", "z", "y", NULL);
    asx_network *net = case_import(&w, 24);
    case_check_shape(net, 0, SHAPE(1, 4, 6, 1));
    case_check_shape(net, 2, SHAPE(1, 4, 6));
    case_check_shape(net, 4, SHAPE(4, 6));
    asx_network_free(net);

    static const struct {
        const char *op;
        int64_t axis;
        asx_status status;
        const char *message;
    } bad[] = {{"Squeeze", 1, ASX_EINVAL, "dimension 1 is 4, not 1"},
               {"Squeeze", 0, ASX_EUNSUPPORTED, "axis 0 is the batch"},
               {"Squeeze", 5, ASX_EINVAL, "axis 5 of 3 dimensions"},
               {"Unsqueeze", -4, ASX_EUNSUPPORTED, "axis 0 is the batch"},
               {"Unsqueeze", 4, ASX_EINVAL, "axis 4 of 4 dimensions"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        w = case_start(DIMS(-1, 4, 6));
        onnx_int64s(&w, "a", 1, &bad[i].axis);
        onnx_node(&w, bad[i].op, "n", "x a", "y", NULL);
        case_fails(&w, 24, bad[i].status, bad[i].message);
    }
    w = case_start(DIMS(-1, 1, 1));
    onnx_node(&w, "Squeeze", "n", "x", "y", NULL);
    case_fails(&w, 1, ASX_EUNSUPPORTED, "no dimension but the batch");
    w = case_start(DIMS(-1, 2, 1, 1));
    onnx_int64s(&w, "a", 2, (int64_t[]){1, 2});
    onnx_node(&w, "Unsqueeze", "n", "x a", "y", NULL);
    case_fails(&w, 2, ASX_EUNSUPPORTED, "more than 5 dimensions");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes),         cmocka_unit_test(reduce_mean_with_axes_as_input),
        cmocka_unit_test(shape_refusals), cmocka_unit_test(channels_last_input),
        cmocka_unit_test(slices),         cmocka_unit_test(slice_with_attributes),
        cmocka_unit_test(pads),           cmocka_unit_test(slice_of_the_batch),
        cmocka_unit_test(splits),         cmocka_unit_test(squeezes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
