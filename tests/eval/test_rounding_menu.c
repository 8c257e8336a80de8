/* Weights that choose from a menu, group by group, against layers that have one of its words. */
#include "dse/menu.h"
#include "rounding_fixture.h"

/* Whether the words of a group lie on one grid of a menu's. */
static bool have_one_word(const int32_t *q, size_t n, const asx_word *menu)
{
    asx_error err;
    asx_word word[ASX_MENU_WORDS_MAX];
    bool any = false;
    const size_t n_words = asx_menu_words(word, menu);
    for (size_t w = 0; w < n_words; w++) {
        asx_grid *grid = NULL;
        size_t has = 0;
        CHECK_OK(asx_grid_new(&grid, &word[w], &err), err);
        while (has < n && asx_grid_has(grid, q[has]))
            has++;
        any = any || has == n;
        asx_grid_free(grid);
    }
    return any;
}

/* Groups have a word each. Channels that choose one are those of a layer that has it alone, and no others; a layer of
 * small groups is not off by more than one of whole channels. */
static void menus(void **state)
{
    (void)state;
    for (int r = ASX_ROUNDING_NEAREST; r < ASX_N_ROUNDINGS; r++) {
        toy_counter = 1000;
        bench b = bench_open(toy_alike(false), (asx_rounding)r, true);
        const asx_node *node = asx_calibration_plan(b.c)->node[1];
        const size_t depth = node->n_weights / node->n_biases;
        asx_integer ch = design_of(&b, "near: w8a8 layer1=w4{1}/4{3,5}a8@ch"),
                    few = design_of(&b, "near: w8a8 layer1=w4{1}/4{3,5}a8@5"),
                    one[] = {design_of(&b, "near: w8a8 layer1=w4{1}a8"),
                             design_of(&b, "near: w8a8 layer1=w4{3,5}a8")};
        size_t of[2] = {0};
        for (size_t c = 0; c < node->n_biases; c++) {
            const int32_t *q = words_of(&ch, 1)->word + c * depth;
            size_t k = 0;
            while (k < 2 &&
                   (memcmp(q, words_of(&one[k], 1)->word + c * depth, depth * sizeof *q) != 0 ||
                    fabs(words_of(&one[k], 1)->scale[c] - words_of(&ch, 1)->scale[c]) > 0))
                k++;
            assert_true(k < 2);
            of[k]++;
            for (size_t i = 0; i < depth; i += 5)
                assert_true(have_one_word(words_of(&few, 1)->word + c * depth + i,
                                          depth - i < 5 ? depth - i : 5,
                                          &few.layer[1].weight_word));
        }
        const size_t value = b.net->node[4].output;
        const double with_ch = off_by(&b, "near: w8a8 layer1=w4{1}/4{3,5}a8@ch", value);
        const double with_few = off_by(&b, "near: w8a8 layer1=w4{1}/4{3,5}a8@5", value);
        const double with_one = off_by(&b, "near: w8a8 layer1=w4{3,5}a8", value);
        print_message("%s: %zu and %zu channels; one %.5f, @ch %.5f, @5 %.5f\n",
                      asx_rounding_text((asx_rounding)r), of[0], of[1], with_one, with_ch,
                      with_few);
        assert_true(of[0] > 0 && of[1] > 0);
        if (r != ASX_ROUNDING_NEAREST)
            assert_true(with_ch < with_one && with_few < with_ch);
        asx_integer_fini(&one[0]);
        asx_integer_fini(&one[1]);
        asx_integer_fini(&few);
        asx_integer_fini(&ch);
        bench_close(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(menus)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
