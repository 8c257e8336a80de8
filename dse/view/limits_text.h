/* Limits as people write them. */
#ifndef ASX_VIEW_LIMITS_TEXT_H
#define ASX_VIEW_LIMITS_TEXT_H

#include "dse/evaluation.h"
#include "dse/text.h"

/** Appends "drop=0.1 energy=1e+06", of those limits that there are. */
void limits_add(asx_text *out, const asx_limits *limits);

#endif
