/* Statuses and messages. */
#include "check.h"

#include <string.h>

#include "dse/error.h"

static void texts(void **state)
{
    (void)state;
    assert_string_equal(asx_status_text(ASX_OK), "ok");
    assert_string_equal(asx_status_text(ASX_ENOMEM), "out of memory");
    assert_string_equal(asx_status_text((asx_status)-99), "unknown status");
}

static void fails(void **state)
{
    (void)state;
    asx_error err = {ASX_OK, ""};
    assert_int_equal(asx_fail(&err, ASX_EPARSE, "'%s' is %d", "x", 7), ASX_EPARSE);
    assert_int_equal(err.status, ASX_EPARSE);
    assert_string_equal(err.message, "'x' is 7");
    assert_int_equal(asx_fail(NULL, ASX_EIO, "nobody listens"), ASX_EIO);
    assert_int_equal(asx_fail(&err, ASX_EIO, "again: %s", err.message), ASX_EIO);
    assert_string_equal(err.message, "again: 'x' is 7");
}

static void stays_one_line(void **state)
{
    (void)state;
    asx_error err;
    assert_int_equal(asx_fail(&err, ASX_EPARSE, "'a\nb\tc\x7f\xc3\xa4'"), ASX_EPARSE);
    assert_string_equal(err.message, "'a?b?c?\xc3\xa4'");
}

static void gives_context(void **state)
{
    (void)state;
    asx_error err;
    asx_status status = asx_fail(&err, ASX_EINVAL, "too large");
    assert_int_equal(asx_fail_context(&err, status, "file '%s'", "f"), ASX_EINVAL);
    assert_string_equal(err.message, "file 'f': too large");
    assert_int_equal(err.status, ASX_EINVAL);
    assert_int_equal(asx_fail_context(NULL, ASX_EDB, "x"), ASX_EDB);
}

static void cuts(void **state)
{
    (void)state;
    asx_error err;
    char longer[2 * ASX_ERROR_MAX];
    memset(longer, 'x', sizeof longer);
    longer[sizeof longer - 1] = '\0';
    assert_int_equal(asx_fail(&err, ASX_EINVAL, "%s", longer), ASX_EINVAL);
    assert_int_equal(strlen(err.message), ASX_ERROR_MAX - 1);
    assert_int_equal(asx_fail_context(&err, ASX_EINVAL, "%s", longer), ASX_EINVAL);
    assert_int_equal(strlen(err.message), ASX_ERROR_MAX - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts),         cmocka_unit_test(fails), cmocka_unit_test(stays_one_line),
        cmocka_unit_test(gives_context), cmocka_unit_test(cuts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
