/* Whether a database still lies where it was opened. */
#include <sys/stat.h>

#include "db.h"

void asx_db_remember_file(asx_store *store)
{
    struct stat info;
    if (stat(store->path, &info) == 0) {
        store->device = (uint64_t)info.st_dev;
        store->inode = (uint64_t)info.st_ino;
    }
}

asx_status asx_store_check_place(const asx_store *store, asx_error *err)
{
    struct stat info;
    if (store->inode == 0)
        return ASX_OK;
    if (stat(store->path, &info) != 0)
        return asx_fail(err, ASX_EDB, "'%s' was removed while it was in use", store->path);
    if ((uint64_t)info.st_dev != store->device || (uint64_t)info.st_ino != store->inode)
        return asx_fail(err, ASX_EDB, "'%s' was replaced by another file while it was in use",
                        store->path);
    return ASX_OK;
}
