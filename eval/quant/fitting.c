#include "eval/fitting.h"

#include "dse/grid.h"
#include "graph.h"
#include "rounder.h"

/* Digits of 4 bits have 8 alphabets; set 0 stands for all numbers. */
enum { ALPHABETS = 8, SETS = 1 << ALPHABETS, BITS_LEAST = 2, BITS_MOST = 8, DIGIT_WIDTH = 4 };

static bool fits(const asx_node *node, const asx_rounder *rounder)
{
    const size_t depth = node->n_weights / node->n_biases;
    for (size_t c = 0; c < node->n_biases; c++)
        if (!(asx_rounder_exact_scale(node->weight + c * depth, depth, rounder) > 0))
            return false;
    return true;
}

/* No alphabet has effect, or they make up all numbers, which is the plain word. */
static asx_status is_idle(bool *out, const asx_word *word, asx_error *err)
{
    asx_grid *grid = NULL;
    *out = asx_word_check(word, NULL) != ASX_OK;
    if (*out || asx_word_is_plain(word))
        return ASX_OK;
    const asx_status status = asx_grid_new(&grid, word, err);
    *out = status == ASX_OK && asx_grid_size(grid) + 1 == (size_t)1 << word->bits;
    asx_grid_free(grid);
    return status;
}

/* Layers without a word yet that lie on this one. */
static asx_status try_word(asx_fitting *out, const asx_network *net, const asx_word *word,
                           asx_error *err)
{
    asx_rounder *rounder = NULL;
    bool idle = false;
    asx_status status = is_idle(&idle, word, err);
    if (status != ASX_OK || idle)
        return status;
    status = asx_rounder_new(&rounder, word, err);
    for (size_t i = 0; status == ASX_OK && i < net->n_nodes; i++) {
        const asx_node *node = &net->node[i];
        if (!asx_node_has_weights(node) || node->repeat > 0 || out[node->layer].found ||
            !fits(node, rounder))
            continue;
        out[node->layer] = (asx_fitting){true, *word};
    }
    asx_rounder_free(rounder);
    return status;
}

asx_status asx_network_fittings(asx_fitting *out, const asx_network *network, asx_error *err)
{
    asx_status status = asx_network_check_weights(network, err);
    for (size_t i = 0; i < network->work.n_layers; i++)
        out[i].found = false;
    for (unsigned bits = BITS_LEAST; status == ASX_OK && bits <= BITS_MOST; bits++) {
        asx_word word = {.bits = bits, .digit_width = DIGIT_WIDTH, .digits = ASX_DIGITS_UNSIGNED};
        for (unsigned n = 1; status == ASX_OK && n <= ALPHABETS; n++)
            for (uint64_t set = 1; status == ASX_OK && set < SETS; set++) {
                word.set = asx_alphabet_set_from_index(set);
                if (asx_alphabet_set_count(word.set) == n)
                    status = try_word(out, network, &word, err);
            }
        word.set = asx_alphabet_set_from_index(0);
        if (status == ASX_OK)
            status = try_word(out, network, &word, err);
    }
    return status;
}
