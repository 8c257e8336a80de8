/* Files that the program carries inside itself: the embedded campaign and its network. */
#ifndef ASX_CLI_EMBEDDED_H
#define ASX_CLI_EMBEDDED_H

#include <stddef.h>

typedef struct embedded_file {
    const char *name;
    const unsigned char *bytes; /* followed by a NUL that is not counted */
    size_t size;
} embedded_file;

/** By name; NULL if there is none. */
const embedded_file *embedded_find(const char *name);

#endif
