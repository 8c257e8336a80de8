/* Scales of operands in words, found by the samples of a calibration and kept. */
#include <stdlib.h>

#include "calibration_parts.h"
#include "dse/memory.h"

void asx_input_word_free(asx_input_word *w)
{
    if (!w)
        return;
    asx_rounder_free(w->rounder);
    free(w->scale);
    free(w);
}

/* The entry of a word, made if need be. Under the lock. */
static asx_status find_word(asx_input_word **out, asx_calibration *c, const asx_word *word,
                            asx_error *err)
{
    for (size_t i = 0; i < c->n_words; i++)
        if (asx_word_equal(&c->word[i]->word, word)) {
            *out = c->word[i];
            return ASX_OK;
        }
    asx_rounder *rounder = NULL;
    asx_status status = asx_rounder_new(&rounder, word, err);
    if (status != ASX_OK)
        return status;
    asx_input_word **list =
        asx_array_grow(c->word, &c->capacity, c->n_words + 1, sizeof(asx_input_word *));
    if (list)
        c->word = list;
    asx_input_word *w = asx_array_new(1, sizeof *w);
    asx_scale *scale = asx_array_new(2 * c->plan->network->work.n_layers, sizeof *scale);
    if (!list || !w || !scale) {
        free(w);
        free(scale);
        asx_rounder_free(rounder);
        return asx_fail(err, ASX_ENOMEM, "no memory for scales of activations");
    }
    *w = (asx_input_word){.word = *word, .rounder = rounder, .scale = scale};
    c->word[c->n_words++] = w;
    *out = w;
    return ASX_OK;
}

/* One of a layer's operands: its input, or the second of a product. */
typedef struct operand {
    size_t layer;
    bool second;
} operand;

/* The scale of an operand that was learned, or that the file has for such words; 0: none. */
static double known_scale(const asx_node *node, bool second, const asx_rounder *rounder)
{
    const asx_held *held = &node->held;
    const unsigned bits = second ? held->weight_bits : held->input_bits;
    if (node->clip > 0 && !second)
        return (double)node->clip / asx_rounder_high(rounder);
    return bits > 0 && asx_rounder_plain_bits(rounder) == bits
               ? (double)(second ? held->second_scale : held->input_scale)
               : 0;
}

static asx_status find_scale(asx_scale *out, const asx_rounder **rounder, asx_calibration *c,
                             operand o, const asx_word *word, asx_error *err)
{
    const size_t n_layers = c->plan->network->work.n_layers;
    if (o.layer >= n_layers)
        return asx_fail(err, ASX_EINVAL, "layer %zu is not one of the network's %zu", o.layer,
                        n_layers);
    const size_t at = o.second ? n_layers + o.layer : o.layer;
    const asx_sample *sample = o.second ? &c->second[o.layer] : &c->sample[o.layer];
    asx_input_word *w = NULL;
    asx_scale s = {.scale = 0};
    omp_set_lock(&c->lock);
    asx_status status = find_word(&w, c, word, err);
    if (status == ASX_OK)
        s = w->scale[at];
    omp_unset_lock(&c->lock);
    if (status == ASX_OK &&
        !(s.scale > 0)) { /* outside the lock: at worst two threads find the same */
        status = asx_sample_scale(&s, sample, w->rounder, c->options.ranging, c->options.percentile,
                                  known_scale(c->plan->node[o.layer], o.second, w->rounder), err);
        if (status == ASX_OK) {
            omp_set_lock(&c->lock);
            w->scale[at] = s;
            omp_unset_lock(&c->lock);
        }
    }
    if (status != ASX_OK)
        return status;
    *out = s;
    *rounder = w->rounder;
    return ASX_OK;
}

static asx_status scale_of(double *scale, const asx_rounder **rounder, asx_calibration *c,
                           operand o, const asx_word *word, asx_error *err)
{
    asx_scale s;
    const asx_status status = find_scale(&s, rounder, c, o, word, err);
    if (status == ASX_OK)
        *scale = s.scale;
    return status;
}

asx_status asx_calibration_input(double *scale, const asx_rounder **rounder,
                                 asx_calibration *calibration, size_t layer, const asx_word *word,
                                 asx_error *err)
{
    return scale_of(scale, rounder, calibration, (operand){layer, false}, word, err);
}

asx_status asx_calibration_second(double *scale, const asx_rounder **rounder,
                                  asx_calibration *calibration, size_t layer, const asx_word *word,
                                  asx_error *err)
{
    return scale_of(scale, rounder, calibration, (operand){layer, true}, word, err);
}

asx_status asx_calibration_scale(double *scale, asx_calibration *calibration, size_t layer,
                                 const asx_word *word, asx_error *err)
{
    const asx_rounder *rounder;
    return asx_calibration_input(scale, &rounder, calibration, layer, word, err);
}

static asx_status error_of(double *error, asx_calibration *c, operand o, const asx_word *word,
                           asx_error *err)
{
    asx_scale s;
    const asx_rounder *rounder;
    const asx_status status = find_scale(&s, &rounder, c, o, word, err);
    if (status == ASX_OK)
        *error = s.error;
    return status;
}

asx_status asx_calibration_activation_error(double *error, asx_calibration *calibration,
                                            size_t layer, const asx_word *word, asx_error *err)
{
    return error_of(error, calibration, (operand){layer, false}, word, err);
}

asx_status asx_calibration_weight_error(double *error, asx_calibration *calibration, size_t layer,
                                        const asx_word *word, asx_error *err)
{
    const size_t n_layers = calibration->plan->network->work.n_layers;
    if (layer >= n_layers)
        return asx_fail(err, ASX_EINVAL, "layer %zu is not one of the network's %zu", layer,
                        n_layers);
    const asx_node *node = calibration->plan->node[layer];
    if (!asx_node_has_weights(node))
        return error_of(error, calibration, (operand){layer, true}, word, err);
    asx_rounder *rounder = NULL;
    asx_scale *best = asx_array_new(node->n_biases, sizeof *best);
    asx_status status = best ? asx_rounder_new(&rounder, word, err)
                             : asx_fail(err, ASX_ENOMEM, "no memory for scales");
    if (status == ASX_OK)
        status = asx_scales_get(best, calibration->reconstruction.scales, node, word, rounder, err);
    if (status == ASX_OK)
        *error = asx_project(NULL, node, rounder, best);
    asx_rounder_free(rounder);
    free(best);
    return status;
}
