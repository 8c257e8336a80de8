/* NSGA-II on real numbers: standard problems whose fronts are known, constraints, refusals. */
#include <math.h>
#include <string.h>

#include "check.h"
#include "dse/pareto.h"
#include "real.h"

enum { N = 30 };

static const double zero[N], one[N] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                       1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};

/* ZDT1: the front is y = 1 - sqrt(x), where all variables but the first are 0. */
static double zdt1(double *f, const double *x, const void *state)
{
    const size_t *n = state;
    double g = 1;
    for (size_t i = 1; i < *n; i++) {
        assert_true(x[i] >= 0 && x[i] <= 1);
        g += 9 * x[i] / (double)(*n - 1);
    }
    f[0] = x[0];
    f[1] = g * (1 - sqrt(x[0] / g));
    return 0;
}

static double volume_of(const asx_real_result *r, const size_t *index, size_t n)
{
    asx_error err;
    const double reference[] = {1.1, 1.1};
    double volume, *row = calloc(n, 2 * sizeof *row);
    assert_non_null(row);
    for (size_t i = 0; i < n; i++)
        memcpy(row + 2 * i, r->objective + 2 * index[i], 2 * sizeof *row);
    CHECK_OK(asx_pareto_hypervolume(&volume, row, n, 2, reference, &err), err);
    free(row);
    return volume;
}

/* The whole front has 0.87667; a hundred points of it 0.872 at most. */
static void finds_the_front_of_zdt1(void **state)
{
    (void)state;
    asx_error err;
    const size_t n = N;
    const asx_real_problem problem = {N, 2, zero, one, zdt1, &n};
    asx_real_options options = ASX_REAL_OPTIONS_DEFAULT;
    asx_real_result a = {0}, b = {0};
    CHECK_OK(asx_real_search(&a, &problem, &options, &err), err);
    CHECK_OK(asx_real_search(&b, &problem, &options, &err), err);
    assert_int_equal(a.n, 25000);
    assert_int_equal(a.n_population, 100);
    assert_memory_equal(a.x, b.x, a.n * N * sizeof *a.x);
    const double last = volume_of(&a, a.population, a.n_population);
    const double all = volume_of(&a, a.front, a.n_front);
    assert_true(last > 0.8696 && last < all && all < 0.87667);
    asx_real_result_fini(&b);
    options.seed = 2;
    options.evaluations = 1234; /* not a multiple of the population */
    CHECK_OK(asx_real_search(&b, &problem, &options, &err), err);
    assert_int_equal(b.n, 1234);
    assert_true(memcmp(a.x, b.x, 1234 * N * sizeof *a.x) != 0);
    asx_real_result_fini(&a);
    asx_real_result_fini(&b);
}

/* BNH: Binh and Korn, MENDEL 1997. */
static double bnh(double *f, const double *x, const void *state)
{
    (void)state;
    const double a = 5 * x[0], b = 3 * x[1];
    f[0] = 4 * a * a + 4 * b * b;
    f[1] = (a - 5) * (a - 5) + (b - 5) * (b - 5);
    return fmax(0, (a - 5) * (a - 5) + b * b - 25) +
           fmax(0, 7.7 - (a - 8) * (a - 8) - (b + 3) * (b + 3));
}

static double never(double *f, const double *x, const void *state)
{
    (void)state;
    f[0] = x[0];
    f[1] = -x[0];
    return 1 + fabs(x[0] - 0.25);
}

static void constraints_come_first(void **state)
{
    (void)state;
    asx_error err;
    asx_real_problem problem = {2, 2, zero, one, bnh, NULL};
    asx_real_options options = ASX_REAL_OPTIONS_DEFAULT;
    options.evaluations = 4000;
    asx_real_result r = {0};
    CHECK_OK(asx_real_search(&r, &problem, &options, &err), err);
    assert_true(r.n_front > 100);
    for (size_t i = 0; i < r.n_front; i++)
        assert_true(r.violation[r.front[i]] <= 0);
    asx_real_result_fini(&r);
    problem.evaluate = never;
    CHECK_OK(asx_real_search(&r, &problem, &options, &err), err);
    assert_true(r.n_front > 0);
    assert_true(r.violation[r.front[0]] < 1.001);
    asx_real_result_fini(&r);
}

static double infinite(double *f, const double *x, const void *state)
{
    (void)state;
    f[0] = x[0];
    f[1] = INFINITY;
    return 0;
}

static void bad_problems_are_refused(void **state)
{
    (void)state;
    asx_error err;
    const asx_real_problem good = {2, 2, zero, one, bnh, NULL};
    const asx_real_options usual = ASX_REAL_OPTIONS_DEFAULT;
    asx_real_problem p = good;
    asx_real_options o = usual;
    asx_real_result r = {.n = 7};
    p.high = zero;
    CHECK_FAIL(asx_real_search(&r, &p, &o, &err), ASX_EINVAL, err);
    p = good;
    p.n_objectives = 0;
    CHECK_FAIL(asx_real_search(&r, &p, &o, &err), ASX_EINVAL, err);
    p = good;
    p.evaluate = infinite;
    CHECK_FAIL(asx_real_search(&r, &p, &o, &err), ASX_EINVAL, err);
    o.population = 3;
    CHECK_FAIL(asx_real_search(&r, &good, &o, &err), ASX_EINVAL, err);
    o = usual;
    o.children = 101;
    CHECK_FAIL(asx_real_search(&r, &good, &o, &err), ASX_EINVAL, err);
    o = usual;
    o.crossover = NAN;
    CHECK_FAIL(asx_real_search(&r, &good, &o, &err), ASX_EINVAL, err);
    assert_int_equal(r.n, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_front_of_zdt1),
        cmocka_unit_test(constraints_come_first),
        cmocka_unit_test(bad_problems_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
