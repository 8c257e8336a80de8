/* The growing hypervolume against the one computed from all points, after every point: random,
 * in bad orders, with ties, duplicates and points outside; and in three objectives by refreshing.
 */
#include <math.h>
#include <stdlib.h>

#include "check.h"
#include "dse/pareto.h"
#include "dse/seed.h"
#include "volume.h"

enum { POINTS = 300 };

static const double reference[] = {1, 2, 1.5};

static void check_series(double (*point)(size_t i, size_t dim))
{
    asx_error err;
    asx_volume v;
    double all[POINTS][2];
    asx_volume_init(&v, reference, 2);
    for (size_t i = 0; i < POINTS; i++) {
        double want;
        all[i][0] = point(i, 0);
        all[i][1] = point(i, 1);
        CHECK_OK(asx_volume_add(&v, all[i], &err), err);
        CHECK_OK(asx_pareto_hypervolume(&want, all[0], i + 1, 2, reference, &err), err);
        if (fabs(v.value - want) > 1e-12)
            fail_msg("point %zu: %.17g, not %.17g", i, v.value, want);
    }
    asx_volume_fini(&v);
}

static double uniform(size_t i, size_t dim)
{
    return 3 * asx_seed_uniform(5, i, dim) - 0.5;
}

static double coarse(size_t i, size_t dim)
{
    return (double)asx_seed_below(6, i, dim, 9) / 4;
}

static double better_and_better(size_t i, size_t dim)
{
    return 1.2 - (double)i / POINTS - 0.01 * (double)dim;
}

static double along_a_front(size_t i, size_t dim)
{
    const double t = (double)(i * 7 % POINTS) / POINTS;
    return dim ? 2 * (1 - sqrt(t)) : t;
}

static void two_objectives(void **state)
{
    (void)state;
    check_series(uniform);
    check_series(coarse);
    check_series(better_and_better);
    check_series(along_a_front);
}

static void three_objectives(void **state)
{
    (void)state;
    asx_error err;
    asx_volume v;
    asx_archive *archive;
    double all[POINTS][3], want;
    CHECK_OK(asx_archive_new(&archive, 1, 3, &err), err);
    asx_volume_init(&v, reference, 3);
    for (size_t i = 0; i < POINTS; i++) {
        const asx_gene gene = (asx_gene)i;
        for (size_t j = 0; j < 3; j++)
            all[i][j] = uniform(i, j);
        CHECK_OK(asx_archive_add(archive, &gene, all[i], 0, &err), err);
        CHECK_OK(asx_volume_refresh(&v, archive, (double)i, i + 1 == POINTS, &err), err);
    }
    CHECK_OK(asx_pareto_hypervolume(&want, all[0], POINTS, 3, reference, &err), err);
    assert_true(fabs(v.value - want) < 1e-12);
    asx_archive_free(archive);
    asx_volume_fini(&v);
}

static void none_without_a_reference(void **state)
{
    (void)state;
    asx_error err;
    asx_volume v;
    asx_volume_init(&v, NULL, 2);
    CHECK_OK(asx_volume_add(&v, reference, &err), err);
    assert_true(v.value == 0 && v.n == 0);
    asx_volume_fini(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_objectives),
        cmocka_unit_test(three_objectives),
        cmocka_unit_test(none_without_a_reference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
