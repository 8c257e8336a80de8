/* Products of two values as layers: counted, in words of their own, in proxies, beside training. */
#include <math.h>

#include "dse/design.h"
#include "eval/proxy.h"
#include "eval/train.h"
#include "integer.h"
#include "vit.h"

/* Scores and mixtures: T x T x H products for each head, twice; a layer for every matrix. */
static void in_the_workload(void **state)
{
    (void)state;
    asx_network *net = vit_encoder();
    size_t products = 0, n = 0;
    assert_int_equal(net->work.n_layers, 10);
    for (size_t i = 0; i < net->work.n_layers; i++) {
        const asx_layer *l = &net->work.layer[i];
        assert_int_equal(l->other.products, 0);
        if (l->kind != ASX_LAYER_PRODUCT)
            continue;
        assert_int_equal(l->groups, HEADS);
        assert_int_equal(l->input_non_negative, n == 1); /* behind Softmax */
        products += asx_layer_n_macs(l);
        n++;
    }
    assert_int_equal(products, 2 * HEADS * T * T * H);
    asx_network_free(net);
}

/* [5][3] by its own [3][5]: x times its transpose. */
static asx_network *square(void)
{
    enum { ROWS = 5, COLUMNS = 3 };
    static float one[ROWS * ROWS * 2];
    onnx_writer w = case_start(3, (int64_t[]){-1, ROWS, COLUMNS});
    onnx_bytes a = {0};
    onnx_attribute_ints(&a, "perm", 3, (int64_t[]){0, 2, 1});
    onnx_node(&w, "Transpose", "", "x", "t", &a);
    onnx_node(&w, "MatMul", "square", "x t", "s", NULL);
    onnx_node(&w, "Flatten", "", "s", "flat", NULL);
    for (size_t i = 0; i < sizeof one / sizeof *one; i++)
        one[i] = (float)(i % 7) - 3;
    onnx_floats(&w, "fc.weight", DIMS(ROWS * ROWS, 2), one);
    onnx_node(&w, "MatMul", "", "flat fc.weight", "z", NULL);
    onnx_output(&w, "z");
    onnx_bytes file = onnx_finish(&w);
    asx_error err = {0};
    asx_network *net = NULL;
    CHECK_OK(asx_network_parse(&net, "square.onnx", file.data, file.n, &err), err);
    onnx_bytes_free(&file);
    return net;
}

/* The word nearest to an integer of a value; every integer of a plain word is one. */
static double word_of(double q, double factor, const asx_word *w)
{
    return fmax(asx_word_min(w), fmin(rint(q * factor), asx_word_max(w)));
}

/* A product's integers as integer.h defines them, in words that round its operands differently. */
static void in_words(void **state)
{
    (void)state;
    enum { ROWS = 5, COLUMNS = 3, N = 4 };
    asx_error err;
    asx_calibration *c = NULL;
    asx_design design;
    asx_integer s;
    asx_network *net = square();
    const unsigned char label[N] = {0};
    asx_dataset *data = toy_data(N, net->input_shape, label);
    asx_calibration_options o = asx_calibration_options_default();
    o.batch = N;
    CHECK_OK(asx_calibration_new(&c, net, data, (asx_range){0, N}, &o, &err), err);
    CHECK_OK(asx_design_parse(&design, "near: w8a8 square=w3a5", &net->work, &err), err);
    CHECK_OK(asx_integer_init(&s, c, &design, &err), err);
    const asx_plan *plan = asx_calibration_plan(c);
    const asx_node *node = plan->node[0];
    const asx_integer_layer *l = &s.layer[0];
    assert_int_equal(node->op, ASX_OP_MATMUL);
    assert_true(l->weight_word.bits == 3 && l->input_word.bits == 5);
    float *x = toy_array(N * ROWS * COLUMNS), *y = toy_array(N * 2);
    asx_dataset_images(x, data, 0, N);
    const asx_run how = {.numerics = &asx_integers, .design = &s};
    float *workspace = asx_plan_workspace(plan);
    assert_non_null(workspace);
    const asx_frame frame = {plan, &how, workspace, 0, N};
    asx_plan_load(&frame, x);
    CHECK_OK(asx_plan_steps(&frame, 0, (size_t)(node - net->node) + 1, &err), err);
    const float *got = workspace + plan->offset[node->output];
    const double unit = s.scale[net->input];
    size_t different = 0;
    for (size_t image = 0; image < N; image++)
        for (size_t i = 0; i < ROWS; i++)
            for (size_t j = 0; j < ROWS; j++) {
                double sum = 0, exact = 0;
                for (size_t k = 0; k < COLUMNS; k++) {
                    const float *row = x + image * ROWS * COLUMNS;
                    const double a = rint((double)row[i * COLUMNS + k] * (double)(float)(1 / unit));
                    const double b = rint((double)row[j * COLUMNS + k] * (double)(float)(1 / unit));
                    sum += word_of(a, l->factor, &l->input_word) *
                           word_of(b, l->second_factor, &l->weight_word);
                    exact += a * b;
                }
                const double want = rint(sum * l->product_factor);
                const float have = got[(image * ROWS + i) * ROWS + j];
                assert_true((double)have == want);
                different += fabs(exact * unit * unit - want * s.scale[node->output]) > 1e-3;
            }
    assert_true(different > N); /* short words are felt */
    free(workspace);
    free(x);
    free(y);
    asx_integer_fini(&s);
    asx_design_fini(&design);
    asx_calibration_free(c);
    asx_dataset_free(data);
    asx_network_free(net);
}

/* Every type of proxy gives products a damage, which rises as words get shorter; designs of them are
 * trained. */
static void in_proxies(void **state)
{
    (void)state;
    asx_error err;
    asx_calibration *c = NULL;
    asx_network *net = vit_encoder();
    const unsigned char label[IMAGES] = {0, 1, 2, 0, 1, 2};
    asx_dataset *data = toy_data(IMAGES, net->input_shape, label);
    static const char *const text[] = {"w8a8", "w6a8", "w3a8", "w8a3"};
    asx_format format[4];
    for (size_t i = 0; i < 4; i++)
        CHECK_OK(asx_format_parse(&format[i], text[i], &err), err);
    CHECK_OK(asx_calibration_new(&c, net, data, (asx_range){0, IMAGES}, NULL, &err), err);
    for (size_t type = 0; type < asx_proxy_n_types(); type++) {
        asx_proxy *proxy = NULL;
        CHECK_OK(asx_proxy_new(&proxy, asx_proxy_type_name(type), c, data, (asx_range){0, IMAGES},
                               format, 4, &err),
                 err);
        for (size_t l = 0; l < net->work.n_layers; l++) {
            if (net->work.layer[l].kind != ASX_LAYER_PRODUCT)
                continue;
            const double plain = asx_proxy_damage(proxy, l, 0);
            if (!(asx_proxy_damage(proxy, l, 2) > plain && asx_proxy_damage(proxy, l, 3) >= plain))
                fail_msg("%s: layer %zu: %g, then %g and %g", asx_proxy_type_name(type), l, plain,
                         asx_proxy_damage(proxy, l, 2), asx_proxy_damage(proxy, l, 3));
        }
        asx_proxy_free(proxy);
    }
    asx_layer_operands operands = {0};
    for (size_t l = 0; l < net->work.n_layers; l++) {
        CHECK_OK(asx_calibration_operands(&operands, c, l, true, &err), err);
        assert_true(operands.weight_sigma > 0 && operands.weight_sigma < 1);
    }
    asx_calibration_free(c);
    asx_dataset_free(data);
    asx_network_free(net);
}

/* A design's words on the layers with weights; products are not rounded in training. */
static void in_trained_words(void **state)
{
    (void)state;
    asx_error err;
    asx_trainer *t = NULL;
    asx_network *net = vit_encoder(), *trained = NULL;
    const unsigned char label[IMAGES] = {0, 1, 2, 0, 1, 2};
    asx_dataset *data = toy_data(IMAGES, net->input_shape, label);
    asx_train_options o = asx_train_options_default();
    asx_design design;
    CHECK_OK(asx_design_parse(&design, "near: w4{1,3}a8", &net->work, &err), err);
    CHECK_OK(asx_params_set(&o.number, "batch", "6", &err), err);
    CHECK_OK(asx_params_set(&o.number, "epochs", "40", &err), err);
    CHECK_OK(asx_trainer_new(&t, net, data, (asx_range){0, IMAGES}, &design, &o, &err), err);
    for (int i = 0; i < 40; i++)
        CHECK_OK(asx_trainer_step(t, &err), err);
    CHECK_OK(asx_trainer_network(&trained, t, &err), err);
    assert_int_equal(trained->work.n_layers, net->work.n_layers);
    asx_network_free(trained);
    asx_trainer_free(t);
    asx_design_fini(&design);
    asx_dataset_free(data);
    asx_network_free(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(in_the_workload),
                                       cmocka_unit_test(in_words), cmocka_unit_test(in_proxies),
                                       cmocka_unit_test(in_trained_words)};
    vit_make_numbers();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
