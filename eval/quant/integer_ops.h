/* Operators on integers: how each is computed in the arithmetic of integer.h, and what it asks of
 * the scales of its operands. Private to eval. */
#ifndef ASX_EVAL_INTEGER_OPS_H
#define ASX_EVAL_INTEGER_OPS_H

#include "integer.h"
#include "plan_run.h"
#include "reals.h"

/* What an operator asks of the scales of what it reads and writes. */
typedef enum asx_scaling {
    ASX_SCALE_OWN = 1, /* its output has a scale of its own */
    ASX_SCALE_SAME,    /* all have one scale */
    ASX_SCALE_SUM      /* the same, and it wants room above or below the words it reads */
} asx_scaling;

typedef struct asx_integer_op {
    asx_scaling scaling;
    /** NULL: as floats are, and for layers, which integer_run.c computes. */
    void (*forward)(const asx_integer *design, const asx_frame *frame, const asx_node *node);
} asx_integer_op;

/** By asx_op: a row for every operator. */
extern const asx_integer_op asx_integer_ops[ASX_N_OPS];

/** Whether a node's Relu is done with it. */
bool asx_integer_is_rectified(const asx_integer *design, const asx_frame *frame,
                              const asx_node *node);

/** A real constant of a node (Clip, Pad) as an integer of a value. */
int32_t asx_integer_constant(const asx_integer *integer, size_t value, float constant);

/** The ends of a Quantize as integers of its output: what its words hold is not cut. */
void asx_integer_ends(int32_t *low, int32_t *high, const asx_integer *integer,
                      const asx_node *quantize);

#endif
