/* Records of campaigns and of runs: every field comes back, and what is missing is named. */
#include "open_store.h"

#include <math.h>

/* All that was written comes back, the newest of its name. */
static void check_read(const char *path, int64_t id, const asx_record *all, const asx_layer *layer)
{
    asx_error err;
    int64_t found = 0;
    asx_workload work = {0};
    asx_record read;
    asx_store *store = open_store(path, ASX_STORE_READ);
    CHECK_OK(asx_record_find(&found, store, "a", &err), err);
    assert_int_equal(found, id); /* the newest of that name */
    CHECK_OK(asx_record_find(&found, store, NULL, &err), err);
    assert_int_equal(found, id);
    CHECK_OK(asx_record_read(&read, &work, store, id, &err), err);
#define SAME(field) assert_string_equal(read.field, all->field);
    ASX_RECORD_TEXT_LIST(SAME)
#undef SAME
    assert_string_equal(read.version, "9.9");
    assert_string_equal(read.created, "2026-01-02T03:04:05Z");
    assert_true(read.seed == UINT64_MAX);
    assert_string_equal(work.name, "n.onnx");
    assert_int_equal(work.n_layers, 1);
    assert_string_equal(work.layer[0].name, "l");
    assert_int_equal(work.layer[0].kind, layer->kind); /* the rest of the struct bit for bit */
    assert_memory_equal(&work.layer[0].in_c, &layer->in_c, 11 * sizeof(size_t));
    assert_true(work.layer[0].input_non_negative);
    asx_record_fini(&read);
    asx_workload_fini(&work);
    CHECK_FAIL(asx_record_read(&read, NULL, store, 99, &err), ASX_ENOTFOUND, err);
    CHECK_FAIL(asx_record_find(&found, store, "zz", &err), ASX_ENOTFOUND, err);
    assert_non_null(strstr(err.message, "there are: a, b"));
    asx_store_free(store);
}

static void a_name_that_is_a_number_of_another_is_refused(void **state)
{
    char path[256];
    asx_error err = {0};
    (void)state;
    sample_path(path, sizeof path, "x.db");
    asx_store *store = open_store(path, ASX_STORE_CREATE);
    int64_t found = -7;
    const int64_t two = sample_campaign(store, "2");
    CHECK_OK(asx_record_find(&found, store, "2", &err), err); /* there is no number 2 */
    assert_int_equal(found, two);
    assert_int_equal(sample_campaign(store, "b"), 2);
    CHECK_FAIL(asx_record_find(&found, store, "2", &err), ASX_EINVAL, err);
    assert_non_null(
        strstr(err.message, "number 1 is called '2', and number 2 'b': say '#1' or '#2'"));
    static const struct {
        const char *text;
        int64_t id;
    } clear[] = {{"#1", 1}, {"1", 1}, {"#2", 2}, {"b", 2}, {NULL, 2}};
    for (size_t i = 0; i < sizeof clear / sizeof *clear; i++) {
        CHECK_OK(asx_record_find(&found, store, clear[i].text, &err), err);
        assert_int_equal(found, clear[i].id);
    }
    CHECK_FAIL(asx_record_find(&found, store, "#3", &err), ASX_ENOTFOUND, err);
    assert_int_equal(sample_campaign(store, "3"), 3); /* both are the same campaign */
    CHECK_OK(asx_record_find(&found, store, "3", &err), err);
    assert_int_equal(found, 3);
    asx_store_free(store);
    sample_remove(path);
}

static void test_campaign(void **state)
{
    char path[256];
    asx_error err = {0};
    (void)state;
    sample_path(path, sizeof path, "x.db");
    asx_store *store = open_store(path, ASX_STORE_CREATE);
    int64_t none = -7;
    CHECK_FAIL(asx_record_find(&none, store, NULL, &err), ASX_ENOTFOUND, err);
    assert_int_equal(none, -7);
    int64_t a = sample_campaign(store, "a"), b = sample_campaign(store, "b");
    assert_int_not_equal(a, b);
    assert_int_equal(sample_campaign(store, "a"), a); /* the same again is the same */

    asx_record all = {.name = "a",
                      .text = "t\n\xc3\xa4",
                      .objectives = "drop energy",
                      .limits = "drop=2",
                      .network = "n.onnx",
                      .network_hash = "00ff",
                      .data = "d.bin",
                      .data_hash = "11ee",
                      .technology = "nangate45",
                      .technology_text = "",
                      .machine = "lanes=16",
                      .baseline = "vn: w8a8",
                      .seed = UINT64_MAX,
                      .version = "9.9",
                      .created = "2026-01-02T03:04:05Z"};
    asx_workload work = {0};
    asx_layer layer = {"l", ASX_LAYER_CONV,      3,   32, 30, 16, 16, 15, 3, 5, 2, 1, 1, true, 0,
                       0,   {.weight_sigma = 0}, {0}, 1};
    CHECK_OK(asx_workload_init(&work, "n.onnx", &err), err);
    CHECK_OK(asx_workload_add(&work, &layer, &err), err);
    int64_t c = 0;
    CHECK_OK(asx_record_add(&c, store, &all, &work, &err), err);
    asx_store_free(store);
    check_read(path, c, &all, &layer);
    store = open_store(path, ASX_STORE_WRITE);
    all.name = "";
    CHECK_FAIL(asx_record_add(&c, store, &all, &work, &err), ASX_EINVAL, err);
    asx_workload_fini(&work);
    asx_store_free(store);
    sample_remove(path);
}

static void test_run(void **state)
{
    char path[256];
    asx_error err = {0};
    int64_t run = 0;
    (void)state;
    sample_path(path, sizeof path, "x.db");
    asx_store *store = open_store(path, ASX_STORE_CREATE);
    int64_t campaign = sample_campaign(store, "a");
    asx_progress progress = {.asked = 10,
                             .evaluated = 7,
                             .recalled = 2,
                             .duplicates = 1,
                             .budget = 100,
                             .front = 5,
                             .hypervolume = 0.25,
                             .elapsed_s = 0.5};
    const asx_run_record record = {"0.1", "by hand", "abacus", 2, 4711, "t0"};
    CHECK_OK(asx_run_begin(&run, store, campaign, &record, &err), err);
    assert_int_equal(count(path, "SELECT count(*) FROM run WHERE stopped IS NULL AND version = "
                                 "'0.1' AND build = 'by hand' AND processor = 'abacus' AND threads "
                                 "= 2 AND process = 4711 AND started = 't0'"),
                     1);
    const asx_moment early = {0.25, "search", 3, 0, 2, 0.5, INFINITY},
                     late = {1.5, "search", 9, 100, 5, 0.75, 1.25};
    CHECK_OK(asx_run_note(store, run, &early, &err), err);
    CHECK_OK(asx_run_note(store, run, &late, &err), err);
    assert_int_equal(count(path, "SELECT count(*) FROM moment WHERE run = 1 AND elapsed_s = 0.25 "
                                 "AND stage = 'search' AND done = 3 AND total IS NULL AND front = "
                                 "2 AND hypervolume = 0.5 AND factor IS NULL"),
                     1);
    assert_int_equal(count(path, "SELECT count(*) FROM moment WHERE elapsed_s = 1.5 AND done = 9 "
                                 "AND total = 100 AND front = 5 AND factor = 1.25"),
                     1);
    CHECK_FAIL(asx_run_note(store, 99, &late, &err), ASX_EDB, err); /* no such run */
    CHECK_OK(asx_run_end(store, run, "t1", "budget", &progress, &err), err);
    assert_int_equal(count(path, "SELECT count(*) FROM run WHERE stopped = 't1' AND reason = "
                                 "'budget' AND asked = 10 AND evaluated = 7 AND recalled = 2 AND "
                                 "duplicates = 1 AND front = 5 AND elapsed_s = 0.5"),
                     1);
    CHECK_FAIL(asx_run_end(store, 99, "t1", "budget", &progress, &err), ASX_ENOTFOUND, err);
    CHECK_FAIL(asx_run_begin(&run, store, 99, &record, &err), ASX_EDB, err); /* no such one */
    asx_store_free(store);
    sample_remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_campaign),
        cmocka_unit_test(a_name_that_is_a_number_of_another_is_refused),
        cmocka_unit_test(test_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
