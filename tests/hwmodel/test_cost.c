/* Costs against hand computation: a toy technology (toy.h), one layer, each placement.
 *
 * The layer: 1x1 convolution, 2 x 4 x 4 -> 3 x 4 x 4: 16 pixels, depth 2, 96 MACs, 6 weights, 32
 * inputs, 48 outputs. The machine: 8 lanes = 4 columns x depth 2, 2 lanes per bank, stripes of 8,
 * hold 4, weight memory 4 kB in sub-arrays of 64 x 128 bits = 1 kB, activation memory 1 kB, bus of
 * 128 bits and 1 mm, segments of 32 cells, 500 MHz.
 *
 * So: 32 activations enter the array (each serves all 3 channels, in 2 banks: 64 bank uses); sums
 * are added to 48 times; 16 steps. */
#include "toy.h"

static asx_technology *tech;
static asx_machine *machine;
static asx_workload work;

static int setup(void **state)
{
    static const char *const set[] = {
        "lanes",    "8",   "columns",       "4",  "lanes_per_bank",   "2",   "stripe", "8",
        "hold",     "4",   "weight_kb",     "4",  "activation_kb",    "1",   "bus_mm", "1",
        "bus_bits", "128", "subarray_rows", "64", "subarray_columns", "128", NULL};
    asx_error err;
    asx_params params = params_of(set);
    (void)state;
    tech = toy_technology();
    CHECK_OK(asx_workload_init(&work, "one", &err), err);
    add_conv(&work, "conv", 2, 4, 3, 1, 1);
    CHECK_OK(asx_machine_new(&machine, tech, &work, &params, &err), err);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    asx_machine_free(machine);
    asx_workload_fini(&work);
    asx_technology_free(tech);
    return 0;
}

static void near_to(double value, double want)
{
    if (!(fabs(value - want) <= 1e-6 * fabs(want) + 1e-9))
        fail_msg("%.12g instead of %.12g", value, want);
}

static void check_sums(const asx_cost *cost)
{
    double energy = 0, area = 0;
    for (int p = 0; p < ASX_N_PARTS; p++) {
        energy += cost->energy_part_pj[p];
        area += cost->area_part_um2[p];
    }
    near_to(cost->energy_pj, energy);
    near_to(cost->area_um2, area);
}

static void vn_plain(void **state)
{
    (void)state;
    asx_cost c = cost_of(machine, &work, "vn: w8a8", NULL);
    near_to(c.energy_part_pj[ASX_PART_MULTIPLY], 96 * .64);
    /* tree: 96 - 48 adders of 16 + 1 bits; sums: 17 bits, added and latched; x latched: 32 x 8 */
    near_to(c.energy_part_pj[ASX_PART_ACCUMULATE], 48 * 17 + 48 * (17 + 8.5) + 32 * 8 * .5);
    /* 6 weights, 2 stripes: 96 bits at .1 sqrt(4) pJ, latched */
    near_to(c.energy_part_pj[ASX_PART_WEIGHT_READ], 96 * .2 + 96 * .5);
    near_to(c.energy_part_pj[ASX_PART_ACTIVATION_READ], 32 * 8 * .1);
    near_to(c.energy_part_pj[ASX_PART_ACTIVATION_WRITE], 32 * 8 * .2);
    near_to(c.energy_part_pj[ASX_PART_WIRE], 96 + 256 + 256);
    near_to(c.energy_part_pj[ASX_PART_PARTIAL_SUM], 0); /* one tile of the depth */
    near_to(c.energy_part_pj[ASX_PART_OFF_CHIP], 0);
    near_to(c.cycles, 16);
    near_to(c.latency_ns, 32);
    near_to(c.weight_bits, 48);
    near_to(c.area_part_um2[ASX_PART_MULTIPLY], 8 * 64);
    /* tree of 8 - 4 adders, 4 sums with register, 2 activation registers */
    near_to(c.area_part_um2[ASX_PART_ACCUMULATE], 4 * 34 + 4 * (34 + 51) + 2 * 24);
    near_to(c.area_part_um2[ASX_PART_WEIGHT_READ], 8 * 8 * 3 + 2280); /* one sub-array is enough */
    near_to(c.area_part_um2[ASX_PART_ACTIVATION_READ], 2280);
    near_to(c.area_part_um2[ASX_PART_PARTIAL_SUM], 2280);
    near_to(c.energy_part_pj[ASX_PART_LEAKAGE], 1e-6 * c.area_um2 * 32); /* nW = um2 in the toy */
    check_sums(&c);
    asx_error err;
    asx_cost baseline;
    CHECK_OK(asx_machine_baseline(&baseline, NULL, machine, &err), err);
    assert_memory_equal(&baseline, &c, sizeof c);
}

static void near_asm(void **state)
{
    (void)state;
    asx_cost c = cost_of(machine, &work, "near: w8{1}a8", NULL);
    /* digits: 4 bits {0,1,2,4,8}, 3 bits {0,1,2,4}; results of 8 + 3 and 8 + 2 bits, both shifted
     * in 2 stages; codes 3 + 2 bits and the sign; 2 passes */
    near_to(c.weight_bits, 6 * 6);
    near_to(c.energy_part_pj[ASX_PART_MULTIPLY], 0);
    near_to(c.energy_part_pj[ASX_PART_PRECOMPUTE], 0);
    near_to(c.energy_part_pj[ASX_PART_SELECT], 96 * (11 + 10) * .01); /* zeroing only */
    near_to(c.energy_part_pj[ASX_PART_SHIFT],
            96 * 2 * (11 + 10) * .1 + 2 * 48 * 17 * .1);    /* and the sums' 2 places */
    near_to(c.energy_part_pj[ASX_PART_ADD], 96 * 16 * .01); /* the sign */
    /* tree: 8 + 3 + sign + 1 bits; the sum: one of 4 registers is picked */
    near_to(c.energy_part_pj[ASX_PART_ACCUMULATE],
            2 * 48 * 13 + 2 * 48 * (17 + 8.5 + 3 * 1.7) + 128);
    /* 6 weights x 16 / 4 reads x 6 bits at .1 sqrt(1), latched; 5 + 4 codes to tell apart */
    near_to(c.energy_part_pj[ASX_PART_WEIGHT_READ], 144 * .1 + 144 * .5);
    near_to(c.energy_part_pj[ASX_PART_DECODE], 24 * 9 * .01);
    near_to(c.energy_part_pj[ASX_PART_WIRE], 256 + 256);
    near_to(c.cycles, 32);
    /* one digit circuit per lane, four registers per column */
    near_to(c.area_part_um2[ASX_PART_SELECT], 8 * 11 * .1);
    near_to(c.area_part_um2[ASX_PART_ACCUMULATE],
            4 * 13 * 2 + 4 * (34 + 4 * 51 + 3 * 17 * .2) + 48);
    check_sums(&c);
}

static void in_asm(void **state)
{
    (void)state;
    asx_cost c = cost_of(machine, &work, "in: w4{1,3}a8", NULL);
    /* one digit of 3 bits {0,1,2,3,4,6}: multiples of 8 + 2 bits on segments of 32 cells */
    near_to(c.energy_part_pj[ASX_PART_SELECT], 96 * 32 * 10 * .001);
    near_to(c.energy_part_pj[ASX_PART_PRECOMPUTE], 64 * 10);     /* 3x: a 10 bit adder */
    near_to(c.energy_part_pj[ASX_PART_SHIFT], 96 * 2 * 11 * .1); /* by 0, 1, 2 */
    near_to(c.energy_part_pj[ASX_PART_ADD], 96 * 12 * .01);
    near_to(c.energy_part_pj[ASX_PART_ACCUMULATE], 48 * 13 + 48 * (13 + 6.5) + 128);
    near_to(c.energy_part_pj[ASX_PART_WEIGHT_READ], 0);
    near_to(c.energy_part_pj[ASX_PART_DECODE], 96 * 6 * .01);
    near_to(c.cycles, 16);
    near_to(c.weight_bits, 6 * 4);
    near_to(c.area_part_um2[ASX_PART_PRECOMPUTE], 4 * 20); /* 8 lanes, 2 per bank */
    check_sums(&c);
}

static void in_plain(void **state)
{
    (void)state;
    asx_cost c = cost_of(machine, &work, "in: w2a8", NULL);
    near_to(c.energy_part_pj[ASX_PART_MULTIPLY], 96 * 2 * 8 * 32 * .001); /* bit by bit */
    near_to(c.energy_part_pj[ASX_PART_ACCUMULATE], 2 * 48 * 10 + 2 * 48 * (11 + 5.5) + 128);
    near_to(c.energy_part_pj[ASX_PART_SHIFT], 2 * 48 * 11 * .1);
    near_to(c.cycles, 32);
    check_sums(&c);
}

/* Weights beyond the memory come from off chip, in bits: 4 kB hold 4096 of these 8192 bytes. */
static void off_chip(void **state)
{
    (void)state;
    static const char *const set[] = {"weight_kb", "4", "bus_mm", "1", NULL};
    asx_error err;
    asx_params params = params_of(set);
    asx_workload big;
    asx_machine *m = NULL;
    CHECK_OK(asx_workload_init(&big, "big", &err), err);
    add_conv(&big, "fc", 64, 1, 128, 1, 1);
    CHECK_OK(asx_machine_new(&m, tech, &big, &params, &err), err);
    asx_cost fits = cost_of(m, &big, "vn: w4a8", NULL), spills = cost_of(m, &big, "vn: w8a8", NULL);
    near_to(fits.energy_part_pj[ASX_PART_OFF_CHIP], 0);
    /* read at 20 pJ a bit, written at .2 sqrt(4) pJ a bit */
    near_to(spills.energy_part_pj[ASX_PART_OFF_CHIP], 32768 * (20 + .4));
    near_to(spills.cycles, 32768 / 32.);
    asx_machine_free(m);
    asx_workload_fini(&big);
}

static void refusals(void **state)
{
    (void)state;
    static const char *const bad[][3] = {
        {"columns", "7", NULL},    {"lanes_per_bank", "3", NULL}, {"segment_rows", "48", NULL},
        {"bus_bits", "512", NULL}, {"weight_kb", "4096", NULL},   {"subarray_rows", "32", NULL}};
    asx_error err;
    asx_machine *m = NULL;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        asx_params params = params_of(bad[i]);
        CHECK_FAIL(asx_machine_new(&m, tech, &work, &params, &err), ASX_EINVAL, err);
        assert_null(m);
    }
    assert_non_null(strstr(err.message, "toy:")); /* the file and the rows that do not reach */
    asx_design design;
    asx_cost cost = {.energy_pj = 7}, layer[3] = {{.energy_pj = 7}};
    CHECK_OK(asx_design_init(&design, 3, &err), err);
    CHECK_FAIL(asx_machine_cost(&cost, layer, machine, &design, &err), ASX_EINVAL, err);
    assert_true(cost.energy_pj == 7 && layer[0].energy_pj == 7);
    asx_design_fini(&design);
}

/* A technology whose multipliers end at 8 bits refuses 16 bit words, when they are asked for. */
static void beyond_rows(void **state)
{
    (void)state;
    asx_error err;
    asx_text text = {0};
    asx_technology *small = NULL;
    asx_machine *m = NULL;
    toy_text(&text);
    asx_text fixed = {0};
    for (char *line = text.s; *line;) { /* all but the 16 x 16 rows */
        size_t n = strcspn(line, "\n") + 1;
        char *hit = strstr(line, ",16,16,");
        if (strncmp(line, "multiply", 8) != 0 || !hit || hit > line + n)
            asx_text_add_bytes(&fixed, line, n);
        line += n;
    }
    CHECK_OK(asx_technology_parse(&small, "small", fixed.s, fixed.n, &err), err);
    const asx_params own = params_of(NULL);
    CHECK_OK(asx_machine_new(&m, small, &work, &own, &err), err);
    asx_design design;
    asx_cost cost = {.energy_pj = 7}, layer = {.energy_pj = 7};
    CHECK_OK(asx_design_parse(&design, "vn: w16a16", &work, &err), err);
    CHECK_FAIL(asx_machine_cost(&cost, &layer, m, &design, &err), ASX_EINVAL, err);
    assert_non_null(strstr(err.message, "small:"));
    assert_non_null(strstr(err.message, "'multiply'"));
    assert_true(cost.energy_pj == 7 && layer.energy_pj == 7);
    asx_design_fini(&design);
    asx_machine_free(m);
    asx_technology_free(small);
    asx_text_fini(&fixed);
    asx_text_fini(&text);
}

/* A layer that runs 5 times for an image costs 5 times what it costs once, its work around it apart,
 * which is counted for all of them; memory and array are there once. */
static void steps(void **state)
{
    (void)state;
    static const char *const design[] = {"vn: w8a8", "near: w8{1,3}a8", "in: w8a8"};
    for (int fixed = 0; fixed < 2; fixed++)
        for (size_t d = 0; d < 3; d++) {
            asx_cost cost[2];
            for (size_t k = 0; k < 2; k++) {
                asx_error err;
                asx_workload one;
                asx_machine *made = NULL;
                const char *const set[] = {"mapping", fixed ? "fixed" : "energy", NULL};
                const asx_params params = params_of(set);
                CHECK_OK(asx_workload_init(&one, "one", &err), err);
                add_conv(&one, "state", 16, 1, 64, 1, 1);
                one.layer[0].steps = k ? 5 : 0;
                one.layer[0].other.added = k ? 500 : 100;
                assert_int_equal(asx_layer_n_macs(&one.layer[0]), k ? 5 * 1024 : 1024);
                CHECK_OK(asx_machine_new(&made, tech, &one, &params, &err), err);
                cost[k] = cost_of(made, &one, design[d], NULL);
                asx_machine_free(made);
                asx_workload_fini(&one);
            }
            assert_true(fabs(cost[1].energy_pj / cost[0].energy_pj - 5) < 1e-9);
            assert_true(cost[1].cycles == 5 * cost[0].cycles);
            assert_true(cost[1].weight_bits == cost[0].weight_bits);
            assert_true(cost[1].area_um2 == cost[0].area_um2);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(steps),    cmocka_unit_test(vn_plain),
                                       cmocka_unit_test(near_asm), cmocka_unit_test(in_asm),
                                       cmocka_unit_test(in_plain), cmocka_unit_test(off_chip),
                                       cmocka_unit_test(refusals), cmocka_unit_test(beyond_rows)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
