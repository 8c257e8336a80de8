/* Sums of signed powers of two: values and codes against a search over all sums, and lanes. */
#include "check.h"

#include <string.h>

#include "dse/codec.h"
#include "dse/format.h"
#include "dse/grid.h"

static asx_word word_of(const char *text)
{
    asx_error err;
    asx_format f;
    char whole[32];
    snprintf(whole, sizeof whole, "w%sa8", text);
    CHECK_OK(asx_format_parse(&f, whole, &err), err);
    return f.weight;
}

/* Whether k signed powers up to 2^bits, any of them, add up to v. */
static bool is_sum(int v, int bits, int k)
{
    if (v == 0 || k == 0)
        return v == 0;
    for (int s = 0; s <= bits; s++)
        if (is_sum(v - (1 << s), bits, k - 1) || is_sum(v + (1 << s), bits, k - 1))
            return true;
    return false;
}

/* Selects, shifts and adds over the digits. */
static int64_t lane(const int32_t *digit, const asx_word *word, int64_t x)
{
    int64_t sum = 0;
    for (unsigned i = 0; i < asx_word_n_digits(word); i++)
        sum += digit[i] * x * ((int64_t)1 << (i * word->digit_width));
    return sum;
}

static void check_word(unsigned bits, unsigned k)
{
    char text[16];
    asx_error err;
    asx_grid *grid = NULL;
    asx_codec *codec = NULL;
    size_t n = 0, codes = 0;
    snprintf(text, sizeof text, "%uc%u", bits, k);
    const asx_word word = word_of(text), circuit = asx_word_circuit(&word);
    CHECK_OK(asx_grid_new(&grid, &word, &err), err);
    CHECK_OK(asx_codec_new(&codec, &word, &err), err);
    for (int v = -(1 << (bits - 1)); v < 1 << (bits - 1); v++) {
        int32_t digit[ASX_WORD_DIGITS_MAX], back = 0;
        uint32_t code = 0;
        const bool has = is_sum(v, (int)bits, (int)k);
        if (has != asx_grid_has(grid, v) || has != asx_word_split(digit, &word, v) ||
            has != (asx_codec_encode(&code, codec, v, NULL) == ASX_OK))
            fail_msg("%s: %d", text, v);
        n += has;
        if (!has)
            continue;
        assert_true(asx_codec_decode(&back, codec, code, NULL) == ASX_OK && back == v);
        for (int64_t x = -9; x < 256; x += 5)
            assert_true(lane(digit, &word, x) == v * x);
        assert_true(asx_word_split(digit, &circuit, v) && lane(digit, &circuit, 1) == v);
        for (unsigned i = 0; i < k; i++) { /* each is 0 or a power that its place allows */
            const int32_t d = digit[i] < 0 ? -digit[i] : digit[i];
            assert_true((d & (d - 1)) == 0 && d <= 1 << (bits - 2 * k + 1));
        }
    }
    assert_int_equal(n, asx_grid_size(grid));
    for (uint32_t code = 0; code >> asx_codec_bits(codec) == 0; code++) {
        int32_t v = 0;
        codes += asx_codec_decode(&v, codec, code, NULL) == ASX_OK;
    }
    assert_int_equal(codes, n);
    asx_codec_free(codec);
    asx_grid_free(grid);
}

static void values(void **state)
{
    (void)state;
    for (unsigned bits = 2; bits <= 9; bits++)
        for (unsigned k = 1; k <= 4 && 2 * k <= bits; k++)
            check_word(bits, k);
}

/* Of as many powers as may be needed: digits of two bits, to the last code. */
static void same_circuit(void **state)
{
    (void)state;
    for (unsigned k = 1; k <= 4; k++) {
        char text[2][16];
        snprintf(text[0], sizeof text[0], "%uc%u", 2 * k, k);
        snprintf(text[1], sizeof text[1], "%usq2{1}", 2 * k);
        const asx_word word = word_of(text[0]), digits = word_of(text[1]);
        const asx_word circuit = asx_word_circuit(&word);
        assert_true(asx_word_equal(&circuit, &digits) && !asx_word_equal(&word, &digits));
        assert_int_equal(asx_word_code_bits(&word), asx_word_code_bits(&digits));
        assert_int_equal(asx_word_joint_bits(&word), asx_word_joint_bits(&digits));
    }
    const asx_word word = word_of("8c2");
    assert_string_equal(asx_word_family(&word), "csd2");
}

static void texts(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {{"w8c5a8", "5 powers of two are outside 1 .. 4"},
                                           {"w8c0a8", "0 powers of two are outside 1 .. 4"},
                                           {"w5c3a8", "words of 5 bits hold at most 2 powers"},
                                           {"w17c2a8", "a word of 17 bits"},
                                           {"w8ca8", "the number of powers of two must stand at"},
                                           {"wc2a8", "the number of bits must stand at"},
                                           {"w8a8c2", "are for weights"},
                                           {"w8c2{1}a8", "at '{1}a8'"}};
    asx_format f;
    asx_error err;
    asx_text text = {0};
    CHECK_OK(asx_format_parse(&f, "w8c2a8{1,3}", &err), err);
    asx_format_print(&text, &f);
    assert_string_equal(text.s, "w8c2a8{1,3}");
    asx_text_fini(&text);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_true(asx_format_parse(&f, wrong[i][0], &err) < 0);
        if (!strstr(err.message, wrong[i][1]))
            fail_msg("'%s': '%s' does not say '%s'", wrong[i][0], err.message, wrong[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values),
        cmocka_unit_test(same_circuit),
        cmocka_unit_test(texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
