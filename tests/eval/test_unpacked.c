/* What compressed files hold, kept in a folder: read from there, and from nowhere else once anything changed. */
#include <dirent.h>
#include <fcntl.h>
#include <lzma.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>

#include "dataset_stream.h"
#include "scratch.h"
#include "unpacked.h"

enum { N = 3 << 20 };

static unsigned char content[N], packed[N + (1 << 16)];
static char folder[512], kept[1024];

static const char *write_packed(unsigned seed)
{
    size_t size = 0;
    for (size_t i = 0; i < N; i++)
        content[i] = (unsigned char)(seed + i / 4096);
    assert_int_equal(lzma_easy_buffer_encode(0, LZMA_CHECK_CRC64, NULL, content, N, packed, &size,
                                             sizeof packed),
                     LZMA_OK);
    return scratch_write("a", packed, size);
}

/* Files that were just written are not trusted to show in their times that they are written again. */
static void settle(const char *path)
{
    asx_unpacked_source source;
    bool settled = false;
    for (int i = 0; i < 200 && !settled; i++) {
        const int file = open(path, O_RDONLY);
        assert_true(asx_unpacked_look(&source, &settled, file));
        close(file);
        if (!settled)
            nanosleep(&(struct timespec){0, 50000000}, NULL);
    }
    assert_true(settled);
}

static void expect_content(const char *path, const unsigned char *want)
{
    asx_error err = {0};
    unsigned char *got = NULL;
    size_t n = 0;
    CHECK_OK(asx_stream_read(&got, &n, path, folder, N, &err), err);
    assert_int_equal(n, N);
    assert_memory_equal(got, want, N);
    free(got);
}

/* How many files there are; the name of the last. */
static size_t count_kept(void)
{
    DIR *d = opendir(folder);
    size_t n = 0;
    for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d))
        if (e->d_name[0] != '.') {
            snprintf(kept, sizeof kept, "%s/%.255s", folder, e->d_name);
            n++;
        }
    if (d)
        closedir(d);
    return n;
}

static void overwrite(const char *path, long at, int byte)
{
    FILE *f = fopen(path, "r+b");
    assert_non_null(f);
    assert_int_equal(fseek(f, at, at < 0 ? SEEK_END : SEEK_SET), 0);
    assert_int_equal(fputc(byte, f), byte);
    assert_int_equal(fclose(f), 0);
}

/* What is kept is what is read: not for show. */
static void test_read_from_there(void **state)
{
    asx_unpacked_source source;
    bool settled;
    asx_error err = {0};
    unsigned char *got = NULL;
    size_t n = 0;
    const char *path = *state;
    const int file = open(path, O_RDONLY);
    assert_true(asx_unpacked_look(&source, &settled, file) && settled);
    close(file);
    assert_int_equal(mkdir(folder, 0777), 0);
    asx_unpacked_keep(folder, path, &source, (const unsigned char *)"planted", 7);
    CHECK_OK(asx_stream_read(&got, &n, path, folder, N, &err), err);
    assert_int_equal(n, 7);
    assert_memory_equal(got, "planted", 7);
    free(got);
    CHECK_OK(asx_stream_read(&got, &n, path, NULL, N, &err), err);
    assert_int_equal(n, N);
    free(got);
    assert_int_equal(count_kept(), 1);
    assert_int_equal(unlink(kept), 0);
    assert_int_equal(rmdir(folder), 0);
}

/* Where nothing can be kept, everything is read as ever. */
static void test_nowhere(void **state)
{
    char before[sizeof folder];
    const char *path = *state;
    strcpy(before, folder);
    snprintf(folder, sizeof folder, "%s", path); /* no folder */
    expect_content(path, content);
    snprintf(folder, sizeof folder, "%s/none/such", scratch_folder);
    expect_content(path, content);
    strcpy(folder, before);
}

static void test_kept(void **state)
{
    static unsigned char other[N];
    asx_error err = {0};
    struct stat s;
    unsigned char *got = NULL;
    size_t n = 0;
    const char *path = *state;
    expect_content(path, content);
    assert_int_equal(count_kept(), 1);
    assert_int_equal(stat(kept, &s), 0);
    assert_int_equal(s.st_mode & 0777, 0640); /* no more may read it than the file */
    CHECK_FAIL(asx_stream_read(&got, &n, path, folder, N - 1, &err), ASX_EINVAL, err);
    memcpy(other, content, N);
    for (int damage = 0; damage < 4; damage++) {
        if (damage == 0)
            overwrite(kept, -1, content[N - 1] ^ 1);
        else if (damage == 1)
            assert_int_equal(truncate(kept, N / 2), 0);
        else if (damage == 2) /* another version */
            overwrite(kept, 7, '9');
        else
            assert_int_equal(unlink(kept), 0);
        expect_content(path, content);     /* as if it were not there */
        assert_int_equal(count_kept(), 1); /* and it is made anew */
    }
    write_packed(2); /* as many bytes at the same place */
    expect_content(path, content);
    assert_memory_not_equal(content, other, N);
    assert_int_equal(unlink(kept), 0);
}

/* One file for all, so that there is but one wait. */
static int setup(void **state)
{
    if (scratch_setup(state) != 0)
        return -1;
    snprintf(folder, sizeof folder, "%s/kept", scratch_folder);
    const char *path = write_packed(1);
    assert_int_equal(chmod(path, 0640), 0);
    expect_content(path, content); /* it is too young */
    assert_int_equal(count_kept(), 0);
    settle(path);
    *state = (void *)(uintptr_t)path;
    return 0;
}

static int teardown(void **state)
{
    static const char *const names[] = {"a", NULL};
    (void)state;
    rmdir(folder);
    return scratch_remove(names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read_from_there),
        cmocka_unit_test(test_nowhere),
        cmocka_unit_test(test_kept),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
