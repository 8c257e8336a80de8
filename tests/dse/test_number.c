/* Numbers from text. */
#include "check.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "dse/number.h"

static void numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double want;
    } cases[] = {{"0", 0},      {"-0.5", -0.5},    {"+3", 3},      {".25", 0.25},
                 {"4.", 4},     {"1e3", 1000},     {"1E-2", 0.01}, {"007", 7},
                 {"1e-400", 0}, {"-1.5e+2", -150}, {"0.1", 0.1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double x = 99;
        asx_error err;
        CHECK_OK(asx_number_parse(&x, cases[i].text, -DBL_MAX, DBL_MAX, "x", &err), err);
        assert_true(x == cases[i].want);
    }
}

static void not_numbers(void **state)
{
    (void)state;
    static const char *const cases[] = {"",      " ",     " 1",    "1 ",       "1x",   "x",
                                        "-",     "+",     ".",     "e5",       "1e",   "1e+",
                                        "0x10",  "inf",   "nan",   "INFINITY", "1,5",  "--1",
                                        "1.2.3", "1e5.5", "1e400", "-1e999",   "1_000"};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double x = 99;
        asx_error err;
        CHECK_FAIL(asx_number_parse(&x, cases[i], -INFINITY, INFINITY, "option '--x'", &err),
                   ASX_EPARSE, err);
        assert_non_null(strstr(err.message, "option '--x'"));
        assert_non_null(strstr(err.message, cases[i]));
        assert_true(x == 99);
    }
}

static void out_of_range(void **state)
{
    (void)state;
    double x = 99;
    asx_error err;
    CHECK_FAIL(asx_number_parse(&x, "1.01", -2.5, 1, "x", &err), ASX_EINVAL, err);
    assert_string_equal(err.message, "x: 1.01 is outside [-2.5, 1]");
    CHECK_FAIL(asx_number_parse(&x, "-3", -2.5, 1, "x", &err), ASX_EINVAL, err);
    assert_true(x == 99);
    CHECK_OK(asx_number_parse(&x, "1", -2.5, 1, "x", &err), err);
    CHECK_OK(asx_number_parse(&x, "-2.5", -2.5, 1, "x", &err), err);
    assert_true(x == -2.5);
}

static void integers(void **state)
{
    (void)state;
    long long n = 0;
    asx_error err;
    CHECK_OK(asx_integer_parse(&n, "-12", -12, 5, "n", &err), err);
    assert_int_equal(n, -12);
    CHECK_OK(asx_integer_parse(&n, "+9223372036854775807", 0, INT64_MAX, "n", &err), err);
    assert_true(n == INT64_MAX);
    CHECK_OK(asx_integer_parse(&n, "010", 0, 99, "n", &err), err);
    assert_int_equal(n, 10); /* decimal, not octal */
    static const char *const bad[] = {"", "-", "1.0", "1e3", "0x1", " 1", "1 ", "one"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK_FAIL(asx_integer_parse(&n, bad[i], 0, 9999, "n", &err), ASX_EPARSE, err);
    static const char *const outside[] = {"100", "-1", "9223372036854775808",
                                          "-99999999999999999999"};
    for (size_t i = 0; i < sizeof outside / sizeof outside[0]; i++) {
        CHECK_FAIL(asx_integer_parse(&n, outside[i], 0, 99, "n", &err), ASX_EINVAL, err);
        assert_non_null(strstr(err.message, "[0, 99]"));
    }
    assert_int_equal(n, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers),
        cmocka_unit_test(not_numbers),
        cmocka_unit_test(out_of_range),
        cmocka_unit_test(integers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
