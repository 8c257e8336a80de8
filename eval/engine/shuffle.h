/* Nodes in a row that only move elements, as one copy: a channel shuffle is a Reshape, a Transpose and a Reshape, each of
 * which would turn a whole feature map into another order. Private to eval. */
#ifndef ASX_EVAL_SHUFFLE_H
#define ASX_EVAL_SHUFFLE_H

#include <stdint.h>

#include "ops.h"

/* `n_nodes` nodes: element k of an image of what the last one makes is element from[k] of what the first one reads, both
 * as they are stored. */
typedef struct asx_shuffle {
    size_t n_nodes; /* 0: no such row begins here */
    uint32_t *from;
} asx_shuffle;

/**
 * The rows of a network: of two nodes and more, whose values between have one reader.
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
