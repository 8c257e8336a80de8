/* How many points of a picture a box covers, in a time that does not depend on how many there are.
 */
#ifndef ASX_RESULTS_OBSTACLES_H
#define ASX_RESULTS_OBSTACLES_H

#include "labels.h"

typedef struct box {
    double x0, y0, x1, y1;
} box;

/* Sums over a grid of small cells. */
typedef struct obstacles {
    unsigned *sum; /* [(columns + 1) * (rows + 1)] points below and left of a corner */
    size_t columns, rows;
    double cell;
} obstacles;

/** @param point  [n][2] those outside the canvas count at its edge
 *  @return ASX_OK; ASX_ENOMEM */
asx_status obstacles_init(obstacles *o, const double *point, size_t n, const label_canvas *canvas,
                          asx_error *err);
void obstacles_fini(obstacles *o);

/** Points in the cells that a box touches: none less than in the box. */
size_t obstacles_in(const obstacles *o, const box *b);

#endif
