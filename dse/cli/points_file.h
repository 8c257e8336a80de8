/* Point files as the tools of multi-objective optimisation read and write them: one point per line,
 * numbers separated by blanks, '#' begins a comment, a blank line ends a set. */
#ifndef ASX_CLI_POINTS_FILE_H
#define ASX_CLI_POINTS_FILE_H

#include <stddef.h>

#include "dse/error.h"

typedef struct points_file {
    double *value; /* [n][n_dims] */
    size_t n, n_dims;
    size_t *end; /* [n_sets]: one past the last point of each set */
    size_t n_sets;
} points_file;

/**
 * @param path  "-": standard input
 * @return ASX_OK; ASX_ENOMEM; ASX_EIO; ASX_EPARSE with file and line for what is no number, lines
 *         of different lengths, or a file without points
 */
ASX_NODISCARD asx_status points_file_read(points_file *out, const char *path, asx_error *err);
void points_file_fini(points_file *points);

/** First point of a set, and their number. */
const double *points_file_set(const points_file *points, size_t set, size_t *n);

#endif
