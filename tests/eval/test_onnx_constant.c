/* Operators on constants, element by element: the constant under test, "k", becomes the weight of
 * a layer, where it can be looked at. */
#include <math.h>
#include <string.h>

#include "check.h"
#include "onnx_case.h"

static onnx_writer start(void)
{
    onnx_writer w = {.opset = 13};
    onnx_input(&w, "x", DIMS(-1, 1));
    return w;
}

static void put(onnx_writer *w, const char *name, size_t rank, const int64_t *dim,
                const int64_t *value)
{
    size_t n = 1;
    for (size_t i = 0; i < rank; i++)
        n *= (size_t)dim[i];
    onnx_bytes t = onnx_tensor(name, 7, rank, dim, value, n * sizeof *value);
    onnx_put_message(&w->graph, 5, &t);
}

/* x [1] times "k" as a row of floats */
static asx_status import(asx_network **net, onnx_writer *w, asx_error *err)
{
    onnx_bytes a = {0};
    onnx_int64s(w, "row", 2, (int64_t[]){1, -1});
    onnx_node(w, "Reshape", "row", "k row", "k_row", NULL);
    onnx_attribute_int(&a, "to", 1);
    onnx_node(w, "Cast", "cast", "k_row", "k_float", &a);
    onnx_node(w, "MatMul", "mm", "x k_float", "y", NULL);
    onnx_output(w, "y");
    onnx_bytes file = onnx_finish(w);
    asx_status status = asx_network_parse(net, "test.onnx", file.data, file.n, err);
    onnx_bytes_free(&file);
    return status;
}

/* "k" has these elements; a single one is too few for a layer, so it must have two or more. */
static void check(onnx_writer *w, size_t n, const int64_t *want)
{
    asx_error err = {0};
    asx_network *net = NULL;
    CHECK_OK(import(&net, w, &err), err);
    const asx_node *last = &net->node[net->n_nodes - 1];
    assert_int_equal(last->n_weights, n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal((int64_t)last->weight[i], want[i]);
    asx_network_free(net);
}

static void fails(onnx_writer *w, asx_status want, const char *part)
{
    asx_error err = {0};
    asx_network *net = NULL;
    CHECK_FAIL(import(&net, w, &err), want, err);
    assert_null(net);
    if (!strstr(err.message, part))
        fail_msg("'%s' is not in '%s'", part, err.message);
}

/* Where a walk from `start` in steps arrives, in Python's meaning; at most `size` places. */
static size_t walk(size_t *place, int64_t start, int64_t end, int64_t step, int64_t size)
{
    size_t n = 0;
    start += start < 0 ? size : 0;
    end += end < 0 ? size : 0;
    if (step > 0 && start < 0)
        start = 0;
    if (step < 0 && start >= size)
        start = size - 1;
    if (step < 0 && end < -1)
        end = -1;
    for (int64_t at = start; at >= 0 && at < size && (step > 0 ? at < end : at > end); at += step)
        place[n++] = (size_t)at;
    return n;
}

/* A table of 4 x 3, cut in both directions in every way. */
static void slices(void **state)
{
    (void)state;
    enum { ROWS = 4, COLUMNS = 3 };
    static const int64_t table[] = {10, 11, 12, 20, 21, 22, 30, 31, 32, 40, 41, 42};
    static const int64_t steps[] = {1, 2, -1, -2};
    for (int64_t code = 0; code < 11 * 11 * 4; code++) {
        const int64_t s = code % 11 - 5, e = code / 11 % 11 - 5, t = steps[code / 121];
        size_t row[ROWS], column[COLUMNS];
        int64_t want[ROWS * COLUMNS];
        const size_t n_rows = walk(row, s, e, t, ROWS);
        const size_t n_columns = walk(column, e, INT64_MAX, 1, COLUMNS);
        if (n_rows * n_columns < 2)
            continue;
        for (size_t i = 0; i < n_rows * n_columns; i++)
            want[i] = table[row[i / n_columns] * COLUMNS + column[i % n_columns]];
        onnx_writer w = start();
        put(&w, "table", DIMS(ROWS, COLUMNS), table);
        put(&w, "s", DIMS(2), (int64_t[]){e, s});
        put(&w, "e", DIMS(2), (int64_t[]){INT64_MAX, e});
        put(&w, "a", DIMS(2), (int64_t[]){1, -2});
        put(&w, "t", DIMS(2), (int64_t[]){1, t});
        onnx_node(&w, "Slice", "", "table s e a t", "k", NULL);
        check(&w, n_rows * n_columns, want);
    }
}

/* Every order of the dimensions of a box of 2 x 3 x 4, whose elements tell their position. */
static void transposes(void **state)
{
    (void)state;
    static const int64_t dim[] = {2, 3, 4};
    int64_t box[24], want[24];
    for (int64_t i = 0; i < 24; i++)
        box[i] = i / 12 * 100 + i / 4 % 3 * 10 + i % 4;
    for (int64_t code = 0; code < 27; code++) {
        const int64_t p[] = {code % 3, code / 3 % 3, code / 9};
        if (p[0] == p[1] || p[1] == p[2] || p[0] == p[2])
            continue;
        int64_t *to = want, at[3];
        for (at[p[0]] = 0; at[p[0]] < dim[p[0]]; at[p[0]]++)
            for (at[p[1]] = 0; at[p[1]] < dim[p[1]]; at[p[1]]++)
                for (at[p[2]] = 0; at[p[2]] < dim[p[2]]; at[p[2]]++)
                    *to++ = at[0] * 100 + at[1] * 10 + at[2];
        onnx_writer w = start();
        onnx_bytes a = {0};
        put(&w, "box", 3, dim, box);
        onnx_attribute_ints(&a, "perm", 3, p);
        onnx_node(&w, "Transpose", "", "box", "k", &a);
        check(&w, 24, want);
    }
}

static void arithmetic(void **state)
{
    (void)state;
    static const struct {
        const char *op;
        int64_t by_list[3], by_number[3];
    } cases[] = {{"Add", {9, -4, 5}, {9, -5, 4}},
                 {"Sub", {5, -10, -1}, {5, -9, 0}},
                 {"Mul", {14, -21, 6}, {14, -14, 4}},
                 {"Div", {3, -2, 0}, {3, -3, 1}}}; /* integers are cut towards zero */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (int number = 0; number < 2; number++) {
            onnx_writer w = start();
            put(&w, "a", DIMS(3), (int64_t[]){7, -7, 2});
            put(&w, "list", DIMS(3), (int64_t[]){2, 3, 3});
            put(&w, "number", 0, NULL, (int64_t[]){2});
            onnx_node(&w, cases[i].op, "", number ? "a number" : "a list", "k", NULL);
            check(&w, 3, number ? cases[i].by_number : cases[i].by_list);
        }
    }
    onnx_writer w = start();
    onnx_floats(&w, "f", DIMS(2), (float[]){7, -5});
    onnx_floats(&w, "two", 0, NULL, (float[]){2});
    onnx_bytes a = {0};
    onnx_node(&w, "Div", "", "f two", "q", NULL);
    onnx_attribute_int(&a, "to", 7);
    onnx_node(&w, "Cast", "", "q", "k", &a);
    check(&w, 2, (int64_t[]){3, -2});
}

/* From the last dimension on; a dimension of one is repeated, on either side. */
static void broadcasts(void **state)
{
    (void)state;
    onnx_writer w = start();
    put(&w, "a", DIMS(2, 1, 3), (int64_t[]){1, 2, 3, 4, 5, 6});
    put(&w, "b", DIMS(2, 1), (int64_t[]){10, 20});
    onnx_node(&w, "Sub", "", "a b", "k", NULL);
    check(&w, 12, (int64_t[]){-9, -8, -7, -19, -18, -17, -6, -5, -4, -16, -15, -14});

    w = start();
    put(&w, "a", DIMS(2, 1), (int64_t[]){1, 7});
    put(&w, "b", DIMS(3), (int64_t[]){1, 5, 9});
    put(&w, "c", 0, NULL, (int64_t[]){-1});
    onnx_node(&w, "Less", "", "a b", "l", NULL);
    onnx_node(&w, "Where", "", "l b c", "k", NULL);
    check(&w, 6, (int64_t[]){-1, 5, 9, -1, -1, 9});
}

/* A byte is no word of 16 bits: what it cannot hold is refused, not wrapped. */
static void narrow_integers(void **state)
{
    (void)state;
    onnx_writer w = start();
    const uint8_t bytes[] = {200, 100};
    onnx_bytes t = onnx_tensor("a", 2, DIMS(2), bytes, 2);
    onnx_put_message(&w.graph, 5, &t);
    onnx_node(&w, "Add", "n", "a a", "k", NULL);
    fails(&w, ASX_EINVAL, "200 + 200 as uint8");
}

static void lists(void **state)
{
    (void)state;
    onnx_writer w = start();
    onnx_bytes a = {0};
    put(&w, "l", DIMS(3), (int64_t[]){5, 6, 7});
    put(&w, "i", DIMS(4), (int64_t[]){-1, 0, 0, 2});
    put(&w, "last", 0, NULL, (int64_t[]){-1});
    put(&w, "0", DIMS(1), (int64_t[]){0});
    onnx_node(&w, "Gather", "", "l i", "g", NULL);
    onnx_node(&w, "Gather", "", "l last", "scalar", NULL);
    onnx_node(&w, "Unsqueeze", "", "scalar 0", "one", NULL);
    onnx_attribute_int(&a, "axis", -1);
    onnx_node(&w, "Concat", "", "g one l", "k", &a);
    check(&w, 8, (int64_t[]){7, 5, 5, 7, 7, 5, 6, 7});

    /* the shapes of constants: [2, 3] -> [1, 2, 1, 3] -> [2, 1, 3] -> [2, 3] */
    w = start();
    put(&w, "t", DIMS(2, 3), (int64_t[6]){0});
    put(&w, "up", DIMS(2), (int64_t[]){0, -2});
    onnx_node(&w, "Unsqueeze", "", "t up", "t4", NULL);
    put(&w, "down", DIMS(1), (int64_t[]){0});
    onnx_node(&w, "Squeeze", "", "t4 down", "t3", NULL);
    onnx_node(&w, "Squeeze", "", "t4", "t2", NULL);
    onnx_node(&w, "Shape", "", "t4", "s4", NULL);
    onnx_node(&w, "Shape", "", "t3", "s3", NULL);
    onnx_node(&w, "Shape", "", "t2", "s2", NULL);
    onnx_attribute_int(&a, "axis", 0);
    onnx_node(&w, "Concat", "", "s4 s3 s2", "k", &a);
    check(&w, 9, (int64_t[]){1, 2, 1, 3, 2, 1, 3, 2, 3});

    /* an empty tensor may have any other dimensions */
    w = start();
    onnx_bytes empty = onnx_tensor("e", 7, DIMS(0, INT64_MAX, INT64_MAX), NULL, 0);
    onnx_put_message(&w.graph, 5, &empty);
    onnx_attribute_ints(&a, "perm", DIMS(0, 2, 1));
    onnx_node(&w, "Transpose", "", "e", "t", &a);
    onnx_node(&w, "Shape", "", "t", "s", NULL);
    put(&w, "first", DIMS(2), (int64_t[]){0, -3});
    onnx_node(&w, "Gather", "", "s first", "k", NULL);
    check(&w, 2, (int64_t[]){0, 0});

    w = start();
    put(&w, "23", DIMS(2), (int64_t[]){2, 3});
    onnx_bytes value = onnx_tensor("", 7, DIMS(1), (int64_t[]){-4}, 8);
    onnx_bytes attribute = {0};
    onnx_put_text(&attribute, 1, "value");
    onnx_put_message(&attribute, 5, &value);
    onnx_put_message(&a, 5, &attribute);
    onnx_node(&w, "ConstantOfShape", "", "23", "k", &a);
    check(&w, 6, (int64_t[]){-4, -4, -4, -4, -4, -4});
}

/* Constant in all of its forms, and another name for one. */
static void stated(void **state)
{
    (void)state;
    onnx_writer w = start();
    onnx_bytes a = {0};
    put(&w, "0", DIMS(1), (int64_t[]){0});
    onnx_attribute_ints(&a, "value_ints", DIMS(4, -5));
    onnx_node(&w, "Constant", "", "", "ints", &a);
    onnx_node(&w, "Identity", "", "ints", "same", NULL);
    onnx_attribute_int(&a, "value_int", 6);
    onnx_node(&w, "Constant", "", "", "int", &a);
    onnx_attribute_float(&a, "value_float", 7.5F);
    onnx_node(&w, "Constant", "", "", "float", &a);
    onnx_attribute_int(&a, "to", 6);
    onnx_node(&w, "Cast", "", "float", "cut", &a);
    onnx_node(&w, "Unsqueeze", "", "cut 0", "list", NULL);
    onnx_node(&w, "Add", "", "list int", "sum", NULL);
    onnx_attribute_int(&a, "axis", 0);
    onnx_node(&w, "Concat", "", "same sum ints", "k", &a);
    check(&w, 5, (int64_t[]){4, -5, 13, 4, -5});

    w = start();
    onnx_bytes attribute = {0};
    onnx_put_text(&attribute, 1, "value_floats");
    onnx_put_float(&attribute, 7, 8);
    onnx_put_float(&attribute, 7, -9);
    onnx_put_int(&attribute, 8, 1); /* integers, which this form does not have */
    onnx_put_message(&a, 5, &attribute);
    onnx_node(&w, "Constant", "", "", "k", &a);
    check(&w, 2, (int64_t[]){8, -9});

    w = start();
    onnx_attribute_int(&a, "value", 1);
    onnx_node(&w, "Constant", "n", "", "k", &a);
    fails(&w, ASX_EPARSE, "node 'n' (Constant): attribute 'value' is no tensor");
}

/* The shape of a value: a symbolic batch is one image, a fixed one what it is. */
static void shapes_of_values(void **state)
{
    (void)state;
    for (int64_t batch = -1; batch < 9; batch += 8) {
        onnx_writer w = {.opset = 15};
        onnx_bytes a = {0};
        onnx_input(&w, "x", DIMS(batch, 1));
        put(&w, "s", DIMS(4), (int64_t[]){0, 1, 1, 1});
        onnx_node(&w, "Reshape", "", "x s", "x4", NULL);
        onnx_node(&w, "Shape", "", "x4", "all", NULL);
        onnx_attribute_int(&a, "start", -4);
        onnx_attribute_int(&a, "end", 2);
        onnx_node(&w, "Shape", "", "x4", "part", &a);
        onnx_attribute_int(&a, "axis", 0);
        onnx_node(&w, "Concat", "", "all part", "k", &a);
        const int64_t n = batch < 0 ? 1 : batch;
        check(&w, 6, (int64_t[]){n, 1, 1, 1, n, 1});
    }
}

/* One node "n" of an operator on the lists a = 1 2 3 and b = 4 0, a number c = 9, floats f. */
static const struct {
    const char *op, *inputs;
    const char *attribute; /* an integer, or NULL */
    int64_t value;
    asx_status status;
    const char *message;
} bad[] = {
    {"Div", "a b", NULL, 0, ASX_EINVAL, "constants of shapes [3] and [2]"},
    {"Add", "a f", NULL, 0, ASX_EUNSUPPORTED, "constants of types int64 and float"},
    {"Div", "c b", NULL, 0, ASX_EINVAL, "9 / 0"},
    {"Mul", "a huge", NULL, 0, ASX_EINVAL, "1 * 9223372036854775807"},
    {"Cast", "a", "to", 17, ASX_EUNSUPPORTED, "to type float8e4m3fn (17)"},
    {"Cast", "f", "to", 7, ASX_EINVAL, "element 0 is 1e+30"},
    {"Gather", "a c", NULL, 0, ASX_EINVAL, "position 9 of 3"},
    {"Gather", "a a", "axis", 1, ASX_EINVAL, "axis 1 of a constant of 1 dimensions"},
    {"Gather", "t c", "axis", 1, ASX_EINVAL, "position 9 of 2"},
    {"Gather", "a f", NULL, 0, ASX_EINVAL, "its positions are no integers"},
    {"Concat", "a c", "axis", 0, ASX_EINVAL, "input 1 differs in type, or in a size"},
    {"Reshape", "a b", NULL, 0, ASX_EINVAL, "dimension 0 of the new shape is 4"},
    {"Reshape", "t c", NULL, 0, ASX_EINVAL, "dimension 0 of the new shape is 9"},
    {"Reshape", "a c2", NULL, 0, ASX_EINVAL, "3 elements do not fit"},
    {"Unsqueeze", "a eight", NULL, 0, ASX_EUNSUPPORTED, "more than 8 dimensions"},
    {"Unsqueeze", "c c", NULL, 0, ASX_EINVAL, "axis 9 of 1 dimensions"},
    {"Squeeze", "a c", NULL, 0, ASX_EINVAL, "axis 9 of 1 dimensions"},
    {"Squeeze", "t one", NULL, 0, ASX_EINVAL, "4 elements do not fit"},
    {"Slice", "a b a", NULL, 0, ASX_EINVAL, "2 starts, 3 ends"},
    {"Slice", "a one one one", NULL, 0, ASX_EINVAL, "axis 1 with step 1"},
    {"ConstantOfShape", "f", NULL, 0, ASX_EUNSUPPORTED, "no list of at most 8 integers"},
    {"ConstantOfShape", "minus", NULL, 0, ASX_EINVAL, "dimension 0 is -3"},
    {"ConstantOfShape", "large", NULL, 0, ASX_EINVAL, "more than 268435456 elements"},
    {"Gather", "x c", NULL, 0, ASX_EUNSUPPORTED, "axis 0 is the batch"},
    {"Where", "a a f", NULL, 0, ASX_EUNSUPPORTED, "types int64, int64 and float"},
    {"Squeeze", "- c", NULL, 0, ASX_EINVAL, "input 0 is missing"},
};

static void faults(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        onnx_writer w = start();
        onnx_bytes a = {0};
        put(&w, "a", DIMS(3), (int64_t[]){1, 2, 3});
        put(&w, "b", DIMS(2), (int64_t[]){4, 0});
        put(&w, "c", 0, NULL, (int64_t[]){9});
        put(&w, "c2", DIMS(2), (int64_t[]){2, 2});
        put(&w, "t", DIMS(2, 2), (int64_t[]){1, 2, 3, 4});
        put(&w, "eight", DIMS(8), (int64_t[8]){0});
        put(&w, "one", DIMS(1), (int64_t[]){1});
        put(&w, "minus", DIMS(1), (int64_t[]){-3});
        put(&w, "huge", 0, NULL, (int64_t[]){INT64_MAX});
        put(&w, "large", DIMS(3), (int64_t[]){1 << 20, 1 << 20, 1 << 20});
        onnx_floats(&w, "f", DIMS(2), (float[]){1e30F, 1});
        if (bad[i].attribute)
            onnx_attribute_int(&a, bad[i].attribute, bad[i].value);
        onnx_node(&w, bad[i].op, "n", bad[i].inputs, "k", &a);
        print_message("%s %s\n", bad[i].op, bad[i].inputs);
        fails(&w, bad[i].status, bad[i].message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slices),           cmocka_unit_test(transposes),
        cmocka_unit_test(arithmetic),       cmocka_unit_test(broadcasts),
        cmocka_unit_test(narrow_integers),  cmocka_unit_test(lists),
        cmocka_unit_test(shapes_of_values), cmocka_unit_test(stated),
        cmocka_unit_test(faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
