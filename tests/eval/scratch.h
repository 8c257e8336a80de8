/* Small files for tests, in a folder that is removed afterwards. */
#ifndef ASX_TESTS_EVAL_SCRATCH_H
#define ASX_TESTS_EVAL_SCRATCH_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

static char scratch_folder[256];

static int scratch_setup(void **state)
{
    (void)state;
    const char *parent = getenv("TMPDIR");
    snprintf(scratch_folder, sizeof scratch_folder, "%s/asx_test_XXXXXX",
             parent && *parent ? parent : "/tmp");
    return mkdtemp(scratch_folder) ? 0 : -1;
}

/* Path of file `name` in the folder; borrowed. At most eight names. */
static const char *scratch_path(const char *name)
{
    static char path[8][512];
    char wanted[sizeof path[0]];
    size_t i = 0;
    snprintf(wanted, sizeof wanted, "%s/%s", scratch_folder, name);
    while (i < 8 && path[i][0] && strcmp(path[i], wanted) != 0)
        i++;
    assert_true(i < 8);
    return strcpy(path[i], wanted);
}

static const char *scratch_write(const char *name, const void *bytes, size_t n)
{
    const char *path = scratch_path(name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
    return path;
}

/* Removes the files of the given names ({..., NULL}) and the folder. */
static int scratch_remove(const char *const *name)
{
    for (; *name; name++)
        unlink(scratch_path(*name));
    return rmdir(scratch_folder);
}

#endif
