/* Results of external evaluation: designs with their accuracies, as 'asx tell' reads them. */
#ifndef ASX_CLI_TOLD_FILE_H
#define ASX_CLI_TOLD_FILE_H

#include <stddef.h>

#include "dse/error.h"

typedef struct told_result {
    char *design;          /* as it was written */
    double accuracy, drop; /* percent, points; NAN where it does not say */
    double images;         /* 0 where it does not say */
    size_t line;
} told_result;

typedef struct told_file {
    told_result *result;
    size_t n;
    const char *name; /* of the file, for messages; borrowed */
} told_file;

/**
 * Reads lines of JSON, {"design": ..., "accuracy": ..., "drop": ..., "images": ...}, if the first
 * begins so, else CSV with a header of these names. Each result has an accuracy or a drop; other
 * columns and members are passed over, so that what 'asx ask' printed can be completed.
 *
 * @param path  "-": standard input
 * @param out   told_file_fini it
 * @return ASX_OK; ASX_EIO; ASX_ENOMEM; ASX_EPARSE with file, line, value and range
 */
ASX_NODISCARD asx_status told_file_read(told_file *out, const char *path, asx_error *err);
void told_file_fini(told_file *file);

#endif
