/* Private to the run: training steps with checkpoints on the way. */
#ifndef ASX_EXPLORE_TRAIN_STEPS_H
#define ASX_EXPLORE_TRAIN_STEPS_H

#include <stdbool.h>

#include "eval/train.h"
#include "watcher_private.h"

typedef struct asx_train_steps {
    const char *checkpoint;     /* file, replaced every minute; NULL: `kept` gets it instead */
    const asx_watcher *watcher; /* may be NULL; asked before every step whether to stop */
    bool (*enough)(
        void *state); /* asked between epochs: true ends the training there; may be NULL */
    /** Told of the seconds since it was last told, when a checkpoint was written; may be NULL. */
    asx_status (*saved)(void *state, double seconds, asx_error *err);
    /** Gets a checkpoint, and the seconds since the last; where there is no file. */
    asx_status (*kept)(void *state, const asx_trainer *trainer, double seconds, asx_error *err);
    void *state; /* of the three */
} asx_train_steps;

/**
 * Trains to the end, after going on from the checkpoint if there is one and `resume` says so.
 * @return ASX_OK; ASX_EINTERRUPTED if the watcher said so (the checkpoint is there); what the trainer
 *         says
 */
ASX_NODISCARD asx_status asx_train_steps_run(asx_trainer *trainer, const asx_train_steps *steps,
                                             bool resume, asx_error *err);

#endif
