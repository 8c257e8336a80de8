/* First and second moments of a layer's input and output over patches (patch.h): all that least squares needs to know of
 * calibration images. Private. */
#ifndef ASX_EVAL_MOMENTS_H
#define ASX_EVAL_MOMENTS_H

#include "plan.h"

/* Sums, until asx_moments_end makes means of them. */
typedef struct asx_moments {
    size_t groups, depth, channels; /* channels: of all groups */
    double *square;                 /* [groups][depth][depth]: x x^T */
    double *cross;                  /* [channels][depth]: y x */
    double *mean_x, *mean_y;        /* [groups][depth], [channels] */
    double count;
} asx_moments;

/* Those of some patches, in floats: what one thread works in. */
typedef struct asx_moments_part {
    float *square, *cross; /* of one group after the other, as above */
    double *mean_x, *mean_y;
    size_t rows;
} asx_moments_part;

ASX_NODISCARD asx_status asx_moments_init(asx_moments *out, const asx_node *node, asx_error *err);
void asx_moments_fini(asx_moments *moments);

ASX_NODISCARD asx_status asx_moments_part_init(asx_moments_part *out, const asx_moments *moments,
                                               asx_error *err);
void asx_moments_part_fini(asx_moments_part *part);

/**
 * Moments of patches.
 * @param x  [rows][groups x depth]
 * @param y  [rows][channels]; NULL: none, their moments are left as they are
 */
ASX_NODISCARD asx_status asx_moments_take(asx_moments_part *part, const asx_moments *moments,
                                          const float *x, const float *y, size_t rows,
                                          asx_error *err);

/** Adds what was taken: the same sums if it is always done in one order. */
void asx_moments_add(asx_moments *moments, const asx_moments_part *part);

/** Means. @param bias  [channels] what outputs have beside x w, which is taken off; NULL: means are of what differs from
 *  the mean, since a bias will take care of that */
void asx_moments_end(asx_moments *moments, const float *bias);

#endif
