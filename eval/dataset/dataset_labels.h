/* Labels of a data set: a class, numbers or a map of classes per image. Private to eval. */
#ifndef ASX_EVAL_DATASET_LABELS_H
#define ASX_EVAL_DATASET_LABELS_H

#include <stdint.h>

#include "dataset_samples.h"
#include "dse/score.h"

/* Zeroed: none, of classes. */
typedef struct asx_labels {
    asx_label_kind kind;
    uint16_t *class; /* [n], owned; of ASX_LABEL_CLASS */
    unsigned largest;
    asx_samples target; /* of the other kinds: as they are stored */
} asx_labels;

/**
 * Takes the labels of one file. Classes may be a number each, or one-hot: K numbers, all 0 but a 1 for the class.
 *
 * @param more    emptied where it is kept as it is
 * @param before  how many images have labels already
 * @param n       images of this file
 * @return ASX_OK; ASX_ENOMEM; ASX_EPARSE, ASX_EINVAL naming file and image
 */
ASX_NODISCARD asx_status asx_labels_add(asx_labels *inout, asx_samples *more, size_t before,
                                        size_t n, const char *path, asx_error *err);

uint64_t asx_labels_hash(const asx_labels *labels, size_t n, uint64_t seed);
void asx_labels_fini(asx_labels *labels);

/* Of all labels that are numbers. */
typedef struct asx_label_spread {
    double low, high;
    double square,
        absolute; /* mean squared distance from the mean, mean distance from the median; of each output,
                                and of these the mean */
} asx_label_spread;

/** @return ASX_OK; ASX_ENOMEM. Cost: sorting each output's labels. */
ASX_NODISCARD asx_status asx_labels_spread(asx_label_spread *out, const asx_labels *labels,
                                           asx_error *err);

#endif
