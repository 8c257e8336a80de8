/* How good the float network is on a campaign's images, beside what needs no network at all: the first thing to look at,
 * because wrong data (another conversion, other classes, another file) make a search that means nothing. */
#ifndef ASX_EXPLORE_FLOATING_H
#define ASX_EXPLORE_FLOATING_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/accuracy.h"
#include "dse/api.h"
#include "dse/error.h"
#include "dse/text.h"
#include "explore/session.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asx_floating {
    asx_subset subset;
    asx_score score;       /* what accuracy is */
    asx_accuracy accuracy; /* of the float network on these images */
    double guessing;       /* percent right of who always names the commonest class among them, or
                              draws one of all; of top-k, the k commonest; else asx_measure_guess */
    unsigned commonest;    /* that class, where images are counted */
    bool guesses;          /* the worse end of the accuracy's interval is no better than guessing */
    bool unexpected;       /* the campaign's data.expect lies outside the interval */
} asx_floating;

/** From an accuracy and the labels it is of. @param guessing  NAN: counted here, where images are counted
 *  @param expect  percent, or in the measure's unit; NAN: nothing is expected */
ASX_API asx_floating asx_floating_of(const asx_accuracy *accuracy, const asx_dataset *data,
                                     asx_range images, size_t n_classes, double guessing,
                                     double expect);

/**
 * Runs the float network on a part of the images, unless that was done before.
 * @return as asx_session_need_measure
 */
ASX_API ASX_NODISCARD asx_status asx_session_floating(asx_floating *out, asx_session *s,
                                                      asx_subset subset, asx_error *err);

/** The same, kept in a database for who asks later: front, status, report.
 *  @return as asx_session_floating; ASX_EDB */
ASX_API ASX_NODISCARD asx_status asx_session_float_keep(asx_store *store, int64_t campaign,
                                                        asx_session *s, asx_subset subset,
                                                        asx_error *err);

/** @return ASX_OK; ASX_EINVAL, with `file:line:` and what to look at, if the network guesses and the
 *          campaign does not say 'expect: any' */
ASX_API ASX_NODISCARD asx_status asx_floating_check(const asx_floating *f, const asx_session *s,
                                                    asx_error *err);

/** Appends "91.8 % [89.1, 93.9] of 512 images; guessing: 12.1 %". */
ASX_API void asx_floating_print(asx_text *out, const asx_floating *f);

/** Appends a sentence that says how far off the campaign's expectation is; nothing if it is met. */
ASX_API void asx_floating_print_unexpected(asx_text *out, const asx_floating *f,
                                           const asx_session *s);

/* How many images there are to train or calibrate on, and how many of each part are among them. */
typedef struct asx_shared_images {
    size_t seen, shared[ASX_N_SUBSETS];
} asx_shared_images;

/**
 * Compares the images of 'train' with those of 'data', as the network sees them.
 * @param s  its data are there
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL without a section 'train', or for images of another shape; what reading says
 * Cost: both sets are read and converted once.
 */
ASX_API ASX_NODISCARD asx_status asx_session_shared_images(asx_shared_images *out,
                                                           const asx_session *s, asx_error *err);

/** The same of the images of 'calibrate', which are of the same data and whose labels nobody looks at. */
ASX_API asx_shared_images asx_session_shared_calibrate(const asx_session *s);

#ifdef __cplusplus
}
#endif

#endif
