/* Private: random numbers of one decision after the other. Each is a function of (seed, stream,
 * index), so nothing depends on who threw before. */
#ifndef ASX_SEARCH_DICE_H
#define ASX_SEARCH_DICE_H

#include <stddef.h>
#include <stdint.h>

#include "dse/seed.h"

typedef struct asx_dice {
    uint64_t seed, stream, index;
} asx_dice;

/** Uniform in [0, 1). */
static inline double asx_dice_roll(asx_dice *d)
{
    return asx_seed_uniform(d->seed, d->stream, d->index++);
}

/** Uniform in 0 .. n-1. */
static inline size_t asx_dice_below(asx_dice *d, size_t n)
{
    return (size_t)asx_seed_below(d->seed, d->stream, d->index++, n);
}

#endif
