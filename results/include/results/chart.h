/* Pictures of anything but the front alone: panels of points and lines, stacked bars, maps. The
 * numbers are the caller's; every kind comes as SVG (a text per mark when the mouse rests on it),
 * PNG, PDF and as characters. Options are those of results/plot.h; `x`, `y` and `labels` have no
 * meaning here. All strings and arrays are borrowed for the call.
 *
 * ASX_PLOT_CSV writes the numbers instead: columns have the names of `field`, or those of objectives
 * (as `asx query` has them); texts are those under the mouse. */
#ifndef ASX_RESULTS_CHART_H
#define ASX_RESULTS_CHART_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/api.h"
#include "dse/error.h"
#include "results/plot.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum asx_chart_style { ASX_CHART_POINTS, ASX_CHART_LINES, ASX_CHART_STEPS } asx_chart_style;

/* Colours told apart by the colour-blind: 0 .. 7 in turn; grey for what is behind. Points beyond go
 * through the colours again in other shapes: up to ASX_CHART_COLORS * ASX_CHART_SHAPES differ. */
enum { ASX_CHART_GREY = -1, ASX_CHART_COLORS = 8, ASX_CHART_SHAPES = 5 };

typedef struct asx_chart_series {
    const char *name;  /* in the key; NULL: not there */
    const char *field; /* in column `series` of numbers; NULL: the name. Lines and marks of the same
                          arrays are one series there, the last */
    asx_chart_style style;
    int color;
    size_t n;
    const double *x, *y;          /* [n]; a NaN interrupts a line */
    const double *y_low, *y_high; /* [n] intervals, drawn as bars; both or neither NULL */
    const double *shade;          /* [n] colours by a scale instead; may be NULL */
    const char *const *hover;     /* [n]; may be NULL, as may its members */
} asx_chart_series;

typedef struct asx_chart_axis {
    const char *label; /* with its unit */
    const char *field; /* the column in numbers; NULL: that of the objective, or x, y, shade */
    bool log;
    const char *const *tick; /* [n_ticks] names of 0, 1, 2, ... in place of numbers; may be NULL */
    size_t n_ticks;
    bool is_objective; /* unit, scale and ticks as pictures of fronts have them, for values as */
    asx_objective objective; /* evaluations hold them; `label`: without unit, or NULL */
} asx_chart_axis;

/* The axis of an objective. */
ASX_API asx_chart_axis asx_chart_objective(asx_objective objective);

typedef struct asx_chart_panel {
    const char *title; /* may be NULL */
    const char *field; /* in column `panel` of numbers; NULL: 1, 2, ... */
    asx_chart_axis x, y;
    asx_chart_axis shade; /* of series with `shade`; `log` and `tick` have no meaning */
    const asx_chart_series *series;
    size_t n_series;
    bool diagonal; /* the line x = y, and the same range on both axes */
} asx_chart_panel;

/**
 * Draws panels side by side; as characters: one below the other. Numbers: a row for each point, with `panel` if
 * there are several, `series` if they have names, all axes, `_low` and `_high` behind an axis with intervals, and
 * `design` if there are texts.
 * @return ASX_OK; ASX_EINVAL without a point, or no place to draw to; ASX_EIO, ASX_ENOMEM
 */
ASX_API ASX_NODISCARD asx_status asx_plot_panels(const asx_plot_options *options,
                                                 const asx_chart_panel *panel, size_t n,
                                                 asx_error *err);

/* Parallel coordinates: one line per design over the axes of objectives, each with its own scale.
 */
typedef struct asx_chart_parallel {
    size_t n, n_axes;
    const asx_objective *objective; /* [n_axes]; the first gives the lines their colours */
    const double *value;            /* [n][n_axes] as evaluations hold them */
    const char *const *hover;       /* [n] */
    const char *const *name;        /* [n] for a picture of characters, which draws gauges */
} asx_chart_parallel;

/** Numbers: a row for each line, `design` and the fields of the objectives.
 *  @return as asx_plot_panels; ASX_EINVAL also for fewer than two axes or a value not finite */
ASX_API ASX_NODISCARD asx_status asx_plot_parallel(const asx_plot_options *options,
                                                   const asx_chart_parallel *parallel,
                                                   asx_error *err);

/* Horizontal bars, each stacked of the same parts. */
typedef struct asx_chart_bars {
    const char *label;        /* of the axis, with its unit */
    const char *field, *unit; /* in numbers: "energy", "pj" */
    double factor;            /* how many of `unit` are one of the label's; 0: they are the same */
    size_t n, n_parts;
    const char *const *name;       /* [n] */
    const char *const *note;       /* [n] behind the bar's end; may be NULL */
    const char *const *part;       /* [n_parts] */
    const char *const *part_label; /* [n_parts] in pictures; NULL: as `part` */
    const char *const *color;      /* [n_parts] "#rrggbb" */
    const double *value;           /* [n][n_parts], >= 0, in `unit` */
} asx_chart_bars;

/** Numbers: a row for each bar: `design`, the sum ("energy_pj"), every part ("multiply_pj").
 *  @return as asx_plot_panels; ASX_EINVAL also for a negative value */
ASX_API ASX_NODISCARD asx_status asx_plot_bars(const asx_plot_options *options,
                                               const asx_chart_bars *bars, asx_error *err);

/* A map of cells: the darker, the larger. */
typedef struct asx_chart_map {
    const char *row_label; /* of a picture of characters; elsewhere names say what they are */
    const char *column_label, *shade_label;
    const char *row_field, *column_field, *value_field, *cell_field; /* columns of numbers */
    size_t n_rows, n_columns;
    const char *const *row;    /* [n_rows] names, from top to bottom */
    const char *const *column; /* [n_columns] */
    const double *value;       /* [n_rows][n_columns]; NaN: an empty cell */
    const char *const *cell;   /* [n_rows][n_columns] text, where there is room; may be NULL */
    const char *const *hover;  /* [n_rows][n_columns]; may be NULL */
    double low, high;          /* of the scale; low < high */
} asx_chart_map;

/** Numbers: a row for each cell that is not empty. @return as asx_plot_panels */
ASX_API ASX_NODISCARD asx_status asx_plot_map(const asx_plot_options *options,
                                              const asx_chart_map *map, asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
