/* Trainers as a whole: they learn, repeat themselves, resume, and refuse what does not fit. */
#include <omp.h>

#include "dse/grid.h"
#include "lab.h"

/* Every output channel's weights are integers of the word, times a scale. */
static void check_on_grid(const asx_network *net, const asx_word *weight)
{
    asx_error err;
    asx_grid *grid = NULL;
    CHECK_OK(asx_grid_new(&grid, weight, &err), err);
    for (size_t i = 0; i < net->n_nodes; i++) {
        const asx_node *node = &net->node[i];
        for (size_t c = 0; node->weight && c < node->n_biases; c++) {
            const size_t depth = node->n_weights / node->n_biases;
            const float *w = node->weight + c * depth;
            double least = INFINITY;
            for (size_t j = 0; j < depth; j++)
                if (fabsf(w[j]) > 0)
                    least = fmin(least, fabs((double)w[j]));
            bool on = !isfinite(least);
            for (int unit = 1; unit <= 2 && !on; unit++) { /* the least value is 1 or 2 */
                on = true;
                for (size_t j = 0; j < depth; j++) {
                    const double u = (double)w[j] / least * unit;
                    on = on && fabs(u - asx_grid_nearest(grid, u)) < 1e-5;
                }
            }
            assert_true(on);
        }
    }
    asx_grid_free(grid);
}

/* What w3{1} does to the toy, training gives back, and the weights lie on the grid. */
static void learns(void **state)
{
    (void)state;
    asx_error err;
    lab l = lab_open("near: w3{1}a8");
    const asx_train_options o = quick("5", "5");
    asx_trainer *t = trainer(&l, &l.design, &o);
    const size_t n = asx_trainer_progress(t).n_steps;
    assert_int_equal(n, 75);
    run(t, n);
    const asx_train_progress p = asx_trainer_progress(t);
    assert_int_equal(p.step, n);
    asx_network *net = NULL;
    CHECK_OK(asx_trainer_network(&net, t, &err), err);
    const double before = accuracy(&l, l.net), after = accuracy(&l, net);
    assert_true(before < 90);
    assert_true(after > before + 5);

    /* the integers are computed at the scales that were trained */
    asx_calibration *calibration = NULL;
    CHECK_OK(asx_calibration_new(&calibration, net, l.data, ALL, NULL, &err), err);
    for (size_t i = 0; i < net->n_nodes; i++) {
        const int layer = net->node[i].layer;
        if (layer == ASX_NO_LAYER)
            continue;
        const asx_word word = asx_format_activation(&l.design.format[layer],
                                                    net->work.layer[layer].input_non_negative);
        double scale = 0;
        CHECK_OK(asx_calibration_scale(&scale, calibration, (size_t)layer, &word, &err), err);
        const double high = word.non_negative ? 255 : 127;
        assert_true(net->node[i].clip > 0);
        assert_true(fabs(scale * high / (double)net->node[i].clip - 1) < 1e-6);
    }
    asx_calibration_free(calibration);

    check_on_grid(net, &l.design.format[0].weight);
    asx_network_free(net);
    asx_trainer_free(t);
    lab_close(&l);
}

/* The same for 1 and 4 threads, and with a checkpoint in the middle of an epoch; not for another
 * seed. */
static void repeats(void **state)
{
    (void)state;
    asx_error err;
    char path[] = "/tmp/asx-train-XXXXXX";
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    lab l = lab_open("near: w4{1}a4 layer1=w5s{1,3}a6");
    asx_train_options o = quick("36", "2");
    CHECK_OK(asx_params_set(&o.number, "distil", "0.5", &err), err);
    CHECK_OK(asx_params_set(&o.number, "shift", "1", &err), err);
    CHECK_OK(asx_params_set(&o.number, "clip_gradient", "2", &err), err);
    const int threads = omp_get_max_threads();
    omp_set_num_threads(1);
    asx_trainer *a = trainer(&l, &l.design, &o);
    run(a, 4);
    omp_set_num_threads(4);
    asx_trainer *b = trainer(&l, &l.design, &o), *c = trainer(&l, &l.design, &o);
    run(b, 3);
    assert_false(same_weights(a, b));
    CHECK_OK(asx_trainer_save(b, path, &err), err);
    CHECK_OK(asx_trainer_resume(c, path, &err), err);
    assert_true(same_weights(b, c));
    run(b, 1);
    run(c, 1);
    omp_set_num_threads(threads);
    assert_true(same_weights(a, b));
    assert_true(same_weights(a, c));
    o.seed = 2;
    asx_trainer *d = trainer(&l, &l.design, &o);
    CHECK_FAIL(asx_trainer_resume(d, path, &err), ASX_EINVAL, err);
    run(d, 4);
    assert_false(same_weights(a, d));

    FILE *f = fopen(path, "r+b");
    assert_non_null(f);
    fseek(f, 200, SEEK_SET);
    const int byte = fgetc(f);
    fseek(f, 200, SEEK_SET);
    fputc(byte ^ 1, f);
    fclose(f);
    CHECK_FAIL(asx_trainer_resume(c, path, &err), ASX_EPARSE, err);
    f = fopen(path, "wb");
    assert_non_null(f);
    fputs("something else that is long enough to hold a header and its hash, but is neither......",
          f);
    fclose(f);
    CHECK_FAIL(asx_trainer_resume(c, path, &err), ASX_EPARSE, err);
    unlink(path);
    CHECK_FAIL(asx_trainer_resume(c, path, &err), ASX_EIO, err);
    CHECK_FAIL(asx_trainer_save(c, "/nowhere/at/all", &err), ASX_EIO, err);
    assert_true(same_weights(a, c)); /* failures left it alone */
    asx_trainer_free(a);
    asx_trainer_free(b);
    asx_trainer_free(c);
    asx_trainer_free(d);
    lab_close(&l);
}

/* A denser design first, whole or with a checkpoint before, at and after the change; it ends on the
 * grid of the last one, which is not the same as training for it alone. */
static void gradually(void **state)
{
    (void)state;
    asx_error err;
    char path[] = "/tmp/asx-train-XXXXXX";
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    for (int learns = 0; learns < 2; learns++) {
        lab l = lab_open("near: w3{1}a5"), before = lab_open("near: w4{1,3}a8");
        asx_train_options o = quick("15", "2"); /* 10 steps, 5 of them for the first */
        CHECK_OK(asx_params_set(&o.number, "clip_rate", learns ? "0.1" : "0", &err), err);
        asx_trainer *plain = trainer(&l, &l.design, &o);
        o.via = &before.design;
        asx_trainer *whole = trainer(&l, &l.design, &o);
        run(plain, 10);
        run(whole, 10);
        assert_false(same_weights(plain, whole));
        for (size_t at = 4; at <= 6; at++) {
            asx_trainer *a = trainer(&l, &l.design, &o), *b = trainer(&l, &l.design, &o);
            run(a, at);
            CHECK_OK(asx_trainer_save(a, path, &err), err);
            CHECK_OK(asx_trainer_resume(b, path, &err), err);
            run(b, 10 - at);
            assert_true(same_weights(whole, b));
            asx_trainer_free(a);
            asx_trainer_free(b);
        }
        asx_network *net = NULL;
        CHECK_OK(asx_trainer_network(&net, whole, &err), err);
        for (size_t i = 0; i < net->n_nodes; i++) { /* w3{1}: -2, -1, 0, 1, 2 and a scale */
            const asx_node *node = &net->node[i];
            const size_t depth = node->weight ? node->n_weights / node->n_biases : 0;
            for (size_t c = 0; node->weight && c < node->n_biases; c++) {
                float top = 0;
                for (size_t j = 0; j < depth; j++)
                    top = fmaxf(top, fabsf(node->weight[c * depth + j]));
                for (size_t j = 0; top > 0 && j < depth; j++) {
                    const float u = fabsf(node->weight[c * depth + j]) / top;
                    assert_true(u < 1e-6f || fabsf(u - 0.5f) < 1e-6f || fabsf(u - 1) < 1e-6f);
                }
            }
        }
        asx_network_free(net);
        asx_trainer_free(plain);
        asx_trainer_free(whole);
        lab_close(&l);
        lab_close(&before);
    }
    unlink(path);
}

/* In floating point, from random weights; the answers are another network's. */
static void learns_in_float(void **state)
{
    (void)state;
    asx_error err;
    lab l = lab_open("near: w8a8");
    for (int i = 0; i < ASX_N_OPTIMISERS; i++) {
        asx_train_options o = quick("15", "12");
        o.optimiser = (asx_optimiser)i;
        CHECK_OK(asx_params_set(&o.number, "fresh", "1", &err), err);
        asx_trainer *t = trainer(&l, NULL, &o);
        asx_network *before = NULL, *after = NULL;
        CHECK_OK(asx_trainer_network(&before, t, &err), err);
        run(t, asx_trainer_progress(t).n_steps);
        CHECK_OK(asx_trainer_network(&after, t, &err), err);
        assert_true(accuracy(&l, after) > accuracy(&l, before) + 20);
        asx_network_free(before);
        asx_network_free(after);
        asx_trainer_free(t);
    }
    lab_close(&l);
}

/* Normalised layers, the statistics of a checkpoint, and what is left of them in the end. */
static void learns_normalised(void **state)
{
    (void)state;
    asx_error err;
    char path[] = "/tmp/asx-train-XXXXXX";
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    lab l = lab_open("near: w8a8");
    for (size_t i = 0; i + 1 < l.net->n_nodes; i++)
        l.net->node[i].normalised = l.net->node[i].layer != ASX_NO_LAYER;
    asx_train_options o = quick("15", "12");
    CHECK_OK(asx_params_set(&o.number, "fresh", "1", &err), err);
    asx_trainer *t = trainer(&l, NULL, &o), *again = trainer(&l, NULL, &o);
    asx_network *before = NULL, *after = NULL;
    CHECK_OK(asx_trainer_network(&before, t, &err), err);
    run(t, 7);
    CHECK_OK(asx_trainer_save(t, path, &err), err);
    CHECK_OK(asx_trainer_resume(again, path, &err), err);
    unlink(path);
    run(t, asx_trainer_progress(t).n_steps - 7);
    run(again, asx_trainer_progress(t).n_steps - 7);
    assert_true(same_weights(t, again));
    CHECK_OK(asx_trainer_network(&after, t, &err), err);
    assert_true(accuracy(&l, after) > accuracy(&l, before) + 20);
    for (size_t i = 0; i < after->n_nodes; i++)
        assert_false(after->node[i].normalised);
    asx_network_free(before);
    asx_network_free(after);
    asx_trainer_free(t);
    asx_trainer_free(again);
    lab_close(&l);
}

/* Where every step sees all images and nothing moves, a folded layer's outputs have mean 0 and
 * variance 1 over all of them. */
static void folds(void **state)
{
    (void)state;
    enum { N = 48, CHANNELS = 5, PLACES = 16 };
    asx_error err;
    const asx_window half = {{3, 3}, {2, 2}, {1, 1}, {1, 1}, {0, 0}};
    unsigned char label[N] = {0};
    asx_network *net = toy_network(SHAPE(3, 8, 8)), *after = NULL;
    size_t v =
        toy_layer(net, (asx_node){.op = ASX_OP_CONV, .window = half}, 0, SHAPE(CHANNELS, 4, 4));
    toy_node(net, (asx_node){.op = ASX_OP_RESHAPE}, 1, v, 0, SHAPE(CHANNELS * PLACES));
    net->node[0].normalised = true;
    asx_dataset *data = toy_data(N, net->input_shape, label);
    asx_train_options o = quick("48", "30");
    CHECK_OK(asx_params_set(&o.number, "fresh", "1", &err), err);
    CHECK_OK(asx_params_set(&o.number, "rate", "1e-9", &err), err);
    asx_trainer *t = NULL;
    CHECK_OK(asx_trainer_new(&t, net, data, (asx_range){0, N}, NULL, &o, &err), err);
    run(t, 30);
    CHECK_OK(asx_trainer_network(&after, t, &err), err);
    asx_plan *plan = NULL;
    float *x = toy_array(N * 3 * 64), *y = toy_array(N * CHANNELS * PLACES);
    asx_dataset_images(x, data, 0, N);
    CHECK_OK(asx_plan_new(&plan, after, N, &err), err);
    float *workspace = asx_plan_workspace(plan);
    assert_non_null(workspace);
    CHECK_OK(asx_plan_run(plan, y, x, 0, N, &(asx_run){0}, workspace, &err), err);
    for (size_t c = 0; c < CHANNELS; c++) {
        double sum = 0, square = 0;
        for (size_t i = 0; i < N; i++)
            for (size_t j = 0; j < PLACES; j++) {
                const double z = (double)y[(i * CHANNELS + c) * PLACES + j];
                sum += z / (N * PLACES);
                square += z * z / (N * PLACES);
            }
        assert_true(fabs(sum) < 0.01 && fabs(square - 1) < 0.01);
    }
    free(x);
    free(y);
    free(workspace);
    asx_plan_free(plan);
    asx_trainer_free(t);
    asx_network_free(after);
    asx_network_free(net);
    asx_dataset_free(data);
}

static void refuses(void **state)
{
    (void)state;
    asx_error err;
    asx_trainer *t = NULL;
    lab l = lab_open("near: w4{1}a8");
    asx_train_options o = quick("76", "1");
    CHECK_FAIL(asx_trainer_new(&t, l.net, l.data, ALL, &l.design, &o, &err), ASX_EINVAL, err);
    o = quick("5", "1");
    CHECK_FAIL(asx_trainer_new(&t, l.net, l.data, (asx_range){0, 76}, &l.design, &o, &err),
               ASX_EINVAL, err);
    asx_design other;
    CHECK_OK(asx_design_init(&other, 1, &err), err);
    CHECK_FAIL(asx_trainer_new(&t, l.net, l.data, ALL, &other, &o, &err), ASX_EINVAL, err);
    o.via = &other;
    CHECK_FAIL(asx_trainer_new(&t, l.net, l.data, ALL, &l.design, &o, &err), ASX_EINVAL, err);
    o.via = &l.design;
    CHECK_FAIL(asx_trainer_new(&t, l.net, l.data, ALL, NULL, &o, &err), ASX_EINVAL, err);
    o.via = NULL;
    asx_design_fini(&other);
    CHECK_OK(asx_params_set(&o.number, "distil", "1", &err), err);
    CHECK_OK(asx_params_set(&o.number, "fresh", "1", &err), err);
    CHECK_FAIL(asx_trainer_new(&t, l.net, l.data, ALL, &l.design, &o, &err), ASX_EINVAL, err);
    CHECK_OK(asx_params_set(&o.number, "distil", "0", &err), err);
    o.surrogate = ASX_N_SURROGATES;
    CHECK_FAIL(asx_trainer_new(&t, l.net, l.data, ALL, &l.design, &o, &err), ASX_EINVAL, err);
    unsigned char label[2] = {0, 9};
    asx_dataset *wrong = toy_data(2, l.net->input_shape, label);
    o = quick("2", "1");
    CHECK_FAIL(asx_trainer_new(&t, l.net, wrong, (asx_range){0, 2}, &l.design, &o, &err),
               ASX_EINVAL, err);
    assert_null(t);
    asx_dataset_free(wrong);
    lab_close(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(learns),
                                       cmocka_unit_test(repeats),
                                       cmocka_unit_test(learns_in_float),
                                       cmocka_unit_test(gradually),
                                       cmocka_unit_test(learns_normalised),
                                       cmocka_unit_test(folds),
                                       cmocka_unit_test(refuses)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
