/* Panels and what is around them, in pixels or characters: beside each other, or to a width. */
#ifndef ASX_RESULTS_PANELS_LAYOUT_H
#define ASX_RESULTS_PANELS_LAYOUT_H

#include "chart_scale.h"

enum { PANELS_LINE = 21, PANELS_NO_TITLE = 8 }; /* heights: of a line of a key, above all panels */

/* Around the inner area of a panel. */
typedef struct margins {
    size_t left, right, shades,
        bottom; /* shades: on the right, of a panel with a scale of colours */
} margins;

typedef struct panels {
    const asx_plot_options *options;
    const asx_chart_panel *panel;
    chart_scale (*scale)[CHART_DIRECTIONS]; /* [n] */
    size_t n, columns, rows;
    size_t width, height; /* of one panel */
    margins around;
    bool sized;        /* to a width that was asked for */
    double title, top; /* heights: above all panels, above the inner area of each */
} panels;

/** Fills in all sizes; options, panels and scales are there. */
void panels_lay_out(panels *p);

bool panels_is_text(const panels *p);
bool panel_has_shades(const asx_chart_panel *panel);

/** Of the whole picture, in pixels. */
double panels_width(const panels *p);
double panels_height(const panels *p);

/** Of a panel, in pixels. */
size_t panels_right(const panels *p, const asx_chart_panel *panel);
size_t panels_inner_width(const panels *p, const asx_chart_panel *panel);
double panels_title_height(const panels *p, const asx_chart_panel *panel);

/** Characters that a panel's title may have in a line: up to the panel's right edge. */
size_t panels_title_chars(const panels *p);

/** Rows and columns of a panel's key. */
void panels_key_size(size_t *rows, size_t *columns, const panels *p, const asx_chart_panel *panel);

/** Ticks that there is room for. */
int panels_ticks_across(const panels *p, const asx_chart_panel *panel);
int panels_ticks_up(const panels *p);

#endif
