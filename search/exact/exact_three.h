/* Private: search/exact.h for three objectives. */
#ifndef ASX_SEARCH_EXACT_THREE_H
#define ASX_SEARCH_EXACT_THREE_H

#include "search/exact.h"

/** asx_exact_solve of a problem that was found to be in order, with three objectives.
 *  @param bound  [n_layers][3]: no partial sum above it can keep the limits */
ASX_NODISCARD asx_status asx_exact_three(asx_exact_front *out, const asx_exact_problem *problem,
                                         const double *bound, asx_error *err);

#endif
