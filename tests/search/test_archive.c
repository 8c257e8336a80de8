/* The archive's running front against the filter over all rows. */
#include <math.h>
#include <string.h>

#include "check.h"
#include "dse/pareto.h"
#include "dse/seed.h"
#include "search/archive.h"

enum { N = 300, D_MAX = 5 };

static int by_objectives(const double *a, const double *b, size_t d)
{
    for (size_t j = 0; j < d; j++)
        if (a[j] != b[j])
            return a[j] < b[j] ? -1 : 1;
    return 0;
}

static void front_is_always_right(void **state)
{
    (void)state;
    asx_error err;
    for (size_t d = 1; d <= D_MAX; d++)
        for (uint64_t kind = 0; kind < 4; kind++) {
            asx_archive *archive;
            CHECK_OK(asx_archive_new(&archive, 2, d, &err), err);
            double row[N * D_MAX], violation[N];
            for (size_t i = 0; i < N; i++) {
                for (size_t j = 0; j < d; j++)
                    row[i * d + j] = (double)asx_seed_below(kind, i, j, kind % 2 ? 8 : 1000);
                violation[i] = kind < 2 ? 0 : (double)asx_seed_below(7, i, d, 4) + (i < 100);
                asx_gene point[] = {(asx_gene)(i / 7), (asx_gene)(i % 7)};
                CHECK_OK(asx_archive_add(archive, point, row + i * d, violation[i], &err), err);
                if (i % 29 > 0 && i + 1 < N)
                    continue;
                size_t want[N], n_want, n;
                CHECK_OK(asx_pareto_front(want, &n_want, row, violation, i + 1, d, &err), err);
                const size_t *front = asx_archive_front(archive, &n);
                assert_int_equal(n, n_want);
                bool member[N] = {false};
                for (size_t k = 0; k < n; k++)
                    member[front[k]] = true;
                for (size_t k = 0; k < n; k++)
                    assert_true(member[want[k]]);
                for (size_t k = 1; k < n; k++) {
                    int c = by_objectives(row + front[k - 1] * d, row + front[k] * d, d);
                    assert_true(c < 0 || (c == 0 && front[k - 1] < front[k]));
                }
                assert_int_equal(asx_archive_feasible(archive), violation[want[0]] == 0);
            }
            asx_archive_free(archive);
        }
}

static void rows_are_kept_and_found(void **state)
{
    (void)state;
    asx_error err;
    asx_archive *archive;
    enum { ROWS = 20000 };
    CHECK_OK(asx_archive_new(&archive, 3, 1, &err), err);
    size_t row = 99, n;
    asx_gene point[3] = {0};
    assert_false(asx_archive_find(&row, archive, point));
    asx_archive_front(archive, &n);
    assert_int_equal(n, 0);
    assert_false(asx_archive_feasible(archive));
    for (size_t i = 0; i < ROWS; i++) {
        asx_gene p[] = {(asx_gene)(i % 3), (asx_gene)(i / 3 % 50), (asx_gene)(i / 150)};
        double value = (double)(i * 31 % ROWS);
        CHECK_OK(asx_archive_add(archive, p, &value, 0, &err), err);
    }
    for (size_t i = 0; i < ROWS; i++) {
        asx_gene p[] = {(asx_gene)(i % 3), (asx_gene)(i / 3 % 50), (asx_gene)(i / 150)};
        assert_true(asx_archive_find(&row, archive, p));
        assert_int_equal(row, i);
        assert_memory_equal(asx_archive_point(archive, i), p, sizeof p);
        assert_true(asx_archive_objective(archive, i)[0] == (double)(i * 31 % ROWS));
    }
    point[0] = 3;
    row = 99;
    assert_false(asx_archive_find(&row, archive, point));
    assert_int_equal(row, 99);
    asx_archive_free(archive);
}

static void bad_rows_change_nothing(void **state)
{
    (void)state;
    asx_error err;
    asx_archive *archive = NULL;
    CHECK_FAIL(asx_archive_new(&archive, 0, 1, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_archive_new(&archive, 1, 0, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_archive_new(&archive, 1, 17, &err), ASX_EINVAL, err);
    assert_null(archive);
    CHECK_OK(asx_archive_new(&archive, 1, 2, &err), err);
    const asx_gene a = 1, b = 2;
    const double good[] = {1, 2}, better[] = {0, 0}, bad[] = {0, NAN}, inf[] = {-INFINITY, 0};
    CHECK_OK(asx_archive_add(archive, &a, good, 0, &err), err);
    CHECK_FAIL(asx_archive_add(archive, &a, better, 0, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_archive_add(archive, &b, bad, 0, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_archive_add(archive, &b, inf, 0, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_archive_add(archive, &b, good, -1, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_archive_add(archive, &b, good, NAN, &err), ASX_EINVAL, err);
    size_t n, row;
    const size_t *front = asx_archive_front(archive, &n);
    assert_int_equal(asx_archive_size(archive), 1);
    assert_false(asx_archive_find(&row, archive, &b));
    assert_int_equal(n, 1);
    assert_int_equal(front[0], 0);
    assert_true(asx_archive_objective(archive, 0)[0] == 1);
    asx_archive_free(archive);
    asx_archive_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(front_is_always_right),
        cmocka_unit_test(rows_are_kept_and_found),
        cmocka_unit_test(bad_rows_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
