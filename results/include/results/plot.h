/* Pictures of a front, drawn by gnuplot. */
#ifndef ASX_RESULTS_PLOT_H
#define ASX_RESULTS_PLOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "dse/api.h"
#include "dse/design.h"
#include "dse/error.h"
#include "dse/evaluation.h"
#include "dse/score.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum asx_plot_format {
    ASX_PLOT_TEXT, /* characters, for a terminal */
    ASX_PLOT_SVG,  /* shows a design when the mouse rests on its point; no script, no network */
    ASX_PLOT_PNG,
    ASX_PLOT_PDF,
    ASX_PLOT_CSV /* no picture: the numbers that the others draw, as the caller gave them, with all
                    digits; every column is named. gnuplot is not needed */
} asx_plot_format;

/** By the ending of a file name. @return ASX_OK; ASX_EUNSUPPORTED lists the endings */
ASX_API ASX_NODISCARD asx_status asx_plot_format_from_path(asx_plot_format *out, const char *path,
                                                           asx_error *err);

/* Widths of pictures in centimetres: a column of a paper of two (3.5 in), its whole page (7.16 in),
 * and what counts as narrow. Files have ASX_PLOT_PIXELS_CM pixels a centimetre (PNG twice as many). */
#define ASX_PLOT_COLUMN_CM 8.89
#define ASX_PLOT_PAGE_CM   18.1864
#define ASX_PLOT_NARROW_CM 12.0
#define ASX_PLOT_PIXELS_CM 50.0

/* Zeros and NULLs mean the defaults. Strings are borrowed for the call. */
typedef struct asx_plot_options {
    asx_plot_format format;
    const char *path; /* picture; NULL with ASX_PLOT_TEXT and ASX_PLOT_CSV only: to `stream` */
    FILE *stream;
    const char *title;
    bool title_spare;       /* the title is left out of narrow pictures, where a caption says it */
    asx_objective x, y;     /* what the axes are; they must differ */
    const asx_score *score; /* what drops are of; NULL: top1 */
    size_t columns, rows;   /* of the terminal; default 80 x 24 */
    bool color;             /* of the terminal */
    const char *script;     /* keep the gnuplot script, data included, under this name */
    const char *gnuplot;    /* the program; default "gnuplot", looked up in PATH */
    double proven;    /* no design costs less than the front divided by this: drawn; 0: not known */
    size_t dominated; /* designs beside the points that are drawn, which the key counts with them */
    size_t labels; /* at most so many designs are named, as far as there is room; default 14, of a
                      narrow picture 6 */
    double
        width_cm; /* of the picture, as PDF prints it and SVG says; 0: as wide as is comfortable on
                        a screen. Type is as large in any width; what stands side by side goes below
                        each other where it must. Not for characters, which fit the terminal */
} asx_plot_options;

typedef struct asx_plot_point {
    const char *design;
    asx_placement placement;
    const asx_evaluation *evaluation;
    bool front;                    /* on the front; the others make the cloud */
    bool baseline;                 /* marked as such, once */
    const char *name;              /* beside its mark; NULL: the design, cut if long */
    bool trained;                  /* marked as such */
    const asx_evaluation *checked; /* the same design where it was measured; NULL: it was not */
} asx_plot_point;

/**
 * Draws the cloud of dominated designs, the front as steps with a marker per placement, names along
 * it (with a line to them where there is no room beside the mark), the baseline with lines of equal
 * savings, and a ring where a predicted design was measured.
 * Numbers are the caller's; nothing is computed here but the layout.
 *
 * ASX_PLOT_CSV has a row for every point (of dominated ones pictures draw one a spot): `design`, `placement`;
 * `front`, `steps` (the line of the front goes through it), `baseline`, `trained`, each 0 or 1; the two axes by the
 * names of their fields; where designs were measured `measured_` and the name; of a proven front, on the
 * steps, `proven_` and the name: beyond that there is no design.
 *
 * A picture file appears whole or not at all.
 * @return ASX_OK; ASX_EINVAL without points, for two equal axes, or no place to draw to; ASX_EIO
 *         if a file cannot be written or gnuplot is missing or fails, with its message
 */
ASX_API ASX_NODISCARD asx_status asx_plot_front(const asx_plot_options *options,
                                                const asx_plot_point *point, size_t n,
                                                asx_error *err);

/* Values of the two axes, as evaluations hold them, of designs behind a front. */
typedef struct asx_plot_cloud {
    const double *x, *y; /* [n] */
    size_t n;
} asx_plot_cloud;

/**
 * Which designs a picture needs to show where a cloud lies: one for each spot of its own size, and those at the ends of the
 * axes, so that the picture of these looks like that of all.
 *
 * @param options  of asx_plot_front, for which the choice is made; other pictures are no larger
 * @param point    [n] what else will be drawn; n may be 0
 * @param index    [*n_index] of the cloud, ascending; owned by the caller, free(); written on success
 * @return ASX_OK; ASX_ENOMEM
 * Cost: O(n).
 */
ASX_API ASX_NODISCARD asx_status asx_plot_thin(size_t **index, size_t *n_index,
                                               const asx_plot_options *options,
                                               const asx_plot_point *point, size_t n,
                                               const asx_plot_cloud *cloud, asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
