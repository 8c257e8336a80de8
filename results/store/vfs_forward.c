#include "vfs_forward.h"

int asx_forward_close(sqlite3_file *file)
{
    return asx_below(file)->pMethods->xClose(asx_below(file));
}

int asx_forward_read(sqlite3_file *file, void *out, int n, sqlite3_int64 at)
{
    return asx_below(file)->pMethods->xRead(asx_below(file), out, n, at);
}

int asx_forward_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    return asx_below(file)->pMethods->xTruncate(asx_below(file), size);
}

int asx_forward_sync(sqlite3_file *file, int flags)
{
    return asx_below(file)->pMethods->xSync(asx_below(file), flags);
}

int asx_forward_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return asx_below(file)->pMethods->xFileSize(asx_below(file), size);
}

int asx_forward_lock(sqlite3_file *file, int kind)
{
    return asx_below(file)->pMethods->xLock(asx_below(file), kind);
}

int asx_forward_unlock(sqlite3_file *file, int kind)
{
    return asx_below(file)->pMethods->xUnlock(asx_below(file), kind);
}

int asx_forward_check_lock(sqlite3_file *file, int *out)
{
    return asx_below(file)->pMethods->xCheckReservedLock(asx_below(file), out);
}

int asx_forward_control(sqlite3_file *file, int op, void *argument)
{
    return asx_below(file)->pMethods->xFileControl(asx_below(file), op, argument);
}

int asx_forward_sector(sqlite3_file *file)
{
    return asx_below(file)->pMethods->xSectorSize(asx_below(file));
}

int asx_forward_traits(sqlite3_file *file)
{
    return asx_below(file)->pMethods->xDeviceCharacteristics(asx_below(file));
}

int asx_forward_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **out)
{
    return asx_below(file)->pMethods->xShmMap(asx_below(file), page, size, extend, out);
}

int asx_forward_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
    return asx_below(file)->pMethods->xShmLock(asx_below(file), offset, n, flags);
}

void asx_forward_shm_barrier(sqlite3_file *file)
{
    asx_below(file)->pMethods->xShmBarrier(asx_below(file));
}

int asx_forward_shm_unmap(sqlite3_file *file, int remove)
{
    return asx_below(file)->pMethods->xShmUnmap(asx_below(file), remove);
}

int asx_forward_open(asx_forward *file, size_t own, const sqlite3_io_methods *methods,
                     sqlite3_vfs *base, const char *name, int flags, int *out)
{
    file->below = (sqlite3_file *)(void *)((char *)file + own);
    const int rc = base->xOpen(base, name, file->below, flags, out);
    file->file.pMethods = file->below->pMethods ? methods : NULL;
    return rc;
}
