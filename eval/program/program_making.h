/* A network in the making: what units its integers have. Private. */
#ifndef ASX_EVAL_PROGRAM_MAKING_H
#define ASX_EVAL_PROGRAM_MAKING_H

#include "eval/dataset.h"
#include "program_parts.h"

/* A network that is made node by node from that of a program. */
typedef struct asx_making {
    const asx_program *program;
    const asx_dataset *data; /* images of bytes, or NULL */
    const asx_network *from;
    asx_network *to;
    float *scale;  /* per value of `from`, equal in a group */
    bool *rounded; /* per group: its integers are values of 16 bits, which layers' words are not */
    size_t *now;   /* per value of `from`: the value of `to` that has its integers */
    size_t n_steps;
    size_t n_off; /* constants that a reader of the floats makes others of */
} asx_making;

double asx_making_unit(const asx_making *m, size_t value);
const asx_groups *asx_making_groups(const asx_making *m);
bool asx_dyadic_is_one(asx_dyadic factor);

/**
 * The float near `wanted` with which numerator x float / denominator is a factor as a reader of the
 * file makes it (`divides`: numerator / float); the nearest float, if none is, which is counted.
 */
float asx_making_scale(asx_making *m, double wanted, double numerator, double denominator,
                       bool divides, asx_dyadic factor);

/** Finds `rounded` and `scale`. @return ASX_OK; ASX_ENOMEM; ASX_EUNSUPPORTED naming a value */
ASX_NODISCARD asx_status asx_making_scales(asx_making *m, asx_error *err);

#endif
