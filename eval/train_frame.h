/* A tape at work on a batch at a desk: what its passes look things up with. Private to
 * train_tape_run.c and train_tape_back.c. */
#ifndef ASX_EVAL_TRAIN_FRAME_H
#define ASX_EVAL_TRAIN_FRAME_H

#include "ops.h"
#include "train_tape.h"

typedef struct asx_frame {
    const asx_tape *tape;
    const asx_tape_run *run;
    float *room;
    bool *touched;
    float *gradient; /* backward only */
} asx_frame;

/** A value, and its gradient, by index. */
asx_tensor asx_frame_value(const asx_frame *f, size_t v);
asx_tensor asx_frame_gradient(const asx_frame *f, size_t v);

/** Rooms 0 and 1, large enough for any value. */
float *asx_frame_turned(const asx_frame *f, size_t which);

/** Whether a layer needs that value in its logical order: dense layers work on rows of the last
 *  logical dimension; see plan_run.c. */
bool asx_frame_turns(const asx_node *node, const asx_value *v);

/** A layer's input as its kernel takes it: in the right order, and rounded. */
const float *asx_frame_input(const asx_frame *f, const asx_node *node, asx_tensor in);

/** Of a normalised layer: its means and variances; and places in its output, which has channels
 *  last in memory, as it is a feature map or a vector. */
float *asx_frame_statistics(const asx_frame *f, const asx_tape_part *p);
size_t asx_frame_rows(const asx_frame *f, const asx_node *node);

#endif
