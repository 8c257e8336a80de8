/* A batch on its way through a tape, in a worker's state: what both passes look things up with.
 * Private to training. */
#ifndef ASX_EVAL_TRAIN_FRAME_H
#define ASX_EVAL_TRAIN_FRAME_H

#include "ops.h"
#include "train_tape.h"

typedef struct asx_tape_frame {
    const asx_tape *tape;
    const asx_tape_run *run;
    float *room;
    bool *touched;
    float *gradient; /* backward only */
} asx_tape_frame;

/** A value, and its gradient, by index. */
asx_tensor asx_tape_value(const asx_tape_frame *f, size_t v);
asx_tensor asx_tape_gradient(const asx_tape_frame *f, size_t v);

/** The gradient by a value, made ready to be added to: zeros if nobody has. */
asx_tensor asx_tape_adding(const asx_tape_frame *f, size_t v);

/** The same for operators that can also overwrite. @param add what to tell them */
asx_tensor asx_tape_touching(const asx_tape_frame *f, size_t v, bool *add);

/** Of a node with parameters. */
const asx_tape_part *asx_tape_part_of(const asx_tape_frame *f, const asx_node *node);

/** Rooms 0 and 1, large enough for any value. */
float *asx_tape_turned(const asx_tape_frame *f, size_t which);

/** Whether a layer needs that value in its logical order: dense layers work on rows of the last
 *  logical dimension; see plan_run.c. */
bool asx_tape_turns(const asx_node *node, const asx_value *v);

/** A layer's input as its kernel takes it: in the right order, and rounded. */
const float *asx_tape_input(const asx_tape_frame *f, const asx_node *node, asx_tensor in);

/** Of a normalised layer: its means and variances; and places in its output, which has channels
 *  last in memory, as it is a feature map or a vector. */
float *asx_tape_statistics(const asx_tape_frame *f, const asx_tape_part *p);
size_t asx_tape_rows(const asx_tape_frame *f, const asx_node *node);

#endif
