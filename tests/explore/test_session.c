/* Sessions: opened step by step; what evaluations are keyed by; the one builder of a search. */
#include "explore/session.h"

#include <string.h>

#include "search_builder.h"
#include "session_private.h"
#include "tiny.h"

static void test_steps(void **state)
{
    (void)state;
    asx_error err;
    asx_session s = tiny_session(&(asx_campaign_spec){0});
    assert_true(s.network && s.machine && !s.space && !s.data && !s.proxy);
    CHECK_OK(asx_session_need_space(&s, &err), err);
    assert_int_equal(asx_space_size(s.space), 8);
    CHECK_OK(asx_session_need_measure(&s, ASX_SUBSET_REPORT, &err), err);
    assert_true(s.data && s.calibration && s.measure[ASX_SUBSET_REPORT]);
    assert_null(s.measure[ASX_SUBSET_SELECT]);
    assert_int_equal(s.subset[ASX_SUBSET_REPORT].first, 100);
    assert_int_equal(s.calibrate.end, 32);
    /* once there, it stays */
    const asx_measure *measure = s.measure[ASX_SUBSET_REPORT];
    const asx_space *space = s.space;
    CHECK_OK(asx_session_need_measure(&s, ASX_SUBSET_REPORT, &err), err);
    CHECK_OK(asx_session_need_space(&s, &err), err);
    assert_true(measure == s.measure[ASX_SUBSET_REPORT] && space == s.space);
    asx_session_close(&s);
    assert_null(s.campaign);
}

/* Genes' formats, the pinned ones and the baseline's, each once. */
static void test_formats(void **state)
{
    (void)state;
    static const struct {
        const char *bits[2], *pinned;
        size_t n;
    } cases[] = {{{"4", "8"}, "w4{1}a8", 4}, {{"4", "5"}, "w4{1}a8", 5}, {{"4", "5"}, "w7a8", 6}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const asx_campaign_pin pin = {"conv1", cases[i].pinned};
        asx_campaign_space space = tiny_space;
        asx_error err;
        asx_format *format = NULL;
        size_t n = 0;
        space.weights.bits = cases[i].bits;
        space.pin = &pin;
        space.pin_count = 1;
        asx_session s = tiny_session(&(asx_campaign_spec){.space = &space});
        CHECK_OK(asx_session_list_formats(&format, &n, &s, &err), err);
        assert_int_equal(n, cases[i].n);
        for (size_t a = 0; a < n; a++)
            for (size_t b = 0; b < a; b++)
                assert_false(asx_format_equal(&format[a], &format[b]));
        free(format);
        asx_session_close(&s);
    }
}

static void test_what_cannot_be_opened(void **state)
{
    (void)state;
    static const char *const no_data[] = {"/nowhere/images"};
    asx_error err;
    asx_session s = {.n_formats_raw = 77};
    asx_campaign *c = tiny_campaign(&(asx_campaign_spec){.network = "builtin:alexnet.onnx"});
    CHECK_FAIL(asx_session_open(&s, c, &err), ASX_ENOTFOUND, err);
    assert_string_equal(
        err.message,
        "(memory):2: network: 'builtin:alexnet.onnx' is not one of builtin:glyphs.onnx");
    c = tiny_campaign(
        &(asx_campaign_spec){.hardware = &(asx_campaign_hardware){.technology = "unobtainium"}});
    CHECK_FAIL(asx_session_open(&s, c, &err), ASX_ENOTFOUND, err);
    assert_non_null(strstr(err.message, ": hardware.technology: "));
    assert_int_equal(s.n_formats_raw, 77);
    s = tiny_session(&(asx_campaign_spec){
        .data = &(asx_campaign_data){.format = "mnist", .files = no_data, .files_count = 1}});
    CHECK_FAIL(asx_session_need_measure(&s, ASX_SUBSET_SELECT, &err), ASX_EINVAL, err);
    assert_null(s.data);
    asx_session_close(&s);
}

/* ---- keys ---- */

typedef struct keys {
    uint64_t select, report, proxy, cost;
} keys;

static keys keys_of(const asx_campaign_spec *change)
{
    asx_error err;
    asx_session s = tiny_session(change);
    CHECK_OK(asx_session_need_space(&s, &err), err);
    CHECK_OK(asx_session_need_data(&s, &err), err);
    const keys k = {asx_session_accuracy_key(&s, ASX_TIER_MEASURED, ASX_SUBSET_SELECT),
                    asx_session_accuracy_key(&s, ASX_TIER_MEASURED, ASX_SUBSET_REPORT),
                    asx_session_accuracy_key(&s, ASX_TIER_PROXY, ASX_SUBSET_SELECT),
                    asx_session_cost_key(&s)};
    const asx_store_inputs inputs = asx_session_inputs(&s, ASX_TIER_MEASURED, ASX_SUBSET_REPORT);
    assert_true(inputs.accuracy_key == k.report && inputs.cost_key == k.cost);
    assert_string_equal(inputs.subset, "report");
    asx_session_close(&s);
    return k;
}

/* What an evaluation depends on changes its key, and nothing else does. */
static void test_keys(void **state)
{
    (void)state;
    static const char *const wide[] = {"4", "5", "8"}, *const lanes[] = {"weight_kb=2"};
    const keys k = keys_of(&(asx_campaign_spec){0});
    assert_true(k.select != k.report && k.select != k.proxy);
    keys other = keys_of(&(asx_campaign_spec){.name = "another"});
    assert_memory_equal(&k, &other, sizeof k);
    /* machine */
    other = keys_of(&(asx_campaign_spec){
        .hardware = &(asx_campaign_hardware){.parameters = lanes, .parameters_count = 1}});
    assert_true(other.cost != k.cost && other.select == k.select && other.proxy == k.proxy);
    /* space and seed: the proxy's table and fit */
    asx_campaign_space space = tiny_space;
    space.weights.bits = wide;
    space.weights.bits_count = 3;
    other = keys_of(&(asx_campaign_spec){.space = &space});
    assert_true(other.proxy != k.proxy && other.select == k.select && other.cost == k.cost);
    other = keys_of(&(asx_campaign_spec){.search = &(asx_campaign_search){.seed = "2"}});
    assert_true(other.proxy != k.proxy && other.select == k.select && other.cost == k.cost);
    /* images */
    asx_campaign_data data = tiny_data;
    data.select = "0:99";
    other = keys_of(&(asx_campaign_spec){.data = &data});
    assert_true(other.select != k.select && other.report == k.report && other.proxy != k.proxy);
    data = tiny_data;
    data.calibrate = "0:31";
    other = keys_of(&(asx_campaign_spec){.data = &data});
    assert_true(other.select != k.select && other.report != k.report);
    /* calibration */
    other = keys_of(
        &(asx_campaign_spec){.calibration = &(asx_campaign_calibration){.bias_correction = "off"}});
    const keys on = keys_of(
        &(asx_campaign_spec){.calibration = &(asx_campaign_calibration){.bias_correction = "on"}});
    assert_true(other.select != on.select && other.cost == on.cost);
    other = keys_of(
        &(asx_campaign_spec){.calibration = &(asx_campaign_calibration){.rounding = "nearest"}});
    assert_true(other.select == on.select && other.proxy == on.proxy);
    other = keys_of(
        &(asx_campaign_spec){.calibration = &(asx_campaign_calibration){.rounding = "greedy"}});
    const keys learned = keys_of(
        &(asx_campaign_spec){.calibration = &(asx_campaign_calibration){.rounding = "learned"}});
    assert_true(other.select != on.select && other.report != on.report && other.proxy != on.proxy &&
                other.cost == on.cost);
    assert_true(learned.select != on.select && learned.select != other.select);
    other = keys_of(
        &(asx_campaign_spec){.calibration = &(asx_campaign_calibration){.multiplier_bits = "8"}});
    assert_true(other.select != on.select && other.report != on.report && other.cost == on.cost);
    /* faults: any that can be, and how many devices */
    other = keys_of(&(asx_campaign_spec){.faults = &(asx_campaign_faults){.seeds = "3"}});
    assert_memory_equal(&other, &k, sizeof k);
    other = keys_of(&(asx_campaign_spec){.faults = &(asx_campaign_faults){.flips = "0.01"}});
    assert_true(other.select != k.select && other.report != k.report && other.cost == k.cost);
    const keys more = keys_of(
        &(asx_campaign_spec){.faults = &(asx_campaign_faults){.flips = "0.01", .seeds = "3"}});
    assert_true(more.select != other.select && more.select != k.select);
}

/* Proxies are not asked where memories err. */
static void test_proxy_and_faults(void **state)
{
    (void)state;
    asx_error err;
    asx_session s =
        tiny_session(&(asx_campaign_spec){.faults = &(asx_campaign_faults){.spread = "0.1"}});
    CHECK_FAIL(asx_session_need_proxy(&s, &err), ASX_EUNSUPPORTED, err);
    assert_null(s.proxy);
    const asx_faults none = asx_faults_none();
    asx_session_set_faults(&s, &none);
    CHECK_OK(asx_session_need_proxy(&s, &err), err);
    asx_session_close(&s);
}

/* ---- the search builder ---- */

static void check_model(const char *algorithm, const char *tier, bool expected)
{
    asx_error err;
    asx_separable_model *model = NULL;
    asx_session s = tiny_session(&(asx_campaign_spec){
        .search = &(asx_campaign_search){
            .algorithm = algorithm, .tier = tier, .budget = "5", .seed = "9"}});
    CHECK_OK(asx_session_need_space(&s, &err), err);
    asx_search search = asx_session_search(&s);
    assert_true(search.space == s.space && search.work == asx_session_workload(&s));
    assert_int_equal(search.seed, 9);
    assert_int_equal(search.n_objectives, 2);
    CHECK_OK(asx_session_choose_searcher(&search, &model, &s, &err), err);
    assert_string_equal(search.searcher->name, algorithm);
    assert_int_equal(search.budget, 5);
    assert_int_equal(search.model != NULL, expected);
    assert_true(!search.model || search.model == asx_separable_model_of(model));
    assert_int_equal(s.proxy != NULL, expected);
    asx_separable_model_free(model);
    asx_session_close(&s);
}

/* A model adds up over layers, as predictions do and measurements do not. */
static void test_builder(void **state)
{
    (void)state;
    check_model("enumerate", "measured", false);
    check_model("enumerate", "proxy", false);
    check_model("exact", "proxy", true);
    check_model("exact", "measured", false);
}

static void test_builder_fails(void **state)
{
    (void)state;
    static const char *const wrong[] = {"population=1"};
    asx_error err;
    asx_separable_model *model = NULL;
    asx_session s = tiny_session(&(asx_campaign_spec){
        .search = &(asx_campaign_search){
            .algorithm = "nsga2", .parameters = wrong, .parameters_count = 1}});
    CHECK_OK(asx_session_need_space(&s, &err), err);
    asx_search search = asx_session_search(&s);
    CHECK_FAIL(asx_session_choose_searcher(&search, &model, &s, &err), ASX_EINVAL, err);
    assert_non_null(strstr(err.message, ": search.parameters: "));
    assert_null(search.searcher);
    asx_session_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_formats),
        cmocka_unit_test(test_what_cannot_be_opened),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_proxy_and_faults),
        cmocka_unit_test(test_builder),
        cmocka_unit_test(test_builder_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
