/* Toggles against closed forms, and against a simulation written differently. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "activity.h"
#include "check.h"
#include "dse/grid.h"

static asx_word plain(unsigned bits, bool non_negative)
{
    return (asx_word){.bits = bits, .digit_width = 4, .non_negative = non_negative};
}

static asx_word with_set(unsigned bits, uint64_t index)
{
    return (asx_word){.bits = bits, .digit_width = 4, .set = asx_alphabet_set_from_index(index)};
}

static asx_activity activity_of(asx_word weight, asx_word activation, const asx_operands *operands)
{
    asx_error err;
    asx_activity out;
    CHECK_OK(asx_activity_init(&out, &weight, &activation, operands, &err), err);
    return out;
}

static void near_to(const char *what, double value, double want, double tolerance)
{
    if (!(fabs(value - want) <= tolerance))
        fail_msg("%s: %g instead of %g", what, value, want);
}

/* Independent uniform words of b bits differ in b / 2 bits on average; 4096 samples leave a
 * standard error of sqrt(b) / 2 / 64. */
static void uniform(void **state)
{
    (void)state;
    for (unsigned bits = 4; bits <= 12; bits += 4) {
        asx_activity a = activity_of(plain(8, false), plain(bits, true), &asx_operands_uniform);
        double error = 4 * sqrt(bits) / 128;
        near_to("input", a.input, bits / 2., error);
        near_to("weight", a.weight, 4, .1);
        near_to("sign", a.sign, .5, .05);
        /* a row of an exact multiplier: x where the weight's bit is 1, else 0. Bits of two rows in
         * a row differ with probability 2 1/4 3/4 */
        near_to("cells", a.cells[0], 8 * bits * .375, 8 * error);
    }
}

/* {1} with one digit of 3 bits: values 0 1 2 4, equally likely to the nearest of -7 .. 7. */
static void change(void **state)
{
    (void)state;
    asx_activity a = activity_of(with_set(4, 1), plain(8, true), &asx_operands_uniform);
    /* of the 15 integers 1 goes to 0, 2 to 1, 5 to 2 (|w| = 2, 3 -> 4? no: 3 is as near to 2 as to
     * 4, and ties go away from zero), 7 to 4 */
    double p[4] = {1 / 15., 2 / 15., 2 / 15., 10 / 15.}, same = 0;
    for (int i = 0; i < 4; i++)
        same += p[i] * p[i];
    near_to("change", a.digit[0].change, 1 - same, .03);
    near_to("alphabet", a.digit[0].alphabet, a.input, .35); /* x itself, but after 0 */
    near_to("partial", a.digit[0].partial > 0, 1, 0);
}

/* A weight that is held changes nothing by itself. */
static void hold(void **state)
{
    (void)state;
    asx_operands operands = asx_operands_nn;
    double last = INFINITY;
    for (operands.hold = 1; operands.hold <= 64; operands.hold *= 4) {
        asx_activity a = activity_of(with_set(8, 3), plain(8, true), &operands);
        assert_true(a.digit[0].change < last && a.sign <= 1. / operands.hold);
        near_to("change", a.digit[0].change * operands.hold, .75, .25);
        last = a.digit[0].change;
    }
}

/* Activations that are zero more often toggle less; all zero is not asked for. */
static void zeros(void **state)
{
    (void)state;
    asx_operands operands = asx_operands_nn;
    double last = INFINITY;
    for (operands.zero = 0; operands.zero < .95; operands.zero += .3) {
        asx_activity a = activity_of(with_set(8, 3), plain(8, true), &operands);
        assert_true(a.input < last && a.product < last * 8);
        last = a.input;
    }
    /* with 90 % zeros a toggle needs x != 0 on one side: at most 2 (.1) of the bits of half x */
    near_to("input", last, .4, .4);
}

/* The same words, sampled by rand()'s plain cousin and compared bit by bit. */
static void twin(void **state)
{
    (void)state;
    enum { N = 60000 };
    asx_error err;
    asx_word weight = with_set(8, 7), activation = plain(6, true);
    asx_activity a = activity_of(weight, activation, &asx_operands_uniform);
    asx_grid *grid = NULL;
    CHECK_OK(asx_grid_new(&grid, &weight, &err), err);
    uint32_t seed = 12345;
    double three = 0, low = 0, product = 0;
    long was[3] = {0, 0, 0};
    for (int i = 0; i < N; i++) {
        seed = seed * 1664525u + 1013904223u;
        int w = asx_grid_nearest(grid, (int)(seed >> 16) % 255 - 127);
        seed = seed * 1664525u + 1013904223u;
        long x = (long)(seed >> 20) % 64, now[3] = {3 * x, abs(w) % 16 * x, abs(w) * x};
        for (int bit = 0; bit < 20; bit++) {
            three += (int)((now[0] ^ was[0]) >> bit & 1);
            low += (int)((now[1] ^ was[1]) >> bit & 1);
            product += (int)((now[2] ^ was[2]) >> bit & 1);
        }
        memcpy(was, now, sizeof was);
    }
    near_to("3 x", a.multiple[1], three / N, .1);
    near_to("low digit", a.digit[0].product, low / N, .15);
    near_to("product", a.product, product / N, .2);
    asx_grid_free(grid);
}

static void refusals(void **state)
{
    (void)state;
    asx_error err;
    asx_activity out = {.input = 7};
    asx_word good = plain(8, true), bad = plain(1, false);
    CHECK_FAIL(asx_activity_init(&out, &bad, &good, &asx_operands_nn, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_activity_init(&out, &good, &bad, &asx_operands_nn, &err), ASX_EINVAL, err);
    assert_true(out.input == 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(uniform), cmocka_unit_test(change),
                                       cmocka_unit_test(hold),    cmocka_unit_test(zeros),
                                       cmocka_unit_test(twin),    cmocka_unit_test(refusals)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
