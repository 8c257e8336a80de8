/* What a trainer holds: the state of an optimisation by stochastic gradients. Private to eval:
 * train.c makes it, train_run.c moves it, train_file.c keeps it. */
#ifndef ASX_EVAL_TRAINER_H
#define ASX_EVAL_TRAINER_H

#include "eval/calibration.h"
#include "eval/train.h"
#include "train_loss.h"
#include "train_step.h"
#include "train_tape.h"
#include "train_weights.h"

struct asx_trainer {
    asx_train_options options;
    asx_network *network; /* a copy; its weights are those last put there by train_run.c */
    asx_design design;    /* n_layers = 0: floating point */
    asx_design via;       /* in the steps before switch_step */
    size_t switch_step;   /* 0: none */
    struct asx_train_share
        *share; /* for all designs of a space, `design` being the one at work; NULL: for one */
    const asx_dataset *data;
    asx_range images;
    uint64_t identity; /* hash of all that a checkpoint must agree on */

    size_t batch, piece; /* images per step; of which a worker computes so many at a time */
    size_t n_pieces, n_workers;
    asx_tape *tape;
    asx_train_weights *weights;
    asx_stepper stepper;
    asx_loss loss;

    /* per element of the vector */
    float *x, *unit, *rate, *gradient;
    float *sum; /* of a shared step's gradients; NULL: nothing is shared */
    unsigned char *decays;

    float *used;           /* [n_parameters] */
    float *read;           /* the same from memories with faults; NULL: there are none */
    void *packed;          /* of `used` */
    float *piece_gradient; /* [n_pieces][n_parameters] */

    /* normalised layers: statistics of every piece, and running means of the means and of the
     * second moments, which have the weight mean_weight */
    float *piece_statistic; /* [n_pieces][n_statistics] */
    double *moment;         /* [n_statistics] */

    asx_rounder **rounder; /* per layer: of its input */
    double *scale;
    bool learns_clips; /* else scales are calibrated before every epoch */

    float *teacher; /* [n_parameters]: the float network; NULL without distillation */
    void *teacher_packed;

    /* per worker */
    asx_tape_worker *worker;
    float *image;  /* [n_workers][2 piece][elements]: as stored, and augmented */
    float *logits; /* [n_workers][2 piece][classes]: gradient, teacher's */
    double *piece_loss;
    size_t *piece_right;

    uint32_t *order; /* of the images, in the current epoch */
    size_t epoch;    /* whose order that is; SIZE_MAX: none */
    size_t step, steps_per_epoch, n_steps;
    double mean_loss, mean_accuracy, mean_weight; /* running means and the weight they have */
};

/** Whether weights are read from memories with faults. */
bool asx_trainer_errs(const asx_trainer *t);

double asx_trainer_number(const asx_trainer *t, const char *name);

const asx_design *asx_trainer_design(const asx_trainer *t, size_t step);

/** Takes the grids of the design in force at a step. On failure nothing has changed. */
ASX_NODISCARD asx_status asx_trainer_enter(asx_trainer *t, size_t step, asx_error *err);
void asx_trainer_leave(asx_trainer *t);

/** Goes over from `via` to the design: the weights stay, scales begin anew, clips stay. */
ASX_NODISCARD asx_status asx_trainer_switch(asx_trainer *t, asx_error *err);

/** Scales of layer inputs, as the measured tier would choose them for the network as it stands. */
ASX_NODISCARD asx_status asx_trainer_calibrate(asx_trainer *t, asx_error *err);

/** What the images that are trained on tell of the network as it stands; asx_calibration_free it. */
ASX_NODISCARD asx_status asx_trainer_ranges(asx_calibration **out, asx_trainer *t, asx_error *err);

/** Puts the used weights into `network`, a copy of the trainer's. */
void asx_trainer_put(asx_network *network, const asx_trainer *t);

#endif
