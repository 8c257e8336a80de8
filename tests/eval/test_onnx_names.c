/* Names of layers, as users of the exporting frameworks know them. */
#include <string.h>

#include "check.h"
#include "onnx_case.h"

typedef struct example {
    const char *weight, *node, *output, *name;
} example;

/* Imports a chain of 2x2 dense layers with these names. */
static asx_network *chain(const example *row, size_t n)
{
    static const float identity[4] = {1, 0, 0, 1};
    onnx_writer w = {.opset = 13};
    char input[512];
    onnx_input(&w, "x", DIMS(1, 2));
    for (size_t i = 0; i < n; i++) {
        snprintf(input, sizeof input, "%s %s", i ? row[i - 1].output : "x", row[i].weight);
        onnx_floats(&w, row[i].weight, DIMS(2, 2), identity);
        onnx_node(&w, "Gemm", row[i].node, input, row[i].output, NULL);
    }
    onnx_output(&w, row[n - 1].output);
    onnx_bytes file = onnx_finish(&w);
    asx_error err = {0};
    asx_network *net = NULL;
    CHECK_OK(asx_network_parse(&net, "names.onnx", file.data, file.n, &err), err);
    onnx_bytes_free(&file);
    return net;
}

static void names_of_modules(void **state)
{
    (void)state;
    static const example row[] = {
        {"layer1.0.conv1.weight", "Gemm_0", "o", "layer1.0.conv1"},
        {"1.weight", "Gemm_0", "o", "1"},
        {"fc_weight", "Gemm_0", "o", "fc"},
        {"net.fc.weight_quant", "Gemm_0", "o", "net.fc"},
        {"onnx::Gemm_256", "Gemm_0", "/layer1/layer1.0/conv1/Gemm_output_0", "layer1.0.conv1"},
        {"onnx::Gemm_256", "/features/features.3/Gemm", "o", "features.3"},
        {"onnx::Gemm_256", "/encoder/block/fc/Gemm", "o", "encoder.block.fc"},
        {"256", "/fc/Gemm", "o", "fc"},
        {"model/dense/MatMul/ReadVariableOp:0", "model/dense/MatMul", "o", "model/dense"},
        {"StatefulPartitionedCall/net/dense_1/MatMul/ReadVariableOp:0", "n", "o", "net/dense_1"},
        {"const_fold_opt__97", "model/dense/MatMul", "o", "model/dense"},
        {"onnx::Gemm_1", "Gemm_0", "17", "fc1"},
        {"onnx::Gemm_1", "", "Gemm_3", "fc1"},
        {"a=b,{c}.weight", "", "o", "a_b__c_"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        asx_network *net = chain(&row[i], 1);
        assert_string_equal(asx_network_workload(net)->layer[0].name, row[i].name);
        asx_network_free(net);
    }
}

static void same_names_are_numbered(void **state)
{
    (void)state;
    static const example row[] = {
        {"fc.weight", "", "a", "fc"},     {"fc_weight", "", "b", "fc_2"},
        {"fc_7.weight", "", "c", "fc_7"}, {"fc", "", "d", "fc_4"},
        {"onnx::1", "", "1", "fc5"},      {"/fc/Gemm", "", "2", "fc_5"},
    };
    const size_t n = sizeof row / sizeof *row;
    asx_network *net = chain(row, n);
    for (size_t i = 0; i < n; i++)
        assert_string_equal(asx_network_workload(net)->layer[i].name, row[i].name);
    asx_network_free(net);
}

static void long_names_are_cut(void **state)
{
    (void)state;
    char weight[301];
    memset(weight, 'a', 300);
    weight[300] = '\0';
    const example row = {weight, "", "o", ""};
    asx_network *net = chain(&row, 1);
    const size_t n = strlen(asx_network_workload(net)->layer[0].name);
    assert_true(n >= 32 && n <= 128);
    asx_network_free(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_modules),
        cmocka_unit_test(same_names_are_numbered),
        cmocka_unit_test(long_names_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
