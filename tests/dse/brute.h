/* The representable set straight from its definition, written to be obviously right: unsigned
 * digits by taking each integer apart, signed ones by adding up every tuple of digits. */
#ifndef ASX_TESTS_BRUTE_H
#define ASX_TESTS_BRUTE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dse/word.h"

/* Room for all 16-bit words, and some beside: tests look there too. */
enum { BRUTE_MARGIN = 8, BRUTE_ZERO = (1 << 16) + BRUTE_MARGIN, BRUTE_SPAN = 2 * BRUTE_ZERO };

/* a 2^s with a in the set, or 0. */
static inline bool brute_supported(asx_alphabet_set set, int v)
{
    v = abs(v);
    while (v && v % 2 == 0)
        v /= 2;
    return v == 0 || asx_alphabet_set_has(set, (unsigned)v);
}

static inline bool brute_has_unsigned(const asx_word *w, int x)
{
    for (int rest = abs(x); rest; rest >>= w->digit_width) {
        if (!brute_supported(w->set, rest & ((1 << w->digit_width) - 1)))
            return false;
    }
    return true;
}

static inline void brute_add_tuples(bool *has, const asx_word *w, unsigned low_bit, int sum)
{
    if (low_bit >= w->bits) {
        if (sum >= -(1 << (w->bits - 1)) && sum < 1 << (w->bits - 1))
            has[BRUTE_ZERO + sum] = true;
        return;
    }
    unsigned bits = w->bits - low_bit < w->digit_width ? w->bits - low_bit : w->digit_width;
    for (int d = -(1 << (bits - 1)); d <= 1 << (bits - 1); d++) {
        if (brute_supported(w->set, d))
            brute_add_tuples(has, w, low_bit + w->digit_width, sum + d * (1 << low_bit));
    }
}

/* has[BRUTE_ZERO + x] for every x of `bits` bits and the margin; the set must not be empty. Returns
 * how many there are. */
static inline size_t brute_grid(bool *has, const asx_word *w)
{
    size_t n = 0;
    const int reach = (1 << w->bits) + BRUTE_MARGIN;
    memset(has + BRUTE_ZERO - reach, 0, 2 * (size_t)reach * sizeof *has);
    if (w->digits == ASX_DIGITS_SIGNED) {
        brute_add_tuples(has, w, 0, 0);
    } else {
        int end = 1 << (w->non_negative ? w->bits : w->bits - 1);
        for (int x = w->non_negative ? 0 : 1 - end; x < end; x++)
            has[BRUTE_ZERO + x] = brute_has_unsigned(w, x);
    }
    for (int x = -reach; x < reach; x++)
        n += has[BRUTE_ZERO + x];
    return n;
}

/* The kinds of words there are. */
enum { BRUTE_UNSIGNED, BRUTE_SIGNED, BRUTE_NON_NEGATIVE, BRUTE_KINDS };

static inline asx_word brute_word(unsigned bits, unsigned q, int kind, asx_alphabet_set set)
{
    return (asx_word){.bits = bits,
                      .digit_width = q,
                      .digits = kind == BRUTE_SIGNED ? ASX_DIGITS_SIGNED : ASX_DIGITS_UNSIGNED,
                      .non_negative = kind == BRUTE_NON_NEGATIVE,
                      .set = set};
}

#endif
