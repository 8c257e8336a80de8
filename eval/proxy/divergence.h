/* How far a design's answers are from another's, without labels: Kullback-Leibler divergence of the
 * classes, squared change of the logits. Private to eval. */
#ifndef ASX_EVAL_DIVERGENCE_H
#define ASX_EVAL_DIVERGENCE_H

#include "calibration_private.h"
#include "dse/design.h"
#include "eval/dataset.h"

/* Means over images. */
typedef struct asx_change {
    /* Kullback-Leibler divergence, in nats, of the class probabilities (softmax of the logits):
     * what is left of accuracy where there are no labels, and less noisy than counts of right
     * answers */
    double divergence;
    /* squared change of the logits, less what all classes have in common: says nothing of how near
     * decisions were, but a few images are enough for it. Of maps both are means over pixels; of numbers
     * that are no classes both are the squared change. */
    double square;
    /* squared change of the class probabilities, over all classes: at most 2, so that images that are lost already count
     * no more the more is lost */
    double probability;
} asx_change;

/* Answers of a design that others are compared with. Zeroed: none. */
typedef struct asx_answers {
    asx_range images;
    size_t n_out;
    size_t n_groups,
        group_step; /* of outputs that are classes, a group for every pixel of a map; 0: numbers */
    size_t n_classes, class_step;
    float *logit, *log_p; /* [images][n_out]; log_p: their log softmax */
} asx_answers;

/** Runs `base`. @param out  asx_answers_fini it @param images checked */
ASX_NODISCARD asx_status asx_answers_init(asx_answers *out, asx_calibration *calibration,
                                          const asx_dataset *data, asx_range images,
                                          const asx_design *base, asx_error *err);
void asx_answers_fini(asx_answers *answers);

/** What changes on an image of `base` (0: its first) if these are the answers. @param x [n_out] */
asx_change asx_answers_change(const asx_answers *base, size_t image, const float *x);

/**
 * Changes of the logits that designs make to those of `base`, on its images; less what all classes have in common.
 * @param out [n][images][n_out]
 */
ASX_NODISCARD asx_status asx_answers_shifts(float *out, asx_calibration *calibration,
                                            const asx_dataset *data, const asx_answers *base,
                                            const asx_design *design, size_t n, asx_error *err);

/**
 * What changes in the answers when a design takes the place of the one that `base` is of, on its
 * images. Designs are spread over threads; those that are neighbours in the list and begin alike
 * share work. @param out [n]
 */
ASX_NODISCARD asx_status asx_divergence_from(asx_change *out, asx_calibration *calibration,
                                             const asx_dataset *data, const asx_answers *base,
                                             const asx_design *design, size_t n, asx_error *err);

/**
 * Both: runs `base`, and says what changes when a design takes its place.
 *
 * @param out    [n]
 * @param images checked
 */
ASX_NODISCARD asx_status asx_divergence(asx_change *out, asx_calibration *calibration,
                                        const asx_dataset *data, asx_range images,
                                        const asx_design *base, const asx_design *design, size_t n,
                                        asx_error *err);

/** The range, no longer than n. */
static inline asx_range asx_range_first(asx_range images, size_t n)
{
    return images.end - images.first > n ? (asx_range){images.first, images.first + n} : images;
}

#endif
