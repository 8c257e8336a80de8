/* Private: what a plan found, in the tables of the database. */
#ifndef ASX_EXPLORE_BESPOKE_KEEP_H
#define ASX_EXPLORE_BESPOKE_KEEP_H

#include "explore/bespoke.h"
#include "results/store.h"

/** How far a run is whose baseline is there. @param evolution  hash of all that the evolution depends on
 *  @return ASX_OK; ASX_ENOMEM; ASX_EDB */
ASX_NODISCARD asx_status keep_work(asx_store *store, const asx_bespoke_result *r,
                                   const asx_bespoke_plan *plan, uint64_t evolution,
                                   asx_error *err);

/** What it found. A run that came to its end before is left as it is. @return as keep_work */
ASX_NODISCARD asx_status keep_result(asx_store *store, const asx_bespoke_result *r,
                                     const asx_bespoke_plan *plan, uint64_t evolution,
                                     asx_error *err);

#endif
