/* Whole inputs of commands: a file, or "-" for standard input. */
#ifndef ASX_CLI_INPUT_H
#define ASX_CLI_INPUT_H

#include <stddef.h>

#include "dse/error.h"

/** @param out  `*n` bytes followed by a NUL that is not counted; owned by the caller, free() */
ASX_NODISCARD asx_status input_read(char **out, size_t *n, const char *path, asx_error *err);

/** The path as messages name it. */
const char *input_name(const char *path);

#endif
