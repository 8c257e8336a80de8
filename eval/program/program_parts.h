/* How a program is made. Private. */
#ifndef ASX_EVAL_PROGRAM_PARTS_H
#define ASX_EVAL_PROGRAM_PARTS_H

#include "eval/program.h"
#include "integer.h"

/* What owns the arrays of a step; constants of layers belong to the engine's. */
typedef struct asx_step_parts {
    int32_t *weight;
    double *weight_scale;
    int64_t *bias;
    asx_dyadic *factor; /* of MUL */
    asx_move *move;
} asx_step_parts;

typedef struct asx_program_parts {
    asx_calibration *calibration; /* borrowed */
    asx_integer engine;
    bool has_engine;
    asx_step_parts *step;
    size_t *alias; /* per value: the one whose place it has */
} asx_program_parts;

/**
 * Describes a node as step number `program->n_steps`, which it then counts; nothing for a Reshape,
 * whose value gets an alias, and for a Relu that the step before does.
 */
ASX_NODISCARD asx_status asx_program_add_step(asx_program *program, const asx_node *node,
                                              asx_error *err);

/** Gives every value that a step reads or leaves its place: first fit, in the order of steps. */
ASX_NODISCARD asx_status asx_program_place(asx_program *program, asx_error *err);

#endif
