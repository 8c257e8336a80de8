/* Nodes in a row that only move elements, as one copy: a channel shuffle is a Reshape, a Transpose and a Reshape, each of
 * which would turn a whole feature map into another order, and before them often a Concat. Private to eval. */
#ifndef ASX_EVAL_SHUFFLE_H
#define ASX_EVAL_SHUFFLE_H

#include <stdint.h>

#include "ops.h"

/* What comes of one input of a row's first node: element to[k] of an image of what the last one makes is element from[k] of
 * this input, all as they are stored. */
typedef struct asx_shuffle_part {
    size_t n;
    uint32_t *to; /* NULL: 0, 1, 2, ... */
    uint32_t *from;
} asx_shuffle_part;

typedef struct asx_shuffle {
    size_t n_nodes;         /* 0: no such row begins here */
    asx_shuffle_part *part; /* [n_inputs of the first node] */
    bool halves; /* two inputs whose elements take turns: those of ShuffleNet, as they are stored */
} asx_shuffle;

/**
 * The rows of a network: of two nodes and more, whose values between have one reader. A Concat may be the first.
 *
 * @param out  [n_nodes of the network], by the first node of a row; asx_shuffles_free
 * @return ASX_OK; ASX_ENOMEM
 */
ASX_NODISCARD asx_status asx_shuffles_new(asx_shuffle **out, const asx_network *network,
                                          asx_error *err);
void asx_shuffles_free(asx_shuffle *shuffles, const asx_network *network);

/** What the row's nodes would do. @param first its first node; the buffers do not overlap */
void asx_shuffle_run(const asx_shuffle *move, const asx_values *values, const asx_node *first);

#endif
