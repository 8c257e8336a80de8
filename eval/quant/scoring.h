/* What is noted of a network's answer on an image, and what the notes of all images come to. Private to eval.
 *
 * A note is one byte where images are counted; else `width` doubles: an error, a PSNR, a score; of r2 a squared error per
 * output; of pixel the right ones and all; of miou intersections, then unions, per class. */
#ifndef ASX_EVAL_SCORING_H
#define ASX_EVAL_SCORING_H

#include <stdbool.h>

#include "dse/estimate.h"
#include "eval/dataset.h"
#include "eval/network.h"

typedef struct asx_scoring {
    const asx_dataset *data; /* borrowed */
    asx_range images;
    asx_score score;
    size_t n_out;     /* numbers that the network gives for an image */
    size_t n_targets; /* numbers of a label */
    size_t n_classes; /* of an image, or of a pixel */
    size_t class_step,
        pixel_step;     /* of a map: from a number to the next class's, the next pixel's */
    size_t n_sums;      /* ratios of sums: outputs of r2, classes of miou, 1 of pixel */
    size_t width, size; /* of a note: doubles, bytes */
    bool squash;        /* a sigmoid was taken off the network's end */
    double middle;      /* of a map of one number a pixel: class 1 is above it */
    double *spread; /* [images][n_sums], owned: r2: squared distance of labels from their mean */
    bool *use;      /* [n_sums], owned: outputs whose labels differ, classes that labels have */
} asx_scoring;

/**
 * @param out     asx_scoring_fini it; with labels that cannot be scored nothing needs it
 * @param images  checked by asx_infer_check
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL if labels or measure do not fit what the network gives, naming the image;
 *         ASX_EUNSUPPORTED for an output that the measure is not for
 */
ASX_NODISCARD asx_status asx_scoring_init(asx_scoring *out, const asx_network *network,
                                          const asx_dataset *data, asx_range images,
                                          asx_error *err);
void asx_scoring_fini(asx_scoring *scoring);

/** Finds classes and steps of a map of n_targets pixels in n_out numbers; of one number a pixel `middle` is set, else NAN.
 *  @return ASX_OK; ASX_EINVAL if it is none */
ASX_NODISCARD asx_status asx_scoring_find_map(asx_scoring *inout, const asx_network *network,
                                              asx_error *err);

/** Notes the answer on an image of the data set. @param out [n_out] */
void asx_scoring_note(void *note, const asx_scoring *scoring, size_t image, const float *out);

/** The same of an answer [n_targets] in numbers that no network gave. */
void asx_scoring_note_numbers(double *note, const asx_scoring *scoring, size_t image,
                              const double *answer);

/** Accuracy of notes against those of the float network, both [images][size]. @return ASX_OK; ASX_ENOMEM */
ASX_NODISCARD asx_status asx_scoring_sum(asx_accuracy *out, const asx_scoring *scoring,
                                         asx_tier tier, const void *of_float, const void *notes,
                                         asx_error *err);

/** What an answer that is the same for all images reaches: their mean, median or commonest class, whichever the measure
 *  likes best. Not for images that are counted. @return ASX_OK; ASX_ENOMEM */
ASX_NODISCARD asx_status asx_scoring_guess(double *out, const asx_scoring *scoring, asx_error *err);

#endif
