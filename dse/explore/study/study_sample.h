/* Private to studies: designs of one kind with their measured drops. */
#ifndef ASX_EXPLORE_STUDY_SAMPLE_H
#define ASX_EXPLORE_STUDY_SAMPLE_H

#include "eval/draw.h"
#include "study_bench.h"

/* Drops: measured on all images and on each half, predicted, and predicted by the best type. */
enum { STUDY_WHOLE, STUDY_FIRST, STUDY_SECOND, STUDY_PREDICTED, STUDY_BEST, STUDY_LISTS };

/* Zeroed: no designs. */
typedef struct study_sample {
    asx_design *design;
    const asx_design **list;
    asx_accuracy *accuracy; /* on all images */
    double *drop[STUDY_LISTS];
    double *damage; /* [n][types][layers] */
    double *total;  /* [n][types] of whole designs: the sum of these, or with cross terms */
    double *whole;  /* [n] by the proxy with a forward pass */
    size_t n, n_images;
    bool halves; /* drops on each half are known */
} study_sample;

/** Room for n designs, which are zeroed. @param j  zeroed; study_sample_fini it in any case */
ASX_NODISCARD asx_status study_sample_room(study_sample *j, size_t n_layers, size_t n,
                                           asx_error *err);
void study_sample_fini(study_sample *j);

/** Draws designs. @param j  zeroed; study_sample_fini it in any case */
ASX_NODISCARD asx_status study_sample_draw(study_sample *j, const asx_draws *draws,
                                           asx_draw_kind kind, size_t n_layers, size_t n,
                                           uint64_t seed, asx_error *err);

/** Measures both halves of the images, as far as they are not known. */
ASX_NODISCARD asx_status study_sample_measure(study_sample *j, study_bench *b, asx_range images,
                                              asx_error *err);

/**
 * Takes what the database has measured on the images, at most a thousand by lot, in an order that does not depend on
 * when it was booked; without designs of `other` [n_others], and without those in a format that is not listed.
 * @param j  zeroed; study_sample_fini it in any case
 */
ASX_NODISCARD asx_status study_sample_stored(study_sample *j, study_bench *b, asx_range images,
                                             const study_sample *const *other, size_t n_others,
                                             const asx_format *format, size_t n_formats,
                                             asx_error *err);

#endif
