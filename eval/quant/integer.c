#include "integer.h"

#include <math.h>
#include <stdlib.h>

#include "dse/memory.h"
#include "groups.h"
#include "integer_private.h"

/* The word that a layer's input has in a design, and its scale. */
static asx_status input_scale(double *scale, asx_word *word, const asx_integer *s,
                              const asx_design *design, size_t layer, asx_error *err)
{
    const asx_network *net = asx_calibration_network(s->calibration);
    *word =
        asx_format_activation(&design->format[layer], net->work.layer[layer].input_non_negative);
    return asx_calibration_scale(scale, s->calibration, layer, word, err);
}

/* A value as words of a layer: words of 16 bits without sign are longer than other values. */
static asx_status take_input(asx_integer *s, size_t value, const asx_design *design, size_t layer,
                             asx_error *err)
{
    asx_word word;
    const asx_status status = input_scale(&s->scale[value], &word, s, design, layer, err);
    if (status == ASX_OK)
        s->limit[value] = fmaxf(ASX_INTEGER_MAX, (float)asx_word_max(&word));
    return status;
}

static void take_quantizer(asx_integer *s, size_t value, const asx_node *node)
{
    s->scale[value] = (double)node->alpha;
    s->limit[value] = fmaxf(ASX_INTEGER_MAX, fmaxf(-node->low, node->high));
}

/* Where a file quantises for several layers, its step is the scale of all their words, if the design
 * has the file's, and if what they read has no step of its own. */
static asx_status set_shared(asx_integer *s, const asx_design *design, asx_error *err)
{
    const asx_network *net = asx_calibration_network(s->calibration);
    const asx_groups *g = s->groups;
    for (size_t i = 0; i < net->n_nodes; i++) {
        const asx_node *node = &net->node[i];
        const size_t group = asx_node_has_weights(node) ? g->of_value[node->input[0]] : 0;
        double scale = 0;
        asx_word word;
        if (!asx_node_has_weights(node) || node->held.input_bits == 0 || !g->shared[group] ||
            g->reader[group] != ASX_NO_READER || g->quantizer[group])
            continue;
        asx_status status = input_scale(&scale, &word, s, design, (size_t)node->layer, err);
        if (status != ASX_OK)
            return status;
        for (size_t v = 0; v < net->n_values; v++)
            if (g->of_value[v] == group && !(fabs(scale - (double)node->held.input_scale) > 0)) {
                s->scale[v] = scale;
                s->limit[v] = fmaxf(ASX_INTEGER_MAX, (float)asx_word_max(&word));
            }
    }
    return ASX_OK;
}

/* Scales of all values: the file's step, of the layer that reads a group, or from what calibration
 * saw. */
static asx_status set_scales(asx_integer *s, const asx_design *design, asx_error *err)
{
    const asx_network *net = asx_calibration_network(s->calibration);
    const asx_groups *groups = s->groups;
    asx_status status = ASX_OK;
    for (size_t v = 0; status == ASX_OK && v < net->n_values; v++) {
        const size_t group = groups->of_value[v];
        const double peak = asx_calibration_peak(s->calibration, group);
        s->scale[v] = peak > 0 ? peak / ASX_INTEGER_MAX : 1;
        s->limit[v] = ASX_INTEGER_MAX;
        if (groups->quantizer[group])
            take_quantizer(s, v, groups->quantizer[group]);
        else if (groups->reader[group] != ASX_NO_READER)
            status = take_input(s, v, design, (size_t)groups->reader[group], err);
    }
    return status == ASX_OK ? set_shared(s, design, err) : status;
}

static asx_status set_layer(asx_integer *s, size_t layer, const asx_format *format, asx_error *err)
{
    asx_integer_layer *l = &s->layer[layer];
    const asx_node *node = asx_calibration_plan(s->calibration)->node[layer];
    const bool product = !asx_node_has_weights(node);
    asx_status status = product ? asx_integer_set_product(s, layer, format, err)
                                : asx_integer_set_input(s, layer, format, err);
    const asx_projection_key key = asx_integer_key(l, layer);
    if (status == ASX_OK && !product)
        status = asx_projections_get(&l->projection, asx_calibration_projections(s->calibration),
                                     &key, err);
    if (status == ASX_OK && !product)
        status = asx_integer_set_constants(l, s, node, err);
    return status
               ? asx_fail_context(err, status, "layer '%s'",
                                  asx_calibration_network(s->calibration)->work.layer[layer].name)
               : ASX_OK;
}

/* Weights are projected in parallel; the failure reported is the lowest layer's. */
static asx_status set_layers(asx_integer *s, const asx_design *design, asx_error *err)
{
    asx_status status = ASX_OK;
    size_t failed = design->n_layers;
#pragma omp parallel for schedule(dynamic)
    for (size_t i = 0; i < design->n_layers; i++) {
        asx_error local;
        asx_status got = set_layer(s, i, &design->format[i], &local);
        if (got != ASX_OK) {
#pragma omp critical(asx_integer_failure)
            if (i < failed) {
                failed = i;
                status = got;
                if (err)
                    *err = local;
            }
        }
    }
    return status;
}

static asx_status init(asx_integer *out, asx_calibration *calibration, const asx_design *design,
                       bool shared, asx_error *err)
{
    const asx_network *net = asx_calibration_network(calibration);
    if (design->n_layers != net->work.n_layers)
        return asx_fail(err, ASX_EINVAL, "design of %zu layers for a network of %zu",
                        design->n_layers, net->work.n_layers);
    asx_integer s = {.calibration = calibration,
                     .groups = asx_calibration_groups(calibration),
                     .lookups = asx_calibration_lookups(calibration),
                     .layer = asx_array_new(design->n_layers, sizeof *s.layer),
                     .scale = asx_array_new(net->n_values, sizeof *s.scale),
                     .limit = asx_array_new(net->n_values, sizeof *s.limit),
                     .multiplier_bits = asx_calibration_multiplier_bits(calibration)};
    asx_status status = ASX_OK;
    if (!s.layer || !s.scale || !s.limit)
        status =
            asx_fail(err, ASX_ENOMEM, "no memory for a design of %zu layers", design->n_layers);
    if (status == ASX_OK)
        status = set_scales(&s, design, err);
    if (status == ASX_OK)
        status = shared ? set_layers(&s, design, err) : asx_integer_learn(&s, design, err);
    if (status != ASX_OK) {
        asx_integer_fini(&s);
        return status;
    }
    *out = s;
    return ASX_OK;
}

asx_status asx_integer_init(asx_integer *out, asx_calibration *calibration,
                            const asx_design *design, asx_error *err)
{
    const asx_rounding rounding = asx_calibration_reconstruction(calibration)->rounding;
    return init(out, calibration, design, rounding != ASX_ROUNDING_LEARNED, err);
}

asx_status asx_integer_init_shared(asx_integer *out, asx_calibration *calibration,
                                   const asx_design *design, asx_error *err)
{
    return init(out, calibration, design, true, err);
}

void asx_integer_fini(asx_integer *integer)
{
    if (!integer)
        return;
    for (size_t i = 0;
         integer->layer && i < asx_calibration_network(integer->calibration)->work.n_layers; i++) {
        asx_integer_layer *l = &integer->layer[i];
        if (l->projection)
            asx_projections_release(asx_calibration_projections(integer->calibration),
                                    l->projection);
        free(l->output_factor);
        free(l->multiplier);
        free(l->bias);
        free(l->wide_bias);
        asx_input_faults_free(l->faults);
    }
    free(integer->layer);
    free(integer->scale);
    free(integer->limit);
    *integer = (asx_integer){0};
}
