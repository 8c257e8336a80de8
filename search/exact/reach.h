/* Private: completion bounds: which partial sums can still lead to a point that matters, by the
 * linear relaxation of the stages to come (hulls of multiple choices: P. Sinha and A. A. Zoltners,
 * Operations Research 27, 1979) against a bound set (M. Ehrgott and X. Gandibleux, Computers and
 * Operations Research 34, 2007). */
#ifndef ASX_SEARCH_REACH_H
#define ASX_SEARCH_REACH_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/error.h"

/* A point matters if it keeps the limits and no point of the cut is at least as good in both
 * values. Those points are the union of quadrants below corners: one between each two neighbours of
 * the cut, and one at either end.
 *
 * The sums of two choices, one from each of two stages, lie on or above the lower convex hull of
 * all; hulls of stages add up by sorting their edges by slope. So a partial sum x of the stages
 * before `s` cannot reach the corner (c0, c1) if x1 + H_s(c0 - x0) >= c1, H_s being the hull of the
 * stages from s on, and cannot reach any if
 *
 *   x1 >= G_s(x0) = max over corners of c1 - H_s(c0 - x0),
 *
 * which never rises with x0: it is tabulated, and looked up at the next smaller x0. */
typedef struct asx_reach asx_reach;

/**
 * @param value  [n_stages][n_choices][2], finite; borrowed for the call
 * @param cut    [n_cut][2], ascending in 0 and descending in 1
 * @return ASX_OK; ASX_ENOMEM
 */
ASX_NODISCARD asx_status asx_reach_new(asx_reach **out, size_t n_stages, const double *const *value,
                                       const size_t *n_choices, const double *cut, size_t n_cut,
                                       const double limit[2], asx_error *err);
void asx_reach_free(asx_reach *reach);

/** Whether nothing can be reached at all. */
bool asx_reach_nothing(const asx_reach *reach);

/** Whether a design with this choice in `stage` may reach something. */
bool asx_reach_choice(const asx_reach *reach, size_t stage, const double value[2]);

/* A step along the hull of the sums: in one stage another choice is taken. */
typedef struct asx_reach_step {
    size_t stage, choice;
    double value[2]; /* the hull after the step */
} asx_reach_step;

/** The hull of the sums of all stages, point by point: each is the sum of one choice per stage.
 *  @param choice  [n_stages]: where it begins, least in value[0], which is `first`
 *  @param step    asx_reach_n_steps of them, in order */
size_t asx_reach_n_steps(const asx_reach *reach);
void asx_reach_walk(size_t *choice, double first[2], asx_reach_step *step, const asx_reach *reach);

/** Lower bounds of value[1] of the sums with at most these value[0], rounding included; INFINITY
 *  where there are none. @param x  [n], ascending */
void asx_reach_heights(double *y, const double *x, size_t n, const asx_reach *reach);

/** Makes the tables for asx_reach_sum. */
ASX_NODISCARD asx_status asx_reach_tabulate(asx_reach *reach, asx_error *err);

/** Whether a sum of the stages before `stage` may reach something; `*at` starts at 0 and speeds up
 *  calls for ascending value[0]. */
bool asx_reach_sum(const asx_reach *reach, size_t stage, const double value[2], size_t *at);

#endif
