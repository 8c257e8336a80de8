/* The measured tier: accuracy of a design (top-1, or what asx_dataset_set_score says), by running its network on labelled images.
 *
 * Weights are projected onto their word's representable set and the input of every layer with
 * weights onto its word's. An alphabet set multiplier is exact on represented operands, so the
 * network computed here, on integers and exactly, *is* the network of such multipliers. */
#ifndef ASX_EVAL_MEASURE_H
#define ASX_EVAL_MEASURE_H

#include "dse/accuracy.h"
#include "dse/api.h"
#include "dse/design.h"
#include "dse/error.h"
#include "dse/evaluator.h"
#include "dse/text.h"
#include "eval/calibration.h"
#include "eval/dataset.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A set of images with the float network's predictions on them. All functions that take one may be
 * called from several threads at once, and give the same numbers whatever their number. */
typedef struct asx_measure asx_measure;

/**
 * Whether a measure could be made: images fit the network, labels what it gives. Nothing is run.
 * @return as asx_measure_new
 */
ASX_API ASX_NODISCARD asx_status asx_measure_check(const asx_network *network,
                                                   const asx_dataset *data, asx_range images,
                                                   asx_error *err);

/**
 * Runs the float network on the images.
 *
 * @param calibration  borrowed for the life of `*out`; any number of measures may share it
 * @param data, images what is measured on; `data` is borrowed for the life of `*out`
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL if the images' shape is not the network's, the range is
 *         empty or outside the data, a label has no class (naming image and label), or labels do not fit what the
 *         network gives; ASX_EUNSUPPORTED for an output that the measure is not for
 */
ASX_API ASX_NODISCARD asx_status asx_measure_new(asx_measure **out, asx_calibration *calibration,
                                                 const asx_dataset *data, asx_range images,
                                                 asx_error *err);
ASX_API void asx_measure_free(asx_measure *measure);

ASX_API asx_calibration *asx_measure_calibration(const asx_measure *measure);

/**
 * Lets a measure state drops against another's float network, from which its own was trained.
 * @return ASX_OK; ASX_EINVAL if the two are not of the same images
 */
ASX_API ASX_NODISCARD asx_status asx_measure_refer(asx_measure *measure,
                                                   const asx_measure *reference, asx_error *err);

/** What it measures by; borrowed. */
ASX_API const asx_score *asx_measure_score(const asx_measure *measure);

/**
 * Makes the float network's own answers the classes of all images: accuracy is then agreement with it.
 * @param calibration  of the network
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL, ASX_EUNSUPPORTED if images do not fit the network, or it gives no classes;
 *         ASX_EINTERRUPTED
 * Cost: the float network on all images
 */
ASX_API ASX_NODISCARD asx_status asx_measure_label(asx_dataset *data,
                                                   const asx_calibration *calibration,
                                                   asx_error *err);

/** Accuracy of the float network: tier ASX_TIER_FLOAT, drop 0. */
ASX_API asx_accuracy asx_measure_float(const asx_measure *measure);

/**
 * What an answer that is the same for all images would reach, in the unit of the measure: the mean of the labels, their
 * median (mae), the commonest class of pixels; 50 of auc. Not where images are counted.
 * @return ASX_OK; ASX_ENOMEM
 */
ASX_API ASX_NODISCARD asx_status asx_measure_guess(double *out, const asx_measure *measure,
                                                   asx_error *err);

/**
 * Accuracy of a design; its placement does not matter. If the calibration has faults: the mean over as many devices as
 * these say, by asx_accuracy_of_seeds. Images are spread over OpenMP threads unless
 * the caller is inside a parallel region already.
 *
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL if the design has not one format per layer of the network
 */
ASX_API ASX_NODISCARD asx_status asx_measure_design(asx_accuracy *out, const asx_measure *measure,
                                                    const asx_design *design, asx_error *err);

/**
 * The same for many designs, which share the work of first layers that are alike: cheaper than one
 * by one, with the same results.
 *
 * @param out  [n], in the order of `design`
 */
ASX_API ASX_NODISCARD asx_status asx_measure_designs(asx_accuracy *out, const asx_measure *measure,
                                                     const asx_design *const *design, size_t n,
                                                     asx_error *err);

/**
 * Runs the bare kernels of a design, layer after layer on the calling thread, and nothing else:
 * what measuring n_images would cost if all but multiplying were free. For benchmarks.
 * @return as asx_measure_design; ASX_EUNSUPPORTED if the design's words do not fit 8-bit kernels
 */
ASX_API ASX_NODISCARD asx_status asx_measure_kernels(const asx_measure *measure,
                                                     const asx_design *design, size_t n_images,
                                                     asx_error *err);

/**
 * Multiplies two n x n matrices of bytes on the calling thread, `repeats` times: about as many
 * multiplications a second as the processor can do, which bounds any network. For benchmarks.
 * @return ASX_OK; ASX_ENOMEM; ASX_EUNSUPPORTED
 */
ASX_API ASX_NODISCARD asx_status asx_measure_product(size_t n, size_t repeats, asx_error *err);

/** Fills in the accuracy of evaluations. @param measure borrowed for the life of `*out` */
ASX_API ASX_NODISCARD asx_status asx_measure_evaluator(asx_evaluator *out,
                                                       const asx_measure *measure, asx_error *err);

/** Appends what the measured tier computes in floats between words, as "3 Normalise, 1 Gelu": on the
 *  reals that integers stand for, rounded to integers again. Nothing where there is nothing. */
ASX_API void asx_network_between_words(asx_text *out, const asx_network *network);

#ifdef __cplusplus
}
#endif

#endif
