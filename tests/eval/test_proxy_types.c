/* What the types of proxies are made of, against brute force: output errors by running the layer,
 * divergence from logits; and what every type must keep. */
#include <math.h>
#include <omp.h>

#include "divergence.h"
#include "eval/draw.h"
#include "eval/proxy.h"
#include "gram.h"
#include "integer.h"
#include "proxy_words.h"
#include "toy_data.h"

enum { IMAGES = 20 };
static const asx_range ALL = {0, IMAGES};

static asx_dataset *images_of(const asx_network *net)
{
    const unsigned char label[IMAGES] = {0};
    return toy_data(IMAGES, net->input_shape, label);
}

/* A layer with one output place sees the whole image: the Gram matrix then knows all there is.
 * kernel = image, padded by one; `groups` of channels. */
static asx_network *one_place(size_t groups)
{
    const asx_window w = {{4, 5}, {1, 1}, {1, 1}, {1, 1}, {0, 1}};
    asx_network *net = toy_network(SHAPE(2 * groups, 3, 3));
    toy_layer(net, (asx_node){.op = ASX_OP_CONV, .groups = groups, .window = w}, 0,
              SHAPE(3 * groups, 1, 1));
    return net;
}

/* The layer's outputs without bias, by definition. */
static double output(const asx_network *net, const float *weight, const float *x, size_t o)
{
    const asx_node *node = &net->node[0];
    const size_t per_group = node->n_biases / node->groups;
    double sum = 0;
    for (size_t c = 0; c < 2; c++)
        for (size_t i = 0; i < 3; i++)
            for (size_t j = 0; j < 3; j++)
                sum += (double)weight[((o * 2 + c) * 4 + i + 1) * 5 + j + 1] *
                       (double)x[((o / per_group * 2 + c) * 3 + i) * 3 + j];
    return sum;
}

static void output_errors(void **state)
{
    (void)state;
    for (size_t groups = 1; groups <= 3; groups++) {
        asx_error err;
        asx_calibration *c = NULL;
        asx_gram *gram = NULL;
        asx_network *net = one_place(groups);
        asx_dataset *data = images_of(net);
        const asx_node *node = &net->node[0];
        const size_t n_in = asx_value_n_elements(&net->value[0]);
        float *weight = toy_array(node->n_weights), *x = toy_array(IMAGES * n_in);
        double error = 0, square = 0;
        CHECK_OK(asx_calibration_new(&c, net, data, ALL, NULL, &err), err);
        CHECK_OK(asx_grams_new(&gram, c, data, ALL, &err), err);
        asx_dataset_images(x, data, 0, IMAGES);
        for (size_t i = 0; i < IMAGES; i++)
            for (size_t o = 0; o < node->n_biases; o++) {
                const double y = output(net, node->weight, x + i * n_in, o);
                const double d = output(net, weight, x + i * n_in, o) - y;
                error += d * d;
                square += y * y;
            }
        const double got = asx_gram_error(&gram[0], node, weight);
        if (!(fabs(got - error / square) <= 1e-4 * (error / square)))
            fail_msg("%zu groups: %g, not %g", groups, got, error / square);
        assert_true(asx_gram_error(&gram[0], node, node->weight) == 0);
        asx_grams_free(gram, 1);
        asx_calibration_free(c);
        asx_dataset_free(data);
        asx_network_free(net);
        free(weight);
        free(x);
    }
}

/* Logits of a design on all images. */
static void logits_of(double *z, asx_calibration *c, const asx_dataset *data,
                      const asx_design *design)
{
    asx_error err;
    const asx_plan *plan = asx_calibration_plan(c);
    const size_t n_in = asx_value_n_elements(&plan->network->value[plan->network->input]);
    const size_t n = asx_network_n_classes(plan->network);
    asx_integer integer;
    CHECK_OK(asx_integer_init(&integer, c, design, &err), err);
    const asx_run run = {.numerics = &asx_integers, .design = &integer};
    float *x = toy_array(n_in), *y = toy_array(n), *workspace = asx_plan_workspace(plan);
    assert_non_null(workspace);
    for (size_t i = 0; i < IMAGES; i++) {
        asx_dataset_images(x, data, i, 1);
        CHECK_OK(asx_plan_run(plan, y, x, i, 1, &run, workspace, &err), err);
        for (size_t k = 0; k < n; k++)
            z[i * n + k] = (double)y[k];
    }
    asx_integer_fini(&integer);
    free(x);
    free(y);
    free(workspace);
}

/* By definition: no logit is large. */
static asx_change change_of(const double *base, const double *z, size_t n)
{
    double sum_base = 0, sum = 0, mean = 0;
    asx_change change = {0};
    for (size_t k = 0; k < n; k++) {
        sum_base += exp(base[k]);
        sum += exp(z[k]);
        mean += (z[k] - base[k]) / (double)n;
    }
    for (size_t k = 0; k < n; k++) {
        const double p = exp(base[k]) / sum_base, q = exp(z[k]) / sum;
        change.divergence += p * log(p / q);
        change.square += pow(z[k] - base[k] - mean, 2);
        change.probability += pow(p - q, 2);
    }
    return change;
}

static void divergence(void **state)
{
    (void)state;
    enum { N = 40, CLASSES = 5 }; /* more than are run at a time */
    static const char *const TEXT[] = {"vn:w3a8", "vn:w8a8", "vn:w8a8 layer1=w2a3", "vn:w4{1}a8"};
    asx_error err;
    asx_calibration *c = NULL;
    asx_network *net = toy_residual();
    asx_dataset *data = images_of(net);
    asx_design base, design[N];
    asx_change got[N];
    const asx_design *list[N];
    double whole[N];
    double z_base[IMAGES * CLASSES], z[IMAGES * CLASSES];
    CHECK_OK(asx_calibration_new(&c, net, data, ALL, NULL, &err), err);
    CHECK_OK(asx_design_parse(&base, "vn:w8a8", &net->work, &err), err);
    for (size_t i = 0; i < N; i++)
        CHECK_OK(asx_design_parse(&design[i], TEXT[i % 4], &net->work, &err), err);
    CHECK_OK(asx_divergence(got, c, data, ALL, &base, design, N, &err), err);
    for (size_t i = 0; i < N; i++)
        list[i] = &design[i];
    CHECK_OK(asx_proxy_whole(whole, c, data, ALL, list, N, &err), err); /* against w8a8 as well */
    const asx_design none = {.n_layers = 1};
    list[0] = &none;
    CHECK_FAIL(asx_proxy_whole(whole, c, data, ALL, list, 1, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_proxy_whole(whole, c, data, (asx_range){5, IMAGES + 1}, list + 1, 1, &err),
               ASX_EINVAL, err);
    logits_of(z_base, c, data, &base);
    for (size_t d = 0; d < N; d++) {
        asx_change want = {0};
        logits_of(z, c, data, &design[d]);
        for (size_t i = 0; i < IMAGES; i++) {
            const asx_change one = change_of(z_base + i * CLASSES, z + i * CLASSES, CLASSES);
            want.divergence += one.divergence / IMAGES;
            want.square += one.square / IMAGES;
            want.probability += one.probability / IMAGES;
        }
        assert_true(fabs(got[d].probability - want.probability) < 1e-5);
        assert_true(fabs(whole[d] - want.probability) < 1e-5);
        assert_true(fabs(got[d].divergence - want.divergence) < 1e-5);
        assert_true(fabs(got[d].square - want.square) < 1e-5 * (1 + want.square));
    }
    assert_true(got[0].divergence > 1e-4 && got[2].divergence > 1e-4 && got[0].square > 1e-4);
    assert_true(fabs(got[1].divergence) < 1e-6 && got[1].square < 1e-9);
    asx_design_fini(&base);
    for (size_t i = 0; i < N; i++)
        asx_design_fini(&design[i]);
    asx_calibration_free(c);
    asx_dataset_free(data);
    asx_network_free(net);
}

static const char *const FORMATS[] = {"w8a8", "w8{1}a8", "w6{1,3}a8", "w4{1}a8", "w3a8", "w8a3"};
enum { N_FORMATS = sizeof FORMATS / sizeof *FORMATS, N_LAYERS = 3 };

/* The table of every type, by two numbers of threads; drawn designs. */
static void every_type(void **state)
{
    (void)state;
    asx_error err;
    asx_format format[N_FORMATS];
    asx_network *net = toy_residual();
    asx_dataset *data = images_of(net);
    const int threads = omp_get_max_threads();
    for (size_t f = 0; f < N_FORMATS; f++)
        CHECK_OK(asx_format_parse(&format[f], FORMATS[f], &err), err);
    for (size_t type = 0; type < asx_proxy_n_types(); type++) {
        asx_proxy *proxy[2] = {NULL};
        for (int k = 0; k < 2; k++) {
            asx_calibration *c = NULL;
            omp_set_num_threads(1 + 2 * k);
            CHECK_OK(asx_calibration_new(&c, net, data, ALL, NULL, &err), err);
            CHECK_OK(asx_proxy_new(&proxy[k], asx_proxy_type_name(type), c, data, ALL, format,
                                   N_FORMATS, &err),
                     err);
            asx_calibration_free(c);
        }
        omp_set_num_threads(threads);
        assert_true(strlen(asx_proxy_type_summary(type)) > 0);
        for (size_t l = 0; l < N_LAYERS; l++) {
            for (size_t f = 0; f < N_FORMATS; f++) {
                const double d = asx_proxy_damage(proxy[0], l, f);
                assert_true(d >= 0 && isfinite(d) && d == asx_proxy_damage(proxy[1], l, f));
            }
            /* fewer weight bits do more damage, and so do fewer bits of the input */
            assert_true(asx_proxy_damage(proxy[0], l, 4) > asx_proxy_damage(proxy[0], l, 0));
            assert_true(asx_proxy_damage(proxy[0], l, 5) > asx_proxy_damage(proxy[0], l, 0));
        }
        asx_proxy_free(proxy[0]);
        asx_proxy_free(proxy[1]);
    }
    asx_dataset_free(data);
    asx_network_free(net);
}

/* The table of "alone": within a layer, in proportion to the squared change of the logits when that
 * layer alone has the format; the factor is a mean of divergence per change. */
static void changes_alone(void **state)
{
    (void)state;
    enum { N = 4 };
    static const char *const TEXT[N] = {"w6{1}a8", "w4{1}a8", "w4{1,3}a8", "w3a8"};
    asx_error err;
    asx_format format[N];
    asx_network *net = toy_residual();
    asx_dataset *data = images_of(net);
    asx_calibration *c = NULL;
    asx_proxy *proxy = NULL;
    asx_design base;
    for (size_t f = 0; f < N; f++)
        CHECK_OK(asx_format_parse(&format[f], TEXT[f], &err), err);
    CHECK_OK(asx_calibration_new(&c, net, data, ALL, NULL, &err), err);
    CHECK_OK(asx_proxy_new(&proxy, "alone", c, data, ALL, format, N, &err), err);
    CHECK_OK(asx_design_parse(&base, "vn:w8a8", &net->work, &err), err);
    for (size_t l = 0; l < N_LAYERS; l++) {
        double least = INFINITY, most = 0, factor[N];
        for (size_t f = 0; f < N; f++) {
            asx_design design;
            asx_change change;
            CHECK_OK(asx_design_parse(&design, "vn:w8a8", &net->work, &err), err);
            design.format[l] = format[f];
            CHECK_OK(asx_divergence(&change, c, data, ALL, &base, &design, 1, &err), err);
            least = fmin(least, change.divergence / change.square);
            most = fmax(most, change.divergence / change.square);
            factor[f] = asx_proxy_damage(proxy, l, f) / change.square;
            assert_true(fabs(factor[f] / factor[0] - 1) < 1e-6);
            asx_design_fini(&design);
        }
        assert_true(factor[0] > least && factor[0] < most);
    }
    asx_design_fini(&base);
    asx_proxy_free(proxy);
    asx_calibration_free(c);
    asx_dataset_free(data);
    asx_network_free(net);
}

static void drawn_designs(void **state)
{
    (void)state;
    asx_error err;
    asx_format format[N_FORMATS];
    asx_network *net = toy_residual();
    asx_dataset *data = images_of(net);
    asx_calibration *c = NULL;
    asx_proxy *proxy = NULL;
    asx_draws *draws = NULL;
    asx_design a, b, small;
    size_t n_different = 0, n_least = 0;
    for (size_t f = 0; f < N_FORMATS; f++)
        CHECK_OK(asx_format_parse(&format[f], FORMATS[f], &err), err);
    CHECK_OK(asx_calibration_new(&c, net, data, ALL, NULL, &err), err);
    CHECK_OK(asx_proxy_new(&proxy, "weight", c, data, ALL, format, N_FORMATS, &err), err);
    CHECK_OK(asx_draws_new(&draws, c, format, N_FORMATS, &err), err);
    CHECK_OK(asx_design_init(&a, N_LAYERS, &err), err);
    CHECK_OK(asx_design_init(&b, N_LAYERS, &err), err);
    CHECK_OK(asx_design_init(&small, N_LAYERS - 1, &err), err);
    for (size_t i = 0; i < 100; i++) {
        double damage, other;
        CHECK_OK(asx_draws_design(&a, draws, ASX_DRAW_MIXED, 1, i, &err), err);
        CHECK_OK(asx_draws_design(&b, draws, ASX_DRAW_MIXED, 1, i, &err), err);
        CHECK_OK(asx_proxy_design_damage(&damage, proxy, &a, &err), err);
        CHECK_OK(asx_proxy_design_damage(&other, proxy, &b, &err), err);
        assert_true(damage == other);
        for (size_t l = 0; l < N_LAYERS; l++)
            n_least += asx_format_equal(&a.format[l], &format[0]);
        CHECK_OK(asx_draws_design(&b, draws, ASX_DRAW_SPREAD, 1, i, &err), err);
        CHECK_OK(asx_proxy_design_damage(&other, proxy, &b, &err), err);
        n_different += damage < other || damage > other;
    }
    assert_true(n_different > 50 && n_least > 100); /* most layers are left as they were */
    CHECK_FAIL(asx_draws_design(&small, draws, ASX_DRAW_MIXED, 1, 0, &err), ASX_EINVAL, err);
    double damage = -1;
    CHECK_FAIL(asx_proxy_design_damage(&damage, proxy, &small, &err), ASX_EINVAL, err);
    assert_true(damage == -1);
    asx_draws *empty = NULL;
    CHECK_FAIL(asx_draws_new(&empty, c, format, 0, &err), ASX_EINVAL, err);
    assert_null(empty);
    asx_proxy *none = NULL;
    CHECK_FAIL(asx_proxy_new(&none, "guess", c, data, ALL, format, N_FORMATS, &err), ASX_ENOTFOUND,
               err);
    assert_null(none);
    asx_design_fini(&a);
    asx_design_fini(&b);
    asx_design_fini(&small);
    asx_draws_free(draws);
    asx_proxy_free(proxy);
    asx_calibration_free(c);
    asx_dataset_free(data);
    asx_network_free(net);
}

/* Words whose sets differ by a factor are one, and have the same damage. */
static void words_up_to_scale(void **state)
{
    (void)state;
    static const char *const TEXT[] = {"w8a8", "w5{13}a8", "w4{1}a8", "w8{13}a8", "w5{13}a7"};
    static const size_t WANT[] = {0, 1, 2, 1, 1};
    enum { N = sizeof TEXT / sizeof *TEXT };
    asx_error err;
    asx_format format[N];
    asx_words w;
    for (size_t f = 0; f < N; f++)
        CHECK_OK(asx_format_parse(&format[f], TEXT[f], &err), err);
    CHECK_OK(asx_words_init(&w, format, N, true, &err), err);
    assert_int_equal(w.n, 3);
    assert_memory_equal(w.of_format, WANT, sizeof WANT);
    asx_words_fini(&w);
    CHECK_OK(asx_words_init(&w, format, N, false, &err), err);
    assert_int_equal(w.n, 2);
    asx_words_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(output_errors), cmocka_unit_test(divergence),
        cmocka_unit_test(every_type),    cmocka_unit_test(changes_alone),
        cmocka_unit_test(drawn_designs), cmocka_unit_test(words_up_to_scale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
