/* Naming points of a picture without names covering points or each other. */
#ifndef ASX_RESULTS_LABELS_H
#define ASX_RESULTS_LABELS_H

#include <stddef.h>

#include "dse/error.h"

/* Lengths are those of the canvas, y upwards. */
typedef struct label_canvas {
    double width, height;           /* of the plot's inner area */
    double char_width, char_height; /* of the labels' font */
    double gap;                     /* between a point and its name */
} label_canvas;

typedef struct label {
    double x, y;           /* of the point, on the canvas */
    size_t n_chars;        /* of its name */
    double text_x, text_y; /* set: where the text begins or ends, mid-height */
    int side;              /* set: 0 no room, -1 the text ends at text_x, 1 it begins there */
} label;

/**
 * Places names for as many labels as have room, at most `max`, spread along their order.
 * @param label     in order along the front
 * @param obstacle  [n_obstacles][2] points on the canvas that names should cover as few of as can
 *                  be, beside the labels' own, which none covers
 * @param n_markers so many of them, the first, are not covered at all
 * @return ASX_OK; ASX_ENOMEM
 */
asx_status asx_labels_place(label *label, size_t n, size_t max, const double *obstacle,
                            size_t n_obstacles, size_t n_markers, const label_canvas *canvas,
                            asx_error *err);

#endif
