/* Private to the part: a front whose beaten rows stay in the database. */
#ifndef ASX_RESULTS_FRONT_STREAMED_H
#define ASX_RESULTS_FRONT_STREAMED_H

#include "results/front.h"

/**
 * Fills `rows` (sorted) and `known` of a front whose campaign, tier and images are chosen: rows that no other beats, of those
 * that fit `where`; what was found out later is not laid over yet, and what it will take the place of is there.
 * @param kept   the rows that may be on the front, where nobody need look for them; NULL: all are looked at
 * @param later  sorted; of asx_front_find_later; NULL: nothing will be laid over
 */
ASX_NODISCARD asx_status asx_front_stream(asx_front *f, asx_store *store, const char *where,
                                          asx_rows *kept, const asx_rows *later, asx_error *err);

/** Adds the rows of designs that tables name wherever they lie: the baseline, those that were confirmed or reported. */
ASX_NODISCARD asx_status asx_front_add_named(asx_front *f, asx_store *store, asx_error *err);

#endif
