/* The network of alphabet set multipliers in plain C, one image at a time: every product is formed
 * by select, shift and add over the digits of the weight, every sum in 64 bits. Knows nothing of
 * memory layouts, batches, packing or oneDNN. See eval/quant/integer.h for the definition. */
#ifndef ASX_TESTS_ASM_REFERENCE_H
#define ASX_TESTS_ASM_REFERENCE_H

#include <math.h>

#include "dse/grid.h"
#include "dse/menu.h"
#include "dse/word_kind.h"
#include "integer.h"
#include "toy.h"

/* The digits of a weight, found by search from the lowest: digit[i] supported, sum = value. */
static inline bool asm_digits(int *digit, const asx_word *word, unsigned i, long value)
{
    int32_t values[257];
    if (i == asx_word_n_digits(word))
        return value == 0;
    const size_t n = asx_word_digit_values(values, word, i);
    const long radix = 1L << word->digit_width;
    for (size_t k = 0; k < n; k++)
        if ((value - values[k]) % radix == 0 &&
            asm_digits(digit, word, i + 1, (value - values[k]) / radix)) {
            digit[i] = values[k];
            return true;
        }
    return false;
}

/* w x by at most three shifts of x: the powers of two that an additive word is a sum of. */
static inline int64_t asm_shifts(int w, int64_t x)
{
    int64_t sum = 0;
    unsigned n = 0;
    for (unsigned s = 0; s < 16; s++)
        if (abs(w) >> s & 1) {
            sum += x * ((int64_t)1 << s);
            n++;
        }
    if (n > 3)
        fail_msg("weight %d is no sum of three powers of two", w);
    return w < 0 ? -sum : sum;
}

/* w x of a weight that is looked up in the list that its text is. */
static inline int64_t asm_looked_up(const asx_word *word, int w, int64_t x)
{
    asx_text text = {0};
    bool found = false;
    asx_word_print_set(&text, word);
    for (char *s = text.s; *s != ']';)
        found = strtol(s + 1, &s, 10) == w || found;
    asx_text_fini(&text);
    if (!found)
        fail_msg("weight %d is not in the list", w);
    return w * x;
}

/* w x by an alphabet set multiplier: per digit, select a x of the bank, shift, add. */
static inline int64_t asm_product(const asx_word *word, int w, int64_t x)
{
    if (asx_word_is_menu(word)) { /* one circuit for all words */
        const asx_word circuit = asx_word_circuit(word);
        if (w < asx_word_min(&circuit) || w > asx_word_max(&circuit))
            fail_msg("weight %d is beyond the circuit of its menu", w);
        return asm_product(&circuit, w, x);
    }
    const bool negative = w < 0 && word->digits == ASX_DIGITS_UNSIGNED;
    int digit[ASX_WORD_DIGITS_MAX];
    int64_t sum = 0;
    if (asx_word_is_plain(word))
        return w * x;
    if (word->kind == ASX_WORD_APOT)
        return asm_shifts(w, x);
    if (word->kind == ASX_WORD_VALUES)
        return asm_looked_up(word, w, x);
    if (!asm_digits(digit, word, 0, negative ? -w : w))
        fail_msg("weight %d is not representable", w);
    for (unsigned i = 0; i < asx_word_n_digits(word); i++) {
        unsigned alphabet = (unsigned)abs(digit[i]), shift = 0;
        if (!alphabet)
            continue;
        for (; alphabet % 2 == 0; alphabet /= 2)
            shift++;
        const int64_t selected = alphabet * x;
        const int64_t placed = selected * ((int64_t)1 << (shift + i * word->digit_width));
        sum += digit[i] < 0 ? -placed : placed;
    }
    return negative ? -sum : sum;
}

/* Products of totals of 47 bits and multipliers of 24. */
__extension__ typedef __int128 asm_wide;

/* v times the M / 2^s nearest to `real`, M of so many bits, by shifts and additions over the bits of
 * M, and one rounding, half to even. */
static inline asm_wide asm_scale(int64_t v, double real, unsigned bits)
{
    int s = 0;
    asm_wide sum = 0;
    for (; real > 0 && real < ldexp(1, (int)bits - 1) && s < 63; s++)
        real *= 2;
    for (; real >= ldexp(1, (int)bits); s--)
        real /= 2;
    const uint64_t m = (uint64_t)rint(real);
    for (unsigned i = 0; i <= bits; i++)
        if (m >> i & 1)
            sum += v * ((asm_wide)1 << i);
    if (s <= 0)
        return sum * ((asm_wide)1 << -s);
    const asm_wide unit = (asm_wide)1 << s;
    asm_wide down = sum / unit, rest = sum % unit;
    if (rest < 0) {
        down--;
        rest += unit;
    }
    return down + (2 * rest > unit || (2 * rest == unit && down % 2 != 0));
}

static inline int64_t asm_clamp(asm_wide v, int64_t limit)
{
    return v < -limit ? -limit : v > limit ? limit : (int64_t)v;
}

/* What one layer multiplies with. */
typedef struct asm_layer {
    asx_word weight_word, input_word;
    int32_t *weight;
    double *weight_scale, input_scale;
    const double *shift; /* of the bias, in reals; borrowed */
    asx_grid *grid;      /* of the input word */
} asm_layer;

typedef struct asm_net {
    const asx_network *net;
    const double *scale; /* per value */
    const float *limit;  /* likewise */
    unsigned bits;       /* of multipliers */
    asm_layer *layer;
    int64_t **value; /* per value, in logical order */
} asm_net;

/* Of all values the nearest; of two, the one of even rank from zero. */
static inline int64_t asm_nearest(const asx_grid *grid, int64_t x)
{
    const int32_t *value = asx_grid_values(grid);
    const size_t n = asx_grid_size(grid);
    size_t zero = 0, best = 0;
    for (size_t i = 0; i < n; i++)
        zero = value[i] == 0 ? i : zero;
    for (size_t i = 1; i < n; i++) {
        const int64_t d = llabs(value[i] - x), b = llabs(value[best] - x);
        if (d < b || (d == b && (i > zero ? i - zero : zero - i) % 2 == 0))
            best = i;
    }
    return value[best];
}

static inline int64_t *asm_input(const asm_net *a, const asx_node *node)
{
    const asm_layer *l = &a->layer[node->layer];
    const size_t n = asx_value_n_elements(&a->net->value[node->input[0]]);
    const double factor = a->scale[node->input[0]] / l->input_scale;
    int64_t *x = calloc(n, sizeof *x);
    assert_non_null(x);
    for (size_t i = 0; i < n; i++) {
        const asm_wide v = asm_scale(a->value[node->input[0]][i], factor, a->bits);
        x[i] = asm_nearest(l->grid, asm_clamp(v, 1 << 17));
    }
    return x;
}

static inline int64_t asm_requantise(const asm_net *a, const asx_node *node, size_t c, int64_t sum)
{
    const asm_layer *l = &a->layer[node->layer];
    const double unit = l->input_scale * l->weight_scale[c];
    const int64_t total = sum + (int64_t)rint(((double)node->bias[c] + l->shift[c]) / unit);
    return asm_clamp(asm_scale(total, unit / a->scale[node->output], a->bits),
                     (int64_t)a->limit[node->output]);
}

static inline void asm_conv(const asm_net *a, const asx_node *node)
{
    const asx_value *in = &a->net->value[node->input[0]], *out = &a->net->value[node->output];
    const asm_layer *l = &a->layer[node->layer];
    const asx_window *w = &node->window;
    const size_t depth = in->dim[0] / node->groups, per_group = out->dim[0] / node->groups;
    int64_t *x = asm_input(a, node), *y = a->value[node->output];
    for (size_t o = 0; o < out->dim[0]; o++)
        for (size_t r = 0; r < out->dim[1]; r++)
            for (size_t c = 0; c < out->dim[2]; c++) {
                int64_t sum = 0;
                const int32_t *weight = l->weight + o * depth * w->kernel[0] * w->kernel[1];
                for (size_t i = 0; i < depth; i++)
                    for (size_t kr = 0; kr < w->kernel[0]; kr++)
                        for (size_t kc = 0; kc < w->kernel[1]; kc++, weight++) {
                            const size_t row = r * w->stride[0] + kr * w->dilation[0];
                            const size_t col = c * w->stride[1] + kc * w->dilation[1];
                            if (row < w->before[0] || row - w->before[0] >= in->dim[1] ||
                                col < w->before[1] || col - w->before[1] >= in->dim[2])
                                continue;
                            const size_t channel = o / per_group * depth + i;
                            sum += asm_product(
                                &l->weight_word, *weight,
                                x[(channel * in->dim[1] + row - w->before[0]) * in->dim[2] + col -
                                  w->before[1]]);
                        }
                *y++ = asm_requantise(a, node, o, sum);
            }
    free(x);
}

static inline void asm_dense(const asm_net *a, const asx_node *node)
{
    const asx_value *in = &a->net->value[node->input[0]];
    const asm_layer *l = &a->layer[node->layer];
    const size_t n_in = in->dim[in->rank - 1], rows = asx_value_n_elements(in) / n_in;
    int64_t *x = asm_input(a, node), *y = a->value[node->output];
    for (size_t r = 0; r < rows; r++)
        for (size_t o = 0; o < node->n_biases; o++) {
            int64_t sum = 0;
            for (size_t i = 0; i < n_in; i++)
                sum += asm_product(&l->weight_word, l->weight[o * n_in + i], x[r * n_in + i]);
            *y++ = asm_requantise(a, node, o, sum);
        }
    free(x);
}

/* One window of one channel. */
static inline int64_t asm_window(const int64_t *x, const asx_value *in, const asx_node *node,
                                 size_t r, size_t c, unsigned bits)
{
    const asx_window *w = &node->window;
    int64_t sum = 0, top = INT64_MIN, n = 0;
    for (size_t kr = 0; kr < w->kernel[0]; kr++)
        for (size_t kc = 0; kc < w->kernel[1]; kc++) {
            const size_t row = r * w->stride[0] + kr, col = c * w->stride[1] + kc;
            if (row < w->before[0] || row - w->before[0] >= in->dim[1] || col < w->before[1] ||
                col - w->before[1] >= in->dim[2])
                continue;
            const int64_t v = x[(row - w->before[0]) * in->dim[2] + col - w->before[1]];
            sum += v;
            top = v > top ? v : top;
            n++;
        }
    if (node->op == ASX_OP_MAX_POOL)
        return top;
    return (int64_t)asm_scale(sum, 1 / (double)n, bits);
}

static inline void asm_pool(const asm_net *a, const asx_node *node)
{
    const asx_value *in = &a->net->value[node->input[0]], *out = &a->net->value[node->output];
    int64_t *y = a->value[node->output];
    for (size_t c = 0; c < out->dim[0]; c++)
        for (size_t i = 0; i < out->dim[1]; i++)
            for (size_t j = 0; j < out->dim[2]; j++)
                *y++ = asm_clamp(asm_window(a->value[node->input[0]] + c * in->dim[1] * in->dim[2],
                                            in, node, i, j, a->bits),
                                 (int64_t)a->limit[node->output]);
}

static inline void asm_point(const asm_net *a, const asx_node *node)
{
    const size_t n = asx_value_n_elements(&a->net->value[node->output]);
    const double scale = a->scale[node->output];
    for (size_t i = 0; i < n; i++) {
        const int64_t x = a->value[node->input[0]][i];
        int64_t y = x;
        if (node->op == ASX_OP_RELU)
            y = x > 0 ? x : 0;
        if (node->op == ASX_OP_ADD)
            y = asm_clamp(x + a->value[node->input[1]][i], (int64_t)a->limit[node->output]);
        if (node->op == ASX_OP_CLIP)
            y = (int64_t)fmax(rint((double)node->low / scale),
                              fmin((double)x, rint((double)node->high / scale)));
        a->value[node->output][i] = y;
    }
}

/* ReduceMean over the places of every channel, or over the channels of every place. */
static inline void asm_mean(const asm_net *a, const asx_node *node)
{
    const asx_value *in = &a->net->value[node->input[0]];
    const size_t places = in->dim[1] * in->dim[2], channels = in->dim[0];
    const size_t n_out = node->reduced[0] ? places : channels;
    const size_t n = node->reduced[0] ? channels : places;
    for (size_t i = 0; i < n_out; i++) {
        int64_t sum = 0;
        for (size_t k = 0; k < n; k++)
            sum += a->value[node->input[0]][node->reduced[0] ? k * places + i : i * places + k];
        a->value[node->output][i] =
            asm_clamp(asm_scale(sum, 1 / (double)n, a->bits), (int64_t)a->limit[node->output]);
    }
}

/* @param image in logical order; the logits are a->value[net->output] */
static inline void asm_run(const asm_net *a, const float *image)
{
    const asx_network *net = a->net;
    const float inverse = (float)(1 / a->scale[net->input]);
    for (size_t i = 0; i < asx_value_n_elements(&net->value[net->input]); i++)
        a->value[net->input][i] =
            asm_clamp((asm_wide)rint((double)(image[i] * inverse)), (int64_t)a->limit[net->input]);
    for (size_t i = 0; i < net->n_nodes; i++) {
        const asx_node *node = &net->node[i];
        if (node->op == ASX_OP_CONV)
            asm_conv(a, node);
        else if (node->op == ASX_OP_DENSE)
            asm_dense(a, node);
        else if (node->op == ASX_OP_MAX_POOL || node->op == ASX_OP_AVERAGE_POOL)
            asm_pool(a, node);
        else if (node->op == ASX_OP_REDUCE_MEAN)
            asm_mean(a, node);
        else if (node->op == ASX_OP_RELU || node->op == ASX_OP_ADD || node->op == ASX_OP_CLIP ||
                 node->op == ASX_OP_RESHAPE)
            asm_point(a, node);
        else
            fail_msg("the reference has no %s", asx_op_text(node->op));
    }
}

#endif
