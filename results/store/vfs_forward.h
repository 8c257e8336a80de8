/* Layers between SQLite and its files: what a layer does not change goes on to the file below. */
#ifndef ASX_RESULTS_VFS_FORWARD_H
#define ASX_RESULTS_VFS_FORWARD_H

#include <sqlite3.h>
#include <stddef.h>

/* Begins the file of a layer; the file below lies behind the layer's own part. */
typedef struct asx_forward {
    sqlite3_file file;
    sqlite3_file *below;
} asx_forward;

static inline sqlite3_file *asx_below(sqlite3_file *file)
{
    return ((asx_forward *)file)->below;
}

int asx_forward_close(sqlite3_file *file);
int asx_forward_read(sqlite3_file *file, void *out, int n, sqlite3_int64 at);
int asx_forward_truncate(sqlite3_file *file, sqlite3_int64 size);
int asx_forward_sync(sqlite3_file *file, int flags);
int asx_forward_size(sqlite3_file *file, sqlite3_int64 *size);
int asx_forward_lock(sqlite3_file *file, int kind);
int asx_forward_unlock(sqlite3_file *file, int kind);
int asx_forward_check_lock(sqlite3_file *file, int *out);
int asx_forward_control(sqlite3_file *file, int op, void *argument);
int asx_forward_sector(sqlite3_file *file);
int asx_forward_traits(sqlite3_file *file);
int asx_forward_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **out);
int asx_forward_shm_lock(sqlite3_file *file, int offset, int n, int flags);
void asx_forward_shm_barrier(sqlite3_file *file);
int asx_forward_shm_unmap(sqlite3_file *file, int remove);

/* Of sqlite3_io_methods what no layer here changes. Of version 2: without mapping files into memory, which would go past
 * the layer. */
#define ASX_FORWARD_METHODS                                                                        \
    .iVersion = 2, .xClose = asx_forward_close, .xFileSize = asx_forward_size,                     \
    .xLock = asx_forward_lock, .xUnlock = asx_forward_unlock,                                      \
    .xCheckReservedLock = asx_forward_check_lock, .xSectorSize = asx_forward_sector,               \
    .xDeviceCharacteristics = asx_forward_traits, .xShmMap = asx_forward_shm_map,                  \
    .xShmLock = asx_forward_shm_lock, .xShmBarrier = asx_forward_shm_barrier,                      \
    .xShmUnmap = asx_forward_shm_unmap

/**
 * Opens the file below, and what the layer does with it.
 * @param own      bytes of the layer's file, which the one below lies behind; of a layer `szOsFile` is these and the base's
 * @param methods  the layer's
 * @return SQLite's code
 */
int asx_forward_open(asx_forward *file, size_t own, const sqlite3_io_methods *methods,
                     sqlite3_vfs *base, const char *name, int flags, int *out);

#endif
