/* Training steps with checkpoints on the way and a line of progress on a terminal. */
#ifndef ASX_CLI_TRAIN_STEPS_H
#define ASX_CLI_TRAIN_STEPS_H

#include <stdbool.h>

#include "eval/train.h"

typedef struct train_steps {
    const char *checkpoint;    /* file, replaced every minute */
    const char *label;         /* what the progress line begins with; NULL: nothing */
    bool (*stop)(void *state); /* asked before every step; may be NULL */
    bool (*enough)(
        void *state); /* asked between epochs: true ends the training there; may be NULL */
    /** Told of the seconds since it was last told, when a checkpoint was written; may be NULL. */
    asx_status (*saved)(void *state, double seconds, asx_error *err);
    void *state; /* of all of them */
} train_steps;

/**
 * Trains to the end, after going on from the checkpoint if there is one and `resume` says so.
 * @return ASX_OK; ASX_EINTERRUPTED if `stop` said so (the checkpoint is there); what the trainer
 *         says
 */
ASX_NODISCARD asx_status train_steps_run(asx_trainer *trainer, const train_steps *steps,
                                         bool resume, asx_error *err);

/** Seconds on a clock that never goes back. */
double train_seconds(void);

#endif
