/* The representable set and both projections: exhaustively for 4-bit digits and up to 8 bits, by
 * samples beyond. */
#include "check.h"

#include <math.h>

#include "brute.h"
#include "dse/grid.h"

static bool has[BRUTE_SPAN];

static asx_grid *new_grid(const asx_word *word)
{
    asx_error err;
    asx_grid *grid = NULL;
    CHECK_OK(asx_grid_new(&grid, word, &err), err);
    return grid;
}

static size_t size_of(unsigned bits, int kind, uint64_t index)
{
    asx_word word = brute_word(bits, 4, kind, asx_alphabet_set_from_index(index));
    asx_grid *grid = new_grid(&word);
    size_t n = asx_grid_size(grid);
    asx_grid_free(grid);
    return n;
}

/* Counts that the design states: {1,3} is index 3, {1,3,5,7} is 15. */
static void known_sizes(void **state)
{
    (void)state;
    assert_int_equal(size_of(8, BRUTE_UNSIGNED, 3), 95);
    assert_int_equal(size_of(8, BRUTE_SIGNED, 3), 148);
    assert_int_equal(size_of(8, BRUTE_SIGNED, 15), 256);
    assert_int_equal(size_of(8, BRUTE_UNSIGNED, 255), 255);
    assert_int_equal(size_of(8, BRUTE_NON_NEGATIVE, 255), 256);
    assert_int_equal(size_of(4, BRUTE_UNSIGNED, 1), 7);
}

/* Nearest by looking at every value; of two as near, the one farther from zero. */
static int32_t search_nearest(int32_t low, int32_t high, double x)
{
    int32_t best = 0;
    for (int32_t v = low; v <= high; v++) {
        if (!has[BRUTE_ZERO + v])
            continue;
        double d = fabs(v - x), d_best = fabs(best - x);
        if (d < d_best || (d == d_best && abs(v) > abs(best)))
            best = v;
    }
    return best;
}

static void check_members(const asx_grid *grid, int32_t low, int32_t high)
{
    const int32_t *value = asx_grid_values(grid);
    size_t n = 0;
    for (int32_t v = low - 3; v <= high + 3; v++) {
        if (asx_grid_has(grid, v) != has[BRUTE_ZERO + v])
            fail_msg("membership of %d", (int)v);
        if (has[BRUTE_ZERO + v] && (n >= asx_grid_size(grid) || value[n++] != v))
            fail_msg("%d is missing or out of order", (int)v);
    }
    assert_int_equal(n, asx_grid_size(grid));
}

static bool is_candidate(const asx_word *word, unsigned bits, bool top, int c)
{
    const int radix = 1 << word->digit_width;
    if (word->digits == ASX_DIGITS_UNSIGNED)
        return (c < 1 << bits && brute_supported(word->set, c)) || (!top && c == radix);
    bool up = c <= 1 << (bits - 1) && brute_supported(word->set, c);
    bool down = !top && radix - c <= radix / 2 && brute_supported(word->set, radix - c);
    return up || down;
}

/* Digit by digit with carry, every candidate tried. */
static int32_t round_slowly(const asx_word *word, int32_t value, int32_t limit)
{
    const int radix = 1 << word->digit_width;
    const unsigned area = word->bits - (word->digits == ASX_DIGITS_UNSIGNED && !word->non_negative);
    int32_t rest = abs(value), place = 1, sum = 0;
    for (unsigned at = 0; at < area; at += word->digit_width, place *= radix) {
        bool top = at + word->digit_width >= area;
        unsigned bits = top ? area - at : word->digit_width;
        int d = top ? rest : rest % radix, best = -1;
        for (int c = 0; c <= radix; c++) {
            if (is_candidate(word, bits, top, c) && (!top || sum + c * place <= limit) &&
                (best < 0 || abs(c - d) <= abs(best - d)))
                best = c;
        }
        sum += best * place;
        rest /= radix;
        int carry_from = word->digits == ASX_DIGITS_SIGNED ? radix / 2 + 1 : radix;
        if (!top && best >= carry_from) {
            sum -= radix * place;
            rest++;
        }
    }
    return value < 0 ? -sum : sum;
}

static void check_rounding(const asx_grid *grid, const asx_word *word, int32_t low, int32_t high,
                           int32_t step)
{
    for (int32_t v = low; v <= high; v += step) {
        int32_t rounded = asx_grid_round_digits(grid, v), nearest = asx_grid_nearest(grid, v);
        int32_t want = has[BRUTE_ZERO + v] ? v : round_slowly(word, v, v < 0 ? -low : high);
        if (!asx_grid_has(grid, rounded) || abs(rounded - v) < abs(nearest - v))
            fail_msg("%d rounds to %d, nearest is %d", (int)v, (int)rounded, (int)nearest);
        if (rounded != want)
            fail_msg("%d rounds to %d, not %d", (int)v, (int)rounded, (int)want);
    }
}

static void check_nearest(const asx_grid *grid, double x, int32_t low, int32_t high)
{
    int32_t got = asx_grid_nearest(grid, x), want = search_nearest(low, high, x);
    if (got != want)
        fail_msg("nearest to %.17g is %d, not %d", x, (int)got, (int)want);
}

/* Returns whether the word is one. */
static bool check_word(const asx_word *word, int32_t step)
{
    asx_error err;
    const size_t n = brute_grid(has, word);
    if (asx_word_check(word, &err) != ASX_OK) {
        assert_int_equal(n, 1);
        return false;
    }
    const int32_t low = asx_word_min(word), high = asx_word_max(word);
    asx_grid *grid = new_grid(word);
    assert_int_equal(asx_grid_size(grid), n);
    check_members(grid, low, high);
    check_rounding(grid, word, low, high, step);
    for (int32_t twice = 2 * low - 4; twice <= 2 * high + 4; twice += step)
        check_nearest(grid, 0.5 * twice, low, high);
    asx_word reduced = asx_word_reduce(word);
    asx_grid *same = new_grid(&reduced);
    assert_true(asx_grid_equal(grid, same));
    asx_grid_free(same);
    asx_grid_free(grid);
    return true;
}

static void exhaustive(void **state)
{
    (void)state;
    size_t n = 0;
    for (unsigned bits = 2; bits <= 8; bits++) {
        for (int kind = 0; kind < BRUTE_KINDS; kind++) {
            for (uint64_t index = 1; index <= 255; index++) {
                asx_word word = brute_word(bits, 4, kind, asx_alphabet_set_from_index(index));
                n += check_word(&word, 1);
            }
        }
    }
    /* a set is usable iff its smallest alphabet fits the widest digit, of t = min(4, area) bits:
     * unsigned below 2^t, signed up to 2^(t-1): of 255 sets 2^8 - 2^(8-m), m alphabets being low
     * enough. Unsigned m = 1 2 4 8 8 8 8, signed 1 2 4 4 4 4 4, non-negative 2 4 8 8 8 8 8. */
    assert_int_equal(n,
                     (128 + 192 + 240 + 4 * 255) + (128 + 192 + 5 * 240) + (192 + 240 + 5 * 255));
}

static void other_digit_widths(void **state)
{
    (void)state;
    static const unsigned q[] = {2, 3, 5, 8};
    static const uint64_t sets[] = {1, 2, 3, 5, 9, 0xf, 0x8001, 0x123456789abcdef1};
    for (size_t i = 0; i < sizeof q / sizeof q[0]; i++) {
        const unsigned n = 1u << (q[i] - 1);
        for (size_t k = 0; k < sizeof sets / sizeof sets[0]; k++) {
            asx_alphabet_set set =
                asx_alphabet_set_from_index(n < 64 ? sets[k] & (((uint64_t)1 << n) - 1) : sets[k]);
            if (asx_alphabet_set_is_empty(set))
                continue;
            for (int kind = 0; kind < BRUTE_KINDS; kind++) {
                asx_word narrow = brute_word(7, q[i], kind, set), wide = narrow, mid = narrow;
                check_word(&narrow, 1);
                mid.bits = 11;
                check_word(&mid, 53);
                wide.bits = 16;
                check_word(&wide, 4999);
            }
        }
    }
}

/* Just beside and exactly on midpoints, and far beyond the ends. */
static void ties(void **state)
{
    (void)state;
    for (int kind = 0; kind < BRUTE_KINDS; kind++) {
        asx_word word = brute_word(8, 4, kind, asx_alphabet_set_from_index(3));
        asx_grid *grid = new_grid(&word);
        const int32_t *value = asx_grid_values(grid);
        for (size_t i = 0; i + 1 < asx_grid_size(grid); i++) {
            int32_t a = value[i], b = value[i + 1];
            double middle = (a + b) / 2.0;
            assert_int_equal(asx_grid_nearest(grid, middle), a < 0 ? a : b);
            assert_int_equal(asx_grid_nearest(grid, nextafter(middle, -1e9)), a);
            assert_int_equal(asx_grid_nearest(grid, nextafter(middle, 1e9)), b);
        }
        assert_int_equal(asx_grid_nearest(grid, -1e300), value[0]);
        assert_int_equal(asx_grid_nearest(grid, 1e300), value[asx_grid_size(grid) - 1]);
        assert_int_equal(asx_grid_nearest(grid, -0.0), 0);
        asx_grid_free(grid);
    }
}

/* Integers: ties go to even ranks, everything else where asx_grid_nearest goes. */
static void even_ties(void **state)
{
    (void)state;
    for (int kind = 0; kind < BRUTE_KINDS; kind++)
        for (uint64_t index = 0; index < 16; index++) {
            asx_word word = brute_word(8, 4, kind, asx_alphabet_set_from_index(index));
            asx_grid *grid = new_grid(&word);
            const int32_t *value = asx_grid_values(grid);
            const size_t n = asx_grid_size(grid);
            long zero = 0;
            while (value[zero] < 0)
                zero++;
            for (size_t i = 0; i + 1 < n; i++)
                for (int32_t v = value[i]; v <= value[i + 1]; v++) {
                    const int32_t down = v - value[i], up = value[i + 1] - v;
                    const bool even = labs((long)i - zero) % 2 == 0;
                    assert_int_equal(asx_grid_nearest_even(grid, v),
                                     value[down < up || (down == up && even) ? i : i + 1]);
                    if (down != up)
                        assert_int_equal(asx_grid_nearest_even(grid, v), asx_grid_nearest(grid, v));
                }
            assert_int_equal(asx_grid_nearest_even(grid, -1000000), value[0]);
            assert_int_equal(asx_grid_nearest_even(grid, 1000000), value[n - 1]);
            asx_grid_free(grid);
        }
}

static void check_round(int kind, uint64_t index, int32_t value, int32_t want)
{
    asx_word word = brute_word(8, 4, kind, asx_alphabet_set_from_index(index));
    asx_grid *grid = new_grid(&word);
    assert_int_equal(asx_grid_round_digits(grid, value), want);
    if (kind != BRUTE_NON_NEGATIVE)
        assert_int_equal(asx_grid_round_digits(grid, -value), -want);
    asx_grid_free(grid);
}

/* Worked by hand. */
static void digit_rounding(void **state)
{
    (void)state;
    check_round(BRUTE_UNSIGNED, 1, 6, 8);    /* tie of 4 and 8 */
    check_round(BRUTE_UNSIGNED, 1, 15, 16);  /* 8 is 7 away, the carry 1 */
    check_round(BRUTE_UNSIGNED, 1, 12, 16);  /* tie of 8 and the carry */
    check_round(BRUTE_UNSIGNED, 1, 55, 72);  /* 3.7 -> 4.8; the nearest is 64 */
    check_round(BRUTE_UNSIGNED, 1, 127, 64); /* 7.15 -> carry, 8 saturates at 4 */
    check_round(BRUTE_NON_NEGATIVE, 1, 255, 128);
    check_round(BRUTE_SIGNED, 1, 56, 56); /* 4.(-8), as 3.8 is not supported */
    check_round(BRUTE_SIGNED, 1, 55, 72); /* 3.7 -> tie of 2 and 4, 8 */
    check_round(BRUTE_SIGNED, 1, 13, 14); /* the tie of 12 and 14, by 1.(-4) and 1.(-2) */
}

static void plain(void **state)
{
    (void)state;
    for (int non_negative = 0; non_negative < 2; non_negative++) {
        asx_word word = {.bits = 8, .non_negative = non_negative};
        asx_grid *grid = new_grid(&word);
        int32_t low = non_negative ? 0 : -128;
        assert_int_equal(asx_grid_size(grid), 256);
        for (int32_t v = low; v < low + 256; v++) {
            assert_true(asx_grid_has(grid, v));
            assert_int_equal(asx_grid_round_digits(grid, v), v);
        }
        assert_int_equal(asx_grid_nearest(grid, 2.5), 3);
        assert_int_equal(asx_grid_nearest(grid, -2.5), non_negative ? 0 : -3);
        asx_grid_free(grid);
    }
}

static void refuses(void **state)
{
    (void)state;
    asx_error err;
    asx_grid *out = (asx_grid *)&err;
    asx_word word = brute_word(17, 4, BRUTE_UNSIGNED, asx_alphabet_set_from_index(1));
    CHECK_FAIL(asx_grid_new(&out, &word, &err), ASX_EINVAL, err);
    assert_ptr_equal(out, &err);
    asx_grid_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_sizes),
        cmocka_unit_test(exhaustive),
        cmocka_unit_test(other_digit_widths),
        cmocka_unit_test(ties),
        cmocka_unit_test(even_ties),
        cmocka_unit_test(digit_rounding),
        cmocka_unit_test(plain),
        cmocka_unit_test(refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
