/* Private to the run: what its stages share. One file per stage, stage_*.c; explore.c has their
 * order. */
#ifndef ASX_EXPLORE_EXPLORATION_H
#define ASX_EXPLORE_EXPLORATION_H

#include "dse/design.h"
#include "dse/evaluator.h"
#include "dse/ledger.h"
#include "explore/run.h"
#include "monitor.h"
#include "results/front.h"
#include "results/reference_point.h"
#include "results/store.h"

/* A run in progress: the session's campaign in an open database. */
typedef struct asx_exploration {
    asx_session *session;
    const asx_explore_options *options;
    asx_store *store;
    int64_t campaign, run; /* their ids */
    asx_monitor monitor;
    asx_observer observer;
} asx_exploration;

/* ---- run_record.c: provenance ---- */

/** Finds or adds the campaign, and books that a run on it begins. */
ASX_NODISCARD asx_status asx_exploration_begin(asx_exploration *x, asx_error *err);
/** Books its end. @param result  gets how long it took */
ASX_NODISCARD asx_status asx_exploration_end(asx_exploration *x, asx_explore_result *result,
                                             asx_error *err);

/* ---- tier_context.c: evaluators and ledgers of a tier and a part of the images ---- */

typedef struct asx_tier_context {
    asx_store_inputs inputs;
    asx_evaluator evaluator;
    asx_ledger ledger;
    bool baseline_known;           /* it was in the ledger before */
    asx_reference_point reference; /* of the campaign's hypervolumes */
} asx_tier_context;

/**
 * Makes accuracy and cost of designs available, and evaluates the baseline.
 * @param context  stays where it is until asx_tier_context_fini: the evaluator refers to it
 */
ASX_NODISCARD asx_status asx_tier_context_init(asx_tier_context *context, asx_exploration *x,
                                               asx_tier tier, asx_subset subset, asx_error *err);

/** The same with the proxy, unbooked: nothing of it reaches the database. */
ASX_NODISCARD asx_status asx_tier_context_predict(asx_tier_context *context, asx_exploration *x,
                                                  asx_error *err);
void asx_tier_context_fini(asx_tier_context *context);

/** What all searches of a run have in common: the campaign's, on what the context evaluates. */
asx_search asx_exploration_search(asx_exploration *x, asx_tier_context *context);

/* ---- the stages ---- */

/** Lets the proxy learn from designs that are measured. @param interrupted it was told to stop */
ASX_NODISCARD asx_status asx_stage_rounds(bool *interrupted, asx_exploration *x, asx_error *err);

/** Runs the campaign's searcher. @param stage  its name */
ASX_NODISCARD asx_status asx_stage_solve(asx_search_outcome *outcome, asx_exploration *x,
                                         asx_tier_context *context, const char *stage,
                                         asx_error *err);

/** Searches as the campaign says. */
ASX_NODISCARD asx_status asx_stage_search(asx_explore_result *result, asx_exploration *x,
                                          asx_error *err);

/**
 * Measures designs; those that the database knows are not measured again, those outside the space
 * not at all.
 * @param accuracy  [n] what is known then; `images` is 0 where nothing is, as when the run is told to
 *                  stop
 * @param done      counts those that are measured now, this time or before
 * @param stage     its name
 * @param design    [n]
 */
ASX_NODISCARD asx_status asx_stage_measure_designs(asx_accuracy *accuracy, size_t *done,
                                                   asx_exploration *x, const char *stage,
                                                   asx_subset subset, const asx_design *design,
                                                   size_t n, asx_error *err);

/** Measures the campaign's number of designs of the front on select and report images. */
ASX_NODISCARD asx_status asx_stage_measure(asx_explore_result *result, asx_exploration *x,
                                           asx_error *err);

/** Trains the designs for which it promises most, and measures them. */
ASX_NODISCARD asx_status asx_stage_train(asx_explore_result *result, asx_exploration *x,
                                         asx_error *err);

/** Looks on the confirm images for the designs of least cost that keep limits of the drop. */
ASX_NODISCARD asx_status asx_stage_confirm(asx_explore_result *result, asx_exploration *x,
                                           asx_error *err);

#endif
