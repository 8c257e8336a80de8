/* The exact solver with three objectives against enumeration of all designs. */
#include <math.h>

#include "check.h"
#include "dse/pareto.h"
#include "dse/seed.h"
#include "search/exact.h"

enum { D = 3, LAYERS = 4, CHOICES = 7, ALL = 2401 };

static double table[LAYERS][CHOICES * D];
static asx_exact_layer layers[LAYERS];
static double all[ALL * D];
static size_t n_all;

/* Kinds: uniform; a grid, full of ties; opposed and scaled; with negative values. */
static asx_exact_problem make(unsigned kind, uint64_t seed)
{
    n_all = 1;
    for (size_t l = 0; l < LAYERS; l++) {
        size_t n = 1 + (seed + 3 * l) % CHOICES;
        for (size_t i = 0; i < n * D; i++) {
            const double u = asx_seed_uniform(seed, l, i);
            table[l][i] = kind == 1 ? floor(4 * u) : kind == 3 ? u - 0.5 : u * (double)(1 + l);
            if (kind == 2 && i % D == 2)
                table[l][i] = 1e6 / (0.1 + table[l][i - 1] + u / 50);
        }
        layers[l] = (asx_exact_layer){table[l], n};
        n_all *= n;
    }
    for (size_t k = 0; k < n_all; k++) {
        size_t rest = k;
        for (size_t j = 0; j < D; j++)
            all[k * D + j] = 0;
        for (size_t l = 0; l < LAYERS; rest /= layers[l++].n_choices)
            for (size_t j = 0; j < D; j++)
                all[k * D + j] += table[l][rest % layers[l].n_choices * D + j];
    }
    return (asx_exact_problem){.layer = layers, .n_layers = LAYERS, .n_objectives = D};
}

static bool keeps(const double *v, const double *limit)
{
    for (size_t j = 0; limit && j < D; j++)
        if (v[j] > limit[j])
            return false;
    return true;
}

/* Every row is what its design costs, keeps the limits, and none dominates another. */
static void check_rows(const asx_exact_front *f, const double *limit)
{
    for (size_t i = 0; i < f->n; i++) {
        double sum[D] = {0};
        for (size_t l = 0; l < LAYERS; l++)
            for (size_t j = 0; j < D; j++)
                sum[j] += table[l][f->choice[i * LAYERS + l] * D + j];
        for (size_t j = 0; j < D; j++)
            assert_true(sum[j] == f->value[i * D + j]);
        assert_true(keeps(f->value + i * D, limit));
        assert_true(i == 0 || f->value[(i - 1) * D] <= f->value[i * D]);
        for (size_t k = 0; k < f->n; k++)
            assert_false(asx_pareto_dominates(f->value + k * D, f->value + i * D, D));
    }
}

/* For every feasible design some row has no more of the first objective and at most `factor` times
 * the others. */
static void check_cover(const asx_exact_front *f, const double *limit, double factor)
{
    for (size_t k = 0; k < n_all; k++) {
        const double *v = all + k * D;
        bool covered = !keeps(v, limit);
        for (size_t i = 0; i < f->n && !covered; i++) {
            const double *r = f->value + i * D;
            covered = r[0] <= v[0] && r[1] <= fmax(v[1], v[1] * factor) &&
                      r[2] <= fmax(v[2], v[2] * factor);
        }
        assert_true(covered);
    }
}

static void equals_enumeration(void **state)
{
    (void)state;
    asx_error err;
    size_t points = 0, cut = 0;
    for (unsigned kind = 0; kind < 4; kind++)
        for (uint64_t seed = 0; seed < 14; seed++) {
            asx_exact_problem p = make(kind, seed);
            asx_exact_front f;
            CHECK_OK(asx_exact_solve(&f, &p, &err), err);
            assert_true(f.factor == 1 && f.n > 0);
            check_rows(&f, NULL);
            check_cover(&f, NULL, 1);
            points += f.n;
            /* exactly the values of some row: it must survive */
            const size_t i = f.n / 3;
            double limit[D] = {f.value[i * D], f.value[i * D + 1], f.value[i * D + 2]};
            limit[seed % 3] = INFINITY;
            const size_t n = f.n;
            asx_exact_front_fini(&f);
            p.limit = limit;
            CHECK_OK(asx_exact_solve(&f, &p, &err), err);
            assert_true(f.n > 0);
            check_rows(&f, limit);
            check_cover(&f, limit, 1);
            cut += f.n < n;
            asx_exact_front_fini(&f);
            limit[0] = -1e9;
            CHECK_OK(asx_exact_solve(&f, &p, &err), err);
            assert_int_equal(f.n, 0);
            asx_exact_front_fini(&f);
        }
    assert_true(points > 1000 && cut > 20);
}

static void epsilon_keeps_its_promise(void **state)
{
    (void)state;
    asx_error err;
    size_t shorter = 0;
    static const double epsilons[] = {1e-6, 0.01, 0.1, 1};
    for (unsigned kind = 0; kind < 3; kind++)
        for (uint64_t seed = 0; seed < 8; seed++)
            for (size_t e = 0; e < 4; e++) {
                asx_exact_problem p = make(kind, seed);
                asx_exact_front exact, f;
                CHECK_OK(asx_exact_solve(&exact, &p, &err), err);
                double limit[D] = {INFINITY, exact.value[exact.n / 2 * D + 1], INFINITY};
                p.epsilon = epsilons[e];
                p.limit = seed % 2 ? limit : NULL;
                CHECK_OK(asx_exact_solve(&f, &p, &err), err);
                assert_true(f.factor >= 1 && f.factor <= (1 + p.epsilon) * (1 + 1e-12));
                check_rows(&f, p.limit);
                check_cover(&f, p.limit, f.factor * (1 + 1e-12));
                shorter += f.n < exact.n;
                asx_exact_front_fini(&f);
                asx_exact_front_fini(&exact);
            }
    assert_true(shorter > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equals_enumeration),
        cmocka_unit_test(epsilon_keeps_its_promise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
