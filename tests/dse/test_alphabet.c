/* Alphabet sets against plain arrays of flags, and their text. */
#include "check.h"

#include <string.h>

#include "dse/alphabet.h"
#include "dse/seed.h"

static char *print(asx_alphabet_set set)
{
    asx_text text = {0};
    char *s = NULL;
    asx_alphabet_set_print(&text, set);
    assert_int_equal(asx_text_take(&s, &text, NULL), ASX_OK);
    return s;
}

static void check_set(asx_alphabet_set set, const bool *member)
{
    unsigned count = 0, last = 0;
    for (unsigned a = 0; a < 256; a++) {
        assert_int_equal(asx_alphabet_set_has(set, a), member[a]);
        if (!member[a])
            continue;
        for (unsigned after = last; after < a; after++)
            assert_int_equal(asx_alphabet_set_next(set, after), a);
        last = a;
        count++;
    }
    assert_int_equal(asx_alphabet_set_next(set, last), 0);
    assert_int_equal(asx_alphabet_set_count(set), count);
    assert_int_equal(asx_alphabet_set_is_empty(set), count == 0);
}

static void against_flags(void **state)
{
    (void)state;
    for (uint64_t trial = 0; trial < 300; trial++) {
        asx_alphabet_set set = {{0, 0}}, half[2] = {{{0, 0}}, {{0, 0}}};
        bool member[256] = {false};
        for (uint64_t k = 0; k < trial % 150; k++) {
            unsigned a = 2 * (unsigned)asx_seed_below(1, trial, k, 128) + 1;
            set = asx_alphabet_set_with(set, a);
            half[k % 2] = asx_alphabet_set_with(half[k % 2], a);
            member[a] = true;
        }
        check_set(set, member);
        assert_true(asx_alphabet_set_equal(set, asx_alphabet_set_union(half[0], half[1])));
        char *s = print(set);
        const char *cursor = s;
        asx_alphabet_set back;
        if (!asx_alphabet_set_is_empty(set)) {
            assert_int_equal(asx_alphabet_set_parse(&back, &cursor, NULL), ASX_OK);
            assert_true(asx_alphabet_set_equal(back, set) && !*cursor);
        } else {
            assert_string_equal(s, "");
        }
        free(s);
    }
}

static void by_index(void **state)
{
    (void)state;
    char *s = print(asx_alphabet_set_from_index(0x8b));
    assert_string_equal(s, "{1,3,7,15}");
    free(s);
    const char *text = "{7,15,3,1}a8", *cursor = text;
    asx_alphabet_set set;
    assert_int_equal(asx_alphabet_set_parse(&set, &cursor, NULL), ASX_OK);
    assert_true(asx_alphabet_set_equal(set, asx_alphabet_set_from_index(0x8b)));
    assert_string_equal(cursor, "a8");
}

static void malformed(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", "'{'"},
        {"1,3}", "'1,3}'"},
        {"{", "at ''"},
        {"{}", "at '}'"},
        {"{1", "at ''"},
        {"{1,", "at ''"},
        {"{1,}", "at '}'"},
        {"{1 3}", "at ' 3}'"},
        {"{-1}", "at '-1}'"},
        {"{x}", "at 'x}'"},
        {"{0}", "'0' starts with 0"},
        {"{01}", "'01' starts with 0"},
        {"{1,2}", "'2' is not odd"},
        {"{257}", "'257' is larger than 255"},
        {"{256}", "'256' is larger"},
        {"{99999999999999999999}", "'99999999999999999999' is larger"},
        {"{3,1,3}", "'3' stands twice"},
        {"{1.5}", "at '.5}'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        asx_error err;
        asx_alphabet_set set = {{42, 43}};
        const char *cursor = cases[i][0];
        CHECK_FAIL(asx_alphabet_set_parse(&set, &cursor, &err), ASX_EPARSE, err);
        if (!strstr(err.message, cases[i][1]))
            fail_msg("'%s': '%s' does not say '%s'", cases[i][0], err.message, cases[i][1]);
        assert_ptr_equal(cursor, cases[i][0]);
        assert_true(set.odd[0] == 42 && set.odd[1] == 43);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(against_flags),
        cmocka_unit_test(by_index),
        cmocka_unit_test(malformed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
