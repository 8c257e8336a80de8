/* Calibration images on their way through the float network and, beside it, through the integers of a design, from layer to
 * layer: what a layer's input is there, and what its output is to be. Private. */
#ifndef ASX_EVAL_WALK_H
#define ASX_EVAL_WALK_H

#include "eval/dataset.h"
#include "integer.h"
#include "moments.h"

/* Places of an image that are looked at, of each layer. */
enum { ASX_WALK_PLACES = 64 };

/* All batches stand before the same node. */
typedef struct asx_walk {
    const asx_plan *plan; /* borrowed, as all of these */
    const asx_dataset *data;
    asx_range images;
    const asx_integer
        *design; /* its layers are ready as far as the walk has come; NULL: floats alone */
    const asx_numerics *numerics; /* of the design */
    size_t at;                    /* nodes that are behind */
    float **kept[2]; /* [batch]: what is alive there in floats, in integers; NULL: begin anew */
} asx_walk;

/** @param run  a design (asx_integer) and its numerics; NULL: floats alone */
ASX_NODISCARD asx_status asx_walk_init(asx_walk *out, const asx_plan *plan, const asx_dataset *data,
                                       asx_range images, const asx_run *run, asx_error *err);
void asx_walk_fini(asx_walk *walk);

/**
 * Goes to a layer's node and adds the moments of its input: of the words that the design rounds it to, or of the float
 * network's. Those of its output are the float network's. Where the output is only added to a value that is known by then,
 * the output is to be what that sum lacks: errors of the value, too, are taken back.
 *
 * @return ASX_OK; ASX_ENOMEM; ASX_EUNSUPPORTED with oneDNN's reason
 * Results do not depend on the number of threads.
 */
ASX_NODISCARD asx_status asx_walk_to(asx_moments *inout, asx_walk *walk, size_t node,
                                     asx_error *err);

#endif
