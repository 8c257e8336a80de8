/* Jansson leaves a member out that it has no memory for, and whoever adds it is told, hundreds of times in a document: here
 * it is asked once, at the end. */
#ifndef ASX_VIEW_JSON_MEMORY_H
#define ASX_VIEW_JSON_MEMORY_H

#include <stdbool.h>

/** Before a document is made. Of one thread. */
void json_memory_begin(void);

/** Whether memory lacked since then: what was made is not whole. */
bool json_memory_lacked(void);

#endif
