/* The patch of its input that one output of a layer sees: a column of "im2col". Private.
 *
 * Patches have the order of weights: [groups][depth] with depth the weights of an output channel,
 * so that an output of group g is the product of its weights and row g. A place is one position of
 * the output, the same for all channels. */
#ifndef ASX_EVAL_PATCH_H
#define ASX_EVAL_PATCH_H

#include "plan.h"

/** Floats of a patch: groups x depth. */
size_t asx_patch_size(const asx_node *node);

/** Places of a layer's output. */
size_t asx_patch_n_places(const asx_plan *plan, const asx_node *node);

/** @param image one image's input as the layer sees it; zeros are taken where padding is */
void asx_patch_cut(float *out, const asx_plan *plan, const asx_node *node, const float *image,
                   size_t place);

#endif
