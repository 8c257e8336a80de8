/* Private: what every exact search begins and ends with. */
#ifndef ASX_SEARCH_EXACT_PROBLEM_H
#define ASX_SEARCH_EXACT_PROBLEM_H

#include "dse/error.h"
#include "dse/separable.h"

/** The largest damage whose drop keeps a limit; below 0 if none does. */
double asx_exact_damage_limit(const asx_separable *m, double most);

/** @return ASX_ENOMEM */
asx_status asx_exact_out_of_memory(asx_error *err);

#endif
