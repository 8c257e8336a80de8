/* Whole files: contents, limits, and everything that is not a readable regular file. */
#include "check.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dse/file.h"
#include "dse/memory.h"

static char folder[64];

static const char *path_of(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void write_file(const char *name, const void *data, size_t n)
{
    FILE *f = fopen(path_of(name), "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(data, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

static void contents(void **state)
{
    (void)state;
    static const size_t size[] = {0, 1, 7, 8, 9, 4095, 4096, 100003};
    for (size_t k = 0; k < sizeof size / sizeof size[0]; k++) {
        char *data = asx_array_new(size[k] + 1, 1), *got = NULL;
        size_t n = 99;
        asx_error err;
        for (size_t i = 0; i < size[k]; i++)
            data[i] = (char)(i * i + k);
        write_file("data", data, size[k]);
        CHECK_OK(asx_file_read(&got, &n, path_of("data"), size[k], &err), err);
        assert_int_equal(n, size[k]);
        assert_memory_equal(got, data, n + 1); /* and the NUL */
        free(got);
        free(data);
    }
}

/* stat says 0 bytes there. */
static void sizeless(void **state)
{
    (void)state;
    char *got = NULL;
    size_t n = 0;
    if (access("/proc/self/status", R_OK) != 0)
        skip();
    asx_error err;
    CHECK_OK(asx_file_read(&got, &n, "/proc/self/status", 1 << 20, &err), err);
    assert_true(n > 100 && strlen(got) == n && strstr(got, "Pid:"));
    free(got);
    CHECK_FAIL(asx_file_read(&got, &n, "/proc/self/status", 50, &err), ASX_EINVAL, err);
}

static void refuse(const char *path, size_t max, asx_status status, const char *why)
{
    asx_error err;
    char *got = folder;
    size_t n = 99;
    CHECK_FAIL(asx_file_read(&got, &n, path, max, &err), status, err);
    if (!strstr(err.message, why) || !strstr(err.message, path))
        fail_msg("'%s' does not say '%s'", err.message, why);
    assert_true(got == folder && n == 99);
}

static void refuses(void **state)
{
    (void)state;
    refuse(path_of("missing"), 100, ASX_EIO, "No such file");
    refuse("", 100, ASX_EIO, "No such file");
    refuse(folder, 100, ASX_EIO, "it is a directory");
    write_file("ten", "0123456789", 10);
    refuse(path_of("ten"), 9, ASX_EINVAL, "larger than 9 bytes");
    assert_int_equal(mkfifo(path_of("pipe"), 0600), 0);
    refuse(path_of("pipe"), 9, ASX_EIO, "it is not a regular file");
    refuse("/dev/null", 9, ASX_EIO, "it is not a regular file");
    assert_int_equal(chmod(path_of("ten"), 0), 0);
    if (access(path_of("ten"), R_OK) != 0) /* root may read it all the same */
        refuse(path_of("ten"), 100, ASX_EIO, "Permission denied");
}

/* XXH3 of the empty input with seed 0, from xxHash's own sanity tables. */
static void hashes(void **state)
{
    (void)state;
    assert_true(asx_hash("", 0, 0) == UINT64_C(0x2d06800538d394c2));
    assert_true(asx_hash(NULL, 0, 0) == asx_hash("", 0, 0));
    assert_true(asx_hash("abc", 3, 0) != asx_hash("abd", 3, 0));
    assert_true(asx_hash("abc", 3, 0) != asx_hash("abc", 3, 1));
}

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/asx-file-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    remove(path_of("data"));
    remove(path_of("ten"));
    remove(path_of("pipe"));
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contents),
        cmocka_unit_test(sizeless),
        cmocka_unit_test(refuses),
        cmocka_unit_test(hashes),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
