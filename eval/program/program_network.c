#include "program_network.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "dse/text.h"
#include "dse/word_kind.h"
#include "network_copy.h"
#include "program_making.h"

/* ---- nodes ---- */

static asx_status add_value(size_t *out, asx_making *m, size_t like, asx_error *err)
{
    const asx_value value = m->to->value[like];
    return asx_network_add_value(out, m->to, &value, err);
}

static asx_status no_memory(asx_error *err)
{
    return asx_fail(err, ASX_ENOMEM, "no memory for a node of a network");
}

/* A node of one input, named after what it is there for. */
static asx_status add_node(asx_making *m, asx_node node, const char *name, const char *what,
                           size_t input, size_t output, asx_error *err)
{
    asx_text text = {0};
    asx_text_add(&text, "%s/%s", name, what);
    node.name = text.s;
    node.layer = ASX_NO_LAYER;
    node.n_inputs = 1;
    node.input = asx_array_copy(&input, 1, sizeof input);
    node.output = output;
    const asx_status status =
        text.failed || !node.input ? no_memory(err) : asx_network_add_node(m->to, &node, err);
    asx_node_fini(&node);
    return status;
}

/* A node, and another behind it that leaves what it was to leave. */
static asx_status add_both(asx_making *m, asx_node *node, asx_node behind, const char *what,
                           asx_error *err)
{
    const size_t output = node->output;
    char *name = asx_string_copy(node->name);
    size_t between = 0;
    asx_status status = name ? add_value(&between, m, output, err) : no_memory(err);
    node->output = between;
    if (status == ASX_OK)
        status = asx_network_add_node(m->to, node, err);
    if (status == ASX_OK)
        status = add_node(m, behind, name, what, between, output, err);
    free(name);
    return status;
}

/* To the integers of a value; int16 ends at 32767 where its own end is 32768. */
static asx_node rounding(const asx_making *m, size_t value, bool positive)
{
    const float limit = (float)m->program->value[value].limit;
    return (asx_node){.op = ASX_OP_QUANTIZE,
                      .alpha = m->scale[value],
                      .low = positive ? 0 : -limit,
                      .high = positive ? limit : fminf(limit, INT16_MAX)};
}

/* The image's, where others than layers read them. */
static asx_status round_image(asx_making *m, asx_error *err)
{
    const size_t value = m->from->input;
    if (!m->rounded[asx_making_groups(m)->of_value[value]])
        return ASX_OK;
    const asx_status status = add_value(&m->now[value], m, value, err);
    return status == ASX_OK
               ? add_node(m, rounding(m, value, false), "image", "round", value, m->now[value], err)
               : status;
}

/* ---- layers ---- */

/* The words of a layer's input; layers that read the same words of a value share them. */
static asx_status quantise_input(asx_making *m, asx_node *layer, const asx_step *s, asx_error *err)
{
    const asx_node quantise = {.op = ASX_OP_QUANTIZE,
                               .alpha = layer->held.input_scale,
                               .low = (float)asx_word_min(&s->input_word),
                               .high = (float)asx_word_max(&s->input_word)};
    size_t *input = &layer->input[0];
    for (size_t i = 0; i < m->to->n_nodes; i++) {
        const asx_node *other = &m->to->node[i];
        if (other->op == ASX_OP_QUANTIZE && other->input[0] == *input &&
            !(fabsf(other->alpha - quantise.alpha) > 0) &&
            !(fabsf(other->low - quantise.low) > 0) && !(fabsf(other->high - quantise.high) > 0)) {
            *input = other->output;
            return ASX_OK;
        }
    }
    const size_t value = *input;
    asx_status status = add_value(input, m, value, err);
    return status == ASX_OK ? add_node(m, quantise, s->name, "input", value, *input, err) : status;
}

static void set_weights(asx_making *m, asx_node *layer, const asx_step *s)
{
    const double in = (double)layer->held.input_scale, out = asx_making_unit(m, s->output);
    const size_t depth = s->n_weights / s->n_biases;
    for (size_t c = 0; c < s->n_biases; c++) {
        const double factor = asx_dyadic_real(s->factor[c]);
        const double wanted = factor > 0 ? factor * out / in : s->weight_scale[c];
        const float scale = asx_making_scale(m, wanted, in, out, false, s->factor[c]);
        layer->held.weight_scale[c] = scale;
        const double unit = in * (double)scale;
        layer->bias[c] = (float)((double)s->bias[c] * unit);
        m->n_off += rint((double)layer->bias[c] / unit) != (double)s->bias[c];
        for (size_t i = c * depth; i < (c + 1) * depth; i++)
            layer->weight[i] = (float)s->weight[i] * scale;
    }
}

static asx_status make_layer(asx_making *m, asx_node *layer, const asx_step *s, asx_error *err)
{
    const double in = asx_making_unit(m, s->input[0]), factor = asx_dyadic_real(s->input_factor);
    if (!asx_word_is_plain(&s->input_word)) {
        const bool digits =
            s->input_word.kind == ASX_WORD_DIGITS && s->weight_word.kind == ASX_WORD_DIGITS;
        asx_text set = {0};
        asx_format_print(&set, &(asx_format){s->weight_word, s->input_word});
        const asx_status status = asx_fail(
            err, ASX_EUNSUPPORTED,
            "layer '%s' is %s: QuantizeLinear cannot round to words of an alphabet set. Give it "
            "plain activations, as a%u, or write %s",
            s->name, set.failed ? "no plain format" : set.s, asx_word_length(&s->input_word),
            digits ? "C or Verilog, which can ('asx c', 'asx rtl')" : "C, which can ('asx c')");
        asx_text_fini(&set);
        return status;
    }
    free(layer->held.weight_scale);
    layer->held = (asx_held){.weight_bits = s->weight_word.bits,
                             .input_bits = s->input_word.bits,
                             .weight_scale = asx_array_new(s->n_biases, sizeof(float))};
    if (!layer->held.weight_scale)
        return asx_fail(err, ASX_ENOMEM, "no memory for scales of layer '%s'", s->name);
    layer->held.input_scale = asx_dyadic_is_one(s->input_factor) || !(factor > 0)
                                  ? (float)in
                                  : asx_making_scale(m, in / factor, in, 1, true, s->input_factor);
    layer->clip = 0;
    layer->normalised = false;
    set_weights(m, layer, s);
    return quantise_input(m, layer, s, err);
}

/* ---- steps ---- */

/* Whether a layer's words are those that a file's Quantize before it is there for. */
static bool has_words_of(const asx_making *m, const asx_node *layer, const asx_node *quantize)
{
    if (!asx_node_has_weights(layer))
        return false;
    const asx_integer_layer *l = &m->program->parts->engine.layer[layer->layer];
    return fabs(l->input_scale / (double)quantize->alpha - 1) < 1e-6 &&
           (float)asx_word_min(&l->input_word) == quantize->low &&
           (float)asx_word_max(&l->input_word) == quantize->high;
}

/* Whether all who read what a node leaves cut it themselves: a Clip after a sum, layers whose words a
 * Quantize is there for. */
static bool is_cut_again(const asx_making *m, const asx_node *node)
{
    for (size_t i = 0; i < m->from->n_nodes; i++) {
        const asx_node *reader = &m->from->node[i];
        for (size_t k = 0; k < reader->n_inputs; k++)
            if (reader->input[k] == node->output &&
                !(node->op == ASX_OP_QUANTIZE ? has_words_of(m, reader, node)
                                              : reader->op == ASX_OP_CLIP))
                return false;
    }
    return node->output != m->from->output;
}

/* Whether a file's Quantize cuts nothing that is not cut before it or behind it. */
static bool is_idle(const asx_making *m, const asx_node *node, const asx_step *cut)
{
    const size_t input = cut->input[0];
    const int32_t limit = m->program->value[input].limit;
    if (node->op != ASX_OP_QUANTIZE)
        return false;
    return is_cut_again(m, node) ||
           (cut->high >= limit && cut->low <= (m->from->value[input].non_negative ? 0 : -limit));
}

static asx_node clipping(const asx_making *m, const asx_step *s)
{
    const float scale = m->scale[s->output];
    return (asx_node){
        .op = ASX_OP_CLIP, .low = (float)s->low * scale, .high = (float)s->high * scale};
}

static void become(asx_node *node, asx_node clip)
{
    node->op = clip.op;
    node->low = clip.low;
    node->high = clip.high;
}

/* @param rectified  the next node is a ReLU that the step does too */
static asx_status make_step(asx_making *m, asx_node *node, const asx_step *s, bool rectified,
                            asx_error *err)
{
    const bool rounds = m->rounded[asx_making_groups(m)->of_value[s->output]] && !rectified;
    switch (s->kind) {
    case ASX_STEP_CONV:
    case ASX_STEP_DENSE: {
        const asx_status status = make_layer(m, node, s, err);
        if (status != ASX_OK)
            return status;
        break;
    }
    case ASX_STEP_MUL:
    case ASX_STEP_MEAN:
        break;
    case ASX_STEP_ADD:
    case ASX_STEP_SUB: /* of integers: there is nothing to round */
        return rectified || is_cut_again(m, node) ? asx_network_add_node(m->to, node, err)
                                                  : add_both(m, node, clipping(m, s), "cut", err);
    case ASX_STEP_CLIP:
        if (is_idle(m, node, s)) {
            m->now[node->output] = node->input[0];
            return ASX_OK;
        }
        if (node->op != ASX_OP_RELU)
            become(node, clipping(m, s));
        return asx_network_add_node(m->to, node, err);
    default:
        node->fill = (float)s->fill * m->scale[s->output];
        return asx_network_add_node(m->to, node, err);
    }
    return rounds ? add_both(m, node, rounding(m, s->output, false), "round", err)
                  : asx_network_add_node(m->to, node, err);
}

/* The ReLU that the step before does too: of a sum it cuts above as well. */
static asx_status make_relu(asx_making *m, asx_node *node, const asx_step *s, asx_error *err)
{
    if (!s->n_weights)
        become(node, clipping(m, s));
    else if (m->rounded[asx_making_groups(m)->of_value[s->output]])
        return add_both(m, node, rounding(m, s->output, true), "round", err);
    return asx_network_add_node(m->to, node, err);
}

/* @param node  of the network itself by its number, given to it or freed by the caller */
static asx_status make_node(asx_making *m, asx_node *node, size_t number, asx_error *err)
{
    const bool *relu = asx_making_groups(m)->relu;
    for (size_t k = 0; k < node->n_inputs; k++)
        node->input[k] = m->now[node->input[k]];
    if (node->op == ASX_OP_RESHAPE)
        return asx_network_add_node(m->to, node, err);
    if (number > 0 && relu[number - 1])
        return make_relu(m, node, &m->program->step[m->n_steps - 1], err);
    return make_step(m, node, &m->program->step[m->n_steps++], relu[number], err);
}

static asx_status make_nodes(asx_making *m, asx_error *err)
{
    asx_node *node = m->to->node;
    const size_t n = m->to->n_nodes;
    m->to->node = NULL;
    m->to->n_nodes = m->to->node_capacity = 0;
    asx_status status = round_image(m, err);
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        status = make_node(m, &node[i], i, err);
    for (size_t i = 0; i < n; i++)
        asx_node_fini(&node[i]);
    free(node);
    return status;
}

asx_status asx_program_network(asx_network **out, size_t *n_off, const asx_program *program,
                               const asx_dataset *data, asx_error *err)
{
    const asx_network *from = asx_calibration_network(program->parts->calibration);
    asx_making m = {.program = program,
                    .data = data,
                    .from = from,
                    .scale = asx_array_new(from->n_values, sizeof *m.scale),
                    .rounded = asx_array_new(from->n_values, sizeof *m.rounded),
                    .now = asx_array_new(from->n_values, sizeof *m.now)};
    asx_status status =
        m.scale && m.rounded && m.now ? asx_network_copy(&m.to, from, err) : no_memory(err);
    if (status == ASX_OK) {
        for (size_t v = 0; v < from->n_values; v++)
            m.now[v] = v;
        status = asx_making_scales(&m, err);
    }
    if (status == ASX_OK) {
        status = make_nodes(&m, err);
        m.to->output = m.now[from->output];
    }
    free(m.scale);
    free(m.rounded);
    free(m.now);
    if (status == ASX_OK) {
        *out = m.to;
        *n_off = m.n_off;
    } else {
        asx_network_free(m.to);
    }
    return status;
}
