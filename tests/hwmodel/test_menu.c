/* Menus of words: what is stored counted by hand, circuits against those of the union, and that nothing is free. */
#include "dse/format.h"
#include "hwmodel/warnings.h"
#include "toy.h"

static asx_technology *tech;
static asx_workload work;

/* 27 x 16 weights, 144 x 16, 16 x 10 */
static int setup(void **state)
{
    asx_error err;
    (void)state;
    CHECK_OK(asx_technology_load(&tech, "nangate45", &err), err);
    CHECK_OK(asx_workload_init(&work, "net", &err), err);
    add_conv(&work, "conv1", 3, 16, 16, 1, 3);
    add_conv(&work, "conv2", 16, 16, 16, 1, 3);
    add_conv(&work, "fc", 16, 1, 10, 1, 1);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    asx_workload_fini(&work);
    asx_technology_free(tech);
    return 0;
}

enum { PLACEMENTS = 3, MAPPINGS = 2 };
static const char *const placements[PLACEMENTS] = {"vn", "near", "in"};
static const char *const mappings[MAPPINGS] = {"fixed", "energy"};

static asx_cost price(size_t mapping, const char *encode, const char *placement, const char *format,
                      asx_cost *layer)
{
    asx_error err;
    char design[96];
    const char *const set[] = {"mapping", mappings[mapping], "encode", encode, "extrapolate", "1",
                               NULL};
    const asx_params params = params_of(set);
    asx_machine *machine = NULL;
    snprintf(design, sizeof design, "%s: %s", placement, format);
    CHECK_OK(asx_machine_new(&machine, tech, &work, &params, &err), err);
    const asx_cost cost = cost_of(machine, &work, design, layer);
    asx_machine_free(machine);
    return cost;
}

/* Words of 3 bits and a bit for a group; of 27 weights 4 groups of 8, of 144 18, of 16 2. */
static void tags_are_stored(void **state)
{
    (void)state;
    static const struct {
        const char *format;
        size_t each, tag, groups[3];
    } counted[] = {{"w4{1}/4{3}a8@8", 3, 1, {4, 18, 2}},
                   {"w4{1}/4{3}a8@ch", 3, 1, {1, 1, 1}},
                   {"w4{1}/4{3}a8@128", 3, 1, {1, 2, 1}},
                   {"w4{1}/4{3}/2a8@2", 3, 2, {14, 72, 8}},
                   {"w2/3/4/5{1}/4{3}/6/7/8a8@16", 8, 3, {2, 9, 1}}};
    static const size_t depth[] = {27, 144, 16}, channels[] = {16, 16, 10};
    for (size_t i = 0; i < sizeof counted / sizeof *counted; i++)
        for (size_t p = 0; p < PLACEMENTS; p++)
            for (size_t m = 0; m < MAPPINGS; m++) {
                asx_cost layer[3];
                double all = 0;
                const asx_cost cost = price(m, "1", placements[p], counted[i].format, layer);
                for (size_t l = 0; l < 3; l++) {
                    const double bits =
                        (double)(channels[l] * (depth[l] * counted[i].each +
                                                counted[i].tag * counted[i].groups[l]));
                    assert_true(layer[l].weight_bits == bits);
                    all += bits;
                }
                assert_true(cost.weight_bits == all);
            }
    /* as integers, digits are stored in the word's own bits */
    assert_true(price(1, "0", "near", "w4{1}/4{3}a8@ch", NULL).weight_bits ==
                4 * (432 + 2304 + 160) + 42);
    /* a code for all digits: 5 x 5 x 4 values and a sign take 8 bits, those of {1,5} more */
    assert_true(price(1, "2", "near", "w12{1}/12{3}a8@ch", NULL).weight_bits ==
                8 * (432 + 2304 + 160) + 42);
}

/* The arithmetic of a menu is that of the words' union; what is stored, moved and decoded is its own. */
static void the_union_computes(void **state)
{
    (void)state;
    static const asx_part same[] = {
        ASX_PART_MULTIPLY, ASX_PART_PRECOMPUTE, ASX_PART_SELECT, ASX_PART_SHIFT,
        ASX_PART_ADD,      ASX_PART_ACCUMULATE, ASX_PART_SCALE,  ASX_PART_ACTIVATION_READ};
    static const struct {
        const char *menu, *circuit;
    } pairs[] = {{"w4{1}/4{3}a8@128", "w4{1,3}a8"},
                 {"w8{1}/8{3}/8{1,5}a8@ch", "w8{1,3,5}a8"},
                 {"w6s{1}/8s{3}a8@32", "w8s{1,3}a8"},
                 {"w4/8{1}a8@32", "w8a8"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        for (size_t p = 0; p < PLACEMENTS; p++) {
            const asx_cost menu = price(0, "1", placements[p], pairs[i].menu, NULL),
                           one = price(0, "1", placements[p], pairs[i].circuit, NULL);
            for (size_t k = 0; k < sizeof same / sizeof *same; k++)
                if (fabs(menu.energy_part_pj[same[k]] - one.energy_part_pj[same[k]]) >
                    1e-9 * one.energy_pj)
                    fail_msg("%s: %s, part %d", placements[p], pairs[i].menu, (int)same[k]);
            assert_true(fabs(menu.cycles / one.cycles - 1) < 1e-3); /* weights come in between */
        }
}

/* A menu costs as much as any of its words, and more with more to choose: never less. */
static void nothing_is_free(void **state)
{
    (void)state;
    static const struct {
        const char *menu, *less;
    } pairs[] = {{"w4{1}/4{3}a8@128", "w4{1}a8"},
                 {"w4{1}/4{3}a8@ch", "w4{3}a8"},
                 {"w4{1}/4{3}a8@2", "w4{1}/4{3}a8@128"},
                 {"w4{1}/4{3}a8@128", "w4{1}/4{3}a8@ch"},
                 {"w4{1}/4{3}/4{5}a8@32", "w4{1}/4{3}a8@32"},
                 {"w3/4{1}a8@32", "w3a8"},
                 {"w4/5{1,3}a8@32", "w4a8"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        for (size_t p = 0; p < PLACEMENTS; p++)
            for (size_t m = 0; m < MAPPINGS; m++) {
                const asx_cost menu = price(m, "1", placements[p], pairs[i].menu, NULL),
                               less = price(m, "1", placements[p], pairs[i].less, NULL);
                if (!(menu.energy_pj > less.energy_pj && menu.area_um2 >= less.area_um2 &&
                      menu.weight_bits > less.weight_bits))
                    fail_msg("%s, %s: %s costs %g, %s %g", placements[p], mappings[m],
                             pairs[i].menu, menu.energy_pj, pairs[i].less, less.energy_pj);
            }
}

/* What no gate-level row has is said; what cannot be is refused. */
static void said_and_refused(void **state)
{
    (void)state;
    asx_error err;
    asx_workload product;
    asx_design design;
    asx_warnings warnings = {0};
    asx_machine *machine = NULL;
    const asx_layer layer = {.name = (char *)(uintptr_t) "qk",
                             .kind = ASX_LAYER_PRODUCT,
                             .in_c = 64,
                             .in_h = 16,
                             .in_w = 1,
                             .out_c = 64,
                             .out_h = 16,
                             .out_w = 1,
                             .kernel_h = 1,
                             .kernel_w = 1,
                             .stride_h = 1,
                             .stride_w = 1,
                             .groups = 4};
    CHECK_OK(asx_workload_init(&product, "net", &err), err);
    CHECK_OK(asx_workload_add(&product, &layer, &err), err);
    for (size_t m = 0; m < MAPPINGS; m++) {
        const char *const set[] = {"mapping", mappings[m], NULL};
        const asx_params params = params_of(set);
        asx_cost cost;
        CHECK_OK(asx_machine_new(&machine, tech, &product, &params, &err), err);
        for (size_t p = 0; p < PLACEMENTS; p++) {
            char text[64];
            snprintf(text, sizeof text, "%s: w4{1}/4{3}a8@ch", placements[p]);
            CHECK_OK(asx_design_parse(&design, text, &product, &err), err);
            CHECK_FAIL(asx_machine_cost(&cost, NULL, machine, &design, &err), ASX_EINVAL, err);
            assert_non_null(strstr(err.message, "layer 'qk' is a product"));
            asx_design_fini(&design);
        }
        asx_machine_free(machine);
        CHECK_OK(asx_machine_new(&machine, tech, &work, &params, &err), err);
        CHECK_OK(asx_design_parse(&design, "near: w4{1}/4{3}a8@ch", &work, &err), err);
        CHECK_OK(asx_machine_warnings(&warnings, machine, &design, &err), err);
        size_t said = 0;
        for (size_t i = 0; i < warnings.n; i++)
            said += strstr(warnings.list[i].text, "the decoder of its menu") != NULL;
        assert_int_equal(said, 3);
        asx_warnings_fini(&warnings);
        asx_design_fini(&design);
        asx_machine_free(machine);
    }
    asx_workload_fini(&product);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tags_are_stored), cmocka_unit_test(the_union_computes),
        cmocka_unit_test(nothing_is_free), cmocka_unit_test(said_and_refused)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
