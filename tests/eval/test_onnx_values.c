/* Operators on two values and functions of one: against plain arithmetic, in slopes against
 * differences, in integers of 16 bits against the float network, and written and read again. */
#include <math.h>
#include <string.h>

#include "check.h"
#include "onnx_case.h"
#include "onnx_write.h"

static asx_network *import(onnx_writer *w)
{
    asx_error err = {0};
    asx_network *net = NULL;
    onnx_bytes file = onnx_finish(w);
    CHECK_OK(asx_network_parse(&net, "test.onnx", file.data, file.n, &err), err);
    onnx_bytes_free(&file);
    return net;
}

/* What a network computes survives being written and read. */
static void check_written(const asx_network *net, const float *x, const float *want, size_t n)
{
    void *bytes = NULL;
    size_t size = 0;
    asx_error err = {0};
    asx_network *back = NULL;
    CHECK_OK(asx_onnx_write(&bytes, &size, net, &err), err);
    CHECK_OK(asx_network_parse(&back, "written.onnx", bytes, size, &err), err);
    float *y = case_run(back, x, 1);
    for (size_t i = 0; i < n; i++)
        assert_true(fabsf(y[i] - want[i]) <= 1e-6F * fabsf(want[i]));
    free(y);
    free(bytes);
    asx_network_free(back);
}

static const float x0[2][3] = {{1, -2, 0.5F}, {-0.25F, 3, -4}};

/* y = [x op mean(x)], per channel of two: the mean is broadcast, on either side. */
static void pairs(void **state)
{
    (void)state;
    static const char *const ops[] = {"Add", "Sub", "Mul", "Div", "Max", "Min"};
    for (size_t k = 0; k < 12; k++) {
        const bool turned = k >= 6;
        onnx_writer w = case_start(DIMS(-1, 2, 1, 3));
        onnx_node(&w, "GlobalAveragePool", "p", "x", "m", NULL);
        onnx_node(&w, ops[k % 6], "o", turned ? "m x" : "x m", "z", NULL);
        onnx_floats(&w, "c.weight", DIMS(2, 2, 1, 1), (float[]){1, 0, 0, 1});
        onnx_node(&w, "Conv", "c", "z c.weight", "y", NULL);
        onnx_output(&w, "y");
        asx_network *net = import(&w);
        float *y = case_run(net, x0[0], 1), want[6];
        for (size_t c = 0; c < 2; c++)
            for (size_t i = 0; i < 3; i++) {
                const float mean = (x0[c][0] + x0[c][1] + x0[c][2]) / 3;
                const float a = turned ? mean : x0[c][i], b = turned ? x0[c][i] : mean;
                const float all[] = {a + b, a - b, a * b, a / b, fmaxf(a, b), fminf(a, b)};
                want[c * 3 + i] = all[k % 6];
                if (!(fabsf(y[c * 3 + i] - all[k % 6]) < 1e-5F))
                    fail_msg("%s: %g, not %g", ops[k % 6], (double)y[c * 3 + i],
                             (double)all[k % 6]);
            }
        check_written(net, x0[0], want, 6);
        free(y);
        asx_network_free(net);
    }
}

/* Values from the definitions, in double, where they are not the C library's own. */
static double by_hand(asx_function f, double x, double a, double b)
{
    const double sp = log1p(exp(x));
    switch (f) {
    case ASX_FUNCTION_CELU:
        return fmax(x, 0) + fmin(a * (exp(x / a) - 1), 0);
    case ASX_FUNCTION_ELU:
        return x > 0 ? x : a * (exp(x) - 1);
    case ASX_FUNCTION_GELU:
        return a != 0 ? x / 2 * (1 + tanh(sqrt(2 / 3.141592653589793) * (x + 0.044715 * pow(x, 3))))
                      : x / 2 * erfc(-x / sqrt(2));
    case ASX_FUNCTION_HARD_SIGMOID:
        return fmin(fmax(a * x + b, 0), 1);
    case ASX_FUNCTION_HARD_SWISH:
        return x * fmin(fmax(x + 3, 0), 6) / 6;
    case ASX_FUNCTION_LEAKY_RELU:
        return x > 0 ? x : a * x;
    case ASX_FUNCTION_MISH:
        return x * tanh(sp);
    case ASX_FUNCTION_SELU:
        return x > 0 ? b * x : b * a * (exp(x) - 1);
    case ASX_FUNCTION_SHRINK:
        return x > a ? x - b : x < -a ? x + b : 0;
    case ASX_FUNCTION_SOFTPLUS:
        return sp;
    case ASX_FUNCTION_SWISH:
        return x / (1 + exp(-a * x));
    case ASX_FUNCTION_THRESHOLDED_RELU:
        return x > a ? x : 0;
    default:
        return NAN;
    }
}

static void functions(void **state)
{
    (void)state;
    for (asx_function f = 0; f < ASX_N_FUNCTIONS; f++) {
        assert_int_equal(asx_function_find(asx_function_text(f)), f);
        for (float x = -2.93F; x < 3; x += 0.37F) {
            const float a = f == ASX_FUNCTION_GELU ? 1 : f == ASX_FUNCTION_POW ? 3 : 0.4F, b = 0.3F;
            const float y = asx_function_at(f, x, a, b);
            const double want = by_hand(f, (double)x, (double)a, (double)b);
            if (!isnan(want) && !(fabs((double)y - want) < 1e-5))
                fail_msg("%s(%g) is %g, not %g", asx_function_text(f), (double)x, (double)y, want);
            if (asx_function_sign_of(f) == ASX_SIGN_NON_NEGATIVE ||
                (asx_function_sign_of(f) == ASX_SIGN_OF_INPUT && x >= 0))
                assert_true(isnan(y) || y >= 0);
            /* slopes, where the function is smooth nearby */
            const float h = 1e-2F;
            const double up = (double)asx_function_at(f, x + h, a, b),
                         down = (double)asx_function_at(f, x - h, a, b),
                         middle = (double)asx_function_slope(f, x, a, b);
            const double slope = (up - down) / (double)(2 * h);
            const double bend = (up - 2 * (double)y + down) / (double)(h * h);
            if (isfinite(slope) && isfinite(middle) && fabs(bend) < 3 &&
                !(fabs(slope - middle) < 0.02 * (1 + fabs(slope))))
                fail_msg("%s: slope at %g is %g, not %g", asx_function_text(f), (double)x, middle,
                         slope);
        }
    }
}

/* Squeeze-and-excite as MobileNetV3 has it, in both writings of its activations, is one network. */
static void squeeze_and_excite(void **state)
{
    (void)state;
    float got[2][6];
    for (int form = 0; form < 2; form++) {
        onnx_writer w = case_start(DIMS(-1, 2, 1, 3));
        onnx_bytes a = {0};
        w.opset = 14;
        onnx_floats(&w, "fc1.weight", DIMS(1, 2, 1, 1), (float[]){0.5F, -1});
        onnx_floats(&w, "fc2.weight", DIMS(2, 1, 1, 1), (float[]){2, -3});
        onnx_node(&w, "GlobalAveragePool", "p", "x", "m", NULL);
        onnx_node(&w, "Conv", "c1", "m fc1.weight", "s1", NULL);
        onnx_node(&w, "Relu", "r", "s1", "s2", NULL);
        onnx_node(&w, "Conv", "c2", "s2 fc2.weight", "s3", NULL);
        if (form == 0) {
            onnx_attribute_float(&a, "alpha", 1.0F / 6);
            onnx_node(&w, "HardSigmoid", "h", "s3", "gate", &a);
        } else {
            onnx_floats(&w, "3", 0, NULL, (float[]){3});
            onnx_floats(&w, "0", 0, NULL, (float[]){0});
            onnx_floats(&w, "6", 0, NULL, (float[]){6});
            onnx_node(&w, "Add", "a", "s3 3", "h1", NULL);
            onnx_node(&w, "Clip", "k", "h1 0 6", "h2", NULL);
            onnx_node(&w, "Div", "d", "h2 6", "gate", NULL);
        }
        onnx_node(&w, "Mul", "g", "gate x", "z", NULL);
        onnx_node(&w, form == 0 ? "HardSwish" : "Identity", "hs", "z", "y", NULL);
        if (form == 1) {
            onnx_node(&w, "Add", "b1", "z 3", "t1", NULL);
            onnx_node(&w, "Clip", "b2", "t1 0 6", "t2", NULL);
            onnx_node(&w, "Mul", "b3", "z t2", "t3", NULL);
            onnx_node(&w, "Div", "b4", "t3 6", "t4", NULL);
        }
        onnx_output(&w, form == 0 ? "y" : "t4");
        asx_network *net = import(&w);
        float *y = case_run(net, x0[0], 1);
        memcpy(got[form], y, sizeof got[form]);
        check_written(net, x0[0], y, 6);
        free(y);
        asx_network_free(net);
    }
    for (size_t i = 0; i < 6; i++)
        assert_true(fabsf(got[0][i] - got[1][i]) < 1e-6F);
}

/* Twice and thrice as large, to the nearest neighbour, by scales and by sizes. */
static void resizes(void **state)
{
    (void)state;
    static const float x[] = {1, 2, 3, 4, 5, 6, 7, 8};
    for (int by_size = 0; by_size < 2; by_size++) {
        onnx_writer w = case_start(DIMS(-1, 2, 2, 2));
        onnx_bytes a = {0};
        onnx_floats(&w, "scales", DIMS(4), (float[]){1, 1, 2, 3});
        onnx_int64s(&w, "sizes", 4, (int64_t[]){1, 2, 4, 6});
        onnx_attribute_text(&a, "coordinate_transformation_mode", "asymmetric");
        onnx_attribute_text(&a, "nearest_mode", "floor");
        onnx_node(&w, "Resize", "r", by_size ? "x - - sizes" : "x - scales", "z", &a);
        onnx_floats(&w, "c.weight", DIMS(2, 2, 1, 1), (float[]){1, 0, 0, 1});
        onnx_node(&w, "Conv", "c", "z c.weight", "y", NULL);
        onnx_output(&w, "y");
        asx_network *net = import(&w);
        float *y = case_run(net, x, 1);
        for (size_t c = 0; c < 2; c++)
            for (size_t i = 0; i < 4; i++)
                for (size_t j = 0; j < 6; j++)
                    assert_true(y[(c * 4 + i) * 6 + j] == x[c * 4 + i / 2 * 2 + j / 3]);
        check_written(net, x, y, 48);
        free(y);
        asx_network_free(net);
    }
    onnx_writer w = case_start(DIMS(-1, 2, 2, 2));
    onnx_floats(&w, "scales", DIMS(4), (float[]){1, 1, 1.5F, 1});
    onnx_node(&w, "Resize", "r", "x - scales", "y", NULL);
    case_fails(&w, 12, ASX_EUNSUPPORTED, "by a factor of 1.5 (whole factors");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs),
        cmocka_unit_test(functions),
        cmocka_unit_test(squeeze_and_excite),
        cmocka_unit_test(resizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
