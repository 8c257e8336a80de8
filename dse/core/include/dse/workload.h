/* What a network asks of an accelerator: the shapes of its layers with weights, in order. */
#ifndef ASX_DSE_WORKLOAD_H
#define ASX_DSE_WORKLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A product of two values, as attention has them, is a layer whose weights are the network's own
 * numbers: the words of its second operand, made for every image. */
#define ASX_LAYER_KIND_LIST(X)                                                                     \
    X(ASX_LAYER_CONV, "conv")                                                                      \
    X(ASX_LAYER_DENSE, "dense")                                                                    \
    X(ASX_LAYER_PRODUCT, "product")

typedef enum asx_layer_kind {
#define ASX_ENUM(name, text) name,
    ASX_LAYER_KIND_LIST(ASX_ENUM)
#undef ASX_ENUM
} asx_layer_kind;

/* How a layer's operands are distributed, as words: what toggles in a multiplier depends on it.
 * Spreads are root mean squares as a share of the word's largest magnitude. All 0: not known. */
enum { ASX_OPERAND_KNOTS = 65 };

typedef struct asx_layer_operands {
    double weight_sigma;
    double activation_sigma; /* of the activations that are not 0 */
    double zero_activations; /* share of activations that are 0 */
    bool histogram;          /* what follows is known, too */
    /* Of plain 8-bit words: code number i is above i / 64 of the weights, or of the activations that
     * are not 0. */
    int16_t weight_quantile[ASX_OPERAND_KNOTS], activation_quantile[ASX_OPERAND_KNOTS];
    /* How alike activations are that a row of an array gets one after the other, pixels side by side:
     * correlation of a Gaussian copula that toggles as many bits. 0: independent; below 1 */
    double likeness;
} asx_layer_operands;

/* Work around a layer, in elements per inference. All 0: not known, or none. */
typedef struct asx_layer_other {
    size_t readers;  /* layers that read the layer's input: it is written once for all */
    bool image;      /* its input is the network's, and comes from outside */
    size_t added;    /* to its output: sums of feature maps */
    size_t pooled;   /* read by the windows of pools behind it */
    size_t products; /* of two values, 16 by 16 bits: in records from before they were layers */
    size_t wide_writes, wide_reads; /* with 16 bits: what is added or pooled later */
    size_t held;                    /* with 16 bits, kept in memory meanwhile */
} asx_layer_other;

/* One convolution, dense layer or product (a dense layer is a 1x1 convolution on a 1x1 image; the
 * product of `groups` matrices [m][k] by as many [k][n] is one of groups x k channels on m pixels to
 * groups x n channels). Sizes are per inference of one image: input [in_c][in_h][in_w], output
 * [out_c][out_h][out_w]. */
typedef struct asx_layer {
    char *name; /* unique in the workload; letters, digits and ._-/:[] only */
    asx_layer_kind kind;
    size_t in_c, in_h, in_w;
    size_t out_c, out_h, out_w;
    size_t kernel_h, kernel_w, stride_h, stride_w, groups;
    bool input_non_negative; /* the input is never below zero: its words need no sign */
    /* bits of the plain words in which the file holds weights and inputs already; 0: of none */
    unsigned held_weight_bits, held_activation_bits;
    asx_layer_operands operands;
    asx_layer_other other;
    size_t steps; /* it runs so many times for an image, one after the other; 0, 1: once */
} asx_layer;

/* Owns its layers; fill with asx_workload_add. */
typedef struct asx_workload {
    char *name;
    asx_layer *layer;
    size_t n_layers, capacity;
} asx_workload;

ASX_API ASX_NODISCARD asx_status asx_workload_init(asx_workload *work, const char *name,
                                                   asx_error *err);
ASX_API void asx_workload_fini(asx_workload *work);

/**
 * Appends a copy of `layer`.
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL for an empty, ill-formed or duplicate name, a zero size,
 * groups that do not divide both channel counts, or sizes whose operations a size_t cannot count
 */
ASX_API ASX_NODISCARD asx_status asx_workload_add(asx_workload *work, const asx_layer *layer,
                                                  asx_error *err);

ASX_API ASX_NODISCARD asx_status asx_workload_copy(asx_workload *out, const asx_workload *work,
                                                   asx_error *err);

/** Index of a layer by name; ASX_ENOTFOUND lists the first names there are. */
ASX_API ASX_NODISCARD asx_status asx_workload_find(size_t *index, const asx_workload *work,
                                                   const char *name, size_t name_length,
                                                   asx_error *err);

ASX_API const char *asx_layer_kind_text(asx_layer_kind kind);

/** @return ASX_OK; ASX_ENOTFOUND naming those there are */
ASX_API ASX_NODISCARD asx_status asx_layer_kind_parse(asx_layer_kind *out, const char *text,
                                                      asx_error *err);
ASX_API size_t asx_layer_n_macs(const asx_layer *layer); /* multiply-accumulates, of all steps */
ASX_API size_t asx_workload_n_macs(const asx_workload *work); /* of all layers */
ASX_API size_t asx_layer_n_steps(const asx_layer *layer);     /* at least 1 */
ASX_API size_t asx_layer_n_weights(const asx_layer *layer); /* without biases; or second operand */
ASX_API size_t asx_layer_n_learned(const asx_layer *layer); /* the same, but none of a product */
ASX_API size_t asx_layer_n_inputs(const asx_layer *layer);  /* of a step, as the outputs */
ASX_API size_t asx_layer_n_outputs(const asx_layer *layer);

/** Products that add up to one output: in_c / groups x kernel_h x kernel_w. */
ASX_API size_t asx_layer_depth(const asx_layer *layer);

#ifdef __cplusplus
}
#endif

#endif
