/* Makes the n-th allocation of the library fail: link the test with --wrap of calloc, realloc and
 * aligned_alloc. For one thread. */
#ifndef ASX_TESTS_COUNTDOWN_H
#define ASX_TESTS_COUNTDOWN_H

#include <stddef.h>

#include "check.h"

/* Allocations left before one fails; negative: none does. */
static long countdown = -1;

static int fails(void)
{
    return countdown >= 0 && countdown-- == 0;
}

void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t size)
{
    return fails() ? NULL : __real_realloc(p, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    return fails() ? NULL : __real_aligned_alloc(alignment, size);
}

/* Runs `call` with its n-th allocation failing, n = 0, step, 2 step ..., until it has no more. */
#define SWEEP(call, step, out, err)                                                                \
    do {                                                                                           \
        asx_status status = ASX_ENOMEM;                                                            \
        long n = 0;                                                                                \
        for (; status; n += (step)) {                                                              \
            countdown = n;                                                                         \
            (err).message[0] = '\0';                                                               \
            status = (call);                                                                       \
            countdown = -1;                                                                        \
            if (status != ASX_OK) {                                                                \
                assert_int_equal(status, ASX_ENOMEM);                                              \
                assert_true((err).message[0] != '\0');                                             \
                assert_null(out);                                                                  \
            }                                                                                      \
        }                                                                                          \
        assert_true(n > 1);                                                                        \
    } while (0)

#endif
