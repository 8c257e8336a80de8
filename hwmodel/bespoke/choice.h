/* The tree of comparisons that finds the greatest output. */
#ifndef ASX_HWMODEL_CHOICE_H
#define ASX_HWMODEL_CHOICE_H

#include "dse/bespoke.h"
#include "sum.h"

/** The bits of the class. @param output  [n] @param compare  [n - 1] @return whether there was memory */
bool choose_greatest(word *class, const word *output, size_t n, const asx_bespoke_compare *compare,
                     gates *g);

#endif
