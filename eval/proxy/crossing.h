/* Cross terms: what layers do to the answers together. A format in a layer shifts the logits of a few images; shifts of
 * layers are added up, and only their sum is turned into a divergence, so that errors add or cancel as they would:
 *
 *   damage(design) = mean over images of KL(p(z) || p(z + sum over layers of shift[layer][format]))
 *
 * It is convex in the sum, to second order the Gauss-Newton form of CLADO (Z. Deng et al., arXiv 2307.05657) with all its
 * cross terms, and saturates as answers do. Shifts of a layer have few directions: the table holds coordinates. Private. */
#ifndef ASX_EVAL_CROSSING_H
#define ASX_EVAL_CROSSING_H

#include <stdbool.h>
#include <stdint.h>

#include "divergence.h"

/* Zeroed: none. */
typedef struct asx_crossing {
    asx_answers base;
    size_t n_layers, n_formats, rank;
    float *direction;  /* [n_layers][rank][images][n_out] */
    float *coordinate; /* [n_layers][n_formats][rank] */
} asx_crossing;

/* Of an image; and all images of a table together have no more, or are one. */
enum { ASX_CROSSING_OUTPUTS = 16384 };

/** Room for the directions and coordinates of `base`'s images, all zero. Takes the base over, also on failure. */
ASX_NODISCARD asx_status asx_crossing_init(asx_crossing *out, asx_answers *base, size_t n_layers,
                                           size_t n_formats, size_t rank, asx_error *err);
void asx_crossing_fini(asx_crossing *crossing);

/** Damage of a design. @param format [n_layers] */
double asx_crossing_damage(const asx_crossing *crossing, const uint16_t *format);

/** Of a design with that format in that layer, which shifts nothing in any other. */
double asx_crossing_alone(const asx_crossing *crossing, size_t layer, size_t format);

/**
 * A plane below the damages of all designs, that touches (but for the rounding of sums) at a mixture: the damage of a
 * design, as asx_crossing_damage computes it, is `constant` plus its formats' slopes, or more. crossing_tangent.c
 * @param slope   [n_layers][n_formats]
 * @param weight  [n_layers][n_formats] shares of formats in the mixture, of each layer 1 in all; a design's are 0 and 1
 * Cost: about that of five damages.
 */
ASX_NODISCARD asx_status asx_crossing_tangent(double *constant, double *slope,
                                              const asx_crossing *crossing, const double *weight,
                                              asx_error *err);

/** Numbers of all images' outputs: [images][n_out]. */
static inline size_t asx_crossing_size(const asx_answers *base)
{
    return (base->images.end - base->images.first) * base->n_out;
}

/* ---- as bytes ---- */

size_t asx_crossing_n_bytes(const asx_crossing *crossing);
void asx_crossing_write(unsigned char *out, const asx_crossing *crossing);

/** @return ASX_OK; ASX_ENOMEM; ASX_EPARSE unless they are all bytes of a table of that many layers and formats */
ASX_NODISCARD asx_status asx_crossing_read(asx_crossing *out, const unsigned char *bytes, size_t n,
                                           size_t n_layers, size_t n_formats, asx_error *err);

/* ---- how it is found: linear algebra on lists of shifts (crossing_fit.c) ---- */

/**
 * The directions in which shifts differ most: the first right singular vectors.
 * @param out    [rank][n], orthonormal; those beyond the rank of `shift` are zero
 * @param shift  [m][n]
 */
ASX_NODISCARD asx_status asx_crossing_directions(float *out, size_t rank, const float *shift,
                                                 size_t m, size_t n, asx_error *err);

/**
 * Coordinates of a shift of which only the first numbers are known, by least squares with a weak pull to zero.
 * @param out        [m][rank]
 * @param direction  [rank][n]
 * @param shift      [m][n_known], n_known <= n
 */
ASX_NODISCARD asx_status asx_crossing_coordinates(float *out, const float *direction, size_t rank,
                                                  size_t n, const float *shift, size_t m,
                                                  size_t n_known, asx_error *err);

/**
 * Moves all directions so that sums come near the shifts of whole designs, scaled: in the company of others layers shift
 * less than alone, some more so, and only that they differ matters to a ranking. Ridge regression of what the sums leave of the
 * scaled shifts, in its dual form; the scale is that of least squares.
 * @param format  [m][n_layers] of the designs
 * @param shift   [m][images][n_out] of them
 */
ASX_NODISCARD asx_status asx_crossing_correct(asx_crossing *crossing, const uint16_t *format,
                                              const float *shift, size_t m, asx_error *err);

#endif
