/* Allocation, its overflow checks, and the growing text. */
#include "check.h"

#include <string.h>

#include "dse/memory.h"
#include "dse/text.h"

static void arrays(void **state)
{
    (void)state;
    int *zeroed = asx_array_new(1000, sizeof *zeroed);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(zeroed[i], 0);
    zeroed[999] = 5;
    int *copy = asx_array_copy(zeroed, 1000, sizeof *zeroed);
    assert_memory_equal(copy, zeroed, 1000 * sizeof *zeroed);
    free(copy);
    free(zeroed);
    void *empty = asx_array_new(0, 8), *none = asx_array_copy(NULL, 0, 8);
    assert_true(empty && none);
    free(empty);
    free(none);
}

static void overflow(void **state)
{
    (void)state;
    int item = 7;
    size_t capacity = 1;
    assert_null(asx_array_new(SIZE_MAX / 2, 4));
    assert_null(asx_array_new(SIZE_MAX, SIZE_MAX));
    assert_null(asx_array_copy(&item, SIZE_MAX / 4 + 2, 4));
    assert_null(asx_array_grow(&item, &capacity, SIZE_MAX / 4 + 2, 4));
    assert_null(asx_array_grow(&item, &capacity, SIZE_MAX, 1));
    assert_int_equal(capacity, 1);
}

static void what_there_is_not_is_not_spare(void **state)
{
    (void)state;
    assert_true(asx_memory_spare(0));
    assert_true(asx_memory_spare(1 << 20));
    assert_false(asx_memory_spare(SIZE_MAX / 2));
}

static void growth(void **state)
{
    (void)state;
    size_t capacity = 0, reallocations = 0;
    int *items = NULL;
    for (size_t n = 0; n < 10000; n++) {
        size_t before = capacity;
        items = asx_array_grow(items, &capacity, n + 1, sizeof *items);
        assert_non_null(items);
        assert_true(capacity > n);
        reallocations += capacity != before;
        items[n] = (int)n;
    }
    assert_true(reallocations < 20);
    for (size_t n = 0; n < 10000; n++)
        assert_int_equal(items[n], n);
    free(items);
}

static void strings(void **state)
{
    (void)state;
    char *s = asx_string_copy("alphabet");
    assert_string_equal(s, "alphabet");
    free(s);
    assert_null(asx_string_copy(NULL));
}

static void text_grows(void **state)
{
    (void)state;
    asx_text text = {0};
    asx_error err;
    char *s = NULL;
    for (int i = 0; i < 2000; i++)
        asx_text_add(&text, "%04d,", i);
    assert_int_equal(text.n, 10000);
    asx_text_add_bytes(&text, "a\0b", 3);
    assert_int_equal(text.n, 10003);
    CHECK_OK(asx_text_take(&s, &text, &err), err);
    assert_memory_equal(s + 9995, "1999,a\0b", 9);
    assert_true(!text.s && !text.n && !text.capacity && !text.failed);
    free(s);
    CHECK_OK(asx_text_take(&s, &text, &err), err); /* nothing was added */
    assert_string_equal(s, "");
    free(s);
    asx_text_add(&text, "one");
    asx_text_clear(&text);
    assert_string_equal(text.s, "");
    asx_text_add(&text, "two");
    assert_string_equal(text.s, "two");
    asx_text_fini(&text);
    asx_text_fini(&text);
}

static void text_remembers_failure(void **state)
{
    (void)state;
    asx_text text = {0};
    asx_error err;
    char *s = "untouched";
    asx_text_add(&text, "one");
    asx_text_add_bytes(&text, "", SIZE_MAX - 2); /* refused before it is read */
    assert_true(text.failed);
    asx_text_add(&text, "two");
    assert_string_equal(text.s, "one");
    CHECK_FAIL(asx_text_take(&s, &text, &err), ASX_ENOMEM, err);
    assert_string_equal(s, "untouched");
    assert_true(!text.s && !text.failed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_there_is_not_is_not_spare),
        cmocka_unit_test(arrays),
        cmocka_unit_test(overflow),
        cmocka_unit_test(growth),
        cmocka_unit_test(text_grows),
        cmocka_unit_test(strings),
        cmocka_unit_test(text_remembers_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
