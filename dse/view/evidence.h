/* What is known of a design's drop, in words: predicted, measured, confirmed, reported. */
#ifndef ASX_VIEW_EVIDENCE_H
#define ASX_VIEW_EVIDENCE_H

#include "results/answer.h"

/**
 * Says on stderr what is known of a design, each with its interval and images; then, if the campaign
 * looked for an answer, how sure that is and which design is surer. Warns of a limit that does not
 * hold on images that the search has not seen.
 *
 * @param answer  NULL: no answer was looked for
 * @param limit   of the drop, points; INFINITY: none
 */
void evidence_say(const asx_front *f, const asx_row *row, const asx_answer *answer, double limit);

#endif
