/* Networks made on a word's set are recognised; others are not. */
#include <math.h>

#include "dse/grid.h"
#include "eval/fitting.h"
#include "rounder.h"
#include "toy.h"

enum { CHANNELS = 5, DEPTH = 80 };

static asx_word word_of(unsigned bits, uint64_t set)
{
    return (asx_word){.bits = bits,
                      .digit_width = 4,
                      .digits = ASX_DIGITS_UNSIGNED,
                      .set = asx_alphabet_set_from_index(set)};
}

/* One dense layer; every channel has all values of the word, as often as there is room, at a scale of its own. */
static asx_network *network_on(const asx_word *word)
{
    asx_error err;
    asx_grid *grid = NULL;
    asx_network *net = toy_network(SHAPE(DEPTH));
    CHECK_OK(asx_grid_new(&grid, word, &err), err);
    const size_t n = asx_grid_size(grid);
    asx_node node = {.op = ASX_OP_DENSE, .n_weights = CHANNELS * DEPTH, .n_biases = CHANNELS};
    toy_layer(net, node, 0, SHAPE(CHANNELS));
    float *weight = net->node[0].weight;
    for (size_t c = 0; c < CHANNELS; c++) {
        const double scale = 0.01 + 0.3 * fabs((double)toy_random());
        for (size_t i = 0; i < DEPTH; i++)
            weight[c * DEPTH + i] = (float)(scale * asx_grid_values(grid)[(i + c) % n]);
    }
    asx_grid_free(grid);
    return net;
}

static void recognised(void **state)
{
    (void)state;
    static const struct {
        unsigned bits;
        uint64_t set;
    } words[] = {{3, 0}, {4, 0}, {5, 0}, {4, 1}, {5, 1}, {4, 3}, {5, 3}, {5, 7}, {6, 1}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        asx_error err;
        const asx_word word = word_of(words[i].bits, words[i].set);
        asx_network *net = network_on(&word);
        asx_fitting found;
        CHECK_OK(asx_network_fittings(&found, net, &err), err);
        assert_true(found.found);
        asx_grid *of = NULL, *want = NULL;
        CHECK_OK(asx_grid_new(&of, &found.word, &err), err);
        CHECK_OK(asx_grid_new(&want, &word, &err), err);
        assert_true(
            asx_grid_equal(of, want)); /* two texts may be one set: w4 and its own alphabets */
        asx_grid_free(of);
        asx_grid_free(want);

        net->node[0].weight[3] += 0.001f; /* beside the set by the least bit of one weight */
        CHECK_OK(asx_network_fittings(&found, net, &err), err);
        assert_true(!found.found || found.word.bits > word.bits);
        asx_network_free(net);
    }
}

static void floats_fit_nothing(void **state)
{
    (void)state;
    asx_error err;
    const asx_word word = word_of(4, 0);
    asx_network *net = network_on(&word);
    asx_fitting found;
    for (size_t i = 0; i < net->node[0].n_weights; i++)
        net->node[0].weight[i] = toy_random();
    CHECK_OK(asx_network_fittings(&found, net, &err), err);
    assert_false(found.found);
    memset(net->node[0].weight, 0, net->node[0].n_weights * sizeof(float));
    CHECK_OK(asx_network_fittings(&found, net, &err), err);
    assert_true(found.found && found.word.bits == 2);
    asx_network_free(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(recognised),
                                       cmocka_unit_test(floats_fit_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
