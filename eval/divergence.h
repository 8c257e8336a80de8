/* How far a design's answers are from another's, without labels. Private to eval. */
#ifndef ASX_EVAL_DIVERGENCE_H
#define ASX_EVAL_DIVERGENCE_H

#include "calibration.h"
#include "dse/design.h"
#include "eval/dataset.h"

/**
 * Mean Kullback-Leibler divergence, in nats, of the designs' class probabilities (softmax of the
 * logits) from those of `base`: what is left of accuracy where there are no labels, and far less
 * noisy than counts of right answers.
 *
 * @param out    [n]
 * @param images checked; no more than the first 128 are run
 */
ASX_NODISCARD asx_status asx_divergence(double *out, asx_calibration *calibration,
                                        const asx_dataset *data, asx_range images,
                                        const asx_design *base, const asx_design *design, size_t n,
                                        asx_error *err);

#endif
