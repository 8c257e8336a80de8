/* Private to the run: the lock that makes runs on one database take turns. Two at a time would
 * propose the same designs at the same time, and each would evaluate all of them. */
#ifndef ASX_EXPLORE_RUN_LOCK_H
#define ASX_EXPLORE_RUN_LOCK_H

#include "explore/watcher.h"
#include "results/store.h"

enum { ASX_RUN_LOCK_NONE = -1 };

/**
 * Waits until no other run works on a database, which the watcher is told of and may end. However
 * this process ends, its lock ends too. A file system that knows no locks gives it at once.
 *
 * @param lock     asx_run_lock_release it, after all stores of this database are closed: closing any
 *                 descriptor of a file drops the process's locks on it, SQLite's as well
 * @param watcher  may be NULL
 * @return ASX_OK; ASX_EINTERRUPTED if the watcher said so; ASX_EIO
 */
ASX_NODISCARD asx_status asx_run_lock_take(int *lock, const char *database,
                                           const asx_watcher *watcher, asx_error *err);
void asx_run_lock_release(int lock);

/** Opens a run's database, which is made if it is not there, says what is remarkable of it, and takes the lock.
 *  @param store  asx_store_free it before the lock is released, on failure too @return also ASX_EDB */
ASX_NODISCARD asx_status asx_run_open_store(asx_store **store, int *lock, const char *database,
                                            const asx_watcher *watcher, asx_error *err);

#endif
