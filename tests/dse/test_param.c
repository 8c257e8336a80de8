/* Parameter tables. */
#include "check.h"

#include <string.h>

#include "dse/param.h"

static const asx_param_spec spec[] = {
    {"population", true, 100, 4, 100000, "", "designs per generation"},
    {"rate", false, 0.1, 0, 1, "", "mutation"},
    {"limit", false, 1e-30, 0, 1e30, "pJ", "energy"},
    {0},
};

static void check_print(const asx_params *params, const char *want)
{
    asx_text text = {0};
    asx_params_print(&text, params);
    assert_string_equal(text.s ? text.s : "", want);
    asx_text_fini(&text);
}

static void sets_and_gets(void **state)
{
    (void)state;
    asx_params params;
    asx_error err;
    asx_params_init(&params, spec);
    check_print(&params, "population=100 rate=0.1 limit=1e-30");
    CHECK_OK(asx_params_set(&params, "rate", "0.30000000000000004", &err), err);
    CHECK_OK(asx_params_set(&params, "population", "1e5", &err), err);
    CHECK_OK(asx_params_set(&params, "limit", "12345678.5", &err), err);
    assert_true(asx_params_get(&params, "rate") == 0.30000000000000004);
    assert_true(asx_params_get(&params, "population") == 100000);
    check_print(&params, "population=100000 rate=0.30000000000000004 limit=12345678.5");
}

/* Values with names are read and written by them. */
static void names(void **state)
{
    (void)state;
    static const asx_param_spec named[] = {
        {"mode", true, 1, 0, 2, "off|on|auto", "a choice"},
        {0},
    };
    asx_params params;
    asx_error err;
    asx_params_init(&params, named);
    check_print(&params, "mode=on");
    CHECK_OK(asx_params_set(&params, "mode", "auto", &err), err);
    check_print(&params, "mode=auto");
    CHECK_FAIL(asx_params_set(&params, "mode", "aut", &err), ASX_EINVAL, err);
    assert_non_null(strstr(err.message, "'aut' is none of off|on|auto"));
    assert_true(asx_params_get(&params, "mode") == 2);
}

static void refuse(const char *name, const char *text, asx_status status, const char *why)
{
    asx_params params, before;
    asx_error err;
    asx_params_init(&params, spec);
    before = params;
    CHECK_FAIL(asx_params_set(&params, name, text, &err), status, err);
    if (!strstr(err.message, why))
        fail_msg("'%s' does not say '%s'", err.message, why);
    assert_memory_equal(params.value, before.value, sizeof params.value);
}

static void refuses(void **state)
{
    (void)state;
    refuse("size", "1", ASX_ENOTFOUND, "'size': there are population, rate, limit");
    refuse("", "1", ASX_ENOTFOUND, "there are population");
    refuse("rate", "", ASX_EPARSE, "parameter 'rate': ''");
    refuse("rate", "much", ASX_EPARSE, "'much'");
    refuse("rate", "1.5", ASX_EINVAL, "1.5 is outside [0, 1]");
    refuse("population", "3", ASX_EINVAL, "3 is outside [4, 100000]");
    refuse("population", "10.5", ASX_EINVAL, "10.5 is not an integer");
}

static void stands_once(void **state)
{
    (void)state;
    asx_params params;
    asx_error err;
    uint64_t given = 0;
    asx_params_init(&params, spec);
    CHECK_OK(asx_params_set_once(&params, &given, "rate", "0.5", &err), err);
    CHECK_OK(asx_params_set_once(&params, &given, "limit", "7", &err), err);
    CHECK_FAIL(asx_params_set_once(&params, &given, "rate", "0.25", &err), ASX_EINVAL, err);
    assert_string_equal(err.message, "parameter 'rate' stands twice");
    CHECK_FAIL(asx_params_set_once(&params, &given, "size", "1", &err), ASX_ENOTFOUND, err);
    assert_true(asx_params_get(&params, "rate") == 0.5);
    given = 0; /* another list sets it anew */
    CHECK_OK(asx_params_set_once(&params, &given, "rate", "0.25", &err), err);
}

static void no_parameters(void **state)
{
    (void)state;
    asx_params params;
    asx_error err;
    asx_params_init(&params, NULL);
    check_print(&params, "");
    CHECK_FAIL(asx_params_set(&params, "rate", "1", &err), ASX_ENOTFOUND, err);
    assert_string_equal(err.message, "unknown parameter 'rate': there are none");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sets_and_gets), cmocka_unit_test(names),         cmocka_unit_test(refuses),
        cmocka_unit_test(stands_once),   cmocka_unit_test(no_parameters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
