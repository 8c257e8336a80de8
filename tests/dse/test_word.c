/* Word formats: ranges, digits, supported values, code widths, and every refusal. */
#include "check.h"

#include "brute.h"
#include "dse/word.h"

static asx_word word_of(unsigned bits, unsigned q, int kind, uint64_t index)
{
    return brute_word(bits, q, kind, asx_alphabet_set_from_index(index));
}

static void ranges(void **state)
{
    (void)state;
    asx_word word = {.bits = 8};
    assert_int_equal(asx_word_min(&word), -128);
    assert_int_equal(asx_word_max(&word), 127);
    word.non_negative = true;
    assert_int_equal(asx_word_min(&word), 0);
    assert_int_equal(asx_word_max(&word), 255);
    word = word_of(8, 4, BRUTE_UNSIGNED, 1);
    assert_int_equal(asx_word_min(&word), -127);
    assert_int_equal(asx_word_max(&word), 127);
    word = word_of(16, 4, BRUTE_SIGNED, 1);
    assert_int_equal(asx_word_min(&word), -32768);
    assert_int_equal(asx_word_max(&word), 32767);
    word = word_of(16, 4, BRUTE_NON_NEGATIVE, 1);
    assert_int_equal(asx_word_max(&word), 65535);
}

/* {bits, q, kind, digits, bits of the top digit} */
static void digits(void **state)
{
    (void)state;
    static const unsigned cases[][5] = {
        {8, 4, BRUTE_UNSIGNED, 2, 3},     {8, 4, BRUTE_SIGNED, 2, 4},
        {8, 4, BRUTE_NON_NEGATIVE, 2, 4}, {4, 4, BRUTE_UNSIGNED, 1, 3},
        {5, 4, BRUTE_SIGNED, 2, 1},       {16, 2, BRUTE_SIGNED, 8, 2},
        {12, 3, BRUTE_UNSIGNED, 4, 2},    {9, 8, BRUTE_UNSIGNED, 1, 8},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const unsigned *c = cases[i];
        asx_word word = word_of(c[0], c[1], (int)c[2], 1);
        assert_int_equal(asx_word_n_digits(&word), c[3]);
        assert_int_equal(asx_word_digit_bits(&word, c[3] - 1), c[4]);
        if (c[3] > 1)
            assert_int_equal(asx_word_digit_bits(&word, 0), c[1]);
    }
    assert_int_equal(asx_word_n_digits(&(asx_word){.bits = 8}), 0);
}

static void check_values(const asx_word *word, unsigned i)
{
    int32_t values[257];
    const size_t n = asx_word_digit_values(values, word, i);
    const unsigned bits = asx_word_digit_bits(word, i);
    const bool is_signed = word->digits == ASX_DIGITS_SIGNED;
    const int high = is_signed ? 1 << (bits - 1) : (1 << bits) - 1;
    size_t k = 0;
    for (int v = is_signed ? -high : 0; v <= high; v++) {
        if (brute_supported(word->set, v) && (k >= n || values[k++] != v))
            fail_msg("digit value %d is missing or out of order", v);
    }
    assert_int_equal(k, n);
}

static void supported_values(void **state)
{
    (void)state;
    for (unsigned q = 2; q <= 8; q++) {
        for (uint64_t index = 1; index < 1u << 16; index = 3 * index + 2) {
            asx_alphabet_set set =
                asx_alphabet_set_from_index(q < 7 ? index & ((1ull << (1 << (q - 1))) - 1) : index);
            for (int kind = 0; kind < BRUTE_KINDS; kind++) {
                asx_word word = brute_word(13, q, kind, set);
                if (asx_word_check(&word, NULL) != ASX_OK)
                    continue;
                for (unsigned i = 0; i < asx_word_n_digits(&word); i++)
                    check_values(&word, i);
            }
        }
    }
    /* the examples of the design: {1} has 5 values, {1,3} 8, {1,3,5,7} 12, all eight odd 16 */
    int32_t values[257];
    static const unsigned index[] = {1, 3, 15, 255}, count[] = {5, 8, 12, 16};
    for (int i = 0; i < 4; i++) {
        asx_word word = word_of(8, 4, BRUTE_NON_NEGATIVE, index[i]);
        assert_int_equal(asx_word_digit_values(values, &word, 0), count[i]);
    }
}

static void code_bits(void **state)
{
    (void)state;
    static const struct {
        unsigned bits, q;
        int kind;
        uint64_t index;
        unsigned want;
    } cases[] = {
        {4, 4, BRUTE_NON_NEGATIVE, 1, 3}, /* a 4-bit digit of {1}: 5 values */
        {4, 4, BRUTE_NON_NEGATIVE, 3, 3}, /* {1,3}: 8 values */
        {4, 4, BRUTE_UNSIGNED, 1, 2 + 1}, /* a 3-bit digit of {1}: 0 1 2 4, and the sign */
        {8, 4, BRUTE_UNSIGNED, 1, 3 + 2 + 1}, {8, 4, BRUTE_UNSIGNED, 255, 8},
        {8, 4, BRUTE_SIGNED, 1, 4 + 4},   /* 9 values each */
        {8, 4, BRUTE_SIGNED, 15, 5 + 5},  /* 17 values each */
        {16, 2, BRUTE_SIGNED, 1, 8 * 3},  /* -2 .. 2 */
        {5, 4, BRUTE_UNSIGNED, 2, 2 + 1}, /* {3}: 0 3 6 12 */
        {6, 4, BRUTE_UNSIGNED, 2, 2 + 1}, /* the top digit of one bit can only be 0 */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        asx_word word = word_of(cases[i].bits, cases[i].q, cases[i].kind, cases[i].index);
        assert_int_equal(asx_word_code_bits(&word), cases[i].want);
    }
    assert_int_equal(asx_word_code_bits(&(asx_word){.bits = 7}), 7);
}

static void equality_and_reduction(void **state)
{
    (void)state;
    asx_word a = {.bits = 8, .digit_width = 4}, b = {.bits = 8, .digit_width = 3};
    assert_true(asx_word_is_plain(&a) && asx_word_equal(&a, &b));
    b.non_negative = true;
    assert_false(asx_word_equal(&a, &b));
    a = word_of(4, 4, BRUTE_UNSIGNED, 255);
    b = word_of(4, 4, BRUTE_UNSIGNED, 15);
    assert_false(asx_word_equal(&a, &b));
    a = asx_word_reduce(&a);
    assert_true(asx_word_equal(&a, &b)); /* 3 magnitude bits: 1 3 5 7 */
    a = word_of(8, 4, BRUTE_SIGNED, 255);
    a = asx_word_reduce(&a);
    assert_int_equal(a.set.odd[0], 15); /* digits up to 8 */
    b = word_of(8, 4, BRUTE_UNSIGNED, 15);
    assert_false(asx_word_equal(&a, &b));
    b = word_of(8, 5, BRUTE_SIGNED, 15);
    assert_false(asx_word_equal(&a, &b));
}

static void refuse(asx_word word, const char *why)
{
    asx_error err;
    CHECK_FAIL(asx_word_check(&word, &err), ASX_EINVAL, err);
    if (!strstr(err.message, why))
        fail_msg("'%s' does not say '%s'", err.message, why);
}

static void refuses(void **state)
{
    (void)state;
    refuse((asx_word){.bits = 1}, "1 bits is outside 2 .. 16");
    refuse((asx_word){.bits = 17}, "17 bits is outside 2 .. 16");
    refuse(word_of(8, 1, BRUTE_UNSIGNED, 1), "1 bits is outside 2 .. 8");
    refuse(word_of(8, 9, BRUTE_UNSIGNED, 1), "9 bits is outside 2 .. 8");
    refuse(word_of(8, 3, BRUTE_UNSIGNED, 1 + 16),
           "alphabet 9 does not fit a digit of 3 bits (< 8)");
    refuse(brute_word(8, 8, BRUTE_SIGNED, asx_alphabet_set_with((asx_alphabet_set){{0, 0}}, 129)),
           "the smallest is 129");
    refuse(word_of(8, 4, BRUTE_SIGNED, 16), "the smallest is 9, but signed digits");
    refuse(word_of(4, 4, BRUTE_UNSIGNED, 240), "the smallest is 9, but unsigned digits");
    asx_word word = word_of(8, 4, BRUTE_SIGNED, 1);
    word.non_negative = true;
    refuse(word, "signed digits in a non-negative word");
    word.digits = (asx_digits)7;
    refuse(word, "unknown kind of digits 7");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges),    cmocka_unit_test(digits),
        cmocka_unit_test(code_bits), cmocka_unit_test(supported_values),
        cmocka_unit_test(refuses),   cmocka_unit_test(equality_and_reduction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
