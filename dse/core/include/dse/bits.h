/* Bits and signed digits of numbers. */
#ifndef ASX_DSE_BITS_H
#define ASX_DSE_BITS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Bits that a number takes: 0 of 0, k + 1 of 2^k. */
static inline unsigned asx_bit_length(uint64_t value)
{
    unsigned n = 0;
    for (; value; value >>= 1)
        n++;
    return n;
}

/** The lowest `n` bits; all from 64 on. */
static inline uint64_t asx_low_bits(unsigned n)
{
    return n >= 64 ? UINT64_MAX : ((uint64_t)1 << n) - 1;
}

/** Canonical signed digits of a number: bit k of `*plus` (`*minus`) is set where digit k is +1 (-1). No two neighbours are set,
 *  and no representation has fewer digits (Reitwiesner 1960). @param value  within +-2^62 */
static inline void asx_signed_digits(uint64_t *plus, uint64_t *minus, int64_t value)
{
    const uint64_t x = value < 0 ? -(uint64_t)value : (uint64_t)value, x3 = 3 * x;
    const uint64_t more = (x3 & ~x) >> 1, less = (x & ~x3) >> 1;
    *plus = value < 0 ? less : more;
    *minus = value < 0 ? more : less;
}

/** How many there are. */
static inline unsigned asx_signed_digit_count(int64_t value)
{
    uint64_t plus, minus;
    unsigned n = 0;
    asx_signed_digits(&plus, &minus, value);
    for (uint64_t left = plus | minus; left; left &= left - 1)
        n++;
    return n;
}

#ifdef __cplusplus
}
#endif

#endif
