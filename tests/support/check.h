/* cmocka with the headers it wants, and the reference data where there is any. */
#ifndef ASX_TESTS_CHECK_H
#define ASX_TESTS_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* A call that must succeed: the message of `err` is shown when it does not. */
#define CHECK_OK(call, err)                                                                        \
    do {                                                                                           \
        if ((call) != ASX_OK)                                                                      \
            fail_msg("%s: %s", #call, (err).message);                                              \
    } while (0)

/* A call that must fail with a status and a message. */
#define CHECK_FAIL(call, want, err)                                                                \
    do {                                                                                           \
        (err).message[0] = '\0';                                                                   \
        assert_int_equal((call), (want));                                                          \
        assert_true((err).message[0] != '\0');                                                     \
    } while (0)

/* Path of a file of the reference data: "$ASX_DATA/name", else beside the project. */
static inline const char *check_data(char *path, size_t n, const char *name)
{
    const char *folder = getenv("ASX_DATA");
    snprintf(path, n, "%s/%s", folder && *folder ? folder : ASX_SHARED_DATA, name);
    return path;
}

/* Leaves the test program as "skipped" when a file of the reference data is missing. */
static inline void check_data_or_skip(const char *name)
{
    char path[1024];
    FILE *f = fopen(check_data(path, sizeof path, name), "rb");
    if (!f) {
        printf("skipped: '%s' is not there (set ASX_DATA)\n", path);
        exit(77);
    }
    fclose(f);
}

#endif
