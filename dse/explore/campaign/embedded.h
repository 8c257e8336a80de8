/* Files that the library carries inside itself: the embedded campaign and its network. */
#ifndef ASX_EXPLORE_EMBEDDED_H
#define ASX_EXPLORE_EMBEDDED_H

#include <stddef.h>

/** By name; NULL if there is none. A NUL stands behind the `*size` bytes. */
const unsigned char *asx_embedded_find(size_t *size, const char *name);

#endif
