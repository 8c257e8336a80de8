/* BatchNormalization in training mode (Ioffe and Szegedy, arXiv 1502.03167). Private to eval.
 *
 *   y = gamma (x - mean) / sqrt(variance + ASX_NORM_EPSILON) + beta
 *
 * per channel, mean and (biased) variance over the rows of one piece of a batch: a row is one place
 * of one image. Pieces normalise themselves ("ghost batches", Hoffer et al., arXiv 1705.08741), so
 * that they need not wait for each other, and results do not depend on threads. */
#ifndef ASX_EVAL_TRAIN_NORM_H
#define ASX_EVAL_TRAIN_NORM_H

#include <stddef.h>

#define ASX_NORM_EPSILON 1e-5f

/** @param y, x  [rows][channels]; @param mean, variance [channels], written */
void asx_norm_forward(float *y, float *mean, float *variance, const float *x, const float *gamma,
                      const float *beta, size_t rows, size_t channels);

/**
 * With x^ = (x - mean) / sigma and g = dy, sums over the n rows of a channel:
 *   dbeta = sum g      dgamma = sum g x^      dx = gamma / sigma (g - dbeta / n - x^ dgamma / n)
 * the last two terms because mean and variance depend on x.
 *
 * @param d       gradient by y, becomes that by x
 * @param dgamma, dbeta [channels], overwritten
 */
void asx_norm_backward(float *d, float *dgamma, float *dbeta, const float *x, const float *mean,
                       const float *variance, const float *gamma, size_t rows, size_t channels);

#endif
