/* Two fronts against each other. */
#ifndef ASX_CLI_COMPARE_H
#define ASX_CLI_COMPARE_H

#include "front.h"

/* Indicators of front A against front B, over the objectives both have in common order. */
typedef struct compare_result {
    double volume_a, volume_b; /* below `reference`; NaN above four objectives */
    double reference[ASX_N_OBJECTIVES];
    double epsilon_ab, epsilon_ba; /* additive, in ranges of the union of both fronts: how far A has
                                    * to be moved so that it weakly dominates B, and vice versa */
    double coverage_ab,
        coverage_ba; /* share of B's front that A weakly dominates, and vice versa */
} compare_result;

/** @return ASX_OK; ASX_EINVAL if the fronts have other objectives or one is empty; ASX_ENOMEM */
ASX_NODISCARD asx_status compare_fronts(compare_result *out, const front *a, const front *b,
                                        asx_error *err);

/** The design of the front with the least `cost` whose drop is at most `max_drop`; NULL if none. */
const asx_row *compare_best(const front *f, asx_objective cost, double max_drop);

#endif
