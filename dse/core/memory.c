/* Allocation that cannot overflow. */
#define _GNU_SOURCE /* MAP_ANONYMOUS */
#include "dse/memory.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

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

/* Not by malloc, which would keep what it is given back. */
bool asx_memory_spare(size_t bytes)
{
    void *memory =
        mmap(NULL, bytes ? bytes : 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory != MAP_FAILED && munmap(memory, bytes ? bytes : 1) == 0;
}
