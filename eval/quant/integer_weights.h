/* A layer's weights as the integers of a word, packed for exact sums. Private. */
#ifndef ASX_EVAL_INTEGER_WEIGHTS_H
#define ASX_EVAL_INTEGER_WEIGHTS_H

#include <stdbool.h>

#include "plan.h"
#include "rounded.h"
#include "rounder.h"

enum { ASX_PIECES_MAX = ASX_VALUE_BITS_MAX };

/* weight = rounded.scale[out channel] x sum over i of 2^(piece_bits i) piece[i]
 *
 * No sum of |piece| x 255 reaches 2^24: it can be formed in floats without any rounding. */
typedef struct asx_integer_weights {
    asx_rounded rounded; /* the words themselves, scale and shift per output channel */
    bool narrow;         /* one piece of 8 bits, for inputs of 8 bits */
    bool bytes;          /* it is packed for the kernel on 8-bit words, not for that on floats */
    unsigned piece_bits;
    size_t n_pieces;
    asx_dnn_weights *piece[ASX_PIECES_MAX];
} asx_integer_weights;

/**
 * @param rounded the layer's words, which are taken over whatever comes of it
 * @param narrow  inputs have at most 8 bits: pack for the kernel on 8-bit words if the integers allow it
 * @return ASX_OK; ASX_ENOMEM; ASX_EUNSUPPORTED for a layer too large for exact sums
 */
ASX_NODISCARD asx_status asx_integer_weights_init(asx_integer_weights *out, const asx_plan *plan,
                                                  size_t layer, asx_rounded *rounded, bool narrow,
                                                  asx_error *err);
void asx_integer_weights_fini(asx_integer_weights *weights);
size_t asx_integer_weights_bytes(const asx_integer_weights *weights);

/** The scale of a channel's weights in a word: the file's, where it holds them in such a word
 *  already, else that of least squared error. */
asx_scale asx_weight_scale(const asx_node *node, size_t channel, const asx_rounder *rounder);

/* Scales within a layer differ by at most that. */
#define ASX_SCALE_SPREAD 4096.0

/**
 * The integers and their scales; asx_project, in integers. Scales within a layer differ by at most
 * ASX_SCALE_SPREAD: the channels below that are as good as dead, and their bias must fit an accumulator.
 *
 * @param out    [n_weights]
 * @param scale  [out_c]
 * @param best   [out_c] asx_weight_scale of every channel; NULL: found here
 */
void asx_integer_project(int32_t *out, double *scale, const asx_node *node,
                         const asx_rounder *rounder, const asx_scale *best);

#endif
