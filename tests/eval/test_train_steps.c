/* Projected weights and their surrogate gradients, optimisers, schedules, augmentation. */
#include <math.h>

#include "dse/grid.h"
#include "toy.h"
#include "train_augment.h"
#include "train_step.h"
#include "train_weights.h"

/* A dense layer of 40 weights and two outputs, in w4{1}. */
typedef struct lab {
    asx_network *net;
    asx_tape *tape;
    asx_design design;
    asx_train_weights *weights;
    float *x;
} lab;

static lab lab_open(asx_surrogate surrogate, double delta)
{
    asx_error err;
    lab l = {.net = toy_network(SHAPE(40))};
    toy_layer(l.net, (asx_node){.op = ASX_OP_DENSE}, 0, SHAPE(2));
    CHECK_OK(asx_tape_new(&l.tape, l.net, (asx_tape_choice){.batch = 1}, &err), err);
    CHECK_OK(asx_design_parse(&l.design, "near: w6{1}a8", &l.net->work, &err), err);
    CHECK_OK(asx_train_weights_new(&l.weights, l.tape, &l.design, surrogate, delta, &err), err);
    assert_int_equal(asx_train_weights_n(l.weights), 80 + 2 + 1 + 2);
    l.x = calloc(85, sizeof *l.x);
    asx_train_weights_start(l.x, l.weights);
    return l;
}

static void lab_close(lab *l)
{
    asx_train_weights_free(l->weights);
    asx_design_fini(&l->design);
    asx_tape_free(l->tape);
    asx_network_free(l->net);
    free(l->x);
}

/* What is used lies on the grid of the word, at the scale. */
static void use(void **state)
{
    (void)state;
    asx_error err;
    lab l = lab_open(ASX_SURROGATE_STE, 0);
    float used[82];
    asx_grid *grid = NULL;
    CHECK_OK(asx_grid_new(&grid, &l.design.format[0].weight, &err), err);
    l.x[83] *= 0.6f; /* some weights lie beyond the ends */
    asx_train_weights_use(used, l.weights, l.x);
    for (size_t i = 0; i < 80; i++) {
        const double s = (double)l.x[83 + i / 40];
        const int32_t q = asx_grid_nearest(grid, (double)l.x[i] / s);
        assert_true(fabs((double)used[i] - s * q) < 1e-6);
    }
    assert_memory_equal(used + 80, l.x + 80, 2 * sizeof *used);
    asx_grid_free(grid);
    lab_close(&l);
}

/* dw^/dw and dw^/ds from their formulas, with cells found the slow way. */
static void surrogates(void **state)
{
    (void)state;
    for (int kind = 0; kind < ASX_N_SURROGATES; kind++) {
        asx_error err;
        const double delta = 0.3;
        lab l = lab_open((asx_surrogate)kind, delta);
        asx_grid *grid = NULL;
        CHECK_OK(asx_grid_new(&grid, &l.design.format[0].weight, &err), err);
        const int32_t *value = asx_grid_values(grid);
        const size_t n = asx_grid_size(grid);
        l.x[83] *= 0.5f;
        float g[85] = {0};
        double by_scale[2] = {0}, want[80];
        size_t beyond = 0;
        for (size_t i = 0; i < 82; i++)
            g[i] = toy_random();
        for (size_t i = 0; i < 80; i++) {
            const double u = (double)l.x[i] / (double)l.x[83 + i / 40];
            const int32_t q = asx_grid_nearest(grid, u);
            double p = u >= value[0] && u <= value[n - 1];
            beyond += p == 0;
            for (size_t k = 0; p > 0 && kind == ASX_SURROGATE_EWGS && k + 1 < n; k++)
                if (u >= value[k] && u <= value[k + 1])
                    p = 1 + delta * (g[i] > 0 ? 1 : -1) * 2 * (u - q) / (value[k + 1] - value[k]);
            want[i] = (double)g[i] * p;
            by_scale[i / 40] += (double)g[i] * (q - u * p);
        }
        assert_true(beyond > 0 && beyond < 40);
        const float bias = g[80];
        asx_train_weights_back(g, l.weights, l.x);
        for (size_t i = 0; i < 80; i++)
            assert_true(fabs((double)g[i] - want[i]) < 1e-4);
        for (size_t c = 0; c < 2; c++)
            assert_true(fabs((double)g[83 + c] - by_scale[c] / sqrt(40)) < 1e-3);
        assert_true(fabsf(g[80] - bias) <= 0);
        asx_grid_free(grid);
        lab_close(&l);
    }
}

static void schedules(void **state)
{
    (void)state;
    for (int kind = 0; kind < ASX_N_SCHEDULES; kind++) {
        double last = 0;
        for (size_t i = 0; i < 100; i++) {
            const double r = asx_schedule_rate((asx_schedule)kind, 0.1, i, 100);
            assert_true(r >= 0 && r <= 1);
            assert_true(i < 10 ? r > last : i == 10 || r <= last);
            last = r;
        }
    }
    assert_true(asx_schedule_rate(ASX_SCHEDULE_COSINE, 0, 99, 100) < 1e-3);
    assert_true(fabs(asx_schedule_rate(ASX_SCHEDULE_COSINE, 0, 49, 99) - 0.5) < 1e-9);
    assert_true(fabs(asx_schedule_rate(ASX_SCHEDULE_STEP, 0, 60, 100) - 0.1) < 1e-9);
    assert_true(fabs(asx_schedule_rate(ASX_SCHEDULE_STEP, 0, 80, 100) - 0.01) < 1e-9);
}

/* First steps by hand: AdamW moves by rate x unit whatever the gradient; SGD by rate x unit^2 x g.
 */
static void optimisers(void **state)
{
    (void)state;
    asx_error err;
    asx_stepper s;
    const float unit[] = {1, 0.5f, 2}, g[] = {0.3f, -4, 0};
    const unsigned char decays[] = {0, 0, 1};
    float x[] = {1, 1, 1};
    CHECK_OK(asx_stepper_init(&s, ASX_OPTIMISER_ADAMW, 3, 0.9, 0.1, &err), err);
    asx_stepper_step(&s, x, g, unit, NULL, decays, 0.01, 0);
    assert_true(fabs((double)x[0] - 0.99) < 1e-6);
    assert_true(fabs((double)x[1] - 1.005) < 1e-6);
    assert_true(fabs((double)x[2] - 0.999) < 1e-6); /* decay alone */
    asx_stepper_fini(&s);
    float y[] = {1, 1, 1};
    CHECK_OK(asx_stepper_init(&s, ASX_OPTIMISER_SGD, 3, 0.5, 0.1, &err), err);
    asx_stepper_step(&s, y, g, unit, NULL, decays, 0.01, 0);
    asx_stepper_step(&s, y, g, unit, NULL, decays, 0.01, 1);
    assert_true(fabs((double)y[0] - (1 - 0.01 * 0.3 * 2.5)) < 1e-6);
    assert_true(fabs((double)y[1] - (1 + 0.01 * 4 * 0.25 * 2.5)) < 1e-6);
    asx_stepper_fini(&s);
    float clipped[] = {3, 8, 0}; /* by v: 3, 4, 0 */
    assert_true(fabs(asx_clip_norm(clipped, unit, 3, 1) - 5) < 1e-6);
    assert_true(fabs((double)clipped[0] - 0.6) < 1e-6);
}

static void augmentation(void **state)
{
    (void)state;
    const size_t shape[3] = {2, 5, 4};
    float in[40], out[40];
    size_t mirrored = 0, moved = 0;
    for (int i = 0; i < 40; i++)
        in[i] = (float)(i + 1);
    asx_augment(out, in, shape, 0, 0, 1, 2, 3);
    assert_memory_equal(in, out, sizeof in);
    for (uint64_t k = 0; k < 200; k++) {
        asx_augment(out, in, shape, 1, 0.5, 1, 2, k);
        /* pixel (2, 1) of channel 1 and its neighbours tell shift and mirror */
        size_t found = 0;
        for (int mirror = 0; mirror < 2; mirror++)
            for (int down = -1; down <= 1; down++)
                for (int right = -1; right <= 1; right++) {
                    bool same = true;
                    for (int c = 0; c < 2; c++)
                        for (int i = 0; i < 5; i++)
                            for (int j = 0; j < 4; j++) {
                                const int y = i + down, x = (mirror ? 3 - j : j) + right;
                                const bool inside = y >= 0 && y < 5 && x >= 0 && x < 4;
                                const float want = inside ? in[(c * 5 + y) * 4 + x] : 0;
                                same = same && fabsf(out[(c * 5 + i) * 4 + j] - want) <= 0;
                            }
                    if (same) {
                        found++;
                        mirrored += (size_t)mirror;
                        moved += down || right;
                    }
                }
        assert_int_equal(found, 1);
    }
    assert_true(mirrored > 60 && mirrored < 140);
    assert_true(moved > 150 && moved < 200);
}

/* What lies on a word's set is found there again, whatever the scale: the measured tier sees
 * trained weights as they were trained. */
static void recovered(void **state)
{
    (void)state;
    const char *const texts[] = {"w4{1}a8",     "w5{1}a8", "w6{1,3}a8", "w8{1}a8",   "w8s{1,3}a8",
                                 "w8{1,3,5}a8", "w8a8",    "w3a8",      "w12{1,3}a8"};
    const size_t depths[] = {1, 9, 27, 144};
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
        asx_error err;
        asx_format format;
        asx_rounder *rounder = NULL;
        CHECK_OK(asx_format_parse(&format, texts[t], &err), err);
        CHECK_OK(asx_rounder_new(&rounder, &format.weight, &err), err);
        for (size_t k = 0; k < 40; k++) {
            const size_t n = depths[k % 4];
            float w[144], again[144];
            for (size_t i = 0; i < n; i++)
                w[i] = 0.05f * (toy_random() + toy_random() + toy_random());
            const double best = asx_rounder_best_scale(w, n, rounder).scale;
            asx_rounder_apply(w, w, n, rounder, best * (1 + 0.3 * (double)toy_random()));
            asx_rounder_apply(again, w, n, rounder, asx_rounder_best_scale(w, n, rounder).scale);
            for (size_t i = 0; i < n; i++)
                assert_true(fabsf(again[i] - w[i]) <= 2e-6f * fabsf(w[i]));
        }
        asx_rounder_free(rounder);
    }
}

static void names(void **state)
{
    (void)state;
    asx_error err;
    asx_optimiser o = ASX_OPTIMISER_ADAMW;
    asx_schedule s = ASX_SCHEDULE_COSINE;
    asx_surrogate g = ASX_SURROGATE_STE;
    CHECK_OK(asx_optimiser_parse(&o, "sgd", &err), err);
    CHECK_OK(asx_schedule_parse(&s, "step", &err), err);
    CHECK_OK(asx_surrogate_parse(&g, "ewgs", &err), err);
    assert_int_equal(o, ASX_OPTIMISER_SGD);
    assert_int_equal(s, ASX_SCHEDULE_STEP);
    assert_int_equal(g, ASX_SURROGATE_EWGS);
    CHECK_FAIL(asx_optimiser_parse(&o, "lamb", &err), ASX_ENOTFOUND, err);
    assert_string_equal(err.message, "optimiser 'lamb' is not one of adamw, sgd");
    CHECK_FAIL(asx_schedule_parse(&s, "", &err), ASX_ENOTFOUND, err);
    CHECK_FAIL(asx_surrogate_parse(&g, "st", &err), ASX_ENOTFOUND, err);
    assert_int_equal(o, ASX_OPTIMISER_SGD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(use),          cmocka_unit_test(surrogates),
                                       cmocka_unit_test(schedules),    cmocka_unit_test(optimisers),
                                       cmocka_unit_test(augmentation), cmocka_unit_test(names),
                                       cmocka_unit_test(recovered)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
