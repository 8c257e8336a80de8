/* Observers watch a search: progress on a terminal, growth of the front, logs. */
#ifndef ASX_DSE_OBSERVER_H
#define ASX_DSE_OBSERVER_H

#include <stddef.h>

#include "dse/error.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asx_progress {
    size_t asked;       /* points the searcher proposed so far */
    size_t evaluated;   /* designs evaluated in this process */
    size_t recalled;    /* designs whose evaluation the ledger already had */
    size_t duplicates;  /* points that decoded to a design seen before in this run */
    size_t budget;      /* designs to reach in all; 0 = no limit known */
    size_t front;       /* designs on the feasible front so far */
    double hypervolume; /* of that front, as a share of the box below the reference point, when it
                         * was last computed; 0 without a reference point */
    double elapsed_s;
    /* of a crew (dse/crew.h), since the stage began; all 0 without one */
    size_t workers, out; /* who work; designs that they have */
    double busy;         /* share of their time that they worked */
    double dry, late;    /* that there was no design for them; that one was not sent yet */
} asx_progress;

typedef struct asx_observer {
    /** Called after every evaluation, serialised. A failure stops the run. */
    asx_status (*progress)(void *state, const asx_progress *progress, asx_error *err);
    /** Called while an exact search works, now and then: every design has one among those found
     *  with at most its drop and at most `factor` times its costs; INFINITY: nothing is proven yet.
     *  May be NULL. A failure stops the run. */
    asx_status (*proven)(void *state, double factor, asx_error *err);
    void *state; /* borrowed */
} asx_observer;

#ifdef __cplusplus
}
#endif

#endif
