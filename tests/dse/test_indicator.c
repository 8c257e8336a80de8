/* Indicators against their definitions, written with other means: hypervolume by inclusion and
 * exclusion over all subsets, and by counting the cells of a grid. */
#include <math.h>

#include "check.h"
#include "dse/indicator.h"
#include "dse/pareto.h"
#include "dse/seed.h"

enum { N = 11, D_MAX = 5 };

static double set[N * D_MAX], other[N * D_MAX];
static const double reference[D_MAX] = {1.1, 1.1, 1.1, 1.1, 1.1};

/* Kinds: random; a grid full of ties and duplicates; on a line; one value everywhere the same. */
static void fill(double *row, size_t d, unsigned kind, uint64_t seed)
{
    for (size_t i = 0; i < N; i++) {
        double t = asx_seed_uniform(seed, 99, i);
        for (size_t j = 0; j < d; j++) {
            double u = asx_seed_uniform(seed, j, i);
            row[i * d + j] = kind == 0   ? 1.2 * u
                             : kind == 1 ? floor(4 * u) / 4
                             : kind == 2 ? (j % 2 ? t : 1 - t)
                                         : (j == 0 ? 0.5 : u);
        }
    }
}

static double by_inclusion(size_t d)
{
    double sum = 0;
    for (unsigned subset = 1; subset < 1u << N; subset++) {
        double product = 1;
        int sign = -1;
        for (size_t j = 0; j < d; j++) {
            double most = -INFINITY;
            for (size_t i = 0; i < N; i++)
                if (subset >> i & 1)
                    most = fmax(most, set[i * d + j]);
            product *= fmax(0, reference[j] - most);
        }
        for (size_t i = 0; i < N; i++)
            if (subset >> i & 1)
                sign = -sign;
        sum += sign * product;
    }
    return sum;
}

static void hypervolume_by_inclusion(void **state)
{
    (void)state;
    asx_error err;
    for (size_t d = 1; d <= D_MAX; d++)
        for (unsigned kind = 0; kind < 4; kind++)
            for (uint64_t seed = 0; seed < 4; seed++) {
                double volume;
                fill(set, d, kind, seed);
                CHECK_OK(asx_pareto_hypervolume(&volume, set, N, d, reference, &err), err);
                assert_true(fabs(volume - by_inclusion(d)) < 1e-12);
            }
}

/* 60 rows with coordinates k / 8 in four and five dimensions: the dominated cells, counted. */
static void hypervolume_by_cells(void **state)
{
    (void)state;
    enum { ROWS = 60, SIDE = 8 };
    asx_error err;
    const double one[5] = {1, 1, 1, 1, 1};
    for (size_t d = 4; d <= 5; d++) {
        double row[ROWS * 5], volume;
        for (size_t i = 0; i < ROWS * d; i++)
            row[i] = (double)asx_seed_below(d, 5, i, SIDE) / SIDE;
        size_t cells = 1, dominated = 0;
        for (size_t j = 0; j < d; j++)
            cells *= SIDE;
        for (size_t c = 0; c < cells; c++) {
            bool found = false;
            for (size_t i = 0; i < ROWS && !found; i++) {
                size_t rest = c;
                found = true;
                for (size_t j = 0; j < d; j++, rest /= SIDE)
                    found &= row[i * d + j] * SIDE <= (double)(rest % SIDE);
            }
            dominated += found;
        }
        CHECK_OK(asx_pareto_hypervolume(&volume, row, ROWS, d, one, &err), err);
        assert_true(fabs(volume - (double)dominated / (double)cells) < 1e-12);
    }
}

/* Many rows: between neighbouring values of the last dimension the volume is that of the rows
 * below, in the other dimensions. */
static double by_slices(const double *row, size_t n, size_t d)
{
    enum { ROWS_MAX = 300 };
    static double below[ROWS_MAX * D_MAX];
    asx_error err;
    double sum = 0, low = -INFINITY;
    for (;;) {
        double next = INFINITY, volume = 0;
        size_t n_below = 0;
        for (size_t i = 0; i < n; i++) {
            const double last = row[i * d + d - 1];
            next = last > low && last < next ? last : next;
            for (size_t j = 0; last <= low && j + 1 < d; j++)
                below[n_below * (d - 1) + j] = row[i * d + j];
            n_below += last <= low;
        }
        next = fmin(next, reference[d - 1]);
        CHECK_OK(asx_pareto_hypervolume(&volume, below, n_below, d - 1, reference, &err), err);
        sum += n_below > 0 ? volume * (next - low) : 0;
        if (next >= reference[d - 1])
            return sum;
        low = next;
    }
}

/* Kinds: uniform; on a sphere; a coarse grid, with duplicates; on a line; on a line within a plane;
 * one dimension the same for all; on the edge of a sphere of two dimensions, the others falling. */
static void fill_many(double *row, size_t n, size_t d, unsigned kind)
{
    for (size_t i = 0; i < n; i++) {
        double square = 0, t = asx_seed_uniform(kind, 98, i);
        double *x = row + i * d;
        for (size_t j = 0; j < d; j++) {
            const double u = asx_seed_uniform(kind, j, i);
            x[j] = kind == 2   ? floor(6 * u) / 5
                   : kind == 3 ? (j % 2 ? t : 1 - t)
                   : kind == 4 ? (j == 0   ? t
                                  : j == 1 ? 1 - t
                                           : floor(4 * u) / 4)
                   : kind == 5 ? (j == n % d ? 0.25 : u)
                   : kind == 6 ? (j == 0   ? cos(t)
                                  : j == 1 ? sin(t)
                                           : floor(8 * t) / 8)
                               : u;
            square += u * u;
        }
        for (size_t j = 0; kind == 1 && j < d; j++)
            x[j] = 1 - x[j] / sqrt(square);
    }
}

static void hypervolume_by_slices(void **state)
{
    (void)state;
    asx_error err;
    static const size_t sizes[][2] = {{4, 1}, {4, 2}, {4, 33}, {4, 300}, {5, 40}};
    static double row[300 * D_MAX];
    for (unsigned kind = 0; kind < 7; kind++)
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            const size_t d = sizes[s][0], n = sizes[s][1];
            double volume;
            fill_many(row, n, d, kind);
            CHECK_OK(asx_pareto_hypervolume(&volume, row, n, d, reference, &err), err);
            const double want = by_slices(row, n, d);
            assert_true(fabs(volume - want) <= 1e-12 * want);
        }
}

/* Epsilon by bisection on its definition; IGD+ and coverage by plain loops. */
static void others_by_definition(void **state)
{
    (void)state;
    asx_error err;
    for (size_t d = 1; d <= D_MAX; d++)
        for (unsigned kind = 0; kind < 4; kind++) {
            double epsilon, igd, coverage, mean = 0, low = -2, high = 2;
            size_t covered = 0;
            fill(set, d, kind, 1);
            fill(other, d, kind == 1 ? 1 : 0, 2);
            for (int step = 0; step < 60; step++) {
                double mid = (low + high) / 2;
                bool all = true;
                for (size_t k = 0; k < N; k++) {
                    bool any = false;
                    for (size_t i = 0; i < N; i++) {
                        bool weak = true;
                        for (size_t j = 0; j < d; j++)
                            weak &= set[i * d + j] - mid <= other[k * d + j];
                        any |= weak;
                    }
                    all &= any;
                }
                *(all ? &high : &low) = mid;
            }
            for (size_t k = 0; k < N; k++) {
                double best = 1e9;
                bool any = false;
                for (size_t i = 0; i < N; i++) {
                    double square = 0;
                    bool weak = true;
                    for (size_t j = 0; j < d; j++) {
                        double over = set[i * d + j] - other[k * d + j];
                        weak &= over <= 0;
                        square += over > 0 ? over * over : 0;
                    }
                    any |= weak;
                    best = sqrt(square) < best ? sqrt(square) : best;
                }
                mean += best / N;
                covered += any;
            }
            CHECK_OK(asx_indicator_epsilon(&epsilon, set, N, other, N, d, &err), err);
            CHECK_OK(asx_indicator_igd_plus(&igd, set, N, other, N, d, &err), err);
            CHECK_OK(asx_indicator_coverage(&coverage, set, N, other, N, d, &err), err);
            assert_true(fabs(epsilon - high) < 1e-12);
            assert_true(fabs(igd - mean) < 1e-12);
            assert_true(fabs(coverage - (double)covered / N) < 1e-12);
        }
}

static void bad_sets_are_refused(void **state)
{
    (void)state;
    asx_error err;
    double out = 77, bad[] = {NAN, 1}, good[] = {1, 1};
    CHECK_FAIL(asx_indicator_epsilon(&out, good, 0, good, 1, 2, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_indicator_igd_plus(&out, good, 1, good, 0, 2, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_indicator_coverage(&out, good, 1, bad, 1, 2, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_indicator_epsilon(&out, bad, 1, good, 1, 2, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_indicator_epsilon(&out, good, 1, good, 1, 0, &err), ASX_EINVAL, err);
    assert_true(out == 77);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hypervolume_by_inclusion), cmocka_unit_test(hypervolume_by_cells),
        cmocka_unit_test(hypervolume_by_slices),    cmocka_unit_test(others_by_definition),
        cmocka_unit_test(bad_sets_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
