#include "json_memory.h"

#include <jansson.h>
#include <stdlib.h>

static bool lacked; /* Jansson's allocator has no argument to keep it in */

static void *take(size_t size)
{
    void *memory = malloc(size);
    lacked |= !memory;
    return memory;
}

void json_memory_begin(void)
{
    lacked = false;
    json_set_alloc_funcs(take, free);
}

bool json_memory_lacked(void)
{
    return lacked;
}
