/* What bits of codes are worth: hand-computed, by enumeration of faults, and codes against every other code. */
#include <math.h>

#include "check.h"

#include "dse/faults.h"
#include "dse/format.h"
#include "dse/grid.h"
#include "dse/reading.h"

static asx_word weight_word(const char *text)
{
    asx_error err;
    asx_format f;
    CHECK_OK(asx_format_parse(&f, text, &err), err);
    return f.weight;
}

static asx_reading *reading_of(const char *text, asx_code code, const double *often)
{
    asx_error err;
    asx_reading *r = NULL;
    const asx_word word = weight_word(text);
    CHECK_OK(asx_reading_new(&r, &word, code, often, &err), err);
    return r;
}

static asx_grid *grid_of(const char *text)
{
    asx_error err;
    asx_grid *g = NULL;
    const asx_word word = weight_word(text);
    CHECK_OK(asx_grid_new(&g, &word, &err), err);
    return g;
}

static void near(double a, double b)
{
    if (!(fabs(a - b) <= 1e-12 * fmax(fabs(a), 1)))
        fail_msg("%.17g is not %.17g", a, b);
}

/* w4{1}: 0, 1, 2, 4 with indices 0 .. 3 in bits 0 and 1, the sign in bit 2; the seven values equally often. Bit 0 makes 0
 * of 1, 4 of 2 and the other way round: (1 + 2 1 + 2 4 + 2 4) / 7. Bit 1: 2 of 0, 4 of 1: (4 + 2 9 + 2 4 + 2 9) / 7. The sign:
 * (2 v)^2. A plain word's bit i is worth 4^i, the sign's of two's complement too. */
static void one_flip(void **state)
{
    (void)state;
    asx_reading *r = reading_of("w4{1}a8", ASX_CODE_INDEX, NULL);
    assert_int_equal(asx_reading_bits(r), 3);
    near(asx_reading_flip_error(r, NULL, 0), 19.0 / 7);
    near(asx_reading_flip_error(r, NULL, 1), 48.0 / 7);
    near(asx_reading_flip_error(r, NULL, 2), 168.0 / 7);
    const asx_flip_effect low = asx_reading_effect(r, NULL, 0),
                          sign = asx_reading_effect(r, NULL, 2);
    assert_true(low.digit == 0 && sign.digit == -1);
    near(low.shift, 4.0 / 7);
    near(low.zero, 3.0 / 7);
    assert_true(low.alphabet == 0 && low.sign == 0 && sign.zero == 0);
    near(sign.sign, 6.0 / 7);
    asx_reading_free(r);
    r = reading_of("w8a8", ASX_CODE_INDEX, NULL);
    for (unsigned b = 0; b < 8; b++)
        near(asx_reading_flip_error(r, NULL, b), ldexp(1, (int)(2 * b)));
    asx_reading_free(r);
    /* only the value 4 is stored: bit 0 makes it 2, bit 1 makes it 1, the sign -4 */
    const double often[7] = {0, 0, 0, 0, 0, 0, 3};
    r = reading_of("w4{1}a8", ASX_CODE_INDEX, often);
    near(asx_reading_flip_error(r, often, 0), 4);
    near(asx_reading_flip_error(r, often, 1), 9);
    near(asx_reading_flip_error(r, often, 2), 64);
    asx_reading_free(r);
}

/* w4{1,3}: six magnitudes 0, 1, 2, 3, 4, 6; an index of 6 or 7 reads as 0, a negative zero as 0. */
static void spare_patterns(void **state)
{
    (void)state;
    asx_reading *r = reading_of("w4{1,3}a8", ASX_CODE_INDEX, NULL);
    assert_int_equal(asx_reading_bits(r), 4);
    static const int32_t want[16] = {0, 1, 2, 3, 4, 6, 0, 0, 0, -1, -2, -3, -4, -6, 0, 0};
    for (uint32_t c = 0; c < 16; c++)
        assert_int_equal(asx_reading_value(r, c), want[c]);
    /* digit 0's middle bit: 1 becomes 3 and 2 becomes 0: alphabets differ in the first alone */
    const asx_flip_effect e = asx_reading_effect(r, NULL, 1);
    near(e.alphabet, 4.0 / 11);           /* +-1, +-3 */
    near(e.zero, (1 + 2 + 2 + 2) / 11.0); /* 0 to 2; +-2 to 0; +-4 and +-6 to spare patterns */
    asx_reading_free(r);
}

/* Every pattern of faults by itself, with its probability. */
static double enumerate(const asx_reading *r, const asx_grid *g, const asx_bit_channel *ch)
{
    const unsigned bits = asx_reading_bits(r);
    double sum = 0;
    for (size_t i = 0; i < asx_grid_size(g); i++) {
        const int32_t v = asx_grid_values(g)[i];
        const uint32_t code = asx_reading_code(r, v);
        for (uint32_t read = 0; read >> bits == 0; read++) {
            double p = 1;
            for (unsigned b = 0; b < bits; b++) {
                const bool was = code >> b & 1, is = read >> b & 1;
                const double changes = was ? ch->to_0 : ch->to_1;
                p *= was == is ? 1 - changes : changes;
            }
            const double d = (double)(v - asx_reading_value(r, read));
            sum += p * d * d;
        }
    }
    return sum / (double)asx_grid_size(g);
}

static void error_of_all_faults(void **state)
{
    (void)state;
    static const char *const words[] = {"w4{1}a8", "w4{1,3}a8", "w8s{1,3}a8",
                                        "w8{1}a8", "w8a8",      "w6{1,5}a8"};
    static const asx_bit_channel channels[] = {{0.01, 0.01}, {0.3, 0.05}, {0, 0.2}, {1, 1}, {0, 0}};
    asx_error err;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        asx_reading *r = reading_of(words[i], ASX_CODE_INDEX, NULL);
        asx_grid *g = grid_of(words[i]);
        double tiny = 0, one = 0;
        for (size_t k = 0; k < sizeof channels / sizeof *channels; k++) {
            double error = -1;
            CHECK_OK(asx_reading_error(&error, r, NULL, &channels[k], &err), err);
            const double want = enumerate(r, g, &channels[k]);
            assert_true(fabs(error - want) <= 1e-9 * fmax(want, 1));
        }
        /* rare faults come one at a time */
        CHECK_OK(asx_reading_error(&tiny, r, NULL, &(asx_bit_channel){1e-9, 1e-9}, &err), err);
        for (unsigned b = 0; b < asx_reading_bits(r); b++)
            one += asx_reading_flip_error(r, NULL, b);
        assert_true(fabs(tiny / 1e-9 / one - 1) < 1e-5);
        asx_grid_free(g);
        asx_reading_free(r);
    }
}

/* ---- codes that lose least ---- */

static double total(const asx_reading *r, const double *often)
{
    double sum = 0;
    for (unsigned b = 0; b < asx_reading_bits(r); b++)
        sum += asx_reading_flip_error(r, often, b);
    return sum;
}

/* Of values at patterns; what a spare pattern reads as is the best of all values. */
static double cost_of(const int *at, unsigned bits, const asx_grid *g, const double *often)
{
    const int32_t *value = asx_grid_values(g);
    const int n = (int)asx_grid_size(g);
    double sum = 0, all = 0;
    for (int i = 0; i < n; i++)
        all += often ? often[i] : 1;
    for (unsigned c = 0; c >> bits == 0; c++) {
        double least = INFINITY;
        for (int k = 0; k < n; k++) {
            double cost = 0;
            const int32_t reads = value[at[c] < n ? at[c] : k];
            for (unsigned b = 0; b < bits; b++) {
                const int from = at[c ^ 1u << b]; /* whose flip ends here */
                const double d = from < n ? (double)(value[from] - reads) : 0;
                cost += from < n ? (often ? often[from] : 1) * d * d : 0;
            }
            least = fmin(least, cost);
        }
        sum += least;
    }
    return sum / all;
}

static void permute(double *least, int *at, unsigned bits, unsigned from, const asx_grid *g,
                    const double *often)
{
    if (from >> bits) {
        *least = fmin(*least, cost_of(at, bits, g, often));
        return;
    }
    for (unsigned c = from; c >> bits == 0; c++) {
        const int here = at[from];
        at[from] = at[c];
        at[c] = here;
        permute(least, at, bits, from + 1, g, often);
        at[c] = at[from];
        at[from] = here;
    }
}

static void best_of_all_codes(void **state)
{
    (void)state;
    static const double skewed[9] = {1, 2, 30, 300, 250, 20, 3, 1, 1};
    static const struct {
        const char *word;
        const double *often;
    } cases[] = {{"w4{1}a8", NULL}, {"w4{1}a8", skewed}, {"w3{1}a8", NULL},
                 {"w3a8", skewed},  {"w4{3}a8", skewed}, {"w3s{1}a8", NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        asx_reading *r = reading_of(cases[i].word, ASX_CODE_ROBUST, cases[i].often);
        asx_grid *g = grid_of(cases[i].word);
        int at[8];
        double least = INFINITY;
        assert_true(asx_reading_bits(r) <= 3);
        for (int c = 0; c < 8; c++)
            at[c] = c;
        permute(&least, at, asx_reading_bits(r), 0, g, cases[i].often);
        if (fabs(total(r, cases[i].often) - least) > 1e-6 * least)
            fail_msg("%s: %.9g, the best code %.9g", cases[i].word, total(r, cases[i].often),
                     least);
        asx_grid_free(g);
        asx_reading_free(r);
    }
}

/* Longer ones: every value has a pattern of its own, and none loses more than the machine's code. */
static void never_worse(void **state)
{
    (void)state;
    static const char *const words[] = {"w4{1,3}a8", "w5{1,3}a8", "w6{1}a8", "w8{1}a8",
                                        "w8{1,3}a8", "w8s{1}a8",  "w8a8",    "w4a8"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        asx_grid *g = grid_of(words[i]);
        double often[256];
        bool taken[256] = {false};
        for (size_t k = 0; k < asx_grid_size(g); k++) {
            const double x =
                asx_grid_values(g)[k] / (0.3 * asx_grid_values(g)[asx_grid_size(g) - 1]);
            often[k] = exp(-0.5 * x * x);
        }
        asx_reading *machine = reading_of(words[i], ASX_CODE_INDEX, NULL);
        asx_reading *robust = reading_of(words[i], ASX_CODE_ROBUST, often);
        for (size_t k = 0; k < asx_grid_size(g); k++) {
            const uint32_t c = asx_reading_code(robust, asx_grid_values(g)[k]);
            assert_true(c >> asx_reading_bits(robust) == 0 && !taken[c]);
            taken[c] = true;
            assert_int_equal(asx_reading_value(robust, c), asx_grid_values(g)[k]);
        }
        for (uint32_t c = 0; c >> asx_reading_bits(robust) == 0; c++)
            assert_true(asx_grid_has(g, asx_reading_value(robust, c)));
        if (!(total(robust, often) <= total(machine, often) * (1 + 1e-6)))
            fail_msg("%s: %g, the machine's code %g", words[i], total(robust, often),
                     total(machine, often));
        asx_reading_free(robust);
        asx_reading_free(machine);
        asx_grid_free(g);
    }
}

static void too_many_bits(void **state)
{
    (void)state;
    asx_error err;
    asx_reading *r = NULL;
    asx_word word = weight_word("w16s{1,3,5,7}a8");
    CHECK_FAIL(asx_reading_new(&r, &word, ASX_CODE_INDEX, NULL, &err), ASX_EUNSUPPORTED, err);
    word = weight_word("w12{1}a8");
    CHECK_FAIL(asx_reading_new(&r, &word, ASX_CODE_ROBUST, NULL, &err), ASX_EUNSUPPORTED, err);
    word.bits = 1;
    CHECK_FAIL(asx_reading_new(&r, &word, ASX_CODE_INDEX, NULL, &err), ASX_EINVAL, err);
    assert_null(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_flip),
        cmocka_unit_test(spare_patterns),
        cmocka_unit_test(error_of_all_faults),
        cmocka_unit_test(best_of_all_codes),
        cmocka_unit_test(never_worse),
        cmocka_unit_test(too_many_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
