/* The exact solver against enumeration of all designs, and against the reference tables. */
#include <math.h>
#include <string.h>

#include "check.h"
#include "dse/pareto.h"
#include "dse/seed.h"
#include "search/exact.h"

enum { LAYERS = 5, CHOICES = 7, ALL = 16807 };

static double table[LAYERS][CHOICES * 2];
static asx_exact_layer layers[LAYERS];
static double all[ALL * 2];
static size_t n_all;

/* Kinds: uniform; a grid, full of ties; opposed and scaled; with negative values. */
static asx_exact_problem make(unsigned kind, uint64_t seed)
{
    n_all = 1;
    for (size_t l = 0; l < LAYERS; l++) {
        size_t n = 1 + (seed + 3 * l) % CHOICES;
        for (size_t i = 0; i < n; i++) {
            double u = asx_seed_uniform(seed, l, 2 * i), v = asx_seed_uniform(seed, l, 2 * i + 1);
            table[l][2 * i] = kind == 1 ? floor(5 * u) : u * (double)(1 + l);
            table[l][2 * i + 1] = kind == 1   ? floor(5 * v)
                                  : kind == 2 ? 1e6 / (u + 0.1 + v / 50)
                                              : v;
            if (kind == 3)
                table[l][2 * i + 1] -= 0.5;
        }
        layers[l] = (asx_exact_layer){table[l], n};
        n_all *= n;
    }
    for (size_t k = 0; k < n_all; k++) {
        size_t rest = k;
        all[2 * k] = all[2 * k + 1] = 0;
        for (size_t l = 0; l < LAYERS; rest /= layers[l++].n_choices) {
            const double *value = table[l] + rest % layers[l].n_choices * 2;
            all[2 * k] += value[0];
            all[2 * k + 1] += value[1];
        }
    }
    return (asx_exact_problem){.layer = layers, .n_layers = LAYERS, .n_objectives = 2};
}

static bool keeps(const double *v, const double *limit)
{
    return !limit || (v[0] <= limit[0] && v[1] <= limit[1]);
}

/* Every row is what its design costs, keeps the limits, and the rows are a front in order. */
static void check_rows(const asx_exact_front *f, const double *limit)
{
    assert_int_equal(f->n_layers, LAYERS);
    for (size_t i = 0; i < f->n; i++) {
        double sum[2] = {0, 0};
        const double *v = f->value + 2 * i;
        for (size_t l = 0; l < LAYERS; l++) {
            size_t c = f->choice[i * LAYERS + l];
            assert_true(c < layers[l].n_choices);
            sum[0] += table[l][2 * c];
            sum[1] += table[l][2 * c + 1];
        }
        assert_true(sum[0] == v[0] && sum[1] == v[1]);
        assert_true(keeps(v, limit));
        assert_true(i == 0 || (v[-2] < v[0] && v[-1] > v[1]));
    }
}

/* For every feasible design some row is at most `factor` times as large. */
static size_t count_uncovered(const asx_exact_front *f, const double *limit, double factor)
{
    size_t uncovered = 0;
    for (size_t k = 0; k < n_all; k++) {
        bool covered = !keeps(all + 2 * k, limit);
        for (size_t i = 0; i < f->n && !covered; i++)
            covered = f->value[2 * i] <= factor * all[2 * k] &&
                      f->value[2 * i + 1] <= factor * all[2 * k + 1];
        uncovered += !covered;
    }
    return uncovered;
}

/* Covering everything without a factor, every row being some design: that is the true front. */
static void equals_enumeration(void **state)
{
    (void)state;
    asx_error err;
    for (unsigned kind = 0; kind < 4; kind++)
        for (uint64_t seed = 0; seed < 12; seed++) {
            asx_exact_problem p = make(kind, seed);
            asx_exact_front f;
            CHECK_OK(asx_exact_solve(&f, &p, &err), err);
            assert_true(f.factor == 1);
            check_rows(&f, NULL);
            assert_true(f.n > 0 && f.peak >= f.n);
            for (size_t k = 0; k < n_all; k++) {
                size_t low = 0, high = f.n; /* the last row with value 0 not larger covers it */
                while (low < high) {
                    size_t mid = (low + high) / 2;
                    if (f.value[2 * mid] <= all[2 * k])
                        low = mid + 1;
                    else
                        high = mid;
                }
                assert_true(low > 0 && f.value[2 * low - 1] <= all[2 * k + 1]);
            }
            asx_exact_front_fini(&f);
        }
}

static void limits_cut_soundly(void **state)
{
    (void)state;
    asx_error err;
    for (unsigned kind = 0; kind < 4; kind++)
        for (uint64_t seed = 0; seed < 8; seed++) {
            asx_exact_problem p = make(kind, seed);
            asx_exact_front whole, f;
            CHECK_OK(asx_exact_solve(&whole, &p, &err), err);
            /* exactly the values of a row: it must survive; every pair of rows spans a window */
            for (size_t i = 0; i < whole.n; i += 1 + whole.n / 9) {
                size_t k = i / 2;
                double limit[2] = {whole.value[2 * i], whole.value[2 * k + 1]};
                if (seed % 2)
                    limit[seed / 2 % 2] = INFINITY;
                p.limit = limit;
                CHECK_OK(asx_exact_solve(&f, &p, &err), err);
                check_rows(&f, limit);
                size_t want = 0;
                for (size_t r = 0; r < whole.n; r++)
                    if (keeps(whole.value + 2 * r, limit)) {
                        assert_memory_equal(whole.value + 2 * r, f.value + 2 * want,
                                            2 * sizeof(double));
                        want++;
                    }
                assert_true(want > 0);
                assert_int_equal(f.n, want);
                asx_exact_front_fini(&f);
            }
            double nothing[2] = {-1e9, INFINITY};
            p.limit = nothing;
            CHECK_OK(asx_exact_solve(&f, &p, &err), err);
            assert_int_equal(f.n, 0);
            asx_exact_front_fini(&f);
            asx_exact_front_fini(&whole);
        }
}

static void epsilon_keeps_its_promise(void **state)
{
    (void)state;
    asx_error err;
    static const double epsilons[] = {1e-6, 0.01, 0.1, 1};
    size_t shorter = 0;
    for (unsigned kind = 0; kind < 3; kind++)
        for (uint64_t seed = 0; seed < 5; seed++)
            for (size_t e = 0; e < 4; e++)
                for (int limited = 0; limited < 2; limited++) {
                    asx_exact_problem p = make(kind, seed);
                    asx_exact_front exact, f;
                    CHECK_OK(asx_exact_solve(&exact, &p, &err), err);
                    double limit[2] = {exact.value[exact.n / 2 * 2], INFINITY};
                    p.epsilon = epsilons[e];
                    p.limit = limited ? limit : NULL;
                    CHECK_OK(asx_exact_solve(&f, &p, &err), err);
                    check_rows(&f, p.limit);
                    assert_true(f.factor >= 1 && f.factor <= (1 + p.epsilon) * (1 + 1e-12));
                    assert_int_equal(count_uncovered(&f, p.limit, f.factor * (1 + 1e-12)), 0);
                    shorter += f.n < exact.n;
                    asx_exact_front_fini(&f);
                    asx_exact_front_fini(&exact);
                }
    assert_true(shorter > 30);
}

static void bad_problems_are_refused(void **state)
{
    (void)state;
    asx_error err;
    asx_exact_front f = {.n = 77};
    asx_exact_problem p = make(0, 1), bad = p;
    bad.n_layers = 0;
    CHECK_FAIL(asx_exact_solve(&f, &bad, &err), ASX_EINVAL, err);
    bad = p;
    bad.n_objectives = 4;
    CHECK_FAIL(asx_exact_solve(&f, &bad, &err), ASX_EUNSUPPORTED, err);
    for (int i = 0; i < 3; i++) {
        bad = p;
        bad.epsilon = (double[]){-0.1, 1.1, NAN}[i];
        CHECK_FAIL(asx_exact_solve(&f, &bad, &err), ASX_EINVAL, err);
    }
    bad = p;
    bad.limit = (double[]){NAN, 1};
    CHECK_FAIL(asx_exact_solve(&f, &bad, &err), ASX_EINVAL, err);
    layers[2].n_choices = 0;
    CHECK_FAIL(asx_exact_solve(&f, &p, &err), ASX_EINVAL, err);
    layers[2].n_choices = 65536;
    CHECK_FAIL(asx_exact_solve(&f, &p, &err), ASX_EINVAL, err);
    p = make(0, 1);
    table[1][1] = INFINITY;
    CHECK_FAIL(asx_exact_solve(&f, &p, &err), ASX_EINVAL, err);
    p = make(3, 1);
    p.epsilon = 0.1;
    table[0][1] = -1;
    CHECK_FAIL(asx_exact_solve(&f, &p, &err), ASX_EINVAL, err);
    assert_int_equal(f.n, 77);
    asx_exact_front_fini(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equals_enumeration),
        cmocka_unit_test(limits_cut_soundly),
        cmocka_unit_test(epsilon_keeps_its_promise),
        cmocka_unit_test(bad_problems_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
