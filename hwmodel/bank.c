/* The pre-computer bank: multiples a x of the input, shared by the lanes that see the same x.
 *
 * 3x = x + 2x, 5x = x + 4x, 7x = 8x - x, 9x = 8x + x and 15x = 16x - x take one adder each; 11x and
 * 13x take two, or one where 3x or 5x is there already (Sarwar et al., arXiv 1602.08557; the
 * general problem is multiple constant multiplication, Bull and Horrocks 1991). */
#include "unit.h"

#include "dse/number.h"

/* Non-zero digits of the canonical signed-digit form (Reitwiesner 1960). */
static unsigned csd_weight(unsigned n)
{
    unsigned odd_parts = 0;
    for (; n; n >>= 1) {
        if (n & 1) {
            odd_parts++;
            n = (n & 3) == 3 ? n + 1 : n - 1;
        }
    }
    return odd_parts;
}

/* Whether a = |b 2^i +- d| for multiples b, d that are there, i >= 1. */
static bool one_step(asx_alphabet_set built, unsigned alphabet)
{
    for (unsigned b = 0; (b = asx_alphabet_set_next(built, b));) {
        for (unsigned v = 2 * b; v <= 2 * (unsigned)ASX_ALPHABET_MAX; v *= 2) {
            unsigned d = v > alphabet ? v - alphabet : alphabet - v;
            if (d <= (unsigned)ASX_ALPHABET_MAX && asx_alphabet_set_has(built, d))
                return true;
            d = v + alphabet;
            if (d <= (unsigned)ASX_ALPHABET_MAX && asx_alphabet_set_has(built, d))
                return true;
        }
    }
    return false;
}

unsigned asx_bank_adders(asx_alphabet_set built, unsigned alphabet)
{
    if (alphabet == 1)
        return 0;
    return one_step(asx_alphabet_set_with(built, 1), alphabet) ? 1 : csd_weight(alphabet) - 1;
}

/* Multiples that take more than one adder share 3x as the first of them; all adders but the last
 * are as narrow as it, so that one more alphabet in the set never makes the bank cheaper. */
void asx_unit_add_bank(double *part, double count, const asx_unit *unit, const asx_price *price)
{
    asx_alphabet_set built = {{0}};
    double helper = asx_price_of(price, ASX_COMPONENT_ADD, (double)unit->x_bits + 2, 0), sum = 0;
    for (unsigned a = 0; (a = asx_alphabet_set_next(unit->bank, a));) {
        double bits = (double)unit->x_bits + asx_log2_ceil(a);
        unsigned n = asx_bank_adders(built, a);
        if (n > 1 && !asx_alphabet_set_has(built, 3)) {
            sum += helper;
            built = asx_alphabet_set_with(built, 3);
            n = asx_bank_adders(built, a);
        }
        if (n > 0)
            sum += asx_price_of(price, ASX_COMPONENT_ADD, bits, 0) + (n - 1) * helper;
        built = asx_alphabet_set_with(built, a);
    }
    part[ASX_PART_PRECOMPUTE] += count * sum;
}
