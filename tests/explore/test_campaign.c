/* Campaigns: what is understood of a text, which line is blamed for a wrong value, and that a
 * description built in memory is the same campaign as the file that says the same. */
#include "explore/campaign.h"

#include <math.h>
#include <string.h>

#include "campaign_private.h"
#include "check.h"

static const char minimal[] = "name: m\nnetwork: net.onnx\n";

static asx_campaign *parse(const char *text)
{
    asx_error err;
    asx_campaign *c = NULL;
    CHECK_OK(asx_campaign_parse(&c, "c.yaml", text, strlen(text), NULL, &err), err);
    return c;
}

static void test_defaults(void **state)
{
    (void)state;
    asx_campaign *c = parse(minimal);
    assert_int_equal(c->n_objectives, 2);
    assert_int_equal(c->objective[0], ASX_DROP);
    assert_int_equal(c->objective[1], ASX_ENERGY);
    for (int o = 0; o < ASX_N_OBJECTIVES; o++)
        assert_true(isinf(c->limits.max[o]));
    assert_int_equal(c->search_tier, ASX_TIER_MEASURED);
    assert_int_equal(c->seed, 1);
    assert_int_equal(c->budget, 0);
    assert_int_equal(c->rounds, 0);
    assert_int_equal(c->per_round, 16);
    assert_int_equal(c->measured, 50);
    assert_int_equal(c->trained, 0);
    assert_true(c->train_minutes == 0);
    assert_string_equal(c->text, minimal);
    asx_campaign_free(c);
    /* a space of layers is too large to measure */
    c = parse("name: m\nnetwork: net.onnx\nspace: { scope: layer }\n");
    assert_int_equal(c->search_tier, ASX_TIER_PROXY);
    asx_campaign_free(c);
}

static void test_values(void **state)
{
    (void)state;
    asx_campaign *c =
        parse("name: m\nnetwork: net.onnx\nobjectives: [latency, drop, area]\n"
              "limits: { drop: -1.5, area: 2e6 }\n"
              "calibration: { ranges: percentile, percentile: 99.5 }\n"
              "search: { tier: proxy, seed: 7, budget: 1000, rounds: 4, per_round: 5 }\n"
              "verify: { measured: 9, trained: 2, minutes: 1.5 }\n"
              "train: { parameters: [epochs=3] }\n");
    assert_int_equal(c->n_objectives, 3);
    assert_int_equal(c->objective[2], ASX_AREA);
    assert_true(c->limits.max[ASX_DROP] == -1.5 && c->limits.max[ASX_AREA] == 2e6);
    assert_int_equal(c->calibration.ranging, ASX_RANGING_PERCENTILE);
    assert_true(c->calibration.percentile == 99.5);
    assert_int_equal(c->search_tier, ASX_TIER_PROXY);
    assert_int_equal(c->seed, 7);
    assert_int_equal(c->budget, 1000);
    assert_int_equal(c->rounds, 4);
    assert_int_equal(c->per_round, 5);
    assert_int_equal(c->measured, 9);
    assert_int_equal(c->trained, 2);
    assert_true(c->train_minutes == 1.5);
    asx_error err;
    asx_train_options o;
    CHECK_OK(asx_campaign_train_options(&o, c, &err), err);
    assert_true(asx_params_get(&o.number, "epochs") == 3);
    assert_int_equal(o.seed, 7);
    asx_campaign_free(c);
}

/* Every wrong value is told with its line, in block style and in flow style. */
static void test_wrong_values(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
        asx_status status;
    } wrong[] = {
        {"objectives: [drop, size]\n", "c.yaml:3: objectives: ", ASX_ENOTFOUND},
        {"objectives:\n  - drop\n  - energy\n  - drop\n", "c.yaml:4: objectives: 'drop' twice",
         ASX_EINVAL},
        {"objectives: [drop]\n", "c.yaml:3: objectives: one alone has no front", ASX_EINVAL},
        {"limits:\n  area: 3\n  drop: 101\n", "c.yaml:5: limits.drop: 101 is outside [-100, 100]",
         ASX_EINVAL},
        {"search: { seed: 1,\n  budget: few }\n", "c.yaml:4: search.budget: 'few' ", ASX_EPARSE},
        {"search: { tier: trained }\n", "c.yaml:3: search.tier: 'trained' is not one of proxy, ",
         ASX_EINVAL},
        {"search: { rounds: 2 }\n", "c.yaml:3: search.rounds: they teach the proxy", ASX_EINVAL},
        {"verify: { trained: 1 }\n", "c.yaml:3: verify.trained: the campaign has no 'train'",
         ASX_EINVAL},
        {"calibration: { percentile: 99 }\n", "c.yaml:3: calibration.percentile: it is for ",
         ASX_EINVAL},
        {"seach: { seed: 1 }\n", "c.yaml:3: unknown key 'seach'", ASX_EPARSE},
        {"search: [1]\n", "c.yaml:3: ", ASX_EPARSE},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char text[400];
        asx_error err;
        asx_campaign *c = NULL;
        snprintf(text, sizeof text, "%s%s", minimal, wrong[i].text);
        CHECK_FAIL(asx_campaign_parse(&c, "c.yaml", text, strlen(text), NULL, &err),
                   wrong[i].status, err);
        assert_null(c);
        if (strncmp(err.message, wrong[i].message, strlen(wrong[i].message)) != 0)
            fail_msg("'%s' gives '%s'", wrong[i].text, err.message);
    }
}

static void test_no_text(void **state)
{
    (void)state;
    asx_error err;
    asx_campaign *c = NULL;
    CHECK_FAIL(asx_campaign_parse(&c, "c.yaml", "", 0, NULL, &err), ASX_EPARSE, err);
    CHECK_FAIL(asx_campaign_parse(&c, "c.yaml", "name: m\0x", 9, NULL, &err), ASX_EPARSE, err);
    CHECK_FAIL(asx_campaign_parse(&c, "c.yaml", "name: m\n", 8, NULL, &err), ASX_EPARSE, err);
    assert_non_null(strstr(err.message, "'network' is missing"));
    CHECK_FAIL(asx_campaign_load(&c, "/nowhere/c.yaml", NULL, &err), ASX_EIO, err);
    assert_null(c);
}

/* The images of 'train' are read as those of 'data' are, but the blame is its own. */
static void test_training_images(void **state)
{
    (void)state;
    static const struct {
        const char *train, *message;
    } wrong[] = {
        {"train: { count: 0 }\n", "c.yaml:6: train.count: 0 is outside [1, 1000000]"},
        {"train:\n  seed: -1\n  count: 10\n", "c.yaml:7: train.seed: -1 is outside "},
        {"train: { count: 10, images: \"5:12\" }\n", "c.yaml:6: train.images: "},
    };
    char text[400];
    asx_error err;
    asx_dataset *data = NULL;
    asx_range images = {7, 7};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        snprintf(text, sizeof text, "%sdata:\n  format: glyphs\n  count: 20\n%s", minimal,
                 wrong[i].train);
        asx_campaign *c = parse(text);
        CHECK_FAIL(asx_campaign_train_data(&data, &images, c, &err), ASX_EINVAL, err);
        if (strncmp(err.message, wrong[i].message, strlen(wrong[i].message)) != 0)
            fail_msg("'%s' gives '%s'", wrong[i].train, err.message);
        assert_null(data);
        assert_int_equal(images.first, 7);
        asx_campaign_free(c);
    }
    /* and a wrong data.count is still that */
    snprintf(text, sizeof text, "%sdata:\n  format: glyphs\n  count: 0\ntrain: { count: 10 }\n",
             minimal);
    asx_campaign *c = parse(text);
    CHECK_FAIL(asx_campaign_load_data(&data, c, &err), ASX_EINVAL, err);
    assert_string_equal(err.message, "c.yaml:5: data.count: 0 is outside [1, 1000000]");
    CHECK_OK(asx_campaign_train_data(&data, &images, c, &err), err);
    assert_int_equal(asx_dataset_size(data), 10);
    assert_int_equal(images.end, 10);
    asx_dataset_free(data);
    asx_campaign_free(c);
}

static char *look_up(const char *name)
{
    static char there[] = "/there";
    return strcmp(name, "WHERE") == 0 ? there : NULL;
}

static void test_paths(void **state)
{
    (void)state;
    static const char text[] = "name: m\nnetwork: ${WHERE}/net.onnx\n";
    static const char other[] = "name: m\nnetwork: ${OTHER}/net.onnx\n";
    asx_error err;
    asx_campaign *c = NULL;
    CHECK_OK(asx_campaign_parse(&c, "a/c.yaml", text, strlen(text), look_up, &err), err);
    assert_string_equal(c->network_path, "/there/net.onnx");
    asx_campaign_free(c);
    c = NULL;
    CHECK_FAIL(asx_campaign_parse(&c, "c.yaml", other, strlen(other), look_up, &err), ASX_ENOTFOUND,
               err);
    assert_memory_equal(err.message, "c.yaml:2: network: ", 19);
    CHECK_FAIL(asx_campaign_parse(&c, "c.yaml", text, strlen(text), NULL, &err), ASX_ENOTFOUND,
               err);
    assert_null(c);
    /* relative to the file's folder */
    CHECK_OK(asx_campaign_parse(&c, "a/c.yaml", minimal, strlen(minimal), NULL, &err), err);
    assert_string_equal(c->network_path, "a/net.onnx");
    asx_campaign_free(c);
}

/* ---- in memory ---- */

static void test_description_is_the_file(void **state)
{
    (void)state;
    static const char *const bits[] = {"4", "8"}, *const objectives[] = {"drop", "area"};
    static const char *const layers[] = {"conv1", "conv2"}, *const parameters[] = {"population=20"};
    const asx_campaign_group group = {"front", layers, 2};
    const asx_campaign_pin pin = {"fc", "w8a8"};
    const asx_campaign_spec spec = {
        .name = "m",
        .network = "dir/net: 1.onnx", /* wants quotes in YAML */
        .data = &(asx_campaign_data){.format = "glyphs", .count = "100", .select = "0:50"},
        .space =
            &(asx_campaign_space){
                .scope = "layer",
                .weights = {.bits = bits, .bits_count = 2, .alphabets = "none max 2"},
                .groups = &group,
                .groups_count = 1,
                .pin = &pin,
                .pin_count = 1},
        .objectives = objectives,
        .objectives_count = 2,
        .limits = &(asx_campaign_limits){.drop = "2"},
        .search = &(asx_campaign_search){.algorithm = "nsga2",
                                         .budget = "500",
                                         .parameters = parameters,
                                         .parameters_count = 1}};
    static const char text[] =
        "name: m\nnetwork: 'dir/net: 1.onnx'\n"
        "data: { format: glyphs, count: 100, select: '0:50' }\n"
        "space: { scope: layer, weights: { bits: [4, 8], alphabets: none max 2 },\n"
        "  groups: [ { name: front, layers: [conv1, conv2] } ], pin: [ { layer: fc, format: w8a8 } ]}\n"
        "objectives: [drop, area]\nlimits: { drop: 2 }\n"
        "search: { algorithm: nsga2, budget: 500, parameters: [population=20] }\n";
    asx_error err;
    asx_campaign *built = NULL, *again = NULL, *written = parse(text);
    CHECK_OK(asx_campaign_new(&built, &spec, &err), err);
    char *a = NULL, *b = NULL;
    size_t n_a = 0, n_b = 0;
    /* the same as one text, whatever way they came */
    CHECK_OK(asx_campaign_spec_print(&a, &n_a, built->spec, &err), err);
    CHECK_OK(asx_campaign_spec_print(&b, &n_b, written->spec, &err), err);
    assert_string_equal(a, b);
    assert_string_equal(a, built->text);
    assert_int_equal(built->budget, 500);
    assert_int_equal(built->search_tier, written->search_tier);
    assert_true(built->limits.max[ASX_DROP] == 2);
    assert_string_equal(built->network_path, written->network_path);
    /* and it can be written down and read again */
    CHECK_OK(asx_campaign_parse(&again, "c.yaml", built->text, built->text_length, NULL, &err),
             err);
    assert_string_equal(again->text, built->text);
    free(a);
    free(b);
    asx_campaign_free(again);
    asx_campaign_free(built);
    asx_campaign_free(written);
}

static void test_wrong_descriptions(void **state)
{
    (void)state;
    asx_error err;
    asx_campaign *c = NULL;
    asx_campaign_spec spec = {.name = "m"};
    CHECK_FAIL(asx_campaign_new(&c, &spec, &err), ASX_EINVAL, err);
    assert_string_equal(err.message, "(memory): key 'network' is missing");
    spec.network = "builtin:glyphs.onnx";
    spec.data = &(asx_campaign_data){.count = "3"};
    CHECK_FAIL(asx_campaign_new(&c, &spec, &err), ASX_EINVAL, err);
    assert_string_equal(err.message, "(memory): key 'data.format' is missing");
    spec.data = NULL;
    spec.search = &(asx_campaign_search){.budget = "-1"};
    CHECK_FAIL(asx_campaign_new(&c, &spec, &err), ASX_EINVAL, err);
    assert_string_equal(err.message, "(memory):4: search.budget: -1 is outside [0, 1000000000]");
    assert_null(c);
}

/* The campaign that the library carries. */
static void test_embedded(void **state)
{
    (void)state;
    asx_error err;
    asx_campaign *c = NULL;
    CHECK_OK(asx_campaign_load(&c, NULL, NULL, &err), err);
    assert_string_equal(c->spec->name, "glyphs");
    asx_campaign_free(c);
    asx_campaign_free(NULL);
}

/* ---- lines ---- */

/* Every key of a text in block style is found in the line where it was put. */
static void test_lines(void **state)
{
    (void)state;
    static const char text[] =
        "# data: none\nname: data\ndata:\n  format: x # count: 3\n"
        "  files: [a,\n    b]\n  count: 7\nspace:\n  weights:\n    bits: [4]\n"
        "  activations:\n    bits: [5,\n      6]\n  pin: [ { layer: count } ]\n";
    static const struct {
        const char *path, *raw;
        size_t line;
    } where[] = {
        {"name", NULL, 2},
        {"data", NULL, 3},
        {"data.format: no", "x", 4},
        {"data.files", "b", 6},
        {"data.count: 7 is wrong", "7", 7},
        {"data.mean: absent", NULL, 3},
        {"space.weights.bits", "4", 10},
        {"space.activations.bits", NULL, 12},
        {"space.activations.bits", "6", 13},
        {"space.pin", "count", 14},
        {"hardware.technology", NULL, 0},
        {"", NULL, 0},
    };
    for (size_t i = 0; i < sizeof where / sizeof *where; i++)
        assert_int_equal(asx_campaign_line_of(text, where[i].path, where[i].raw), where[i].line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_wrong_values),
        cmocka_unit_test(test_no_text),
        cmocka_unit_test(test_training_images),
        cmocka_unit_test(test_paths),
        cmocka_unit_test(test_description_is_the_file),
        cmocka_unit_test(test_wrong_descriptions),
        cmocka_unit_test(test_embedded),
        cmocka_unit_test(test_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
