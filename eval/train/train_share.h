/* One network for all designs of a space (H. Cai et al., "Once-for-all", arXiv 1908.09791; J. Yu et al., "BigNAS", arXiv
 * 2003.11142): every step is taken for the mean gradient of several designs, the largest, the smallest and random ones
 * ("the sandwich rule", J. Yu and T. Huang, arXiv 1903.05134), by the same weights in floating point. Private to eval.
 *
 * Scales are not learned, as they belong to a format and not to the weights: they are those that the measured tier finds
 * for the weights and inputs as they stand, found anew some times an epoch. What comes out is a network like any other. */
#ifndef ASX_EVAL_TRAIN_SHARE_H
#define ASX_EVAL_TRAIN_SHARE_H

#include "dse/space.h"
#include "trainer.h"

typedef struct asx_train_share {
    const asx_space *space; /* borrowed */
    size_t n_formats, n_layers, n_passes, interval;
    asx_gene *point, *smallest, *largest; /* [genes] */
    size_t n_scales;                      /* of weights: the channels of all layers */
    float *scale;                         /* [n_formats][n_scales] */
    double *input;                        /* [n_formats][n_layers] */
} asx_train_share;

/** The designs of most and of fewest representable values, product of weights and activations; later of equals. */
ASX_NODISCARD asx_status asx_train_share_new(asx_train_share **out, const asx_space *space,
                                             size_t n_passes, asx_error *err);
void asx_train_share_free(asx_train_share *share);

/** Memory for scales, when a trainer has its parts. */
ASX_NODISCARD asx_status asx_train_share_settle(asx_trainer *t, asx_error *err);

/** What tells one space from another, appended. */
void asx_train_share_print(asx_text *out, const asx_train_share *share);

/** Finds all scales anew for the weights as they stand. */
ASX_NODISCARD asx_status asx_train_share_fit(asx_trainer *t, asx_error *err);

/** Scales as bytes, for checkpoints; how many; and back. `bytes` holds so many. */
void asx_train_share_keep(asx_text *out, const asx_train_share *share);
size_t asx_train_share_bytes(const asx_train_share *share); /* 0 of NULL */
void asx_train_share_take(asx_train_share *share, const char *bytes);

/** Takes over design number `pass` of the current step: its grids, scales and weights to compute with. */
ASX_NODISCARD asx_status asx_train_share_enter(asx_trainer *t, size_t pass, asx_error *err);

#endif
