/* Naming points of a picture without names covering points or each other. */
#ifndef ASX_RESULTS_LABELS_H
#define ASX_RESULTS_LABELS_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/error.h"

#define ASX_LABEL_CLEAR 0.6

/* Lengths are those of the canvas, y upwards. */
typedef struct label_canvas {
    double width, height;           /* of the plot's inner area */
    double char_width, char_height; /* of the labels' font */
    double gap;                     /* between a point and its name */
    bool leaders;                   /* lines may lead from a point to a name further away */
    bool cells; /* of a terminal: names stand in whole characters, which are twice as high as wide,
                   and points in the middle of one */
} label_canvas;

typedef struct label {
    double x, y;           /* of the point, on the canvas */
    size_t n_chars;        /* of its name */
    double text_x, text_y; /* set: where the text begins or ends, mid-height */
    int side;              /* set: 0 no room, -1 the text ends at text_x, 1 it begins there */
    bool leader; /* set: a line goes from the text's edge, at line_x, line_y, to the point */
    double line_x, line_y;
} label;

/**
 * Places names for as many labels as have room, at most `max`, spread along their order. Names
 * cover neither each other nor the labels' own points nor markers, and stay on the canvas. A name
 * without a line is clearly nearest to its own point: its distance to that one is less than
 * ASX_LABEL_CLEAR of the distance to any other point and marker, both from the name's box and from
 * the line through its middle, so that it is not level with another either. With
 * leaders, names cover no obstacle either: where there is no room beside the point, the name goes
 * to the nearest free place, with a line that crosses no name, no other line and not the front, and
 * keeps off all markers. Without, names cover as few obstacles as can be.
 *
 * The same input gives the same places. Cost: O((n + n_markers) per place tried), of which there
 * are at most 256 times a few hundred; obstacles are counted once.
 * @param label     in order along the front
 * @param obstacle  [n_obstacles][2] points on the canvas; may be NULL if there are none
 * @param n_markers so many of them, the first, are not covered at all
 * @return ASX_OK; ASX_ENOMEM
 */
asx_status asx_labels_place(label *label, size_t n, size_t max, const double *obstacle,
                            size_t n_obstacles, size_t n_markers, const label_canvas *canvas,
                            asx_error *err);

#endif
