/* Prices of lanes are made once and shared: the same costs whatever threads ask first. */
#include <pthread.h>

#include "toy.h"

enum { N_THREADS = 4, N_DESIGNS = 24 };

static asx_machine *machine;
static asx_workload work;
static asx_cost cost[N_THREADS][N_DESIGNS];

/* Designs with one format each, every thread in an order of its own. */
static void *price_all(void *which)
{
    size_t thread = *(const size_t *)which;
    for (size_t k = 0; k < N_DESIGNS; k++) {
        static const size_t stride[N_THREADS] = {1, 5, 7, 11}; /* prime to N_DESIGNS */
        size_t i = (k * stride[thread] + thread) % N_DESIGNS;
        static const char *const set[] = {"", "{1}", "{1,3}", "{1,5}"};
        static const char *const place[] = {"vn", "near", "in"};
        char text[32];
        asx_design design;
        snprintf(text, sizeof text, "%s: w%zu%sa8", place[i % 3], 4 + i / 12 * 4, set[i / 3 % 4]);
        if (asx_design_parse(&design, text, &work, NULL) != ASX_OK ||
            asx_machine_cost(&cost[thread][i], NULL, machine, &design, NULL) != ASX_OK)
            return NULL;
        asx_design_fini(&design);
    }
    return which;
}

static void threads(void **state)
{
    (void)state;
    asx_error err;
    asx_technology *tech = NULL;
    pthread_t thread[N_THREADS];
    size_t number[N_THREADS];
    CHECK_OK(asx_technology_load(&tech, "nangate45", &err), err);
    CHECK_OK(asx_workload_init(&work, "small", &err), err);
    add_conv(&work, "a", 3, 8, 8, 1, 3);
    add_conv(&work, "b", 8, 8, 16, 2, 3);
    CHECK_OK(asx_machine_new(&machine, tech, &work, NULL, &err), err);
    for (size_t i = 0; i < N_THREADS; i++) {
        number[i] = i;
        assert_int_equal(pthread_create(&thread[i], NULL, price_all, &number[i]), 0);
    }
    for (size_t i = 0; i < N_THREADS; i++) {
        void *done = NULL;
        assert_int_equal(pthread_join(thread[i], &done), 0);
        assert_non_null(done);
    }
    for (size_t i = 1; i < N_THREADS; i++)
        for (size_t k = 0; k < N_DESIGNS; k++)
            assert_memory_equal(&cost[0][k], &cost[i][k], sizeof cost[0][k]);
    assert_true(cost[0][0].energy_pj > 0);
    asx_machine_free(machine);
    asx_workload_fini(&work);
    asx_technology_free(tech);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(threads)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
