/* Decompression against zlib's and liblzma's own compressors, cuts at every length, flipped bytes.
 */
#include <lzma.h>
#include <zlib.h>

#include "dataset_stream.h"
#include "scratch.h"

enum { N = 5000, ROOM = 3 * N };

static const char *const NAMES[] = {"a", NULL};

static void fill(unsigned char *content, size_t n)
{
    unsigned state = 12345;
    for (size_t i = 0; i < n; i++) {
        state = state * 1103515245u + 12345u;
        content[i] = (unsigned char)(state >> 16 & 0x3f);
    }
}

static size_t pack_gzip(unsigned char *out, const unsigned char *content, size_t n)
{
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (unsigned char *)(uintptr_t)content;
    z.avail_in = (uInt)n;
    z.next_out = out;
    z.avail_out = ROOM;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    size_t size = ROOM - z.avail_out;
    deflateEnd(&z);
    return size;
}

static size_t pack_xz(unsigned char *out, const unsigned char *content, size_t n)
{
    size_t size = 0;
    assert_int_equal(
        lzma_easy_buffer_encode(0, LZMA_CHECK_CRC64, NULL, content, n, out, &size, ROOM), LZMA_OK);
    return size;
}

typedef size_t packer(unsigned char *out, const unsigned char *content, size_t n);
static packer *const PACKERS[] = {pack_gzip, pack_xz};

static void expect(const void *file, size_t n_file, const void *content, size_t n)
{
    asx_error err;
    unsigned char *got = NULL;
    size_t n_got = 0;
    CHECK_OK(asx_stream_read(&got, &n_got, scratch_write("a", file, n_file), NULL, n, &err), err);
    assert_int_equal(n_got, n);
    assert_memory_equal(got, content, n);
    free(got);
}

static void expect_failure(const void *file, size_t n_file, asx_status want, size_t max)
{
    asx_error err;
    unsigned char mark, *got = &mark;
    size_t n_got = 77;
    const char *path = scratch_write("a", file, n_file);
    CHECK_FAIL(asx_stream_read(&got, &n_got, path, NULL, max, &err), want, err);
    assert_non_null(strstr(err.message, path));
    assert_ptr_equal(got, &mark);
    assert_int_equal(n_got, 77);
}

static void plain_files_come_as_they_are(void **state)
{
    (void)state;
    unsigned char content[N];
    fill(content, N);
    expect(content, 0, content, 0);
    expect(content, 1, content, 1);
    expect(content, N, content, N);
    expect("\x1f\x8b", 2, "\x1f\x8b", 2);
}

static void compressed_files_are_recognised(void **state)
{
    (void)state;
    unsigned char content[N], file[ROOM];
    fill(content, N);
    for (int p = 0; p < 2; p++)
        for (size_t n = 0; n <= N; n += n < 3 ? 1 : 1249)
            expect(file, PACKERS[p](file, content, n), content, n);
}

/* Larger than every internal buffer, and very compressible. */
static void large_contents(void **state)
{
    (void)state;
    size_t n = 1000001;
    unsigned char *content = malloc(n), *file = malloc(n);
    assert_true(content && file);
    for (size_t i = 0; i < n; i++)
        content[i] = (unsigned char)(i / 1000);
    expect(content, n, content, n);
    for (int p = 0; p < 2; p++)
        expect(file, PACKERS[p](file, content, n), content, n);
    free(content);
    free(file);
}

static void concatenated_streams(void **state)
{
    (void)state;
    unsigned char content[N], file[2 * ROOM];
    fill(content, N);
    for (int p = 0; p < 2; p++) {
        size_t n = PACKERS[p](file, content, 2000);
        n += PACKERS[p](file + n, content + 2000, N - 2000);
        expect(file, n, content, N);
    }
}

static void cut_anywhere(void **state)
{
    (void)state;
    unsigned char content[N], file[ROOM];
    fill(content, N);
    for (int p = 0; p < 2; p++) {
        size_t n = PACKERS[p](file, content, 100);
        for (size_t cut = 6; cut < n; cut++)
            expect_failure(file, cut, ASX_EPARSE, N);
    }
}

/* No flipped bit gives other content: it is noticed, or it does not matter. */
static void damaged_anywhere(void **state)
{
    (void)state;
    unsigned char content[N], file[ROOM];
    fill(content, N);
    for (int p = 0; p < 2; p++) {
        size_t n = PACKERS[p](file, content, 100);
        for (size_t at = p == 0 ? 10 : 6; at < n; at++) { /* gzip does not protect its header */
            asx_error err;
            unsigned char *got;
            size_t n_got;
            file[at] ^= 0x10;
            asx_status status =
                asx_stream_read(&got, &n_got, scratch_write("a", file, n), NULL, N, &err);
            file[at] ^= 0x10;
            if (status == ASX_OK) { /* a bit of padding */
                assert_int_equal(n_got, 100);
                assert_memory_equal(got, content, 100);
                free(got);
            } else {
                assert_true(status == ASX_EPARSE || status == ASX_ENOMEM || status == ASX_EINVAL);
            }
        }
    }
}

static void something_behind_the_stream(void **state)
{
    (void)state;
    unsigned char content[N], file[ROOM];
    fill(content, N);
    for (int p = 0; p < 2; p++) {
        size_t n = PACKERS[p](file, content, N);
        memcpy(file + n, "more", 4);
        expect_failure(file, n + 4, ASX_EPARSE, N);
    }
}

static void the_limit_holds_for_the_content(void **state)
{
    (void)state;
    unsigned char content[N] = {0}, file[ROOM];
    expect_failure(content, N, ASX_EINVAL, N - 1);
    expect_failure(content, 1, ASX_EINVAL, 0);
    for (int p = 0; p < 2; p++) {
        size_t n = PACKERS[p](file, content, N);
        assert_true(n < N / 10); /* so it is not the file's size that is limited */
        expect(file, n, content, N);
        expect_failure(file, n, ASX_EINVAL, N - 1);
        expect_failure(file, n, ASX_EINVAL, 10);
    }
}

static void files_that_cannot_be_read(void **state)
{
    (void)state;
    asx_error err;
    unsigned char *got = NULL;
    size_t n = 77;
    CHECK_FAIL(asx_stream_read(&got, &n, scratch_path("missing"), NULL, N, &err), ASX_EIO, err);
    CHECK_FAIL(asx_stream_read(&got, &n, scratch_folder, NULL, N, &err), ASX_EIO, err);
    assert_null(got);
    assert_int_equal(asx_stream_read(&got, &n, scratch_folder, NULL, N, NULL), ASX_EIO);
}

static int teardown(void **state)
{
    (void)state;
    return scratch_remove(NAMES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_files_come_as_they_are),
        cmocka_unit_test(compressed_files_are_recognised),
        cmocka_unit_test(large_contents),
        cmocka_unit_test(concatenated_streams),
        cmocka_unit_test(cut_anywhere),
        cmocka_unit_test(damaged_anywhere),
        cmocka_unit_test(something_behind_the_stream),
        cmocka_unit_test(the_limit_holds_for_the_content),
        cmocka_unit_test(files_that_cannot_be_read),
    };
    return cmocka_run_group_tests(tests, scratch_setup, teardown);
}
