/* Whole files and paths. */
#ifndef ASX_DSE_FILE_H
#define ASX_DSE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Reads a whole regular file.
 *
 * @param out  `*n` bytes followed by a NUL that is not counted; owned by the caller, free()
 * @param max  refuse files larger than this many bytes
 * @return ASX_OK; ASX_EIO with the system's reason; ASX_EINVAL if larger than `max`
 */
ASX_API ASX_NODISCARD asx_status asx_file_read(char **out, size_t *n, const char *path, size_t max,
                                               asx_error *err);

/** Whether a word names a file, and not something of ours: it has a folder, or this ending behind something. */
ASX_API bool asx_is_path(const char *word, const char *ending);

/** 64-bit content hash (XXH3), for recognising inputs, not for security. */
ASX_API uint64_t asx_hash(const void *data, size_t n, uint64_t seed);

#ifdef __cplusplus
}
#endif

#endif
