/* Allocation that cannot overflow. */
#include "dse/memory.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static bool fits(size_t n, size_t size)
{
    return size == 0 || n <= (size_t)PTRDIFF_MAX / size;
}

void *asx_array_new(size_t n, size_t size)
{
    if (!fits(n, size))
        return NULL;
    return calloc(n ? n : 1, size ? size : 1);
}

void *asx_array_grow(void *items, size_t *capacity, size_t need, size_t size)
{
    if (items && need <= *capacity)
        return items;
    size_t grown = *capacity ? *capacity : 8;
    while (grown < need)
        grown = grown > SIZE_MAX / 2 ? need : 2 * grown;
    if (!fits(grown, size))
        return NULL;
    void *bigger = realloc(items, grown * (size ? size : 1));
    if (bigger)
        *capacity = grown;
    return bigger;
}

void *asx_array_copy(const void *items, size_t n, size_t size)
{
    void *copy = asx_array_new(n, size);
    if (copy && n && size)
        memcpy(copy, items, n * size);
    return copy;
}

char *asx_string_copy(const char *s)
{
    return s ? asx_array_copy(s, strlen(s) + 1, 1) : NULL;
}
