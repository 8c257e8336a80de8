/* Private to the stage of training: which designs are worth it, by the hypervolume that they may add. */
#ifndef ASX_EXPLORE_PROMOTE_H
#define ASX_EXPLORE_PROMOTE_H

#include "results/query.h"
#include "results/reference_point.h"

/**
 * Chooses up to `max` designs to train, from those measured.
 *
 * Training gives back accuracy, so the rule looks at what a design would be worth then: it is taken
 * to keep a tenth of its drop. One after the other, the design is chosen that, so judged, adds most
 * to the hypervolume of the measured front and those chosen before; two with the same formats
 * never. Designs that break a limit other than the drop's are out, and so are those without a drop.
 *
 * @param index  room for `max`; numbers of rows, in the order of choice
 */
ASX_NODISCARD asx_status asx_promote_choose(size_t *index, size_t *n, const asx_rows *measured,
                                            const asx_reference_point *ref,
                                            const asx_limits *limits, size_t max, asx_error *err);

/** Share of the network's multiplications that lie in layers whose formats differ. */
double asx_promote_distance(const asx_design *a, const asx_design *b, const asx_workload *work);

#endif
