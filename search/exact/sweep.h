/* Private: three objectives by the epsilon-constraint method (Y. Y. Haimes, L. S. Lasdon and
 * D. A. Wismer, IEEE Trans. Systems, Man and Cybernetics 1, 1971), a sweep of limits of the third
 * over problems of search/coupled.h; the next limit is set by the rows found (M. Laumanns,
 * L. Thiele and E. Zitzler, European J. of Operational Research 169, 2006). */
#ifndef ASX_SEARCH_SWEEP_H
#define ASX_SEARCH_SWEEP_H

#include "search/coupled.h"

/**
 * The front of drop, problem->objective and `third`, which may be the area. Solves for two
 * objectives under the limit of the third, then under the next lower limit that the rows found do
 * not answer for, until nothing keeps it: every feasible design is matched by a row with at most
 * its drop and at most out->factor times its two others. Rows that a neighbour matches within
 * its tenth part are left out. With problem->costs it is the front of the two costs alone: every
 * feasible design is matched by a row with at most out->factor times its costs, and steps look for
 * one design each.
 *
 * problem->max_nodes is for all steps together. With problem->resume the sweep goes on behind the
 * last step that was kept, which it is about every second and when it is told to stop, and its
 * result is that of a sweep that was not stopped.
 *
 * @param out  as asx_coupled_solve; values of two objectives, rows that no other dominates in three
 * Cost: a solution of the problem for each value of `third` on the front, or each factor
 * (1 + epsilon) of its range.
 */
ASX_NODISCARD asx_status asx_sweep_solve(asx_coupled_front *out, const asx_coupled_problem *problem,
                                         asx_objective third, asx_error *err);

/**
 * The front of drop and the product of problem->objective and `third`: every feasible design is
 * matched by a row with at most its drop and at most out->factor times its product. A step bounds the
 * products of all designs that its rows and the next limit leave out, so there are fewer steps than
 * for three objectives, and the factor is the product's own.
 * @param out  as asx_sweep_solve
 */
ASX_NODISCARD asx_status asx_sweep_products(asx_coupled_front *out,
                                            const asx_coupled_problem *problem, asx_objective third,
                                            asx_error *err);

#endif
