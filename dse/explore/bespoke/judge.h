/* Private: what is left of an evolution: designs run on all parts of the table, priced, and those chosen that lose little. */
#ifndef ASX_EXPLORE_BESPOKE_JUDGE_H
#define ASX_EXPLORE_BESPOKE_JUDGE_H

#include "hunt.h"

/* Room to hold designs against the baseline. Zeroed: none. */
typedef struct judge {
    const asx_bespoke_plan *plan;
    asx_bespoke_runner *runner;
    const asx_bespoke_found *baseline;
    uint16_t *of_baseline, *of_design; /* classes of the rows to report on */
} judge;

/** Judges the baseline itself, whose network `baseline` holds, and gets ready. judge_fini it in any case */
ASX_NODISCARD asx_status judge_init(judge *out, asx_bespoke_found *baseline,
                                    const asx_bespoke_plan *plan, asx_error *err);
void judge_fini(judge *j);

/** The front of an evolution, into a result that has its baseline. */
ASX_NODISCARD asx_status judge_front(asx_bespoke_result *out, judge *j, const hunt *h,
                                     asx_error *err);

#endif
