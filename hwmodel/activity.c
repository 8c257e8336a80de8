#include "activity.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "dse/codec.h"
#include "dse/grid.h"
#include "dse/memory.h"
#include "dse/seed.h"

enum { N_OPERATIONS = 4096, SEED = 1 };

const asx_operands asx_operands_uniform = {.uniform = true, .hold = 1};
const asx_operands asx_operands_nn = {
    .weight_sigma = 1. / 3, .activation_sigma = .25, .truncate = true, .hold = 1};
const asx_operands asx_operands_nn_ws = {
    .weight_sigma = 1. / 3, .activation_sigma = .25, .truncate = true, .hold = 64};

/* Everything that one operation needs and the last one left. */
typedef struct simulation {
    const asx_word *weight, *activation;
    asx_grid *grid;
    asx_codec *codec; /* NULL for plain words */
    unsigned n_digits;
    int16_t value[ASX_WORD_DIGITS_MAX][257]; /* of each digit */
    unsigned index_bits[ASX_WORD_DIGITS_MAX];
    bool has_sign;
    int64_t accumulator;
    asx_activity *sum; /* toggles so far */
} simulation;

/* One operand pair and every word it makes. */
typedef struct words {
    int32_t w, x;
    int32_t digit[ASX_WORD_DIGITS_MAX];
    int64_t multiple[(ASX_ALPHABET_MAX + 1) / 2];
    int64_t accumulator;
} words;

static double toggles(int64_t a, int64_t b, unsigned bits)
{
    uint64_t v = ((uint64_t)a ^ (uint64_t)b) & (((uint64_t)1 << bits) - 1);
    v -= v >> 1 & 0x5555555555555555u;
    v = (v & 0x3333333333333333u) + (v >> 2 & 0x3333333333333333u);
    v = (v + (v >> 4)) & 0x0f0f0f0f0f0f0f0fu;
    return (double)(v * 0x0101010101010101u >> 56);
}

/* Bits of a multiple m x. */
static unsigned width(const asx_word *x, uint32_t multiple)
{
    unsigned bits = x->bits;
    for (; multiple > 1; multiple = (multiple + 1) / 2)
        bits++;
    return bits;
}

/* A random order of n strata; stream tells weights from activations. */
static void shuffle(uint16_t *order, unsigned n, uint64_t stream)
{
    for (unsigned i = 0; i < n; i++) {
        unsigned j = (unsigned)asx_seed_below(SEED, stream, i, i + 1);
        order[i] = order[j];
        order[j] = (uint16_t)i;
    }
}

static int32_t draw(double u, const asx_word *word, const asx_operands *o, double sigma)
{
    double low = word->non_negative ? 0 : -(double)asx_word_max(word);
    double high = (double)asx_word_max(word);
    if (o->uniform)
        return (int32_t)(low + floor(u * (high - low + 1)));
    /* half-normal where the word has no sign */
    double z = word->non_negative ? gsl_cdf_ugaussian_Pinv(.5 + u / 2) : gsl_cdf_ugaussian_Pinv(u);
    double value = sigma * (o->truncate ? high + 1 : high) * z;
    return (int32_t)(o->truncate ? fmax(low, fmin(high, trunc(value)))
                                 : round(fmax(low, fmin(high, value))));
}

static void decode(words *now, const simulation *s)
{
    uint32_t code = 0;
    now->w = asx_grid_nearest(s->grid, now->w);
    if (!s->codec || asx_codec_encode(&code, s->codec, now->w, NULL) != ASX_OK)
        return;
    for (unsigned i = 0; i < s->n_digits; i++) {
        now->digit[i] = s->value[i][code & ((1u << s->index_bits[i]) - 1)];
        code >>= s->index_bits[i];
    }
}

static void make_multiples(words *now, const simulation *s)
{
    asx_alphabet_set set = asx_alphabet_set_with(asx_alphabet_set_with(s->weight->set, 3), 5);
    for (unsigned a = 0; (a = asx_alphabet_set_next(set, a));)
        now->multiple[(a - 1) / 2] = (int64_t)a * now->x;
}

static void compare_digits(const simulation *s, const words *was, const words *now)
{
    int64_t partial[2] = {0, 0};
    for (unsigned i = 0; i < s->n_digits; i++) {
        asx_digit_activity *out = &s->sum->digit[i];
        int64_t product[2], alphabet[2];
        unsigned at = i * s->weight->digit_width, bits = asx_word_digit_bits(s->weight, i);
        for (int k = 0; k < 2; k++) {
            const words *op = k ? now : was;
            int32_t d = abs(op->digit[i]), a = d;
            while (a > 0 && a % 2 == 0)
                a /= 2;
            product[k] = (int64_t)d * op->x;
            alphabet[k] = (int64_t)a * op->x;
            partial[k] += (int64_t)op->digit[i] * op->x * ((int64_t)1 << at);
        }
        out->product += toggles(product[0], product[1], s->activation->bits + bits);
        out->alphabet += toggles(alphabet[0], alphabet[1], s->activation->bits + bits);
        out->partial += toggles(partial[0], partial[1], s->activation->bits + at + bits);
        out->change += was->digit[i] != now->digit[i];
    }
}

/* Rows of an exact multiplier: partial product k and the sum of the first k + 1, whose low bits are
 * already the result's. */
static void compare_rows(const simulation *s, const words *was, const words *now)
{
    unsigned w_bits = s->weight->bits, x_bits = s->activation->bits;
    for (int booth = 0; booth < 2; booth++) {
        unsigned radix = booth ? 2 : 1;
        int64_t total[2] = {0, 0};
        for (unsigned i = 0; i < w_bits; i += radix) {
            int64_t row[2];
            for (int k = 0; k < 2; k++) {
                const words *op = k ? now : was;
                int32_t d = op->w >> i & 1;
                if (booth)
                    d += (i ? op->w >> (i - 1) & 1 : 0) - 2 * (op->w >> (i + 1) & 1);
                row[k] = (int64_t)d * op->x;
                bool top = !booth && i == w_bits - 1;
                total[k] += (top ? -row[k] : row[k]) * ((int64_t)1 << i);
            }
            s->sum->cells[booth] += toggles(row[0], row[1], booth ? x_bits + 2 : x_bits);
            s->sum->rows[booth] +=
                toggles(total[0] >> i, total[1] >> i, x_bits + radix + (unsigned)booth);
        }
    }
}

static void compare(const simulation *s, const words *was, const words *now)
{
    asx_activity *sum = s->sum;
    unsigned product_bits = s->weight->bits + s->activation->bits;
    asx_alphabet_set set = asx_alphabet_set_with(asx_alphabet_set_with(s->weight->set, 3), 5);
    for (unsigned a = 0; (a = asx_alphabet_set_next(set, a));) {
        unsigned i = (a - 1) / 2;
        sum->multiple[i] += toggles(was->multiple[i], now->multiple[i], width(s->activation, a));
    }
    sum->input += toggles(was->x, now->x, s->activation->bits);
    sum->multiple[0] +=
        asx_alphabet_set_has(set, 1) ? 0 : toggles(was->x, now->x, s->activation->bits);
    sum->weight += toggles(was->w, now->w, s->weight->bits);
    sum->product += toggles((int64_t)abs(was->w) * abs(was->x), (int64_t)abs(now->w) * abs(now->x),
                            product_bits);
    sum->sign += (was->w > 0) - (was->w < 0) != (now->w > 0) - (now->w < 0);
    sum->sum += toggles(was->accumulator, now->accumulator, product_bits + 4);
    if (s->codec)
        compare_digits(s, was, now);
    else
        compare_rows(s, was, now);
}

static void divide(asx_activity *out, double n)
{
    double *all = (double *)out;
    for (size_t i = 0; i < sizeof *out / sizeof *all; i++)
        all[i] /= n;
}

static void run(simulation *s, const asx_operands *o)
{
    uint16_t order[2][N_OPERATIONS];
    unsigned hold = o->hold > 0 ? o->hold : 1;
    unsigned n_weights = (N_OPERATIONS + hold - 1) / hold;
    words was = {0}, now = {0};
    shuffle(order[0], n_weights, 0);
    shuffle(order[1], N_OPERATIONS, 1);
    for (unsigned i = 0; i < N_OPERATIONS; i++) {
        double u = (order[0][i / hold] + .5) / n_weights, v = (order[1][i] + .5) / N_OPERATIONS;
        if (i % hold == 0) {
            now.w = draw(u, s->weight, o, o->weight_sigma);
            decode(&now, s);
        }
        v = o->uniform ? v : (v - o->zero) / (1 - o->zero);
        now.x = v <= 0 ? 0 : draw(v, s->activation, o, o->activation_sigma);
        make_multiples(&now, s);
        now.accumulator = was.accumulator + (int64_t)now.w * now.x;
        if (i > 0)
            compare(s, &was, &now);
        was = now;
    }
    divide(s->sum, N_OPERATIONS - 1);
}

asx_status asx_activity_init(asx_activity *out, const asx_word *weight, const asx_word *activation,
                             const asx_operands *operands, asx_error *err)
{
    asx_activity sum = {0};
    simulation *s = asx_array_new(1, sizeof *s);
    if (!s)
        return asx_fail(err, ASX_ENOMEM, "no memory for the activity of a unit");
    s->weight = weight;
    s->activation = activation;
    s->sum = &sum;
    asx_status status = asx_word_check(activation, err);
    if (status == ASX_OK)
        status = asx_grid_new(&s->grid, weight, err);
    if (status == ASX_OK && !asx_word_is_plain(weight))
        status = asx_codec_new(&s->codec, weight, err);
    s->n_digits = status == ASX_OK ? asx_word_n_digits(weight) : 0;
    for (unsigned i = 0; i < s->n_digits; i++) {
        size_t n = asx_word_digit_values(s->value[i], weight, i);
        while (((size_t)1 << s->index_bits[i]) < n)
            s->index_bits[i]++;
    }
    if (status == ASX_OK) {
        run(s, operands);
        *out = sum;
    }
    asx_codec_free(s->codec);
    asx_grid_free(s->grid);
    free(s);
    return status;
}
