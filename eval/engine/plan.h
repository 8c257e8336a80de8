/* A network prepared for one batch size: kernels made, weights packed, buffers laid out. Private.
 *
 * Immutable after creation, so any number of threads run it at once, each in a workspace of its
 * own. A batch is computed by one thread from start to end: parallelism is over batches. */
#ifndef ASX_EVAL_PLAN_H
#define ASX_EVAL_PLAN_H

#include <stddef.h>

#include "dnn.h"
#include "graph.h"
#include "shuffle.h"

/* When a value is alive, in numbers of nodes counted from 1; the network's input is there at 0. */
typedef struct asx_life {
    size_t first, last;
} asx_life;

typedef struct asx_plan {
    const asx_network *network; /* borrowed */
    size_t batch;

    /* per layer; of products the node alone */
    const asx_node **node; /* the first step */
    size_t *n_steps;
    asx_dnn_op **op;
    asx_dnn_op **integer_op;   /* the same on 8-bit words; NULL where they would not be exact */
    int *integer_limit;        /* up to which magnitude of weights they are; 0: none */
    asx_dnn_weights **weights; /* the network's own */
    float *no_bias;            /* zeros, for the layer of most channels */

    asx_shuffle *shuffle; /* per node */

    /* a workspace: [values][rounded][second][logical x 2][scratch], each part on a 64-byte boundary */
    size_t *offset; /* per value, in floats from the start of the workspace */
    asx_life *life; /* per value */
    size_t rounded; /* a layer's rounded input */
    size_t second;  /* a product's rounded second operand */
    size_t logical; /* two values in logical order */
    size_t logical_size;
    size_t scratch; /* of kernels */
    size_t size;    /* floats in all */
} asx_plan;

/** Images at a time of which the largest node's input and output fit a cache: 2, 4, 8 or 16. */
size_t asx_plan_batch(const asx_network *network);

/** Images in a row that one thread runs, batch by batch and in their order: a multiple of the batch,
 * the same for all batches that divide 32, so that sums over a block's images are too, but
 * for layers of several steps, which come step by step within a batch. */
size_t asx_plan_block(const asx_plan *plan);

/**
 * @param network borrowed for the life of `*out`
 * @return ASX_OK; ASX_ENOMEM; ASX_EUNSUPPORTED naming the layer that oneDNN cannot run
 */
ASX_NODISCARD asx_status asx_plan_new(asx_plan **out, const asx_network *network, size_t batch,
                                      asx_error *err);
void asx_plan_free(asx_plan *plan);

/** A workspace, free(); NULL if memory lacks. */
float *asx_plan_workspace(const asx_plan *plan);

/** Elements of a layer's input, per image. */
size_t asx_plan_layer_inputs(const asx_plan *plan, size_t layer);

/** Elements of a product's second operand, per image. */
size_t asx_plan_second_inputs(const asx_plan *plan, size_t layer);

#endif
