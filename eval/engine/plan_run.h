/* Runs a prepared network on a batch, in floats or in other numbers. Private to eval. */
#ifndef ASX_EVAL_PLAN_RUN_H
#define ASX_EVAL_PLAN_RUN_H

#include "ops.h"
#include "plan.h"

typedef struct asx_numerics asx_numerics;

/* How to run a batch. Zeros: the float network. */
typedef struct asx_run {
    const asx_numerics *numerics; /* what numbers are computed with; NULL: floats */
    const void *design;           /* of the numerics: in which formats */
    /** Sees every layer's input, x: [n_images][elements], before it is rounded, once a step. */
    asx_status (*observe)(void *watcher, const asx_node *node, size_t first_image, const float *x,
                          size_t n_images, asx_error *err);
    /** Sees every product's second operand in the same way; its first is seen as an input. */
    asx_status (*observe_second)(void *watcher, const asx_node *node, size_t first_image,
                                 const float *x, size_t n_images, asx_error *err);
    /** Sees every value of the n images; n: elements. */
    void (*see)(void *watcher, size_t value, const float *x, size_t n);
    void *watcher; /* of all these */
} asx_run;

/* A batch of images on its way through the network. */
typedef struct asx_frame {
    const asx_plan *plan;
    const asx_run *run;
    float *workspace;
    size_t first_image, n_images; /* of the data set; at most a batch */
} asx_frame;

/* What numbers a network is computed with. Between nodes they are kept as floats, so that the
 * operators that only move, compare or add numbers are those of the float network (ops.h), and the
 * engine alone knows of orders in memory, batches and workspaces. The functions work on whole
 * batches and are called from several threads. */
struct asx_numerics {
    /** Brings the images, floats in the buffer of the network's input, into these numbers, in
     *  place. NULL: they are. */
    void (*load)(const asx_frame *frame);
    /** A layer with weights. @param y, x batches of its output and input, as its kernel wants
     *  them (dnn.h): channels or features last */
    asx_status (*layer)(const asx_frame *frame, const asx_node *node, float *y, const float *x,
                        asx_error *err);
    /** Any other operator. NULL: as floats are. */
    void (*operate)(const asx_frame *frame, const asx_node *node);
    /** Brings logits [n_images][classes] in these numbers to floats, in place. NULL: they are. */
    void (*unload)(const asx_frame *frame, float *logits);
    /** How many of the first nodes compute the same in both designs; 0 if their images differ too.
     *  NULL: that is not known. */
    size_t (*common)(const void *design, const void *other);
};

/** Where the frame's values are. */
asx_values asx_frame_values(const asx_frame *frame);

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
