/* Private to the run: the caller's watcher, and a look twice a second at whether the database is still there. */
#ifndef ASX_EXPLORE_GUARD_H
#define ASX_EXPLORE_GUARD_H

#include <stdatomic.h>

#include "results/store.h"
#include "watcher_private.h"

typedef struct asx_guard {
    asx_watcher caller; /* zeroed: nobody */
    const asx_store *store;
    _Atomic long long next_ms; /* when to look, by asx_seconds */
    atomic_bool gone;
} asx_guard;

/**
 * @param g       borrowed by the result, as is what it was made of
 * @param caller  may be NULL
 * @return a watcher that tells the caller's, and stops the run too when the database went away
 */
asx_watcher asx_guard_watch(asx_guard *g, const asx_watcher *caller, const asx_store *store);

#endif
