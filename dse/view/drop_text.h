/* Drops as people read them, whatever the measure is in: "0.43 points", "0.012 of mse", "0.3 dB". */
#ifndef ASX_VIEW_DROP_TEXT_H
#define ASX_VIEW_DROP_TEXT_H

#include "dse/accuracy.h"
#include "dse/score.h"
#include "dse/text.h"

/** Appends "points", "dB" or "of mse". @param amount  so many of them: 1 point */
void drop_unit_add(asx_text *out, const asx_score *score, double amount);

/** Appends a limit as it was asked: "1 point", "0.012 of mse". */
void drop_limit_add(asx_text *out, const asx_score *score, double limit);

/** Appends "0.43", with the decimals of the measure. */
void drop_number_add(asx_text *out, const asx_score *score, double drop);

/** Appends "0.43 m": a drop with the first letter of its tier, what it is. */
void drop_marked_add(asx_text *out, const asx_score *score, const asx_accuracy *a);

/** Appends "0.43 [0.01, 0.86]"; without the interval of a prediction. */
void drop_interval_add(asx_text *out, const asx_score *score, const asx_accuracy *a);

/** Appends what a drop is: "points against the float network", "how much larger the mse is than the float network's". */
void drop_meaning_add(asx_text *out, const asx_score *score);

#endif
