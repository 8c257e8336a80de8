/* Campaigns and ledgers: every field comes back, nothing twice, nothing lost. */
#include "sample.h"

#include <math.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>

static asx_store *open_store(const char *path, asx_store_mode mode)
{
    asx_error err = {0};
    asx_store *store = NULL;
    CHECK_OK(asx_store_open(&store, path, mode, &err), err);
    return store;
}

static long long count(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    sqlite3_busy_timeout(db, 10000);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    long long n = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return n;
}

static void test_campaign(void **state)
{
    char path[256];
    asx_error err = {0};
    (void)state;
    sample_path(path, sizeof path, "x.db");
    asx_store *store = open_store(path, ASX_STORE_CREATE);
    int64_t none = -7;
    CHECK_FAIL(asx_campaign_find(&none, store, NULL, &err), ASX_ENOTFOUND, err);
    assert_int_equal(none, -7);
    int64_t a = sample_campaign(store, "a"), b = sample_campaign(store, "b");
    assert_int_not_equal(a, b);
    assert_int_equal(sample_campaign(store, "a"), a); /* the same again is the same */

    asx_campaign_record all = {.name = "a",
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
    asx_workload work = {0}, work_read = {0};
    asx_layer layer = {"l", ASX_LAYER_CONV, 3, 32, 30, 16, 16, 15, 3, 5, 2, 1, 1, true, {0, 0, 0}};
    CHECK_OK(asx_workload_init(&work, "n.onnx", &err), err);
    CHECK_OK(asx_workload_add(&work, &layer, &err), err);
    int64_t c = 0, found = 0;
    CHECK_OK(asx_campaign_add(&c, store, &all, &work, &err), err);
    asx_store_free(store);

    store = open_store(path, ASX_STORE_READ);
    asx_campaign_record read;
    CHECK_OK(asx_campaign_find(&found, store, "a", &err), err);
    assert_int_equal(found, c); /* the newest of that name */
    CHECK_OK(asx_campaign_find(&found, store, NULL, &err), err);
    assert_int_equal(found, c);
    CHECK_OK(asx_campaign_read(&read, &work_read, store, c, &err), err);
#define SAME(field) assert_string_equal(read.field, all.field);
    ASX_CAMPAIGN_TEXT_LIST(SAME)
#undef SAME
    assert_string_equal(read.version, "9.9");
    assert_string_equal(read.created, "2026-01-02T03:04:05Z");
    assert_true(read.seed == UINT64_MAX);
    assert_string_equal(work_read.name, "n.onnx");
    assert_int_equal(work_read.n_layers, 1);
    assert_string_equal(work_read.layer[0].name, "l");
    layer.name = work_read.layer[0].name; /* the rest of the struct bit for bit */
    assert_int_equal(work_read.layer[0].kind, layer.kind);
    assert_memory_equal(&work_read.layer[0].in_c, &layer.in_c, 11 * sizeof(size_t));
    assert_true(work_read.layer[0].input_non_negative);
    asx_campaign_record_fini(&read);
    asx_workload_fini(&work_read);

    CHECK_FAIL(asx_campaign_read(&read, NULL, store, 99, &err), ASX_ENOTFOUND, err);
    CHECK_FAIL(asx_campaign_find(&found, store, "zz", &err), ASX_ENOTFOUND, err);
    assert_non_null(strstr(err.message, "there are: a, b"));
    asx_store_free(store);
    store = open_store(path, ASX_STORE_WRITE);
    all.name = "";
    CHECK_FAIL(asx_campaign_add(&c, store, &all, &work, &err), ASX_EINVAL, err);
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
    asx_progress progress = {10, 7, 2, 1, 100, 5, 0.25, 0.5};
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

static void test_round_trip(void **state)
{
    char path[256];
    asx_error err = {0};
    (void)state;
    sample_path(path, sizeof path, "x.db");
    for (int tier = 0; tier < ASX_N_TIERS; tier++) {
        asx_store *store = open_store(path, ASX_STORE_CREATE);
        asx_ledger ledger =
            sample_ledger(store, sample_campaign(store, "a"), (asx_tier)tier, tier == 0 ? 100 : 1);
        asx_evaluation in = sample_evaluation((asx_tier)tier, (unsigned)tier), out = in;
        bool found = true;
        out.accuracy.drop = -1;
        const asx_evaluation before = out;
        CHECK_OK(ledger.find(ledger.state, "near: w4{1}a8 fc=w8a8", &out, &found, &err), err);
        assert_false(found);
        sample_equal(&out, &before);
        CHECK_OK(ledger.book(ledger.state, "near: w4{1}a8 fc=w8a8", NULL, &in, &err), err);
        CHECK_OK(ledger.find(ledger.state, "near: w4{1}a8 fc=w8a8", &out, &found, &err), err);
        assert_true(found); /* held back or stored, it is there */
        sample_equal(&out, &in);
        CHECK_OK(asx_store_flush(store, &err), err);
        asx_store_free(store);

        store = open_store(path, ASX_STORE_WRITE);
        ledger = sample_ledger(store, sample_campaign(store, "a"), (asx_tier)tier, 1);
        CHECK_OK(ledger.find(ledger.state, "near: w4{1}a8 fc=w8a8", &out, &found, &err), err);
        assert_true(found);
        sample_equal(&out, &in);
        CHECK_OK(ledger.find(ledger.state, "in: w4{1}a8 fc=w8a8", &out, &found, &err), err);
        assert_false(found);
        asx_store_free(store);
    }
    assert_int_equal(count(path, "SELECT count(*) FROM design"), 1);
    assert_int_equal(count(path, "SELECT count(*) FROM evaluation"), ASX_N_TIERS);
    assert_int_equal(count(path, "SELECT count(*) FROM design_tiers WHERE proxy_drop < "
                                 "measured_drop AND measured_drop < trained_drop"),
                     1);
    sample_remove(path);
}

/* The first booking stands; a second campaign recalls it; the accuracy serves other placements. */
static void test_reuse(void **state)
{
    char path[256];
    asx_error err = {0};
    (void)state;
    sample_path(path, sizeof path, "x.db");
    asx_store *store = open_store(path, ASX_STORE_CREATE);
    int64_t a = sample_campaign(store, "a"), b = sample_campaign(store, "b");
    asx_ledger la = sample_ledger(store, a, ASX_TIER_MEASURED, 1);
    asx_ledger lb = sample_ledger(store, b, ASX_TIER_MEASURED, 3);
    asx_evaluation first = sample_evaluation(ASX_TIER_MEASURED, 1), out;
    asx_evaluation second = sample_evaluation(ASX_TIER_MEASURED, 2);
    bool found = false;
    CHECK_OK(la.book(la.state, "vn: w4{1}a8", NULL, &first, &err), err);
    CHECK_OK(lb.find(lb.state, "vn: w4{1}a8", &out, &found, &err), err);
    assert_true(found);
    CHECK_OK(la.book(la.state, "vn: w6{1}a8", NULL, &first, &err), err);
    CHECK_OK(lb.book(lb.state, "vn: w6{1}a8", NULL, &second, &err), err); /* too late */
    CHECK_OK(lb.book(lb.state, "in: w6{1}a8", NULL, &second, &err), err);
    assert_int_equal(count(path, "SELECT count(*) FROM evaluation"), 2); /* held back */
    CHECK_OK(asx_store_flush(store, &err), err);
    assert_int_equal(count(path, "SELECT count(*) FROM evaluation"), 3);
    CHECK_OK(lb.find(lb.state, "vn: w6{1}a8", &out, &found, &err), err);
    sample_equal(&out, &first);
    assert_int_equal(count(path, "SELECT count(*) FROM result WHERE campaign_name = 'a'"), 2);
    assert_int_equal(count(path, "SELECT count(*) FROM result WHERE campaign_name = 'b'"), 3);

    asx_store_inputs inputs = sample_inputs(ASX_TIER_MEASURED);
    asx_accuracy accuracy = {0};
    inputs.cost_key++; /* other hardware: the accuracy is still good */
    CHECK_OK(asx_store_find_accuracy(&accuracy, &found, store, "w4{1}a8", &inputs, &err), err);
    assert_true(found);
    assert_memory_equal(&accuracy.accuracy, &first.accuracy.accuracy, 6 * sizeof(double));
    inputs.accuracy_key++; /* other images: not */
    CHECK_OK(asx_store_find_accuracy(&accuracy, &found, store, "w4{1}a8", &inputs, &err), err);
    assert_false(found);
    asx_ledger other = {0};
    CHECK_OK(asx_store_ledger(&other, store, a, &inputs, 1, &err), err);
    CHECK_OK(other.find(other.state, "vn: w4{1}a8", &out, &found, &err), err);
    assert_false(found);
    CHECK_FAIL(asx_store_ledger(&other, store, a, &inputs, 0, &err), ASX_EINVAL, err);
    asx_store_free(store);
    sample_remove(path);
}

static void check_no_nan(asx_store *store)
{
    asx_error err = {0};
    asx_ledger ledger = sample_ledger(store, sample_campaign(store, "a"), ASX_TIER_PROXY, 1);
    asx_evaluation bad = sample_evaluation(ASX_TIER_PROXY, 1);
    bad.cost.energy_pj = 0.0 / (bad.cost.energy_pj - bad.cost.energy_pj);
    bool found = true;
    CHECK_FAIL(ledger.book(ledger.state, "vn: w8a8", NULL, &bad, &err), ASX_EDB, err);
    CHECK_OK(ledger.find(ledger.state, "vn: w8a8", &bad, &found, &err), err);
    assert_false(found);
}

static void test_not_a_number(void **state)
{
    char path[256];
    (void)state;
    sample_path(path, sizeof path, "x.db");
    asx_store *store = open_store(path, ASX_STORE_CREATE);
    check_no_nan(store);
    asx_store_free(store);
    sample_remove(path);
}

/* Books designs first, first + step, ... and says each number to `pipe` once it is booked. */
static void writer(const char *path, int first, int step, int n, int pipe)
{
    asx_error err = {0};
    asx_store *store = NULL;
    asx_ledger ledger = {0};
    asx_store_inputs inputs = sample_inputs(ASX_TIER_PROXY);
    int64_t id = 0;
    asx_workload work = {0};
    asx_campaign_record record = {.name = "many"};
    if (asx_store_open(&store, path, ASX_STORE_CREATE, &err) != ASX_OK ||
        asx_workload_init(&work, "net", &err) != ASX_OK ||
        asx_campaign_add(&id, store, &record, &work, &err) != ASX_OK ||
        asx_store_ledger(&ledger, store, id, &inputs, 1, &err) != ASX_OK)
        goto failed;
    for (int i = first; i < n; i += step) {
        char design[64];
        asx_evaluation e = sample_evaluation(ASX_TIER_PROXY, (unsigned)i);
        snprintf(design, sizeof design, "vn: w%da8", i);
        if (ledger.book(ledger.state, design, NULL, &e, &err) != ASX_OK)
            goto failed;
        if (pipe >= 0 && write(pipe, &i, sizeof i) != (ssize_t)sizeof i)
            _exit(2);
    }
    asx_store_free(store);
    asx_workload_fini(&work);
    _exit(0);
failed:
    fprintf(stderr, "writer: %s\n", err.message);
    _exit(1);
}

/* Reads the whole campaign again and again while others write: what was there stays there. */
static void reader(const char *path, size_t until)
{
    asx_error err = {0};
    size_t seen = 0;
    while (seen < until) {
        asx_store *store = NULL;
        asx_rows rows = {0};
        const asx_query query = {.campaign = 1};
        if (asx_store_open(&store, path, ASX_STORE_READ, &err) != ASX_OK ||
            asx_query_rows(&rows, store, &query, &err) != ASX_OK) {
            fprintf(stderr, "reader: %s\n", err.message);
            _exit(1);
        }
        if (rows.n < seen)
            _exit(2);
        seen = rows.n;
        asx_rows_fini(&rows);
        asx_store_free(store);
    }
    _exit(0);
}

/* Several processes create and fill one database at the same time, with some designs in common,
 * while others read it. */
static void test_concurrency(void **state)
{
    enum { WRITERS = 4, READERS = 2, DESIGNS = 200 };
    char path[256];
    pid_t pid[WRITERS + READERS];
    (void)state;
    sample_path(path, sizeof path, "x.db");
    asx_store_free(open_store(path, ASX_STORE_CREATE));
    for (int w = 0; w < WRITERS + READERS; w++) {
        pid[w] = fork();
        if (pid[w] == 0 && w < WRITERS)
            writer(path, w / 2, 2, DESIGNS, -1); /* each design by two of them */
        if (pid[w] == 0)
            reader(path, DESIGNS);
    }
    for (int w = 0; w < WRITERS + READERS; w++) {
        int status = 0;
        assert_int_equal(waitpid(pid[w], &status, 0), pid[w]);
        assert_int_equal(status, 0);
    }
    assert_int_equal(count(path, "SELECT count(*) FROM evaluation"), DESIGNS);
    assert_int_equal(count(path, "SELECT count(*) FROM breakdown"), DESIGNS);
    assert_int_equal(count(path, "SELECT count(*) FROM campaign"), 1);
    sample_remove(path);
}

/* Nobody made the database before: all begin with creating it. */
static void test_concurrent_creation(void **state)
{
    enum { WRITERS = 4 };
    char path[256];
    pid_t pid[WRITERS];
    (void)state;
    sample_path(path, sizeof path, "x.db");
    for (int w = 0; w < WRITERS; w++) {
        pid[w] = fork();
        if (pid[w] == 0)
            writer(path, w, 1, WRITERS, -1);
    }
    for (int w = 0; w < WRITERS; w++) {
        int status = 0;
        assert_int_equal(waitpid(pid[w], &status, 0), pid[w]);
        assert_int_equal(status, 0);
    }
    assert_int_equal(count(path, "SELECT count(*) FROM evaluation"), WRITERS);
    sample_remove(path);
}

/* What a killed process had booked is there, whole, and the database goes on working. */
static void test_kill(void **state)
{
    (void)state;
    for (int round = 0; round < 5; round++) {
        char path[256];
        int ends[2], i = 0, last = -1;
        sample_path(path, sizeof path, "x.db");
        assert_int_equal(pipe(ends), 0);
        pid_t pid = fork();
        if (pid == 0) {
            close(ends[0]);
            writer(path, 0, 1, 1000000, ends[1]);
        }
        close(ends[1]);
        while (last < 20 + 37 * round && read(ends[0], &i, sizeof i) == (ssize_t)sizeof i)
            last = i;
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        while (read(ends[0], &i, sizeof i) == (ssize_t)sizeof i)
            last = i; /* said before the kill arrived */
        close(ends[0]);
        long long n =
            count(path, "SELECT count(*) FROM evaluation JOIN breakdown ON id = evaluation");
        assert_in_range(n, last + 1, last + 2); /* the one whose saying was cut off may be there */
        asx_error err = {0};
        asx_store *store = open_store(path, ASX_STORE_WRITE);
        asx_ledger ledger = sample_ledger(store, 1, ASX_TIER_PROXY, 1);
        for (i = 0; i <= last; i++) {
            char design[64];
            asx_evaluation want = sample_evaluation(ASX_TIER_PROXY, (unsigned)i), got;
            bool found = false;
            snprintf(design, sizeof design, "vn: w%da8", i);
            CHECK_OK(ledger.find(ledger.state, design, &got, &found, &err), err);
            assert_true(found);
            sample_equal(&got, &want);
        }
        asx_store_free(store);
        sample_remove(path);
    }
}

/* No room: the booking fails with a reason, what was booked stays, and room brings it back. */
static void test_full_disk(void **state)
{
    char path[256];
    asx_error err = {0};
    (void)state;
    sample_path(path, sizeof path, "x.db");
    asx_store *store = open_store(path, ASX_STORE_CREATE);
    asx_ledger ledger = sample_ledger(store, sample_campaign(store, "a"), ASX_TIER_PROXY, 1);
    struct rlimit old, tight;
    getrlimit(RLIMIT_FSIZE, &old);
    tight = old;
    tight.rlim_cur = 300000;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
    int booked = 0;
    asx_status status = ASX_OK;
    while (status == ASX_OK && booked < 100000) {
        char design[64];
        asx_evaluation e = sample_evaluation(ASX_TIER_PROXY, (unsigned)booked);
        snprintf(design, sizeof design, "vn: w%da8", booked);
        status = ledger.book(ledger.state, design, NULL, &e, &err);
        booked += status == ASX_OK;
    }
    setrlimit(RLIMIT_FSIZE, &old);
    assert_int_equal(status, ASX_EDB);
    assert_non_null(strstr(err.message, path));
    assert_int_equal(count(path, "SELECT count(*) FROM evaluation"), booked);
    asx_evaluation e = sample_evaluation(ASX_TIER_PROXY, 1);
    CHECK_OK(ledger.book(ledger.state, "vn: w99a8", NULL, &e, &err), err);
    asx_store_free(store);
    assert_int_equal(count(path, "SELECT count(*) FROM evaluation"), booked + 1);
    sample_remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_campaign),
        cmocka_unit_test(test_run),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_reuse),
        cmocka_unit_test(test_not_a_number),
        cmocka_unit_test(test_concurrency),
        cmocka_unit_test(test_concurrent_creation),
        cmocka_unit_test(test_kill),
        cmocka_unit_test(test_full_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
