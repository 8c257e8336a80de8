/* Statistics of a layer's operands, for models of what toggles in a multiplier. */
#include <math.h>
#include <stdlib.h>

#include "calibration_private.h"
#include "dse/format.h"
#include "dse/grid.h"
#include "dse/memory.h"
#include "operand_shape.h"

/* Root mean square of weights in units of the largest word. */
static asx_status spread_of_weights(asx_layer_operands *out, const asx_node *node,
                                    const asx_word *word, asx_error *err)
{
    const size_t channels = node->n_biases, depth = node->n_weights / channels;
    float *projected = asx_array_new(node->n_weights, sizeof *projected);
    asx_scale *best = asx_array_new(channels, sizeof *best);
    double squares = 0;
    int16_t *codes = asx_array_new(node->n_weights, sizeof *codes);
    asx_rounder *rounder = NULL;
    asx_status status = projected && best && codes
                            ? asx_rounder_new(&rounder, word, err)
                            : asx_fail(err, ASX_ENOMEM, "no memory for statistics of weights");
    if (status == ASX_OK) {
        for (size_t c = 0; c < channels; c++)
            best[c] = asx_weight_scale(node, c, rounder);
        (void)asx_project(projected, node, rounder, best);
        for (size_t i = 0; i < node->n_weights; i++) {
            const double scale = best[i / depth].scale;
            const double code = scale > 0 ? projected[i] / scale : 0;
            squares += code * code;
            codes[i] = (int16_t)lround(code);
        }
        out->weight_sigma = sqrt(squares / (double)node->n_weights) / (double)asx_word_max(word);
        asx_codes_quantiles(out->weight_quantile, codes, node->n_weights);
    }
    free(codes);
    asx_rounder_free(rounder);
    free(best);
    free(projected);
    return status;
}

/* The same of activations that are not 0 as words, and the share of those that are. */
static void spread_of_activations(asx_layer_operands *out, const asx_sample *sample,
                                  const asx_word *word, double scale)
{
    const double most = (double)asx_word_max(word);
    double squares = 0;
    size_t zeros = 0;
    for (size_t i = 0; i < sample->n; i++) {
        const double code = fmin(fabs(round(sample->value[i] / scale)), most);
        squares += code * code;
        zeros += code == 0;
    }
    const size_t others = sample->n - zeros;
    out->activation_sigma = others > 0 ? sqrt(squares / (double)others) / most : 0;
    out->zero_activations = (double)zeros / (double)sample->n;
}

static int16_t code_of(float value, const asx_word *word, double scale)
{
    const double most = (double)asx_word_max(word);
    return (int16_t)fmax(word->non_negative ? 0 : -most, fmin(most, round(value / scale)));
}

/* Quantiles of activations that are not 0; how alike those are that follow each other. */
static asx_status shape_of_activations(asx_layer_operands *out, const asx_sample *sample,
                                       const asx_word *word, double scale, asx_error *err)
{
    int16_t *all = asx_array_new(sample->n + 1, sizeof *all);
    int16_t *some = asx_array_new(sample->n + 1, sizeof *some);
    int16_t *pair = asx_array_new(sample->n + 1, 2 * sizeof *pair);
    int16_t unused[ASX_OPERAND_KNOTS];
    size_t n = 0, n_pairs = 0;
    asx_status status = all && some && pair
                            ? ASX_OK
                            : asx_fail(err, ASX_ENOMEM, "no memory for statistics of activations");
    for (size_t i = 0; status == ASX_OK && i < sample->n; i++) {
        all[i] = code_of(sample->value[i], word, scale);
        if (all[i] != 0)
            some[n++] = all[i];
        if (isnan(sample->next[i]))
            continue;
        pair[2 * n_pairs] = all[i];
        pair[2 * n_pairs++ + 1] = code_of(sample->next[i], word, scale);
    }
    if (status == ASX_OK) {
        asx_codes_quantiles(out->activation_quantile, some, n);
        asx_codes_quantiles(unused, all, sample->n);
        status = asx_codes_likeness(&out->likeness, all, sample->n, pair, n_pairs, err);
    }
    free(pair);
    free(some);
    free(all);
    return status;
}

/* The same as of weights, of a product's second operand. */
static asx_status spread_of_second(asx_layer_operands *out, asx_calibration *calibration,
                                   size_t layer, const asx_word *word, asx_error *err)
{
    const asx_sample *sample = asx_calibration_second_sample(calibration, layer);
    const asx_rounder *rounder;
    double scale = 0, squares = 0;
    asx_status status = asx_calibration_second(&scale, &rounder, calibration, layer, word, err);
    int16_t *codes = asx_array_new(sample->n + 1, sizeof *codes);
    if (status == ASX_OK && !codes)
        status = asx_fail(err, ASX_ENOMEM, "no memory for statistics of a product");
    for (size_t i = 0; status == ASX_OK && i < sample->n; i++) {
        codes[i] = code_of(sample->value[i], word, scale);
        squares += (double)codes[i] * (double)codes[i];
    }
    if (status == ASX_OK) {
        out->weight_sigma = sqrt(squares / (double)sample->n) / (double)asx_word_max(word);
        asx_codes_quantiles(out->weight_quantile, codes, sample->n);
    }
    free(codes);
    return status;
}

asx_status asx_calibration_operands(asx_layer_operands *out, asx_calibration *calibration,
                                    size_t layer, bool histogram, asx_error *err)
{
    const asx_plan *plan = asx_calibration_plan(calibration);
    asx_layer_operands operands = {0};
    asx_format format;
    double scale = 0;
    asx_status status = asx_format_parse(&format, ASX_BASELINE_FORMAT, err);
    if (status != ASX_OK)
        return status;
    if (layer >= plan->network->work.n_layers)
        return asx_fail(err, ASX_EINVAL, "layer %zu is not one of the network's %zu", layer,
                        plan->network->work.n_layers);
    const asx_word word =
        asx_format_activation(&format, plan->network->work.layer[layer].input_non_negative);
    status = asx_calibration_scale(&scale, calibration, layer, &word, err);
    if (status == ASX_OK)
        status = asx_node_has_weights(plan->node[layer])
                     ? spread_of_weights(&operands, plan->node[layer], &format.weight, err)
                     : spread_of_second(&operands, calibration, layer, &format.weight, err);
    if (status != ASX_OK)
        return status;
    spread_of_activations(&operands, asx_calibration_sample(calibration, layer), &word, scale);
    operands.histogram = histogram;
    if (histogram)
        status = shape_of_activations(&operands, asx_calibration_sample(calibration, layer), &word,
                                      scale, err);
    if (status == ASX_OK)
        *out = operands;
    return status;
}
