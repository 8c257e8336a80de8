/* Files that may be compressed. Private to eval. */
#ifndef ASX_EVAL_DATASET_STREAM_H
#define ASX_EVAL_DATASET_STREAM_H

#include <stddef.h>

#include "dse/error.h"

/**
 * Reads a file, decompressing gzip and xz (concatenated streams too). What it is, is seen from its
 * first bytes, not from its name: files that start with 1f 8b 08 or fd "7zXZ" 00 are compressed.
 *
 * @param out     `*n` bytes, owned by the caller, free(); never NULL on success
 * @param folder  where what compressed files hold is kept from 1 MiB on, and read from next time; NULL: nowhere
 * @param max     refuse contents of more than this many bytes, after decompression
 * @return ASX_OK; ASX_ENOMEM; ASX_EIO with the system's reason; ASX_EPARSE if the compressed stream
 *         is cut, damaged or followed by something else; ASX_EINVAL if larger than `max`
 */
ASX_NODISCARD asx_status asx_stream_read(unsigned char **out, size_t *n, const char *path,
                                         const char *folder, size_t max, asx_error *err);

/**
 * How many bytes a file may hold, by its first ones: called once, when `n` bytes (64 KiB or more) are there and more
 * follow, so that no compressed file unpacks to more than its own header speaks of.
 * @param max  set on success
 */
typedef struct asx_stream_bound {
    asx_status (*most)(void *state, size_t *max, const unsigned char *bytes, size_t n,
                       const char *path, asx_error *err);
    void *state;
} asx_stream_bound;

/** asx_stream_read with a limit that is found on the way. @return what `bound` does, too */
ASX_NODISCARD asx_status asx_stream_read_bounded(unsigned char **out, size_t *n, const char *path,
                                                 const char *folder, asx_stream_bound bound,
                                                 asx_error *err);

/** asx_stream_read with the limit for data set files whose format sets none, 4 GiB. */
ASX_NODISCARD asx_status asx_stream_read_data(unsigned char **out, size_t *n, const char *path,
                                              const char *folder, asx_error *err);

#endif
