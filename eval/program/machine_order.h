/* Where the elements of a value lie in the machine's memory. Private. */
#ifndef ASX_EVAL_MACHINE_ORDER_H
#define ASX_EVAL_MACHINE_ORDER_H

#include "machine_plan.h"

/**
 * Chooses the order of every value: channels of a feature map side by side, so that a vector is the
 * channels of a pixel; all else in logical order. Steps that go element by element keep their input's.
 * @return ASX_OK; ASX_ENOMEM
 */
ASX_NODISCARD asx_status asx_machine_order(asx_machine_plan *plan, asx_error *err);

/** The element of a value's place at which element `logical` lies. */
size_t asx_machine_position(const asx_machine_plan *plan, size_t value, size_t logical);

/** Elements of the memory from one index to the next, in each dimension of a value (0 where it is 1).
 *  @return false if they are not the same everywhere: a reshaped value of another order */
bool asx_machine_strides(int64_t stride[ASX_PROGRAM_RANK], const asx_machine_plan *plan,
                         size_t value);

/* A box of elements that goes from one place to another. */
typedef struct asx_box {
    size_t dim[ASX_PROGRAM_RANK];
    int64_t from, to; /* of the memory */
    int64_t from_stride[ASX_PROGRAM_RANK], to_stride[ASX_PROGRAM_RANK];
} asx_box;

/** A move of a program in the order of the memory. @return false if it is no box there */
bool asx_machine_box(asx_box *out, const asx_machine_plan *plan, const asx_move *move, size_t input,
                     size_t output);

/** All of a value onto another of as many elements. @return false if their orders differ */
bool asx_machine_whole(asx_box *out, const asx_machine_plan *plan, size_t input, size_t output);

/** Lays a box over the loops from TILE on: elements that lie side by side in both places are taken
 *  `most` at once, no more than there are banks. Sets FULL and LAST. */
void asx_machine_lay_box(asx_descriptor *d, asx_nest *nest, size_t most, asx_box box);

#endif
