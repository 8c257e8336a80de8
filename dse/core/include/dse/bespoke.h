/* Bespoke classifiers: multilayer perceptrons whose weights are wired, as printed electronics have them. A product is a sum of
 * shifted copies of an input, or nothing; what is left out of sums, activations and comparisons is part of the network, so
 * that what is measured is what is built. Vocabulary alone: circuits and prices are hwmodel's, fast evaluation is eval's. */
#ifndef ASX_DSE_BESPOKE_H
#define ASX_DSE_BESPOKE_H

#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ASX_BESPOKE_ACTIVATION_LIST(X)                                                             \
    X(ASX_BESPOKE_LINEAR, "linear")              /* the sum, signed */                             \
    X(ASX_BESPOKE_RELU, "relu")                  /* max(sum, 0) */                                 \
    X(ASX_BESPOKE_SATURATING, "saturating_relu") /* min(max(sum, 0) >> drop, max) */

typedef enum asx_bespoke_activation {
#define ASX_ENUM(name, text) name,
    ASX_BESPOKE_ACTIVATION_LIST(ASX_ENUM)
#undef ASX_ENUM
} asx_bespoke_activation;

/* Neuron j: sum = bias[j] + sum over inputs i of the copies of v[i] & mask[j][i] that the canonical signed digits of
 * weight[j][i] ask for: a digit of 2^k is one copy, shifted by k, of which the bits below column cut[j] are dropped; with cut 0
 * their sum is weight * (v & mask). v are the network's inputs or the outputs of the layer before, which is not linear then. */
typedef struct asx_bespoke_layer {
    size_t inputs, outputs;
    int32_t *weight; /* [outputs][inputs] */
    uint32_t *mask;  /* [outputs][inputs]: the bits of an input that are wired; UINT32_MAX: all */
    int64_t *bias;   /* [outputs], in units of the sum */
    unsigned char *cut; /* [outputs] */
    asx_bespoke_activation activation;
    unsigned drop; /* of ASX_BESPOKE_SATURATING: bits of the sum that are not built */
    int64_t max;   /* of ASX_BESPOKE_SATURATING: the largest output, 2^n - 1 */
} asx_bespoke_layer;

/* A comparison of the tree that finds the greatest output: values 0 .. K - 1 are the last layer's outputs, comparison number i
 * makes value K + i: left if left >= right in the compared bits, else right, passed on whole. */
typedef struct asx_bespoke_compare {
    size_t left, right;
    uint64_t bits; /* those that are compared, as unsigned numbers; 0: all, signed */
} asx_bespoke_compare;

typedef struct asx_bespoke {
    unsigned char
        *input_bits; /* [layer[0].inputs]: 0 .. 16; the lowest of what is given are taken */
    size_t n_layers;
    asx_bespoke_layer *layer; /* [n_layers] */
    /* [outputs of the last layer - 1]: the class is the index that reaches the last */
    asx_bespoke_compare *compare;
} asx_bespoke;

#ifdef __cplusplus
}
#endif

#endif
