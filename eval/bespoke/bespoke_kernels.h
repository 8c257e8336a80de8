/* Private: loops over a block of rows, in sums of 32 and of 64 bits. */
#ifndef ASX_EVAL_BESPOKE_KERNELS_H
#define ASX_EVAL_BESPOKE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "dse/bespoke.h"

enum { ASX_BESPOKE_BLOCK = 512, ASX_BESPOKE_TERMS = 4 };

/* weight * (v[input] & mask); a mask is narrower than its input where bits are cut. */
typedef struct asx_bespoke_term {
    size_t input;
    uint32_t mask;
    int64_t weight;
} asx_bespoke_term;

/* `sum`, `x` and the like are arrays of `size` bytes an element, a row an element. */
typedef struct asx_bespoke_kernels {
    size_t size;
    void (*fill)(void *sum, int64_t value, size_t n);
    /** Adds ASX_BESPOKE_TERMS terms of the table's integers. */
    void (*add_first)(void *sum, const uint16_t *const *v, const asx_bespoke_term *t, size_t n);
    /** Adds as many of the outputs of a layer. */
    void (*add)(void *sum, const void *const *v, const asx_bespoke_term *t, size_t n);
    void (*rectify)(void *x, unsigned drop, int64_t max, size_t n);
    /** The greater of two, and which: `bits` as in asx_bespoke_compare. */
    void (*choose)(void *x, void *index, const void *const *values, const void *const *indices,
                   uint64_t bits, size_t n);
    void (*to_classes)(uint16_t *out, const void *index, size_t n);
} asx_bespoke_kernels;

extern const asx_bespoke_kernels asx_bespoke_kernels_32, asx_bespoke_kernels_64;

#endif
