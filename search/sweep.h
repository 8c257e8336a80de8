/* Private: three objectives as a sweep of limits over problems of search/coupled.h. */
#ifndef ASX_SEARCH_SWEEP_H
#define ASX_SEARCH_SWEEP_H

#include "search/coupled.h"

/**
 * The front of drop, problem->objective and `third`, which may be the area. Solves for two
 * objectives under the limit of the third, then under the next lower limit that the rows found do
 * not answer for, until nothing keeps it: every feasible design is matched by a row with at most
 * its drop and at most out->factor times its two others. Rows that a neighbour matches within
 * its tenth part are left out.
 *
 * @param out  as asx_coupled_solve; values of two objectives, rows that no other dominates in three
 * Cost: a solution of the problem for each value of `third` on the front, or each factor
 * (1 + epsilon) of its range.
 */
ASX_NODISCARD asx_status asx_sweep_solve(asx_coupled_front *out, const asx_coupled_problem *problem,
                                         asx_objective third, asx_error *err);

#endif
