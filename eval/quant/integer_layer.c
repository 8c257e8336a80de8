/* The constants of a design's layers, and which layers are the same in two designs. */
#include <math.h>

#include "dse/memory.h"
#include "dse/menu.h"
#include "integer_private.h"

/* Vector loops over few channels would be short: the constants are repeated. */
static size_t width_of(size_t rows, size_t channels)
{
    size_t repeat = 1;
    while (channels * repeat < 512 && rows % (2 * repeat) == 0)
        repeat *= 2;
    return channels * repeat;
}

asx_status asx_integer_set_constants(asx_integer_layer *l, const asx_integer *s,
                                     const asx_node *node, asx_error *err)
{
    const asx_plan *plan = asx_calibration_plan(s->calibration);
    const asx_integer_weights *w = asx_projection_integers(l->projection);
    const size_t channels = node->n_biases;
    const size_t n = plan->batch * asx_value_n_elements(&plan->network->value[node->output]);
    /* with a multiplier of 24 bits the product of a narrow layer's total is exact in a double */
    const double limit = w->narrow ? ldexp(1, 28) : ldexp(1, 46);
    const double output_scale = s->scale[node->output], input_scale = l->input_scale;
    l->width = width_of(n / channels, channels);
    l->output_factor = asx_array_new(channels, sizeof *l->output_factor);
    l->multiplier = asx_array_new(l->width, sizeof *l->multiplier);
    l->bias = asx_array_new(l->width, sizeof *l->bias);
    l->wide_bias = asx_array_new(l->width, sizeof *l->wide_bias);
    if (!l->output_factor || !l->multiplier || !l->bias || !l->wide_bias)
        return asx_fail(err, ASX_ENOMEM, "no memory for constants of a layer");
    for (size_t c = 0; c < channels; c++)
        l->output_factor[c] =
            asx_dyadic_of(input_scale * w->rounded.scale[c] / output_scale, s->multiplier_bits);
    for (size_t i = 0; i < l->width; i++) {
        const double unit = input_scale * w->rounded.scale[i % channels];
        const double real = (double)node->bias[i % channels] + w->rounded.shift[i % channels];
        const double bias = fmax(-limit, fmin(rint(real / unit), limit));
        l->multiplier[i] = asx_dyadic_real(l->output_factor[i % channels]);
        l->bias[i] = w->narrow ? (int32_t)bias : 0;
        l->wide_bias[i] = bias;
    }
    return ASX_OK;
}

/* All of a layer but its weights. */
asx_status asx_integer_set_input(asx_integer *s, size_t layer, const asx_format *format,
                                 asx_error *err)
{
    asx_integer_layer *l = &s->layer[layer];
    const asx_plan *plan = asx_calibration_plan(s->calibration);
    l->weight_word = format->weight;
    l->input_word =
        asx_format_activation(format, plan->network->work.layer[layer].input_non_negative);
    if (l->input_word.bits > ASX_WORD_BITS_MAX)
        return asx_fail(
            err, ASX_EUNSUPPORTED,
            "inputs in this format are integers of %u bits, and are computed with up to %d",
            l->input_word.bits, ASX_WORD_BITS_MAX);
    const asx_status status = asx_calibration_input(&l->input_scale, &l->rounder, s->calibration,
                                                    layer, &l->input_word, err);
    if (status == ASX_OK) {
        l->input_factor = asx_dyadic_of(s->scale[plan->node[layer]->input[0]] / l->input_scale,
                                        s->multiplier_bits);
        l->factor = asx_dyadic_real(l->input_factor);
    }
    return status;
}

asx_status asx_integer_set_product(asx_integer *s, size_t layer, const asx_format *format,
                                   asx_error *err)
{
    asx_integer_layer *l = &s->layer[layer];
    const asx_node *node = asx_calibration_plan(s->calibration)->node[layer];
    const unsigned bits = s->multiplier_bits;
    double b = 0;
    if (asx_word_is_menu(&format->weight)) /* of what is known when a value is made */
        return asx_fail(err, ASX_EINVAL,
                        "a product's second operand is made for every image: no menu is chosen "
                        "from for it");
    asx_status status = asx_integer_set_input(s, layer, format, err);
    if (status == ASX_OK)
        status =
            asx_calibration_second(&b, &l->second, s->calibration, layer, &format->weight, err);
    if (status != ASX_OK)
        return status;
    const double product = l->input_scale * b / s->scale[node->output];
    l->second_factor = asx_dyadic_real(asx_dyadic_of(s->scale[node->input[1]] / b, bits));
    l->product_factor = asx_dyadic_real(asx_dyadic_of(product, bits));
    return ASX_OK;
}

asx_projection_key asx_integer_key(const asx_integer_layer *l, size_t layer)
{
    return (asx_projection_key){.layer = layer,
                                .word = l->weight_word,
                                .packing = l->input_word.bits <= 8 ? ASX_PACKED_NARROW
                                                                   : ASX_PACKED_PIECES};
}

/* Projections and rounders are shared by all designs of a calibration, so equal ones are one. */
static bool same_layer(const asx_integer_layer *a, const asx_integer_layer *b)
{
    bool same = a->projection == b->projection && a->rounder == b->rounder &&
                a->faults == b->faults && /* of no two the same */
                a->second == b->second && a->factor == b->factor &&
                a->second_factor == b->second_factor && a->product_factor == b->product_factor &&
                a->width == b->width;
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
