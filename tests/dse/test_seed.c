/* Random bits: fixed values, 128-bit products done another way, and plain statistics. */
#include "check.h"

#include <math.h>

#include "dse/seed.h"

/* Computed once with a separate script (arbitrary-precision integers); stored campaigns depend on
 * them, so they must never change. */
static void fixed_values(void **state)
{
    (void)state;
    assert_true(asx_seed_bits(0, 0, 0) == UINT64_C(0x238275bc38fcbe91));
    assert_true(asx_seed_bits(1, 2, 3) == UINT64_C(0xd0734750fde362b3));
    assert_true(asx_seed_bits(UINT64_MAX, UINT64_MAX, UINT64_MAX) == UINT64_C(0x595b17f487c0e71b));
}

/* floor(bits n / 2^64) by long multiplication, 16 bits at a time. */
static uint64_t high_product(uint64_t bits, uint64_t n)
{
    uint32_t product[8] = {0};
    for (int i = 0; i < 4; i++) {
        uint64_t carry = 0;
        for (int j = 0; j < 4; j++) {
            uint64_t t =
                product[i + j] + carry + ((bits >> (16 * i)) & 0xffff) * ((n >> (16 * j)) & 0xffff);
            product[i + j] = (uint32_t)(t & 0xffff);
            carry = t >> 16;
        }
        product[i + 4] = (uint32_t)carry;
    }
    return (uint64_t)product[7] << 48 | (uint64_t)product[6] << 32 | (uint64_t)product[5] << 16 |
           product[4];
}

static void below(void **state)
{
    (void)state;
    static const uint64_t n[] = {
        1, 2, 3, 10, 255, 1u << 31, 0xffffffffu, 0x123456789abcdefu, UINT64_MAX};
    for (size_t k = 0; k < sizeof n / sizeof n[0]; k++) {
        for (uint64_t i = 0; i < 2000; i++) {
            uint64_t got = asx_seed_below(7, k, i, n[k]);
            assert_true(got < n[k] || n[k] == 1);
            assert_true(got == high_product(asx_seed_bits(7, k, i), n[k]));
        }
    }
}

static void uniform(void **state)
{
    (void)state;
    enum { N = 100000, BINS = 100 };
    double sum = 0, squares = 0, chi = 0;
    int bin[BINS] = {0};
    for (uint64_t i = 0; i < N; i++) {
        double u = asx_seed_uniform(3, 4, i);
        assert_true(u >= 0 && u < 1);
        sum += u;
        squares += u * u;
        bin[(int)(u * BINS)]++;
    }
    for (int b = 0; b < BINS; b++)
        chi += pow(bin[b] - N / BINS, 2) / (N / BINS);
    assert_true(fabs(sum / N - 0.5) < 0.005);
    assert_true(fabs(squares / N - 1.0 / 3) < 0.005);
    assert_true(chi > 60 && chi < 150); /* 99 degrees of freedom */
}

/* Distribution function of the normal law in bins of equal probability, whose ends are looked for by halving; neighbours do not
 * hang together. */
static double end_of_bin(double probability)
{
    double low = -10, high = 10;
    while (high - low > 1e-9) {
        const double middle = 0.5 * (low + high);
        if (0.5 * erfc(-middle / sqrt(2)) < probability)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static void normal(void **state)
{
    (void)state;
    enum { N = 100000, BINS = 100 };
    double sum = 0, squares = 0, neighbours = 0, chi = 0, end[BINS];
    int bin[BINS] = {0};
    for (int b = 0; b < BINS; b++)
        end[b] = b + 1 < BINS ? end_of_bin((b + 1.0) / BINS) : INFINITY;
    for (uint64_t i = 0; i < N; i++) {
        const double x = asx_seed_normal(3, 4, i);
        int b = 0;
        while (x > end[b])
            b++;
        bin[b]++;
        sum += x;
        squares += x * x;
        neighbours += x * asx_seed_normal(3, 4, i + 1);
    }
    for (int b = 0; b < BINS; b++)
        chi += pow(bin[b] - N / BINS, 2) / (N / BINS);
    assert_true(fabs(sum / N) < 0.01 && fabs(squares / N - 1) < 0.015 &&
                fabs(neighbours / N) < 0.01);
    assert_true(chi > 60 && chi < 150); /* 99 degrees of freedom */
}

/* Each of the three words matters in each of its bits: half of the result's bits change. */
static void avalanche(void **state)
{
    (void)state;
    for (int word = 0; word < 3; word++) {
        for (int bit = 0; bit < 64; bit++) {
            int changed = 0;
            for (uint64_t i = 0; i < 64; i++) {
                uint64_t x[3] = {i, 2 * i + 1, 5 * i}, y[3] = {i, 2 * i + 1, 5 * i};
                y[word] ^= (uint64_t)1 << bit;
                uint64_t d = asx_seed_bits(x[0], x[1], x[2]) ^ asx_seed_bits(y[0], y[1], y[2]);
                for (; d; d &= d - 1)
                    changed++;
            }
            assert_true(changed > 64 * 28 && changed < 64 * 36);
        }
    }
    assert_true(asx_seed_bits(1, 2, 3) != asx_seed_bits(2, 1, 3));
    assert_true(asx_seed_bits(1, 2, 3) != asx_seed_bits(1, 3, 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fixed_values), cmocka_unit_test(below),     cmocka_unit_test(uniform),
        cmocka_unit_test(normal),       cmocka_unit_test(avalanche),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
