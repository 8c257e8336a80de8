/* Private to the part: what was found out about designs after a search had judged them. */
#ifndef ASX_RESULTS_FRONT_LATER_H
#define ASX_RESULTS_FRONT_LATER_H

#include "results/front.h"

/**
 * Loads what is to be laid over a front's sorted rows: measurements where those are predictions,
 * and trained designs that lose less than untrained. Fills `checked`, `trained`, and lays trained
 * drops over the sorted `report`.
 * @param out    sorted by design; asx_rows_fini it
 * @param where  for `out` and `trained`; may be NULL
 */
ASX_NODISCARD asx_status asx_front_find_later(asx_rows *out, asx_front *f, asx_store *store,
                                              const char *where, asx_error *err);

/** Whether some design loses more than its row says, so that others may come to the front. */
bool asx_front_is_worse(const asx_front *f, const asx_rows *later);

/** Lays rows over those of the front, which keeps what was there in `predicted`; takes out designs
 *  that were measured but fit no condition then. */
ASX_NODISCARD asx_status asx_front_lay_over(asx_front *f, const asx_rows *later, asx_error *err);

#endif
