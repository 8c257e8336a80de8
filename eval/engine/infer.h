/* Runs a prepared network over a range of a data set, batches spread over threads. Private. */
#ifndef ASX_EVAL_INFER_H
#define ASX_EVAL_INFER_H

#include <stdbool.h>

#include <stddef.h>

#include "eval/dataset.h"
#include "lineage.h"

typedef struct asx_inference {
    const asx_plan *plan;
    const asx_dataset *data;
    asx_range images; /* checked by asx_infer_check */
    asx_run run;
    const asx_lineage *designs; /* NULL: what `run` says, as design 0 */
    /** Takes the logits [n][classes] of a design on images first .. first + n - 1 (numbers of the
     * data set). Called from several threads, never for the same design and image. */
    void (*take)(void *state, size_t design, size_t first, size_t n, const float *logits);
    void *state;
    /** Polled before every batch, by several threads. True: it ends with ASX_EINTERRUPTED. May be NULL. */
    bool (*stop)(void *stop_state);
    void *stop_state;
} asx_inference;

/** @return ASX_OK; ASX_EINVAL if the shapes differ, or the range is empty or outside the data */
ASX_NODISCARD asx_status asx_infer_check(const asx_network *network, const asx_dataset *data,
                                         asx_range images, asx_error *err);

/** @return ASX_OK; ASX_EINVAL if the network has no classes, or naming the first image whose label is
 *          none of them */
ASX_NODISCARD asx_status asx_infer_check_labels(const asx_network *network, const asx_dataset *data,
                                                asx_range images, asx_error *err);

/** @return ASX_OK; ASX_ENOMEM; ASX_EINTERRUPTED; the failure of the first batch that failed */
ASX_NODISCARD asx_status asx_infer(const asx_inference *job, asx_error *err);

/** Whether fewer than `top` outputs are larger than the label's; of equals the first is the larger. */
bool asx_infer_right(const float *logits, size_t n_classes, size_t label, size_t top);

/** The class of an image: its largest logit, the first of equals. */
size_t asx_infer_class(const float *logits, size_t n_classes);

#endif
