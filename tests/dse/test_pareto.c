/* Fronts and ranks against the definition, hypervolume against counting unit cells. */
#include <math.h>
#include <string.h>

#include "check.h"
#include "dse/pareto.h"
#include "dse/seed.h"

enum { N_MAX = 240, D_MAX = 5 };

/* The definition of "beats", written out. */
static bool beats(const double *a, double va, const double *b, double vb, size_t d)
{
    if (va < vb)
        return true;
    if (va > vb)
        return false;
    size_t le = 0, lt = 0;
    for (size_t j = 0; j < d; j++) {
        le += a[j] <= b[j];
        lt += a[j] < b[j];
    }
    return le == d && lt > 0;
}

/* Ranks by peeling, O(n^3). */
static void peel(size_t *rank, const double *row, const double *violation, size_t n, size_t d)
{
    size_t left = n;
    for (size_t i = 0; i < n; i++)
        rank[i] = SIZE_MAX;
    for (size_t r = 0; left > 0; r++) {
        bool front[N_MAX];
        for (size_t i = 0; i < n; i++) {
            front[i] = rank[i] == SIZE_MAX;
            for (size_t k = 0; k < n && front[i]; k++)
                if (rank[k] == SIZE_MAX && beats(row + k * d, violation ? violation[k] : 0,
                                                 row + i * d, violation ? violation[i] : 0, d))
                    front[i] = false;
        }
        for (size_t i = 0; i < n; i++)
            if (front[i]) {
                rank[i] = r;
                left--;
            }
    }
}

static void compare(const double *row, const double *violation, size_t n, size_t d)
{
    asx_error err;
    size_t want[N_MAX], rank[N_MAX], index[N_MAX], n_index, k = 0;
    peel(want, row, violation, n, d);
    CHECK_OK(asx_pareto_ranks(rank, row, violation, n, d, &err), err);
    CHECK_OK(asx_pareto_front(index, &n_index, row, violation, n, d, &err), err);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(rank[i], want[i]);
        if (want[i] > 0)
            continue;
        assert_true(k < n_index);
        assert_int_equal(index[k++], i);
    }
    assert_int_equal(k, n_index);
}

/* Kinds: uniform; few distinct values; on a plane (all on the front); a chain (all ranks); one
 * value in all but one dimension; all equal; a flat dimension. */
enum { N_KINDS = 7 };

static void fill(double *row, size_t n, size_t d, unsigned kind, uint64_t seed)
{
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        for (size_t j = 0; j < d; j++) {
            double u = asx_seed_uniform(seed, i, j), *x = &row[i * d + j];
            switch (kind) {
            case 0:
                *x = u - 0.5;
                break;
            case 1:
                *x = floor(4 * u);
                break;
            case 2:
                *x = j + 1 < d ? floor(64 * u) : 64.0 * (double)d - sum;
                break;
            case 3:
                *x = (double)((i * 7919) % n);
                break;
            case 4:
                *x = j == seed % d ? floor(9 * u) : 3;
                break;
            case 5:
                *x = 1e300;
                break;
            default:
                *x = j == 0 ? -0.0 : floor(16 * u) * 1e-300;
            }
            sum += *x;
        }
    }
}

static void agrees_with_the_definition(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 2, 3, 65, N_MAX};
    double row[N_MAX * D_MAX], violation[N_MAX];
    for (size_t d = 1; d <= D_MAX; d++)
        for (unsigned kind = 0; kind < N_KINDS; kind++)
            for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
                size_t n = sizes[s];
                fill(row, n, d, kind, d * 100 + s);
                compare(row, NULL, n, d);
                for (size_t i = 0; i < n; i++)
                    violation[i] = floor(4 * asx_seed_uniform(9, i, s)) + (kind == 1);
                compare(row, violation, n, d);
            }
}

/* Beyond one word of the bitmaps, against a front that is known: x + y + z = const, and copies
 * moved up in one coordinate. */
static void large_fronts_are_found(void **state)
{
    (void)state;
    enum { SIDE = 90, N = 2 * SIDE * SIDE };
    asx_error err;
    double *row = malloc(3 * N * sizeof *row);
    size_t *index = malloc(N * sizeof *index), n_index;
    assert_non_null(row);
    assert_non_null(index);
    for (size_t i = 0; i < N; i++) {
        size_t k = i / 2 * 4409 % (SIDE * SIDE);
        row[3 * i] = (double)(k / SIDE);
        row[3 * i + 1] = (double)(k % SIDE);
        row[3 * i + 2] = 1000 - row[3 * i] - row[3 * i + 1] + (i % 2 ? 0.5 : 0);
    }
    CHECK_OK(asx_pareto_front(index, &n_index, row, NULL, N, 3, &err), err);
    assert_int_equal(n_index, N / 2);
    for (size_t i = 0; i < n_index; i++)
        assert_int_equal(index[i], 2 * i);
    free(row);
    free(index);
}

/* Integer points: the volume is the number of unit cells that some point dominates. */
static double count_cells(const double *row, size_t n, size_t d, const double *reference, int side)
{
    size_t cells = 0, total = 1;
    for (size_t j = 0; j < d; j++)
        total *= (size_t)side;
    for (size_t c = 0; c < total; c++) {
        size_t w = (size_t)side;
        double cell[3] = {(double)(c % w), (double)(c / w % w), (double)(c / w / w)};
        bool inside = true, covered = false;
        for (size_t j = 0; j < d; j++)
            inside &= cell[j] < reference[j];
        for (size_t i = 0; inside && !covered && i < n; i++) {
            covered = true;
            for (size_t j = 0; j < d; j++)
                covered &= row[i * d + j] <= cell[j];
        }
        cells += covered;
    }
    return (double)cells;
}

static void hypervolume_counts_cells(void **state)
{
    (void)state;
    asx_error err;
    double row[60 * 3];
    const double reference[3] = {13, 15, 11};
    for (size_t d = 1; d <= 3; d++)
        for (uint64_t seed = 0; seed < 20; seed++)
            for (size_t n = 0; n <= 60; n = 2 * n + 1) {
                for (size_t i = 0; i < n * d; i++)
                    row[i] = (double)asx_seed_below(seed, i, d, 16);
                double volume = -1;
                CHECK_OK(asx_pareto_hypervolume(&volume, row, n, d, reference, &err), err);
                assert_true(volume == count_cells(row, n, d, reference, 16));
            }
}

static void hypervolume_of_fractions(void **state)
{
    (void)state;
    asx_error err;
    /* by inclusion and exclusion: 0.5 0.9 + 0.8 0.4 - 0.5 0.4 */
    const double two[] = {0.5, 0.1, 0.2, 0.6}, one[] = {1, 1, 1};
    double volume;
    CHECK_OK(asx_pareto_hypervolume(&volume, two, 2, 2, one, &err), err);
    assert_true(fabs(volume - 0.57) < 1e-15);
    const double three[] = {0.5, 0.1, 0.25, 0.2, 0.6, 0.5};
    CHECK_OK(asx_pareto_hypervolume(&volume, three, 2, 3, one, &err), err);
    assert_true(fabs(volume - (0.45 * 0.75 + 0.32 * 0.5 - 0.2 * 0.5)) < 1e-15);
}

static void rejects_bad_input(void **state)
{
    (void)state;
    asx_error err;
    size_t index[2] = {7, 7}, n = 7;
    double volume = 7;
    const double good[] = {1, 2, 3, 4}, nan[] = {1, 2, NAN, 4}, inf[] = {1, -INFINITY};
    const double negative[] = {0, -1}, not_a_number[] = {0, NAN};
    CHECK_FAIL(asx_pareto_front(index, &n, good, NULL, 2, 0, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_pareto_front(index, &n, good, NULL, 2, 17, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_pareto_front(index, &n, nan, NULL, 2, 2, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_pareto_front(index, &n, good, negative, 2, 2, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_pareto_front(index, &n, good, not_a_number, 2, 2, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_pareto_ranks(index, nan, NULL, 2, 2, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_pareto_hypervolume(&volume, good, 1, 9, good, &err), ASX_EUNSUPPORTED, err);
    CHECK_FAIL(asx_pareto_hypervolume(&volume, good, 1, 0, good, &err), ASX_EUNSUPPORTED, err);
    CHECK_FAIL(asx_pareto_hypervolume(&volume, nan, 2, 2, good, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_pareto_hypervolume(&volume, good, 2, 2, inf, &err), ASX_EINVAL, err);
    assert_int_equal(index[0], 7);
    assert_int_equal(index[1], 7);
    assert_int_equal(n, 7);
    assert_true(volume == 7);
    CHECK_OK(asx_pareto_front(index, &n, good, NULL, 0, 2, &err), err);
    assert_int_equal(n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_the_definition), cmocka_unit_test(large_fronts_are_found),
        cmocka_unit_test(hypervolume_counts_cells),   cmocka_unit_test(hypervolume_of_fractions),
        cmocka_unit_test(rejects_bad_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
