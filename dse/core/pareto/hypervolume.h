/* Private: hypervolume in four dimensions. */
#ifndef ASX_SEARCH_HYPERVOLUME_H
#define ASX_SEARCH_HYPERVOLUME_H

#include <stdbool.h>
#include <stddef.h>

/** Of rows [n][4] that are all below `reference`, n < 2^31. @return false without memory */
bool asx_hypervolume_4d(double *volume, const double *row, size_t n, const double *reference);

#endif
