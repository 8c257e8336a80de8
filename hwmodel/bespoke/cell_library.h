/* Private: what prices take of a library beside its cells. */
#ifndef ASX_HWMODEL_CELL_LIBRARY_H
#define ASX_HWMODEL_CELL_LIBRARY_H

#include "hwmodel/bespoke.h"

/** How much of all power is leakage, 0 .. 1; 0: not known. */
double cell_library_static_share(const asx_cell_library *library);

/** What a flip-flop's clock takes a period, and how long before it what it stores is to be there. */
double cell_library_clock_mj(const asx_cell_library *library);
double cell_library_setup_ms(const asx_cell_library *library);

#endif
