#include "held.h"

#include <math.h>
#include <stdlib.h>

#include "dse/word.h"

unsigned asx_held_bits(double low, double high, bool non_negative)
{
    for (unsigned bits = ASX_WORD_BITS_MIN; bits <= ASX_WORD_BITS_MAX; bits++) {
        const asx_word word = {.bits = bits, .non_negative = non_negative};
        if (asx_word_min(&word) <= low && high <= asx_word_max(&word))
            return bits;
    }
    return 0;
}

/* The node that makes each value; NULL for the input. */
static const asx_node *producer(const asx_network *net, size_t value)
{
    for (size_t i = 0; i < net->n_nodes; i++)
        if (net->node[i].output == value)
            return &net->node[i];
    return NULL;
}

/* What leaves numbers as they are, or zeros between them. */
static bool moves(const asx_node *node)
{
    return node->op == ASX_OP_RESHAPE || node->op == ASX_OP_TRANSPOSE || node->op == ASX_OP_SLICE ||
           node->op == ASX_OP_PICK || node->op == ASX_OP_MAX_POOL ||
           (node->op == ASX_OP_PAD && !(fabsf(node->fill) > 0));
}

/* Bits and step of what a Quantize before it makes of a value; 0 bits: there is none. */
static unsigned settle_operand(float *scale, const asx_network *net, size_t value,
                               bool non_negative)
{
    const asx_node *node = producer(net, value);
    while (node && moves(node))
        node = producer(net, node->input[0]);
    if (!node)
        return 0;
    const bool bipolar = node->op == ASX_OP_FUNCTION && node->function == ASX_FUNCTION_BIPOLAR;
    if (bipolar || node->op == ASX_OP_QUANTIZE)
        *scale = node->alpha;
    if (bipolar)
        return asx_held_bits(-1, 1, false);
    if (node->op != ASX_OP_QUANTIZE)
        return 0;
    return asx_held_bits(non_negative ? fmax((double)node->low, 0) : (double)node->low,
                         (double)node->high, non_negative);
}

/* Whether all weights are integers of their scales; the word that holds them too. */
static bool is_on_grid(const asx_node *layer, double *low, double *high)
{
    static const double TOLERANCE = 1e-2; /* of a step: folded and rounded to float since */
    const size_t depth = layer->n_weights / layer->n_biases;
    for (size_t i = 0; i < layer->n_weights; i++) {
        const double scale = (double)layer->held.weight_scale[i / depth];
        const double v = scale > 0 ? (double)layer->weight[i] / scale : NAN;
        if (!(fabs(v - rint(v)) <= TOLERANCE))
            return false;
        *low = fmin(*low, rint(v));
        *high = fmax(*high, rint(v));
    }
    return true;
}

static void settle_weights(asx_node *layer)
{
    double low = 0, high = 0;
    unsigned bits = 0;
    if (layer->held.weight_scale && is_on_grid(layer, &low, &high))
        bits = asx_held_bits(low, high, false);
    if (bits > 0 && bits < layer->held.weight_bits)
        bits = layer->held.weight_bits;
    layer->held.weight_bits = bits;
    if (bits == 0) {
        free(layer->held.weight_scale);
        layer->held.weight_scale = NULL;
    }
}

void asx_network_settle_held(asx_network *network)
{
    for (size_t i = 0; i < network->n_nodes; i++) {
        asx_node *node = &network->node[i];
        if (node->layer == ASX_NO_LAYER || node->repeat > 0)
            continue;
        asx_layer *layer = &network->work.layer[node->layer];
        node->held.input_bits = settle_operand(&node->held.input_scale, network, node->input[0],
                                               layer->input_non_negative);
        if (asx_node_has_weights(node))
            settle_weights(node);
        else
            node->held.weight_bits =
                settle_operand(&node->held.second_scale, network, node->input[1], false);
        layer->held_weight_bits = node->held.weight_bits;
        layer->held_activation_bits = node->held.input_bits;
    }
}
