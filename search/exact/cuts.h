/* Private: fronts of models whose damage is no sum over layers, but convex in one (dse/separable.h: `damage`, `tangent`).
 *
 * Outer approximation (J. E. Kelley, J. SIAM 8, 1960; M. A. Duran and I. E. Grossmann, Mathematical Programming 36, 1986):
 * a plane below the damage is a sum over layers, so search/coupled.h finds the front by that plane, and
 *
 *   least objective with damage(design) <= x  >=  least objective with plane(design) <= x
 *
 * A plane is sought for a price of the objective: the tangent where damage + price x objective is least among mixtures of
 * designs (M. Frank and P. Wolfe, Naval Research Logistics Quarterly 3, 1956). By duality no plane, and no convex combination
 * of planes, bounds designs better at that price. The designs of the planes' fronts are looked at as they are; where they and
 * the bounds are farthest apart, prices are refined. What is left is no lack of planes: mixtures cancel errors better than
 * any design. Small spaces are closed by branch and bound over layers, with the planes as bounds (cuts_branch.c). */
#ifndef ASX_SEARCH_CUTS_H
#define ASX_SEARCH_CUTS_H

#include "search/coupled.h"

typedef struct asx_cuts_front {
    asx_coupled_front
        front; /* its values are what the model's `damage` says, and the objective; the factor is that of
                              * designs with `least` damage or more */
    double
        least; /* a design with less is matched as if it had so much: by the first row; 0: there is none */
    double close_from,
        close_factor; /* for designs with at least so much damage a smaller factor holds; INFINITY: none */
    size_t n_planes, n_valued; /* designs whose damage was computed */
    bool branched;             /* branch and bound over all designs has ended */
} asx_cuts_front;

/* What searchers take for `small`. */
static const double ASX_CUTS_SMALL = 1e6;

/**
 * @param small    spaces of up to so many designs are closed by branch and bound
 * @param out      initialised by the call, asx_cuts_front_fini it
 * @param problem  its model with `damage` and `tangent`; `known` is not looked at
 * @return as asx_coupled_solve
 */
ASX_NODISCARD asx_status asx_cuts_solve(asx_cuts_front *out, const asx_coupled_problem *problem,
                                        double small, asx_error *err);
void asx_cuts_front_fini(asx_cuts_front *front);

#endif
