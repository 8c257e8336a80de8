/* Two fronts against each other. */
#ifndef ASX_RESULTS_COMPARE_H
#define ASX_RESULTS_COMPARE_H

#include "dse/api.h"
#include "results/front.h"
#include "results/reference_point.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Indicators of front A against front B, over the objectives that both have in the same order. */
typedef struct asx_front_comparison {
    asx_reference_point
        reference; /* A's, as everywhere; B's where A has no baseline; n = 0: neither has one */
    double volume_a,
        volume_b; /* hypervolumes, as shares of the box up to it: A's is that of asx_front_hypervolume, B's
                                    * too where its point is the same. NaN without one and above four objectives */
    double epsilon_ab, epsilon_ba; /* additive, in ranges of the union of both fronts: how far A
                                         * has to be moved so that it weakly dominates B, and vice
                                         * versa */
    double coverage_ab,
        coverage_ba; /* share of B's front that A weakly dominates, and vice versa */
} asx_front_comparison;

/**
 * Hypervolume (Zitzler and Thiele, 1998), additive epsilon and coverage (Zitzler et al., IEEE TEVC
 * 7, 2003) of two fronts.
 * @param out  untouched on failure
 * @return ASX_OK; ASX_EINVAL if the fronts have other objectives or one is empty; ASX_ENOMEM
 * Cost: O(a b) in the sizes of the fronts, and that of asx_pareto_hypervolume.
 */
ASX_API ASX_NODISCARD asx_status asx_front_compare(asx_front_comparison *out, const asx_front *a,
                                                   const asx_front *b, asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
