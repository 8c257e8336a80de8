/* Private: what prices take of a library beside its cells. */
#ifndef ASX_HWMODEL_CELL_LIBRARY_H
#define ASX_HWMODEL_CELL_LIBRARY_H

#include "hwmodel/bespoke.h"

/** How much of all power is leakage, 0 .. 1. */
double cell_library_static_share(const asx_cell_library *library);

#endif
