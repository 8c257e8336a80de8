/* Private: prices of bits and time that lift the bound of a node's hull, where what many bits cost, or a limit of bits
 * or time, is what designs pay for: Lagrange multipliers, row by row. */
#ifndef ASX_SEARCH_COUPLED_PRESS_H
#define ASX_SEARCH_COUPLED_PRESS_H

#include "coupled_rows.h"

/**
 * Lifts the rows of a bound that are open, by hulls of other prices; their designs join those found.
 *
 * @param hull  of the node's problem, `problem`, whose prices become those of x
 * @param x     its prices become those that lift the row with the largest gap
 * @param ratio of asx_shared_find_hull
 * @return ASX_OK; ASX_ENOMEM; what the model says
 */
ASX_NODISCARD asx_status asx_coupled_press(asx_shared_hull *hull, asx_shared *problem,
                                           asx_coupled_search *s, asx_coupled_node *x, double ratio,
                                           asx_error *err);

#endif
