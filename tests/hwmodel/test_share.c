/* What layers share: the area of asx_machine_cost, and that nothing gets cheaper by needing more.
 */
#include "dse/seed.h"
#include "hwmodel/share.h"
#include "toy.h"

enum { N_LAYERS = 3, N_TRIALS = 100 };

static asx_workload work;
static asx_format *format;
static size_t n_formats;

static int setup(void **state)
{
    static const unsigned bits[] = {2, 4, 7, 8, 12}, width[] = {2, 3, 4}, x_bits[] = {4, 8};
    static const asx_digits digits[] = {ASX_DIGITS_UNSIGNED, ASX_DIGITS_SIGNED};
    const asx_format_choices choices = {
        bits,      width, x_bits,
        digits,    5,     3,
        2,         2,     "none {1} {1,3} {3} {1,3,5,7} {11} {11,13} {1,9,15}",
        "none {1}"};
    asx_error err;
    (void)state;
    CHECK_OK(asx_workload_init(&work, "small", &err), err);
    add_conv(&work, "a", 3, 8, 8, 1, 3);
    add_conv(&work, "b", 8, 8, 16, 2, 3);
    add_conv(&work, "c", 16, 1, 10, 1, 1);
    /* sets that some widths and words cannot use are left out of these */
    CHECK_OK(asx_format_list(&format, &n_formats, NULL, &choices, &err), err);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    free(format);
    asx_workload_fini(&work);
    return 0;
}

static void random_design(asx_design *design, uint64_t seed)
{
    for (size_t i = 0; i < N_LAYERS; i++)
        design->format[i] = format[asx_seed_below(7, seed, i, n_formats)];
}

/* A design's layers one by one: the last union's area is the design's, and none falls on the way.
 */
static void grow(const asx_machine *machine, asx_shares *shares, asx_placement placement,
                 uint64_t seed)
{
    asx_error err;
    asx_design design;
    asx_cost cost;
    uint32_t need[N_LAYERS];
    double area = 0, leakage = 0, last_area = 0, last_leakage = 0;
    CHECK_OK(asx_design_init(&design, N_LAYERS, &err), err);
    design.placement = placement;
    random_design(&design, seed);
    CHECK_OK(asx_machine_cost(&cost, NULL, machine, &design, &err), err);
    for (size_t i = 0; i < N_LAYERS; i++) {
        CHECK_OK(asx_shares_add(&need[i], shares, &i, 1, design.format, &err), err);
        CHECK_OK(asx_shares_price(&leakage, &area, shares, need, i + 1, cost.weight_bits, &err),
                 err);
        if (area < last_area || leakage < last_leakage) {
            asx_text text = {0};
            asx_design_print(&text, &design, &work);
            fail_msg("layer %zu of '%s': %g um2 after %g, %g nW after %g", i, text.s, area,
                     last_area, leakage, last_leakage);
        }
        last_area = area;
        last_leakage = leakage;
    }
    assert_true(area == cost.area_um2);
    assert_true(fabs(1e-6 * leakage * cost.latency_ns / cost.energy_part_pj[ASX_PART_LEAKAGE] - 1) <
                1e-12);
    asx_design_fini(&design);
}

static void never_falls(void **state)
{
    (void)state;
    static const char *const names[] = {"nangate45", "horowitz45"};
    static const char *const set[] = {"extrapolate", "1", NULL}; /* words of 2 bits */
    const asx_params params = params_of(set);
    for (size_t t = 0; t < 2; t++) {
        asx_error err;
        asx_technology *tech = NULL;
        asx_machine *machine = NULL;
        CHECK_OK(asx_technology_load(&tech, names[t], &err), err);
        CHECK_OK(asx_machine_new(&machine, tech, &work, &params, &err), err);
        for (asx_placement p = 0; p < ASX_N_PLACEMENTS; p++) {
            asx_shares *shares = NULL;
            CHECK_OK(asx_shares_new(&shares, machine, p, &err), err);
            for (uint64_t seed = 0; seed < N_TRIALS; seed++)
                grow(machine, shares, p, seed);
            asx_shares_free(shares);
        }
        asx_machine_free(machine);
        asx_technology_free(tech);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(never_falls)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
