/* What is asked of a network: outputs, one number, maps; and operators exported for training. */
#include <math.h>
#include <string.h>

#include "check.h"
#include "onnx_case.h"

static asx_network *import(onnx_writer *w)
{
    asx_error err = {0};
    asx_network *net = NULL;
    onnx_bytes file = onnx_finish(w);
    CHECK_OK(asx_network_parse(&net, "test.onnx", file.data, file.n, &err), err);
    onnx_bytes_free(&file);
    return net;
}

/* The first output is the network's; what only others need is left out. */
static void first_of_several(void **state)
{
    (void)state;
    onnx_writer w = case_start(DIMS(-1, 3));
    onnx_floats(&w, "fc.weight", DIMS(3, 2), (float[]){1, 2, 3, 4, 5, 6});
    onnx_node(&w, "Mystery", "m", "x", "features", NULL); /* unknown, and not needed */
    onnx_node(&w, "MatMul", "mm", "x fc.weight", "y", NULL);
    onnx_output(&w, "y");
    onnx_output(&w, "features");
    asx_network *net = import(&w);
    assert_string_equal(asx_network_output_name(net), "y");
    assert_int_equal(asx_network_n_outputs(net), 2);
    assert_int_equal(asx_network_n_classes(net), 2);
    asx_network_free(net);
}

/* y = 2 x0 - x1 + 1 as one number, perhaps behind a sigmoid, perhaps as [1][1]: class 1 where it is
 * above 0. */
static void one_number(void **state)
{
    (void)state;
    static const float x[][2] = {{0, 0}, {0, 3}, {-1, -2}, {1, 2.5F}, {-2, 1}};
    for (int form = 0; form < 4; form++) {
        onnx_writer w = case_start(DIMS(-1, 2));
        onnx_floats(&w, "fc.weight", DIMS(2, 1), (float[]){2, -1});
        onnx_floats(&w, "fc.bias", DIMS(1), (float[]){1});
        onnx_node(&w, "Gemm", "g", "x fc.weight fc.bias", "z", NULL);
        onnx_node(&w, form & 1 ? "Sigmoid" : "Identity", "s", "z", "p", NULL);
        onnx_int64s(&w, "one", 1, (int64_t[]){1});
        onnx_node(&w, form & 2 ? "Unsqueeze" : "Identity", "u", form & 2 ? "p one" : "p", "y",
                  NULL);
        onnx_output(&w, "y");
        asx_network *net = import(&w);
        asx_error err = {0};
        assert_int_equal(asx_network_n_classes(net), 2);
        CHECK_OK(asx_network_check_classes(net, &err), err);
        float *y = case_run(net, x[0], 5);
        for (size_t i = 0; i < 5; i++) {
            const float logit = 2 * x[i][0] - x[i][1] + 1;
            assert_int_equal(y[2 * i + 1] > y[2 * i], logit > 0);
        }
        free(y);
        asx_network_free(net);
    }
}

static void maps(void **state)
{
    (void)state;
    onnx_writer w = case_start(DIMS(-1, 1, 4, 4));
    onnx_floats(&w, "c.weight", DIMS(2, 1, 1, 1), (float[]){1, 2});
    onnx_node(&w, "Conv", "c", "x c.weight", "y", NULL);
    onnx_output(&w, "y");
    asx_network *net = import(&w);
    asx_error err = {0};
    size_t rank = 0;
    const size_t *dim = asx_network_output_shape(net, &rank);
    assert_true(rank == 3 && dim[0] == 2 && dim[1] == 4 && dim[2] == 4);
    CHECK_FAIL(asx_network_check_classes(net, &err), ASX_EUNSUPPORTED, err);
    assert_non_null(strstr(err.message, "'y'"));
    assert_non_null(strstr(err.message, "[2, 4, 4]"));
    asx_network_free(net);
}

/* Dropout is nothing at inference; asked to train, it is refused, as BatchNormalization is. */
static void training(void **state)
{
    (void)state;
    for (int trains = 0; trains < 2; trains++) {
        onnx_writer w = case_start(DIMS(-1, 8));
        const uint8_t flag = (uint8_t)trains;
        onnx_floats(&w, "ratio", 0, NULL, (float[]){0.25F});
        onnx_bytes t = onnx_tensor("mode", 9, 0, NULL, &flag, 1);
        onnx_put_message(&w.graph, 5, &t);
        onnx_node(&w, "Dropout", "d", "x ratio mode", "y", NULL);
        if (trains)
            case_fails(&w, 8, ASX_EUNSUPPORTED, "training mode, with ratio 0.25: export the");
        else
            asx_network_free(case_import(&w, 8));
    }
    onnx_writer w = case_start(DIMS(-1, 2, 1, 1));
    onnx_bytes a = {0};
    onnx_floats(&w, "v", DIMS(2), (float[]){1, 1});
    onnx_attribute_int(&a, "training_mode", 1);
    onnx_node(&w, "BatchNormalization", "b", "x v v v v", "y", &a);
    case_fails(&w, 2, ASX_EUNSUPPORTED, "training mode: export the network for inference");
}

/* Bounds that are infinite bound nothing: [0, inf] is Relu, [-inf, inf] is nothing at all. */
static void infinite_bounds(void **state)
{
    (void)state;
    static const float low[] = {0, -INFINITY, -1, -INFINITY};
    static const float high[] = {INFINITY, 1, INFINITY, INFINITY};
    static const float x[] = {-3, -0.5F, 0.5F, 3};
    for (size_t i = 0; i < 4; i++) {
        onnx_writer w = case_start(DIMS(-1, 4));
        onnx_floats(&w, "low", 0, NULL, &low[i]);
        onnx_floats(&w, "high", 0, NULL, &high[i]);
        onnx_floats(&w, "eye", DIMS(4, 4),
                    (float[]){1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1});
        onnx_node(&w, "Clip", "c", "x low high", "z", NULL);
        onnx_node(&w, "MatMul", "m", "z eye", "y", NULL);
        onnx_output(&w, "y");
        asx_network *net = import(&w);
        assert_int_equal(net->n_nodes, i == 3 ? 1 : 2);
        assert_int_equal(net->node[0].op == ASX_OP_RELU, i == 0);
        float *y = case_run(net, x, 1);
        for (size_t k = 0; k < 4; k++)
            assert_true(y[k] == fminf(fmaxf(x[k], low[i]), high[i]));
        free(y);
        asx_network_free(net);
    }
    onnx_writer w = case_start(DIMS(-1, 4));
    onnx_floats(&w, "low", 0, NULL, (float[]){NAN});
    onnx_node(&w, "Clip", "c", "x low", "y", NULL);
    case_fails(&w, 4, ASX_EINVAL, "constant 'low' is not a number");
}

/* The lengths in messages are those of the file. */
static void lengths_in_messages(void **state)
{
    (void)state;
    onnx_writer w = case_start(DIMS(-1, 1, 4, 4));
    onnx_floats(&w, "c.weight", DIMS(4, 1, 1, 1), zeros);
    onnx_floats(&w, "c.bias", DIMS(8), zeros);
    onnx_node(&w, "Conv", "c", "x c.weight c.bias", "y", NULL);
    case_fails(&w, 64, ASX_EINVAL, "bias 'c.bias' has 8 elements for 4 channels");
}

/* Channels in any order: images in BGR, one channel, two twice. */
static void channels_gathered(void **state)
{
    (void)state;
    static const struct {
        size_t n, nodes; /* of the import, before Flatten and MatMul */
        int64_t at[4];
    } cases[] = {{3, 1, {2, 1, 0}}, {2, 1, {0, 2}}, {1, 1, {-1}}, {4, 5, {1, 1, 0, 2}}};
    static const float x[] = {1, 2, 3, 4, 5, 6};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        onnx_writer w = case_start(DIMS(-1, 3, 1, 2));
        onnx_bytes a = {0};
        const int64_t n = 2 * (int64_t)cases[i].n;
        float eye[64] = {0};
        for (int64_t k = 0; k < n; k++)
            eye[k * n + k] = 1;
        onnx_int64s(&w, "at", cases[i].n, cases[i].at);
        onnx_attribute_int(&a, "axis", 1);
        onnx_node(&w, "Gather", "g", "x at", "z", &a);
        onnx_node(&w, "Flatten", "f", "z", "flat", NULL);
        onnx_floats(&w, "eye", DIMS(n, n), eye);
        onnx_node(&w, "MatMul", "m", "flat eye", "y", NULL);
        onnx_output(&w, "y");
        asx_network *net = import(&w);
        float *y = case_run(net, x, 1);
        for (size_t c = 0; c < cases[i].n; c++)
            for (size_t k = 0; k < 2; k++)
                assert_true(y[2 * c + k] == x[2 * ((cases[i].at[c] + 3) % 3) + (int64_t)k]);
        free(y);
        asx_network_free(net);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_of_several),
        cmocka_unit_test(one_number),
        cmocka_unit_test(maps),
        cmocka_unit_test(training),
        cmocka_unit_test(infinite_bounds),
        cmocka_unit_test(lengths_in_messages),
        cmocka_unit_test(channels_gathered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
