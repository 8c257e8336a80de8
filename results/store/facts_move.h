/* Private to the schema: facts of versions before 6. */
#ifndef ASX_RESULTS_FACTS_MOVE_H
#define ASX_RESULTS_FACTS_MOVE_H

#include "db.h"

/** Moves facts that were texts in the cache into their tables, which are there and empty. What
 * belongs to no campaign or cannot be read stays where it is. In a transaction. */
asx_status asx_facts_move(asx_store *store, asx_error *err);

#endif
