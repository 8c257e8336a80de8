#include "integer_weights.h"

#include <math.h>
#include <stdlib.h>

#include "dse/memory.h"

/* Whether a file has the words of a rounder, and so their scales. */
static bool is_held(const asx_node *node, const asx_rounder *rounder)
{
    return node->held.weight_bits != 0 && asx_rounder_plain_bits(rounder) == node->held.weight_bits;
}

asx_scale asx_weight_scale(const asx_node *node, size_t channel, const asx_rounder *rounder)
{
    const size_t depth = node->n_weights / node->n_biases;
    const float *w = node->weight + channel * depth;
    if (!is_held(node, rounder))
        return asx_rounder_best_scale(w, depth, rounder);
    const double scale = (double)node->held.weight_scale[channel];
    return (asx_scale){scale, asx_rounder_error(w, depth, rounder, scale)};
}

void asx_integer_project(int32_t *out, double *scale, const asx_node *node,
                         const asx_rounder *rounder, const asx_scale *best)
{
    static const double SLACK = 1.001; /* a file's own may be that, rounded */
    const size_t channels = node->n_biases, depth = node->n_weights / channels;
    const bool held = is_held(node, rounder);
    double top = 0;
    for (size_t c = 0; c < channels; c++) {
        bool dead = !held;
        for (size_t i = 0; dead && i < depth; i++)
            dead = !(fabsf(node->weight[c * depth + i]) > 0);
        scale[c] = dead ? 0 : (best ? best[c] : asx_weight_scale(node, c, rounder)).scale;
        top = fmax(top, scale[c]);
    }
    for (size_t c = 0; c < channels; c++) {
        if (!(top > 0))
            scale[c] = 1;
        else if (!(held && scale[c] * ASX_SCALE_SPREAD * SLACK >= top))
            scale[c] = fmax(scale[c], top / ASX_SCALE_SPREAD);
        asx_rounder_words(out + c * depth, node->weight + c * depth, depth, rounder, scale[c]);
    }
}

/* Digit i, `bits` wide, of the magnitude, with the sign. */
static int piece_of(int weight, unsigned bits, size_t i)
{
    const int magnitude = abs(weight) >> (bits * i) & ((1 << bits) - 1);
    return weight < 0 ? -magnitude : magnitude;
}

/* Whether every channel's sum of magnitudes is small enough, in every piece. */
static bool pieces_fit(const int32_t *weight, size_t channels, size_t depth, unsigned bits)
{
    const long limit = ((1L << 24) - 1) / 255;
    for (size_t i = 0; i * bits < ASX_VALUE_BITS_MAX; i++)
        for (size_t c = 0; c < channels; c++) {
            long sum = 0;
            for (size_t k = 0; k < depth; k++)
                sum += labs((long)piece_of(weight[c * depth + k], bits, i));
            if (sum > limit)
                return false;
        }
    return true;
}

static int least(const int32_t *word, size_t n)
{
    int low = 0;
    for (size_t i = 0; i < n; i++)
        low = word[i] < low ? word[i] : low;
    return low;
}

static int largest(const int32_t *word, size_t n)
{
    int high = 0;
    for (size_t i = 0; i < n; i++)
        high = word[i] > high ? word[i] : high;
    return high;
}

static asx_status pack_bytes(asx_integer_weights *out, const asx_dnn_op *op, const int32_t *weight,
                             size_t n, asx_error *err)
{
    int8_t *byte = asx_array_new(n, 1);
    if (!byte)
        return asx_fail(err, ASX_ENOMEM, "no memory for weights");
    for (size_t i = 0; i < n; i++)
        byte[i] = (int8_t)weight[i];
    asx_status status = asx_dnn_weights_new(&out->piece[0], op, byte, err);
    free(byte);
    return status;
}

static asx_status pack_pieces(asx_integer_weights *out, const asx_dnn_op *op, const int32_t *weight,
                              size_t n, asx_error *err)
{
    float *piece = asx_array_new(n, sizeof *piece);
    asx_status status = piece ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for weights");
    for (size_t i = 0; status == ASX_OK && i < out->n_pieces; i++) {
        for (size_t k = 0; k < n; k++)
            piece[k] = (float)piece_of(weight[k], out->piece_bits, i);
        status = asx_dnn_weights_new(&out->piece[i], op, piece, err);
    }
    free(piece);
    return status;
}

asx_status asx_integer_weights_init(asx_integer_weights *out, const asx_plan *plan, size_t layer,
                                    asx_rounded *rounded, bool narrow, asx_error *err)
{
    const asx_node *node = plan->node[layer];
    const size_t channels = node->n_biases, depth = node->n_weights / channels;
    asx_integer_weights w = {.rounded = *rounded, .piece_bits = 16};
    const int32_t *word = w.rounded.word;
    const int low = least(word, node->n_weights), high = largest(word, node->n_weights);
    asx_status status = ASX_OK;
    *rounded = (asx_rounded){0};
    while (w.piece_bits && !pieces_fit(word, channels, depth, w.piece_bits))
        w.piece_bits /= 2;
    if (!w.piece_bits) {
        status = asx_fail(err, ASX_EUNSUPPORTED,
                          "layer '%s' adds up %zu products, too many to be "
                          "exact",
                          node->name, depth);
        goto done;
    }
    w.n_pieces = (ASX_VALUE_BITS_MAX + w.piece_bits - 1) / w.piece_bits;
    while (w.n_pieces > 1 &&
           (-low > high ? -low : high) < ldexp(1, (int)(w.piece_bits * (w.n_pieces - 1))))
        w.n_pieces--; /* digits that are always 0 */
    w.narrow =
        narrow && w.n_pieces == 1 && w.piece_bits == 16 && low >= INT8_MIN && high <= INT8_MAX;
    w.bytes = w.narrow && plan->integer_op[layer] && -low <= plan->integer_limit[layer] &&
              high <= plan->integer_limit[layer];
    status = w.bytes ? pack_bytes(&w, plan->integer_op[layer], word, node->n_weights, err)
                     : pack_pieces(&w, plan->op[layer], word, node->n_weights, err);
    if (status != ASX_OK)
        goto done;
    *out = w;
    w = (asx_integer_weights){0};
done:
    asx_integer_weights_fini(&w);
    return status;
}

void asx_integer_weights_fini(asx_integer_weights *weights)
{
    if (!weights)
        return;
    for (size_t i = 0; i < weights->n_pieces; i++)
        asx_dnn_weights_free(weights->piece[i]);
    asx_rounded_fini(&weights->rounded);
    *weights = (asx_integer_weights){0};
}

size_t asx_integer_weights_bytes(const asx_integer_weights *weights)
{
    size_t n = 0;
    for (size_t i = 0; i < weights->n_pieces; i++)
        n += asx_dnn_weights_bytes(weights->piece[i]);
    return n;
}
