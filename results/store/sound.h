/* Conditions of what is wrong, for those who look for it and those who take it out. */
#ifndef ASX_RESULTS_SOUND_H
#define ASX_RESULTS_SOUND_H

#include "seal.h"

#define ASX_PLUS(name, text, group, help) " + b." text "_pj"
/* energy of the parts against the total: sums of doubles, so a little slack */
#define ASX_UNEVEN                                                                                 \
    "abs(e.energy_pj - (0" ASX_COMPONENT_LIST(ASX_PLUS) ")) > 1e-6 * abs(e.energy_pj) + 1e-9"
#define ASX_WITHOUT "e.id NOT IN (SELECT evaluation FROM breakdown)"

/* What is left of a campaign whose row changed: evaluations belong to it until one of the same inputs recalls them. */
#define ASX_LOST_PREFIX "damaged "
#define ASX_NOT_LOST    "key NOT LIKE '" ASX_LOST_PREFIX "%'"

#define ASX_BOOKED_UNDER                                                                           \
    "SELECT campaign, inputs FROM evaluation UNION SELECT q.campaign, e.inputs FROM recalled AS "  \
    "q JOIN evaluation AS e ON e.id = q.evaluation"

#endif
