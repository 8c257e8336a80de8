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
    CHECK_OK(asx_activity_init(&out, &weight, &activation, operands, NULL, &err), err);
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

/* Numbers from 0 to 1, by the generator of Steele et al. (OOPSLA 2014). */
static double next(uint64_t *seed)
{
    uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

static double normal(uint64_t *seed)
{
    return sqrt(-2 * log(1 - next(seed))) * cos(2 * 3.14159265358979 * next(seed));
}

static unsigned toggles(long was, long now)
{
    return (unsigned)__builtin_popcountl((unsigned long)(was ^ now));
}

/* Operations one after the other: what a lane toggles whose activation's register stays where the
 * activation is 0, and the sum, which sees the zeros. */
static void one_by_one(double *input, double *product, double *row, double *zeros,
                       const asx_grid *grid, const asx_operands *o, unsigned long n)
{
    uint64_t seed = 7;
    long w = 0, kept = 0, was[3] = {0};
    *input = *product = *row = *zeros = 0;
    for (unsigned long i = 0; i < n; i++) {
        if (i % o->hold == 0)
            w = asx_grid_nearest(
                grid, (int32_t)lround(fmax(-7, fmin(7, 7 * o->weight_sigma * normal(&seed)))));
        const bool inflated = next(&seed) < o->zero;
        const double spread = fabs(255 * o->activation_sigma * normal(&seed));
        const long x = inflated ? 0 : lround(fmin(255, spread));
        if (x > 0 || !o->gated)
            kept = x;
        const long now[3] = {kept, labs(w) * kept, w * x & 0xfff};
        *input += toggles(was[0], now[0]);
        *product += toggles(was[1], now[1]);
        *row += toggles(was[2], now[2]);
        *zeros += x == 0;
        memcpy(was, now, sizeof was);
    }
}

/* Gated or not, long held or not, as sequences of a million operations say: each to 2.5 %, of which
 * some tenths are the sequences' own, and no more than 1 % off on average. */
static void as_sequences(void **state)
{
    (void)state;
    enum { N = 1000000 };
    asx_error err;
    const asx_word weight = with_set(4, 3), activation = plain(8, true);
    asx_grid *grid = NULL;
    double bias = 0;
    CHECK_OK(asx_grid_new(&grid, &weight, &err), err);
    for (unsigned i = 0; i < 8; i++) {
        const asx_operands o = {.weight_sigma = .4,
                                .activation_sigma = i < 4 ? .2 : .125,
                                .zero = i < 4 ? .5 : .1,
                                .gated = i % 2 > 0,
                                .hold = i / 2 % 2 ? 8 : 1};
        const asx_activity a = activity_of(weight, activation, &o);
        double input, product, row, zeros;
        one_by_one(&input, &product, &row, &zeros, grid, &o, N);
        const double ratio[] = {a.input * N / input, a.product * N / product, a.row * N / row};
        for (unsigned k = 0; k < 3; k++) {
            near_to("toggles", ratio[k], 1, .025);
            bias += (ratio[k] - 1) / 24;
        }
        near_to("idle", a.idle, o.gated ? zeros / N : 0, .002);
    }
    print_message("bias: %+.2f %%\n", 100 * bias);
    near_to("bias", bias, 0, .01);
    asx_grid_free(grid);
}

/* Zeros, then quantiles that rise as a square. */
static long code_at(double u, double zero, const int16_t *quantile)
{
    const double at = (u - zero) / (1 - zero) * (ASX_OPERAND_KNOTS - 1);
    if (at <= 0)
        return 0;
    const int k = at < ASX_OPERAND_KNOTS - 1 ? (int)at : ASX_OPERAND_KNOTS - 2;
    return lround(quantile[k] + (at - k) * (quantile[k + 1] - quantile[k]));
}

/* A network's own operands, each activation as like the one before as its pixel's neighbour, as long as
 * a weight is held: on average 0.5 % off at most. */
static void as_pixels(void **state)
{
    (void)state;
    enum { N = 1000000 };
    int16_t x_quantile[ASX_OPERAND_KNOTS], w_quantile[ASX_OPERAND_KNOTS];
    double bias = 0;
    for (int k = 0; k < ASX_OPERAND_KNOTS; k++) {
        x_quantile[k] = (int16_t)(1 + 254 * k * k / 4096);
        w_quantile[k] = (int16_t)(k - 32 + (k > 32 ? (k - 32) * (k - 32) / 12 : 0));
    }
    for (int i = 0; i < 6; i++) {
        const asx_operands o = {.weight_quantile = w_quantile,
                                .activation_quantile = x_quantile,
                                .weight_number = 1,
                                .activation_number = 2,
                                .zero = .2 * (i / 2),
                                .likeness = i % 2 ? .8 : .4,
                                .hold = 8};
        const asx_activity a = activity_of(plain(8, false), plain(8, true), &o);
        const double r = o.likeness;
        uint64_t seed = 11;
        long w = 0, was[3] = {0};
        double z = 0, sum[3] = {0};
        for (unsigned long n = 0; n < N; n++) {
            const double fresh = normal(&seed);
            z = n % o.hold ? r * z + sqrt(1 - r * r) * fresh : fresh;
            if (n % o.hold == 0)
                w = code_at(next(&seed), 0, w_quantile);
            const long x = code_at(erfc(-z / sqrt(2)) / 2, o.zero, x_quantile);
            const long now[3] = {x, labs(w) * x, w * x & 0xffff};
            for (int k = 0; k < 3; k++)
                sum[k] += toggles(was[k], now[k]);
            memcpy(was, now, sizeof was);
        }
        const double ratio[] = {a.input * N / sum[0], a.product * N / sum[1], a.row * N / sum[2]};
        for (int k = 0; k < 3; k++) {
            near_to("toggles", ratio[k], 1, .012);
            bias += (ratio[k] - 1) / 18;
        }
    }
    print_message("bias: %+.2f %%\n", 100 * bias);
    near_to("bias", bias, 0, .005);
}

/* Bits that come one at a time are quiet anyway. */
static void not_gated(void **state)
{
    (void)state;
    asx_error err;
    const asx_word weight = plain(8, false), activation = plain(8, true);
    const asx_schedule bits = {.order = ASX_PASSES_WEIGHT_BITS, .rows = 16};
    asx_operands o = {.weight_sigma = .3, .activation_sigma = .2, .zero = .5, .hold = 8};
    asx_activity with, without;
    CHECK_OK(asx_activity_init(&without, &weight, &activation, &o, &bits, &err), err);
    o.gated = true;
    CHECK_OK(asx_activity_init(&with, &weight, &activation, &o, &bits, &err), err);
    assert_memory_equal(&with, &without, sizeof with);
}

static void refusals(void **state)
{
    (void)state;
    asx_error err;
    asx_activity out = {.input = 7};
    asx_word good = plain(8, true), bad = plain(1, false);
    CHECK_FAIL(asx_activity_init(&out, &bad, &good, &asx_operands_nn, NULL, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_activity_init(&out, &good, &bad, &asx_operands_nn, NULL, &err), ASX_EINVAL, err);
    assert_true(out.input == 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(uniform),   cmocka_unit_test(change),    cmocka_unit_test(hold),
        cmocka_unit_test(zeros),     cmocka_unit_test(twin),      cmocka_unit_test(as_sequences),
        cmocka_unit_test(as_pixels), cmocka_unit_test(not_gated), cmocka_unit_test(refusals)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
