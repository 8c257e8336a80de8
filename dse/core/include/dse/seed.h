/* Counter-based random numbers: a value is a function of (seed, stream, index) alone, so results do
 * not depend on threads, on the order of calls, or on a run being killed and resumed. */
#ifndef ASX_DSE_SEED_H
#define ASX_DSE_SEED_H

#include <stdint.h>

#include "dse/api.h"

#ifdef __cplusplus
extern "C" {
#endif

/** 64 well-mixed bits (splitmix64's finaliser, Steele et al. 2014, applied to the three words). */
ASX_API uint64_t asx_seed_bits(uint64_t seed, uint64_t stream, uint64_t index);

/** Uniform in [0, 1), 53 bits. */
ASX_API double asx_seed_uniform(uint64_t seed, uint64_t stream, uint64_t index);

/** Normal, mean 0 and deviation 1, of the uniform numbers 2 index and 2 index + 1 (Box and Muller, 1958). */
ASX_API double asx_seed_normal(uint64_t seed, uint64_t stream, uint64_t index);

/** Uniform in 0 .. n-1 (n > 0); the bias is below n / 2^64. */
ASX_API uint64_t asx_seed_below(uint64_t seed, uint64_t stream, uint64_t index, uint64_t n);

#ifdef __cplusplus
}
#endif

#endif
