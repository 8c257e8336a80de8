/* Counter-based random numbers from splitmix64's finaliser: Steele, Lea and Flood, "Fast splittable
 * pseudorandom number generators", OOPSLA 2014 (with Stafford's mix 13). */
#include "dse/seed.h"

#include <math.h>

static const uint64_t golden = 0x9e3779b97f4a7c15u;

static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

uint64_t asx_seed_bits(uint64_t seed, uint64_t stream, uint64_t index)
{
    /* the additions keep the words apart: mix(0) is 0, and xor alone would commute */
    uint64_t x = mix(seed + golden);
    x = mix((x ^ stream) + golden);
    return mix((x ^ index) + golden);
}

double asx_seed_uniform(uint64_t seed, uint64_t stream, uint64_t index)
{
    return (double)(asx_seed_bits(seed, stream, index) >> 11) * 0x1p-53;
}

double asx_seed_normal(uint64_t seed, uint64_t stream, uint64_t index)
{
    static const double two_pi = 6.283185307179586;
    const double u = 1 - asx_seed_uniform(seed, stream, 2 * index); /* above 0 */
    return sqrt(-2 * log(u)) * cos(two_pi * asx_seed_uniform(seed, stream, 2 * index + 1));
}

uint64_t asx_seed_below(uint64_t seed, uint64_t stream, uint64_t index, uint64_t n)
{
    /* the upper 64 bits of the 128-bit product bits * n, from 32-bit halves */
    const uint64_t bits = asx_seed_bits(seed, stream, index);
    const uint64_t low = 0xffffffffu;
    uint64_t a = bits >> 32, b = bits & low, c = n >> 32, d = n & low;
    uint64_t middle = a * d + (b * d >> 32); /* cannot overflow */
    uint64_t cross = b * c + (middle & low);
    return a * c + (middle >> 32) + (cross >> 32);
}
