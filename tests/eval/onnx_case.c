#include "onnx_case.h"

#include <string.h>

#include "check.h"
#include "plan_run.h"

const float zeros[4096];

onnx_writer case_start(size_t rank, const int64_t *dim)
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

asx_network *case_import(onnx_writer *w, int64_t n)
{
    asx_error err = {0};
    asx_network *net = NULL;
    CHECK_OK(import(&net, w, n, &err), err);
    return net;
}

void case_fails(onnx_writer *w, int64_t n, asx_status want, const char *part)
{
    asx_error err = {0};
    asx_network *net = NULL;
    CHECK_FAIL(import(&net, w, n, &err), want, err);
    assert_null(net);
    if (!strstr(err.message, part))
        fail_msg("'%s' is not in '%s'", part, err.message);
    assert_null(strchr(err.message, '\n'));
}

void case_check_shape(const asx_network *net, size_t node, size_t rank, const size_t *dim)
{
    const asx_value *y = &net->value[net->node[node].output];
    assert_int_equal(y->rank, rank);
    for (size_t i = 0; i < rank; i++)
        assert_int_equal(y->dim[i], dim[i]);
}

onnx_bytes case_detector(void)
{
    onnx_writer w = case_start(DIMS(-1, 3, 8, 8));
    onnx_floats(&w, "conv.weight", DIMS(4, 3, 3, 3), zeros);
    onnx_node(&w, "Conv", "", "x conv.weight", "map", NULL);
    onnx_node(&w, "Relu", "", "map", "boxes", NULL);
    onnx_node(&w, "NonMaxSuppression", "nms", "boxes map", "kept", NULL);
    onnx_node(&w, "Gather", "pick", "kept kept", "chosen", NULL);
    onnx_output(&w, "chosen");
    return onnx_finish(&w);
}

onnx_bytes case_sample(void)
{
    static const float values[64] = {1, -1, 0.5F, 2};
    onnx_writer w = {.opset = 13};
    onnx_bytes a = {0};
    onnx_input(&w, "x", DIMS(-1, 2, 6, 6));
    onnx_floats(&w, "conv.weight", DIMS(2, 1, 3, 3), values);
    onnx_floats(&w, "v", DIMS(2), (float[]){1, 2});
    onnx_attribute_ints(&a, "pads", DIMS(1, 1, 1, 1));
    onnx_attribute_int(&a, "group", 2);
    onnx_node(&w, "Conv", "c", "x conv.weight v", "1", &a);
    onnx_attribute_float(&a, "epsilon", 1e-3F);
    onnx_node(&w, "BatchNormalization", "b", "1 v v v v", "2", &a);
    onnx_node(&w, "Relu", "r", "2", "3", NULL);
    onnx_int64s(&w, "s", 2, (int64_t[]){0, 0});
    onnx_int64s(&w, "e", 2, (int64_t[]){INT64_MAX, INT64_MAX});
    onnx_int64s(&w, "ax", 2, (int64_t[]){2, 3});
    onnx_int64s(&w, "st", 2, (int64_t[]){2, 2});
    onnx_node(&w, "Slice", "s", "3 s e ax st", "4", NULL);
    onnx_int64s(&w, "p", 8, (int64_t[]){0, 1, 0, 0, 0, 1, 0, 0});
    onnx_node(&w, "Pad", "p", "4 p", "5", NULL);
    onnx_node(&w, "Add", "a", "5 5", "6", NULL);
    onnx_attribute_ints(&a, "kernel_shape", DIMS(3, 3));
    onnx_node(&w, "AveragePool", "m", "6", "7", &a);
    onnx_int64s(&w, "shape", 2, (int64_t[]){0, -1});
    onnx_node(&w, "Reshape", "f", "7 shape", "8", NULL);
    onnx_floats(&w, "fc.weight", DIMS(3, 4), values);
    onnx_attribute_int(&a, "transB", 1);
    onnx_node(&w, "Gemm", "g", "8 fc.weight", "y", &a);
    onnx_output(&w, "y");
    return onnx_finish(&w);
}

/* b, 2, 2, h, w and b, -1, h, w from the shape of "x". */
static void write_shapes(onnx_writer *w)
{
    onnx_bytes a = {0};
    onnx_int64s(w, "0", 1, (int64_t[]){0});
    onnx_int64s(w, "2", 1, (int64_t[]){2});
    onnx_int64s(w, "4", 1, (int64_t[]){4});
    onnx_int64s(w, "-1", 1, (int64_t[]){-1});
    onnx_bytes zero = onnx_tensor("first", 7, 0, NULL, (int64_t[]){0}, 8);
    onnx_put_message(&w->graph, 5, &zero);
    onnx_node(w, "Shape", "", "x", "shape", NULL);
    onnx_node(w, "Gather", "", "shape first", "batch", NULL);
    onnx_node(w, "Unsqueeze", "", "batch 0", "b", NULL);
    onnx_node(w, "Slice", "", "shape 2 4", "hw", NULL);
    onnx_attribute_int(&a, "value_int", 2);
    onnx_node(w, "Constant", "", "", "two", &a);
    onnx_node(w, "Mul", "", "hw two", "twice", NULL);
    onnx_node(w, "Div", "", "twice two", "same", NULL);
    onnx_attribute_int(&a, "to", 7);
    onnx_node(w, "Cast", "", "same", "size", &a);
    onnx_attribute_int(&a, "axis", 0);
    onnx_node(w, "Concat", "", "b 2 2 size", "apart", &a);
    onnx_attribute_int(&a, "axis", 0);
    onnx_node(w, "Concat", "", "b -1 size", "together", &a);
}

onnx_bytes case_shapes(void)
{
    static const float values[6] = {1, -1, 0.5F, 2, 3, -4};
    onnx_writer w = {.opset = 13};
    onnx_bytes a = {0};
    onnx_input(&w, "x", DIMS(-1, 4, 3, 2));
    write_shapes(&w);
    onnx_node(&w, "Reshape", "", "x apart", "s1", NULL);
    onnx_attribute_ints(&a, "perm", DIMS(0, 2, 1, 3, 4));
    onnx_node(&w, "Transpose", "", "s1", "s2", &a);
    onnx_node(&w, "Reshape", "", "s2 together", "s3", NULL);
    onnx_attribute_int(&a, "axis", 1);
    onnx_node(&w, "Split", "", "s3", "left right", &a);
    onnx_int64s(&w, "8", 1, (int64_t[]){8});
    onnx_node(&w, "ConstantOfShape", "", "8", "zeros", NULL);
    onnx_attribute_int(&a, "to", 7);
    onnx_node(&w, "Cast", "", "zeros", "pads", &a);
    onnx_node(&w, "Pad", "", "right pads", "padded", NULL);
    onnx_node(&w, "Sub", "", "4 2", "unused", NULL);
    onnx_node(&w, "Add", "", "left padded", "sum", NULL);
    onnx_node(&w, "GlobalMaxPool", "", "sum", "top", NULL);
    onnx_int64s(&w, "axes", 2, (int64_t[]){2, -1});
    onnx_node(&w, "Squeeze", "", "top axes", "flat", NULL);
    onnx_floats(&w, "fc.weight", DIMS(3, 2), values);
    onnx_attribute_ints(&a, "perm", DIMS(1, 0));
    onnx_node(&w, "Transpose", "", "fc.weight", "turned", &a);
    onnx_node(&w, "MatMul", "", "flat turned", "logits", NULL);
    onnx_node(&w, "LogSoftmax", "", "logits", "y", NULL);
    onnx_output(&w, "y");
    return onnx_finish(&w);
}

static void put_words(onnx_writer *w, const char *name, int64_t type, size_t rank,
                      const int64_t *dim, const void *words, size_t n)
{
    onnx_bytes t = onnx_tensor(name, type, rank, dim, words, n);
    onnx_put_message(&w->graph, 5, &t);
}

onnx_bytes case_quantised(void)
{
    enum { UINT8 = 2, INT8 = 3, INT32 = 6 };
    static const int8_t word[32] = {1, -7, 3, 5, -8, 7};
    static const char domain[] = "qonnx.custom_op.general";
    onnx_writer w = {.opset = 13};
    onnx_bytes a = {0};
    onnx_input(&w, "x", DIMS(-1, 2, 3, 3));
    onnx_floats(&w, "s", 0, NULL, (float[]){0.25F});
    onnx_floats(&w, "sw", DIMS(2), (float[]){0.5F, 0.125F});
    onnx_floats(&w, "zero", 0, NULL, (float[]){0});
    onnx_floats(&w, "4", 0, NULL, (float[]){4});
    onnx_floats(&w, "8", 0, NULL, (float[]){8});
    put_words(&w, "z", UINT8, 0, NULL, (uint8_t[]){3}, 1);
    put_words(&w, "zw", INT8, 1, (int64_t[]){2}, word + 16, 2);
    put_words(&w, "low", INT8, 0, NULL, (int8_t[]){-8}, 1);
    put_words(&w, "high", INT8, 0, NULL, (int8_t[]){7}, 1);
    put_words(&w, "c.weight", INT8, 4, (int64_t[]){2, 2, 2, 2}, word, 16);
    put_words(&w, "fc.weight", INT8, 2, (int64_t[]){8, 3}, word, 24);
    put_words(&w, "b", INT32, 1, (int64_t[]){2}, (int32_t[]){5, -9}, 8);
    onnx_node(&w, "QuantizeLinear", "q", "x s z", "1", NULL);
    onnx_node(&w, "QLinearConv", "c", "1 s z c.weight sw zw s z b", "2", NULL);
    onnx_node(&w, "DequantizeLinear", "d", "2 s z", "3", NULL);
    onnx_put_text(&a, 7, domain);
    onnx_node(&w, "Quant", "k", "3 s zero 8", "5", &a);
    onnx_put_text(&a, 7, domain);
    onnx_node(&w, "Trunc", "t", "5 s zero 8 4", "6", &a);
    onnx_node(&w, "Flatten", "f", "6", "7", NULL);
    onnx_node(&w, "Clip", "v", "fc.weight low high", "9", NULL);
    onnx_node(&w, "DequantizeLinear", "w", "9 s", "10", NULL);
    onnx_node(&w, "MatMul", "g", "7 10", "y", NULL);
    onnx_output(&w, "y");
    return onnx_finish(&w);
}

float *case_run(const asx_network *net, const float *x, size_t n)
{
    asx_error err = {0};
    asx_plan *plan = NULL;
    const asx_run plain = {0};
    CHECK_OK(asx_plan_new(&plan, net, n, &err), err);
    float *workspace = asx_plan_workspace(plan);
    float *y = calloc(n * asx_network_n_classes(net), sizeof *y);
    assert_true(workspace && y);
    CHECK_OK(asx_plan_run(plan, y, x, 0, n, &plain, workspace, &err), err);
    free(workspace);
    asx_plan_free(plan);
    return y;
}
