/* Latent weights: the vector that training moves, and the quantised weights it stands for, with
 * straight-through gradients (Y. Bengio et al., arXiv 1308.3432) and others. Private to eval.
 *
 * The vector is [parameters as the tape lays them out][scales of inputs, one per layer][scales, one
 * per output channel of every layer with a format]. A weight is used as  w^ = s Q(w / s), Q the
 * nearest representable value; an input likewise, with its own Q and s.
 *
 * Gradients. Q is constant almost everywhere, so a surrogate slope p(u) stands for Q'(u), u = w /
 * s: dw^/dw = p(u),      dw^/ds = Q(u) - u p(u) by the product rule. Nothing here needs the values
 * of Q to be evenly spaced: for the straight-through slope (1 inside, 0 beyond the ends) the second
 * is the rounding error Q(u) - u inside, however wide the gap u lies in, and the end of the set
 * beyond it, which is what learned step sizes (Esser et al., arXiv 1902.08153) have on even grids.
 * As there, the gradient by a scale is divided by the square root of the number of weights it is
 * summed over, or inputs of one image. The clip of an input is s times the end of its word. */
#ifndef ASX_EVAL_TRAIN_WEIGHTS_H
#define ASX_EVAL_TRAIN_WEIGHTS_H

#include "dse/design.h"
#include "dse/faults.h"
#include "eval/train.h"
#include "train_tape.h"

typedef struct asx_train_weights asx_train_weights;

/**
 * @param tape    borrowed for the life of `*out`
 * @param design  NULL: every weight is used as it is
 */
ASX_NODISCARD asx_status asx_train_weights_new(asx_train_weights **out, const asx_tape *tape,
                                               const asx_design *design, asx_surrogate surrogate,
                                               double delta, asx_error *err);
void asx_train_weights_free(asx_train_weights *weights);

/** Length of the vector. */
size_t asx_train_weights_n(const asx_train_weights *weights);

/** The network's weights, and the scales of least squared error for them. */
void asx_train_weights_start(float *x, const asx_train_weights *weights);

/** The scales of least squared error for the weights in the vector. */
void asx_train_weights_fit(float *x, const asx_train_weights *weights);

/** For every element of the vector: its typical size (see train_step.h), its rate, and whether it
 * is a weight that decays. */
void asx_train_weights_units(float *unit, float *rate, unsigned char *decays,
                             const asx_train_weights *weights, const float *x, double scale_rate);

/** The weights to compute with. @param used [tape->n_parameters] */
void asx_train_weights_use(float *used, const asx_train_weights *weights, const float *x);

/**
 * The same as a device's memories with faults give them back; nothing else of `used` changes.
 * @return ASX_OK; ASX_ENOMEM; ASX_EUNSUPPORTED for words whose codes have too many bits
 */
ASX_NODISCARD asx_status asx_train_weights_read(float *used, const asx_train_weights *weights,
                                                const float *x, const asx_faults *faults,
                                                uint64_t device, asx_error *err);

/** Turns the gradient by the used weights, in the front part of `gradient`, into that by the
 * vector.
 */
void asx_train_weights_back(float *gradient, const asx_train_weights *weights, const float *x);

#endif
