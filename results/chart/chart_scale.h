/* The scales of a panel: those of objectives, or plain numbers. */
#ifndef ASX_RESULTS_CHART_SCALE_H
#define ASX_RESULTS_CHART_SCALE_H

#include "axis.h"
#include "results/chart.h"

typedef enum chart_direction { CHART_X, CHART_Y, CHART_SHADE, CHART_DIRECTIONS } chart_direction;

/* One direction of a panel. */
typedef struct chart_scale {
    const asx_chart_axis *of;
    axis objective;   /* if the axis is one */
    double factor;    /* shown = value / factor */
    bool upright;     /* names of ticks, which have no room beside each other */
    double low, high; /* of the finite values; low > high: there are none */
    bool thousands;   /* plain numbers from about 0 to many thousands: ticks say 12k */
} chart_scale;

/** Fits the scales of a panel to its finite points. @param scale [CHART_DIRECTIONS] */
void asx_chart_scales_make(chart_scale *scale, const asx_chart_panel *panel,
                           const asx_score *score);

/** An objective's name instead of its description, unless the panel says another. */
void asx_chart_scale_shorten(chart_scale *scale);

/** Characters of the longest tick, about. */
size_t asx_chart_scale_tick_chars(const chart_scale *scale, int n_ticks);

/** Appends range, ticks and label. @param n_ticks  about so many fit */
void asx_chart_scale_script(asx_text *script, const chart_scale *scale, chart_direction direction,
                            int n_ticks);

/** What stands in a data block for a value; of colours of an objective: where on the scale. */
double asx_chart_scale_value(const chart_scale *scale, chart_direction direction, double value);

/** What the axis says of itself: "measured drop (points)". */
void asx_chart_scale_label(asx_text *text, const chart_scale *scale);

/** "energy 12.3 uJ", or nothing for an axis of plain numbers. */
void asx_chart_scale_text(asx_text *text, const chart_scale *scale, double value);

#endif
