/* A picture of a database by the name of its kind: loads the front and hands it to the kind. */
#ifndef ASX_CLI_FIGURE_H
#define ASX_CLI_FIGURE_H

#include "results/front.h"
#include "results/plot.h"

typedef struct figure_kind figure_kind;

typedef struct figure {
    const char *db;
    const char *x, *y; /* objectives of the axes of kind front; NULL: of the campaign's choice */
    const figure_kind *kind;
    asx_front_options front;
    asx_plot_options plot; /* where to and how; without a title it gets one */
} figure;

/** @return NULL for an unknown name, with a message that lists the known ones */
const figure_kind *figure_find(const char *name, asx_error *err);

/** Draws, or writes the numbers: see asx_plot_format. */
ASX_NODISCARD asx_status figure_draw(figure *f, asx_error *err);

#endif
