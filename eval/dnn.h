/* oneDNN behind our own words: convolutions and dense layers in float. Private to eval.
 *
 * This header and dnn.c are the only files that know oneDNN, so that its version 3, which renames
 * the C API, costs one file. Everything here runs on the calling thread alone: parallelism is over
 * batches of images, one level up, and so results cannot depend on the number of threads. */
#ifndef ASX_EVAL_DNN_H
#define ASX_EVAL_DNN_H

#include <stddef.h>

#include "dse/error.h"

/* One layer for one batch size. Immutable after creation: shared by any number of threads. */
typedef struct asx_dnn_op asx_dnn_op;

/* A layer's weights in the order its oneDNN kernel wants them. Immutable, shareable. */
typedef struct asx_dnn_weights asx_dnn_weights;

/* x: [batch][in_h][in_w][in_c], y: [batch][out_h][out_w][out_c], channels last;
 * weights [out_c][in_c / groups][kernel_h][kernel_w]. */
typedef struct asx_dnn_conv {
    size_t batch, groups;
    size_t in_c, in_h, in_w, out_c, out_h, out_w;
    size_t kernel[2], stride[2], dilation[2], before[2], after[2]; /* height, width */
} asx_dnn_conv;

/** @return ASX_OK; ASX_ENOMEM; ASX_EUNSUPPORTED with oneDNN's reason */
ASX_NODISCARD asx_status asx_dnn_conv_new(asx_dnn_op **out, const asx_dnn_conv *shape,
                                          asx_error *err);

/** x: [rows][in], y: [rows][out], weights [out][in]. */
ASX_NODISCARD asx_status asx_dnn_dense_new(asx_dnn_op **out, size_t rows, size_t in, size_t n_out,
                                           asx_error *err);
void asx_dnn_op_free(asx_dnn_op *op);

/** Bytes of working memory that asx_dnn_run wants. */
size_t asx_dnn_scratch_bytes(const asx_dnn_op *op);

/** Brings weights from the order above into the kernel's. */
ASX_NODISCARD asx_status asx_dnn_weights_new(asx_dnn_weights **out, const asx_dnn_op *op,
                                             const float *weight, asx_error *err);
void asx_dnn_weights_free(asx_dnn_weights *weights);
size_t asx_dnn_weights_bytes(const asx_dnn_weights *weights);

/** y = weights x + bias. @param scratch asx_dnn_scratch_bytes, 64-byte aligned; NULL if 0 */
ASX_NODISCARD asx_status asx_dnn_run(const asx_dnn_op *op, float *y, const float *x,
                                     const asx_dnn_weights *weights, const float *bias,
                                     void *scratch, asx_error *err);

#endif
