/* The scales of layers' channels in words, remembered: to find one takes a hundred times as long as to round by it, and a
 * proxy's table asks for the same ones three times, for its base with every few designs. Private. */
#ifndef ASX_EVAL_SCALES_H
#define ASX_EVAL_SCALES_H

#include "plan.h"
#include "rounder.h"

/* Thread-safe. */
typedef struct asx_scales asx_scales;

/** @param bytes  bound on what is remembered; what has been there longest goes first. @return ASX_OK; ASX_ENOMEM */
ASX_NODISCARD asx_status asx_scales_new(asx_scales **out, size_t bytes, asx_error *err);
void asx_scales_free(asx_scales *scales);

/**
 * asx_weight_scale of every channel, found or remembered.
 *
 * @param out      [out_c]
 * @param scales   NULL: every one is found
 * @param node     has weights; of one network for the life of `scales`
 * @param rounder  of `word`
 * @return ASX_OK; ASX_ENOMEM
 */
ASX_NODISCARD asx_status asx_scales_get(asx_scale *out, asx_scales *scales, const asx_node *node,
                                        const asx_word *word, const asx_rounder *rounder,
                                        asx_error *err);

/** Bytes that are held now. */
size_t asx_scales_bytes(const asx_scales *scales);

#endif
