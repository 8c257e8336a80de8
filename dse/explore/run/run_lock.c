#include "run_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "watcher_private.h"

asx_status asx_run_lock_take(int *lock, const char *database, const asx_watcher *watcher,
                             asx_error *err)
{
    const struct timespec pause = {.tv_nsec = 100 * 1000 * 1000};
    bool told = false;
    const int file = open(database, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return asx_fail(err, ASX_EIO, "cannot open '%s': %s", database, strerror(errno));
    while (flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        if (asx_watcher_stops(watcher)) {
            close(file);
            return asx_fail(err, ASX_EINTERRUPTED, "stopped while another run works on '%s'",
                            database);
        }
        if (!told)
            asx_watcher_say(watcher, ASX_SAY_REMARK, "waiting for another run on %s", database);
        told = true;
        nanosleep(&pause, NULL);
    }
    *lock = file;
    return ASX_OK;
}

void asx_run_lock_release(int lock)
{
    if (lock != ASX_RUN_LOCK_NONE)
        close(lock);
}

asx_status asx_run_open_store(asx_store **store, int *lock, const char *database,
                              const asx_watcher *watcher, asx_error *err)
{
    const asx_status status = asx_store_open(store, database, ASX_STORE_CREATE, err);
    if (status == ASX_OK && asx_store_remark(*store))
        asx_watcher_say(watcher, ASX_SAY_WARNING, "%s", asx_store_remark(*store));
    return status == ASX_OK ? asx_run_lock_take(lock, database, watcher, err) : status;
}
