/* Shrunk drops against the truth of simulations, and against the formula where the density is
 * known. */
#include "dse/shrink.h"

#include <math.h>

#include "check.h"
#include "dse/seed.h"

enum { N = 400, IMAGES = 1000 };

static double normal(uint64_t seed, uint64_t index)
{
    double sum = -6;
    for (uint64_t k = 0; k < 12; k++)
        sum += asx_seed_uniform(seed, 99 + k, index);
    return sum;
}

/* N true drops from a normal density, each measured on images of its own. */
static void make(double *truth, asx_paired *seen, double *cost, uint64_t seed, double mean,
                 double spread)
{
    for (size_t i = 0; i < N; i++) {
        truth[i] = mean + spread * normal(seed, i);
        cost[i] = asx_seed_uniform(seed, 1, i);
        seen[i] = (asx_paired){.images = IMAGES};
        for (uint64_t j = 0; j < IMAGES; j++) {
            const double u = asx_seed_uniform(seed, 1000 + i, j);
            seen[i].only_float += u < 0.02 + truth[i] / 200;
            seen[i].only_design += u >= 0.5 && u < 0.52 - truth[i] / 200;
        }
    }
}

static void test_known_density(void **state)
{
    (void)state;
    static double truth[N], cost[N];
    static asx_paired seen[N];
    static asx_shrunk out[N];
    asx_error err;
    make(truth, seen, cost, 1, 1, 0.5);
    CHECK_OK(asx_shrink_drops(out, seen, cost, N, &err), err);
    double raw = 0, shrunk = 0, best = 0, inside = 0;
    for (size_t i = 0; i < N; i++) {
        const double y = asx_paired_drop(&seen[i]), s = asx_paired_error(&seen[i]);
        /* Bayes with the density known: normal and normal */
        const double ideal = (y * 0.25 + 1 * s * s) / (0.25 + s * s);
        raw += (y - truth[i]) * (y - truth[i]) / N;
        shrunk += (out[i].drop - truth[i]) * (out[i].drop - truth[i]) / N;
        best += (ideal - truth[i]) * (ideal - truth[i]) / N;
        inside += fabs(out[i].drop - truth[i]) < 1.96 * out[i].error ? 1.0 / N : 0;
    }
    print_message(
        "squared error: measured %.3f, shrunk %.3f, density known %.3f; 95 %% hold %.3f\n", raw,
        shrunk, best, inside);
    assert_true(shrunk < best + 0.35 * (raw - best));
    assert_true(inside > 0.88 && inside < 0.99);
}

/* The curse: of 400 designs that are all alike the least measured drop is far off. */
static void test_the_least_is_not_believed(void **state)
{
    (void)state;
    static double truth[N], cost[N];
    static asx_paired seen[N];
    static asx_shrunk out[N];
    asx_error err;
    make(truth, seen, cost, 2, 1, 0);
    CHECK_OK(asx_shrink_drops(out, seen, cost, N, &err), err);
    double least = INFINITY, believed = INFINITY;
    for (size_t i = 0; i < N; i++) {
        least = fmin(least, asx_paired_drop(&seen[i]));
        believed = fmin(believed, out[i].drop);
    }
    print_message("least of %d drops of 1: measured %.2f, believed %.2f\n", N, least, believed);
    assert_true(least < -0.2);
    assert_true(believed > 0.4);
}

/* Far apart designs stay where they are, whatever the others do. */
static void test_the_far_are_left_alone(void **state)
{
    (void)state;
    static const asx_paired seen[] = {{.images = 1000, .only_float = 20, .only_design = 20},
                                      {.images = 1000, .only_float = 200, .only_design = 5},
                                      {.images = 1000, .only_float = 600, .only_design = 2},
                                      {.images = 1000, .only_float = 0, .only_design = 0}};
    static const double cost[] = {4, 3, 2, 5};
    asx_shrunk out[4];
    asx_error err;
    CHECK_OK(asx_shrink_drops(out, seen, cost, 4, &err), err);
    for (size_t i = 1; i < 3; i++)
        assert_true(fabs(out[i].drop - asx_paired_drop(&seen[i])) < 0.3);
    for (size_t i = 0; i < 4; i++)
        assert_true(out[i].error > 0.3 * asx_paired_error(&seen[i]) &&
                    out[i].error < 1.01 * asx_paired_error(&seen[i]));
}

static void test_one_and_none(void **state)
{
    (void)state;
    const asx_paired seen = {.images = 1000, .only_float = 20, .only_design = 5};
    const double cost = 7;
    asx_shrunk out = {-1, -1};
    asx_error err;
    CHECK_OK(asx_shrink_drops(&out, &seen, &cost, 0, &err), err);
    assert_true(out.drop == -1);
    CHECK_OK(asx_shrink_drops(&out, &seen, &cost, 1, &err), err);
    assert_true(fabs(out.drop - 1.5) < 1e-9);
}

/* Only the order of costs counts, and not that of designs. */
static void test_order_does_not_matter(void **state)
{
    (void)state;
    static double truth[N], cost[N], other_cost[N];
    static asx_paired seen[N], other[N];
    static asx_shrunk a[N], b[N];
    asx_error err;
    make(truth, seen, cost, 3, 2, 1);
    for (size_t i = 0; i < N; i++) {
        other[i] = seen[(i * 7) % N];
        other_cost[i] = exp(3 * cost[(i * 7) % N]);
    }
    CHECK_OK(asx_shrink_drops(a, seen, cost, N, &err), err);
    CHECK_OK(asx_shrink_drops(b, other, other_cost, N, &err), err);
    for (size_t i = 0; i < N; i++) {
        assert_true(fabs(b[i].drop - a[(i * 7) % N].drop) < 1e-9);
        assert_true(fabs(b[i].error - a[(i * 7) % N].error) < 1e-9);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_density),
        cmocka_unit_test(test_the_least_is_not_believed),
        cmocka_unit_test(test_the_far_are_left_alone),
        cmocka_unit_test(test_one_and_none),
        cmocka_unit_test(test_order_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
