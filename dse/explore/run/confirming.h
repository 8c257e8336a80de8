/* Private to the stage of confirmation: which designs may be an answer, what is believed of them,
 * and looks at them on the confirm images. */
#ifndef ASX_EXPLORE_CONFIRMING_H
#define ASX_EXPLORE_CONFIRMING_H

#include "dse/confirm.h"
#include "exploration.h"
#include "results/confirmed.h"

/* ---- confirm_beliefs.c ---- */

/* Designs of a front that keep the campaign's limits but that of the drop. */
typedef struct asx_beliefs {
    const asx_row **row;              /* [n]; of the front */
    asx_confirm_candidate *candidate; /* [n] */
    bool *predicted;                  /* [n] nothing of it was measured */
    size_t n;
} asx_beliefs;

/**
 * What is believed of a front's designs, before any of them is looked at on the images of a test.
 *
 * Measured drops are shrunk over designs of similar cost (dse/shrink.h), trained and untrained ones
 * together. A prediction is corrected by what the twelve measured designs nearest to it in
 * predicted drop show of it: by the mean of measured minus predicted, with its deviation as error.
 *
 * @param out     asx_beliefs_fini it; its rows are borrowed from `f`
 * @param images  of the test
 */
ASX_NODISCARD asx_status asx_beliefs_find(asx_beliefs *out, const asx_front *f, size_t images,
                                          asx_error *err);
void asx_beliefs_fini(asx_beliefs *b);

/* ---- confirm_look.c ---- */

/* The confirm images, cut into blocks; each block's float network is run when it is first used. */
typedef struct asx_looking {
    asx_exploration *x;
    uint64_t key; /* of all these images */
    size_t images, block;
    asx_measure **measure; /* [n_blocks] */
    size_t n_blocks;
    const asx_confirmed *now; /* whose steps are looked at */
} asx_looking;

ASX_NODISCARD asx_status asx_looking_init(asx_looking *l, asx_exploration *x, asx_error *err);
void asx_looking_fini(asx_looking *l);

/** An asx_confirm_look; the state is an asx_looking. What the database knows is not looked at again.
 *  @return also ASX_EINTERRUPTED */
asx_status asx_looking_at(asx_paired *seen, void *state, size_t step, size_t upto, asx_error *err);

/** Books the accuracy of a design that was looked at on all images. */
ASX_NODISCARD asx_status asx_looking_book(asx_looking *l, const asx_confirmed_step *step,
                                          asx_error *err);

#endif
