/* What compressed files hold, kept unpacked in a folder: xz takes a second for 20 MB, every time. Private to eval. */
#ifndef ASX_EVAL_DATASET_UNPACKED_H
#define ASX_EVAL_DATASET_UNPACKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Which file it was, and in which state: a file that was written to since is another. */
typedef struct asx_unpacked_source {
    uint64_t device, inode, mode, size, changed_s, changed_ns, modified_s, modified_ns;
} asx_unpacked_source;

/**
 * Looks at an open file.
 * @param settled  whether it was left alone for some seconds, so that whatever is written to it from now on shows in its times
 * @return false if it is no regular file, or nobody knows
 */
bool asx_unpacked_look(asx_unpacked_source *out, bool *settled, int file);

/**
 * Reads what was kept of a file.
 * @param path   of the compressed file; a kept file belongs to a path
 * @param max    no more bytes than that
 * @param bytes  [*n] owned by the caller, free(); never NULL on success
 * @return false if nothing was kept, or of another state of the file, or what was kept is not as it was written
 */
bool asx_unpacked_read(unsigned char **bytes, size_t *n, const char *folder, const char *path,
                       const asx_unpacked_source *source, size_t max);

/**
 * Keeps it, in place of what was kept for that path before. The folder is made if it is not there. Where nothing can be
 * written, nothing is: whoever comes next unpacks again.
 */
void asx_unpacked_keep(const char *folder, const char *path, const asx_unpacked_source *source,
                       const unsigned char *bytes, size_t n);

#endif
