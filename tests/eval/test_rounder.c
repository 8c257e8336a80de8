/* Rounding of arrays against the grid's own rule, and the search for scales against the exact
 * optimum, which small vectors allow to be enumerated. */
#include <math.h>

#include "dse/grid.h"
#include "dse/menu.h"
#include "projection.h"
#include "rounder.h"
#include "toy.h"

static asx_word word_of(unsigned bits, asx_digits digits, bool non_negative, uint64_t set)
{
    return (asx_word){.bits = bits,
                      .digit_width = 4,
                      .digits = digits,
                      .non_negative = non_negative,
                      .set = asx_alphabet_set_from_index(set)};
}

/* All multiples of 1/8 from beyond one end to beyond the other: interior points and every tie. */
static void check_rule(const asx_word *word)
{
    asx_error err;
    asx_rounder *rounder = NULL;
    asx_grid *grid = NULL;
    CHECK_OK(asx_rounder_new(&rounder, word, &err), err);
    CHECK_OK(asx_grid_new(&grid, word, &err), err);
    const int32_t *value = asx_grid_values(grid);
    assert_true((int32_t)asx_rounder_low(rounder) == value[0]);
    assert_true((int32_t)asx_rounder_high(rounder) == value[asx_grid_size(grid) - 1]);
    const int32_t end = 1 << word->bits;
    for (int32_t i = -10 * end; i <= 10 * end; i++) {
        const float x = (float)i / 8;
        float y;
        asx_rounder_apply(&y, &x, 1, rounder, 1);
        assert_true((int32_t)y == asx_grid_nearest(grid, (double)x));
    }
    asx_grid_free(grid);
    asx_rounder_free(rounder);
}

static void rule(void **state)
{
    (void)state;
    for (unsigned bits = 2; bits <= 8; bits++)
        for (uint64_t set = 0; set < 256; set += set < 8 ? 1 : 31) {
            asx_word words[] = {word_of(bits, ASX_DIGITS_UNSIGNED, false, set),
                                word_of(bits, ASX_DIGITS_SIGNED, false, set),
                                word_of(bits, ASX_DIGITS_UNSIGNED, true, set)};
            for (size_t i = 0; i < 3; i++)
                if (asx_word_check(&words[i], NULL) == ASX_OK)
                    check_rule(&words[i]);
        }
}

static void scale_of_apply(void **state)
{
    (void)state;
    asx_error err;
    asx_rounder *rounder = NULL;
    const asx_word word = word_of(8, ASX_DIGITS_UNSIGNED, false, 1);
    const float x[] = {0.3f, -7.2f, 1e9f, -1e9f, NAN, 0};
    float y[6];
    CHECK_OK(asx_rounder_new(&rounder, &word, &err), err);
    asx_rounder_apply(y, x, 6, rounder, 0.5);
    /* {1}: 0, 1, 2, 4, 8, 16 ... 64 + 8 = 72 */
    assert_true(y[0] == 0.5f && y[1] == -8 && y[2] == 36 && y[3] == -36 && y[5] == 0);
    assert_true(fabsf(y[4]) <= 36); /* no promise but to stay in the word */
    asx_rounder_free(rounder);
}

static int32_t slow_nearest(const int32_t *value, size_t n, double x)
{
    int32_t best = value[0];
    for (size_t i = 1; i < n; i++) {
        const double d = fabs(value[i] - x), b = fabs(best - x);
        if (d < b || (d == b && abs(value[i]) > abs(best)))
            best = value[i];
    }
    return best;
}

/* Error of the best scale for the values that scale `s` rounds x to. */
static double error_around(const float *x, size_t n, const int32_t *value, size_t n_values,
                           double s)
{
    double xx = 0, xq = 0, qq = 0;
    for (size_t i = 0; i < n; i++) {
        const double q = slow_nearest(value, n_values, (double)x[i] / s);
        xx += (double)x[i] * (double)x[i];
        xq += (double)x[i] * q;
        qq += q * q;
    }
    return qq > 0 && xq > 0 ? xx - xq * xq / qq : xx;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Least squared error over all scales. As the scale moves, the values x is rounded to change only
 * where some x[i] / s crosses the middle of two neighbours; between two such places the error is a
 * parabola. So one look into each gap finds the optimum. */
static double least_error(const float *x, size_t n, const int32_t *value, size_t n_values)
{
    double *edge = calloc(n * n_values + 1, sizeof *edge), best = INFINITY;
    size_t n_edges = 0;
    assert_non_null(edge);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j + 1 < n_values; j++) {
            const double s = (double)x[i] / ((value[j] + value[j + 1]) / 2.0);
            if (s > 0 && isfinite(s))
                edge[n_edges++] = s;
        }
    qsort(edge, n_edges, sizeof *edge, ascending);
    for (size_t i = 0; i <= n_edges; i++) {
        const double low = i ? edge[i - 1] : edge[0] / 2;
        const double high = i < n_edges ? edge[i] : edge[n_edges - 1] * 2;
        best = fmin(best, error_around(x, n, value, n_values, (low + high) / 2));
    }
    free(edge);
    return best;
}

/* Returns found error / least error. */
static double optimality(const asx_word *word, size_t n)
{
    asx_error err;
    asx_rounder *rounder = NULL;
    asx_grid *grid = NULL;
    CHECK_OK(asx_rounder_new(&rounder, word, &err), err);
    CHECK_OK(asx_grid_new(&grid, word, &err), err);
    float *x = toy_array(n);
    for (size_t i = 0; i < n; i++)
        x[i] = 0.1f * (x[i] + toy_random() + toy_random()); /* nearly Gaussian, as weights are */
    const asx_scale found = asx_rounder_best_scale(x, n, rounder);
    const double least = least_error(x, n, asx_grid_values(grid), asx_grid_size(grid));
    assert_true(found.scale > 0);
    assert_true(fabs(found.error - asx_rounder_error(x, n, rounder, found.scale)) == 0);
    assert_true(found.error > least * (1 - 1e-4));
    free(x);
    asx_grid_free(grid);
    asx_rounder_free(rounder);
    return found.error / least;
}

static void scales_are_nearly_optimal(void **state)
{
    (void)state;
    double worst = 0, sum = 0;
    size_t n = 0;
    for (unsigned bits = 2; bits <= 6; bits++)
        for (uint64_t set = 0; set < 8; set++)
            for (size_t size = 24; size <= 72; size += 24) {
                const asx_word word = word_of(bits, ASX_DIGITS_UNSIGNED, false, set);
                if (asx_word_check(&word, NULL) != ASX_OK)
                    continue;
                const double ratio = optimality(&word, size);
                worst = fmax(worst, ratio);
                sum += ratio;
                n++;
            }
    print_message("error / least error over %zu searches: mean %.4f, worst %.4f\n", n,
                  sum / (double)n, worst);
    assert_true(n > 100);
    assert_true(sum / (double)n < 1.005);
    assert_true(worst < 1.08);
}

enum { MENU_N = 12 };

/* What is left of a group in a word at a scale, by the definition */
static double left_of(const float *x, size_t n, const asx_grid *grid, double s)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        const double d = (double)x[i] - s * asx_grid_nearest(grid, (double)x[i] / s);
        sum += d * d;
    }
    return sum;
}

/* Of all ways to give the groups words the least error there is at a scale. */
static double least_of_all(const float *x, size_t group, asx_grid *const *grid, size_t n_words,
                           double s)
{
    const size_t groups = (MENU_N + group - 1) / group;
    size_t ways = 1;
    double least = INFINITY;
    for (size_t g = 0; g < groups; g++)
        ways *= n_words;
    for (size_t way = 0; way < ways; way++) {
        double sum = 0;
        for (size_t g = 0, rest = way; g < groups; g++, rest /= n_words) {
            const size_t first = g * group, n = MENU_N - first < group ? MENU_N - first : group;
            sum += left_of(x + first, n, grid[rest % n_words], s);
        }
        least = fmin(least, sum);
    }
    return least;
}

/* Every group's words are one word's. */
static void check_groups(const int32_t *word, size_t group, asx_grid *const *grid, size_t n_words)
{
    for (size_t first = 0; first < MENU_N; first += group) {
        size_t w = 0, has = 0;
        for (; w < n_words && has < group; w++) {
            has = 0;
            for (size_t i = 0; i < group; i++)
                has += first + i >= MENU_N || asx_grid_has(grid[w], word[first + i]);
        }
        assert_int_equal(has, group);
    }
}

/* @return found error / least over the scales that are looked at, least over all ways at each */
static double check_menu(const char *text, size_t group)
{
    asx_error err;
    asx_rounder *rounder = NULL;
    asx_grid *grid[ASX_MENU_WORDS_MAX] = {NULL};
    asx_word menu, word[ASX_MENU_WORDS_MAX];
    CHECK_OK(asx_menu_parse(&menu, text, &err), err);
    CHECK_OK(asx_rounder_new(&rounder, &menu, &err), err);
    const size_t n_words = asx_menu_words(word, &menu);
    for (size_t w = 0; w < n_words; w++)
        CHECK_OK(asx_grid_new(&grid[w], &word[w], &err), err);
    float *x = toy_array(MENU_N), y[MENU_N];
    int32_t q[MENU_N];
    double least = INFINITY;
    for (double s = 0.002; s < 2; s *= 1.01) {
        const double all = least_of_all(x, group, grid, n_words, s);
        double is = 0;
        least = fmin(least, all);
        asx_rounder_words(q, x, MENU_N, rounder, s);
        asx_rounder_apply(y, x, MENU_N, rounder, s);
        check_groups(q, group, grid, n_words);
        for (size_t i = 0; i < MENU_N; i++) {
            const double d = (double)x[i] - s * q[i];
            is += d * d;
            assert_true(fabs((double)y[i] - s * q[i]) < 1e-5);
        }
        assert_true(fabs(is - all) < 1e-5 * (1 + all));
        assert_true(fabs(asx_rounder_error(x, MENU_N, rounder, s) - all) < 1e-5 * (1 + all));
    }
    const asx_scale found = asx_rounder_best_scale(x, MENU_N, rounder);
    assert_true(fabs(found.error - asx_rounder_error(x, MENU_N, rounder, found.scale)) == 0);
    for (size_t w = 0; group >= MENU_N && w < n_words; w++) { /* never worse than a word alone */
        asx_rounder *alone = NULL;
        CHECK_OK(asx_rounder_new(&alone, &word[w], &err), err);
        assert_true(found.error <= asx_rounder_best_scale(x, MENU_N, alone).error);
        asx_rounder_free(alone);
    }
    for (size_t w = 0; w < n_words; w++)
        asx_grid_free(grid[w]);
    asx_rounder_free(rounder);
    free(x);
    return found.error / least;
}

/* The words that groups choose, and the scale they share, against all that they could. */
static void menus_lose_least(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t group;
    } menus[] = {{"4{1}/4{3}@4", 4},      {"4{1}/4{3}@ch", MENU_N}, {"3/e2m1@3", 3},
                 {"2{1}/3{3}/4{5}@5", 5}, {"4/5{1,3}/5p@6", 6},     {"3/4s{1}/4{7}@100", MENU_N}};
    double sum = 0, worst = 0;
    size_t n = 0;
    for (size_t round = 0; round < 20; round++)
        for (size_t m = 0; m < sizeof menus / sizeof *menus; m++, n++) {
            const double ratio = check_menu(menus[m].text, menus[m].group);
            sum += ratio;
            worst = fmax(worst, ratio);
        }
    print_message("menus: error / least over %zu searches: mean %.4f, worst %.4f\n", n,
                  sum / (double)n, worst);
    assert_true(sum / (double)n < 1.02);
    assert_true(worst < 1.3);
}

/* Weights of which every group lies on a word of its own are found. */
static void exact_menus(void **state)
{
    (void)state;
    asx_error err;
    asx_rounder *rounder = NULL;
    asx_word menu;
    const float x[] = {1, -4, 2, 0, 3, -6, 6, 0, 4, 1, 1, 2};
    float scaled[MENU_N];
    CHECK_OK(asx_menu_parse(&menu, "4{1}/4{3}@4", &err), err);
    CHECK_OK(asx_rounder_new(&rounder, &menu, &err), err);
    for (size_t i = 0; i < MENU_N; i++)
        scaled[i] = 0.37f * x[i];
    assert_true(fabs(asx_rounder_exact_scale(scaled, MENU_N, rounder) / 0.37 - 1) < 1e-6);
    assert_true(asx_rounder_best_scale(scaled, MENU_N, rounder).error < 1e-10);
    scaled[0] = 0.37f * 3; /* 3 beside 4 */
    assert_true(asx_rounder_exact_scale(scaled, MENU_N, rounder) == 0);
    asx_rounder_free(rounder);
}

static void zeros_and_tiny(void **state)
{
    (void)state;
    asx_error err;
    asx_rounder *rounder = NULL;
    const asx_word word = word_of(4, ASX_DIGITS_UNSIGNED, true, 1);
    const float zero[3] = {0}, negative[] = {-1, -2, -3};
    CHECK_OK(asx_rounder_new(&rounder, &word, &err), err);
    const asx_scale z = asx_rounder_best_scale(zero, 3, rounder);
    assert_true(z.scale == 1 && z.error == 0);
    const asx_scale n = asx_rounder_best_scale(negative, 3, rounder); /* the word has no sign */
    assert_true(n.scale > 0 && n.error == 14);
    asx_rounder_free(rounder);
}

/* A factor of all numbers is one of the scale: nothing is as good as zero but what floats call so. */
static void scales_of_any_magnitude(void **state)
{
    (void)state;
    asx_error err;
    asx_rounder *rounder = NULL;
    const asx_word word = word_of(4, ASX_DIGITS_UNSIGNED, false, 1);
    const float x[] = {1, -0.5F, 0.3F, -0.9F, 0.1F};
    CHECK_OK(asx_rounder_new(&rounder, &word, &err), err);
    const double plain = asx_rounder_best_scale(x, 5, rounder).scale;
    for (int exponent = -120; exponent <= 120; exponent += 20) {
        float scaled[5];
        for (size_t i = 0; i < 5; i++)
            scaled[i] = ldexpf(x[i], exponent);
        const double scale = asx_rounder_best_scale(scaled, 5, rounder).scale;
        assert_true(fabs(ldexp(scale, -exponent) / plain - 1) < 1e-6);
    }
    asx_rounder_free(rounder);
}

static void errors(void **state)
{
    (void)state;
    asx_error err;
    asx_rounder *rounder = NULL;
    asx_word word = word_of(1, ASX_DIGITS_UNSIGNED, false, 0);
    CHECK_FAIL(asx_rounder_new(&rounder, &word, &err), ASX_EINVAL, err);
    assert_null(rounder);
}

/* Each channel of a layer gets a scale of its own, and the weights are on its multiples. */
static void channels(void **state)
{
    (void)state;
    asx_error err;
    asx_rounder *rounder = NULL;
    asx_grid *grid = NULL;
    const asx_word word = word_of(6, ASX_DIGITS_UNSIGNED, false, 3);
    enum { C = 3, DEPTH = 20 };
    asx_node node = {.n_weights = C * DEPTH, .n_biases = C, .weight = toy_array(C * DEPTH)};
    float out[C * DEPTH];
    asx_scale best[C];
    double lost = 0, squares = 0;
    CHECK_OK(asx_rounder_new(&rounder, &word, &err), err);
    CHECK_OK(asx_grid_new(&grid, &word, &err), err);
    for (size_t i = 0; i < C * DEPTH; i++)
        node.weight[i] *= i < DEPTH ? 1 : i < 2 * DEPTH ? 1e-3f : 0; /* the last channel is zero */
    for (size_t c = 0; c < C; c++)
        best[c] = asx_weight_scale(&node, c, rounder);
    const double error = asx_project(out, &node, rounder, best);
    for (size_t i = 0; i < C * DEPTH; i++) {
        const double q = (double)out[i] / best[i / DEPTH].scale;
        assert_true(fabs(q - rint(q)) < 1e-3 && asx_grid_has(grid, (int32_t)rint(q)));
        lost += pow((double)(out[i] - node.weight[i]), 2);
        squares += pow((double)node.weight[i], 2);
    }
    assert_true(best[0].scale > 100 * best[1].scale && best[2].scale == 1);
    assert_true(fabs(error - lost / squares) < 1e-6);
    asx_grid_free(grid);
    asx_rounder_free(rounder);
    free(node.weight);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rule),
        cmocka_unit_test(scale_of_apply),
        cmocka_unit_test(menus_lose_least),
        cmocka_unit_test(exact_menus),
        cmocka_unit_test(zeros_and_tiny),
        cmocka_unit_test(scales_are_nearly_optimal),
        cmocka_unit_test(errors),
        cmocka_unit_test(channels),
        cmocka_unit_test(scales_of_any_magnitude),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
