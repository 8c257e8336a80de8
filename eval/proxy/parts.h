/* Long lists of values, made piece by piece: what is made is kept, so that a table that was stopped or killed goes on from it.
 * Private. */
#ifndef ASX_EVAL_PARTS_H
#define ASX_EVAL_PARTS_H

#include "calibration_private.h"

typedef struct asx_parts {
    const asx_calibration *calibration; /* its watch is told, asked, and keeps pieces */
    const char *what;      /* "errors of weights"; with `of` the name of what is kept */
    size_t of;             /* what else the values depend on, images say */
    char *out;             /* [n] values of `size` bytes */
    size_t size, n, block; /* values, made `block` at a time */
    /** Makes values first .. first + count - 1, in `out`. */
    asx_status (*make)(void *state, size_t first, size_t count, asx_error *err);
    void *state;
} asx_parts;

/** @return ASX_OK; ASX_EINTERRUPTED; what `make` and the watch say */
ASX_NODISCARD asx_status asx_parts_make(const asx_parts *parts, asx_error *err);

/**
 * As many images for each of `n` runs as `work` multiplications allow, between the bounds, in whole batches: a part of one
 * costs as much.
 */
size_t asx_parts_images(const asx_calibration *calibration, double work, size_t n, size_t least,
                        size_t most);

/** As many runs on so many images at a time as are a few minutes' work, `most` of small networks: what a stop or a kill
 *  loses, and how often progress is told. */
size_t asx_parts_block(const asx_calibration *calibration, size_t images, size_t most);

#endif
