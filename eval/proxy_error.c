/* Damage as projection error times share of the output.
 *
 *   damage[l][f] = weight_share[l] e_w(l, f) + input_share[l] e_x(l, f)
 *
 * e_w, e_x: squared error of the projected weights and inputs relative to their sums of squares: to
 * first order, independent errors add up in the layer's output. A share is how much of such an
 * error arrives at the logits: the relative squared change of the logits when the weights (or the
 * input) of this layer alone are in plain 4-bit words, divided by that word's e. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "infer.h"
#include "proxy_type.h"

/* Logits of the probed images. */
typedef struct logits {
    size_t first, n_classes;
    float *value;
} logits;

static void keep(void *state, size_t design, size_t first, size_t n, const float *x)
{
    (void)design;
    const logits *s = state;
    memcpy(s->value + (first - s->first) * s->n_classes, x, n * s->n_classes * sizeof *x);
}

static asx_status run(float *out, const asx_damage_job *job, const asx_layer_setting *layer,
                      asx_error *err)
{
    const asx_plan *plan = asx_calibration_plan(job->calibration);
    logits s = {job->images.first, asx_network_n_classes(plan->network), out};
    const asx_inference inference = {.plan = plan,
                                     .data = job->data,
                                     .images = job->images,
                                     .run = {.layer = layer},
                                     .take = keep,
                                     .state = &s};
    return asx_infer(&inference, err);
}

/* Squared change of the logits relative to their squares; what all classes of an image have in
 * common changes no decision and is left out of both. */
static double relative_change(const float *changed, const float *base, size_t n, size_t classes)
{
    double change = 0, square = 0;
    for (size_t i = 0; i < n; i++, changed += classes, base += classes) {
        double mean = 0, mean_base = 0;
        for (size_t c = 0; c < classes; c++) {
            mean += ((double)changed[c] - (double)base[c]) / (double)classes;
            mean_base += (double)base[c] / (double)classes;
        }
        for (size_t c = 0; c < classes; c++) {
            const double d = (double)changed[c] - (double)base[c] - mean;
            const double b = (double)base[c] - mean_base;
            change += d * d;
            square += b * b;
        }
    }
    return square > 0 ? change / square : 0;
}

/* Runs the network with one layer's weights, or its input, in a plain 4-bit word. */
static asx_status probe(float *out, const asx_damage_job *job, asx_layer_setting *setting,
                        size_t layer, const asx_word *word, bool weights, asx_error *err)
{
    asx_projections *cache = asx_calibration_projections(job->calibration);
    asx_projection *projection = NULL;
    asx_status status;
    if (weights) {
        status = asx_projections_get(&projection, cache, layer, word, ASX_PACKED_FLOAT, err);
        if (!status)
            setting[layer].weights = asx_projection_weights(projection);
    } else {
        status = asx_calibration_input(&setting[layer], job->calibration, layer, word, err);
    }
    if (!status)
        status = run(out, job, setting, err);
    setting[layer] = (asx_layer_setting){0};
    asx_projections_release(cache, projection);
    return status;
}

/* The shares of all layers, with the logits of the float network at hand. */
static asx_status probe_layers(double *share, const asx_damage_job *job, const float *base,
                               float *changed, asx_layer_setting *setting, bool weights,
                               asx_error *err)
{
    const asx_network *net = asx_calibration_network(job->calibration);
    const size_t n = job->images.end - job->images.first, n_classes = asx_network_n_classes(net);
    for (size_t l = 0; l < net->work.n_layers; l++) {
        asx_word word = {.bits = 4, .digit_width = ASX_DIGIT_WIDTH_DEFAULT};
        double error = 0;
        asx_status status = asx_damage_word(&error, job->calibration, NULL, l, &word, weights, err);
        word.non_negative = !weights && net->work.layer[l].input_non_negative;
        if (!status)
            status = probe(changed, job, setting, l, &word, weights, err);
        if (status)
            return status;
        share[l] = error > 0 ? relative_change(changed, base, n, n_classes) / error : 0;
    }
    return ASX_OK;
}

static asx_status fill(const asx_damage_job *job, asx_error *err)
{
    const asx_network *net = asx_calibration_network(job->calibration);
    const size_t n_layers = net->work.n_layers;
    const size_t n_logits = (job->images.end - job->images.first) * asx_network_n_classes(net);
    float *base = asx_array_new(n_logits, sizeof *base);
    float *changed = asx_array_new(n_logits, sizeof *changed);
    double *share = asx_array_new(n_layers, sizeof *share);
    asx_layer_setting *setting = asx_array_new(n_layers, sizeof *setting);
    asx_status status = ASX_OK;
    if (!base || !changed || !share || !setting)
        status = asx_fail(err, ASX_ENOMEM, "logits of %zu images: out of memory",
                          job->images.end - job->images.first);
    if (!status)
        status = run(base, job, NULL, err);
    for (int weights = 0; !status && weights < 2; weights++) {
        status = probe_layers(share, job, base, changed, setting, weights, err);
        if (!status)
            status = asx_damage_add(job, NULL, share, weights, err);
    }
    free(base);
    free(changed);
    free(share);
    free(setting);
    return status;
}

const asx_proxy_type asx_proxy_error = {
    "error", "projection error of weights and inputs times the layer's share of the output",
    fill};
