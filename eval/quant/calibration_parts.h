/* What a calibration is made of. Private to its two files: calibration.c takes the samples,
 * calibration_scale.c finds scales by them. */
#ifndef ASX_EVAL_CALIBRATION_PARTS_H
#define ASX_EVAL_CALIBRATION_PARTS_H

#include <omp.h>

#include "calibration_private.h"
#include "means.h"
#include "sample.h"

/* A word some operand was asked in. */
typedef struct asx_input_word {
    asx_word word;
    asx_rounder *rounder;
    asx_scale *scale; /* per layer, then of second operands; scale 0: not known yet */
} asx_input_word;

struct asx_calibration {
    asx_calibration_options options;
    asx_plan *plan;
    asx_projections *projections;
    asx_sample *sample; /* per layer */
    asx_sample *second; /* per layer: of the second operands of products */
    asx_means means;    /* if biases are corrected */
    asx_reconstruction reconstruction;
    asx_groups groups;
    asx_lookups *lookups;
    double *peak;    /* per value; the largest of its group where it stands for one */
    omp_lock_t lock; /* of the list of words; its members stay where they are */
    asx_input_word **word;
    size_t n_words, capacity;
    const asx_crew *crew;        /* borrowed; NULL: nobody else works */
    const asx_work_watch *watch; /* borrowed; NULL: nobody */
    const asx_dataset *shared;
};

/* calibration_scale.c */

void asx_input_word_free(asx_input_word *word);

#endif
