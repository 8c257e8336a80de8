/* Private: coarse passes come first, so that a stop finds every design within some factor, and their designs
 * drop much of what finer ones would look at. */
#ifndef ASX_SEARCH_COUPLED_PASSES_H
#define ASX_SEARCH_COUPLED_PASSES_H

#include <math.h>

#include "coupled_hull.h"

/* From one pass to the next. */
static const double asx_coupled_coarser = 4;

/** How many passes there are, where hulls prove all of them: a finer epsilon has one. */
static inline int asx_coupled_n_passes(double epsilon)
{
    int n = 1;
    if (epsilon >= asx_coupled_hull_proves)
        while (epsilon * pow(asx_coupled_coarser, n) <= 1)
            n++;
    return n;
}

/** The epsilon of a pass; 0 is the last. */
static inline double asx_coupled_pass_epsilon(double epsilon, int pass)
{
    return pass > 0 ? epsilon * pow(asx_coupled_coarser, pass) : epsilon;
}

#endif
