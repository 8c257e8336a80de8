/* A crowd on one database: four processes write and eight read at once, for $ASX_CROWD_SECONDS,
 * else five. Nobody may fail, nothing may be there twice, and what a reader has seen stays. */
#include "sample.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "candidates.h"
#include "results/check.h"
#include "results/sql.h"

enum { WRITERS = 4, READERS = 8, BATCH = 25 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double duration(void)
{
    const char *text = getenv("ASX_CROWD_SECONDS");
    return text ? atof(text) : 5;
}

static asx_status write_until(double end, const char *path, int which, asx_error *err)
{
    asx_store *store = NULL;
    asx_ledger ledger;
    const asx_store_inputs inputs = sample_inputs(ASX_TIER_PROXY);
    asx_status status = asx_store_open(&store, path, ASX_STORE_CREATE, err);
    if (status == ASX_OK)
        status = asx_store_ledger(&ledger, store, 1, &inputs, which % 2 ? BATCH : 1, err);
    for (unsigned i = 0; status == ASX_OK && now() < end; i++) {
        char text[64];
        asx_evaluation e = sample_evaluation(ASX_TIER_PROXY, i), known;
        bool found = false;
        snprintf(text, sizeof text, "vn: w%ua%d", i, which / 2); /* each by two of them */
        status = ledger.find(ledger.state, text, &known, &found, err);
        if (status == ASX_OK && !found)
            status = ledger.book(ledger.state, text, NULL, &e, err);
    }
    if (status == ASX_OK)
        status = asx_store_flush(store, err);
    asx_store_free(store);
    return status;
}

static asx_status take(void *state, size_t n, const char *const *name, const asx_sql_value *value,
                       asx_error *err)
{
    (void)n, (void)name, (void)err;
    if (value)
        *(int64_t *)state = value->integer;
    return ASX_OK;
}

/* One visit: the number of evaluations, the front's candidates, a filtered question. */
static asx_status visit(int64_t *n, const char *path, asx_error *err)
{
    const asx_query query = {
        .campaign = 1, .where = "drop < 3000", .sort = "energy_pj desc", .limit = 10};
    asx_store *store = NULL;
    asx_rows rows = {0};
    asx_candidates c = {0};
    asx_status status = asx_store_open(&store, path, ASX_STORE_READ, err);
    if (status == ASX_OK)
        status = asx_sql_each(store, "SELECT count(*) FROM result", take, n, err);
    if (status == ASX_OK)
        status = asx_candidates_read(&c, store, 1, 1, 1000, err);
    if (status == ASX_OK)
        status = asx_query_rows(&rows, store, &query, err);
    asx_rows_fini(&rows);
    asx_rows_fini(&c.rows);
    asx_store_free(store);
    return status;
}

static asx_status read_until(double end, const char *path, asx_error *err)
{
    asx_status status = ASX_OK;
    int64_t seen = 0;
    while (status == ASX_OK && now() < end) {
        int64_t n = 0;
        status = visit(&n, path, err);
        if (status == ASX_OK && n < seen)
            status = asx_fail(err, ASX_EDB, "%lld evaluations, %lld before", (long long)n,
                              (long long)seen);
        seen = n;
    }
    return status;
}

static asx_status complain(void *state, const char *what, int64_t n_wrong, const char *example,
                           asx_error *err)
{
    (void)state, (void)err;
    if (n_wrong && strcmp(what, "breakdowns add up") != 0) /* the samples' parts do not */
        fail_msg("%s: %s", what, example);
    return ASX_OK;
}

static void test_crowd(void **state)
{
    char path[256];
    asx_error err = {0};
    asx_store *store = NULL;
    int64_t n = 0;
    (void)state;
    sample_path(path, sizeof path, "x.db");
    CHECK_OK(asx_store_open(&store, path, ASX_STORE_CREATE, &err), err);
    const int64_t campaign = sample_campaign(store, "a");
    sample_ledger(store, campaign, ASX_TIER_PROXY, 1); /* the inputs that the readers ask for */
    asx_store_free(store);
    const double end = now() + duration();
    for (int i = 0; i < WRITERS + READERS; i++) {
        if (fork() != 0)
            continue;
        const asx_status status =
            i < WRITERS ? write_until(end, path, i, &err) : read_until(end, path, &err);
        if (status != ASX_OK)
            fprintf(stderr, "%s %d: %s\n", i < WRITERS ? "writer" : "reader", i, err.message);
        _exit(status != ASX_OK);
    }
    for (int i = 0; i < WRITERS + READERS; i++) {
        int code = 0;
        assert_true(wait(&code) > 0);
        assert_int_equal(code, 0);
    }
    CHECK_OK(visit(&n, path, &err), err);
    assert_true(n > 0);
    CHECK_OK(asx_store_open(&store, path, ASX_STORE_READ, &err), err);
    CHECK_OK(asx_store_check(store, complain, NULL, &err), err);
    asx_store_free(store);
    print_message("%lld evaluations\n", (long long)n);
    sample_remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_crowd)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
