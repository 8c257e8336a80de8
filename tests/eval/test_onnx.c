/* Import of layers, pools and activations: shapes, attributes and signs against values worked out
 * by hand from the ONNX operator specification. */
#include "check.h"
#include "onnx_case.h"

static void conv_with_everything(void **state)
{
    (void)state;
    onnx_writer w = case_start(DIMS(-1, 4, 9, 10));
    onnx_bytes a = {0};
    onnx_attribute_ints(&a, "pads", DIMS(1, 2, 0, 3));
    onnx_attribute_ints(&a, "strides", DIMS(2, 3));
    onnx_attribute_ints(&a, "dilations", DIMS(2, 1));
    onnx_attribute_int(&a, "group", 2);
    onnx_floats(&w, "stem.conv.weight", DIMS(6, 2, 3, 2), zeros);
    onnx_node(&w, "Conv", "n", "x stem.conv.weight", "y", &a);
    /* h: (9 + 1 - 5) / 2 + 1 = 3; w: (10 + 5 - 2) / 3 + 1 = 5 */
    asx_network *net = case_import(&w, 6 * 3 * 5);
    case_check_shape(net, 0, SHAPE(6, 3, 5));
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
        onnx_writer w = case_start(DIMS(1, 1, row[i].size, row[i].size));
        onnx_bytes a = {0};
        onnx_attribute_text(&a, "auto_pad", row[i].mode);
        onnx_attribute_ints(&a, "strides", DIMS(row[i].stride, row[i].stride));
        onnx_floats(&w, "w", DIMS(1, 1, row[i].kernel, row[i].kernel), zeros);
        onnx_node(&w, "Conv", "", "x w", "y", &a);
        asx_network *net = case_import(&w, (int64_t)(row[i].out * row[i].out));
        case_check_shape(net, 0, SHAPE(1, row[i].out, row[i].out));
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
    onnx_writer w = case_start(DIMS(1, 3, 8, 8));
    onnx_floats(&w, "w", DIMS(4, 3, 3), zeros);
    onnx_node(&w, "Conv", "c", "x w", "y", NULL);
    case_fails(&w, 1, ASX_EUNSUPPORTED, "test.onnx: node 'c' (Conv): its weight has 3");

    w = case_start(DIMS(1, 3, 8, 8));
    onnx_floats(&w, "w", DIMS(4, 2, 3, 3), zeros);
    onnx_node(&w, "Conv", "c", "x w", "y", NULL);
    case_fails(&w, 1, ASX_EINVAL, "does not fit input [3, 8, 8]");

    w = case_start(DIMS(1, 3, 2, 8));
    onnx_floats(&w, "w", DIMS(4, 3, 3, 3), zeros);
    onnx_node(&w, "Conv", "c", "x w", "y", NULL);
    case_fails(&w, 1, ASX_EINVAL, "window of 3 does not fit");

    w = case_start(DIMS(1, 3, 8, 8));
    onnx_node(&w, "Conv", "c", "x x", "y", NULL);
    case_fails(&w, 1, ASX_EUNSUPPORTED, "input 'x' is not a constant");

    onnx_bytes a = {0};
    onnx_attribute_ints(&a, "pads", DIMS(0, -1, 0, 0));
    w = case_start(DIMS(1, 3, 8, 8));
    onnx_floats(&w, "w", DIMS(4, 3, 3, 3), zeros);
    onnx_node(&w, "Conv", "c", "x w", "y", &a);
    case_fails(&w, 1, ASX_EINVAL, "attribute 'pads' holds -1");
}

static void gemm(void **state)
{
    (void)state;
    const float b[6] = {1, 2, 3, 4, 5, 6};
    for (int64_t transposed = 0; transposed < 2; transposed++) {
        onnx_writer w = case_start(DIMS(-1, 3));
        onnx_bytes a = {0};
        onnx_attribute_int(&a, "transB", transposed);
        onnx_attribute_float(&a, "alpha", 2);
        onnx_attribute_float(&a, "beta", 3);
        onnx_floats(&w, "b", 2, transposed ? (int64_t[]){2, 3} : (int64_t[]){3, 2}, b);
        onnx_floats(&w, "c", DIMS(1, 2), (float[]){10, 20});
        onnx_node(&w, "Gemm", "", "x b c", "y", &a);
        asx_network *net = case_import(&w, 2);
        case_check_shape(net, 0, SHAPE(2));
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
    onnx_writer w = case_start(DIMS(1, 4));
    onnx_floats(&w, "b", DIMS(3, 2), b);
    onnx_node(&w, "Gemm", "g", "x b", "y", NULL);
    case_fails(&w, 2, ASX_EINVAL, "weight [3, 2] does not fit an input of 4");
    onnx_bytes a = {0};
    onnx_attribute_int(&a, "transA", 1);
    w = case_start(DIMS(1, 3));
    onnx_floats(&w, "b", DIMS(3, 2), b);
    onnx_node(&w, "Gemm", "g", "x b", "y", &a);
    case_fails(&w, 2, ASX_EUNSUPPORTED, "attribute 'transA' is 1");
}

/* A dense layer over [t][c], and its bias that runs over the last dimension. */
static void matmul_over_positions(void **state)
{
    (void)state;
    onnx_writer w = case_start(DIMS(1, 5, 3));
    onnx_floats(&w, "m", DIMS(3, 2), (float[]){1, 2, 3, 4, 5, 6});
    onnx_floats(&w, "bias", DIMS(2), (float[]){7, 8});
    onnx_node(&w, "MatMul", "", "x m", "p", NULL);
    onnx_node(&w, "Add", "", "bias p", "y", NULL);
    asx_network *net = case_import(&w, 10);
    case_check_shape(net, 0, SHAPE(5, 2));
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
        onnx_writer w = case_start(DIMS(1, 2, row[i].size, row[i].size));
        onnx_bytes a = {0};
        onnx_attribute_ints(&a, "kernel_shape", DIMS(row[i].kernel, row[i].kernel));
        onnx_attribute_ints(&a, "strides", DIMS(row[i].stride, row[i].stride));
        onnx_attribute_ints(&a, "pads", DIMS(row[i].pad, row[i].pad, row[i].pad, row[i].pad));
        onnx_attribute_int(&a, "ceil_mode", row[i].ceil_mode);
        onnx_node(&w, "Relu", "", "x", "r", NULL);
        onnx_node(&w, row[i].op, "", "r", "y", &a);
        asx_network *net = case_import(&w, (int64_t)(2 * row[i].out * row[i].out));
        case_check_shape(net, 1, SHAPE(2, row[i].out, row[i].out));
        assert_int_equal(net->node[1].window.after[0], row[i].after);
        assert_true(net->value[net->node[1].output].non_negative);
        asx_network_free(net);
    }
    onnx_writer w = case_start(DIMS(1, 3, 4, 6));
    onnx_node(&w, "GlobalAveragePool", "", "x", "y", NULL);
    asx_network *net = case_import(&w, 3);
    case_check_shape(net, 0, SHAPE(3, 1, 1));
    assert_int_equal(net->node[0].window.kernel[1], 6);
    asx_network_free(net);

    onnx_bytes a = {0};
    onnx_attribute_ints(&a, "kernel_shape", DIMS(2, 2));
    onnx_attribute_ints(&a, "strides", DIMS(2, 2));
    onnx_attribute_int(&a, "ceil_mode", 1);
    onnx_attribute_int(&a, "count_include_pad", 1);
    w = case_start(DIMS(1, 1, 7, 7));
    onnx_node(&w, "AveragePool", "p", "x", "y", &a);
    case_fails(&w, 16, ASX_EUNSUPPORTED, "ceil_mode together with count_include_pad");
}

static void activations(void **state)
{
    (void)state;
    onnx_writer w = case_start(DIMS(1, 2, 3, 3));
    onnx_bytes a = {0};
    onnx_attribute_float(&a, "min", 0);
    onnx_attribute_float(&a, "max", 6);
    onnx_floats(&w, "minus", 0, NULL, (float[]){-0.5F});
    onnx_node(&w, "Clip", "", "x minus", "q", NULL);
    onnx_node(&w, "Clip", "", "q", "r", &a);
    onnx_floats(&w, "low", 0, NULL, (float[]){-1});
    onnx_node(&w, "Clip", "", "r low -", "c", NULL);
    onnx_node(&w, "Sigmoid", "", "c", "s", NULL);
    onnx_node(&w, "Dropout", "", "s", "d mask", NULL);
    onnx_node(&w, "Identity", "", "d", "y", NULL);
    asx_network *net = case_import(&w, 18);
    assert_int_equal(net->n_nodes, 6);
    assert_true(net->node[1].low == 0 && net->node[1].high == 6);
    assert_true(net->node[2].low == -1 && net->node[2].high > 1e38F);
    assert_false(net->value[net->input].non_negative);
    assert_false(net->value[net->node[0].output].non_negative);
    for (size_t i = 1; i < 4; i++)
        assert_true(net->value[net->node[i].output].non_negative);
    assert_true(asx_network_workload(net)->layer[0].input_non_negative);
    asx_network_free(net);

    w = case_start(DIMS(1, 4));
    onnx_floats(&w, "lo", 0, NULL, (float[]){2});
    onnx_floats(&w, "hi", 0, NULL, (float[]){1});
    onnx_node(&w, "Clip", "c", "x lo hi", "y", NULL);
    case_fails(&w, 4, ASX_EINVAL, "lower bound 2 exceeds its upper bound 1");

    for (int64_t opset = 12; opset <= 13; opset++) {
        w = case_start(DIMS(1, 4, 2, 1));
        w.opset = opset;
        onnx_node(&w, "Softmax", "s", "x", "y", NULL);
        if (opset == 12) {
            case_fails(&w, 8, ASX_EUNSUPPORTED, "several dimensions (opset 12)");
            continue;
        }
        net = case_import(&w, 8);
        assert_int_equal(net->node[0].axis, 2);
        asx_network_free(net);
    }
}

static void what_is_not_used_is_not_imported(void **state)
{
    (void)state;
    onnx_writer w = case_start(DIMS(1, 4));
    onnx_node(&w, "Relu", "", "x", "y", NULL);
    onnx_node(&w, "Shape", "", "x", "unused", NULL);
    asx_network *net = case_import(&w, 4);
    assert_int_equal(net->n_nodes, 2);
    asx_network_free(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conv_with_everything),  cmocka_unit_test(same_padding),
        cmocka_unit_test(conv_refusals),         cmocka_unit_test(gemm),
        cmocka_unit_test(matmul_over_positions), cmocka_unit_test(pools),
        cmocka_unit_test(activations),           cmocka_unit_test(what_is_not_used_is_not_imported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
