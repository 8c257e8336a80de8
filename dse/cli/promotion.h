/* Private to the stage of training: the designs to train, and what is known of their training. */
#ifndef ASX_CLI_PROMOTION_H
#define ASX_CLI_PROMOTION_H

#include "eval/train.h"
#include "exploration.h"

typedef struct candidate {
    asx_design design;
    const char *text; /* of the rows */
    double drop;
    bool trained; /* its network is there */
} candidate;

typedef struct promotion {
    exploration *x;
    asx_rows rows; /* measured on select images, and the baseline among them */
    candidate *candidate;
    size_t n;
    asx_dataset *data;
    asx_range images;
    asx_train_options options;
    uint64_t key;
    double spent_s; /* on training, by all runs, up to `told_s` on train_seconds */
    double told_s;
} promotion;

/* How a design is trained: decided once. */
typedef struct decision {
    size_t epochs;
    size_t done; /* 0: all of them; else the time was up after so many */
    char *start; /* text of the design whose network it begins with; NULL: the campaign's own */
} decision;

/** Time spent on training by all runs of the campaign: into `spent_s`. */
ASX_NODISCARD asx_status promotion_read_spent(promotion *p, asx_error *err);

/** Adds to it. @param state the promotion */
ASX_NODISCARD asx_status promotion_add_spent(void *state, double seconds, asx_error *err);

/** @param out  free() its `start`; 0 epochs: nothing was decided yet */
ASX_NODISCARD asx_status promotion_read_decision(decision *out, const promotion *p,
                                                 const char *design, asx_error *err);
ASX_NODISCARD asx_status promotion_write_decision(const promotion *p, const char *design,
                                                  const decision *d, asx_error *err);

#endif
