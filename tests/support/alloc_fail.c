/* Makes single allocations fail: the other end of the linker's --wrap. */
#include "alloc_fail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "dse/memory.h"

static size_t n_calls, fail_at;
static bool later_too;

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);

static bool fails(void)
{
    n_calls++;
    return fail_at && (n_calls == fail_at || (later_too && n_calls > fail_at));
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t size)
{
    return fails() ? NULL : __real_realloc(p, size);
}

void alloc_fail_at(size_t n, bool and_later)
{
    n_calls = 0;
    fail_at = n;
    later_too = and_later;
}

size_t alloc_fail_count(void)
{
    return n_calls;
}

bool alloc_fail_works(void)
{
    alloc_fail_at(1, false);
    void *p = asx_array_new(1, 1);
    alloc_fail_at(0, false);
    free(p);
    return !p;
}

size_t alloc_fail_sweep(const char *name, alloc_fail_call call, bool and_later)
{
    for (size_t n = 1;; n++) {
        asx_error err = {ASX_OK, ""};
        alloc_fail_at(n, and_later);
        asx_status status = call(&err);
        const size_t count = alloc_fail_count();
        alloc_fail_at(0, false);
        if (count < n) { /* nothing failed */
            if (status != ASX_OK)
                fail_msg("%s: %s", name, err.message);
            return count;
        }
        if (status != ASX_ENOMEM || !err.message[0])
            fail_msg("%s: allocation %zu fails, status '%s', message '%s'", name, n,
                     asx_status_text(status), err.message);
    }
}
