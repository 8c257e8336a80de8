/* A network prepared for one batch size: kernels made, weights packed, buffers laid out. Private.
 *
 * Immutable after creation, so any number of threads run it at once, each in a workspace of its
 * own. A batch is computed by one thread from start to end: parallelism is over batches. */
#ifndef ASX_EVAL_PLAN_H
#define ASX_EVAL_PLAN_H

#include <stddef.h>

#include "dnn.h"
#include "graph.h"
#include "rounder.h"

/* When a value is alive, in numbers of nodes counted from 1; the network's input is there at 0. */
typedef struct asx_life {
    size_t first, last;
} asx_life;

typedef struct asx_plan {
    const asx_network *network; /* borrowed */
    size_t batch;

    /* per layer with weights */
    const asx_node **node;
    asx_dnn_op **op;
    asx_dnn_op **integer_op;   /* the same on 8-bit words; NULL where they would not be exact */
    asx_dnn_weights **weights; /* the network's own */

    /* a workspace: [values][rounded][logical x 2][scratch], each part on a 64-byte boundary */
    size_t *offset; /* per value, in floats from the start of the workspace */
    asx_life *life; /* per value */
    size_t rounded; /* a layer's rounded input */
    size_t logical; /* two values in logical order */
    size_t logical_size;
    size_t scratch; /* of kernels */
    size_t size;    /* floats in all */
} asx_plan;

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

/* What to run instead of the float layer; zeros: the float layer. */
typedef struct asx_layer_setting {
    const asx_dnn_weights *weights; /* packed for plan->op[layer]; NULL: the network's own */
    const asx_rounder *rounder;     /* what the input is rounded to; NULL: nothing */
    double scale;                   /* of the rounding */
} asx_layer_setting;

/* How to run a batch. Zeros: the float network. */
typedef struct asx_run {
    const asx_layer_setting *layer; /* one per layer, or NULL */
    /** Sees every layer's input, x: [n_images][elements], before it is rounded. */
    asx_status (*observe)(void *state, size_t layer, size_t first_image, const float *x,
                          size_t n_images, asx_error *err);
    /** Sees every value of the n images; n: elements. */
    void (*see)(void *state, size_t value, const float *x, size_t n);
    void *state;                       /* of observe and see */
    const struct asx_integer *integer; /* the network in integers (integer.h) instead */
} asx_run;

/* A batch of images on its way through the network. */
typedef struct asx_frame {
    const asx_plan *plan;
    const asx_run *run;
    float *workspace;
    size_t first_image, n_images; /* of the data set; at most a batch */
} asx_frame;

/**
 * The way: images in, nodes first .. end - 1, logits out.
 *
 * @param images  [n_images][c][h][w]
 * @param logits  [n_images][classes]
 */
void asx_plan_load(const asx_frame *frame, const float *images);
ASX_NODISCARD asx_status asx_plan_steps(const asx_frame *frame, size_t first, size_t end,
                                        asx_error *err);
void asx_plan_logits(const asx_frame *frame, float *logits);

/** All of it. @param first_image number of the first one, for observe */
ASX_NODISCARD asx_status asx_plan_run(const asx_plan *plan, float *logits, const float *images,
                                      size_t first_image, size_t n_images, const asx_run *run,
                                      float *workspace, asx_error *err);

#endif
