/* Ledgers: every field comes back, nothing twice, nothing lost. */
#include "open_store.h"

#include <math.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

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
    assert_int_equal(count(path, "SELECT count(*) FROM result WHERE tier = 'costs' AND \"drop\" IS "
                                 "NULL AND accuracy_high IS NULL AND energy_pj > 0"),
                     1);
    assert_int_equal(count(path, "SELECT count(\"drop\") FROM result"), ASX_N_TIERS - 1);
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

typedef struct listing {
    char formats[8][32];
    asx_accuracy accuracy[8];
    size_t n, stop_at;
} listing;

static asx_status list(void *state, const char *formats, const asx_accuracy *a, asx_error *err)
{
    listing *l = state;
    snprintf(l->formats[l->n], sizeof l->formats[0], "%s", formats);
    l->accuracy[l->n++] = *a;
    return l->n == l->stop_at ? asx_fail(err, ASX_EINVAL, "enough") : ASX_OK;
}

/* Every list of formats once, whoever booked it with whatever hardware; what is held back counts. */
static void test_accuracies_are_listed_once(void **state)
{
    (void)state;
    char path[256];
    asx_error err = {0};
    sample_path(path, sizeof path, "x.db");
    asx_store *store = open_store(path, ASX_STORE_CREATE);
    asx_ledger own = sample_ledger(store, sample_campaign(store, "a"), ASX_TIER_MEASURED, 10),
               other;
    asx_store_inputs inputs = sample_inputs(ASX_TIER_MEASURED);
    inputs.cost_key++;
    CHECK_OK(asx_store_ledger(&other, store, sample_campaign(store, "b"), &inputs, 1, &err), err);
    const asx_evaluation one = sample_evaluation(ASX_TIER_MEASURED, 1),
                         two = sample_evaluation(ASX_TIER_MEASURED, 2);
    CHECK_OK(other.book(other.state, "near: w6a8", NULL, &two, &err), err);
    CHECK_OK(own.book(own.state, "vn: w4a8", NULL, &one, &err), err);
    CHECK_OK(other.book(other.state, "vn: w6a8", NULL, &two, &err), err);
    listing l = {.n = 0};
    CHECK_OK(asx_store_each_accuracy(store, &inputs, list, &l, &err), err);
    assert_int_equal(l.n, 2);
    assert_string_equal(l.formats[0], "w4a8");
    assert_string_equal(l.formats[1], "w6a8");
    assert_memory_equal(&l.accuracy[0].accuracy, &one.accuracy.accuracy, 6 * sizeof(double));
    assert_memory_equal(&l.accuracy[1].accuracy, &two.accuracy.accuracy, 6 * sizeof(double));
    l = (listing){.stop_at = 1};
    CHECK_FAIL(asx_store_each_accuracy(store, &inputs, list, &l, &err), ASX_EINVAL, err);
    assert_string_equal(err.message, "enough");
    inputs.accuracy_key++;
    l = (listing){.n = 0};
    CHECK_OK(asx_store_each_accuracy(store, &inputs, list, &l, &err), err);
    assert_int_equal(l.n, 0);
    inputs.accuracy_key = ASX_NO_KEY;
    CHECK_FAIL(asx_store_each_accuracy(store, &inputs, list, &l, &err), ASX_ENOMEM, err);
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
    asx_record record = {.name = "many"};
    if (asx_store_open(&store, path, ASX_STORE_CREATE, &err) != ASX_OK ||
        asx_workload_init(&work, "net", &err) != ASX_OK ||
        asx_record_add(&id, store, &record, &work, &err) != ASX_OK ||
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
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_reuse),
        cmocka_unit_test(test_accuracies_are_listed_once),
        cmocka_unit_test(test_not_a_number),
        cmocka_unit_test(test_concurrency),
        cmocka_unit_test(test_concurrent_creation),
        cmocka_unit_test(test_kill),
        cmocka_unit_test(test_full_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
