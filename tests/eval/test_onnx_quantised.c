/* Networks that are quantised in the file: QDQ, QCDQ, QLinearConv and QONNX, against integers computed
 * here from the definition of each operator. In the formats of the file the measured tier gives the
 * same integers, bit for bit. */
#include "dse/design.h"
#include "integer.h"
#include "network_copy.h"
#include "onnx_write.h"
#include "same_network.h"
#include "toy_data.h"
#undef SHAPE /* both helpers have one */
#include "quantised_files.h"

static int quantise(float x, float step, int zero, int low, int high)
{
    const float v = rintf(x / step) + (float)zero;
    return v < (float)low ? low : v > (float)high ? high : (int)v;
}

/* Sums of int32 brought to the result's scale by one multiplication, as QLinearConv is defined. */
static int requantise(int32_t sum, float factor, int zero)
{
    const float v = rintf((float)sum * factor) + (float)zero;
    return v < 0 ? 0 : v > 255 ? 255 : (int)v;
}

/* @param z [CLASSES] integers of one image */
static void reference(int *z, const float *x)
{
    int y[FLAT];
    for (size_t o = 0; o < OUT_C; o++)
        for (size_t i = 0; i < OUT_H; i++)
            for (size_t j = 0; j < OUT_H; j++) {
                int32_t sum = q.bias[o];
                for (size_t c = 0; c < C; c++)
                    for (size_t k = 0; k < 9; k++) {
                        const float v = x[(c * H + i + k / 3) * H + j + k % 3];
                        sum += q.conv[(o * C + c) * 9 + k] *
                               (quantise(v, q.x_step, q.x_zero, 0, 255) - q.x_zero);
                    }
                const double factor = (double)q.x_step * (double)q.conv_step[o] / (double)q.y_step;
                y[(o * OUT_H + i) * OUT_H + j] = requantise(sum, (float)factor, 0);
            }
    for (size_t k = 0; k < CLASSES; k++) {
        int32_t sum = 0;
        for (size_t i = 0; i < FLAT; i++)
            sum += y[i] * q.dense[i * CLASSES + k];
        z[k] = requantise(sum, (float)((double)q.y_step * (double)q.dense_step / (double)q.z_step),
                          q.z_zero);
    }
}

/* How many of all outputs are the reference's integer; the rest is checked to be a step off. */
static size_t count_same(const float *y, const float *x)
{
    size_t same = 0;
    for (size_t i = 0; i < IMAGES; i++) {
        int z[CLASSES];
        reference(z, x + i * C * H * H);
        for (size_t k = 0; k < CLASSES; k++) {
            const float got = y[i * CLASSES + k] / q.z_step + (float)q.z_zero;
            const float off = fabsf(got - (float)z[k]);
            if (!(off < 1.01F))
                fail_msg("image %zu, class %zu: %.9g, not %d", i, k, (double)got, z[k]);
            same += off < 1e-3F;
        }
    }
    return same;
}

static void check_formats(const asx_network *net, bool weights)
{
    const asx_layer *l = net->work.layer;
    assert_int_equal(net->work.n_layers, 2);
    assert_int_equal(l[0].held_activation_bits, 9); /* -9 .. 246: no plain word of 8 bits */
    assert_int_equal(l[1].held_activation_bits, 8);
    assert_true(l[1].input_non_negative);
    if (weights) {
        assert_int_equal(l[0].held_weight_bits, 8);
        assert_int_equal(l[1].held_weight_bits, 4);
    }
}

static void run(float *y, const asx_plan *plan, const float *x, const asx_integer *design)
{
    asx_error err;
    const asx_run how = {.numerics = design ? &asx_integers : NULL, .design = design};
    float *workspace = asx_plan_workspace(plan);
    assert_non_null(workspace);
    CHECK_OK(asx_plan_run(plan, y, x, 0, IMAGES, &how, workspace, &err), err);
    free(workspace);
}

/* Every output of the design "file" is the reference's; the float network may round a tie apart. */
static void check_tiers(asx_network *net)
{
    asx_error err;
    asx_calibration *c = NULL;
    const unsigned char label[IMAGES] = {0};
    asx_dataset *data = toy_data(IMAGES, net->input_shape, label);
    asx_calibration_options o = asx_calibration_options_default();
    o.batch = IMAGES;
    CHECK_OK(asx_calibration_new(&c, net, data, (asx_range){0, IMAGES}, &o, &err), err);
    float *x = toy_array(IMAGES * C * H * H), *y = toy_array(IMAGES * CLASSES);
    asx_dataset_images(x, data, 0, IMAGES);
    run(y, asx_calibration_plan(c), x, NULL);
    assert_true(count_same(y, x) >= IMAGES * CLASSES * 98 / 100);

    asx_design design;
    asx_integer integer;
    CHECK_OK(asx_design_parse(&design, "near: file", &net->work, &err), err);
    CHECK_OK(asx_integer_init(&integer, c, &design, &err), err);
    run(y, asx_calibration_plan(c), x, &integer);
    assert_int_equal(count_same(y, x), IMAGES * CLASSES);
    asx_integer_fini(&integer);
    asx_design_fini(&design);
    free(x);
    free(y);
    asx_calibration_free(c);
    asx_dataset_free(data);
}

/* What is written is read as the same network. */
static void check_file(const asx_network *net)
{
    asx_error err;
    asx_network *again = NULL;
    void *bytes = NULL;
    size_t n = 0;
    CHECK_OK(asx_onnx_write(&bytes, &n, net, &err), err);
    CHECK_OK(asx_network_parse(&again, "again", bytes, n, &err), err);
    check_same(net, again);
    for (size_t i = 0; i < net->n_nodes; i++)
        assert_memory_equal(&net->node[i].alpha, &again->node[i].alpha, sizeof(float));
    for (size_t i = 0; i < net->work.n_layers; i++) {
        const asx_layer *a = &net->work.layer[i], *b = &again->work.layer[i];
        assert_int_equal(a->held_weight_bits, b->held_weight_bits);
        assert_int_equal(a->held_activation_bits, b->held_activation_bits);
    }
    free(bytes);
    asx_network_free(again);
}

static void check(asx_network *net)
{
    check_formats(net, true);
    check_tiers(net);
    check_file(net);
    asx_network_free(net);
}

static void as_qdq(void **state)
{
    (void)state;
    check(qdq());
}

/* Without a Clip the four bits of the weights are the eight of their type. */
static void as_qlinear(void **state)
{
    (void)state;
    asx_network *net = qlinear();
    check_formats(net, false);
    assert_int_equal(net->work.layer[1].held_weight_bits, 8);
    check_tiers(net);
    check_file(net);
    asx_network_free(net);
}

static void as_qonnx(void **state)
{
    (void)state;
    check(qonnx());
}

/* Runs y(x) for x: [4] on four images of one row each: -2.5, -0.5, 0, 3.1 and the like. */
static void check_values(onnx_writer *w, const float *x, const float *want, size_t n)
{
    onnx_output(w, "z");
    onnx_bytes file = onnx_finish(w);
    asx_error err = {0};
    asx_network *net = NULL;
    CHECK_OK(asx_network_parse(&net, "q.onnx", file.data, file.n, &err), err);
    float *y = case_run(net, x, 1);
    for (size_t i = 0; i < n; i++)
        if (fabsf(y[i] - want[i]) > 1e-6F)
            fail_msg("output %zu is %g, not %g", i, (double)y[i], (double)want[i]);
    free(y);
    onnx_bytes_free(&file);
    asx_network_free(net);
}

static const float unit[] = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1};

/* -1 and 1, of zero 1, times the scale: of weights and of values. */
static void bipolar(void **state)
{
    (void)state;
    onnx_writer w = case_start(2, (int64_t[]){-1, 4});
    onnx_floats(&w, "s", 0, NULL, &(float){0.5F});
    onnx_floats(&w, "t", 0, NULL, &(float){2});
    onnx_floats(&w, "u", DIMS(4, 4), (float[16]){-3, 0.2F, 0, -0.1F});
    qonnx_node(&w, "BipolarQuant", "x s", "y", false, false);
    qonnx_node(&w, "BipolarQuant", "u t", "v", false, false);
    onnx_node(&w, "MatMul", "", "y v", "z", NULL);
    /* y = -.5, -.5, .5, .5; the first row of v is -2, 2, 2, -2, all others are 2 */
    check_values(&w, (float[]){-2.5F, -0.5F, 0, 3.1F}, (float[]){2, 0, 0, 2}, 4);
}

/* Words of 8 bits whose lower three are cut off: towards minus infinity. */
static void truncated(void **state)
{
    (void)state;
    onnx_writer w = case_start(2, (int64_t[]){-1, 4});
    onnx_floats(&w, "s", 0, NULL, &(float){0.25F});
    onnx_floats(&w, "none", 0, NULL, &(float){0});
    onnx_floats(&w, "from", 0, NULL, &(float){8});
    onnx_floats(&w, "to", 0, NULL, &(float){5});
    onnx_floats(&w, "unit", DIMS(4, 4), unit);
    qonnx_node(&w, "Trunc", "x s none from to", "y", false, false);
    onnx_node(&w, "MatMul", "", "y unit", "z", NULL);
    /* x / s = -10, 7, 8, 31.6: / 8 and down: -2, 0, 1, 4 (32 by rounding first) */
    check_values(&w, (float[]){-2.5F, 1.75F, 2, 7.9F}, (float[]){-0.5F, 0, 0.25F, 1}, 4);
}

/* A design of the file's formats is refused where the file has none, and says which layer. */
static void no_formats(void **state)
{
    (void)state;
    asx_error err = {0};
    asx_design design;
    onnx_bytes file = case_sample();
    asx_network *net = NULL;
    CHECK_OK(asx_network_parse(&net, "s.onnx", file.data, file.n, &err), err);
    CHECK_FAIL(asx_design_parse(&design, "near: file", &net->work, &err), ASX_EINVAL, err);
    assert_non_null(strstr(err.message, "layer 'conv'"));
    onnx_bytes_free(&file);
    asx_network_free(net);
}

static onnx_writer start(void)
{
    make_words();
    onnx_writer w = case_start(4, (int64_t[]){-1, C, H, H});
    put_grids(&w);
    return w;
}

static void faults(void **state)
{
    (void)state;
    const int64_t n = C * H * H;
    onnx_writer w = start();
    onnx_node(&w, "QuantizeLinear", "", "x sw zw", "y", NULL);
    case_fails(&w, n, ASX_EUNSUPPORTED, "a computed value has 3 scales");
    w = start();
    onnx_node(&w, "QuantizeLinear", "", "x sx zx", "y1", NULL);
    onnx_node(&w, "Relu", "", "y1", "y", NULL);
    case_fails(&w, n, ASX_EUNSUPPORTED, "'y1' is quantised");
    for (int type = 1; type < 4; type += 2) {
        onnx_bytes to = {0};
        w = start();
        onnx_attribute_int(&to, "to", type);
        onnx_node(&w, "QuantizeLinear", "", "x sx zx", "y1", NULL);
        onnx_node(&w, "Cast", "", "y1", "y", &to);
        case_fails(&w, n, ASX_EUNSUPPORTED,
                   type == 1 ? "quantised values become float" : "quantised values become int8");
    }
    w = start();
    onnx_floats(&w, "zero", 0, NULL, &(float){0});
    onnx_node(&w, "QuantizeLinear", "", "x zero", "y", NULL);
    case_fails(&w, n, ASX_EINVAL, "scale 0 is 0");
    w = start();
    onnx_node(&w, "QLinearConv", "", "x sx", "y", NULL);
    case_fails(&w, n, ASX_EINVAL, "it has 2 inputs");
    w = start();
    onnx_floats(&w, "z", 0, NULL, &(float){0.5F});
    onnx_floats(&w, "bits", 0, NULL, &(float){8});
    qonnx_node(&w, "Quant", "x sx z bits", "y", true, false);
    case_fails(&w, n, ASX_EUNSUPPORTED, "zero point is 0.5");
    w = start();
    onnx_floats(&w, "z", 0, NULL, &(float){0});
    onnx_floats(&w, "bits", 0, NULL, &(float){32});
    qonnx_node(&w, "Quant", "x sx z bits", "y", true, false);
    case_fails(&w, n, ASX_EUNSUPPORTED, "32 bits");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_qdq),  cmocka_unit_test(as_qlinear), cmocka_unit_test(as_qonnx),
        cmocka_unit_test(bipolar), cmocka_unit_test(truncated),  cmocka_unit_test(no_formats),
        cmocka_unit_test(faults),
    };
    make_words();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
