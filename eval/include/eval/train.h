/* Alphabet-aware (quantisation-aware) training: weights are projected onto their words' representable sets in the
 * forward pass, and a surrogate stands in for the projection's gradient (which is zero almost
 * everywhere) in the backward pass. The result is a network whose weights lie on those sets; how
 * good it is, the measured tier says. */
#ifndef ASX_EVAL_TRAIN_H
#define ASX_EVAL_TRAIN_H

#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/design.h"
#include "dse/error.h"
#include "dse/faults.h"
#include "dse/param.h"
#include "dse/space.h"
#include "dse/text.h"
#include "eval/dataset.h"
#include "eval/network.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Choices: {enumerator, name, help}. */
#define ASX_OPTIMISER_LIST(X)                                                                      \
    X(ASX_OPTIMISER_ADAMW, "adamw", "Adam with decoupled weight decay (arXiv 1711.05101)")         \
    X(ASX_OPTIMISER_SGD, "sgd", "stochastic gradient descent with momentum")

#define ASX_SCHEDULE_LIST(X)                                                                       \
    X(ASX_SCHEDULE_COSINE, "cosine", "down to nothing along a cosine, after the warm-up")          \
    X(ASX_SCHEDULE_STEP, "step", "a tenth from half of the steps on, a hundredth from 3/4 on")     \
    X(ASX_SCHEDULE_CONSTANT, "constant", "as it is, after the warm-up")

#define ASX_SURROGATE_LIST(X)                                                                      \
    X(ASX_SURROGATE_STE, "ste", "straight through between the ends of the word, nothing beyond")   \
    X(ASX_SURROGATE_EWGS, "ewgs",                                                                  \
      "the same, larger where it moves a weight on to the next value (arXiv 2104.00903)")

#define ASX_ENUM(name, text, help) name,
typedef enum asx_optimiser { ASX_OPTIMISER_LIST(ASX_ENUM) ASX_N_OPTIMISERS } asx_optimiser;
typedef enum asx_schedule { ASX_SCHEDULE_LIST(ASX_ENUM) ASX_N_SCHEDULES } asx_schedule;
typedef enum asx_surrogate { ASX_SURROGATE_LIST(ASX_ENUM) ASX_N_SURROGATES } asx_surrogate;
#undef ASX_ENUM

/** @return ASX_OK; ASX_ENOTFOUND lists the names */
ASX_API ASX_NODISCARD asx_status asx_optimiser_parse(asx_optimiser *out, const char *text,
                                                     asx_error *err);
ASX_API ASX_NODISCARD asx_status asx_schedule_parse(asx_schedule *out, const char *text,
                                                    asx_error *err);
ASX_API ASX_NODISCARD asx_status asx_surrogate_parse(asx_surrogate *out, const char *text,
                                                     asx_error *err);

typedef struct asx_train_options {
    asx_optimiser optimiser;
    asx_schedule schedule;
    asx_surrogate surrogate;
    asx_params number; /* asx_train_params: epochs, batch, rate, ... */
    uint64_t seed;     /* of the order of images, their augmentation, and devices */

    /* Weights are read from memories with these faults, a device a step, in codes of indices; the
     * network that comes out is as it is written. Faults of activations are not trained for. */
    asx_faults faults;

    /* Gradually: a design of more alphabets or bits to train first, for the part 'via_part' of the
     * steps. Borrowed for the call of asx_trainer_new; NULL: none. */
    const asx_design *via;

    /* Instead of a design: weights in floating point that are to serve all designs of a space, each as
     * the measured tier rounds them. Borrowed for the life of the trainer; NULL: none. */
    const asx_space *space;
    size_t designs_per_step; /* of a space: the largest, the smallest, random ones */
} asx_train_options;

ASX_API extern const asx_param_spec asx_train_params[];

/** AdamW, cosine, ste, the defaults of asx_train_params, seed 1, no faults, no space, of one 4 designs a step. */
ASX_API asx_train_options asx_train_options_default(void);

/**
 * The designs of a space that have fewest and most representable values (of weights times activations) in every layer: what
 * a training for the space always sees. Placements are the space's first.
 * @param smallest, largest  initialised by the call, asx_design_fini them
 */
ASX_API ASX_NODISCARD asx_status asx_train_space_ends(asx_design *smallest, asx_design *largest,
                                                      const asx_space *space, asx_error *err);

/* Not for several threads at once; it uses OpenMP threads itself, and its results do not depend on
 * their number: a batch is cut into pieces of fixed size whose gradients are added in order. They
 * do depend on whether the processor multiplies in bfloat16 (parameter 'bf16'). */
typedef struct asx_trainer asx_trainer;

/**
 * @param network  where training starts; borrowed for the call
 * @param data, images  labelled images to train on; `data` is borrowed for the life of `*out`
 * @param design   one format per layer; NULL trains for the options' space, or in floating point, from random weights if the
 *        parameter 'fresh' says so, with a BatchNormalization where the network had one. Its
 *        placement does not matter
 * @param options  NULL: the defaults
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL for images or labels that do not fit the network, fewer
 *         images than a batch, a design of another network, or an option out of range;
 *         ASX_EUNSUPPORTED naming a node that cannot be trained, or a layer whose codes have too many
 *         bits for faults
 */
ASX_API ASX_NODISCARD asx_status asx_trainer_new(asx_trainer **out, const asx_network *network,
                                                 const asx_dataset *data, asx_range images,
                                                 const asx_design *design,
                                                 const asx_train_options *options, asx_error *err);
ASX_API void asx_trainer_free(asx_trainer *trainer);

typedef struct asx_train_progress {
    size_t step, n_steps; /* steps done, and wanted in all */
    size_t epoch, n_epochs;
    double loss;     /* mean over the last hundred steps or so */
    double accuracy; /* percent of the same training images (augmented) */
    double rate;
} asx_train_progress;

ASX_API asx_train_progress asx_trainer_progress(const asx_trainer *trainer);

/**
 * Trains one step: forward, backward, update.
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL if the loss is not finite any more (the rate is too high)
 */
ASX_API ASX_NODISCARD asx_status asx_trainer_step(asx_trainer *trainer, asx_error *err);

/**
 * Runs the convolutions and dense layers of one step, forward and backward, and nothing else: the
 * time that a step is measured against. On one thread; nothing is learned. After a first step.
 */
ASX_API ASX_NODISCARD asx_status asx_trainer_kernels(asx_trainer *trainer, asx_error *err);

/** The network as it stands: weights on the representable sets of the design, normalisations
 *  folded, learned clips of layers' inputs with it. Owned by the caller. */
ASX_API ASX_NODISCARD asx_status asx_trainer_network(asx_network **out, const asx_trainer *trainer,
                                                     asx_error *err);

/**
 * Writes a checkpoint, so that a trainer made with the same arguments goes on exactly from there.
 * The file is replaced as a whole.
 * @return ASX_OK; ASX_ENOMEM; ASX_EIO
 */
ASX_API ASX_NODISCARD asx_status asx_trainer_save(const asx_trainer *trainer, const char *path,
                                                  asx_error *err);

/** The same as bytes, appended. */
ASX_API void asx_trainer_print(asx_text *out, const asx_trainer *trainer);

/** Goes on from such bytes. @param name  what messages call them @return as asx_trainer_resume */
ASX_API ASX_NODISCARD asx_status asx_trainer_parse(asx_trainer *trainer, const char *name,
                                                   const char *bytes, size_t n_bytes,
                                                   asx_error *err);

/** @return ASX_OK; ASX_ENOMEM; ASX_EIO; ASX_EPARSE for a file that is no checkpoint or damaged;
 *          ASX_EINVAL for one of another network, design, data or other options */
ASX_API ASX_NODISCARD asx_status asx_trainer_resume(asx_trainer *trainer, const char *path,
                                                    asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
