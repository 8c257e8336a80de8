/* Where lanes, sub-arrays and memories stand, and how far words travel between them.
 *
 * The weight memory is a grid of square cells, a sub-array and what stands beside it in each. Lanes
 * that work next to their sub-array are spread over `working` of them, because a sub-array reads
 * one row a cycle; a layer's weights lie in that many neighbouring ones, and every sub-array has
 * its lanes, since any may hold the layer. Placement vn has one compact block of lanes instead.
 *
 * All lengths follow from the machine alone (areas of lanes for 8-bit words), not from a design, so
 * that energies of layers add up. */
#ifndef ASX_HWMODEL_FLOORPLAN_H
#define ASX_HWMODEL_FLOORPLAN_H

#include "dse/design.h"
#include "dse/error.h"
#include "hwmodel/machine.h"

typedef struct asx_floorplan {
    double subarrays;  /* that hold the machine's weight memory */
    double working;    /* that serve a layer at once */
    double lanes_each; /* lanes beside a sub-array */
    double pitch_mm;   /* side of a cell of the grid */
    double grid_mm;    /* side of the grid */
    double groups;     /* of `working` sub-arrays; each has its line buffer */
    double rows_each;  /* rows of the array in one sub-array, columns_each: columns */
    double columns_each;
    double array_mm;                   /* side of the compact block of lanes (vn) */
    double read_mm[ASX_N_PLACEMENTS];  /* from the activation memory to line buffer or array */
    double enter_mm[ASX_N_PLACEMENTS]; /* from there to all lanes of a row */
    double write_mm[ASX_N_PLACEMENTS]; /* outputs on their way back */
    double sum_mm[ASX_N_PLACEMENTS];   /* sums that are added up across sub-arrays, per column */
} asx_floorplan;

/** @return ASX_OK; ASX_EINVAL where the technology's tables do not reach */
ASX_NODISCARD asx_status asx_floorplan_init(asx_floorplan *out, const asx_machine *machine,
                                            asx_error *err);

#endif
