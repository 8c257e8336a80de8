/* Where the words of layers come from: the nearest ones, or those that keep the layers' outputs (rounding.h). Private.
 *
 * What is shared. Nearest and greedy rounding look at the float network's inputs of a layer and at its weights, so the
 * words of a layer depend on its weights' format alone, and all designs share them. Learned rounding looks at the inputs
 * that a design's earlier layers make, as its words have them, and keeps the float network's output all the same: errors
 * of earlier layers are made up for. So it depends on all that is computed before the layer, and designs share the words
 * of their first layers as far as they begin alike. Proxies, whose tables are of one layer at a time, take greedy rounding
 * for learned. */
#ifndef ASX_EVAL_RECONSTRUCTION_H
#define ASX_EVAL_RECONSTRUCTION_H

#include "eval/calibration.h"
#include "eval/dataset.h"
#include "rounding.h"

typedef struct asx_reconstruction {
    const asx_plan *plan;    /* borrowed */
    const asx_dataset *data; /* borrowed */
    asx_range images;
    asx_rounding rounding;
    double *const *
        mean; /* [layer] mean patch of the float network; borrowed; NULL: biases are not corrected */
    asx_scales *scales;        /* of nearest rounding */
    asx_moments *moments;      /* [layer] of the float network; NULL: rounding is nearest */
    asx_rounding_basis *basis; /* [layer] of these */
} asx_reconstruction;

/** `*inout` without moments; makes them if the rounding wants them. @return ASX_OK; ASX_ENOMEM; ASX_EUNSUPPORTED */
ASX_NODISCARD asx_status asx_reconstruction_init(asx_reconstruction *inout, asx_error *err);
void asx_reconstruction_fini(asx_reconstruction *r);

/** Whether words stay where they are nearest: weights that lie on the grid, or in a file's words, or too
 * many, or weights of several steps. */
ASX_NODISCARD asx_status asx_reconstruction_keeps(bool *out, const asx_reconstruction *r,
                                                  size_t layer, const asx_word *word,
                                                  asx_error *err);

/** Words that all designs share: an asx_projection_maker. @param state an asx_reconstruction */
ASX_NODISCARD asx_status asx_reconstruction_shared(asx_rounded *out, void *state, size_t layer,
                                                   const asx_word *word, asx_error *err);

#endif
