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
    const asx_format_choices choices = {.weight_bits = bits,
                                        .digit_width = width,
                                        .activation_bits = x_bits,
                                        .digits = digits,
                                        .n_weight_bits = 5,
                                        .n_digit_widths = 3,
                                        .n_activation_bits = 2,
                                        .n_digits = 2,
                                        .weight_sets =
                                            "none {1} {1,3} {3} {1,3,5,7} {11} {11,13} {1,9,15}",
                                        .activation_sets = "none {1}"};
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

typedef struct price {
    double leakage, area;
} price;

static price price_of(const asx_shares *shares, const asx_need_set *set, double bits)
{
    asx_error err;
    price p = {0, 0};
    CHECK_OK(asx_shares_price(&p.leakage, &p.area, shares, set, bits, &err), err);
    return p;
}

static void check_order(price less, price more, const asx_design *design)
{
    asx_text text = {0};
    if (less.area <= more.area && less.leakage <= more.leakage)
        return;
    asx_design_print(&text, design, &work);
    fail_msg("'%s': %g um2 after %g, %g nW after %g", text.s, more.area, less.area, more.leakage,
             less.leakage);
}

static asx_need_set joined(asx_need_set a, asx_need_set b, bool all)
{
    for (int w = 0; w < ASX_NEED_SET_WORDS; w++)
        a.word[w] = all ? a.word[w] | b.word[w] : a.word[w] & b.word[w];
    return a;
}

/* A design's layers one by one: the last union's area is the design's, and none falls on the way,
 * nor from what two layers have in common to either. */
static void grow(const asx_machine *machine, const asx_shares *shares, asx_design *design,
                 const asx_need_set *need)
{
    asx_error err;
    asx_cost cost;
    asx_need_set all = need[0];
    CHECK_OK(asx_machine_cost(&cost, NULL, machine, design, &err), err);
    price last = price_of(shares, &all, cost.weight_bits);
    for (size_t i = 1; i < N_LAYERS; i++) {
        const asx_need_set common = joined(need[i], need[i - 1], false);
        check_order(price_of(shares, &common, 0), price_of(shares, &need[i], 0), design);
        const asx_need_set part = joined(all, common, true);
        all = joined(all, need[i], true);
        const price now = price_of(shares, &all, cost.weight_bits);
        check_order(last, now, design);
        check_order(price_of(shares, &part, cost.weight_bits), now, design);
        last = now;
    }
    assert_true(last.area == cost.area_um2);
    assert_true(fabs(1e-6 * last.leakage * cost.latency_ns / cost.energy_part_pj[ASX_PART_LEAKAGE] -
                     1) < 1e-12);
}

static void check_placement(const asx_machine *machine, asx_placement placement)
{
    static uint32_t need[N_TRIALS][N_LAYERS];
    asx_error err;
    asx_shares *shares = NULL;
    asx_design design;
    CHECK_OK(asx_shares_new(&shares, machine, placement, &err), err);
    CHECK_OK(asx_design_init(&design, N_LAYERS, &err), err);
    design.placement = placement;
    for (uint64_t seed = 0; seed < N_TRIALS; seed++) {
        random_design(&design, seed);
        for (size_t i = 0; i < N_LAYERS; i++)
            CHECK_OK(asx_shares_add(&need[seed][i], shares, &i, 1, design.format, &err), err);
    }
    asx_need_set *set = malloc(asx_shares_count(shares) * sizeof *set);
    assert_non_null(set);
    CHECK_OK(asx_shares_sets(set, shares, &err), err);
    for (uint64_t seed = 0; seed < N_TRIALS; seed++) {
        asx_need_set own[N_LAYERS];
        random_design(&design, seed);
        for (size_t i = 0; i < N_LAYERS; i++)
            own[i] = set[need[seed][i]];
        grow(machine, shares, &design, own);
    }
    free(set);
    asx_design_fini(&design);
    asx_shares_free(shares);
}

static void never_falls(void **state)
{
    (void)state;
    static const char *const names[] = {"nangate45", "horowitz45"};
    static const char *const mapping[] = {"fixed", "energy"};
    for (size_t t = 0; t < 4; t++) {
        const char *const set[] = {"mapping", mapping[t / 2], "extrapolate", "1", NULL};
        const asx_params params = params_of(set); /* words of 2 bits */
        asx_error err;
        asx_technology *tech = NULL;
        asx_machine *machine = NULL;
        CHECK_OK(asx_technology_load(&tech, names[t % 2], &err), err);
        CHECK_OK(asx_machine_new(&machine, tech, &work, &params, &err), err);
        for (asx_placement p = 0; p < ASX_N_PLACEMENTS; p++)
            check_placement(machine, p);
        asx_machine_free(machine);
        asx_technology_free(tech);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(never_falls)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
