/* Taking out rows by contribution, against the hypervolume of what is left by every choice. */
#include "contribution.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "dse/pareto.h"
#include "dse/seed.h"

enum { ROWS = 9, DIMS_MAX = 4 };

/* Hypervolume of all rows but one, in units of the extent, up to 1 above the largest values. */
static double volume_without(const double *row, size_t n, size_t d, size_t without)
{
    double scaled[ROWS * DIMS_MAX], reference[DIMS_MAX], volume = 0;
    asx_error err;
    size_t m = 0;
    for (size_t j = 0; j < d; j++)
        reference[j] = 2;
    for (size_t i = 0; i < n; i++) {
        if (i == without)
            continue;
        memcpy(scaled + d * m++, row + d * i, d * sizeof *row);
    }
    CHECK_OK(asx_pareto_hypervolume(&volume, scaled, m, d, reference, &err), err);
    return volume;
}

/* Rows of a front with extent [0, 1] in every objective: corners, and points on a sphere below them. */
static void make_front(double *row, size_t d, uint64_t seed)
{
    for (size_t i = 0; i < ROWS; i++) {
        double square = 0;
        for (size_t j = 0; j < d; j++) {
            row[i * d + j] = i < d ? i != j : 0.05 + asx_seed_uniform(seed, i, j);
            square += row[i * d + j] * row[i * d + j];
        }
        for (size_t j = 0; i >= d && j < d; j++)
            row[i * d + j] *= 0.9 / sqrt(square);
    }
}

static void the_least_goes(void **state)
{
    (void)state;
    asx_error err;
    for (size_t d = 2; d <= DIMS_MAX; d++)
        for (uint64_t seed = 0; seed < 20; seed++) {
            double row[(ROWS + 2) * DIMS_MAX];
            size_t front[ROWS], worst = 0;
            double most = -1;
            make_front(row + 2 * d, d, seed); /* not at the array's beginning */
            for (size_t i = 0; i < ROWS; i++) {
                if (d == 2 && i < 2) { /* the ends */
                    front[i] = i + 2;
                    continue;
                }
                const double left = volume_without(row + 2 * d, ROWS, d, i);
                front[i] = i + 2;
                if (left > most + 1e-12) {
                    most = left;
                    worst = i;
                }
            }
            CHECK_OK(asx_contribution_prune(front, ROWS, ROWS - 1, row, d, &err), err);
            for (size_t i = 0; i + 1 < ROWS; i++)
                assert_int_equal(front[i], 2 + i + (i >= worst));
        }
}

/* Equal rows contribute nothing; the later one goes, and the ends of two objectives stay to the last. */
static void equals_and_ends(void **state)
{
    (void)state;
    asx_error err;
    static const double row[] = {0, 5, 3, 1, 1, 3, 3, 1, 5, 0, 2, 2};
    size_t front[] = {0, 1, 2, 3, 4, 5};
    CHECK_OK(asx_contribution_prune(front, 6, 5, row, 2, &err), err);
    const size_t without_3[] = {0, 1, 2, 4, 5};
    assert_memory_equal(front, without_3, sizeof without_3);
    CHECK_OK(asx_contribution_prune(front, 5, 2, row, 2, &err), err);
    assert_int_equal(front[0], 0);
    assert_int_equal(front[1], 4);
    CHECK_OK(asx_contribution_prune(front, 2, 2, row, 2, &err), err);
    static const double same[] = {1, 1, 1, 1, 1, 1};
    size_t all[] = {0, 1, 2};
    CHECK_OK(asx_contribution_prune(all, 3, 1, same, 2, &err), err);
    assert_int_equal(all[0], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_least_goes),
        cmocka_unit_test(equals_and_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
