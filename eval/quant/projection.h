/* Weights quantised per channel: on the representable set of a word, at the best scale of every
 * output channel ("projected"); and a bounded cache of them, least recently used, because the designs
 * of a search share most of theirs. Private. */
#ifndef ASX_EVAL_PROJECTION_H
#define ASX_EVAL_PROJECTION_H

#include <stddef.h>

#include "integer_weights.h"
#include "plan.h"

/**
 * Projects a layer's weights, one scale per output channel.
 *
 * @param out    [n_weights], or NULL
 * @param best   [out_c] asx_weight_scale of every channel
 * @return sum of squared differences divided by the sum of squares; 0 for weights that are all zero
 */
double asx_project(float *out, const asx_node *node, const asx_rounder *rounder,
                   const asx_scale *best);

/* Thread-safe. */
typedef struct asx_projections asx_projections;

/* What a projection is packed for. */
typedef enum asx_packing {
    ASX_PACKED_FLOAT,  /* the float kernel: asx_projection_weights */
    ASX_PACKED_NARROW, /* 8-bit inputs, in the kernel on integers if that is exact */
    ASX_PACKED_PIECES  /* any input, in pieces: both asx_projection_integers */
} asx_packing;

/* A member of the cache, pinned until it is released. */
typedef struct asx_projection asx_projection;

/* What weights are made of. Where `past` is 0, of the layer and its word alone: all designs share them. Else of all that
 * is computed before the layer too, of which that is a hash: designs that begin alike share them. */
typedef struct asx_projection_key {
    size_t layer;
    asx_word word;
    asx_packing packing;
    uint64_t past;
} asx_projection_key;

/** Makes the words of a layer. */
typedef asx_status (*asx_projection_maker)(asx_rounded *out, void *state, size_t layer,
                                           const asx_word *word, asx_error *err);

/**
 * @param plan   borrowed for the life of `*out`
 * @param make   of words with past 0; called from several threads
 * @param state  of `make`, borrowed likewise
 * @param bytes  bound on the packed weights that are kept unpinned, least recently used go first
 */
ASX_NODISCARD asx_status asx_projections_new(asx_projections **out, const asx_plan *plan,
                                             asx_projection_maker make, void *state, size_t bytes,
                                             asx_error *err);

/** All projections must have been released. */
void asx_projections_free(asx_projections *cache);

/** @return ASX_OK; ASX_ENOMEM; what the maker, asx_word_check and asx_integer_weights_init say */
ASX_NODISCARD asx_status asx_projections_get(asx_projection **out, asx_projections *cache,
                                             const asx_projection_key *key, asx_error *err);

/** The same by another maker: for a past. */
ASX_NODISCARD asx_status asx_projections_get_made(asx_projection **out, asx_projections *cache,
                                                  const asx_projection_key *key,
                                                  asx_projection_maker make, void *state,
                                                  asx_error *err);
void asx_projections_release(asx_projections *cache, asx_projection *projection);

const asx_dnn_weights *asx_projection_weights(const asx_projection *projection);
const asx_integer_weights *asx_projection_integers(const asx_projection *projection);

/** Bytes and members the cache holds now. */
size_t asx_projections_bytes(const asx_projections *cache);

#endif
