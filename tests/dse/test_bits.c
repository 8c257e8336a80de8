/* Bits and signed digits, by counting. */
#include "check.h"

#include "dse/bits.h"

static void lengths(void **state)
{
    (void)state;
    assert_int_equal(asx_bit_length(0), 0);
    assert_int_equal(asx_bit_length(UINT64_MAX), 64);
    assert_true(asx_low_bits(64) == UINT64_MAX && asx_low_bits(100) == UINT64_MAX);
    for (unsigned n = 0; n < 64; n++) {
        assert_int_equal(asx_bit_length((uint64_t)1 << n), n + 1);
        assert_true(asx_low_bits(n) + 1 == (uint64_t)1 << n);
        assert_int_equal(asx_bit_length(asx_low_bits(n)), n);
    }
}

enum { LIMIT = 1 << 12 };

/* The least signed powers of two that a number is a sum of: one more than the nearest that has fewer. */
static void count_least(unsigned *least)
{
    for (int v = 1; v < LIMIT; v++) {
        least[v] = v % 2 ? UINT32_MAX : least[v / 2];
        if (v % 2) { /* the lowest digit is +1 or -1 */
            const unsigned below = least[(v - 1) / 2],
                           above = (v + 1) / 2 < v ? least[(v + 1) / 2] : 0;
            least[v] = 1 + (below < above ? below : above);
        }
    }
}

static void digits(void **state)
{
    (void)state;
    static unsigned least[LIMIT];
    count_least(least);
    for (int64_t v = 1 - LIMIT; v < LIMIT; v++) {
        uint64_t plus, minus;
        asx_signed_digits(&plus, &minus, v);
        assert_true((int64_t)(plus - minus) == v);
        assert_true((plus & minus) == 0 && ((plus | minus) & (plus | minus) >> 1) == 0);
        assert_int_equal(asx_signed_digit_count(v), least[v < 0 ? -v : v]);
    }
    uint64_t plus, minus;
    asx_signed_digits(&plus, &minus, -((int64_t)1 << 62));
    assert_true(plus == 0 && minus == (uint64_t)1 << 62);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(lengths), cmocka_unit_test(digits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
