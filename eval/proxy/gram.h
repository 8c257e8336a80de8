/* Second moments of layers' inputs: what an error in a layer's weights does to its output, without
 * running the layer. The objective of AdaRound (M. Nagel et al., arXiv 2004.10568). Private.
 *
 * An output is y = w x for the patch x of the input that it sees, so weights that are off by d
 * change it by d x, whose mean square is d G d^T with the Gram matrix G = mean of x x^T over
 * patches of calibration images: one quadratic form per output channel and format. */
#ifndef ASX_EVAL_GRAM_H
#define ASX_EVAL_GRAM_H

#include "calibration_private.h"
#include "eval/dataset.h"
#include "ops.h"

/* Of one layer: `groups` matrices [depth][depth]; of the diagonal only, [depth], for layers so deep
 * that the matrices would be too large. */
typedef struct asx_gram {
    size_t groups, depth;
    bool diagonal;
    float *matrix;
    double square; /* mean square of the outputs */
} asx_gram;

/** One per layer, from a few thousand patches each. @param out [n_layers], asx_grams_free it */
ASX_NODISCARD asx_status asx_grams_new(asx_gram **out, asx_calibration *calibration,
                                       const asx_dataset *data, asx_range images, asx_error *err);
void asx_grams_free(asx_gram *gram, size_t n_layers);

/**
 * Mean squared error of the layer's outputs, relative to their mean square.
 * @param weight projected weights, as node->weight
 * @return -1 for lack of memory
 */
double asx_gram_error(const asx_gram *gram, const asx_node *node, const float *weight);

#endif
