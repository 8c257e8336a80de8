/* Files that are written: whole or not at all, and never over what is read. */
#ifndef ASX_DSE_OUTPUT_H
#define ASX_DSE_OUTPUT_H

#include <stddef.h>
#include <stdio.h>

#include "dse/api.h"
#include "dse/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A file that an output must leave alone: an input, or the database. */
typedef struct asx_kept_file {
    const char *what; /* "the database", "the campaign's network" */
    const char *path; /* NULL ends a list; a file that does not exist is in nobody's way */
} asx_kept_file;

/* A list of them that grows, and owns the paths. Begin with {0}; asx_kept_fini it. */
typedef struct asx_kept {
    asx_kept_file *file; /* ends with path NULL; NULL: none were added */
    size_t n, room;
} asx_kept;

/** @param what  borrowed for as long as the list lives @param path  copied @return ASX_OK; ASX_ENOMEM */
ASX_API ASX_NODISCARD asx_status asx_kept_add(asx_kept *list, const char *what, const char *path,
                                              asx_error *err);
ASX_API void asx_kept_fini(asx_kept *list);

typedef struct asx_output asx_output;

/**
 * Begins to write a file. Symbolic links are followed. A regular file, or a new one, is made beside its place and takes
 * it, with the old file's mode, when asx_output_commit is called; until then nothing is seen of it, and a program that
 * is killed leaves nothing behind where the file system can hold files without a name (else NAME.PID-K.part). What is
 * no regular file (a pipe, a terminal, /dev/stdout) is written in place.
 *
 * @param out   owned by the caller, asx_output_free; untouched on failure
 * @param keep  files not to be written over, compared by device and inode, or by folder and name while they are not
 *              there; ends with path NULL; may be NULL
 * @return ASX_OK; ASX_EINVAL if `path` is one of `keep`, or any database of SQLite; ASX_EIO with the system's reason;
 *         ASX_ENOMEM
 */
ASX_API ASX_NODISCARD asx_status asx_output_open(asx_output **out, const char *path,
                                                 const asx_kept_file *keep, asx_error *err);

/**
 * What asx_output_open would refuse, said before hours of work: touches nothing.
 * @return as asx_output_open; a place that is taken or filled up meanwhile is found only when it is written
 */
ASX_API ASX_NODISCARD asx_status asx_output_check(const char *path, const asx_kept_file *keep,
                                                  asx_error *err);

/** Where to write. Owned by `output`; not to be closed. */
ASX_API FILE *asx_output_stream(asx_output *output);

/**
 * Ends writing: flushed and synced to the disk, then renamed into place. Call it once.
 * @return ASX_OK; ASX_EIO if any byte could not be written: then the old file is as it was
 */
ASX_API ASX_NODISCARD asx_status asx_output_commit(asx_output *output, asx_error *err);

/** Frees it; what was not committed is dropped. NULL is allowed. */
ASX_API void asx_output_free(asx_output *output);

/** Opens, writes `n` bytes and commits. @return as asx_output_open and asx_output_commit */
ASX_API ASX_NODISCARD asx_status asx_output_write(const char *path, const void *bytes, size_t n,
                                                  const asx_kept_file *keep, asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
