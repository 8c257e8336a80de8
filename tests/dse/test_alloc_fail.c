/* Every allocation of words, grids, codecs, formats, texts, files and tables fails once: ASX_ENOMEM
 * each time, outputs untouched, nothing leaked (the sanitizer looks). */
#include <string.h>
#include <unistd.h>

#include "alloc_fail.h"
#include "check.h"
#include "dse/codec.h"
#include "dse/csv.h"
#include "dse/file.h"
#include "dse/format.h"
#include "dse/grid.h"
#include "dse/memory.h"

static const asx_word word = {
    .bits = 9, .digit_width = 4, .digits = ASX_DIGITS_SIGNED, .set = {{3, 0}}};

static int mark; /* what outputs point to before a call */

static asx_status new_grid(asx_error *err)
{
    void *const before = &mark;
    asx_grid *grid = before;
    asx_status status = asx_grid_new(&grid, &word, err);
    if (status == ASX_OK)
        asx_grid_free(grid);
    else
        assert_ptr_equal(grid, before);
    return status;
}

static asx_status new_codec(asx_error *err)
{
    void *const before = &mark;
    asx_codec *codec = before;
    asx_status status = asx_codec_new(&codec, &word, err);
    if (status == ASX_OK)
        asx_codec_free(codec);
    else
        assert_ptr_equal(codec, before);
    return status;
}

static asx_status list_formats(asx_error *err)
{
    static const unsigned weight_bits[] = {4, 8}, activation_bits[] = {8}, widths[] = {3, 4};
    static const asx_digits digits[] = {ASX_DIGITS_UNSIGNED, ASX_DIGITS_SIGNED};
    const asx_format_choices choices = {.weight_bits = weight_bits,
                                        .digit_width = widths,
                                        .activation_bits = activation_bits,
                                        .digits = digits,
                                        .n_weight_bits = 2,
                                        .n_digit_widths = 2,
                                        .n_activation_bits = 1,
                                        .n_digits = 2,
                                        .weight_sets = "max 1 none {1,3}",
                                        .activation_sets = "none {1}"};
    void *const before = &mark;
    asx_format *format = before;
    size_t n = 77, n_raw = 78;
    asx_status status = asx_format_list(&format, &n, &n_raw, &choices, err);
    if (status == ASX_OK)
        free(format);
    else
        assert_true((void *)format == before && n == 77 && n_raw == 78);
    return status;
}

static asx_status build_text(asx_error *err)
{
    char before[] = "x", *s = before;
    asx_text text = {0};
    for (int i = 0; i < 50; i++)
        asx_text_add(&text, "%d ", i);
    asx_status status = asx_text_take(&s, &text, err);
    if (status == ASX_OK)
        free(s);
    else
        assert_true(s == before && !text.s);
    return status;
}

static char table[] = "/tmp/asx-alloc-XXXXXX";

static asx_status read_file(asx_error *err)
{
    char before[] = "x", *s = before;
    size_t n = 77;
    asx_status status = asx_file_read(&s, &n, table, 100, err);
    if (status == ASX_OK)
        free(s);
    else
        assert_true(s == before && n == 77);
    return status;
}

static asx_status load_csv(asx_error *err)
{
    void *const before = &mark;
    asx_csv *csv = before;
    asx_status status = asx_csv_load(&csv, table, err);
    if (status == ASX_OK)
        asx_csv_free(csv);
    else
        assert_ptr_equal(csv, before);
    return status;
}

static void sweep(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        alloc_fail_call call;
        size_t least; /* allocations that there must be */
    } cases[] = {
        {"asx_grid_new", new_grid, 4},    {"asx_codec_new", new_codec, 1},
        {"asx_text_take", build_text, 3}, {"asx_file_read", read_file, 1},
        {"asx_csv_load", load_csv, 6},    {"asx_format_list", list_formats, 50},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t n = alloc_fail_sweep(cases[i].name, cases[i].call, true);
        /* libcsv asks again for half as much: one failure alone does not stop it */
        if (cases[i].call != load_csv)
            assert_int_equal(alloc_fail_sweep(cases[i].name, cases[i].call, false), n);
        if (n < cases[i].least)
            fail_msg("%s: only %zu allocations", cases[i].name, n);
    }
}

/* A failed growth leaves the array and its capacity. */
static void grow(void **state)
{
    (void)state;
    size_t capacity = 0;
    char *items = asx_array_grow(NULL, &capacity, 3, 1);
    memcpy(items, "ab", 3);
    alloc_fail_at(1, false);
    assert_null(asx_array_grow(items, &capacity, 100, 1));
    alloc_fail_at(0, false);
    assert_true(capacity < 100 && strcmp(items, "ab") == 0);
    free(items);
}

int main(void)
{
    if (!alloc_fail_works())
        return 77; /* the library is a shared one */
    static const char content[] = "a,b\n1,\"2 3\"\n4,5\n";
    int fd = mkstemp(table);
    if (fd < 0 || write(fd, content, sizeof content - 1) < 0 || close(fd) != 0)
        return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(sweep), cmocka_unit_test(grow)};
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    remove(table);
    return failed;
}
