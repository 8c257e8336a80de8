/* Bits of unsigned numbers. */
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

#ifdef __cplusplus
}
#endif

#endif
