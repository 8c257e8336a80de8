/* The first failure among parallel pieces of work: the lowest number's, for any number of threads.
 * Private. */
#ifndef ASX_EVAL_OUTCOME_H
#define ASX_EVAL_OUTCOME_H

#include <stddef.h>

#include "dse/error.h"

typedef struct asx_outcome {
    size_t number;
    asx_status status;
    asx_error error;
} asx_outcome;

/** Takes note of how a piece of work ended. Thread-safe. */
static inline void asx_outcome_note(asx_outcome *o, size_t number, asx_status status,
                                    const asx_error *error)
{
#pragma omp critical(asx_outcome)
    if (status && (!o->status || number < o->number))
        *o = (asx_outcome){number, status, *error};
}

/** What all of it comes to. */
static inline asx_status asx_outcome_end(const asx_outcome *o, asx_error *err)
{
    if (o->status && err)
        *err = o->error;
    return o->status;
}

#endif
