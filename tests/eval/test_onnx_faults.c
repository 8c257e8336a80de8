/* Faults that an import must name: each written by a few lines, each with its message. */
#include <math.h>
#include <string.h>

#include "check.h"
#include "eval/network.h"
#include "onnx_case.h"

static const float values[8] = {1, -1, 0.5F, 2};

/* The rest of a good file: x [1, 4] -> MatMul -> y. */
static void dense(onnx_writer *w, const char *input)
{
    char inputs[64];
    snprintf(inputs, sizeof inputs, "%s w", input);
    onnx_floats(w, "w", DIMS(4, 2), values);
    onnx_node(w, "MatMul", "mm", inputs, "y", NULL);
    onnx_output(w, "y");
}

static void put_tensor(onnx_writer *w, onnx_bytes tensor)
{
    onnx_put_message(&w->graph, 5, &tensor);
}

static void no_input(onnx_writer *w)
{
    *w = (onnx_writer){.graph = (onnx_bytes_free(&w->graph), w->graph), .opset = 13};
    dense(w, "x");
}

static void two_inputs(onnx_writer *w)
{
    onnx_input(w, "x2", DIMS(1, 4));
    onnx_node(w, "Add", "a", "x x2", "z", NULL);
    dense(w, "z");
}

static void output_nobody_computes(onnx_writer *w)
{
    onnx_node(w, "Relu", "r", "x", "z", NULL);
    onnx_output(w, "nothing");
}

static void no_layer(onnx_writer *w)
{
    onnx_node(w, "Relu", "r", "x", "z", NULL);
    onnx_output(w, "z");
}

static void input_is_output(onnx_writer *w)
{
    onnx_output(w, "x");
}

static void missing_input(onnx_writer *w)
{
    dense(w, "ghost");
}

static void cycle(onnx_writer *w)
{
    onnx_node(w, "Add", "a", "x b", "a", NULL);
    onnx_node(w, "Relu", "b", "a", "b", NULL);
    dense(w, "b");
}

static void defined_twice(onnx_writer *w)
{
    onnx_node(w, "Relu", "r", "x", "z", NULL);
    onnx_node(w, "Relu", "r", "x", "z", NULL);
    dense(w, "z");
}

static void two_initializers_of_one_name(onnx_writer *w)
{
    onnx_floats(w, "w", DIMS(4, 2), values);
    dense(w, "x");
}

static void input_computed_by_a_node(onnx_writer *w)
{
    onnx_node(w, "Relu", "r", "x", "x", NULL);
    dense(w, "x");
}

static void weight(onnx_writer *w, int64_t type, size_t rank, const int64_t *dim, const void *raw,
                   size_t n)
{
    put_tensor(w, onnx_tensor("w", type, rank, dim, raw, n));
    onnx_node(w, "MatMul", "mm", "x w", "y", NULL);
    onnx_output(w, "y");
}

static void overflowing_dims(onnx_writer *w)
{
    weight(w, 1, DIMS(4, INT64_C(1) << 62, 4), values, 32);
}

static void huge_weight_without_data(onnx_writer *w)
{
    weight(w, 1, DIMS(4, 70000000), values, 0);
}

static void negative_dim(onnx_writer *w)
{
    weight(w, 1, DIMS(4, -2), values, 32);
}

static void zero_dim(onnx_writer *w)
{
    weight(w, 1, DIMS(4, 0), values, 0);
}

static void ragged_raw_data(onnx_writer *w)
{
    weight(w, 1, DIMS(4, 2), values, 31);
}

static void too_few_elements(onnx_writer *w)
{
    weight(w, 1, DIMS(4, 2), values, 28);
}

static void eight_bit_floats(onnx_writer *w)
{
    weight(w, 17, DIMS(4, 2), values, 8);
}

static void infinite_weight(onnx_writer *w)
{
    weight(w, 1, DIMS(4, 2), (float[8]){1, INFINITY}, 32);
}

static void many_dims(onnx_writer *w)
{
    weight(w, 1, DIMS(4, 1, 1, 1, 1, 1, 1, 1, 1, 2), values, 32);
}

static void external_data(onnx_writer *w)
{
    onnx_bytes t = onnx_tensor("w", 1, DIMS(4, 2), values, 0);
    onnx_put_int(&t, 14, 1);
    put_tensor(w, t);
    onnx_node(w, "MatMul", "mm", "x w", "y", NULL);
    onnx_output(w, "y");
}

static void unknown_operator(onnx_writer *w)
{
    onnx_node(w, "Unique", "e", "x", "z", NULL);
    dense(w, "z");
}

static void integers_of_values(onnx_writer *w)
{
    onnx_bytes a = {0};
    onnx_attribute_int(&a, "to", 7);
    onnx_node(w, "Cast", "c", "x", "z", &a);
    dense(w, "z");
}

static void line_break_in_a_name(onnx_writer *w)
{
    onnx_node(w, "Ein\nsum", "e\n", "x", "z", NULL);
    dense(w, "z");
}

static void unknown_attribute(onnx_writer *w)
{
    onnx_bytes a = {0};
    onnx_attribute_int(&a, "leak", 1);
    onnx_node(w, "Relu", "r", "x", "z", &a);
    dense(w, "z");
}

static void foreign_domain(onnx_writer *w)
{
    onnx_bytes node = {0};
    onnx_put_text(&node, 1, "x");
    onnx_put_text(&node, 2, "z");
    onnx_put_text(&node, 4, "Relu");
    onnx_put_text(&node, 7, "com.microsoft");
    onnx_put_message(&w->graph, 1, &node);
    dense(w, "z");
}

static void too_many_inputs(onnx_writer *w)
{
    onnx_node(w, "Relu", "r", "x x", "z", NULL);
    dense(w, "z");
}

static void attribute_of_the_wrong_type(onnx_writer *w)
{
    onnx_bytes a = {0};
    onnx_attribute_text(&a, "axis", "1");
    onnx_node(w, "Softmax", "s", "x", "z", &a);
    dense(w, "z");
}

static void padding_that_explodes(onnx_writer *w)
{
    onnx_int64s(w, "p", 4, (int64_t[]){0, 1 << 27, 0, 1 << 27});
    onnx_node(w, "Pad", "p", "x p", "z", NULL);
    dense(w, "z");
}

static void operator_set_too_old(onnx_writer *w)
{
    w->opset = 5;
    dense(w, "x");
}

static void operator_set_too_new(onnx_writer *w)
{
    w->opset = 99;
    dense(w, "x");
}

static void symbolic_image_size(onnx_writer *w)
{
    *w = (onnx_writer){.graph = (onnx_bytes_free(&w->graph), w->graph), .opset = 13};
    onnx_input(w, "x", DIMS(1, 3, -1, -1));
    dense(w, "x");
}

static void huge_image(onnx_writer *w)
{
    *w = (onnx_writer){.graph = (onnx_bytes_free(&w->graph), w->graph), .opset = 13};
    onnx_input(w, "x", DIMS(1, INT64_MAX, INT64_MAX));
    dense(w, "x");
}

/* 128 KB of weights, used as if they were 128 MB. */
static void weights_shared_too_often(onnx_writer *w)
{
    static float big[4096 * 4];
    onnx_floats(w, "w", DIMS(4, 4096), big);
    onnx_floats(w, "v", DIMS(4096, 4), big);
    char names[64], out[16];
    snprintf(names, sizeof names, "x w");
    for (int i = 0; i < 2000; i++) {
        snprintf(out, sizeof out, "h%d", i);
        onnx_node(w, "MatMul", "", names, out, NULL);
        snprintf(names, sizeof names, "h%d %s", i, i % 2 ? "w" : "v");
    }
    onnx_output(w, "h1999");
}

static const struct {
    void (*write)(onnx_writer *);
    asx_status status;
    const char *message;
} bad[] = {
    {no_input, ASX_EINVAL, "the network has no input"},
    {two_inputs, ASX_EUNSUPPORTED, "several inputs ('x' and 'x2')"},
    {output_nobody_computes, ASX_EINVAL, "no node computes the output 'nothing'"},
    {no_layer, ASX_EINVAL, "no layer with weights"},
    {input_is_output, ASX_EINVAL, "no layer with weights"},
    {missing_input, ASX_EINVAL, "node 'mm' (MatMul): input 'ghost' is not computed"},
    {cycle, ASX_EINVAL, "node 'a' (Add): input 'b' is not computed"},
    {defined_twice, ASX_EPARSE, "'z' is defined twice"},
    {two_initializers_of_one_name, ASX_EPARSE, "'w' is defined twice"},
    {input_computed_by_a_node, ASX_EPARSE, "'x' is defined twice"},
    {overflowing_dims, ASX_EINVAL, "constant 'w': dimension 1 is 4611686018427387904"},
    {huge_weight_without_data, ASX_EINVAL, "at most 268435456 elements"},
    {negative_dim, ASX_EINVAL, "dimension 1 is -2"},
    {zero_dim, ASX_EINVAL, "weight [4, 0] does not fit"},
    {ragged_raw_data, ASX_EPARSE, "31 bytes"},
    {too_few_elements, ASX_EPARSE, "holds 7 elements where its shape asks for 8"},
    {eight_bit_floats, ASX_EUNSUPPORTED, "of type float8e4m3fn, which is not read"},
    {infinite_weight, ASX_EINVAL, "element 1 is inf"},
    {many_dims, ASX_EUNSUPPORTED, "10 dimensions"},
    {external_data, ASX_EPARSE, "constant 'w': it is stored in another file, which is not named"},
    {unknown_operator, ASX_EUNSUPPORTED, "node 'e' (Unique): this operator is not known"},
    {integers_of_values, ASX_EUNSUPPORTED, "node 'c' (Cast): a computed value becomes an integer"},
    {line_break_in_a_name, ASX_EUNSUPPORTED, "this operator is not known"},
    {unknown_attribute, ASX_EUNSUPPORTED, "node 'r' (Relu): attribute 'leak' is not known"},
    {foreign_domain, ASX_EUNSUPPORTED, "operators of 'com.microsoft'"},
    {too_many_inputs, ASX_EINVAL, "it has 2 inputs (1 to 1)"},
    {attribute_of_the_wrong_type, ASX_EPARSE, "attribute 'axis' is not an integer"},
    {padding_that_explodes, ASX_EINVAL, "more than 67108864 elements"},
    {operator_set_too_old, ASX_EUNSUPPORTED, "operator set 5 (known: 6 to 27)"},
    {operator_set_too_new, ASX_EUNSUPPORTED, "operator set 99"},
    {symbolic_image_size, ASX_EUNSUPPORTED, "dimension 2 of input 'x' is not fixed"},
    {huge_image, ASX_EINVAL, "more than 67108864 elements"},
    {weights_shared_too_often, ASX_EINVAL, "used more often than"},
};

static void named_faults(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        onnx_writer w = case_start(DIMS(1, 4));
        bad[i].write(&w);
        onnx_bytes file = onnx_finish(&w);
        asx_error err = {0};
        asx_network *net = NULL;
        const asx_status status = asx_network_parse(&net, "bad.onnx", file.data, file.n, &err);
        onnx_bytes_free(&file);
        if (status != bad[i].status || !strstr(err.message, bad[i].message))
            fail_msg("case %zu: status %d, '%s' is not in '%s'", i, status, bad[i].message,
                     err.message);
        assert_null(net);
        assert_null(strchr(err.message, '\n'));
    }
}

/* Before IR version 4 initializers had to be inputs as well. */
static void initializers_that_are_inputs(void **state)
{
    (void)state;
    onnx_writer w = case_start(DIMS(1, 4));
    onnx_input(&w, "w", DIMS(4, 2));
    dense(&w, "x");
    onnx_bytes file = onnx_finish(&w);
    asx_error err = {0};
    asx_network *net = NULL;
    CHECK_OK(asx_network_parse(&net, "old.onnx", file.data, file.n, &err), err);
    onnx_bytes_free(&file);
    asx_network_free(net);
}

static void files_that_are_none(void **state)
{
    (void)state;
    asx_error err = {0};
    asx_network *net = NULL;
    CHECK_FAIL(asx_network_load(&net, "/no/such/file.onnx", &err), ASX_EIO, err);
    assert_non_null(strstr(err.message, "/no/such/file.onnx"));
    CHECK_FAIL(asx_network_load(&net, "/", &err), ASX_EIO, err);
    assert_null(net);
    asx_network_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(named_faults),
        cmocka_unit_test(initializers_that_are_inputs),
        cmocka_unit_test(files_that_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
