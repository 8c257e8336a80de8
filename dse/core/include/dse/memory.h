/* Allocation that cannot overflow. Everything is released with free(). */
#ifndef ASX_DSE_MEMORY_H
#define ASX_DSE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/api.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Zeroed array of `n` items of `size` bytes; NULL on overflow or lack of memory, never for n = 0.
 */
ASX_API void *asx_array_new(size_t n, size_t size);

/**
 * Makes room for at least `need` items, doubling the capacity.
 *
 * @param items     the array, or NULL when `*capacity` is 0; replaced by the return value
 * @param capacity  in items; updated on success
 * @return the array, whose new part is not initialised; NULL on failure, `items` is then still
 * valid
 */
ASX_API void *asx_array_grow(void *items, size_t *capacity, size_t need, size_t size);

/** A copy of `n` items; NULL on lack of memory. */
ASX_API void *asx_array_copy(const void *items, size_t n, size_t size);

/** A copy of a string; NULL if `s` is NULL or memory lacks. */
ASX_API char *asx_string_copy(const char *s);

/**
 * Whether so many bytes are to be had at this moment; none is kept. Asked before foreign code is entered that ends the
 * process where it has no memory. Cost: two system calls, whatever the size.
 */
ASX_API bool asx_memory_spare(size_t bytes);

#ifdef __cplusplus
}
#endif

#endif
