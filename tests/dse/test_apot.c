/* Additive powers of two: values and codes against the levels as their authors state them, in fractions. */
#include "check.h"

#include <math.h>
#include <string.h>

#include "dse/codec.h"
#include "dse/format.h"
#include "dse/grid.h"

/* arXiv 1909.13144, eq. 5 with two bits a term: of 2 n bits, p_i is 0, 2^-i, 2^-(i + n) or 2^-(i + 2 n). */
static size_t even_levels(double *level, unsigned bits)
{
    const unsigned n = bits / 2;
    size_t count = 1;
    level[0] = 0;
    for (unsigned i = 0; i < n; i++) {
        const size_t before = count;
        for (unsigned j = 0; j < 3; j++)
            for (size_t k = 0; k < before; k++)
                level[count++] = level[k] + ldexp(1, -(int)(i + j * n));
    }
    return count;
}

/* Of 3 and 5 bits the networks that the authors published have these, where 1 is halved once more. */
static size_t odd_levels(double *level, unsigned bits)
{
    static const double a3[] = {0, 1 / 2.0, 1 / 4.0, 1 / 16.0}, b3[] = {0, 1 / 8.0};
    static const double a5[] = {0, 1 / 2.0, 1 / 8.0, 1 / 64.0},
                        b5[] = {0, 1 / 4.0, 1 / 16.0, 1 / 128.0}, c5[] = {0, 1 / 32.0};
    size_t count = 0;
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < (bits == 3 ? 2 : 4); j++)
            for (size_t k = 0; k < (bits == 3 ? 1 : 2); k++)
                level[count++] = bits == 3 ? a3[i] + b3[j] : a5[i] + b5[j] + c5[k];
    return count;
}

static asx_word word_of(unsigned stored, bool non_negative)
{
    asx_error err;
    asx_format f;
    char text[16];
    snprintf(text, sizeof text, "w8a%up", stored);
    CHECK_OK(asx_format_parse(&f, text, &err), err);
    return asx_format_activation(&f, non_negative);
}

static bool is_level(const double *level, size_t n, double x)
{
    for (size_t i = 0; i < n; i++)
        if (fabs(level[i] - x) < 1e-12)
            return true;
    return false;
}

static void check_word(unsigned stored, bool non_negative)
{
    double level[128], top = 0;
    asx_error err;
    asx_grid *grid = NULL;
    asx_codec *codec = NULL;
    const unsigned bits = stored - !non_negative;
    const size_t n = bits % 2 ? odd_levels(level, bits) : even_levels(level, bits);
    for (size_t i = 0; i < n; i++)
        top = fmax(top, level[i]);
    const asx_word word = word_of(stored, non_negative);
    CHECK_OK(asx_grid_new(&grid, &word, &err), err);
    CHECK_OK(asx_codec_new(&codec, &word, &err), err);
    assert_int_equal(n, (size_t)1 << bits);
    assert_int_equal(asx_grid_size(grid), non_negative ? n : 2 * n - 1);
    assert_int_equal(asx_word_length(&word), stored);
    assert_int_equal(asx_codec_bits(codec), stored);
    const double unit = top / asx_word_max(&word);
    size_t codes = 0;
    for (int v = -1100; v <= 1100; v++) {
        uint32_t code = 0;
        int32_t back = 0;
        const bool has = (v >= 0 || !non_negative) && is_level(level, n, fabs(v * unit));
        assert_true(has == asx_grid_has(grid, v));
        assert_true(has == (asx_codec_encode(&code, codec, v, NULL) == ASX_OK));
        if (has)
            assert_true(asx_codec_decode(&back, codec, code, NULL) == ASX_OK && back == v);
    }
    for (uint32_t code = 0; code >> stored == 0; code++) {
        int32_t v = 0;
        codes += asx_codec_decode(&v, codec, code, NULL) == ASX_OK;
    }
    assert_int_equal(codes, asx_grid_size(grid)); /* each value has one code, minus 0 has none */
    asx_codec_free(codec);
    asx_grid_free(grid);
}

static void values(void **state)
{
    (void)state;
    for (unsigned stored = 3; stored <= 6; stored++) {
        check_word(stored, false);
        check_word(stored, true);
    }
}

/* As many selections among as many powers: digits of three bits of {1}. */
static void circuits(void **state)
{
    (void)state;
    static const char *const same[][2] = {{"w3pa8", "w4q3{1}a8"},
                                          {"w4pa8", "w5q3{1}a8"},
                                          {"w5pa8", "w7q3{1}a8"},
                                          {"w6pa8", "w8q3{1}a8"}};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        asx_error err;
        asx_format apot, digits;
        CHECK_OK(asx_format_parse(&apot, same[i][0], &err), err);
        CHECK_OK(asx_format_parse(&digits, same[i][1], &err), err);
        const asx_word circuit = asx_word_circuit(&apot.weight);
        assert_true(asx_word_equal(&circuit, &digits.weight));
        assert_false(asx_word_equal(&apot.weight, &digits.weight));
        assert_string_equal(asx_word_family(&apot.weight), "apot");
    }
}

static void texts(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        {"w2pa8", "2p: additive powers of two of 2 bits are outside 3 .. 6"},
        {"w7pa8", "outside 3 .. 6"},
        {"w8a7p", "outside 3 .. 6"},
        {"wpa8", "the number of bits must stand at"},
        {"w4p2a8", "at '2a8'"},
        {"w4p{1}a8", "at '{1}a8'"}};
    static const char *const right[] = {"w4pa8", "w6pa3p", "w4{1}a3p", "w3pa8{1,3}"};
    asx_format f;
    asx_error err;
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        asx_text text = {0};
        CHECK_OK(asx_format_parse(&f, right[i], &err), err);
        asx_format_print(&text, &f);
        assert_string_equal(text.s, right[i]);
        asx_text_fini(&text);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_true(asx_format_parse(&f, wrong[i][0], &err) != ASX_OK);
        if (!strstr(err.message, wrong[i][1]))
            fail_msg("%s: %s", wrong[i][0], err.message);
    }
    asx_word word;
    assert_true(asx_family_word(&word, "apot", 5, 0) && asx_word_length(&word) == 5);
    assert_false(asx_family_word(&word, "apot", 5, 1));
    assert_false(asx_family_word(&word, "apot", 7, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values),
        cmocka_unit_test(circuits),
        cmocka_unit_test(texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
