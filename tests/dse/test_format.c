/* Format texts: parse and print are inverses, and whatever is malformed is shown. */
#include "check.h"

#include <string.h>

#include "dse/format.h"

static char *print(const asx_format *format)
{
    asx_text text = {0};
    char *s = NULL;
    asx_format_print(&text, format);
    assert_int_equal(asx_text_take(&s, &text, NULL), ASX_OK);
    return s;
}

/* Every canonical text of the product: returns whether it is a format. */
static bool check_text(const char *text)
{
    asx_format format, again;
    if (asx_format_parse(&format, text, NULL) != ASX_OK)
        return false;
    char *s = print(&format);
    assert_string_equal(s, text);
    assert_int_equal(asx_format_parse(&again, s, NULL), ASX_OK);
    assert_true(asx_format_equal(&format, &again));
    assert_int_equal(asx_format_is_asm(&format),
                     strchr(text, '{') && strchr(text, '{') < strchr(text, 'a'));
    free(s);
    return true;
}

static void inverses(void **state)
{
    (void)state;
    static const char *const sets[] = {"",          "{1}",      "{3}",   "{1,3}",
                                       "{1,3,5,7}", "{1,9,15}", "{1,31}"};
    static const char *const digits[] = {"", "s", "q3", "sq3", "q5", "sq8"};
    size_t n = 0, n_sets = sizeof sets / sizeof sets[0];
    for (unsigned w = 2; w <= 16; w++) {
        for (unsigned a = 2; a <= 16; a++) {
            for (size_t d = 0; d < 6; d++) {
                for (size_t k = 0; k < n_sets * n_sets; k++) {
                    char text[64];
                    snprintf(text, sizeof text, "w%u%s%sa%u%s", w, digits[d], sets[k / n_sets], a,
                             sets[k % n_sets]);
                    n += check_text(text);
                }
            }
        }
    }
    /* plain weights and activations: no digits to name, so 15 x 15 texts of those */
    assert_true(n > 20000);
    assert_true(check_text("w8a8") && check_text("w8s{1,3}a8") && check_text("w8q3a8{1,3}"));
}

/* The activations' digits are as wide as the weights', unless they say their own. */
static void own_widths(void **state)
{
    (void)state;
    asx_format f;
    asx_error err;
    size_t n = 0;
    CHECK_OK(asx_format_parse(&f, "w5{1,3,5}a6q6{1,3,9,33}", &err), err);
    assert_true(f.weight.digit_width == 4 && f.activation.digit_width == 6);
    assert_true(check_text("w5{1,3,5}a6q6{1,3,9,33}") && check_text("w5q6{1,3,5}a6{1,3,9,33}"));
    assert_true(check_text("w8sq3{1}a8q4{1}") && check_text("w8q6a8{1,33}"));
    for (unsigned q = 2; q <= 8; q++)
        for (unsigned p = 2; p <= 8; p++) {
            const asx_format mixed = {
                .weight = {.bits = 9, .digit_width = q, .set = asx_alphabet_set_from_index(1)},
                .activation = {.bits = 8, .digit_width = p, .set = asx_alphabet_set_from_index(3)}};
            asx_format plain = mixed;
            char *s = print(&mixed);
            n += check_text(s);
            CHECK_OK(asx_format_parse(&f, s, &err), err);
            assert_true(asx_format_equal(&f, &mixed));
            free(s);
            plain.weight = (asx_word){.bits = 9, .digit_width = ASX_DIGIT_WIDTH_DEFAULT};
            s = print(&plain);
            assert_true(p == 4 ? !strchr(s, 'q') : s[2] == 'q'); /* as texts always had it */
            free(s);
        }
    assert_int_equal(n, 49);
    static const char *const same[][2] = {{"w8a8q3{1,3}", "w8q3a8{1,3}"},
                                          {"w8q3{1}a8q3{1}", "w8q3{1}a8{1}"},
                                          {"w8{1}a8q4{1}", "w8{1}a8{1}"}};
    for (size_t i = 0; i < 3; i++) {
        CHECK_OK(asx_format_parse(&f, same[i][0], &err), err);
        char *s = print(&f);
        assert_string_equal(s, same[i][1]);
        free(s);
    }
}

static void meaning(void **state)
{
    (void)state;
    asx_format f, g;
    asx_error err;
    CHECK_OK(asx_format_parse(&f, "w8sq3{3,1}a6{5,1}", &err), err);
    assert_int_equal(f.weight.bits, 8);
    assert_int_equal(f.weight.digit_width, 3);
    assert_int_equal(f.weight.digits, ASX_DIGITS_SIGNED);
    assert_int_equal(f.weight.set.odd[0], 3);
    assert_int_equal(f.activation.bits, 6);
    assert_int_equal(f.activation.digit_width, 3);
    assert_int_equal(f.activation.digits, ASX_DIGITS_UNSIGNED);
    assert_int_equal(f.activation.set.odd[0], 5);
    assert_false(f.weight.non_negative || f.activation.non_negative);
    g = f;
    g.activation = asx_format_activation(&f, true);
    assert_true(g.activation.non_negative && asx_format_equal(&f, &g));
    g.activation.bits = 7;
    assert_false(asx_format_equal(&f, &g));
    CHECK_OK(asx_format_parse(&g, "w8sq3{1,3}a6{1,5}", &err), err);
    assert_true(asx_format_equal(&f, &g));
    CHECK_OK(asx_format_parse(&f, "w4q4{1}a8", &err), err); /* the default may be written */
    char *s = print(&f);
    assert_string_equal(s, "w4{1}a8");
    free(s);
    const char *text = "w4{1}a8 conv1=w8a8", *cursor = text;
    CHECK_OK(asx_format_parse_at(&f, &cursor, &err), err);
    assert_string_equal(cursor, " conv1=w8a8");
}

static void malformed(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        asx_status status;
        const char *why;
    } cases[] = {
        {"", ASX_EPARSE, "'w' and the weight bits must stand at ''"},
        {"x8a8", ASX_EPARSE, "at 'x8a8'"},
        {"W8a8", ASX_EPARSE, "at 'W8a8'"},
        {"w", ASX_EPARSE, "weight bits must stand at ''"},
        {"wa8", ASX_EPARSE, "weight bits must stand at 'a8'"},
        {"w-8a8", ASX_EPARSE, "at '-8a8'"},
        {"w08a8", ASX_EPARSE, "at '08a8'"},
        {"w99999999999a8", ASX_EPARSE, "at '99999999999a8'"},
        {"w8", ASX_EPARSE, "'a' and the activation bits must stand at ''"},
        {"w8b8", ASX_EPARSE, "at 'b8'"},
        {"w8 a8", ASX_EPARSE, "at ' a8'"},
        {"w8a", ASX_EPARSE, "activation bits must stand at ''"},
        {"w8ax", ASX_EPARSE, "activation bits must stand at 'x'"},
        {"w8a8x", ASX_EPARSE, "nothing may stand at 'x'"},
        {"w8a8 ", ASX_EPARSE, "nothing may stand at ' '"},
        {"w8q3s{1}a8", ASX_EPARSE, "at 's{1}a8'"},
        {"w8q{1}a8", ASX_EPARSE, "digit width must stand at '{1}a8'"},
        {"w8{1}sa8", ASX_EPARSE, "at 'sa8'"},
        {"w8{2}a8", ASX_EPARSE, "'2' is not odd"},
        {"w8{1}a8{", ASX_EPARSE, "at ''"},
        {"w8{1}a8s{1}", ASX_EPARSE, "nothing may stand at 's{1}'"},
        {"w1a8", ASX_EINVAL, "weights: a word of 1 bits"},
        {"w0a8", ASX_EINVAL, "weights: a word of 0 bits"},
        {"w17a8", ASX_EINVAL, "weights: a word of 17 bits"},
        {"w8a17", ASX_EINVAL, "activations: a word of 17 bits"},
        {"w8{17}a8", ASX_EINVAL, "weights: alphabet 17 does not fit"},
        {"w8q0{1}a8", ASX_EINVAL, "weights: a digit of 0 bits"},
        {"w8q9{1}a8", ASX_EINVAL, "weights: a digit of 9 bits"},
        {"w8sa8", ASX_EINVAL, "'s' needs an alphabet set"},
        {"w8sa8{1}", ASX_EINVAL, "'s' needs an alphabet set for the weights"},
        {"w8q3a8", ASX_EINVAL, "'q3' needs an alphabet set"},
        {"w8q0a8", ASX_EINVAL, "'q0' needs an alphabet set"},
        {"w8q3a8q4{1}", ASX_EINVAL, "'q3' needs an alphabet set for the weights"},
        {"w8a8q3", ASX_EINVAL, "'q3' needs an alphabet set for the activations"},
        {"w8{1}a8q3", ASX_EINVAL, "'q3' needs an alphabet set for the activations"},
        {"w8{1}a8q9{1}", ASX_EINVAL, "activations: a digit of 9 bits"},
        {"w8{1}a8q{1}", ASX_EPARSE, "digit width must stand at '{1}'"},
        {"w8s{9}a8", ASX_EINVAL, "no alphabet can be used"},
        {"w4{9}a8", ASX_EINVAL, "no alphabet can be used"},
        {"w8a4{9}", ASX_EINVAL, "activations: no alphabet can be used"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        asx_error err;
        asx_format format = {.weight = {.bits = 99}}, before = format;
        CHECK_FAIL(asx_format_parse(&format, cases[i].text, &err), cases[i].status, err);
        if (!strstr(err.message, cases[i].why) || !strstr(err.message, cases[i].text))
            fail_msg("'%s': '%s' does not say '%s'", cases[i].text, err.message, cases[i].why);
        assert_memory_equal(&format, &before, sizeof format);
        const char *cursor = cases[i].text;
        if (asx_format_parse_at(&format, &cursor, NULL) != ASX_OK)
            assert_ptr_equal(cursor, cases[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inverses),
        cmocka_unit_test(own_widths),
        cmocka_unit_test(meaning),
        cmocka_unit_test(malformed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
