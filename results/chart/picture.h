/* A front laid out for drawing: axes, the order of its points, names. plot.c lays it out,
 * plot_iso.c and plot_script.c write it down. */
#ifndef ASX_RESULTS_PICTURE_H
#define ASX_RESULTS_PICTURE_H

#include "axis.h"
#include "labels.h"
#include "results/plot.h"

typedef struct picture {
    const asx_plot_options *options;
    const asx_plot_point *point;
    size_t n;
    axis x, y;
    bool narrow;          /* for a column of a page: fewer names and ticks */
    size_t width, height; /* pixels, or characters of a terminal */
    label_canvas canvas;  /* the inner area, in the same unit */
    double left, bottom;  /* of the inner area */
    double title_extra;   /* above it: what a title needs that is not of a line in a wide picture */
    size_t *stair;        /* [n_stairs] points of the steps, from left to right */
    size_t n_stairs;
    size_t *cloud; /* [n_cloud] dominated points, one per spot of the picture */
    size_t n_cloud, n_dominated;
    label *label; /* [n_stairs] */
} picture;

/* picture.c */

/** Shown coordinates of a point. */
double asx_picture_x(const picture *p, size_t i);
double asx_picture_y(const picture *p, size_t i);

/** A point's name, if it was given one, or its design. */
const char *asx_picture_text(const asx_plot_point *point);

/** A design's text; a long one is cut to the format of most layers and the
 * number of layers that differ: "near: w4{1,3}a8 +7". */
enum { PICTURE_NAME_MAX = 36 };
size_t asx_picture_name(char out[PICTURE_NAME_MAX + 1], const char *design);

/* plot_iso.c */

/** Appends lines of equal worth against the baseline, if there is one, and their labels.
 *  @return whether they are curves, which asx_picture_iso_clauses adds to the plot command */
bool asx_picture_iso(asx_text *script, const picture *p, double font);
void asx_picture_iso_clauses(asx_text *script, const picture *p);

/* plot_script.c */

/** Appends the whole gnuplot script that draws to `output`; NULL: to standard output. */
void asx_picture_script(asx_text *script, const picture *p, const char *output);

#endif
