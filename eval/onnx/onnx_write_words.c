/* What is quantised, as ONNX has it: integers, a scale, DequantizeLinear; a Clip between says that a
 * word has fewer bits than its type. */
#include <math.h>

#include "held.h"
#include "onnx_writers.h"

static int type_of(double low, double high)
{
    if (low >= INT8_MIN && high <= INT8_MAX)
        return ONNX__TENSOR_PROTO__DATA_TYPE__INT8;
    if (high - low <= UINT8_MAX)
        return ONNX__TENSOR_PROTO__DATA_TYPE__UINT8;
    return low >= INT16_MIN && high <= INT16_MAX ? ONNX__TENSOR_PROTO__DATA_TYPE__INT16
                                                 : ONNX__TENSOR_PROTO__DATA_TYPE__UINT16;
}

/* What stands for zero: it brings the integers into the type's range. */
static double zero_of(int type, double low)
{
    const bool has_sign =
        type == ONNX__TENSOR_PROTO__DATA_TYPE__INT8 || type == ONNX__TENSOR_PROTO__DATA_TYPE__INT16;
    return has_sign || low > 0 ? 0 : -low;
}

/* Integers and their grid. */
typedef struct words {
    int type;
    double low, high, zero;
    bool positive; /* none is below 0, whatever the type has there */
    const char *name;
} words;

/* Whether integers of their type may lie outside. */
static bool is_narrower(const words *w)
{
    double low = 0, high = UINT16_MAX;
    if (w->type == ONNX__TENSOR_PROTO__DATA_TYPE__INT8) {
        low = INT8_MIN;
        high = INT8_MAX;
    } else if (w->type == ONNX__TENSOR_PROTO__DATA_TYPE__INT16) {
        low = INT16_MIN;
        high = INT16_MAX;
    } else if (w->type == ONNX__TENSOR_PROTO__DATA_TYPE__UINT8) {
        high = UINT8_MAX;
    }
    return (!w->positive && w->low + w->zero > low) || w->high + w->zero < high;
}

/* The same integers with 32 bits, where that can be said of them without a zero point: onnxruntime has
 * no Clip of 16 bits. */
static char *widen(asx_pen *p, words *w, char *from)
{
    const bool narrow = w->type == ONNX__TENSOR_PROTO__DATA_TYPE__INT8 ||
                        w->type == ONNX__TENSOR_PROTO__DATA_TYPE__UINT8;
    if (narrow || fabs(w->zero) > 0)
        return from;
    Onnx__NodeProto *n = asx_pen_node(p, "Cast", asx_pen_text(p, "%s/widen", w->name));
    char *to = asx_pen_text(p, "%s/wide", w->name);
    w->type = ONNX__TENSOR_PROTO__DATA_TYPE__INT32;
    asx_pen_input(p, n, from);
    if (!p->failed)
        asx_pen_int(p, n, "to", (size_t)w->type);
    asx_pen_output(p, n, to);
    return to;
}

/* @return the name behind a Clip, if one is wanted */
static char *clip(asx_pen *p, words *w, char *from)
{
    const double ends[] = {w->low + w->zero, w->high + w->zero};
    if (!is_narrower(w))
        return from;
    char *wide = widen(p, w, from);
    Onnx__NodeProto *n = asx_pen_node(p, "Clip", asx_pen_text(p, "%s/clip", w->name));
    char *to = asx_pen_text(p, "%s/clipped", w->name);
    asx_pen_input(p, n, wide);
    asx_pen_input(p, n,
                  asx_pen_words(p, asx_pen_text(p, "%s/low", w->name), w->type, 0, NULL, ends, 1));
    asx_pen_input(
        p, n, asx_pen_words(p, asx_pen_text(p, "%s/high", w->name), w->type, 0, NULL, ends + 1, 1));
    asx_pen_output(p, n, to);
    return to;
}

/* Integers of 32 bits have no zero point. */
static Onnx__NodeProto *dequantize(asx_pen *p, words *w, char *from, char *scale, char *zero)
{
    char *clipped = clip(p, w, from);
    Onnx__NodeProto *n = asx_pen_node(p, "DequantizeLinear", asx_pen_text(p, "%s/real", w->name));
    asx_pen_input(p, n, clipped);
    asx_pen_input(p, n, scale);
    if (zero && w->type != ONNX__TENSOR_PROTO__DATA_TYPE__INT32)
        asx_pen_input(p, n, zero);
    return n;
}

/* ---- QONNX ---- */

/* The words of a Quant: 0 bits, if it has none with these ends. */
typedef struct quant {
    unsigned bits;
    bool has_sign, narrow;
} quant;

static quant quant_of(double low, double high)
{
    for (unsigned bits = 2; bits <= 16; bits++) {
        const double half = exp2((double)bits - 1);
        if (low == 0 && high == 2 * half - 1)
            return (quant){bits, false, false};
        if (high == half - 1 && (low == -half || low == 1 - half))
            return (quant){bits, true, low == 1 - half};
    }
    return (quant){0};
}

/* What a Quant has beside its input and output; `name` begins the names of its constants. */
static void make_quant(asx_pen *p, Onnx__NodeProto *n, const char *name, quant q, char *scale)
{
    const float zero = 0, bits = (float)q.bits;
    asx_pen_input(p, n, scale);
    asx_pen_input(p, n, asx_pen_floats(p, asx_pen_text(p, "%s/zero", name), 0, NULL, &zero, 1));
    asx_pen_input(p, n, asx_pen_floats(p, asx_pen_text(p, "%s/bits", name), 0, NULL, &bits, 1));
    if (p->failed)
        return;
    asx_pen_int(p, n, "signed", q.has_sign);
    asx_pen_int(p, n, "narrow", q.narrow);
    asx_pen_string(p, n, "rounding_mode", "ROUND");
    n->op_type = asx_pen_text(p, "Quant");
    n->domain = asx_pen_text(p, ASX_ONNX_QONNX);
}

/* Scales lie along the dimension of the output channels. */
static char *quant_weight(asx_pen *p, const Onnx__NodeProto *n, const asx_node *node,
                          const asx_onnx_weight *weight, char *name)
{
    const quant q = {node->held.weight_bits, true, false};
    int64_t dim[4] = {1, 1, 1, 1};
    dim[weight->axis] = (int64_t)node->n_biases;
    char *output = asx_pen_text(p, "%s/words", name);
    char *scale = asx_pen_floats(p, asx_pen_text(p, "%s/scale", name), weight->rank, dim,
                                 node->held.weight_scale, node->n_biases);
    Onnx__NodeProto *made = asx_pen_node(p, "Quant", asx_pen_text(p, "%s/quant", name));
    asx_pen_input(
        p, made, asx_pen_floats(p, name, weight->rank, weight->dim, weight->data, node->n_weights));
    make_quant(p, made, name, q, scale);
    asx_pen_output(p, made, output);
    asx_pen_last(p, n);
    return output;
}

/* ---- weights, biases, values ---- */

char *asx_onnx_write_weight(asx_pen *p, const Onnx__NodeProto *n, const asx_node *node,
                            const asx_onnx_weight *weight)
{
    char *name = asx_pen_text(p, "%s.weight", asx_pen_part_name(p, node));
    const asx_held *held = &node->held;
    if (held->weight_bits == 0)
        return asx_pen_floats(p, name, weight->rank, weight->dim, weight->data, node->n_weights);
    if (p->qonnx)
        return quant_weight(p, n, node, weight, name);
    const double half = exp2((double)held->weight_bits - 1);
    words w = {.type = type_of(-half, half - 1), .low = -half, .high = half - 1, .name = name};
    const size_t inner = weight->axis == 0 ? node->n_weights / node->n_biases : 1;
    double *word = asx_pen_keep(p, node->n_weights, sizeof *word);
    for (size_t i = 0; word && i < node->n_weights; i++)
        word[i] =
            rint((double)weight->data[i] / (double)held->weight_scale[i / inner % node->n_biases]);
    if (!word || !name)
        return name;
    char *ints = asx_pen_words(p, asx_pen_text(p, "%s_quantized", name), w.type, weight->rank,
                               weight->dim, word, node->n_weights);
    char *scale =
        asx_pen_floats(p, asx_pen_text(p, "%s/scale", name), 1, &(int64_t){(int64_t)node->n_biases},
                       held->weight_scale, node->n_biases);
    Onnx__NodeProto *real = dequantize(p, &w, ints, scale, NULL);
    if (!p->failed)
        asx_pen_int(p, real, "axis", weight->axis);
    asx_pen_output(p, real, name);
    asx_pen_last(p, n);
    return name;
}

/* Biases that are integers of their products' scales, small enough that floats tell them apart. */
static bool are_products(double *out, float *scale, const asx_node *node)
{
    static const double LIMIT = 1 << 22, TOLERANCE = 0x1p-22;
    const asx_held *held = &node->held;
    if (held->weight_bits == 0 || held->input_bits == 0)
        return false;
    for (size_t c = 0; c < node->n_biases; c++) {
        const double unit = (double)held->input_scale * (double)held->weight_scale[c];
        const double v = (double)node->bias[c] / unit;
        out[c] = rint(v);
        scale[c] = (float)unit;
        if (!(scale[c] > 0 && fabs(v) <= LIMIT && fabs(v - out[c]) <= TOLERANCE * fabs(v)))
            return false;
    }
    return true;
}

char *asx_onnx_write_bias(asx_pen *p, const Onnx__NodeProto *n, const asx_node *node)
{
    char *name = asx_pen_text(p, "%s.bias", asx_pen_part_name(p, node));
    const int64_t dim = (int64_t)node->n_biases;
    double *word = asx_pen_keep(p, node->n_biases, sizeof *word);
    float *unit = asx_pen_keep(p, node->n_biases, sizeof *unit);
    const int type = ONNX__TENSOR_PROTO__DATA_TYPE__INT32;
    if (!name || !word || !unit)
        return name;
    if (p->qonnx || !are_products(word, unit, node))
        return asx_pen_floats(p, name, 1, &dim, node->bias, node->n_biases);
    char *ints = asx_pen_words(p, asx_pen_text(p, "%s_quantized", name), type, 1, &dim, word,
                               node->n_biases);
    char *scale =
        asx_pen_floats(p, asx_pen_text(p, "%s/scale", name), 1, &dim, unit, node->n_biases);
    Onnx__NodeProto *real = asx_pen_node(p, "DequantizeLinear", asx_pen_text(p, "%s/real", name));
    asx_pen_input(p, real, ints);
    asx_pen_input(p, real, scale);
    if (!p->failed)
        asx_pen_int(p, real, "axis", 0);
    asx_pen_output(p, real, name);
    asx_pen_last(p, n);
    return name;
}

void asx_onnx_write_quantize(asx_pen *p, Onnx__NodeProto *n, const asx_node *node)
{
    const double low = (double)node->low, high = (double)node->high;
    char *output = n->output[0];
    words w = {.type = type_of(low, high), .low = low, .high = high, .name = output};
    w.zero = zero_of(w.type, low);
    w.positive = p->net->value[node->input[0]].non_negative;
    const quant q = p->qonnx ? quant_of(low, high) : (quant){0};
    if (q.bits > 0) {
        make_quant(
            p, n, output, q,
            asx_pen_floats(p, asx_pen_text(p, "%s/scale", output), 0, NULL, &node->alpha, 1));
        return;
    }
    char *ints = asx_pen_text(p, "%s/integers", output);
    char *scale = asx_pen_floats(p, asx_pen_text(p, "%s/scale", output), 0, NULL, &node->alpha, 1);
    char *zero = asx_pen_words(p, asx_pen_text(p, "%s/zero", output), w.type, 0, NULL, &w.zero, 1);
    n->output[0] = ints;
    asx_pen_input(p, n, scale);
    asx_pen_input(p, n, zero);
    asx_pen_output(p, dequantize(p, &w, ints, scale, zero), output);
}

bool asx_onnx_is_wide(const asx_node *node)
{
    if (node->op == ASX_OP_QUANTIZE)
        return node->high - node->low > UINT8_MAX;
    return node->layer != ASX_NO_LAYER && node->held.weight_bits > 8;
}
