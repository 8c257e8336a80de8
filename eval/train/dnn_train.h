/* oneDNN behind our own words: what training needs of a layer. Private to eval.
 *
 * Together with dnn.[ch] the only files that know oneDNN. As there, everything runs on the calling
 * thread alone: parallelism is over batches, and so results cannot depend on their number. */
#ifndef ASX_EVAL_DNN_TRAIN_H
#define ASX_EVAL_DNN_TRAIN_H

#include <stddef.h>

#include "dnn.h"

/* Kernels of one layer for one batch size: forward, and backward by data and by weights. Immutable
 * after creation: shared by any number of threads. x, y and their gradients lie as in dnn.h. */
typedef struct asx_dnn_layer asx_dnn_layer;

/** Whether this processor multiplies in bfloat16 (8 bits of significand, sums in float). */
bool asx_dnn_has_half(void);

/**
 * @param half  multiply in bfloat16, if the processor can and the layer gains by it
 * @return ASX_OK; ASX_ENOMEM; ASX_EUNSUPPORTED with oneDNN's reason
 */
ASX_NODISCARD asx_status asx_dnn_layer_conv_new(asx_dnn_layer **out, const asx_dnn_conv *shape,
                                                bool half, asx_error *err);
ASX_NODISCARD asx_status asx_dnn_layer_dense_new(asx_dnn_layer **out, size_t rows, size_t in,
                                                 size_t n_out, asx_error *err);
void asx_dnn_layer_free(asx_dnn_layer *layer);

/** Bytes of weights in the kernels' orders, and of working memory of every call below. */
size_t asx_dnn_layer_packed_bytes(const asx_dnn_layer *layer);
size_t asx_dnn_layer_scratch_bytes(const asx_dnn_layer *layer);

/* `packed` and `scratch` are 64-byte aligned. */

/** Brings weights [out_c][in_c / groups][kh][kw] into the kernels' orders. */
ASX_NODISCARD asx_status asx_dnn_layer_pack(const asx_dnn_layer *layer, void *packed,
                                            const float *weight, asx_error *err);

/** y = weights x + bias */
ASX_NODISCARD asx_status asx_dnn_layer_forward(const asx_dnn_layer *layer, float *y, const float *x,
                                               const void *packed, const float *bias, void *scratch,
                                               asx_error *err);

/** dx = weights' dy; overwritten */
ASX_NODISCARD asx_status asx_dnn_layer_back_data(const asx_dnn_layer *layer, float *dx,
                                                 const float *dy, const void *packed, void *scratch,
                                                 asx_error *err);

/** Gradients by weights, in the order of asx_dnn_layer_pack, and by bias; overwritten. */
ASX_NODISCARD asx_status asx_dnn_layer_back_weights(const asx_dnn_layer *layer, float *dweight,
                                                    float *dbias, const float *x, const float *dy,
                                                    void *scratch, asx_error *err);

/** The three kernels and nothing around them, for benchmarks: on rounded words they work on what
 *  an earlier call left in `scratch`. @param dx may be NULL */
ASX_NODISCARD asx_status asx_dnn_layer_kernels(const asx_dnn_layer *layer, float *y, float *dx,
                                               float *dbias, const float *x, const float *dy,
                                               const void *packed, const float *bias, void *scratch,
                                               asx_error *err);

#endif
