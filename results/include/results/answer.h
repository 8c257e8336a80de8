/* The design of least cost that loses at most so much: what a campaign found out about it on images
 * that no choice had seen. */
#ifndef ASX_RESULTS_ANSWER_H
#define ASX_RESULTS_ANSWER_H

#include <stdbool.h>

#include "dse/api.h"
#include "results/confirmed.h"
#include "results/front.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A design of the front's, and how sure it is that it keeps the limit. */
typedef struct asx_answer_design {
    const asx_row *row;     /* borrowed from the front; NULL: there is none */
    asx_accuracy confirmed; /* on the confirm images; only the drop is filled in */
    double sureness;        /* percent */
} asx_answer_design;

typedef struct asx_answer {
    bool asked; /* the campaign looked for an answer at this limit; if not, nothing below is set */
    bool complete; /* no cheaper design was left untested for want of images looked at */
    bool kept;     /* the limit, as surely as asked; if not, `best` is the surest of those tested */
    asx_answer_design best, surer; /* surer: the next one; not set where there is none */
    size_t images, tried;          /* of the test; designs tested */
} asx_answer;

/**
 * Looks an answer up. Campaigns confirm at 50 and 95 percent; any other confidence is answered from
 * what was seen for 95, as far as that reaches. At 50 the answer at another limit is taken if it keeps this one too and is
 * cheaper (asx_confirm_mean_sureness).
 *
 * @param f           with all its rows, on the select images
 * @param drop_limit  points
 * @param confidence  percent, in [50, 100)
 * @return ASX_OK; ASX_EINVAL for a confidence out of range; ASX_ENOMEM; ASX_EDB
 */
ASX_API ASX_NODISCARD asx_status asx_front_answer(asx_answer *out, const asx_front *f,
                                                  asx_store *store, double drop_limit,
                                                  double confidence, asx_error *err);

/** Whether a question about limits is one that campaigns confirm: of the drop alone, with the front's
 *  own cost as what is minimised. */
ASX_API bool asx_front_confirms(const asx_front *f, const asx_limits *limits,
                                asx_objective minimise);

#ifdef __cplusplus
}
#endif

#endif
