/* Optimisers and schedules of their rate: how parameters follow their gradients. Private to eval. */
#ifndef ASX_EVAL_TRAIN_STEP_H
#define ASX_EVAL_TRAIN_STEP_H

#include <stddef.h>

#include "eval/train.h"

/** The rate of step 0 .. n_steps - 1, as a part of the full one. */
double asx_schedule_rate(asx_schedule schedule, double warmup, size_t step, size_t n_steps);

/* An optimiser's state, for a vector of n parameters. Parameter i = unit[i] v[i]: what moves is v,
 * so that one rate suits channels of all sizes (as it does before BatchNormalization is folded). */
typedef struct asx_stepper {
    asx_optimiser optimiser;
    size_t n;
    double momentum, decay;
    float *mean, *square; /* running means of the gradient by v, and of its square (AdamW) */
} asx_stepper;

ASX_NODISCARD asx_status asx_stepper_init(asx_stepper *out, asx_optimiser optimiser, size_t n,
                                          double momentum, double decay, asx_error *err);
void asx_stepper_fini(asx_stepper *stepper);

/**
 * @param x     [n], updated
 * @param rate  [n] per parameter relative to `base`; NULL: 1
 * @param decays [n] nonzero where weight decay works
 * @param step  counted from 0
 */
void asx_stepper_step(asx_stepper *stepper, float *x, const float *gradient, const float *unit,
                      const float *rate, const unsigned char *decays, double base, size_t step);

/** Scales the gradient by v down to a norm of at most `most`. @return the norm it had */
double asx_clip_norm(float *gradient, const float *unit, size_t n, double most);

#endif
