/* Minifloats: all codes against the OCP's definitions in reals, and the words they are equal to. */
#include "check.h"

#include <math.h>
#include <string.h>

#include "dse/codec.h"
#include "dse/format.h"
#include "dse/grid.h"
#include "word_type.h"

/* As the OCP's tables state them. */
static const struct standard {
    const char *text;
    int exponent, mantissa, bias;
    bool infinities, one_nan; /* as IEEE 754; all ones alone */
    double largest, least;    /* of the standards' tables: largest normal, least subnormal */
} standards[] = {{"e2m1", 2, 1, 1, false, false, 6, 0.5},
                 {"e2m3", 2, 3, 1, false, false, 7.5, 0.125},
                 {"e3m2", 3, 2, 3, false, false, 28, 0.0625},
                 {"e4m3", 4, 3, 7, false, true, 448, 0x1p-9},
                 {"e5m2", 5, 2, 15, true, false, 57344, 0x1p-16}};
enum { N_STANDARDS = sizeof standards / sizeof *standards };

/* A code's real number by sign, significand and exponent; NaN and infinities as such. */
static double real_of(const struct standard *s, unsigned code)
{
    const int m = (int)(code % (1u << s->mantissa));
    const int e = (int)(code >> s->mantissa) % (1 << s->exponent);
    const double sign = code >> (s->mantissa + s->exponent) ? -1 : 1;
    const double fraction = m / pow(2, s->mantissa);
    const bool top = e == (1 << s->exponent) - 1;
    if (s->infinities && top)
        return m ? NAN : sign * INFINITY;
    if (s->one_nan && top && m == (1 << s->mantissa) - 1)
        return NAN;
    return e == 0 ? sign * fraction * pow(2, 1 - s->bias)
                  : sign * (1 + fraction) * pow(2, e - s->bias);
}

static asx_word word_of(const char *text)
{
    asx_error err;
    asx_format f;
    char whole[32];
    snprintf(whole, sizeof whole, "w%sa8", text);
    CHECK_OK(asx_format_parse(&f, whole, &err), err);
    return f.weight;
}

/* e5m2's integers need 33 bits: too long for a word, so its table is asked itself. */
static void codes(void **state)
{
    (void)state;
    for (size_t k = 0; k < N_STANDARDS; k++) {
        const struct standard *s = &standards[k];
        const asx_word word = {.kind = ASX_WORD_MINIFLOAT,
                               .parameter = {(uint8_t)s->exponent, (uint8_t)s->mantissa,
                                             (uint8_t)(s->infinities ? 2
                                                       : s->one_nan  ? 1
                                                                     : 0)}};
        double largest = 0, least = INFINITY;
        for (unsigned code = 0; code < 1u << (1 + s->exponent + s->mantissa); code++) {
            int64_t value = 12345;
            uint32_t again = ~code;
            const double real = real_of(s, code);
            const bool is = asx_word_minifloat.decode(&value, &word, code);
            const bool wanted = isfinite(real) && !(real == 0 && signbit(real));
            if (is != wanted || (is && (double)value * s->least != real))
                fail_msg("%s: code %#x is %g, not %lld", s->text, code, real, (long long)value);
            if (is && (!asx_word_minifloat.encode(&again, &word, value) || again != code))
                fail_msg("%s: %lld has not the code %#x", s->text, (long long)value, code);
            largest = is && real > largest ? real : largest;
            least = is && real > 0 && real < least ? real : least;
        }
        assert_true(largest == s->largest && least == s->least);
    }
}

/* The same through the interface that all words share: codes, values and those between them. */
static void words(void **state)
{
    (void)state;
    for (size_t k = 0; k + 1 < N_STANDARDS; k++) {
        const struct standard *s = &standards[k];
        const asx_word word = word_of(s->text);
        asx_codec *codec = NULL;
        asx_grid *grid = NULL;
        asx_error err;
        size_t n = 0;
        CHECK_OK(asx_codec_new(&codec, &word, &err), err);
        CHECK_OK(asx_grid_new(&grid, &word, &err), err);
        assert_int_equal(asx_codec_bits(codec), 1 + s->exponent + s->mantissa);
        assert_int_equal(asx_word_code_bits(&word), asx_codec_joint_bits(codec));
        for (unsigned code = 0; code <= 1u << asx_codec_bits(codec); code++) {
            int32_t value = 0;
            uint32_t again = 0;
            if (code >> asx_codec_bits(codec) == 0) /* as a memory that errs gives it back */
                assert_int_equal(asx_codec_read(codec, code),
                                 asx_codec_decode(&value, codec, code, NULL) == ASX_OK ? value : 0);
            if (asx_codec_decode(&value, codec, code, NULL) != ASX_OK)
                continue;
            n++;
            assert_true(asx_grid_has(grid, value));
            CHECK_OK(asx_codec_encode(&again, codec, value, &err), err);
            assert_int_equal(again, code);
            assert_int_equal(asx_codec_join(codec, code), code);
            CHECK_OK(asx_codec_split(&again, codec, code, &err), err);
            assert_int_equal(again, code);
        }
        assert_int_equal(n, asx_grid_size(grid));
        assert_true(asx_word_max(&word) * s->least == s->largest);
        assert_int_equal(asx_word_min(&word), -asx_word_max(&word));
        for (int32_t v = asx_word_min(&word) - 1; v <= asx_word_max(&word) + 1; v++) {
            uint32_t code;
            assert_int_equal(asx_codec_encode(&code, codec, v, NULL) == ASX_OK,
                             asx_grid_has(grid, v));
        }
        asx_grid_free(grid);
        asx_codec_free(codec);
    }
}

/* One lane: the alphabet's multiple of x, selected, shifted, and negated with the weight. */
static int64_t lane(const asx_word *circuit, int32_t digit, int64_t x)
{
    unsigned alphabet = (unsigned)abs(digit), shift = 0;
    for (; alphabet && alphabet % 2 == 0; alphabet /= 2)
        shift++;
    assert_true(!alphabet || asx_alphabet_set_has(circuit->set, alphabet));
    const int64_t product = (int64_t)alphabet * x * ((int64_t)1 << shift);
    return digit < 0 ? -product : product;
}

static bool same_values(const asx_word *a, const asx_word *b)
{
    asx_grid *x = NULL, *y = NULL;
    asx_error err;
    CHECK_OK(asx_grid_new(&x, a, &err), err);
    CHECK_OK(asx_grid_new(&y, b, &err), err);
    const bool same = asx_grid_equal(x, y);
    asx_grid_free(x);
    asx_grid_free(y);
    return same;
}

/* Every finite minifloat is one digit of the odd numbers below 2^(Y + 1), with and without a sign,
 * and what a circuit selects, shifts and negates is its value. */
static void circuits(void **state)
{
    (void)state;
    size_t n = 0;
    for (unsigned x = 2; x <= 4; x++)
        for (unsigned y = 0; x + y <= 7; y++)
            for (int non_negative = 0; non_negative < 2; non_negative++) {
                char text[16];
                snprintf(text, sizeof text, "e%um%uf", x, y);
                const asx_word of = word_of(text);
                const asx_word word = asx_word_with_sign(&of, non_negative);
                const asx_word circuit = asx_word_circuit(&word);
                asx_grid *grid = NULL;
                asx_error err;
                CHECK_OK(asx_grid_new(&grid, &word, &err), err);
                assert_true(circuit.kind != ASX_WORD_MINIFLOAT && same_values(&word, &circuit));
                assert_int_equal(asx_word_n_digits(&circuit), 1);
                for (size_t i = 0; i < asx_grid_size(grid); i++) {
                    const int32_t value = asx_grid_values(grid)[i];
                    int32_t digit = 0;
                    assert_true(asx_word_split(&digit, &circuit, value));
                    for (int64_t in = -128; in < 256; in++)
                        if (lane(&circuit, digit, in) != value * in)
                            fail_msg("%s: %ld x %ld", text, (long)value, (long)in);
                }
                assert_int_equal(asx_grid_size(grid),
                                 ((1u << (x + y)) - 1) * (non_negative ? 1 : 2) + 1);
                asx_grid_free(grid);
                n++;
            }
    assert_int_equal(n, 2 * (6 + 5 + 4));
    const asx_word e2m1 = word_of("e2m1"), digits = word_of("5{1,3}");
    const asx_word circuit = asx_word_circuit(&e2m1), e3m0 = word_of("e3m0"),
                   power = word_of("8q7{1}");
    assert_true(asx_word_equal(&circuit, &digits) && !asx_word_equal(&e2m1, &digits));
    assert_true(same_values(&e3m0, &power));
    assert_string_equal(asx_word_family(&e2m1), "minifloats");
    assert_string_equal(asx_word_family(&e3m0), "shifts");
    assert_string_equal(asx_word_family(&digits), "alphabets");
}

/* Without subnormals, with codes that are no numbers. */
static void variants(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t n;
        int32_t max;
    } cases[] = {{"e2m1z", 13, 12},      {"e2m1i", 11, 6},      {"e2m1n", 13, 8},
                 {"e4m3f", 255, 245760}, {"e4m3", 253, 229376}, {"e4m3i", 239, 122880},
                 {"e3m0i", 13, 32},      {"e3m2z", 57, 448}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const asx_word word = word_of(cases[i].text);
        asx_grid *grid = NULL;
        asx_error err;
        CHECK_OK(asx_grid_new(&grid, &word, &err), err);
        if (asx_grid_size(grid) != cases[i].n || asx_word_max(&word) != cases[i].max)
            fail_msg("%s: %zu values up to %ld", cases[i].text, asx_grid_size(grid),
                     (long)asx_word_max(&word));
        asx_grid_free(grid);
    }
}

static void texts(void **state)
{
    (void)state;
    static const char *const canonical[] = {"we2m1a8",      "we4m3ae4m3",      "w8ae2m1",
                                            "we3m0a8{1,3}", "we3m2a8q6{1,33}", "w4q3{1}ae2m3",
                                            "we4m3fa8",     "we2m1nza8",       "we3m2iza8"};
    static const char *const other[][2] = {
        {"we4m3na8", "we4m3a8"}, {"we2m1fa8", "we2m1a8"}, {"we3m2a8q4{1}", "we3m2a8{1}"}};
    static const char *const wrong[][2] = {
        {"we2a8", "'m' and the mantissa bits must stand at 'a8'"},
        {"wea8", "the number of exponent bits must stand at 'a8'"},
        {"we2ma8", "the number of mantissa bits must stand at 'a8'"},
        {"we1m2a8", "an exponent of 1 bits is outside 2 .. 4"},
        {"we6m1a8", "an exponent of 6 bits is outside 2 .. 4"},
        {"we4m4a8", "9 bits, a minifloat has at most 8"},
        {"we999m999a8", "an exponent of 999 bits"},
        {"we3m0na8", "that is e3m0i"},
        {"we5m2a8", "integers of 33 bits, words have at most 20"},
        {"w8ae5m0", "integers of 32 bits"},
        {"we2m1{1}a8", "at '{1}a8'"},
        {"we2m1sa8", "at 'sa8'"},
        {"we2m1q4a8", "at 'q4a8'"},
        {"we02m1a8", "at '02m1a8'"}};
    asx_format f;
    asx_error err;
    for (size_t i = 0; i < sizeof canonical / sizeof *canonical + 3; i++) {
        const size_t n = sizeof canonical / sizeof *canonical;
        asx_text text = {0};
        CHECK_OK(asx_format_parse(&f, i < n ? canonical[i] : other[i - n][0], &err), err);
        asx_format_print(&text, &f);
        assert_string_equal(text.s, i < n ? canonical[i] : other[i - n][1]);
        asx_text_fini(&text);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_true(asx_format_parse(&f, wrong[i][0], &err) < 0);
        if (!strstr(err.message, wrong[i][1]))
            fail_msg("'%s': '%s' does not say '%s'", wrong[i][0], err.message, wrong[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes),    cmocka_unit_test(words), cmocka_unit_test(circuits),
        cmocka_unit_test(variants), cmocka_unit_test(texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
