/* The exact front of 20 layers x 512 formats, against the values that an independent program found
 * (README.md beside the tables; skipped where they are missing). */
#include <math.h>
#include <zlib.h>

#include "check.h"
#include "dse/pareto.h"
#include "search/exact.h"

enum { LAYERS = 20, CHOICES = 512 };

static double table[LAYERS][3 * CHOICES];

/* @param d  objectives to read: error, energy, latency */
static void load(const char *name, size_t d)
{
    char path[1024], line[256];
    check_data_or_skip(name);
    gzFile file = gzopen(check_data(path, sizeof path, name), "rb");
    assert_non_null(file);
    assert_non_null(gzgets(file, line, sizeof line)); /* the header */
    for (size_t i = 0; i < (size_t)LAYERS * CHOICES; i++) {
        unsigned layer, set, bits;
        double v[3];
        assert_non_null(gzgets(file, line, sizeof line));
        assert_int_equal(
            sscanf(line, "%u,%u,%u,%lf,%lf,%lf", &layer, &set, &bits, &v[0], &v[1], &v[2]), 6);
        assert_int_equal(layer, i / CHOICES);
        for (size_t j = 0; j < d; j++)
            table[i / CHOICES][i % CHOICES * d + j] = v[j];
    }
    gzclose(file);
}

static void solve(const char *name, double x, double y, size_t points, double hypervolume)
{
    asx_error err;
    asx_exact_layer layers[LAYERS];
    asx_exact_front front;
    load(name, 2);
    for (size_t l = 0; l < LAYERS; l++)
        layers[l] = (asx_exact_layer){table[l], CHOICES};
    asx_exact_problem problem = {.layer = layers, .n_layers = LAYERS, .n_objectives = 2};
    CHECK_OK(asx_exact_solve(&front, &problem, &err), err);
    assert_int_equal(front.n, points);
    for (size_t i = 0; i < front.n; i++) {
        double sum[2] = {0, 0};
        for (size_t l = 0; l < LAYERS; l++)
            for (size_t j = 0; j < 2; j++)
                sum[j] += table[l][2 * front.choice[i * LAYERS + l] + j];
        assert_true(sum[0] == front.value[2 * i] && sum[1] == front.value[2 * i + 1]);
    }
    double found, reference[] = {x, y};
    CHECK_OK(asx_pareto_hypervolume(&found, front.value, front.n, 2, reference, &err), err);
    assert_true(fabs(found / hypervolume - 1) < 1e-12);
    asx_exact_front_fini(&front);
}

static void structured(void **state)
{
    (void)state;
    solve("../bench/alph_structured.csv.gz", 17.641131672673847, 37.015889249394505, 8315,
          474.35048998157123);
}

static void independent(void **state)
{
    (void)state;
    solve("../bench/alph_iid.csv.gz", 9.6130292818052343, 9.2936557660351848, 549,
          87.125967927435454);
}

/* Their number is known from another program; that they are what their designs cost, and a front.
 */
static void three_objectives(void **state)
{
    (void)state;
    asx_error err;
    asx_exact_layer layers[LAYERS];
    asx_exact_front front;
    load("../bench/alph_iid.csv.gz", 3);
    for (size_t l = 0; l < LAYERS; l++)
        layers[l] = (asx_exact_layer){table[l], CHOICES};
    asx_exact_problem problem = {.layer = layers, .n_layers = LAYERS, .n_objectives = 3};
    CHECK_OK(asx_exact_solve(&front, &problem, &err), err);
    assert_int_equal(front.n, 97635);
    for (size_t i = 0; i < front.n; i++)
        for (size_t j = 0; j < 3; j++) {
            double sum = 0;
            for (size_t l = 0; l < LAYERS; l++)
                sum += table[l][3 * front.choice[i * LAYERS + l] + j];
            assert_true(sum == front.value[3 * i + j]);
        }
    asx_exact_front_fini(&front);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(structured),
        cmocka_unit_test(independent),
        cmocka_unit_test(three_objectives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
