#include "integer.h"

#include <math.h>
#include <stdlib.h>

#include "dse/memory.h"
#include "groups.h"

/* Scales of all values: of the layer that reads a group, or from what calibration saw. */
static asx_status set_scales(asx_integer *s, const asx_design *design, asx_error *err)
{
    const asx_network *net = asx_calibration_network(s->calibration);
    const asx_groups *groups = asx_calibration_groups(s->calibration);
    for (size_t v = 0; v < net->n_values; v++) {
        const size_t group = groups->of_value[v];
        const int layer = groups->reader[group];
        const double peak = asx_calibration_peak(s->calibration, group);
        s->scale[v] = peak > 0 ? peak / ASX_INTEGER_PEAK : 1;
        if (layer == ASX_NO_READER)
            continue;
        const asx_word word = asx_format_activation(&design->format[layer],
                                                    net->work.layer[layer].input_non_negative);
        asx_status status =
            asx_calibration_scale(&s->scale[v], s->calibration, (size_t)layer, &word, err);
        if (status)
            return status;
    }
    return ASX_OK;
}

/* Vector loops over few channels would be short: the constants are repeated. */
static size_t width_of(size_t rows, size_t channels)
{
    size_t repeat = 1;
    while (channels * repeat < 512 && rows % (2 * repeat) == 0)
        repeat *= 2;
    return channels * repeat;
}

/* @param input_scale of the layer's input word */
static asx_status set_constants(asx_integer_layer *l, const asx_plan *plan, const asx_node *node,
                                double input_scale, double output_scale, asx_error *err)
{
    const asx_integer_weights *w = asx_projection_integers(l->projection);
    const size_t channels = node->n_biases;
    const size_t n = plan->batch * asx_value_n_elements(&plan->network->value[node->output]);
    const double limit = w->narrow ? ldexp(1, 30) : ldexp(1, 46);
    l->width = width_of(n / channels, channels);
    l->multiplier = asx_array_new(l->width, sizeof *l->multiplier);
    l->bias = asx_array_new(l->width, sizeof *l->bias);
    l->wide_bias = asx_array_new(l->width, sizeof *l->wide_bias);
    if (!l->multiplier || !l->bias || !l->wide_bias)
        return asx_fail(err, ASX_ENOMEM, "constants of a layer: out of memory");
    for (size_t i = 0; i < l->width; i++) {
        const double unit = input_scale * w->scale[i % channels];
        const double real = (double)node->bias[i % channels] + w->shift[i % channels];
        const double bias = fmax(-limit, fmin(rint(real / unit), limit));
        l->multiplier[i] = (float)(unit / output_scale);
        l->bias[i] = w->narrow ? (int32_t)bias : 0;
        l->wide_bias[i] = bias;
    }
    return ASX_OK;
}

static asx_status set_layer(asx_integer *s, size_t layer, const asx_format *format, asx_error *err)
{
    asx_integer_layer *l = &s->layer[layer];
    const asx_plan *plan = asx_calibration_plan(s->calibration);
    const asx_node *node = plan->node[layer];
    const asx_layer *shape = &plan->network->work.layer[layer];
    const asx_word input = asx_format_activation(format, shape->input_non_negative);
    asx_layer_setting setting;
    asx_status status = asx_calibration_input(&setting, s->calibration, layer, &input, err);
    if (!status)
        status = asx_projections_get(&l->projection, asx_calibration_projections(s->calibration),
                                     layer, &format->weight,
                                     input.bits <= 8 ? ASX_PACKED_NARROW : ASX_PACKED_PIECES, err);
    if (!status) {
        l->rounder = setting.rounder;
        l->input_bits = input.bits;
        l->factor = (float)(s->scale[node->input[0]] / setting.scale);
        status = set_constants(l, plan, node, setting.scale, s->scale[node->output], err);
    }
    return status ? asx_fail_context(err, status, "layer '%s'", shape->name) : ASX_OK;
}

/* Weights are projected in parallel; the failure reported is the lowest layer's. */
static asx_status set_layers(asx_integer *s, const asx_design *design, asx_error *err)
{
    asx_status status = ASX_OK;
    size_t failed = design->n_layers;
#pragma omp parallel for schedule(dynamic)
    for (size_t i = 0; i < design->n_layers; i++) {
        asx_error local;
        asx_status st = set_layer(s, i, &design->format[i], &local);
        if (st) {
#pragma omp critical(asx_integer_failure)
            if (i < failed) {
                failed = i;
                status = st;
                if (err)
                    *err = local;
            }
        }
    }
    return status;
}

asx_status asx_integer_init(asx_integer *out, asx_calibration *calibration,
                            const asx_design *design, asx_error *err)
{
    const asx_network *net = asx_calibration_network(calibration);
    if (design->n_layers != net->work.n_layers)
        return asx_fail(err, ASX_EINVAL, "design of %zu layers for a network of %zu",
                        design->n_layers, net->work.n_layers);
    asx_integer s = {.calibration = calibration,
                     .layer = asx_array_new(design->n_layers, sizeof *s.layer),
                     .scale = asx_array_new(net->n_values, sizeof *s.scale)};
    asx_status status = ASX_OK;
    if (!s.layer || !s.scale)
        status = asx_fail(err, ASX_ENOMEM, "design of %zu layers: out of memory", design->n_layers);
    if (!status)
        status = set_scales(&s, design, err);
    if (!status)
        status = set_layers(&s, design, err);
    if (status) {
        asx_integer_fini(&s);
        return status;
    }
    *out = s;
    return ASX_OK;
}

void asx_integer_fini(asx_integer *integer)
{
    for (size_t i = 0;
         integer->layer && i < asx_calibration_network(integer->calibration)->work.n_layers; i++) {
        asx_integer_layer *l = &integer->layer[i];
        asx_projections_release(asx_calibration_projections(integer->calibration), l->projection);
        free(l->multiplier);
        free(l->bias);
        free(l->wide_bias);
    }
    free(integer->layer);
    free(integer->scale);
    *integer = (asx_integer){0};
}

/* Projections and rounders are shared by all designs of a calibration, so equal ones are one. */
static bool same_layer(const asx_integer_layer *a, const asx_integer_layer *b)
{
    bool same = a->projection == b->projection && a->rounder == b->rounder &&
                a->factor == b->factor && a->width == b->width;
    for (size_t i = 0; same && i < a->width; i++)
        same = a->multiplier[i] == b->multiplier[i] && a->wide_bias[i] == b->wide_bias[i];
    return same;
}

size_t asx_integer_common(const asx_integer *a, const asx_integer *b)
{
    const asx_network *net = asx_calibration_network(a->calibration);
    size_t n = 0;
    if (a->scale[net->input] != b->scale[net->input])
        return 0;
    while (n < net->n_nodes) {
        const asx_node *node = &net->node[n];
        if (a->scale[node->output] != b->scale[node->output] ||
            (node->layer != ASX_NO_LAYER &&
             !same_layer(&a->layer[node->layer], &b->layer[node->layer])))
            break;
        n++;
    }
    return n;
}
