/* Free mapping against hand computation: the toy technology (toy.h), one layer, each placement.
 *
 * The layer: 3x3 convolution, 4 x 4 x 4 -> 6 x 4 x 4: 16 pixels, depth 36, 3,456 MACs, 216 weights,
 * 64 inputs, 96 outputs. The machine: 32 lanes = 4 columns x depth 8, 2 lanes per bank, 2 sums per
 * column, sub-arrays of 64 x 64 bits = .5 kB. Its tiles: 5 of the depth (36 / 8), 2 of the channels;
 * 16 x 5 x 2 = 160 steps. Held 2 pixels, a weight enters its lane 8 times.
 *
 * The toy has no terms, so there are a multiplier, a selection among all alphabets, and that digit
 * by digit; alternatives that are not looked at are switched off: no buffers, no memory of sums. */
#include "hwmodel/mapping.h"
#include "toy.h"

static asx_technology *tech;
static asx_workload work;

static const char *const plain_machine[] = {"mapping",
                                            "energy",
                                            "lanes",
                                            "32",
                                            "columns",
                                            "4",
                                            "lanes_per_bank",
                                            "2",
                                            "hold",
                                            "2",
                                            "stripe",
                                            "1",
                                            "weight_kb",
                                            "4",
                                            "activation_kb",
                                            "1",
                                            "bus_mm",
                                            "1",
                                            "bus_bits",
                                            "128",
                                            "subarray_rows",
                                            "64",
                                            "subarray_columns",
                                            "128",
                                            "weight_buffer_kb",
                                            "0",
                                            "line_buffer",
                                            "0",
                                            "scale_bits",
                                            "0",
                                            "lanes_per_subarray",
                                            "8",
                                            "sum_memory",
                                            "0",
                                            NULL};

static int setup(void **state)
{
    asx_error err;
    (void)state;
    tech = toy_technology();
    CHECK_OK(asx_workload_init(&work, "one", &err), err);
    add_conv(&work, "conv", 4, 4, 6, 1, 3);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    asx_workload_fini(&work);
    asx_technology_free(tech);
    return 0;
}

static asx_machine *machine_of(const asx_workload *of, const char *const *more)
{
    asx_error err;
    asx_params params = params_of(plain_machine);
    asx_machine *machine = NULL;
    for (; more && more[0]; more += 2)
        CHECK_OK(asx_params_set(&params, more[0], more[1], &err), err);
    CHECK_OK(asx_machine_new(&machine, tech, of, &params, &err), err);
    return machine;
}

static void near_to(const char *what, double value, double want)
{
    if (!(fabs(value - want) <= 1e-6 * fabs(want) + 1e-9))
        fail_msg("%s: %.12g instead of %.12g", what, value, want);
}

static asx_layer_mapping mapping_of(const asx_machine *machine, const asx_workload *of,
                                    const char *text)
{
    asx_error err;
    asx_design design;
    asx_layer_mapping m;
    CHECK_OK(asx_design_parse(&design, text, of, &err), err);
    CHECK_OK(asx_machine_mapping(&m, machine, design.placement, 0, &design.format[0], &err), err);
    asx_design_fini(&design);
    return m;
}

/* The lane that lengths of wires are worked out with: 8 x 8 bits: 64 um2 of multiplier, 19 bits of
 * adder at 2 um2, registers of 16 bits and of 19 x 2 / 8 at 3 um2. */
static const double lane_um2 = 64 + 19 * 2 + (16 + 19 * 2 / 8.) * 3;

static void vn(void **state)
{
    (void)state;
    asx_machine *machine = machine_of(&work, NULL);
    const asx_cost c = cost_of(machine, &work, "vn: w8a8", NULL);
    const asx_layer_mapping m = mapping_of(machine, &work, "vn: w8a8");
    assert_string_equal(m.dataflow, "window 8; weight held 2; memory");
    assert_string_equal(m.circuit, "multiplier");
    assert_true(m.weight_reads == 216 * 8 && m.lane_loads == 216 * 8 && m.hold == 2);
    assert_true(m.input_reads == 36 * 16 * 2 && m.row_loads == m.input_reads);
    assert_true(m.input_writes == 64 && m.sums == 96 * 5 && m.spills == 0);
    near_to("multiply", c.energy_part_pj[ASX_PART_MULTIPLY], 3456 * .64);
    /* a tree of 16 + 3 bits; the sum of 16 + 6 bits is added to and latched, one of 2 is chosen;
     * activations are latched on entering: 1152 x 8 bits */
    near_to("accumulate", c.energy_part_pj[ASX_PART_ACCUMULATE],
            (3456 - 480) * 19 + 480 * 22 + 480 * 22 * (.5 + .1) + 1152 * 8 * .5);
    near_to("weights", c.energy_part_pj[ASX_PART_WEIGHT_READ], 1728 * 8 * (.1 * 2 + .5));
    near_to("reads", c.energy_part_pj[ASX_PART_ACTIVATION_READ],
            1152 * 8 * .1 + 6 * 32 * .1 * 0 +
                /* the window's 36 activations do not come 8 by 8: a rotator of 3 stages, but 4
                 * channels make two positions a tile */
                1152 * 8 * 3 * .1);
    near_to("writes", c.energy_part_pj[ASX_PART_ACTIVATION_WRITE], 64 * 8 * .2);
    /* weights, activations and inputs over 1 mm, activations along the array */
    const double array_mm = 1e-3 * sqrt(32 * lane_um2);
    near_to("wire", c.energy_part_pj[ASX_PART_WIRE],
            (1728 + 1152 + 64) * 8 + 1152 * 8 * 1.5 * array_mm);
    /* bias, 16 bits latched and cut, a shifter of 5 stages; bias of 32 bits per channel */
    near_to("scale", c.energy_part_pj[ASX_PART_SCALE],
            96 * (22 + 16 * .5 + 32 * .01 + 22 * 5 * .1) + 6 * 32 * .1);
    /* 160 steps; 1728 x 8 bits of weights at 128 a cycle: 108 */
    near_to("cycles", c.cycles, 160);
    near_to("area of sums", c.area_part_um2[ASX_PART_ACCUMULATE],
            28 * 19 * 2 + 4 * (22 * 2 + 22 * 2 * 3 + 22 * .2) + 8 * 8 * 3);
    near_to("area of weights", c.area_part_um2[ASX_PART_WEIGHT_READ], 1000 + 1280 + 32 * 8 * 3);
    near_to("area of scaling", c.area_part_um2[ASX_PART_SCALE],
            4 * (22 * 2 + 16 * 3 + 32 * .1 + 22 * 5 * .2));
    near_to("leakage", c.energy_part_pj[ASX_PART_LEAKAGE], 1e-6 * c.area_um2 * 320);
    asx_machine_free(machine);
}

/* With a memory of sums a tile's weights stay for all 16 pixels: every weight is read once, and all
 * sums but the last are written and read again. */
static void vn_memory(void **state)
{
    (void)state;
    static const char *const with[] = {"sum_memory", "1", NULL};
    asx_machine *machine = machine_of(&work, with);
    const asx_cost c = cost_of(machine, &work, "vn: w8a8", NULL);
    const asx_layer_mapping m = mapping_of(machine, &work, "vn: w8a8");
    assert_string_equal(m.dataflow, "window 8; weight held 16; memory");
    assert_true(m.weight_reads == 216 && m.lane_loads == 216 && m.hold == 16);
    assert_true(m.spills == 96 * 4 && m.sums == 96 * 5);
    near_to("sums", c.energy_part_pj[ASX_PART_PARTIAL_SUM], 384 * 22 * (.1 + .2));
    near_to("weights", c.energy_part_pj[ASX_PART_WEIGHT_READ], 216 * 8 * (.1 * 2 + .5));
    near_to("registers", c.energy_part_pj[ASX_PART_ACCUMULATE],
            (3456 - 480) * 19 + 480 * 22 + 480 * 22 * .5 + 1152 * 8 * .5);
    near_to("cycles", c.cycles, 160); /* the memory's port: 2 x 384 x 22 / 128 = 132 */
    near_to("area", c.area_part_um2[ASX_PART_PARTIAL_SUM], 1000 + 1280);
    asx_machine_free(machine);
}

/* Lanes by 8 beside 4 sub-arrays of 1 kB. A sub-array has 8 rows of one column, or 4 of 2, ...: the
 * cut that moves the fewest bits. Weights are read where they are; activations cross the grid. */
static void near(void **state)
{
    (void)state;
    asx_machine *machine = machine_of(&work, NULL);
    const asx_cost c = cost_of(machine, &work, "near: w8a8", NULL);
    const asx_layer_mapping m = mapping_of(machine, &work, "near: w8a8");
    assert_string_equal(m.dataflow, "window 8; weight held 2; memory");
    near_to("weights", c.energy_part_pj[ASX_PART_WEIGHT_READ], 1728 * 8 * (.1 + .5));
    const double pitch_mm = 1e-3 * sqrt(1000 + 1280 + 8 * lane_um2);
    /* 8 rows of a column each: 8 x 8 bits to 4 sub-arrays, no sums across: 192 bit pitches; 4 rows
     * of 2 columns: 64 to 2, and 4 sums of 20 bits over 1: 64 + 80 = 144; 2 rows of 4: 240 */
    near_to("wire", c.energy_part_pj[ASX_PART_WIRE],
            (1152 + 64) * 8 * .75 * 2 * pitch_mm + 1152 * 8 * pitch_mm + 480 * 22 * pitch_mm);
    near_to("cycles", c.cycles, 160);
    /* four sub-arrays, although the weights would fit one: they all work */
    near_to("area of weights", c.area_part_um2[ASX_PART_WEIGHT_READ], 4 * 2280 + 32 * 8 * 3);
    asx_machine_free(machine);
}

/* Twice the weights of what the working sub-arrays hold: twice the lanes, half of them cut off. */
static void near_replicated(void **state)
{
    (void)state;
    static const char *const small[] = {"subarray_rows", "32", "extrapolate", "1", NULL};
    static const char *const leaky[] = {"subarray_rows", "32", "extrapolate", "1",
                                        "power_gating",  "0",  NULL};
    asx_error err;
    asx_workload big;
    CHECK_OK(asx_workload_init(&big, "big", &err), err);
    add_conv(&big, "fc", 64, 1, 64, 1, 1); /* 4 kB of 8-bit weights: 8 sub-arrays of half a kB */
    asx_machine *machine = machine_of(&big, small), *open = machine_of(&big, leaky);
    const asx_cost all = cost_of(machine, &big, "near: w8a8", NULL),
                   half = cost_of(machine, &big, "near: w4a8", NULL);
    const asx_cost vn = cost_of(machine, &big, "vn: w8a8", NULL);
    near_to("lanes", all.area_part_um2[ASX_PART_MULTIPLY], 2 * vn.area_part_um2[ASX_PART_MULTIPLY]);
    near_to("lanes of 4 bits", half.area_part_um2[ASX_PART_MULTIPLY], 32 * 32);
    const asx_cost leaks = cost_of(open, &big, "near: w8a8", NULL);
    assert_true(leaks.energy_part_pj[ASX_PART_LEAKAGE] > all.energy_part_pj[ASX_PART_LEAKAGE]);
    near_to("area", leaks.area_um2, all.area_um2);
    asx_machine_free(open);
    asx_machine_free(machine);
    asx_workload_fini(&big);
}

static void in(void **state)
{
    (void)state;
    asx_machine *machine = machine_of(&work, NULL);
    const asx_cost c = cost_of(machine, &work, "in: w4a8", NULL);
    const asx_layer_mapping m = mapping_of(machine, &work, "in: w4a8");
    /* exact 4-bit words are a digit among {1,3,5,7}: 10 bits of multiple on 32 cells, once; bit by
     * bit it would be 4 x 8 bits */
    assert_string_equal(m.circuit, "selection");
    assert_int_equal(m.passes, 1);
    near_to("select", c.energy_part_pj[ASX_PART_SELECT], 3456 * 32 * 11 * .001);
    near_to("weights", c.energy_part_pj[ASX_PART_WEIGHT_READ], 0);
    assert_true(m.weight_reads == 0 && m.lane_loads == 0 && m.hold == 16);
    near_to("cycles", c.cycles, 160);
    asx_machine_free(machine);
}

/* Every placement under the same buffers: the weights come once into the weight buffer, activations
 * once per sweep into the line buffer. */
static void buffers(void **state)
{
    (void)state;
    static const char *const with[] = {"weight_buffer_kb", "1", "line_buffer", "1", NULL};
    asx_machine *machine = machine_of(&work, with);
    static const char *const placements[] = {"vn: w8a8", "near: w8a8"};
    for (int i = 0; i < 2; i++) {
        const asx_cost c = cost_of(machine, &work, placements[i], NULL);
        const asx_layer_mapping m = mapping_of(machine, &work, placements[i]);
        print_message("%s: %s\n", placements[i], m.dataflow);
        if (strstr(m.dataflow, "buffer"))
            assert_true(m.weight_reads == 216 && m.buffer_reads == m.lane_loads);
        assert_non_null(strstr(m.dataflow, "lines"));
        assert_true(m.input_reads == 64. * 2 && m.line_reads == m.row_loads);
        near_to("memories", c.area_part_um2[ASX_PART_ACTIVATION_READ], 2 * 2280);
    }
    asx_machine_free(machine);
}

/* What is added, pooled, read by two, held with 16 bits; the image. */
static void other_work(void **state)
{
    (void)state;
    asx_error err;
    asx_workload busy;
    CHECK_OK(asx_workload_copy(&busy, &work, &err), err);
    busy.layer[0].other = (asx_layer_other){.readers = 2,
                                            .image = true,
                                            .added = 96,
                                            .pooled = 48,
                                            .wide_writes = 96,
                                            .wide_reads = 50,
                                            .held = 600};
    asx_machine *machine = machine_of(&busy, NULL), *plain = machine_of(&work, NULL);
    const asx_cost c = cost_of(machine, &busy, "vn: w8a8", NULL),
                   p = cost_of(plain, &work, "vn: w8a8", NULL);
    near_to("adding", c.energy_part_pj[ASX_PART_RESIDUAL], 144 * (16 + 8));
    near_to("adding, before", p.energy_part_pj[ASX_PART_RESIDUAL], 0);
    near_to("reads",
            c.energy_part_pj[ASX_PART_ACTIVATION_READ] - p.energy_part_pj[ASX_PART_ACTIVATION_READ],
            50 * 16 * .1);
    near_to("writes",
            c.energy_part_pj[ASX_PART_ACTIVATION_WRITE] -
                p.energy_part_pj[ASX_PART_ACTIVATION_WRITE],
            96 * 16 * .2 - 32 * 8 * .2);
    /* 64 + 96 words of 8 bits and 600 of 16 in 8192 bits: 2688 go out and come back */
    near_to("off chip", c.energy_part_pj[ASX_PART_OFF_CHIP],
            32 * 8 * 20 + 2 * 2688 * (20 + .5 * (.1 + .2)));
    near_to("cycles", c.cycles, fmax(160, (2 * 2688 + 256) / 32.));
    asx_machine_free(plain);
    asx_machine_free(machine);
    asx_workload_fini(&busy);
}

/* Each aim is best at what it aims for, and under no mapping does the choice of dataflow cost. */
static void aims(void **state)
{
    (void)state;
    static const char *const names[] = {"energy", "latency", "energy_delay"};
    static const char *const designs[] = {"vn: w8a8", "vn: w4{1,3}a8", "near: w8{1}a4", "in: w6a8"};
    asx_error err;
    asx_workload net;
    asx_technology *real = NULL;
    CHECK_OK(asx_technology_load(&real, "nangate45", &err), err);
    CHECK_OK(asx_workload_init(&net, "resnet20", &err), err);
    asx_workload_fini(&net);
    add_resnet20(&net);
    for (size_t d = 0; d < sizeof designs / sizeof *designs; d++) {
        double energy[3], delay[3];
        for (int i = 0; i < 3; i++) {
            const char *const set[] = {"mapping", names[i], NULL};
            const asx_params params = params_of(set);
            asx_machine *machine = NULL;
            CHECK_OK(asx_machine_new(&machine, real, &net, &params, &err), err);
            const asx_cost c = cost_of(machine, &net, designs[d], NULL);
            energy[i] = c.energy_pj - c.energy_part_pj[ASX_PART_LEAKAGE];
            delay[i] = c.latency_ns;
            asx_machine_free(machine);
        }
        assert_true(energy[0] <= energy[2] * 1.02 && energy[0] <= energy[1] * 1.02);
        assert_true(delay[1] <= delay[0] && delay[1] <= delay[2]);
    }
    asx_workload_fini(&net);
    asx_technology_free(real);
}

/* 2 products of [4][8] by [8][4], beside the grouped convolution of the same shape, whose 64 weights
 * are there already: what is more is their writing, what is less is reading 8 biases and factors. */
static void product(void **state)
{
    (void)state;
    static const char *const design[] = {"vn: w8a8", "near: w8a8", "in: w8a8", "near: w8{1,3}a8"};
    /* pJ a bit: memory of 4 kB and 128 bits, of sub-arrays of 1 kB; reads of 1 kB */
    static const double write[] = {.4, .2, .2, .2}, codes[] = {0, 0, 0, 16};
    asx_layer layer = {.kind = ASX_LAYER_PRODUCT,
                       .in_c = 16,
                       .in_h = 4,
                       .in_w = 1,
                       .out_c = 8,
                       .out_h = 4,
                       .out_w = 1,
                       .kernel_h = 1,
                       .kernel_w = 1,
                       .stride_h = 1,
                       .stride_w = 1,
                       .groups = 2};
    char name[] = "product";
    layer.name = name;
    for (int fixed = 0; fixed < 2; fixed++)
        for (size_t d = 0; d < 4; d++) {
            asx_error err;
            asx_cost cost[2];
            for (int k = 0; k < 2; k++) {
                const char *const more[] = {"mapping", fixed ? "fixed" : "energy", NULL};
                asx_workload one = {0};
                layer.kind = k ? ASX_LAYER_PRODUCT : ASX_LAYER_CONV;
                CHECK_OK(asx_workload_init(&one, "one", &err), err);
                CHECK_OK(asx_workload_add(&one, &layer, &err), err);
                asx_machine *machine = machine_of(&one, more);
                cost[k] = cost_of(machine, &one, design[d], NULL);
                asx_machine_free(machine);
                asx_workload_fini(&one);
            }
            const double bits = cost[0].weight_bits;
            const double *was = cost[0].energy_part_pj, *is = cost[1].energy_part_pj;
            assert_true(cost[1].weight_bits == bits && cost[1].area_um2 == cost[0].area_um2);
            near_to("write", is[ASX_PART_ACTIVATION_WRITE] - was[ASX_PART_ACTIVATION_WRITE],
                    bits * write[d]);
            near_to("cycles", cost[1].cycles - cost[0].cycles, ceil(bits / 128));
            near_to("scale", was[ASX_PART_SCALE] - is[ASX_PART_SCALE],
                    fixed ? 0 : 8 * 32 * .1 * sqrt(1));
            assert_true(is[ASX_PART_WIRE] > was[ASX_PART_WIRE]);
            assert_true((is[ASX_PART_DECODE] > was[ASX_PART_DECODE]) == (codes[d] > 0));
            near_to("read", is[ASX_PART_WEIGHT_READ], was[ASX_PART_WEIGHT_READ]);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(product),
                                       cmocka_unit_test(vn),
                                       cmocka_unit_test(vn_memory),
                                       cmocka_unit_test(near),
                                       cmocka_unit_test(near_replicated),
                                       cmocka_unit_test(in),
                                       cmocka_unit_test(buffers),
                                       cmocka_unit_test(other_work),
                                       cmocka_unit_test(aims)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
