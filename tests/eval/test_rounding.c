/* Rounding that keeps outputs: the words of designs, against sums over images that know of no moments. */
#include <omp.h>

#include "eval/program.h"
#include "rounding_fixture.h"

/* One layer rounded: greedy keeps its output better than nearest; both: learned is better still. */
static void outputs_are_kept(void **state)
{
    (void)state;
    static const char ONE[] = "near: w8a8 layer1=w4{1}a8", BOTH[] = "near: w4{1}a8 layer2=w8a8";
    for (int i = 0; i < 2; i++) {
        double one[ASX_N_ROUNDINGS], both[ASX_N_ROUNDINGS];
        for (int r = 0; r < ASX_N_ROUNDINGS; r++) {
            toy_counter = 1000;
            bench b = bench_open(toy_alike(i == 1), (asx_rounding)r, true);
            const size_t value = b.net->node[4].output; /* the engine joins a Relu and its layer */
            one[r] = off_by(&b, ONE, value);
            both[r] = off_by(&b, BOTH, value);
            bench_close(&b);
        }
        assert_true(one[ASX_ROUNDING_GREEDY] < 0.5 * one[ASX_ROUNDING_NEAREST]);
        assert_true(one[ASX_ROUNDING_LEARNED] < 1.02 * one[ASX_ROUNDING_GREEDY]);
        assert_true(both[ASX_ROUNDING_GREEDY] < 0.5 * both[ASX_ROUNDING_NEAREST]);
        assert_true(both[ASX_ROUNDING_LEARNED] < 0.95 * both[ASX_ROUNDING_GREEDY]);
    }
}

/* Without bias correction outputs keep the biases they have, and weights alone see to them. */
static void biases_may_stay(void **state)
{
    (void)state;
    double off[ASX_N_ROUNDINGS];
    for (int r = 0; r < ASX_N_ROUNDINGS; r++) {
        toy_counter = 1000;
        bench b = bench_open(toy_alike(false), (asx_rounding)r, false);
        off[r] = off_by(&b, "near: w4{1}a8 layer2=w8a8", b.net->node[4].output);
        bench_close(&b);
    }
    assert_true(off[ASX_ROUNDING_GREEDY] < 0.5 * off[ASX_ROUNDING_NEAREST]);
    assert_true(off[ASX_ROUNDING_LEARNED] < 0.95 * off[ASX_ROUNDING_GREEDY]);
}

/* What a residual layer is added to is off, and the layer makes up for it. */
static void sums_are_kept(void **state)
{
    (void)state;
    double off[ASX_N_ROUNDINGS];
    for (int r = 0; r < ASX_N_ROUNDINGS; r++) {
        toy_counter = 2000;
        bench b = bench_open(toy_residual(), (asx_rounding)r, true);
        assert_int_equal(b.net->node[4].op, ASX_OP_ADD);
        off[r] = off_by(&b, "near: w8a8 layer0=w3{1}a8", b.net->node[5].output);
        bench_close(&b);
    }
    assert_true(off[ASX_ROUNDING_LEARNED] < 0.75 * off[ASX_ROUNDING_GREEDY]);
    assert_true(off[ASX_ROUNDING_LEARNED] < 0.75 * off[ASX_ROUNDING_NEAREST]);
}

/* Means of outputs are the float network's: biases see to that. Without, they are those the words leave. */
static void means_are_kept(void **state)
{
    (void)state;
    for (int bias = 0; bias < 2; bias++) {
        const asx_window same = {{3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}};
        asx_network *net = toy_network(SHAPE(2, 7, 7));
        toy_layer(net, (asx_node){.op = ASX_OP_CONV, .window = same}, 0, SHAPE(8, 7, 7));
        bench b = bench_open(net, ASX_ROUNDING_LEARNED, bias);
        asx_integer s = design_of(&b, "near: w3{1}a8");
        const size_t value = b.net->node[0].output, n = 49 * IMAGES;
        float *want = values_of(&b, NULL, value), *is = values_of(&b, &s, value);
        double most = 0;
        for (size_t c = 0; c < 8; c++) {
            double mean = 0;
            for (size_t i = 0; i < n; i++)
                mean += ((double)is[i * 8 + c] - (double)want[i * 8 + c]) / (double)n;
            most = fmax(most, fabs(mean));
            assert_true(bias || words_of(&s, 0)->shift[c] == 0);
        }
        /* a unit of a bias is input scale x weight scale: 1/127 x 2 x 0.5, roughly */
        assert_true(bias ? most < 0.02 : most > 0.02);
        free(want);
        free(is);
        asx_integer_fini(&s);
        bench_close(&b);
    }
}

/* All words are of the grid, whatever their length. */
static void words_are_on_the_grid(void **state)
{
    (void)state;
    static const char *const FORMATS[] = {"w2a8",     "w3{1}a4",  "w4s{1,3}a8", "w5{1,3}a12",
                                          "w8s{1}a8", "w12{1}a6", "w16a16"};
    bench b = bench_open(toy_residual(), ASX_ROUNDING_LEARNED, true);
    for (size_t f = 0; f < sizeof FORMATS / sizeof *FORMATS; f++) {
        asx_error err;
        char text[32];
        snprintf(text, sizeof text, "near: %s", FORMATS[f]);
        asx_integer s = design_of(&b, text);
        for (size_t l = 0; l < 3; l++) {
            asx_grid *grid = NULL;
            CHECK_OK(asx_grid_new(&grid, &s.layer[l].weight_word, &err), err);
            const asx_node *node = asx_calibration_plan(b.c)->node[l];
            for (size_t i = 0; i < node->n_weights; i++)
                assert_true(asx_grid_has(grid, words_of(&s, l)->word[i]));
            for (size_t c = 0; c < node->n_biases; c++)
                assert_true(words_of(&s, l)->scale[c] > 0);
            asx_grid_free(grid);
        }
        asx_integer_fini(&s);
    }
    bench_close(&b);
}

/* Greedy words belong to a layer and its format; learned ones to the beginning of a design too. */
static void what_is_shared(void **state)
{
    (void)state;
    for (int r = ASX_ROUNDING_NEAREST; r < ASX_N_ROUNDINGS; r++) {
        const bool learned = r == ASX_ROUNDING_LEARNED;
        bench b = bench_open(toy_residual(), (asx_rounding)r, true);
        asx_integer s[] = {design_of(&b, "near: w4{1}a8"),
                           design_of(&b, "vn: w4{1}a8 layer2=w3{1}a8"),
                           design_of(&b, "near: w4{1}a8 layer0=w3{1}a8"),
                           design_of(&b, "near: w4{1}a8 layer0=w4{1}a4")};
        assert_ptr_equal(s[0].layer[0].projection, s[1].layer[0].projection);
        assert_ptr_equal(s[0].layer[1].projection, s[1].layer[1].projection);
        assert_ptr_not_equal(s[0].layer[2].projection, s[1].layer[2].projection);
        assert_ptr_not_equal(s[0].layer[0].projection, s[2].layer[0].projection);
        assert_int_equal(s[0].layer[1].projection != s[2].layer[1].projection, learned);
        assert_int_equal(s[0].layer[0].projection != s[3].layer[0].projection, learned);
        assert_int_equal(s[0].layer[1].projection != s[3].layer[1].projection, learned);
        for (size_t i = 0; i < 4; i++)
            asx_integer_fini(&s[i]);
        bench_close(&b);
    }
}

/* Weights that lie on the grid, as those of trained networks do, are left alone. */
static void trained_weights_stay(void **state)
{
    (void)state;
    asx_network *net = toy_residual();
    for (size_t i = 0; i < net->n_nodes; i++)
        for (size_t k = 0; net->node[i].layer == 1 && k < net->node[i].n_weights; k++)
            net->node[i].weight[k] = 0.25f * (float)(1 << toy_between(0, 2));
    bench b = bench_open(net, ASX_ROUNDING_LEARNED, true);
    asx_integer s = design_of(&b, "near: w4{1}a8");
    const asx_node *node = asx_calibration_plan(b.c)->node[1];
    const asx_rounded *r = words_of(&s, 1);
    for (size_t k = 0; k < node->n_weights; k++)
        assert_true(fabs(r->scale[k / 54] * r->word[k] - (double)node->weight[k]) < 1e-6);
    asx_integer_fini(&s);
    bench_close(&b);
}

/* The same words for any number of threads, with and without a cache, beside other designs. */
static void any_threads(void **state)
{
    (void)state;
    const int before = omp_get_max_threads();
    for (int r = ASX_ROUNDING_GREEDY; r < ASX_N_ROUNDINGS; r++) {
        asx_rounded first[3] = {{0}};
        for (int threads = 1; threads <= 4; threads += 3) {
            omp_set_num_threads(threads);
            toy_counter = 3000;
            bench b = bench_open(toy_residual(), (asx_rounding)r, true);
            asx_integer s = design_of(&b, "near: w4{1,3}a5");
            for (size_t l = 0; l < 3; l++) {
                const asx_node *node = asx_calibration_plan(b.c)->node[l];
                const asx_rounded *w = words_of(&s, l);
                const size_t n = node->n_weights * sizeof *w->word,
                             c = node->n_biases * sizeof *w->scale;
                if (threads == 1) {
                    first[l] = (asx_rounded){malloc(n), malloc(c), malloc(c)};
                    memcpy(first[l].word, w->word, n);
                    memcpy(first[l].scale, w->scale, c);
                    memcpy(first[l].shift, w->shift, c);
                }
                assert_memory_equal(first[l].word, w->word, n);
                assert_memory_equal(first[l].scale, w->scale, c);
                assert_memory_equal(first[l].shift, w->shift, c);
            }
            asx_integer_fini(&s);
            bench_close(&b);
        }
        for (size_t l = 0; l < 3; l++)
            asx_rounded_fini(&first[l]);
    }
    omp_set_num_threads(before);
}

/* What is written for machines has the words that are measured. */
static void programs_have_them(void **state)
{
    (void)state;
    asx_error err;
    asx_program *program = NULL;
    asx_design d;
    bench b = bench_open(toy_residual(), ASX_ROUNDING_LEARNED, true);
    CHECK_OK(asx_design_parse(&d, "near: w4{1}a8", &b.net->work, &err), err);
    CHECK_OK(asx_program_new(&program, b.c, &d, &err), err);
    asx_integer s = design_of(&b, "near: w4{1}a8");
    size_t layer = 0;
    for (size_t i = 0; i < program->n_steps; i++) {
        const asx_step *step = &program->step[i];
        if (!step->n_weights)
            continue;
        assert_memory_equal(step->weight, words_of(&s, layer)->word,
                            step->n_weights * sizeof *step->weight);
        for (size_t c = 0; c < step->n_biases; c++)
            assert_true(step->bias[c] == (int64_t)s.layer[layer].wide_bias[c]);
        layer++;
    }
    assert_int_equal(layer, 3);
    asx_integer_fini(&s);
    asx_program_free(program);
    asx_design_fini(&d);
    bench_close(&b);
}

static void names(void **state)
{
    (void)state;
    asx_error err;
    asx_rounding parsed;
    for (int r = 0; r < ASX_N_ROUNDINGS; r++) {
        CHECK_OK(asx_rounding_parse(&parsed, asx_rounding_text((asx_rounding)r), &err), err);
        assert_int_equal(parsed, r);
    }
    CHECK_FAIL(asx_rounding_parse(&parsed, "up", &err), ASX_ENOTFOUND, err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),           cmocka_unit_test(outputs_are_kept),
        cmocka_unit_test(biases_may_stay), cmocka_unit_test(sums_are_kept),
        cmocka_unit_test(means_are_kept),  cmocka_unit_test(words_are_on_the_grid),

        cmocka_unit_test(what_is_shared),  cmocka_unit_test(trained_weights_stay),
        cmocka_unit_test(any_threads),     cmocka_unit_test(programs_have_them)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
