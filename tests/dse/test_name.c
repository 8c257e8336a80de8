/* Names out of a list. */
#include <string.h>

#include "check.h"
#include "dse/name.h"

static const char *const FRUITS[] = {"apple", "pear", "plum", NULL};
static const char *const NOTHING[] = {NULL};

static void finds(void **state)
{
    (void)state;
    asx_error err;
    size_t at = 9;
    for (size_t i = 0; FRUITS[i]; i++) {
        CHECK_OK(asx_name_find(&at, "fruit", FRUITS[i], FRUITS, &err), err);
        assert_int_equal(at, i);
    }
}

static void names_all_there_are(void **state)
{
    (void)state;
    asx_error err;
    const char *const wrong[] = {"", "app", "apples", "Apple", "apple,"};
    size_t at = 9;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CHECK_FAIL(asx_name_find(&at, "fruit", wrong[i], FRUITS, &err), ASX_ENOTFOUND, err);
        assert_non_null(strstr(err.message, "' is not one of apple, pear, plum"));
    }
    CHECK_FAIL(asx_name_find(&at, "fruit", "apple", NOTHING, &err), ASX_ENOTFOUND, err);
    assert_int_equal(asx_name_find(&at, "fruit", "kiwi", FRUITS, NULL), ASX_ENOTFOUND);
    assert_int_equal(at, 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds),
        cmocka_unit_test(names_all_there_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
