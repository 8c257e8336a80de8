/* Menus of words: texts, values, widths and circuits against those of their words. */
#include "check.h"

#include <string.h>

#include "dse/codec.h"
#include "dse/format.h"
#include "dse/grid.h"
#include "dse/menu.h"
#include "dse/word_kind.h"

static asx_format format_of(const char *text)
{
    asx_error err;
    asx_format f;
    CHECK_OK(asx_format_parse(&f, text, &err), err);
    return f;
}

static void check_text(const char *text, const char *canonical)
{
    asx_text printed = {0};
    const asx_format f = format_of(text);
    asx_format_print(&printed, &f);
    assert_string_equal(printed.s, canonical);
    const asx_format again = format_of(printed.s);
    assert_true(asx_format_equal(&f, &again));
    assert_int_equal(asx_format_compare(&f, &again), 0);
    assert_int_equal(asx_word_shape(&f.weight), asx_word_shape(&again.weight));
    asx_text_fini(&printed);
}

static void texts(void **state)
{
    (void)state;
    static const char *const same[] = {
        "w4{1}/4{3}a8@128",          "w3/4{1}/4s{1,3}/5q3{1}/16q5{31}a8@2",
        "w4{1}/4{3}a8@ch",           "w4/e2m1a8@32",
        "w4/e2m1/6c2/5pae4m3@65535", "w2/3/4/5/6/7/8/9a8@16",
        "w4{1}/4{3}a8q3{1}@128",     "w4{1}/4{3}a8{1,3}@ch"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        check_text(same[i], same[i]);
    check_text("w4{3}/4{1}a8@ch", "w4{1}/4{3}a8@ch");
    check_text("we2m1/4a8@ch", "w4/e2m1a8@ch");
    check_text("w4q4{1}/4q3{1}a8q4{1}@8", "w4q3{1}/4{1}a8{1}@8");
    const asx_format a = format_of("w4{1}/4{3}a8@128"), b = format_of("w4{1}/4{3}a8@ch"),
                     c = format_of("w4{1}/4{5}a8@128");
    assert_false(asx_format_equal(&a, &b));
    assert_false(asx_format_equal(&a, &c));
    assert_true(asx_format_compare(&a, &b) != 0 && asx_format_compare(&a, &c) != 0);
}

static void wrong_texts(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } wrong[] = {
        {"w4{1}/4{3}a8", "must stand behind a menu's format"},
        {"w4{1}/4{3}a8@", "'ch' or the size of a group"},
        {"w4{1}/4{3}a8@1", "outside 2 .. 65535"},
        {"w4{1}/4{3}a8@0", "'ch' or the size of a group"},
        {"w4{1}/4{3}a8@65536", "outside 2 .. 65535"},
        {"w4{1}/4{3}a8@128x", "nothing may stand at 'x'"},
        {"w4{1}/4{1}a8@ch", "the same word twice"},
        {"w4{1}/a8@ch", "the number of weight bits"},
        {"w4{1}a8@ch", "nothing may stand at '@ch'"},
        {"w4a4{1}/4{3}@ch", "nothing may stand at '/4{3}@ch'"},
        {"w4/4sa8@ch", "'s' needs an alphabet set"},
        {"w4/[-1,0,1]a8@ch", "no lists and no menus"},
        {"w8q6{33}/4a8@ch", "alphabets of at most 31"},
        {"w4{1}/4{17}a8@ch", "alphabet 17 does not fit"},
        {"w2/3/4/5/6/7/8/9/10a8@16", "more than 8 words"},
        {"w4/e4m3a8@ch", "integers of 19 bits; 16 are the most"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        asx_error err = {0};
        asx_format f;
        memset(&f, 0x5a, sizeof f);
        const asx_format before = f;
        assert_true(asx_format_parse(&f, wrong[i].text, &err) < 0);
        if (!strstr(err.message, wrong[i].says))
            fail_msg("%s: %s", wrong[i].text, err.message);
        assert_memory_equal(&f, &before, sizeof f);
    }
}

/* The union of the words' values, and the longest of what they are stored in. */
static void values_are_the_words(void **state)
{
    (void)state;
    static const char *const texts[] = {"w4{1}/4{3}a8@128", "w3/e2m1/5pa8@ch",
                                        "w4s{1}/4{1,3}/2a8@16", "w8c2/8c3/8a8@2"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        asx_error err;
        const asx_format f = format_of(texts[i]);
        asx_word word[ASX_MENU_WORDS_MAX];
        asx_grid *all = NULL, *one[ASX_MENU_WORDS_MAX] = {NULL};
        asx_codec *codec = NULL;
        const size_t n = asx_menu_words(word, &f.weight);
        unsigned length = 0, code = 0, joint = 0, tag = 0;
        assert_true(asx_word_is_menu(&f.weight) && !asx_word_is_menu(&f.activation));
        assert_string_equal(asx_word_family(&f.weight), "menus");
        CHECK_OK(asx_grid_new(&all, &f.weight, &err), err);
        for (size_t k = 0; k < n; k++) {
            CHECK_OK(asx_grid_new(&one[k], &word[k], &err), err);
            length = asx_word_length(&word[k]) > length ? asx_word_length(&word[k]) : length;
            code = asx_word_code_bits(&word[k]) > code ? asx_word_code_bits(&word[k]) : code;
            joint = asx_word_joint_bits(&word[k]) > joint ? asx_word_joint_bits(&word[k]) : joint;
        }
        while ((size_t)1 << tag < n)
            tag++;
        assert_int_equal(asx_menu_tag_bits(&f.weight), tag);
        assert_int_equal(asx_word_length(&f.weight), length);
        assert_int_equal(asx_word_code_bits(&f.weight), code);
        assert_int_equal(asx_word_joint_bits(&f.weight), joint);
        for (int v = -300; v <= 300; v++) {
            bool has = false;
            for (size_t k = 0; k < n; k++)
                has = has || asx_grid_has(one[k], v);
            assert_true(asx_grid_has(all, v) == has);
        }
        CHECK_FAIL(asx_codec_new(&codec, &f.weight, &err), ASX_EUNSUPPORTED, err);
        for (size_t k = 0; k < n; k++)
            asx_grid_free(one[k]);
        asx_grid_free(all);
    }
    const asx_format f = format_of("w4{1}/4{3}a8@128"), c = format_of("w4{1}/4{3}a8@ch");
    assert_int_equal(asx_menu_together(&f.weight, 300), 128);
    assert_int_equal(asx_menu_together(&f.weight, 100), 100);
    assert_int_equal(asx_menu_together(&c.weight, 300), 300);
    assert_int_equal(asx_menu_together(&f.activation, 300), 300);
    assert_int_equal(asx_menu_tag_bits(&f.activation), 0);
}

/* A circuit that can do every word, and no more where their kinds are one. */
static void circuits(void **state)
{
    (void)state;
    static const struct {
        const char *menu, *circuit;
    } some[] = {{"w4{1}/4{3}a8@ch", "w4{1,3}a8"},
                {"w4{1}/5{1,7}a8@ch", "w5{1,7}a8"},
                {"w4s{1}/4s{3}a8@8", "w4s{1,3}a8"},
                {"w4{1}/4s{3}a8@8", "w4a8"},
                {"w4{1}/5a8@8", "w5a8"},
                {"w4/8c2a8@ch", "w8a8"},
                {"w8c2/6c2a8@ch", "w8c2a8"},
                {"w8c2/8c3a8@ch", "w8a8"},
                {"w8q3{1}/8{1}a8@ch", "w8a8"},
                {"w4/e2m1a8@ch", "w5a8"}};
    for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
        const asx_format menu = format_of(some[i].menu), f = format_of(some[i].circuit);
        const asx_word is = asx_word_circuit(&menu.weight), want = asx_word_circuit(&f.weight);
        if (!asx_word_equal(&is, &want))
            fail_msg("%s", some[i].menu);
    }
    /* minifloats: one wide digit, of which both words' are some */
    const asx_format e2m1 = format_of("we2m1a8"), e3m0 = format_of("we3m0a8"),
                     both = format_of("we2m1/e3m0a8@ch"), less = format_of("w4{3}/e3m0a8@ch");
    const asx_word a = asx_word_circuit(&e2m1.weight), b = asx_word_circuit(&e3m0.weight),
                   c = asx_word_circuit(&both.weight), d = asx_word_circuit(&less.weight);
    assert_int_equal(c.kind, ASX_WORD_WIDE);
    assert_int_equal(d.kind, ASX_WORD_WIDE);
    assert_int_equal(d.bits, b.bits);
    assert_int_equal(d.set.odd[0], 3);
    assert_int_equal(c.bits, a.bits > b.bits ? a.bits : b.bits);
    assert_true(asx_alphabet_set_equal(c.set, asx_alphabet_set_union(a.set, b.set)));
}

static void made_from_words(void **state)
{
    (void)state;
    asx_error err;
    asx_word word[9], menu, out;
    for (unsigned i = 0; i < 9; i++)
        word[i] = (asx_word){.bits = 2 + i, .digit_width = ASX_DIGIT_WIDTH_DEFAULT};
    CHECK_OK(asx_menu_make(&menu, word, 8, 128, &err), err);
    assert_int_equal(asx_word_check(&menu, &err), ASX_OK);
    CHECK_OK(asx_menu_parse(&out, "9/2/8/3/7/4/6/5@128", &err), err);
    assert_true(asx_word_equal(&menu, &out));
    CHECK_FAIL(asx_menu_make(&out, word, 9, 128, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_menu_make(&out, word, 1, 128, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_menu_make(&out, word, 0, 0, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_menu_make(&out, word, 2, 1, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_menu_make(&out, &menu, 2, 0, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_menu_parse(&out, "4", &err), ASX_EPARSE, err);
    CHECK_FAIL(asx_menu_parse(&out, "4@ch", &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_menu_parse(&out, "4/5@ch ", &err), ASX_EPARSE, err);
    out = asx_word_with_sign(&menu, true); /* of weights alone */
    CHECK_FAIL(asx_word_check(&out, &err), ASX_EINVAL, err);
    for (unsigned i = 0; i < 9; i++) { /* fields of which none goes with the others */
        out = menu;
        switch (i) {
        case 0:
            out.bits++;
            break;
        case 1:
            out.digit_width++;
            break;
        case 2:
            out.digits = ASX_DIGITS_SIGNED;
            break;
        case 3:
            out.set.odd[0] = 1;
            break;
        case 4:
            out.parameter[2]++;
            break;
        case 5:
            out.parameter[3]++;
            break;
        case 6:
            out.list[0] ^= 1;
            break;
        case 7:
            out.list[0] = out.list[0] << 32 | out.list[0] >> 32;
            break;
        default:
            out.list[3] ^= (uint64_t)1 << 60;
            break;
        }
        if (asx_word_check(&out, &err) == ASX_OK)
            fail_msg("field %u", i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts),           cmocka_unit_test(wrong_texts),
        cmocka_unit_test(circuits),        cmocka_unit_test(values_are_the_words),
        cmocka_unit_test(made_from_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
