/* One training from start to end: data, steps with checkpoints, file, measurement. */
#ifndef ASX_EXPLORE_TRAINING_H
#define ASX_EXPLORE_TRAINING_H

#include <stdbool.h>

#include "dse/accuracy.h"
#include "dse/api.h"
#include "dse/design.h"
#include "eval/train.h"
#include "explore/session.h"
#include "explore/watcher.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What is wanted. */
typedef struct asx_training {
    const asx_design *design; /* NULL: training in floating point, or for a space */
    bool
        shared; /* for all designs of the campaign's space; what is written is a float network of no format */
    const asx_design *judged; /* [n_judged] designs that are measured before and after */
    size_t n_judged;          /* at most ASX_TRAINING_JUDGED_MAX */
    asx_train_options options;
    const char *output; /* the ONNX file; "OUTPUT.checkpoint" lies beside it on the way */
    bool restart;       /* ignore a checkpoint */
    const char
        *database; /* where the design's accuracies are booked, and beside which the network is
                           * kept; NULL: nowhere */
    const asx_watcher *watcher; /* NULL: nobody watches */
} asx_training;

/* An accuracy on a part of the images. */
typedef struct asx_training_row {
    bool trained;             /* of the network that was written; else of the campaign's */
    const asx_design *design; /* one of those judged; NULL: in floating point */
    asx_subset subset;
    asx_accuracy accuracy; /* its drop is against the campaign's network in floating point */
} asx_training_row;

enum {
    ASX_TRAINING_JUDGED_MAX = 2,
    ASX_TRAINING_ROWS_MAX = 2 * (ASX_TRAINING_JUDGED_MAX + 1) * ASX_N_SUBSETS
};

/* In floating point given, and trained if that is what it was trained in; every design given and trained; of every part that
 * the campaign has. */
typedef struct asx_training_result {
    asx_training_row row[ASX_TRAINING_ROWS_MAX];
    size_t n;
} asx_training_result;

/**
 * Trains, writes the network, and measures what was written.
 * @param out  untouched on failure
 * @return ASX_OK; ASX_EINTERRUPTED if the watcher said so, after writing the checkpoint, from which
 *         the next call goes on; ASX_EINVAL if the campaign has no 'train'; ASX_EUNSUPPORTED if classes
 *         are the network's own; ASX_EIO; ASX_EDB; what the trainer says
 */
ASX_API ASX_NODISCARD asx_status asx_training_run(asx_training_result *out, asx_session *s,
                                                  const asx_training *training, asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
