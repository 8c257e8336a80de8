/* Bespoke classifiers: multilayer perceptrons whose weights are wired, as printed electronics have them. A product is a sum of
 * shifted copies of an input, or nothing; what is left out of sums, activations and comparisons is part of the network, so
 * that what is measured is what is built. Vocabulary alone: circuits and prices are hwmodel's, fast evaluation is eval's. */
#ifndef ASX_DSE_BESPOKE_H
#define ASX_DSE_BESPOKE_H

#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"
#include "dse/text.h"

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

enum {
    ASX_BESPOKE_LAYERS_MAX = 8,
    ASX_BESPOKE_WIDTH_MAX = 4096,
    ASX_BESPOKE_INPUT_BITS_MAX = 16,
    ASX_BESPOKE_SHIFT_MAX = 40,
    ASX_BESPOKE_WEIGHT_MAX = 1 << 16
};
#define ASX_BESPOKE_BIAS_MAX ((int64_t)1 << 48)

/**
 * A network of nothing: inputs of 4 bits, weights and biases 0, all bits wired, nothing cut, hidden layers of
 * ASX_BESPOKE_RELU, a linear last one, and a balanced tree in which the first greatest output wins.
 *
 * @param width  [n_layers + 1]: inputs, outputs of each layer; 1 .. ASX_BESPOKE_WIDTH_MAX
 * @param n_layers  1 .. ASX_BESPOKE_LAYERS_MAX
 * @return ASX_OK; ASX_EINVAL; ASX_ENOMEM. asx_bespoke_free
 */
ASX_API ASX_NODISCARD asx_status asx_bespoke_new(asx_bespoke **out, const size_t *width,
                                                 size_t n_layers, asx_error *err);

/** A copy with arrays of its own. */
ASX_API ASX_NODISCARD asx_status asx_bespoke_copy(asx_bespoke **out, const asx_bespoke *from,
                                                  asx_error *err);

/** NULL is allowed. */
ASX_API void asx_bespoke_free(asx_bespoke *network);

/**
 * Whether it can be computed and built: all within the limits above, hidden layers with outputs that are not negative and
 * below 2^32, sums within 60 bits, comparisons that make a tree.
 * @return ASX_OK; ASX_EINVAL, naming the layer, the neuron and the value
 */
ASX_API ASX_NODISCARD asx_status asx_bespoke_check(const asx_bespoke *network, asx_error *err);

/**
 * Bounds of the sum of neuron `j`: no input gives any beyond, and there may be none that reaches them, where a mask keeps a
 * value of the layer before from being as great as its bits allow.
 * @param v_max  [inputs]: the greatest value of each input
 */
ASX_API void asx_bespoke_sum_bounds(int64_t *low, int64_t *high, const asx_bespoke_layer *layer,
                                    size_t j, const uint64_t *v_max);

/** What the layer's activation makes of a sum. */
ASX_API int64_t asx_bespoke_activate(const asx_bespoke_layer *layer, int64_t sum);

/** The greatest output of each neuron, 0 if it is never positive. @param most  [outputs] @param v_max  [inputs] */
ASX_API void asx_bespoke_outputs_max(uint64_t *most, const asx_bespoke_layer *layer,
                                     const uint64_t *v_max);

/** The most inputs or outputs that a layer has. */
ASX_API size_t asx_bespoke_widest(const asx_bespoke *network);

/** How many numbers asx_bespoke_run works on. */
ASX_API size_t asx_bespoke_work(const asx_bespoke *network);

/**
 * The class of a row, by the definition above, digit by digit: a reference, not made to be fast.
 *
 * @param row   [inputs]: of each the lowest input_bits are taken
 * @param work  [asx_bespoke_work]: overwritten; begins with the outputs of the last layer afterwards
 * @param network  one that was checked
 */
ASX_API size_t asx_bespoke_run(const asx_bespoke *network, const uint32_t *row, int64_t *work);

/**
 * Reads the JSON form:
 *   {"input_bits": 4 | [4, 2, ..], "layers": [{"weights": [[..], ..], "masks": [[..], ..], "biases": [..], "cuts": [..],
 *    "activation": {"kind": "saturating_relu", "drop_lsb": 5, "max": 255}}, ..],
 *    "argmax": {"nodes": [{"left": 0, "right": 1, "bits": null | [10, 9]}, ..]}}
 * Without masks all bits are wired, without cuts nothing is cut, without argmax the first greatest output wins. Members of
 * other names are not looked at beside these (name, source, test results) and in argmax; in layers only published_weights and
 * published_biases are, and others there, in activations and in nodes are refused. A mask has no bits that its input has not,
 * but for 2^32 - 1, all; a bit is compared once.
 *
 * @param out  checked; owned by the caller, asx_bespoke_free
 * @return ASX_OK; ASX_EIO; ASX_EPARSE; ASX_EINVAL, with file and place ("layers[0].weights[2][3]"); ASX_ENOMEM
 */
ASX_API ASX_NODISCARD asx_status asx_bespoke_read(asx_bespoke **out, const char *path,
                                                  asx_error *err);

/** The same from memory; `name` stands for the file in messages. */
ASX_API ASX_NODISCARD asx_status asx_bespoke_parse(asx_bespoke **out, const char *name,
                                                   const char *text, size_t n, asx_error *err);

/**
 * Appends the JSON form of a network, which asx_bespoke_read reads as the same.
 * @param name  becomes the member "name"; NULL: none
 */
ASX_API void asx_bespoke_print(asx_text *to, const asx_bespoke *network, const char *name);

#ifdef __cplusplus
}
#endif

#endif
