/* An axis: which unit, which scale, which range, where the ticks are. */
#ifndef ASX_RESULTS_AXIS_H
#define ASX_RESULTS_AXIS_H

#include "dse/evaluation.h"
#include "dse/score.h"
#include "dse/text.h"

typedef enum axis_scale {
    AXIS_LINEAR,
    AXIS_LOG,  /* positive values over more than a factor of five */
    AXIS_ASINH /* linear up to about a point, logarithmic beyond: drops from below 0 to 90 points */
} axis_scale;

typedef struct axis {
    axis_scale scale;
    double factor;    /* shown = value / factor */
    double low, high; /* shown range */
    double knee;      /* of AXIS_ASINH: linear up to about this */
    const char *unit; /* "uJ" as it is written in papers; "": none */
    const char *help;
} axis;

/* The label of y in a picture of characters: above the axis' end, from the left edge, since gnuplot
 * writes no text upright there and cuts what does not fit beside the ticks. To be followed by the
 * quoted text; %d: the left margin. */
#define ASX_TEXT_Y_LABEL "unset ylabel\nset label 1002 at graph 0,1 offset character -%d,1 "

/** The axis that shows values of an objective between `low` and `high`. @param score  of drops; NULL: top1 */
axis asx_axis_make(asx_objective objective, const asx_score *score, double low, double high);

/** Appends "energy per inference (nJ)"; without a unit the words alone. @param help  NULL: the axis' own */
void asx_axis_name(asx_text *out, const axis *a, const char *help);

/** 1, 2 or 5 times a power of ten, so that `range` has at most `n` steps. */
double asx_axis_step(double range, int n);

/** Where a shown value lies: 0 at the low end, 1 at the high end. */
double asx_axis_at(const axis *a, double shown);

/** Appends the gnuplot commands for axis 'x' or 'y'. @param n_ticks about so many */
void asx_axis_script(asx_text *script, const axis *a, char name, int n_ticks);

/** The same for a scale of colours, whose values are those of asx_axis_at. */
void asx_axis_color_script(asx_text *script, const axis *a, int n_ticks);

/** The same ticks as labels along a vertical line at `x`, where [0:1] is the range of y. */
void asx_axis_labels(asx_text *script, const axis *a, double x, int n_ticks);

#endif
