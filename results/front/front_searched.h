/* Private to fronts: the tier that a campaign was searched on. */
#ifndef ASX_RESULTS_FRONT_SEARCHED_H
#define ASX_RESULTS_FRONT_SEARCHED_H

#include "results/front.h"

/** A search predicted, or priced and no more, if it booked such evaluations: they are kept only if it did. */
ASX_NODISCARD asx_status asx_front_find_searched(asx_tier *out, const asx_front *f,
                                                 asx_store *store, asx_error *err);

#endif
