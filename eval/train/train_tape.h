/* The tape of reverse-mode differentiation: a network prepared for training on one batch size, values
 * and their gradients laid out, kernels made. Private to eval.
 *
 * Immutable after creation: any number of threads run batches at once, each in a worker's state.
 * Parameters are one flat vector: for every node with weights, in order, [weights][biases] and, if
 * it is normalised, [gammas]. */
#ifndef ASX_EVAL_TRAIN_TAPE_H
#define ASX_EVAL_TRAIN_TAPE_H

#include "dnn_train.h"
#include "graph.h"
#include "rounder.h"

/* A node with weights: convolution, dense layer or scale. */
typedef struct asx_tape_part {
    const asx_node *node;
    asx_dnn_layer *kernel; /* NULL: a scale */
    size_t weight, bias;   /* where they begin in the vector of parameters */
    size_t packed;         /* bytes before its packed weights */

    /* A normalised layer has no bias; the room of its biases is beta's. See train_norm.h. */
    bool normalised;
    size_t gamma;     /* where it begins in the vector */
    size_t raw;       /* of a worker's room: the layer's own output */
    size_t statistic; /* of a worker's statistics: [means][variances] */
} asx_tape_part;

typedef struct asx_tape_choice {
    size_t batch;
    bool half;       /* see dnn_train.h */
    bool normalises; /* layers that had a BatchNormalization get one in training mode */
} asx_tape_choice;

typedef struct asx_tape {
    const asx_network *network; /* borrowed */
    asx_tape_choice choice;
    size_t batch;   /* of the choice */
    size_t n_nodes; /* run: all up to the logits */
    size_t logits;  /* index of a value: what a last softmax is applied to */
    asx_tape_part *part;
    size_t n_parts, n_parameters, n_statistics, packed_bytes;
    size_t n_gradients; /* n_parameters, and one for the scale of every layer's input */
    float *zero;        /* the biases of normalised layers */
    size_t *part_of_node;
    bool *wanted; /* per value: its gradient leads to parameters */

    /* a worker's room in floats: [values, raw values][gradients][statistics][rounded][turned x 2]
     * [scratch] */
    size_t *value, *gradient; /* per value */
    size_t statistics, rounded, turned, turned_size, scratch, size;
} asx_tape;

/**
 * @param network borrowed for the life of `*out`
 * @return ASX_OK; ASX_ENOMEM; ASX_EUNSUPPORTED naming the layer that oneDNN cannot run
 */
ASX_NODISCARD asx_status asx_tape_new(asx_tape **out, const asx_network *network,
                                      asx_tape_choice choice, asx_error *err);
void asx_tape_free(asx_tape *tape);

/* What the layers compute with during one step; borrowed. */
typedef struct asx_tape_run {
    const float *parameter;            /* [n_parameters], the weights as they are used: projected */
    const void *packed;                /* from asx_tape_pack */
    const asx_rounder *const *rounder; /* per layer: what its input is rounded to; NULL: nothing */
    const double *scale;               /* per layer: of the rounding */
} asx_tape_run;

/** Brings the weights of `parameter` into the kernels' orders. @param packed [packed_bytes],
 *  64-byte aligned */
ASX_NODISCARD asx_status asx_tape_pack(const asx_tape *tape, void *packed, const float *parameter,
                                       asx_error *err);

/* What one thread works in: values, gradients and scratch of a batch. */
typedef struct asx_tape_worker {
    float *room;   /* [tape->size] */
    bool *touched; /* per value: its gradient has been written */
} asx_tape_worker;

ASX_NODISCARD asx_status asx_tape_worker_init(asx_tape_worker *worker, const asx_tape *tape,
                                              asx_error *err);
void asx_tape_worker_fini(asx_tape_worker *worker);

/** Runs a batch. @param images [batch][c][h][w] @param logits [batch][classes], borrowed from worker
 */
ASX_NODISCARD asx_status asx_tape_forward(const float **logits, const asx_tape *tape,
                                          const asx_tape_run *run, asx_tape_worker *worker,
                                          const float *images, asx_error *err);

/**
 * Gradients of a loss by the parameters, after asx_tape_forward with the same worker. Rounding of
 * inputs counts as the identity between the ends of its word and as constant beyond ("straight
 * through"); what follows for their scales is in train_weights.h.
 *
 * @param gradient [n_gradients], overwritten
 * @param dlogits  gradient by the logits, [batch][classes]
 */
ASX_NODISCARD asx_status asx_tape_backward(float *gradient, const asx_tape *tape,
                                           const asx_tape_run *run, asx_tape_worker *worker,
                                           const float *dlogits, asx_error *err);

#endif
