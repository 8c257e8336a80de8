/* Lists of formats: their number against grids compared one with another. */
#include "check.h"

#include <string.h>

#include "brute.h"
#include "dse/format.h"

static bool has[BRUTE_SPAN];

typedef struct listing {
    asx_format *format;
    size_t n, n_raw;
} listing;

static const asx_digits both[] = {ASX_DIGITS_UNSIGNED, ASX_DIGITS_SIGNED};
static const unsigned eight[] = {8}, four_wide[] = {4};

/* 8-bit weights with unsigned 4-bit digits of all sets, plain 8-bit activations. */
static asx_format_choices choices_of(const char *weight_sets, const char *activation_sets)
{
    return (asx_format_choices){.weight_bits = eight,
                                .digit_width = four_wide,
                                .activation_bits = eight,
                                .digits = both,
                                .n_weight_bits = 1,
                                .n_digit_widths = 1,
                                .n_activation_bits = 1,
                                .n_digits = 1,
                                .weight_sets = weight_sets,
                                .activation_sets = activation_sets};
}

static listing list_of(const asx_format_choices *choices)
{
    listing l = {NULL, 0, 0};
    asx_error err;
    CHECK_OK(asx_format_list(&l.format, &l.n, &l.n_raw, choices, &err), err);
    return l;
}

static char *texts_of(const listing *l)
{
    asx_text text = {0};
    char *s = NULL;
    for (size_t i = 0; i < l->n; i++) {
        asx_text_add(&text, "%s", i ? " " : "");
        asx_format_print(&text, &l->format[i]);
    }
    assert_int_equal(asx_text_take(&s, &text, NULL), ASX_OK);
    return s;
}

static void check_texts(const asx_format_choices *choices, size_t n_raw, const char *want)
{
    listing l = list_of(choices);
    char *s = texts_of(&l);
    assert_string_equal(s, want);
    assert_int_equal(l.n_raw, n_raw);
    free(s);
    free(l.format);
}

/* How many different representable sets the words have; 16 bits at most. */
static size_t count_distinct(const unsigned *bits, size_t n_bits, int first_kind, int last_kind)
{
    static bool seen[4096][1 << 9];
    size_t n = 0;
    for (size_t b = 0; b < n_bits; b++) {
        const size_t first = n;
        for (uint64_t index = 1; index <= 255; index++) {
            for (int kind = first_kind; kind <= last_kind; kind++) {
                asx_word word = brute_word(bits[b], 4, kind, asx_alphabet_set_from_index(index));
                if (brute_grid(has, &word) == 1)
                    continue;
                const bool *grid = has + BRUTE_ZERO - (1 << 8);
                size_t k = first;
                while (k < n && memcmp(seen[k], grid, sizeof seen[k]) != 0)
                    k++;
                if (k == n)
                    memcpy(seen[n++], grid, sizeof seen[0]);
            }
        }
    }
    return n;
}

static void all_sets(void **state)
{
    (void)state;
    asx_format_choices choices = choices_of("all", "none");
    listing l = list_of(&choices);
    assert_int_equal(l.n, 255); /* w8a8, unsigned: every set has a grid of its own */
    assert_int_equal(l.n, count_distinct(eight, 1, BRUTE_UNSIGNED, BRUTE_UNSIGNED));
    assert_int_equal(l.n_raw, 255);
    free(l.format);
    choices.n_digits = 2;
    l = list_of(&choices);
    assert_int_equal(l.n, 270); /* signed digits reach 8: 15 sets of {1,3,5,7} */
    assert_int_equal(l.n, count_distinct(eight, 1, BRUTE_UNSIGNED, BRUTE_SIGNED));
    assert_int_equal(l.n_raw, 510);
    free(l.format);
    static const unsigned bits[] = {2, 3, 4, 5, 6, 7};
    choices.weight_bits = bits;
    choices.n_weight_bits = 6;
    l = list_of(&choices);
    assert_int_equal(l.n, count_distinct(bits, 6, BRUTE_UNSIGNED, BRUTE_SIGNED));
    assert_int_equal(l.n_raw, 6 * 510);
    free(l.format);
}

/* Activations are the same only if both forms are: 4-bit signed words use 1 3 5 7, but non-negative
 * ones all; sets without 1 3 5 7 are no signed words. */
static void activations(void **state)
{
    (void)state;
    static const unsigned bits[] = {4};
    asx_format_choices choices = choices_of("none", "all");
    choices.activation_bits = bits;
    listing l = list_of(&choices);
    assert_int_equal(l.n, 255 - 15);
    for (size_t i = 0; i < l.n; i++) {
        asx_error err;
        CHECK_OK(asx_word_check(&l.format[i].activation, &err), err);
        assert_false(l.format[i].activation.non_negative);
    }
    free(l.format);
    choices.activation_sets = "{1} {1,9} {1,9}";
    check_texts(&choices, 3, "w8a4{1,9} w8a4{1}");
}

static void set_words(void **state)
{
    (void)state;
    static const unsigned bits[] = {8, 4};
    asx_format_choices choices = choices_of("none", "none");
    check_texts(&choices, 1, "w8a8");
    choices.weight_sets = " none\t{1,3}  {3,1} {1} ";
    check_texts(&choices, 4, "w8a8 w8{1,3}a8 w8{1}a8");
    choices.weight_bits = bits;
    choices.n_weight_bits = 2;
    choices.weight_sets = "{1} {1,9} {9}"; /* 9 has no use in 3 bits, {9} none at all */
    check_texts(&choices, 6, "w4{1}a8 w8{1,9}a8 w8{1}a8 w8{9}a8");
    choices = choices_of("max 1", "none");
    check_texts(&choices, 8, "w8{11}a8 w8{13}a8 w8{15}a8 w8{1}a8 w8{3}a8 w8{5}a8 w8{7}a8 w8{9}a8");
    choices.weight_sets = "max 3 {1,3}";
    listing l = list_of(&choices);
    assert_int_equal(l.n, 8 + 28 + 56);
    assert_int_equal(l.n_raw, 8 + 28 + 56 + 1);
    free(l.format);
}

/* The exact signed set is not the plain word; of two names with one grid the cheaper is kept. */
static void kinds_and_widths(void **state)
{
    (void)state;
    static const unsigned widths[] = {4, 3}, four[] = {4};
    asx_format_choices choices = choices_of("none {1,3,5,7}", "none");
    choices.digits = both + 1;
    check_texts(&choices, 2, "w8a8 w8s{1,3,5,7}a8");
    choices = choices_of("{1} {3}", "none");
    choices.weight_bits = four;
    choices.n_digits = 2;
    /* signed {3} reaches 0 3 6 and their negatives like unsigned {3}; signed {1} also -8 */
    check_texts(&choices, 4, "w4s{1}a8 w4s{3}a8 w4{1}a8");
    choices.n_digits = 1;
    choices.digit_width = widths;
    choices.n_digit_widths = 2;
    check_texts(&choices, 4, "w4q3{1}a8 w4q3{3}a8"); /* one digit of 3 bits either way */
}

static void wide_digits(void **state)
{
    (void)state;
    static const unsigned eight_wide[] = {8}, six_wide[] = {6};
    asx_format_choices choices = choices_of("max 1", "none");
    choices.digit_width = eight_wide;
    listing l = list_of(&choices);
    assert_int_equal(l.n, 64); /* 7 magnitude bits: odd numbers up to 127 */
    assert_int_equal(l.n_raw, 128);
    free(l.format);
    choices.digit_width = six_wide;
    choices.weight_sets = "all";
    asx_error err;
    CHECK_FAIL(asx_format_list(&l.format, &l.n, NULL, &choices, &err), ASX_EINVAL, err);
    static const unsigned four[] = {4};
    choices.weight_bits = four; /* 2^32 - 1 sets of which 15 differ */
    l = list_of(&choices);
    assert_int_equal(l.n, 15);
    assert_true(l.n_raw == 0xffffffffu);
    free(l.format);
    choices.digit_width = eight_wide;
    l = list_of(&choices);
    assert_true(l.n == 15 && l.n_raw == SIZE_MAX); /* 2^128 - 1 */
    free(l.format);
}

static void refuse(const asx_format_choices *choices, asx_status status, const char *why)
{
    asx_error err;
    asx_format *out = (asx_format *)&err;
    size_t n = 1, n_raw = 2;
    CHECK_FAIL(asx_format_list(&out, &n, &n_raw, choices, &err), status, err);
    if (!strstr(err.message, why))
        fail_msg("'%s' does not say '%s'", err.message, why);
    assert_true(out == (asx_format *)&err && n == 1 && n_raw == 2);
}

/* Digits of activations of their own widths, each beside every one of the weights'. */
static void own_widths(void **state)
{
    (void)state;
    static const unsigned widths[] = {4, 6}, wide[] = {9};
    asx_format_choices choices = choices_of("{1}", "{1,3} {1,33}");
    choices.activation_width = widths;
    choices.n_activation_widths = 2;
    check_texts(&choices, 4, "w8{1}a8q6{1,33} w8{1}a8q6{1,3} w8{1}a8{1,3}");
    choices.n_activation_widths = 1; /* no digit of 4 bits has the alphabet 33 */
    refuse(&choices, ASX_EINVAL, "activations: no word of the choices can use the set {1,33}");
    choices.activation_width = wide;
    refuse(&choices, ASX_EINVAL, "digit widths of activations: 9 is outside 2 .. 8");
}

static void refuse_sets(const char *weight_sets, asx_status status, const char *why)
{
    asx_format_choices choices = choices_of(weight_sets, "none");
    refuse(&choices, status, why);
}

static void refuses(void **state)
{
    (void)state;
    refuse_sets("", ASX_EINVAL, "no alphabet sets");
    refuse_sets("  ", ASX_EINVAL, "no alphabet sets");
    refuse_sets("some", ASX_EPARSE, "at 'some'");
    refuse_sets("allx", ASX_EPARSE, "at 'allx'");
    refuse_sets("max", ASX_EPARSE, "'max' needs a number");
    refuse_sets("max 0", ASX_EPARSE, "at ' 0'");
    refuse_sets("max 129", ASX_EPARSE, "at ' 129'");
    refuse_sets("max 3x", ASX_EPARSE, "at ' 3x'");
    refuse_sets("{1}{3}", ASX_EPARSE, "at '{3}'");
    refuse_sets("{1} {2}", ASX_EPARSE, "'2' is not odd");
    refuse_sets("{1} {17}", ASX_EINVAL, "can use the set {17}");
    static const unsigned widths[] = {9}, bits[] = {1}, two[] = {2};
    asx_format_choices choices = choices_of("all", "none");
    choices.digit_width = widths;
    refuse(&choices, ASX_EINVAL, "digit widths: 9 is outside 2 .. 8");
    choices = choices_of("all", "none");
    choices.weight_bits = bits;
    refuse(&choices, ASX_EINVAL, "weight bits: 1 is outside 2 .. 16");
    choices = choices_of("all", "none");
    choices.activation_bits = bits;
    refuse(&choices, ASX_EINVAL, "activation bits: 1 is outside 2 .. 16");
    choices = choices_of("all", "none");
    choices.n_weight_bits = 0;
    refuse(&choices, ASX_EINVAL, "no weight bits");
    choices = choices_of("all", "none");
    choices.n_digits = 0;
    refuse(&choices, ASX_EINVAL, "no kinds of digits");
    choices = choices_of("all", "{3}");
    choices.activation_bits = two;
    refuse(&choices, ASX_EINVAL, "activations: no word of the choices can use the set {3}");
    choices = choices_of("all", "all"); /* 255 x 255 = 65025 fit, 270 x 255 do not */
    choices.n_digits = 2;
    refuse(&choices, ASX_EINVAL, "more than 65535 formats");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_sets),    cmocka_unit_test(activations),
        cmocka_unit_test(set_words),   cmocka_unit_test(kinds_and_widths),
        cmocka_unit_test(wide_digits), cmocka_unit_test(own_widths),
        cmocka_unit_test(refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
