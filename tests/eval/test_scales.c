/* Scales that are remembered are those that are found, for any bound on what is remembered and from several threads. */
#include "scales.h"

#include <omp.h>
#include <string.h>

#include "dse/format.h"
#include "integer_weights.h"
#include "toy.h"

enum { LAYERS = 3, C = 4, DEPTH = 24, WORDS = 5 };

static const char *const TEXT[WORDS] = {"w4{1}a8", "w4{1,3}a8", "w6a8", "w4a8", "w8a8"};

typedef struct bench {
    asx_node node[LAYERS];
    asx_word word[WORDS];
    asx_rounder *rounder[WORDS];
    asx_scale want[LAYERS][WORDS][C];
} bench;

static void bench_init(bench *b)
{
    asx_error err;
    asx_format format;
    *b = (bench){0};
    for (size_t w = 0; w < WORDS; w++) {
        CHECK_OK(asx_format_parse(&format, TEXT[w], &err), err);
        b->word[w] = format.weight;
        CHECK_OK(asx_rounder_new(&b->rounder[w], &b->word[w], &err), err);
    }
    for (size_t l = 0; l < LAYERS; l++) {
        b->node[l] = (asx_node){
            .layer = (int)l, .n_weights = C * DEPTH, .n_biases = C, .weight = toy_array(C * DEPTH)};
        for (size_t i = 0; i < C * DEPTH; i++)
            b->node[l].weight[i] *= (float)(l + 1) / (float)(i % 7 + 1);
        for (size_t w = 0; w < WORDS; w++)
            for (size_t c = 0; c < C; c++)
                b->want[l][w][c] = asx_weight_scale(&b->node[l], c, b->rounder[w]);
    }
}

static void bench_fini(bench *b)
{
    for (size_t w = 0; w < WORDS; w++)
        asx_rounder_free(b->rounder[w]);
    for (size_t l = 0; l < LAYERS; l++)
        free(b->node[l].weight);
}

/* Whether all are right, asked for in an order that comes back to each. */
static bool all_right(const bench *b, asx_scales *s)
{
    bool right = true;
    for (size_t i = 0; i < 4 * LAYERS * WORDS; i++) {
        const size_t l = i * 7 % LAYERS, w = i * 3 % WORDS;
        asx_scale got[C];
        asx_error err;
        right = right &&
                asx_scales_get(got, s, &b->node[l], &b->word[w], b->rounder[w], &err) == ASX_OK;
        for (size_t c = 0; right && c < C; c++)
            right =
                got[c].scale == b->want[l][w][c].scale && got[c].error == b->want[l][w][c].error;
    }
    return right;
}

static void remembered_as_found(void **state)
{
    (void)state;
    static const size_t BOUND[] = {0, 1, 300, 1000, 1 << 20};
    bench b;
    bench_init(&b);
    assert_true(all_right(&b, NULL));
    for (size_t i = 0; i < sizeof BOUND / sizeof *BOUND; i++) {
        asx_error err;
        asx_scales *s = NULL;
        CHECK_OK(asx_scales_new(&s, BOUND[i], &err), err);
        assert_true(all_right(&b, s) && asx_scales_bytes(s) <= BOUND[i]);
        assert_true((asx_scales_bytes(s) > 0) == (BOUND[i] >= 300));
        asx_scales_free(s);
    }
    bench_fini(&b);
}

/* What is remembered is not found again: weights that change meanwhile are not seen. */
static void found_once(void **state)
{
    (void)state;
    asx_error err;
    bench b;
    asx_scales *s = NULL;
    asx_scale got[C];
    bench_init(&b);
    CHECK_OK(asx_scales_new(&s, 1 << 20, &err), err);
    assert_true(all_right(&b, s));
    for (size_t i = 0; i < C * DEPTH; i++)
        b.node[1].weight[i] *= 3;
    CHECK_OK(asx_scales_get(got, s, &b.node[1], &b.word[0], b.rounder[0], &err), err);
    assert_true(got[0].scale == b.want[1][0][0].scale);
    CHECK_OK(asx_scales_get(got, NULL, &b.node[1], &b.word[0], b.rounder[0], &err), err);
    assert_true(got[0].scale > 2 * b.want[1][0][0].scale);
    asx_scales_free(s);
    bench_fini(&b);
}

static void from_several_threads(void **state)
{
    (void)state;
    asx_error err;
    bench b;
    asx_scales *s = NULL;
    int wrong = 0;
    bench_init(&b);
    CHECK_OK(asx_scales_new(&s, 1000, &err), err);
#pragma omp parallel for num_threads(4) reduction(+ : wrong)
    for (int i = 0; i < 40; i++)
        wrong += !all_right(&b, s);
    assert_int_equal(wrong, 0);
    asx_scales_free(s);
    bench_fini(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(remembered_as_found),
        cmocka_unit_test(found_once),
        cmocka_unit_test(from_several_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
