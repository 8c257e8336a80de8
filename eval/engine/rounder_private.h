/* What a rounder is made of, for what rounds (rounder.c) and what looks for scales (rounder_scale.c). */
#ifndef ASX_EVAL_ROUNDER_PRIVATE_H
#define ASX_EVAL_ROUNDER_PRIVATE_H

#include "dse/menu.h"
#include "rounder.h"
#include "vector.h"

/* The boundaries between neighbouring representable integers are integers or lie half-way between
 * two. So nearest(v) depends on trunc(2 v) alone, v >= 0 and v < 0 apart, and ties, which go away
 * from zero, come out right by themselves: `table[trunc(2 v)]`. Plain words are rounded directly,
 * which compilers turn into vector code. */
struct asx_rounder {
    size_t
        n_members; /* words of a menu: all but low, high and what is of groups is unused then; else 0 */
    size_t group; /* that choose together; 0: all */
    asx_rounder *member[ASX_MENU_WORDS_MAX];
    float low, high;     /* ends of the representable set */
    unsigned plain_bits; /* 0: not plain */
    float *memory;       /* NULL: plain */
    const float *table;
    int16_t *short_memory; /* the same in 16 bits; NULL: plain, or too wide */
    const int16_t *short_table;
    float *even_memory; /* of integers, ties to even ranks (asx_grid_nearest_even); NULL: plain */
    const float *even;
};

/* The comparisons are written so that NaN becomes `low`. */
static inline float clamp(float v, float low, float high)
{
    v = v > low ? v : low;
    return v < high ? v : high;
}

static inline float nearest_plain(float v, float low, float high)
{
    v = clamp(v, low, high);
    return (float)(int)(v + (v < 0 ? -0.5f : 0.5f));
}

static inline float nearest_table(float v, float low, float high, const float *table)
{
    return table[(int)(2 * clamp(v, low, high))];
}

/* How many of n values have one word. */
static inline size_t asx_rounder_together(const asx_rounder *rounder, size_t n)
{
    return rounder->group > 0 && rounder->group < n ? rounder->group : n;
}

/* Floats that are rounded at once. */
enum { ASX_ROUNDER_BLOCK = 256 };

/** q[i] = nearest(x[i] * inverse), integers in floats. @param n at most ASX_ROUNDER_BLOCK */
void asx_rounder_nearest(float *q, const float *x, size_t n, const asx_rounder *rounder,
                         float inverse);

#endif
