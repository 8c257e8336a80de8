/* Makes single allocations of the code under test fail. Link the test with it by
 *
 *     asx_add_test(<module> <name> LIBS alloc_fail)
 *
 * The linker sends malloc, calloc and realloc of the test and of static libraries here; shared
 * libraries keep their own, and alloc_fail_works says so. */
#ifndef ASX_TESTS_ALLOC_FAIL_H
#define ASX_TESTS_ALLOC_FAIL_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/error.h"

/** The n-th allocation from now on fails, and only that one or all later ones too; 0: none. */
void alloc_fail_at(size_t n, bool and_later);

/** Allocations since alloc_fail_at. */
size_t alloc_fail_count(void);

/** Whether the library's allocations come here; skip the test if not. */
bool alloc_fail_works(void);

/* Calls what is tested, releases what it made, and checks that a failure left outputs alone. */
typedef asx_status (*alloc_fail_call)(asx_error *err);

/**
 * Calls with the first allocation failing, then the second, ... until it succeeds undisturbed. Each
 * failure must be ASX_ENOMEM with a message. Without `and_later` a forgotten check shows best; code
 * that rightly tries again with less needs it.
 * @return how many allocations there were
 */
size_t alloc_fail_sweep(const char *name, alloc_fail_call call, bool and_later);

#endif
