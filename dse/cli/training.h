/* One training from start to end: data, steps with checkpoints and progress, file, measurement. */
#ifndef ASX_CLI_TRAINING_H
#define ASX_CLI_TRAINING_H

#include <stdbool.h>

#include "eval/train.h"
#include "table.h"
#include "workbench.h"

typedef struct training {
    const char *database;      /* where the result is booked; NULL: nowhere */
    const char *output;        /* borrowed: the ONNX file */
    bool restart;              /* ignore a checkpoint */
    bool (*stop)(void *state); /* asked before every step; its state is NULL */
    workbench bench;           /* open */
    asx_design design;         /* n_layers = 0: floating point */
    asx_design via;            /* trained first; n_layers = 0: none */
    asx_train_options options;
    /* training_run */
    asx_dataset *data;
    asx_range images;
    asx_accuracy accuracy[N_SUBSETS]; /* after training */
} training;

/**
 * Trains, writes the network and a checkpoint on the way, and measures what was written.
 * @param out  a table of accuracies: float, projected, trained; on every part of the images
 * @return ASX_OK; ASX_EINTERRUPTED if `stop` said so (the checkpoint is there)
 */
ASX_NODISCARD asx_status training_run(training *t, table **out, asx_error *err);
void training_close(training *t);

#endif
