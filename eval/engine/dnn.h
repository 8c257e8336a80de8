/* oneDNN behind our own words: convolutions and dense layers in float, and on 8-bit integers.
 * Private to eval.
 *
 * dnn*.c and their headers are the only files that know oneDNN, so that its version 3, which
 * renames the C API, costs no other. Everything here runs on the calling thread alone: parallelism
 * is over batches of images, one level up, and so results cannot depend on the number of threads.
 */
#ifndef ASX_EVAL_DNN_H
#define ASX_EVAL_DNN_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/error.h"

/* oneDNN throws where it has no memory for its own, which ends a process that is not C++; so much is looked for before a
 * kernel is made, which takes a tenth of it. */
enum { ASX_DNN_SPARE = 24 << 20 };

/* One layer for one batch size. Immutable after creation: shared by any number of threads. */
typedef struct asx_dnn_op asx_dnn_op;

/* A layer's weights in the order its oneDNN kernel wants them. Immutable, shareable. */
typedef struct asx_dnn_weights asx_dnn_weights;

/* What a kernel computes on. */
typedef enum asx_dnn_words {
    ASX_DNN_FLOAT,    /* x, weights, bias and y are float */
    ASX_DNN_UNSIGNED, /* x: uint8, weights: int8, y: int32 without bias */
    ASX_DNN_SIGNED    /* x: int8, weights: int8, y: int32 without bias */
} asx_dnn_words;

/**
 * The largest magnitude of weights of which the kernels on integers form exact sums on this processor;
 * 0: none. Without VNNI instructions oneDNN adds pairs of products in 16 bits, which saturate: two of
 * 255 x 64 do not. Inputs with a sign it makes unsigned there and halves the weights, which loses bits.
 * y always passes through a float: it is exact where no sum of |weight| x |input| reaches 2^24.
 */
int asx_dnn_weight_limit(asx_dnn_words words);

/* x: [batch][in_h][in_w][in_c], y: [batch][out_h][out_w][out_c], channels last;
 * weights [out_c][in_c / groups][kernel_h][kernel_w]. */
typedef struct asx_dnn_conv {
    size_t batch, groups;
    size_t in_c, in_h, in_w, out_c, out_h, out_w;
    size_t kernel[2], stride[2], dilation[2], before[2], after[2]; /* height, width */
    asx_dnn_words words;
} asx_dnn_conv;

/** @return ASX_OK; ASX_ENOMEM; ASX_EUNSUPPORTED with oneDNN's reason */
ASX_NODISCARD asx_status asx_dnn_conv_new(asx_dnn_op **out, const asx_dnn_conv *shape,
                                          asx_error *err);

/** x: [rows][in], y: [rows][out], weights [out][in]. */
ASX_NODISCARD asx_status asx_dnn_dense_new(asx_dnn_op **out, asx_dnn_words words, size_t rows,
                                           size_t in, size_t n_out, asx_error *err);
void asx_dnn_op_free(asx_dnn_op *op);

/** Bytes of working memory that asx_dnn_run wants. */
size_t asx_dnn_scratch_bytes(const asx_dnn_op *op);

/** Brings weights from the order above into the kernel's. */
ASX_NODISCARD asx_status asx_dnn_weights_new(asx_dnn_weights **out, const asx_dnn_op *op,
                                             const void *weight, asx_error *err);
void asx_dnn_weights_free(asx_dnn_weights *weights);
size_t asx_dnn_weights_bytes(const asx_dnn_weights *weights);

/**
 * y = weights x + bias.
 * @param bias     NULL for kernels on integers
 * @param scratch  asx_dnn_scratch_bytes, 64-byte aligned; NULL if 0
 */
ASX_NODISCARD asx_status asx_dnn_run(const asx_dnn_op *op, void *y, const void *x,
                                     const asx_dnn_weights *weights, const float *bias,
                                     void *scratch, asx_error *err);

/* A matrix, row after row. */
typedef struct asx_dnn_factor {
    const float *x;
    size_t columns, stride; /* stride: floats from a row to the next */
} asx_dnn_factor;

/**
 * The product a^T b of two matrices of as many rows.
 * @param out  [a->columns][b->columns]
 * @return ASX_OK; ASX_ENOMEM; ASX_EUNSUPPORTED with oneDNN's reason
 */
ASX_NODISCARD asx_status asx_dnn_product(float *out, const asx_dnn_factor *a,
                                         const asx_dnn_factor *b, size_t rows, asx_error *err);

#endif
