/* Statuses and messages. */
#include "check.h"

#include <string.h>

#include "dse/error.h"

#include <stdio.h>

#include "dse/tame.h"

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

static void tames_foreign_text(void **state)
{
    (void)state;
    static const char *const pair[][2] = {
        {"plain \xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80",
         "plain \xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80"},
        {"\033[31m", "?[31m"},
        {"a\xc2\x9b"
         "b",
         "a?b"}, /* C1 in UTF-8 */
        {"a\x9b"
         "b",
         "a?b"}, /* C1 as a bare byte */
        {"a\xe2\x80\xae"
         "b\xe2\x81\xa6",
         "a?b?"},                                        /* override, isolate */
        {"cut \xe2\x82", "cut ??"},                      /* a character that does not end */
        {"\xed\xa0\x80\xee\x80\x80", "???\xee\x80\x80"}, /* half a pair; the first behind them */
        {"\xf4\x90\x80\x80\xf4\x8f\xbf\xbd", "????\xf4\x8f\xbf\xbd"}, /* beyond the last */
        {"\xc0\x80\xe0\x80\x80\xf0\x80\x80\x80", "?????????"},        /* longer than needed */
    };
    for (size_t i = 0; i < sizeof pair / sizeof *pair; i++) {
        char text[64];
        snprintf(text, sizeof text, "%s", pair[i][0]);
        asx_text_tame(text);
        assert_string_equal(text, pair[i][1]);
    }
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
        cmocka_unit_test(texts),          cmocka_unit_test(fails),
        cmocka_unit_test(stays_one_line), cmocka_unit_test(tames_foreign_text),
        cmocka_unit_test(gives_context),  cmocka_unit_test(cuts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
