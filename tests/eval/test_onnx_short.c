/* What a file says in short: functions of its own, sparse weights, LRN, LpPool, masks, interpolation; against plain
 * arithmetic. */
#include <math.h>
#include <string.h>

#include "check.h"
#include "onnx_case.h"

static void expect(onnx_bytes file, const float *x, const float *want, size_t n)
{
    asx_error err = {0};
    asx_network *net = NULL;
    CHECK_OK(asx_network_parse(&net, "test.onnx", file.data, file.n, &err), err);
    onnx_bytes_free(&file);
    assert_int_equal(asx_value_n_elements(&net->value[net->output]), n);
    float *y = case_run(net, x, 1);
    for (size_t i = 0; i < n; i++)
        if (!(fabsf(y[i] - want[i]) <= 1e-5F * (1 + fabsf(want[i]))))
            fail_msg("number %zu: %.9g, not %.9g", i, (double)y[i], (double)want[i]);
    free(y);
    asx_network_free(net);
}

static void refuse(onnx_bytes file, asx_status status, const char *part)
{
    asx_error err = {0};
    asx_network *net = NULL;
    CHECK_FAIL(asx_network_parse(&net, "test.onnx", file.data, file.n, &err), status, err);
    onnx_bytes_free(&file);
    if (!strstr(err.message, part))
        fail_msg("'%s' is not in '%s'", part, err.message);
}

/* x [2][2][3] -> the node under test -> y -> 1x1 convolution that keeps it. */
static onnx_bytes file_of(onnx_writer *w, const char *middle)
{
    onnx_floats(w, "c.weight", DIMS(2, 2, 1, 1), (float[]){1, 0, 0, 1});
    char input[64];
    snprintf(input, sizeof input, "%s c.weight", middle);
    onnx_node(w, "Conv", "c", input, "y", NULL);
    onnx_output(w, "y");
    return onnx_finish(w);
}

static const float x0[12] = {1, -2, 0.5F, 3, 4, -1, 2, 2, -3, 0.25F, 1, 5};

/* ---- functions ---- */

static void put_node(onnx_bytes *function, const char *op, const char *a, const char *b,
                     const char *output, const char *domain, const char *reference)
{
    onnx_bytes node = {0}, attribute = {0};
    onnx_put_text(&node, 1, a);
    if (b)
        onnx_put_text(&node, 1, b);
    onnx_put_text(&node, 2, output);
    onnx_put_text(&node, 4, op);
    if (domain)
        onnx_put_text(&node, 7, domain);
    if (reference) { /* attribute alpha is the caller's */
        onnx_put_text(&attribute, 1, "alpha");
        onnx_put_int(&attribute, 20, 1);
        onnx_put_text(&attribute, 21, reference);
        onnx_put_message(&node, 5, &attribute);
    }
    onnx_put_message(function, 7, &node);
}

static onnx_bytes start_function(const char *name, const char *input, const char *output)
{
    onnx_bytes f = {0};
    onnx_put_text(&f, 1, name);
    onnx_put_text(&f, 4, input);
    onnx_put_text(&f, 5, output);
    onnx_put_text(&f, 10, "own");
    return f;
}

static onnx_bytes file_with_call(const char *op, bool slope)
{
    onnx_writer w = {.opset = 13};
    onnx_bytes node = {0}, attribute = {0};
    onnx_input(&w, "x", DIMS(-1, 2, 2, 3));
    onnx_put_text(&node, 1, "x");
    onnx_put_text(&node, 2, "z");
    onnx_put_text(&node, 4, op);
    onnx_put_text(&node, 7, "own");
    if (slope) {
        onnx_put_text(&attribute, 1, "slope");
        onnx_put_float(&attribute, 2, 0.25F);
        onnx_put_int(&attribute, 20, 1);
        onnx_put_message(&node, 5, &attribute);
    }
    onnx_put_message(&w.graph, 1, &node);
    return file_of(&w, "z");
}

/* outer(x) = inner(x) + x, inner(x) = LeakyRelu(x, slope) |x|; both use the name t within. */
static void functions(void **state)
{
    (void)state;
    for (int given = 0; given < 2; given++) {
        onnx_bytes inner = start_function("inner", "a", "b"),
                   outer = start_function("outer", "t", "u");
        put_node(&inner, "LeakyRelu", "a", NULL, "t", NULL, "slope");
        put_node(&inner, "Abs", "a", NULL, "v", NULL, NULL);
        put_node(&inner, "Mul", "t", "v", "b", NULL, NULL);
        onnx_put_text(&outer, 6, "slope");
        put_node(&outer, "inner", "t", NULL, "v", "own", NULL);
        put_node(&outer, "Add", "v", "t", "u", NULL, NULL);
        onnx_bytes file = file_with_call(given ? "inner" : "outer", given);
        onnx_put_message(&file, 25, &inner);
        onnx_put_message(&file, 25, &outer);
        float want[12];
        for (size_t i = 0; i < 12; i++) {
            const float v = x0[i] * (x0[i] < 0 ? (given ? 0.25F : 0.01F) : 1) * fabsf(x0[i]);
            want[i] = given ? v : v + x0[i];
        }
        expect(file, x0, want, 12);
    }
}

static void functions_that_are_refused(void **state)
{
    (void)state;
    onnx_bytes itself = start_function("f", "a", "b"), file = file_with_call("f", false);
    put_node(&itself, "f", "a", NULL, "b", "own", NULL);
    onnx_put_message(&file, 25, &itself);
    refuse(file, ASX_EINVAL, "function 'f' calls itself");

    onnx_bytes defaults = start_function("f", "a", "b"), attribute = {0};
    put_node(&defaults, "Relu", "a", NULL, "b", NULL, NULL);
    onnx_put_text(&attribute, 1, "slope");
    onnx_put_message(&defaults, 11, &attribute);
    file = file_with_call("f", false);
    onnx_put_message(&file, 25, &defaults);
    refuse(file, ASX_EUNSUPPORTED, "attributes with defaults");

    onnx_bytes old = start_function("f", "a", "b"), set = {0};
    put_node(&old, "Relu", "a", NULL, "b", NULL, NULL);
    onnx_put_int(&set, 2, 9);
    onnx_put_message(&old, 9, &set);
    file = file_with_call("f", false);
    onnx_put_message(&file, 25, &old);
    refuse(file, ASX_EUNSUPPORTED, "function 'f' is of operator set 9, the model of 13");

    /* 2^31 nodes, if they were made */
    file = file_with_call("f0", false);
    for (int i = 0; i < 31; i++) {
        char name[16], next[16];
        snprintf(name, sizeof name, "f%d", i);
        snprintf(next, sizeof next, "f%d", i + 1);
        onnx_bytes twice = start_function(name, "a", "b");
        put_node(&twice, i < 30 ? next : "Relu", "a", NULL, "m", i < 30 ? "own" : NULL, NULL);
        put_node(&twice, i < 30 ? next : "Relu", "m", NULL, "b", i < 30 ? "own" : NULL, NULL);
        onnx_put_message(&file, 25, &twice);
    }
    refuse(file, ASX_EINVAL, "more than 131072 nodes");
}

/* ---- sparse initializers ---- */

static void put_sparse(onnx_writer *w, size_t n, const float *value, size_t n_indices,
                       const int64_t *index, bool by_dimension)
{
    onnx_bytes sparse = {0};
    onnx_bytes values = onnx_tensor("w", 1, DIMS((int64_t)n), value, n * sizeof *value);
    const int64_t pairs[] = {(int64_t)n, (int64_t)(n_indices / n)};
    onnx_bytes indices = onnx_tensor("", 7, by_dimension ? 2 : 1,
                                     by_dimension ? pairs : &(int64_t){(int64_t)n_indices}, index,
                                     n_indices * sizeof *index);
    onnx_put_message(&sparse, 1, &values);
    onnx_put_message(&sparse, 2, &indices);
    onnx_put_int(&sparse, 3, 3);
    onnx_put_int(&sparse, 3, 2);
    onnx_put_message(&w->graph, 15, &sparse);
}

static onnx_bytes sparse_file(const float *value, size_t n, const int64_t *index, size_t n_indices,
                              bool by_dimension)
{
    onnx_writer w = {.opset = 13};
    onnx_input(&w, "x", DIMS(-1, 3));
    put_sparse(&w, n, value, n_indices, index, by_dimension);
    onnx_node(&w, "MatMul", "m", "x w", "y", NULL);
    onnx_output(&w, "y");
    return onnx_finish(&w);
}

static void sparse(void **state)
{
    (void)state;
    const float x[3] = {1, 2, 3}, want[2] = {3 * 7, 1 * 5};
    expect(sparse_file((float[]){5, 7}, 2, (int64_t[]){1, 4}, 2, false), x, want, 2);
    expect(sparse_file((float[]){5, 7}, 2, (int64_t[]){0, 1, 2, 0}, 4, true), x, want, 2);
    refuse(sparse_file((float[]){5, 7}, 2, (int64_t[]){1, 6}, 2, false), ASX_EINVAL,
           "index 6 of number 1 is not in 0 .. 5");
    refuse(sparse_file((float[]){5, 7}, 2, (int64_t[]){4, 1}, 2, false), ASX_EPARSE,
           "the index of number 1 is not behind the last");
    refuse(sparse_file((float[]){5, 7}, 2, (int64_t[]){0, 1, 2}, 3, false), ASX_EPARSE,
           "its indices are not one, or 2, for each of 2 numbers");
}

/* ---- pools, masks, interpolation ---- */

static void pools_by_powers(void **state)
{
    (void)state;
    for (int64_t p = 1; p <= 3; p++) {
        onnx_bytes attributes = {0};
        onnx_writer w = case_start(DIMS(-1, 2, 2, 3)), g = case_start(DIMS(-1, 2, 2, 3));
        onnx_attribute_ints(&attributes, "kernel_shape", 2, (int64_t[]){2, 2});
        onnx_attribute_ints(&attributes, "pads", 4, (int64_t[]){0, 1, 0, 0});
        onnx_attribute_int(&attributes, "p", p);
        onnx_node(&w, "LpPool", "l", "x", "z", &attributes);
        onnx_attribute_int(&attributes, "p", p);
        onnx_node(&g, "GlobalLpPool", "g", "x", "z", &attributes);
        float want[6], all[2];
        for (size_t c = 0; c < 2; c++) {
            double whole = 0;
            for (size_t j = 0; j < 3; j++) {
                double sum = 0;
                for (size_t i = 0; i < 2; i++) {
                    sum += pow(fabs((double)x0[c * 6 + i * 3 + j]), (double)p);
                    whole += pow(fabs((double)x0[c * 6 + i * 3 + j]), (double)p);
                    sum += j > 0 ? pow(fabs((double)x0[c * 6 + i * 3 + j - 1]), (double)p) : 0;
                }
                want[c * 3 + j] = (float)pow(sum, 1.0 / (double)p);
            }
            all[c] = (float)pow(whole, 1.0 / (double)p);
        }
        expect(file_of(&w, "z"), x0, want, 6);
        expect(file_of(&g, "z"), x0, all, 2);
    }
}

/* y = where(c, x, b), on either side; c is broadcast over channels and rows. */
static void masks(void **state)
{
    (void)state;
    static const unsigned char truth[3] = {1, 0, 1};
    for (int turned = 0; turned < 2; turned++) {
        onnx_writer w = case_start(DIMS(-1, 2, 2, 3));
        onnx_bytes mask = onnx_tensor("m", 9, DIMS(3), truth, 3);
        onnx_put_message(&w.graph, 5, &mask);
        onnx_floats(&w, "b", DIMS(2, 1, 1), (float[]){-9, -8});
        onnx_node(&w, "Where", "o", turned ? "m b x" : "m x b", "z", NULL);
        float want[12];
        for (size_t i = 0; i < 12; i++)
            want[i] = (truth[i % 3] != 0) != (turned == 1) ? x0[i] : i < 6 ? -9 : -8;
        expect(file_of(&w, "z"), x0, want, 12);
    }
    onnx_writer w = case_start(DIMS(-1, 2, 2, 3)); /* of two values */
    onnx_bytes mask = onnx_tensor("m", 9, DIMS(3), truth, 3);
    onnx_put_message(&w.graph, 5, &mask);
    onnx_node(&w, "Abs", "a", "x", "b", NULL);
    onnx_node(&w, "Where", "o", "m x b", "z", NULL);
    float want[12];
    for (size_t i = 0; i < 12; i++)
        want[i] = truth[i % 3] ? x0[i] : fabsf(x0[i]);
    expect(file_of(&w, "z"), x0, want, 12);
}

/* From 2 x 3 to 3 x 7, in every way that places are counted. */
static void interpolation(void **state)
{
    (void)state;
    enum { H = 3, W = 7 };
    static const char *const modes[] = {"half_pixel", "align_corners", "asymmetric"};
    for (int m = 0; m < 3; m++) {
        onnx_bytes attributes = {0};
        onnx_writer w = case_start(DIMS(-1, 2, 2, 3));
        onnx_int64s(&w, "sizes", 4, (int64_t[]){1, 2, H, W});
        onnx_attribute_text(&attributes, "mode", "linear");
        onnx_attribute_text(&attributes, "coordinate_transformation_mode", modes[m]);
        onnx_node(&w, "Resize", "r", "x - - sizes", "z", &attributes);
        float want[2 * H * W];
        for (size_t i = 0; i < 2 * H * W; i++) {
            const double n[2] = {2, 3}, out[2] = {H, W};
            const double at[2] = {(double)(i / W % H), (double)(i % W)};
            double place[2];
            for (int d = 0; d < 2; d++) {
                place[d] = m == 0   ? (at[d] + 0.5) * n[d] / out[d] - 0.5
                           : m == 1 ? at[d] * (n[d] - 1) / (out[d] - 1)
                                    : at[d] * n[d] / out[d];
                place[d] = fmin(fmax(place[d], 0), n[d] - 1);
            }
            double sum = 0; /* every element, by the product of two tents around the place */
            for (size_t k = 0; k < 6; k++)
                sum += (double)x0[i / (H * W) * 6 + k] *
                       fmax(0, 1 - fabs(place[0] - (double)(k / 3))) *
                       fmax(0, 1 - fabs(place[1] - (double)(k % 3)));
            want[i] = (float)sum;
        }
        expect(file_of(&w, "z"), x0, want, 2 * H * W);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(functions), cmocka_unit_test(functions_that_are_refused),
        cmocka_unit_test(sparse),    cmocka_unit_test(pools_by_powers),
        cmocka_unit_test(masks),     cmocka_unit_test(interpolation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
