/* Gradients of the operators of ops.h: what of the loss's gradient by a node's output arrives at its
 * inputs. A table of them. Private to eval.
 *
 * dy is the gradient by the output, dx by an input; both lie as the values do. */
#ifndef ASX_EVAL_TRAIN_BACK_H
#define ASX_EVAL_TRAIN_BACK_H

#include "train_frame.h"

/** Adds to the gradients of a node's inputs, and writes those by its parameters. */
typedef void asx_op_backward(const asx_tape_frame *f, const asx_node *node);

/* What training has to know of an operator. */
typedef struct asx_tape_op {
    asx_op_backward *backward; /* NULL: a layer with weights, see train_tape_back.c */
    bool learns;               /* it has weights and biases */
    bool forgets;              /* its backward pass does without its output */
    bool overwrites;           /* it does without its input, which its output may overwrite */
} asx_tape_op;

/** By asx_op: a row for every operator. */
extern const asx_tape_op asx_tape_ops[ASX_N_OPS];

/* train_back_point.c */
asx_op_backward asx_back_scale, asx_back_relu, asx_back_clip, asx_back_quantize, asx_back_sigmoid,
    asx_back_add;
asx_op_backward asx_back_softmax, asx_back_log_softmax;

/* train_back_pair.c */
asx_op_backward asx_back_sub, asx_back_mul, asx_back_div, asx_back_max, asx_back_min,
    asx_back_function;

/** dx = or += dy. @param dy as many elements as dx */
void asx_back_pass(asx_tensor dx, const float *dy, size_t batch, bool add);

/* train_back_pool.c */
asx_op_backward asx_back_max_pool, asx_back_average_pool;

/* train_back_attend.c */
asx_op_backward asx_back_matmul, asx_back_normalise, asx_back_constant;

/* train_back_move.c */
asx_op_backward asx_back_reduce_mean, asx_back_concat, asx_back_reshape, asx_back_transpose,
    asx_back_slice, asx_back_pad, asx_back_pick;

#endif
