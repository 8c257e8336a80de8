/* Gradients of the operators of ops.h: what of the loss's gradient by an output arrives at an
 * input. Private to eval.
 *
 * dy is the gradient by the output, dx by the input; both lie as the values do. Functions *add* to
 * dx unless they have a parameter `add`: if that is false they overwrite, and dx may be dy. */
#ifndef ASX_EVAL_TRAIN_BACK_H
#define ASX_EVAL_TRAIN_BACK_H

#include "ops.h"

/** y, x: the values of the forward pass; as many elements as dx. */
void asx_back_relu(asx_tensor dx, const float *y, const float *dy, size_t batch, bool add);
void asx_back_clip(asx_tensor dx, const float *y, const float *dy, const asx_node *node,
                   size_t batch, bool add);
void asx_back_sigmoid(asx_tensor dx, const float *y, const float *dy, size_t batch, bool add);
void asx_back_add(asx_tensor dx, const float *dy, size_t batch, bool add);
void asx_back_softmax(asx_tensor dx, const float *y, const float *dy, const asx_node *node,
                      size_t batch);

/** Overwrites the gradients by weight and bias [channels]; dx.data may be NULL. */
void asx_back_scale(asx_tensor dx, float *dweight, float *dbias, const float *x, const float *dy,
                    const float *weight, size_t batch);

void asx_back_max_pool(asx_tensor dx, const float *x, const float *y, asx_tensor dy,
                       const asx_node *node, size_t batch);
void asx_back_average_pool(asx_tensor dx, asx_tensor dy, const asx_node *node, size_t batch);
void asx_back_reduce_mean(asx_tensor dx, asx_tensor dy, const asx_node *node, size_t batch);

/** @param at sizes of the inputs before this one, along the axis */
void asx_back_concat(asx_tensor dx, asx_tensor dy, const asx_node *node, size_t at, size_t batch);
void asx_back_reshape(asx_tensor dx, asx_tensor dy, size_t batch);
void asx_back_transpose(asx_tensor dx, asx_tensor dy, const asx_node *node, size_t batch);
void asx_back_slice(asx_tensor dx, asx_tensor dy, const asx_node *node, size_t batch);
void asx_back_pad(asx_tensor dx, asx_tensor dy, const asx_node *node, size_t batch);

#endif
