/* Files that the program carries inside itself: the embedded campaign and its network. */
#ifndef ASX_CLI_EMBEDDED_H
#define ASX_CLI_EMBEDDED_H

#include "embedded_files.h" /* generated, see CMakeLists.txt */

typedef struct asx_embedded_file embedded_file;

/** By name; NULL if there is none. */
const embedded_file *embedded_find(const char *name);

#endif
