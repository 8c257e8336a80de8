/* Placement in against measured silicon: the Colonnade macro, 128 rows, squares of word lengths. */
#include <math.h>

#include "dse/csv.h"
#include "toy.h"

enum { DEPTH = 128 };

static double model_fj(const asx_machine *machine, const asx_workload *work, unsigned bits)
{
    char design[32];
    snprintf(design, sizeof design, "in: w%ua%u", bits, bits);
    asx_cost cost = cost_of(machine, work, design, NULL);
    return 1e3 * asx_cost_group_pj(&cost, "compute") / (double)asx_layer_n_macs(&work->layer[0]);
}

static void silicon(void **state)
{
    (void)state;
    static const char *const set[] = {"lanes",   "2048", "columns", "16", /* 128 deep */
                                      "uniform", "1",    NULL};           /* as it was measured */
    asx_error err;
    asx_params params = params_of(set);
    asx_technology *tech = NULL;
    asx_workload work;
    asx_machine *machine = NULL;
    asx_csv *csv = NULL;
    char path[1024];
    double mean = 0, worst = 0, v[4];
    size_t n = 0;
    CHECK_OK(asx_technology_load(&tech, "colonnade65", &err), err);
    CHECK_OK(asx_workload_init(&work, "macro", &err), err);
    add_conv(&work, "conv", DEPTH, 16, 16, 1, 1);
    CHECK_OK(asx_machine_new(&machine, tech, &work, &params, &err), err);
    CHECK_OK(asx_csv_load(&csv,
                          check_data(path, sizeof path, "hw/colonnade65_measured_fj_per_mac.csv"),
                          &err),
             err);
    for (size_t i = 0; i < asx_csv_rows(csv); i++) {
        for (size_t c = 0; c < 4; c++)
            CHECK_OK(asx_csv_number(&v[c], csv, i, c, 0, 1e6, &err), err);
        if (v[0] != v[1]) /* the machine's serial operand has 2 bits at least */
            continue;
        /* the technology is of 0.8 V; its rows name the law for other supplies */
        double supply = v[2] * (v[2] - .5) / (.8 * .3);
        double error = fabs(supply * model_fj(machine, &work, (unsigned)v[0]) / v[3] - 1);
        mean += error;
        worst = fmax(worst, error);
        n++;
    }
    mean /= (double)n;
    print_message("%zu measurements: mean %.1f %%, worst %.1f %%\n", n, 100 * mean, 100 * worst);
    assert_true(n >= 30 && mean <= .2 && worst <= .35);
    asx_csv_free(csv);
    asx_machine_free(machine);
    asx_workload_fini(&work);
    asx_technology_free(tech);
}

int main(void)
{
    check_data_or_skip("hw/colonnade65_measured_fj_per_mac.csv");
    const struct CMUnitTest tests[] = {cmocka_unit_test(silicon)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
