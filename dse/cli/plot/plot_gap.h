/* A panel for pictures of histories: what an exact search had proven, over time. */
#ifndef ASX_CLI_PLOT_GAP_H
#define ASX_CLI_PLOT_GAP_H

#include "results/chart.h"
#include "results/store.h"

typedef struct plot_gap {
    double *x, *y; /* [n] seconds, percent; NaN between curves */
    size_t n;      /* 0: nothing was proven */
    asx_chart_series series[2];
} plot_gap;

/** @param out  plot_gap_fini it */
ASX_NODISCARD asx_status plot_gap_load(plot_gap *out, asx_store *store, int64_t campaign,
                                       asx_error *err);
void plot_gap_fini(plot_gap *g);

/** The panel borrows `g`. */
asx_chart_panel plot_gap_panel(plot_gap *g);

#endif
