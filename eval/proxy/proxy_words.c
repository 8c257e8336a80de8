#include "proxy_words.h"

#include <stdint.h>
#include <stdlib.h>

#include "dse/file.h"
#include "dse/grid.h"
#include "dse/memory.h"
#include "dse/menu.h"
#include "outcome.h"

static uint32_t common_divisor(uint32_t a, uint32_t b)
{
    while (b) {
        const uint32_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* Hash of the representable set without its common factor; a clash of 64 bits is not expected. */
static asx_status set_hash(uint64_t *out, const asx_word *word, asx_error *err)
{
    asx_grid *grid = NULL;
    asx_status status = asx_grid_new(&grid, word, err);
    if (status != ASX_OK)
        return status;
    const int32_t *value = asx_grid_values(grid);
    const size_t n = asx_grid_size(grid);
    uint32_t factor = 0;
    for (size_t i = 0; i < n; i++)
        factor = common_divisor(factor, (uint32_t)abs(value[i]));
    *out = n;
    for (size_t i = 0; i < n; i++) {
        const int32_t reduced = factor ? value[i] / (int32_t)factor : 0;
        *out = asx_hash(&reduced, sizeof reduced, *out);
    }
    asx_grid_free(grid);
    const uint64_t menu[] = {asx_word_shape(word), word->list[0], word->list[1], word->list[2],
                             word->list[3]};
    if (asx_word_is_menu(word)) /* its groups have parts of the set */
        *out = asx_hash(menu, sizeof menu, *out);
    return ASX_OK;
}

/* Words of inputs are told apart as they are: with and without a sign their sets differ. */
static asx_status number_words(asx_words *w, uint64_t *hash, const asx_format *format, size_t n,
                               asx_error *err)
{
    for (size_t f = 0; f < n; f++) {
        const asx_word *word = w->weights ? &format[f].weight : &format[f].activation;
        size_t i = 0;
        while (i < w->n && !asx_word_equal(&w->word[i], word))
            i++;
        if (i == w->n && w->weights) {
            asx_status status = set_hash(&hash[w->n], word, err);
            if (status != ASX_OK)
                return status;
            for (i = 0; hash[i] != hash[w->n];)
                i++;
        }
        if (i == w->n)
            w->word[w->n++] = *word;
        w->of_format[f] = i;
    }
    return ASX_OK;
}

asx_status asx_words_init(asx_words *out, const asx_format *format, size_t n_formats, bool weights,
                          asx_error *err)
{
    asx_words w = {.weights = weights,
                   .word = asx_array_new(n_formats, sizeof *w.word),
                   .of_format = asx_array_new(n_formats, sizeof *w.of_format)};
    uint64_t *hash = asx_array_new(n_formats, sizeof *hash);
    asx_status status = ASX_OK;
    if (!w.word || !w.of_format || !hash)
        status = asx_fail(err, ASX_ENOMEM, "no memory for words of %zu formats", n_formats);
    if (status == ASX_OK)
        status = number_words(&w, hash, format, n_formats, err);
    free(hash);
    if (status != ASX_OK) {
        asx_words_fini(&w);
        return status;
    }
    *out = w;
    return ASX_OK;
}

void asx_words_fini(asx_words *words)
{
    if (!words)
        return;
    free(words->word);
    free(words->of_format);
    *words = (asx_words){0};
}

static asx_status output_error(double *out, const asx_calibration *c, const asx_gram *gram,
                               const asx_node *node, const asx_word *word, asx_error *err)
{
    asx_rounder *rounder = NULL;
    asx_status status = asx_rounder_new(&rounder, word, err);
    if (status != ASX_OK)
        return status;
    float *weight = asx_array_new(node->n_weights, sizeof *weight);
    asx_scale *best = asx_array_new(node->n_biases, sizeof *best);
    double error = -1;
    status = weight && best ? asx_scales_get(best, asx_calibration_reconstruction(c)->scales, node,
                                             word, rounder, err)
                            : asx_fail(err, ASX_ENOMEM, "no memory for a layer's weights");
    if (status == ASX_OK) {
        (void)asx_project(weight, node, rounder, best);
        error = asx_gram_error(gram, node, weight);
        if (error < 0)
            status = asx_fail(err, ASX_ENOMEM, "no memory for errors of layer '%s'", node->name);
    }
    asx_rounder_free(rounder);
    free(best);
    free(weight);
    if (status == ASX_OK)
        *out = error;
    return status;
}

asx_status asx_word_error(double *out, asx_calibration *c, const asx_gram *gram, size_t layer,
                          const asx_word *word, bool weights, asx_error *err)
{
    const asx_node *node = asx_calibration_plan(c)->node[layer];
    if (weights && gram && asx_node_has_weights(node))
        return output_error(out, c, &gram[layer], node, word, err);
    if (weights)
        return asx_calibration_weight_error(out, c, layer, word, err);
    const asx_word input =
        asx_word_with_sign(word, asx_calibration_network(c)->work.layer[layer].input_non_negative);
    return asx_calibration_activation_error(out, c, layer, &input, err);
}

asx_status asx_words_some_errors(double *out, asx_calibration *calibration, const asx_gram *gram,
                                 const asx_words *words, size_t first, size_t n, asx_error *err)
{
    asx_outcome failed = {.status = ASX_OK};
#pragma omp parallel for schedule(dynamic)
    for (size_t i = first; i < first + n; i++) {
        asx_error local;
        asx_status status = asx_calibration_go_on(calibration, &local);
        if (status == ASX_OK)
            status = asx_word_error(&out[i - first], calibration, gram, i / words->n,
                                    &words->word[i % words->n], words->weights, &local);
        asx_outcome_note(&failed, i, status, &local);
    }
    return asx_outcome_end(&failed, err);
}

asx_status asx_words_errors(double *out, asx_calibration *calibration, const asx_gram *gram,
                            const asx_words *words, asx_error *err)
{
    const size_t n = asx_calibration_network(calibration)->work.n_layers * words->n;
    return asx_words_some_errors(out, calibration, gram, words, 0, n, err);
}
