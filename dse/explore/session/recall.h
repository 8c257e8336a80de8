/* Memoisation over the database: an evaluator that looks an accuracy up in the database before it measures. Accuracy depends on
 * the formats alone, so designs that differ in placement only are measured once. */
#ifndef ASX_EXPLORE_RECALL_H
#define ASX_EXPLORE_RECALL_H

#include "dse/evaluator.h"
#include "dse/workload.h"
#include "results/store.h"

/**
 * @param inner   does the measuring; taken over on success and on failure
 * @param path    the database; opened a second time, for reading
 * @param work, inputs  borrowed for the life of `out`
 */
ASX_NODISCARD asx_status asx_recall_new(asx_evaluator *out, asx_evaluator *inner, const char *path,
                                        const asx_workload *work, const asx_store_inputs *inputs,
                                        asx_error *err);

#endif
