/* Prefix sharing: designs that begin alike share the work of their first layers. Private to eval.
 *
 * In the order of their formats designs are the leaves of a tree of prefixes, which is walked depth
 * first: every distinct prefix is computed once, as values are kept where the tree branches, up to a
 * bound.
 * For every batch of images the designs are run one after the other, in their order. Where one
 * branches off from an earlier one, it goes on from what that one had computed. So what is kept is
 * a few feature maps of one batch per thread, whatever the number of images. */
#ifndef ASX_EVAL_LINEAGE_H
#define ASX_EVAL_LINEAGE_H

#include <stdbool.h>

#include "plan_run.h"

/** Copies the values that are alive before a node out of the workspace or (back) into it. @param saved NULL: only counts
 *  @return how many floats they are */
size_t asx_frame_alive(const asx_frame *f, size_t node, float *saved, bool back);

typedef struct asx_lineage {
    const asx_numerics *numerics;
    const void *const *design; /* of the numerics, borrowed */
    size_t n_designs;
    size_t *common;   /* nodes that design i computes as i - 1 does; [0] = 0 */
    size_t max_bytes; /* of feature maps kept by one thread */
} asx_lineage;

/** Finds what neighbours share: sort designs so that they share much. */
ASX_NODISCARD asx_status asx_lineage_init(asx_lineage *out, const asx_numerics *numerics,
                                          const void *const *design, size_t n_designs,
                                          size_t max_bytes, asx_error *err);

/** Some of its designs; borrows from it. */
asx_lineage asx_lineage_part(const asx_lineage *lineage, size_t first, size_t n);
void asx_lineage_fini(asx_lineage *lineage);

/* Who takes the logits [n][classes] of a design. */
typedef struct asx_lineage_taker {
    void (*take)(void *state, size_t design, size_t first, size_t n, const float *logits);
    void *state;
} asx_lineage_taker;

/**
 * Runs all designs on one batch.
 * @param frame   its `run` is replaced
 * @param logits  room for a batch
 */
ASX_NODISCARD asx_status asx_lineage_run(const asx_lineage *lineage, const asx_frame *frame,
                                         const float *images, float *logits,
                                         const asx_lineage_taker *taker, asx_error *err);

#endif
