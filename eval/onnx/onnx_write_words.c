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

static bool is_narrower(int type, double low, double high)
{
    switch (type) {
    case ONNX__TENSOR_PROTO__DATA_TYPE__INT8:
        return low > INT8_MIN || high < INT8_MAX;
    case ONNX__TENSOR_PROTO__DATA_TYPE__UINT8:
        return high - low < UINT8_MAX;
    case ONNX__TENSOR_PROTO__DATA_TYPE__INT16:
        return low > INT16_MIN || high < INT16_MAX;
    default:
        return high - low < UINT16_MAX;
    }
}

/* Integers and their grid. */
typedef struct words {
    int type;
    double low, high, zero;
    const char *name;
} words;

/* @return the name behind a Clip, if one is wanted */
static char *clip(asx_pen *p, const words *w, char *from)
{
    const double ends[] = {w->low + w->zero, w->high + w->zero};
    if (!is_narrower(w->type, w->low, w->high))
        return from;
    Onnx__NodeProto *n = asx_pen_node(p, "Clip", asx_pen_text(p, "%s/clip", w->name));
    char *to = asx_pen_text(p, "%s/clipped", w->name);
    asx_pen_input(p, n, from);
    asx_pen_input(p, n,
                  asx_pen_words(p, asx_pen_text(p, "%s/low", w->name), w->type, 0, NULL, ends, 1));
    asx_pen_input(
        p, n, asx_pen_words(p, asx_pen_text(p, "%s/high", w->name), w->type, 0, NULL, ends + 1, 1));
    asx_pen_output(p, n, to);
    return to;
}

static Onnx__NodeProto *dequantize(asx_pen *p, const words *w, char *from, char *scale, char *zero)
{
    Onnx__NodeProto *n = asx_pen_node(p, "DequantizeLinear", asx_pen_text(p, "%s/real", w->name));
    asx_pen_input(p, n, clip(p, w, from));
    asx_pen_last(p, n);
    asx_pen_input(p, n, scale);
    if (zero)
        asx_pen_input(p, n, zero);
    return n;
}

char *asx_onnx_write_weight(asx_pen *p, const Onnx__NodeProto *n, const asx_node *node,
                            const asx_onnx_weight *weight)
{
    char *name = asx_pen_text(p, "%s.weight", asx_pen_part_name(p, node));
    const asx_held *held = &node->held;
    if (held->weight_bits == 0)
        return asx_pen_floats(p, name, weight->rank, weight->dim, weight->data, node->n_weights);
    const double half = exp2((double)held->weight_bits - 1);
    const words w = {
        .type = type_of(-half, half - 1), .low = -half, .high = half - 1, .name = name};
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

void asx_onnx_write_quantize(asx_pen *p, Onnx__NodeProto *n, const asx_node *node)
{
    const double low = (double)node->low, high = (double)node->high;
    char *output = n->output[0];
    words w = {.type = type_of(low, high), .low = low, .high = high, .name = output};
    w.zero = zero_of(w.type, low);
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
