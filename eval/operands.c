/* Statistics of a layer's operands, for models of what toggles in a multiplier. */
#include <math.h>
#include <stdlib.h>

#include "calibration.h"
#include "dse/format.h"
#include "dse/grid.h"
#include "dse/memory.h"

/* Root mean square of weights in units of the largest word. */
static asx_status spread_of_weights(double *out, const asx_node *node, const asx_word *word,
                                    asx_error *err)
{
    const size_t channels = node->n_biases, depth = node->n_weights / channels;
    float *projected = asx_array_new(node->n_weights, sizeof *projected);
    double *scale = asx_array_new(channels, sizeof *scale), squares = 0;
    asx_rounder *rounder = NULL;
    asx_status status = projected && scale
                            ? asx_rounder_new(&rounder, word, err)
                            : asx_fail(err, ASX_ENOMEM, "statistics of weights: out of memory");
    if (!status) {
        (void)asx_project(projected, scale, node, rounder);
        for (size_t i = 0; i < node->n_weights; i++) {
            const double code = scale[i / depth] > 0 ? projected[i] / scale[i / depth] : 0;
            squares += code * code;
        }
        *out = sqrt(squares / (double)node->n_weights) / (double)asx_word_max(word);
    }
    asx_rounder_free(rounder);
    free(scale);
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

asx_status asx_calibration_operands(asx_layer_operands *out, asx_calibration *calibration,
                                    size_t layer, asx_error *err)
{
    const asx_plan *plan = asx_calibration_plan(calibration);
    asx_layer_operands operands = {0};
    asx_format format;
    double scale = 0;
    asx_status status = asx_format_parse(&format, "w8a8", err);
    if (status)
        return status;
    if (layer >= plan->network->work.n_layers)
        return asx_fail(err, ASX_EINVAL, "layer %zu is not one of the network's %zu", layer,
                        plan->network->work.n_layers);
    const asx_word word =
        asx_format_activation(&format, plan->network->work.layer[layer].input_non_negative);
    status = asx_calibration_scale(&scale, calibration, layer, &word, err);
    if (!status)
        status = spread_of_weights(&operands.weight_sigma, plan->node[layer], &format.weight, err);
    if (status)
        return status;
    spread_of_activations(&operands, asx_calibration_sample(calibration, layer), &word, scale);
    *out = operands;
    return ASX_OK;
}
