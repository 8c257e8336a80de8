/* The loss: cross-entropy with smoothed labels (C. Szegedy et al., arXiv 1512.00567), distillation.
 * Private to eval. */
#ifndef ASX_EVAL_TRAIN_LOSS_H
#define ASX_EVAL_TRAIN_LOSS_H

#include <stddef.h>

/* The target of one image is (1 - smoothing) its label + smoothing / classes everywhere, and
 *   loss = (1 - distil) cross_entropy(target, p_1) + distil T^2 cross_entropy(teacher_T, p_T)
 * where p_T is the softmax of logits / T (Hinton et al., arXiv 1503.02531). */
typedef struct asx_loss {
    double smoothing, distil, temperature;
} asx_loss;

/**
 * @param dlogits  gradient by the logits of one image; may be NULL
 * @param teacher  its logits; may be NULL if distil is 0
 * @return the loss of one image
 */
double asx_loss_image(float *dlogits, const asx_loss *loss, const float *logits, size_t n_classes,
                      unsigned label, const float *teacher);

#endif
