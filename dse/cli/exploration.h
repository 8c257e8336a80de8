/* Private to the run: what its stages share. One file per stage, stage_*.c; explore.c has their
 * order. */
#ifndef ASX_CLI_EXPLORATION_H
#define ASX_CLI_EXPLORATION_H

#include "explore.h"
#include "front.h"
#include "reference.h"
#include "results/store.h"
#include "watch.h"

/* A run in progress: the workbench's campaign in an open database. */
typedef struct exploration {
    workbench *w;
    const explore_options *options;
    asx_store *store;
    int64_t campaign, run; /* their ids */
    watch watch;
    asx_observer observer;
} exploration;

/* The design that savings are quoted against. It is evaluated in every stage, in the space or not.
 */
extern const char exploration_baseline[];

/* ---- explore_record.c: provenance ---- */

/** Finds or adds a campaign with all it depends on. @param w its data are there */
ASX_NODISCARD asx_status exploration_campaign(int64_t *id, asx_store *store, const workbench *w,
                                              asx_error *err);

/** Finds or adds the campaign, and books that a run on it begins. */
ASX_NODISCARD asx_status exploration_begin(exploration *x, asx_error *err);
ASX_NODISCARD asx_status exploration_end(exploration *x, const explore_result *result,
                                         asx_error *err);

/* ---- explore_evaluate.c: evaluators and ledgers of a tier and a part of the images ---- */

typedef struct exploration_desk {
    asx_store_inputs inputs;
    asx_evaluator evaluator;
    asx_ledger ledger;
    bool baseline_known; /* it was in the ledger before */
    reference reference; /* of the campaign's hypervolumes */
} exploration_desk;

/**
 * Makes accuracy and cost of designs available, and evaluates the baseline.
 * @param desk  stays where it is until exploration_desk_fini: the evaluator refers to it
 */
ASX_NODISCARD asx_status exploration_desk_init(exploration_desk *desk, exploration *x,
                                               asx_tier tier, workbench_subset subset,
                                               asx_error *err);

/** The same with the proxy, unbooked: nothing of it reaches the database. */
ASX_NODISCARD asx_status exploration_desk_predict(exploration_desk *desk, exploration *x,
                                                  asx_error *err);
void exploration_desk_fini(exploration_desk *desk);

asx_store_inputs exploration_inputs(const workbench *w, asx_tier tier, workbench_subset subset);

/** What all searches of a run have in common. */
asx_search exploration_search(exploration *x, exploration_desk *desk);

/* ---- the stages ---- */

/** Lets the proxy learn from designs that are measured. @param interrupted it was told to stop */
ASX_NODISCARD asx_status stage_rounds(bool *interrupted, exploration *x, asx_error *err);

/** Runs the campaign's searcher. @param label of the progress line; NULL: the search itself */
ASX_NODISCARD asx_status stage_solve(asx_search_outcome *outcome, exploration *x,
                                     exploration_desk *desk, const char *label, asx_error *err);

/** Searches as the campaign says. */
ASX_NODISCARD asx_status stage_search(explore_result *result, exploration *x, asx_error *err);

/**
 * Measures designs; those that the database knows are not measured again.
 * @param label   what the progress line says of it
 * @param design  [n] texts; designs outside the space, but the baseline, are passed over
 * @param done    counts those that are measured now, this time or before
 */
ASX_NODISCARD asx_status stage_measure_designs(size_t *done, exploration *x, const char *label,
                                               workbench_subset subset, const char *const *design,
                                               size_t n, asx_error *err);

/** Measures the campaign's number of designs of the front on select and report images. */
ASX_NODISCARD asx_status stage_measure(explore_result *result, exploration *x, asx_error *err);

/** Trains the designs for which it promises most, and measures them. */
ASX_NODISCARD asx_status stage_train(explore_result *result, exploration *x, asx_error *err);

#endif
