/* Dyadic factors against integers of 128 bits. */
#include <inttypes.h>

#include "asm_reference.h"
#include "dse/seed.h"
#include "eval/dyadic.h"

static uint64_t next(uint64_t *state)
{
    return asx_seed_bits((*state)++, 0, 0);
}

/* Reals of all sizes come back within half a unit of the last of their bits. */
static void nearest_factor(void **state)
{
    uint64_t seed = 1;
    (void)state;
    for (unsigned bits = ASX_DYADIC_BITS_MIN; bits <= ASX_DYADIC_BITS_MAX; bits++)
        for (int i = 0; i < 2000; i++) {
            const double part = 1 + (double)(next(&seed) >> 12) * 0x1p-52;
            const double real = ldexp(part, (int)(next(&seed) % 60) - 38);
            const asx_dyadic d = asx_dyadic_of(real, bits);
            assert_true(d.multiplier < 1u << bits && d.multiplier >= 1u << (bits - 1));
            assert_true(fabs(asx_dyadic_real(d) / real - 1) <= ldexp(1, -(int)bits));
        }
    assert_int_equal(asx_dyadic_of(0, 16).multiplier, 0);
    assert_true(asx_dyadic_real(asx_dyadic_of(1, 8)) == 1);
    assert_true(asx_dyadic_real(asx_dyadic_of(300.5, 8)) == 300); /* a shift to the left */
    assert_true(asx_dyadic_real(asx_dyadic_of(511.9, 8)) == 512); /* one bit more, halved */
    assert_int_equal(asx_dyadic_of(1e-18, 16).shift, ASX_DYADIC_SHIFT_MAX);
}

static void check(int64_t v, double factor)
{
    const double limit = 1e9, got = asx_dyadic_scale((double)v, factor, -limit, limit);
    const asm_wide want = asm_clamp(asm_scale(v, factor, 24), (int64_t)limit);
    if (got != (double)want)
        fail_msg("%" PRId64 " x %.17g: %.17g, not %.17g", v, factor, got, (double)want);
}

/* Any size of number, and those whose product lies at, or beside, half-way of two integers. */
static void one_rounding(void **state)
{
    uint64_t seed = 2;
    (void)state;
    for (int i = 0; i < 200000; i++) {
        const int size = (int)(next(&seed) % 52) + 1;
        const int64_t magnitude = (int64_t)(next(&seed) >> (63 - size)) >> 1;
        const int64_t v = next(&seed) % 2 ? magnitude : -magnitude;
        const asx_dyadic d = {(uint32_t)(next(&seed) >> 40), (int)(next(&seed) % 64)};
        check(v, asx_dyadic_real(d));
    }
    for (int64_t k = -4; k <= 4; k++)
        for (int64_t beside = -1; beside <= 1; beside++) {
            /* (2 k + 1) 2^44 / 2^45 and its neighbours, whose difference a double cannot show */
            const int64_t v = (2 * k + 1) * (INT64_C(1) << 44) + beside;
            check(v, ldexp(1, -45));
            check(3 * v, ldexp(1, -45));
            check(v, ldexp(16777215, -62));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nearest_factor),
                                       cmocka_unit_test(one_rounding)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
