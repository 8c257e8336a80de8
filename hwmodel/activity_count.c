/* Toggles between lists of words. Bits are counted in parallel within each word (Warren, Hacker's
 * Delight, 5-1), so that compilers make vector code of it. */
#include "activity_private.h"
#include "dse/vectorised.h"

static inline uint32_t count(uint32_t v)
{
    v -= v >> 1 & 0x55555555u;
    v = (v & 0x33333333u) + (v >> 2 & 0x33333333u);
    v = (v + (v >> 4)) & 0x0f0f0f0fu;
    v += v >> 8;
    return (v + (v >> 16)) & 0xff;
}

static uint32_t mask_of(unsigned bits)
{
    return bits < 32 ? ((uint32_t)1 << bits) - 1 : UINT32_MAX;
}

ASX_VECTORISED uint64_t asx_toggles(const int32_t *a, const int32_t *b, unsigned n, unsigned bits)
{
    const uint32_t mask = mask_of(bits);
    uint32_t sum = 0;
    for (unsigned i = 0; i < n; i++)
        sum += count(((uint32_t)a[i] ^ (uint32_t)b[i]) & mask);
    return sum;
}

ASX_VECTORISED uint64_t asx_toggles_wide(const int64_t *a, const int64_t *b, unsigned n,
                                         unsigned low, unsigned bits)
{
    const uint64_t mask = (((uint64_t)1 << bits) - 1) << low;
    uint64_t sum = 0;
    for (unsigned i = 0; i < n; i++) {
        const uint64_t v = ((uint64_t)a[i] ^ (uint64_t)b[i]) & mask;
        sum += count((uint32_t)v) + count((uint32_t)(v >> 32));
    }
    return sum;
}

ASX_VECTORISED uint64_t asx_toggles_of_products(const int32_t *a, const int32_t *x,
                                                const int32_t *b, const int32_t *y, unsigned n,
                                                unsigned bits)
{
    const uint32_t mask = mask_of(bits);
    uint32_t sum = 0;
    for (unsigned i = 0; i < n; i++)
        sum += count(((uint32_t)a[i] * (uint32_t)x[i] ^ (uint32_t)b[i] * (uint32_t)y[i]) & mask);
    return sum;
}

ASX_VECTORISED uint64_t asx_toggles_of_multiples(uint32_t multiple, const int32_t *x,
                                                 const int32_t *y, unsigned n, unsigned bits)
{
    const uint32_t mask = mask_of(bits);
    uint32_t sum = 0;
    for (unsigned i = 0; i < n; i++)
        sum += count((multiple * (uint32_t)x[i] ^ multiple * (uint32_t)y[i]) & mask);
    return sum;
}

ASX_VECTORISED void asx_add_products(int64_t *sum, int32_t coefficient, const int32_t *x,
                                     unsigned n, unsigned shift, int32_t mask)
{
    for (unsigned i = 0; i < n; i++)
        sum[i] += (int64_t)coefficient * (x[i] >> shift & mask);
}
