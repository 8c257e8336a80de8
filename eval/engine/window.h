/* Windows that slide over feature maps, channels last. Private to eval. */
#ifndef ASX_EVAL_WINDOW_H
#define ASX_EVAL_WINDOW_H

#include "graph.h"

/* The taps of a window at one output position that lie inside the map: first .. end - 1. */
typedef struct asx_span {
    size_t first, end; /* taps */
    size_t n_padded;   /* taps inside the map or its padding */
} asx_span;

/** @param at output position along the axis, of a map of `size` */
static inline asx_span asx_window_span(const asx_window *w, size_t axis, size_t at, size_t size)
{
    asx_span s = {.first = w->kernel[axis]};
    for (size_t tap = 0; tap < w->kernel[axis]; tap++) {
        const size_t x = at * w->stride[axis] + tap * w->dilation[axis]; /* counted from padding */
        if (x >= w->before[axis] + size + w->after[axis])
            break;
        s.n_padded++;
        if (x < w->before[axis] || x >= w->before[axis] + size)
            continue;
        if (s.first == w->kernel[axis])
            s.first = tap;
        s.end = tap + 1;
    }
    return s;
}

/** Address of the channels of the input pixel under tap (i, j) at output position `at`. */
static inline const float *asx_window_pixel(const asx_value *v, const float *image,
                                            const asx_window *w, const size_t at[2], size_t i,
                                            size_t j)
{
    const size_t y = at[0] * w->stride[0] + i * w->dilation[0] - w->before[0];
    const size_t x = at[1] * w->stride[1] + j * w->dilation[1] - w->before[1];
    return image + (y * v->dim[2] + x) * v->dim[0];
}

#endif
