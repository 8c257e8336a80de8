/* Private: the points of a space in a random order, without repetition and without memory. */
#ifndef ASX_SEARCH_SAMPLER_H
#define ASX_SEARCH_SAMPLER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/space.h"

/* The last genes, as many as make up less than 2^62 combinations, follow a permutation of all their
 * combinations, so that no two draws agree in them; the genes before are independent draws. A space
 * below 2^62 is thus permuted as a whole. */
typedef struct asx_sampler {
    const asx_space *space; /* borrowed */
    uint64_t seed;
    size_t first; /* the first permuted gene */
    uint64_t n;   /* combinations of the permuted genes = draws there are */
} asx_sampler;

void asx_sampler_init(asx_sampler *sampler, const asx_space *space, uint64_t seed);

/** Draw number `index`. @return false if there are no more */
bool asx_sampler_point(asx_gene *point, const asx_sampler *sampler, uint64_t index);

/** A permutation of 0 .. n-1 (1 <= n <= 2^62) at `index` < n: a Feistel network of counter-based
 * rounds, walked along its cycle until it falls below n (Black and Rogaway, CT-RSA 2002). */
uint64_t asx_permute(uint64_t seed, uint64_t index, uint64_t n);

#endif
