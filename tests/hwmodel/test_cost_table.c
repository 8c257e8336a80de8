/* Tabulated costs against asx_machine_cost, design by design. */
#include "dse/seed.h"
#include "hwmodel/cost_table.h"
#include "toy.h"

enum { N_LAYERS = 4 };

static asx_technology *tech;
static asx_workload work;
static asx_format *format;
static size_t n_formats;

static int setup(void **state)
{
    static const unsigned bits[] = {4, 8}, width[] = {3, 4}, x_bits[] = {8};
    static const asx_digits digits[] = {ASX_DIGITS_UNSIGNED, ASX_DIGITS_SIGNED};
    const asx_format_choices choices = {
        bits, width, x_bits, digits, 2, 2, 1, 2, "none {1} {1,3} {3,7} {1,5} {11}", "none {1,3}"};
    asx_error err;
    (void)state;
    CHECK_OK(asx_technology_load(&tech, "nangate45", &err), err);
    CHECK_OK(asx_workload_init(&work, "small", &err), err);
    add_conv(&work, "a", 3, 8, 8, 1, 3);
    add_conv(&work, "b", 8, 8, 16, 2, 3);
    add_conv(&work, "c", 16, 4, 40, 1, 1);
    add_conv(&work, "d", 40, 1, 10, 1, 1);
    CHECK_OK(asx_format_list(&format, &n_formats, NULL, &choices, &err), err);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    free(format);
    asx_workload_fini(&work);
    asx_technology_free(tech);
    return 0;
}

static void same(const char *what, double value, double want)
{
    if (!(fabs(value - want) <= 1e-12 * fabs(want)))
        fail_msg("%s: %.17g instead of %.17g", what, value, want);
}

static void compare(asx_pricer *pricer, const asx_machine *machine, asx_placement placement,
                    uint64_t seed)
{
    asx_error err;
    asx_design design;
    asx_cost want;
    asx_cost_total total = {0};
    uint16_t choice[N_LAYERS];
    CHECK_OK(asx_design_init(&design, N_LAYERS, &err), err);
    design.placement = placement;
    for (size_t i = 0; i < N_LAYERS; i++) {
        choice[i] = (uint16_t)asx_seed_below(1, seed, i, n_formats);
        design.format[i] = format[choice[i]];
    }
    CHECK_OK(asx_machine_cost(&want, NULL, machine, &design, &err), err);
    for (int again = 0; again < 2; again++) { /* the second time from memory */
        CHECK_OK(asx_pricer_cost(&total, pricer, choice, &err), err);
        same("energy", total.energy_pj, want.energy_pj);
        same("latency", total.latency_ns, want.latency_ns);
        same("cycles", total.cycles, want.cycles);
        same("area", total.area_um2, want.area_um2);
        same("weight bits", total.weight_bits, want.weight_bits);
    }
    asx_design_fini(&design);
}

static void against_cost(const char *const *set)
{
    asx_error err;
    asx_params params = params_of(set);
    asx_machine *machine = NULL;
    CHECK_OK(asx_machine_new(&machine, tech, &work, &params, &err), err);
    for (asx_placement p = 0; p < ASX_N_PLACEMENTS; p++) {
        asx_cost_table *table = NULL;
        asx_pricer *pricer = NULL;
        CHECK_OK(asx_cost_table_new(&table, machine, p, format, n_formats, &err), err);
        CHECK_OK(asx_pricer_new(&pricer, table, &err), err);
        for (uint64_t seed = 0; seed < 100; seed++)
            compare(pricer, machine, p, seed);
        uint16_t bad[N_LAYERS] = {0, 0, (uint16_t)n_formats, 0};
        asx_cost_total total = {.energy_pj = 7};
        CHECK_FAIL(asx_pricer_cost(&total, pricer, bad, &err), ASX_EINVAL, err);
        assert_true(total.energy_pj == 7);
        asx_pricer_free(pricer);
        asx_cost_table_free(table);
    }
    asx_machine_free(machine);
}

static void on_chip(void **state)
{
    (void)state;
    static const char *const small[] = {"subarray_rows", "64", "subarray_columns", "128", NULL};
    print_message("%zu formats\n", n_formats);
    against_cost(NULL);
    against_cost(small);
}

/* A memory that some designs exceed. */
static void off_chip(void **state)
{
    (void)state;
    static const char *const set[] = {"weight_kb", "1", "subarray_rows", "64", "subarray_columns",
                                      "128",       NULL};
    against_cost(set);
}

static void refusals(void **state)
{
    (void)state;
    asx_error err;
    asx_machine *machine = NULL;
    asx_cost_table *table = NULL;
    asx_cost cost = {.energy_pj = 7};
    CHECK_OK(asx_machine_new(&machine, tech, &work, NULL, &err), err);
    CHECK_FAIL(asx_cost_table_new(&table, machine, ASX_PLACEMENT_VN, format, 0, &err), ASX_EINVAL,
               err);
    CHECK_FAIL(asx_cost_table_new(&table, machine, ASX_PLACEMENT_VN, format, 65536, &err),
               ASX_EINVAL, err);
    CHECK_FAIL(asx_machine_layer_cost(&cost, machine, ASX_PLACEMENT_VN, N_LAYERS, format, &err),
               ASX_EINVAL, err);
    assert_true(!table && cost.energy_pj == 7);
    asx_machine_free(machine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(on_chip), cmocka_unit_test(off_chip),
                                       cmocka_unit_test(refusals)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
