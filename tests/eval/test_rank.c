/* Rank correlations: against hand-counted ties, exhaustively on permutations by
 * counting inversions, and every error. */
#include <math.h>
#include <stdbool.h>

#include "check.h"
#include "eval/rank.h"

static void ties(void **state)
{
    (void)state;
    /* ties, by hand: of 6 pairs 3 agree, 1 disagrees, one is tied in x, one in y */
    const double x[] = {1, 1, 2, 3}, y[] = {1, 2, 4, 2};
    assert_true(fabs(asx_rank_tau(x, y, 4) - 2 / sqrt(5 * 5)) < 1e-12);
    const double flat[] = {3, 3, 3, 3};
    assert_true(asx_rank_tau(x, flat, 4) == 0);
}

/* All orders of five: tau = 1 - 4 inversions / (n (n - 1)); rho = 1 - 6 sum d^2 / (n (n^2 - 1)). */
static void permutations(void **state)
{
    (void)state;
    enum { N = 5 };
    asx_error err;
    const double sorted[N] = {0, 1, 2, 3, 4};
    for (int code = 0; code < 3125; code++) {
        double p[N], inversions = 0, squares = 0;
        bool legal = true;
        for (int i = 0, rest = code; i < N; i++, rest /= N) {
            p[i] = rest % N;
            squares += (p[i] - i) * (p[i] - i);
            for (int j = 0; j < i; j++) {
                legal = legal && (p[j] < p[i] || p[j] > p[i]);
                inversions += p[j] > p[i];
            }
        }
        if (!legal)
            continue;
        asx_rank tau, rho;
        CHECK_OK(asx_rank_correlation(&tau, &rho, sorted, p, N, 1, &err), err);
        assert_true(fabs(tau.value - (1 - 4 * inversions / 20)) < 1e-12);
        assert_true(fabs(rho.value - (1 - 6 * squares / 120)) < 1e-12);
        assert_true(tau.low <= tau.high && rho.low <= rho.high);
    }
}

static void intervals(void **state)
{
    (void)state;
    enum { N = 60 };
    asx_error err;
    double x[N], y[N];
    asx_rank tau, again, few;
    for (int i = 0; i < N; i++) {
        x[i] = i;
        y[i] = i + 12 * sin(7.0 * i);
    }
    CHECK_OK(asx_rank_correlation(&tau, NULL, x, y, N, 1, &err), err);
    CHECK_OK(asx_rank_correlation(&again, NULL, x, y, N, 1, &err), err);
    CHECK_OK(asx_rank_correlation(&few, NULL, x, y, N / 4, 1, &err), err);
    assert_true(tau.low < tau.value && tau.value < tau.high && tau.high < 1);
    assert_true(tau.low == again.low && tau.high == again.high);
    assert_true(tau.high - tau.low < few.high - few.low); /* more pairs say more */
}

static void errors(void **state)
{
    (void)state;
    asx_error err;
    const double x[] = {1, 2};
    asx_rank tau = {9, 9, 9};
    CHECK_FAIL(asx_rank_correlation(&tau, NULL, x, x, 2, 1, &err), ASX_EINVAL, err);
    assert_true(tau.value > 8 && tau.low > 8 && tau.high > 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ties),
        cmocka_unit_test(permutations),
        cmocka_unit_test(intervals),
        cmocka_unit_test(errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
