/* A small vision transformer, written as PyTorch exports one, against the same computed here in
 * doubles: in floats, in integers of 16 bits, written and read again. */
#include <math.h>

#include "dse/design.h"
#include "eval/train.h"
#include "integer.h"
#include "onnx_write.h"
#include "vit.h"

/* ---- the same in doubles ---- */

static void dense(double *y, const double *x, size_t rows, size_t n, size_t m, const float *weight,
                  const float *bias)
{
    for (size_t r = 0; r < rows; r++)
        for (size_t j = 0; j < m; j++) {
            y[r * m + j] = bias ? (double)bias[j] : 0;
            for (size_t i = 0; i < n; i++)
                y[r * m + j] += x[r * n + i] * (double)weight[i * m + j];
        }
}

static void norm(double *y, const double *x, size_t k)
{
    for (size_t r = 0; r < T; r++) {
        double mean = 0, variance = 0;
        for (size_t i = 0; i < D; i++)
            mean += x[r * D + i] / D;
        for (size_t i = 0; i < D; i++)
            variance += (x[r * D + i] - mean) * (x[r * D + i] - mean) / D;
        for (size_t i = 0; i < D; i++)
            y[r * D + i] = (x[r * D + i] - mean) / sqrt(variance + 1e-5) * (double)p.norm[k][0][i] +
                           (double)p.norm[k][1][i];
    }
}

static void embed(double *x, const float *image)
{
    for (size_t i = 0; i < D; i++)
        x[i] = (double)p.token[i];
    for (size_t t = 1; t < T; t++)
        for (size_t d = 0; d < D; d++) {
            const size_t top = (t - 1) / 2 * PATCH, left = (t - 1) % 2 * PATCH;
            x[t * D + d] = (double)p.patch_bias[d];
            for (size_t i = 0; i < C * PATCH * PATCH; i++) {
                const size_t c = i / (PATCH * PATCH), row = i / PATCH % PATCH, column = i % PATCH;
                x[t * D + d] += (double)p.patch[d * C * PATCH * PATCH + i] *
                                (double)image[(c * SIZE + top + row) * SIZE + left + column];
            }
        }
    for (size_t i = 0; i < T * D; i++)
        x[i] += (double)p.position[i];
}

static void attend(double *y, const double *x)
{
    double v[3][T * D], o[T * D] = {0};
    for (size_t k = 0; k < 3; k++)
        dense(v[k], x, T, D, D, p.qkv[k], p.qkv_bias[k]);
    for (size_t h = 0; h < HEADS; h++)
        for (size_t i = 0; i < T; i++) {
            double power[T], sum = 0;
            for (size_t j = 0; j < T; j++) {
                double dot = 0;
                for (size_t d = 0; d < H; d++)
                    dot += v[0][i * D + h * H + d] * v[1][j * D + h * H + d];
                sum += power[j] = exp(dot / 2);
            }
            for (size_t j = 0; j < T; j++)
                for (size_t d = 0; d < H; d++)
                    o[i * D + h * H + d] += power[j] / sum * v[2][j * D + h * H + d];
        }
    dense(y, o, T, D, D, p.out, p.out_bias);
}

static void reference(double *z, const float *image)
{
    double x[T * D], n[T * D], y[T * D], m[T * M];
    embed(x, image);
    norm(n, x, 0);
    attend(y, n);
    for (size_t i = 0; i < T * D; i++)
        x[i] += y[i];
    norm(n, x, 1);
    dense(m, n, T, D, M, p.up, p.up_bias);
    for (size_t i = 0; i < T * M; i++)
        m[i] *= 0.5 * (1 + erf(m[i] / sqrt(2)));
    dense(y, m, T, M, D, p.down, p.down_bias);
    for (size_t i = 0; i < T * D; i++)
        x[i] += y[i];
    norm(n, x, 2);
    dense(z, n, 1, D, CLASSES, p.head, NULL);
}

/* The largest difference from the reference. */
static double difference(const float *y, const float *x)
{
    double most = 0;
    for (size_t i = 0; i < IMAGES; i++) {
        double z[CLASSES];
        reference(z, x + i * PIXELS);
        for (size_t k = 0; k < CLASSES; k++)
            most = fmax(most, fabs((double)y[i * CLASSES + k] - z[k]));
    }
    return most;
}

static void in_floats(void **state)
{
    (void)state;
    asx_error err;
    asx_network *net = vit_encoder(), *again = NULL;
    float *x = toy_array(IMAGES * PIXELS), *y = case_run(net, x, IMAGES);
    assert_true(difference(y, x) < 2e-6);
    free(y);
    void *bytes = NULL;
    size_t n = 0;
    CHECK_OK(asx_onnx_write(&bytes, &n, net, &err), err);
    CHECK_OK(asx_network_parse(&again, "again", bytes, n, &err), err);
    assert_true(again->n_nodes <= net->n_nodes); /* constants are expanded at once */
    y = case_run(again, x, IMAGES);
    assert_true(difference(y, x) < 2e-6);
    free(bytes);
    free(x);
    free(y);
    asx_network_free(again);
    asx_network_free(net);
}

/* In words of 16 bits the outputs, which span about one, are right to a thousandth. */
static void in_integers(void **state)
{
    (void)state;
    asx_error err;
    asx_calibration *c = NULL;
    asx_design design;
    asx_integer integer;
    asx_network *net = vit_encoder();
    const unsigned char label[IMAGES] = {0};
    asx_dataset *data = toy_data(IMAGES, net->input_shape, label);
    asx_calibration_options o = asx_calibration_options_default();
    o.batch = IMAGES;
    CHECK_OK(asx_calibration_new(&c, net, data, (asx_range){0, IMAGES}, &o, &err), err);
    CHECK_OK(asx_design_parse(&design, "near: w16a16", &net->work, &err), err);
    CHECK_OK(asx_integer_init(&integer, c, &design, &err), err);
    float *x = toy_array(IMAGES * PIXELS), *y = toy_array(IMAGES * CLASSES);
    asx_dataset_images(x, data, 0, IMAGES);
    const asx_run how = {.numerics = &asx_integers, .design = &integer};
    float *workspace = asx_plan_workspace(asx_calibration_plan(c));
    assert_non_null(workspace);
    CHECK_OK(asx_plan_run(asx_calibration_plan(c), y, x, 0, IMAGES, &how, workspace, &err), err);
    assert_true(difference(y, x) < 1e-3);
    free(workspace);
    free(x);
    free(y);
    asx_integer_fini(&integer);
    asx_design_fini(&design);
    asx_calibration_free(c);
    asx_dataset_free(data);
    asx_network_free(net);
}

/* Training moves the weights of layers and leaves the constants; the loss goes down. */
static void in_training(void **state)
{
    (void)state;
    asx_error err;
    asx_trainer *t = NULL;
    asx_network *net = vit_encoder(), *trained = NULL;
    const unsigned char label[IMAGES] = {0, 1, 2, 0, 1, 2};
    asx_dataset *data = toy_data(IMAGES, net->input_shape, label);
    asx_train_options o = asx_train_options_default();
    CHECK_OK(asx_params_set(&o.number, "batch", "6", &err), err);
    CHECK_OK(asx_params_set(&o.number, "epochs", "300", &err), err);
    CHECK_OK(asx_params_set(&o.number, "rate", "0.02", &err), err);
    CHECK_OK(asx_trainer_new(&t, net, data, (asx_range){0, IMAGES}, NULL, &o, &err), err);
    CHECK_OK(asx_trainer_step(t, &err), err);
    const double first = asx_trainer_progress(t).loss;
    for (int i = 1; i < 300; i++)
        CHECK_OK(asx_trainer_step(t, &err), err);
    CHECK_OK(asx_trainer_network(&trained, t, &err), err);
    assert_true(asx_trainer_progress(t).loss < 0.5 * first);
    for (size_t i = 0; i < net->n_nodes; i++) {
        const asx_node *a = &net->node[i], *b = &trained->node[i];
        if (a->n_weights > 0)
            assert_int_equal(memcmp(a->weight, b->weight, a->n_weights * sizeof(float)) == 0,
                             a->op == ASX_OP_CONSTANT);
    }
    asx_network_free(trained);
    asx_trainer_free(t);
    asx_dataset_free(data);
    asx_network_free(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(in_floats), cmocka_unit_test(in_integers),
                                       cmocka_unit_test(in_training)};
    vit_make_numbers();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
