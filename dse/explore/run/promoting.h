/* Private to the stage of training: the designs to train, and what is known of their training. */
#ifndef ASX_EXPLORE_PROMOTING_H
#define ASX_EXPLORE_PROMOTING_H

#include "eval/train.h"
#include "exploration.h"
#include "results/promotion.h"

typedef struct asx_promotion_candidate {
    asx_design design;
    const char *text; /* of the rows */
    double drop;
    bool trained; /* its network is there */
} asx_promotion_candidate;

typedef struct asx_promotion {
    asx_exploration *x;
    asx_rows rows; /* measured on select images, and the baseline among them */
    asx_promotion_candidate *candidate;
    size_t n;
    asx_dataset *data;
    asx_range images;
    asx_train_options options;
    uint64_t key;
    double spent_s; /* on training, by all runs, up to `told_s` on asx_train_seconds */
    double told_s;
} asx_promotion;

/** Adds to the time that all runs of the campaign spent. @param state the promotion */
ASX_NODISCARD asx_status asx_promotion_add_spent(void *state, double seconds, asx_error *err);

/* ---- promotion_one.c ---- */

/** The trained candidate before this one that its training is to begin with; `n`: none, but the
 *  campaign's own network. */
size_t asx_promotion_nearest(const asx_promotion *p, size_t number);

/** Loads the trained network of a design given by its text. */
ASX_NODISCARD asx_status asx_promotion_load(asx_network **out, const asx_promotion *p,
                                            const char *text, asx_error *err);

/** Whether there is such a file. One that was cut short counts as none. */
bool asx_promotion_has_network(const char *path);

/** Measures what the file holds on every part of the images, and books it. */
ASX_NODISCARD asx_status asx_promotion_measure(const asx_promotion *p,
                                               const asx_promotion_candidate *c, const char *path,
                                               asx_error *err);

/** Whether all of that was done before. */
ASX_NODISCARD asx_status asx_promotion_is_booked(bool *out, const asx_promotion *p,
                                                 const asx_promotion_candidate *c, asx_error *err);

/* ---- promotion_away.c ---- */

/** Trains all candidates that are not trained yet by the session's crew; no budget of time.
 *  @param trained  counts those that are trained then */
ASX_NODISCARD asx_status asx_promotion_run_away(size_t *trained, asx_promotion *p, asx_error *err);

/* ---- promotion_record.c ---- */

/** Keeps how a design is trained, and what the campaign asks for. */
ASX_NODISCARD asx_status asx_promotion_write_plan(const asx_promotion *p, const char *design,
                                                  const asx_promotion_plan *plan, asx_error *err);

#endif
