/* What faults of stored bits do to values: sums over all values and patterns, no sampling. */
#include <stdlib.h>

#include "dse/memory.h"
#include "reading_private.h"

static double weight_of(const double *often, size_t i)
{
    return often ? often[i] : 1;
}

double asx_reading_flip_error(const asx_reading *reading, const double *often, unsigned bit)
{
    double sum = 0, all = 0;
    for (size_t i = 0; i < reading->n; i++) {
        const int32_t v = reading->grid[i];
        const uint32_t flipped = asx_reading_code(reading, v) ^ (uint32_t)1 << bit;
        const double d = (double)(v - reading->value[flipped]);
        sum += weight_of(often, i) * d * d;
        all += weight_of(often, i);
    }
    return sum / all;
}

/* What is read from a pattern is a random number; its mean of `f` over the faults of one bit more,
 * for every pattern: f[c] becomes P(the bit stays) f[c] + P(it does not) f[c with it changed]. */
static void blend(double *f, unsigned bits, const asx_bit_channel *channel)
{
    for (unsigned b = 0; b < bits; b++)
        for (uint32_t c = 0; c >> bits == 0; c++) {
            const uint32_t other = c | (uint32_t)1 << b;
            if (c == other)
                continue;
            const double zero = f[c], one = f[other];
            f[c] = zero + channel->to_1 * (one - zero);
            f[other] = one + channel->to_0 * (zero - one);
        }
}

asx_status asx_reading_error(double *out, const asx_reading *reading, const double *often,
                             const asx_bit_channel *channel, asx_error *err)
{
    const size_t n = (size_t)1 << reading->bits;
    double *mean = asx_array_new(n, sizeof *mean), *square = asx_array_new(n, sizeof *square);
    double sum = 0, all = 0;
    asx_status status = mean && square
                            ? ASX_OK
                            : asx_fail(err, ASX_ENOMEM, "no memory for %zu patterns of bits", n);
    if (status != ASX_OK)
        goto done;
    for (size_t c = 0; c < n; c++) {
        mean[c] = (double)reading->value[c];
        square[c] = mean[c] * mean[c];
    }
    blend(mean, reading->bits, channel);
    blend(square, reading->bits, channel);
    for (size_t i = 0; i < reading->n; i++) {
        const double v = (double)reading->grid[i];
        const uint32_t c = asx_reading_code(reading, reading->grid[i]);
        sum += weight_of(often, i) * (v * v - 2 * v * mean[c] + square[c]);
        all += weight_of(often, i);
    }
    *out = sum / all;
done:
    free(mean);
    free(square);
    return status;
}

/* ---- what a bit is for ---- */

/* Bits of digit i's index. */
static unsigned index_bits(const asx_word *word, unsigned i)
{
    int32_t value[257];
    const size_t n = asx_word_digit_values(value, word, i);
    unsigned bits = 0;
    while (((size_t)1 << bits) < n)
        bits++;
    return bits;
}

/* The digit whose index holds a bit, and where that index begins; -1: none does. */
static int digit_of(unsigned *first, const asx_reading *r, unsigned bit)
{
    unsigned at = 0;
    for (unsigned i = 0; r->kind == ASX_CODE_INDEX && i < asx_word_n_digits(&r->word); i++) {
        const unsigned bits = index_bits(&r->word, i);
        *first = at;
        at += bits;
        if (bit < at)
            return (int)i;
    }
    return -1;
}

static int digit_value(const asx_reading *r, uint32_t code, int digit, unsigned first)
{
    int32_t value[257];
    const size_t n = asx_word_digit_values(value, &r->word, (unsigned)digit);
    const uint32_t index =
        code >> first & (((uint32_t)1 << index_bits(&r->word, (unsigned)digit)) - 1);
    return index < n ? value[index] : 0;
}

static int odd_part(int v)
{
    v = abs(v);
    while (v && v % 2 == 0)
        v /= 2;
    return v;
}

asx_flip_effect asx_reading_effect(const asx_reading *reading, const double *often, unsigned bit)
{
    unsigned first = 0;
    asx_flip_effect e = {.digit = digit_of(&first, reading, bit),
                         .error = asx_reading_flip_error(reading, often, bit)};
    double all = 0;
    for (size_t i = 0; i < reading->n; i++) {
        const int32_t v = reading->grid[i];
        const uint32_t code = asx_reading_code(reading, v), flipped = code ^ (uint32_t)1 << bit;
        const int32_t read = reading->value[flipped];
        const double w = weight_of(often, i);
        const int from = e.digit < 0 ? (int)v : digit_value(reading, code, e.digit, first);
        const int to = e.digit < 0 ? (int)read : digit_value(reading, flipped, e.digit, first);
        all += w;
        e.sign += (v < 0 && read > 0) || (v > 0 && read < 0) ? w : 0;
        e.zero += (from == 0) != (to == 0) ? w : 0;
        if (e.digit < 0 || from == 0 || to == 0)
            continue;
        e.alphabet += odd_part(from) != odd_part(to) ? w : 0;
        e.shift += odd_part(from) == odd_part(to) && abs(from) != abs(to) ? w : 0;
    }
    e.sign /= all;
    e.zero /= all;
    e.alphabet /= all;
    e.shift /= all;
    return e;
}
