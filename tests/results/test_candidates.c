/* Candidates of a front: whatever was kept when by whom, no row of the front is missing. */
#include "sample.h"

#include "candidates.h"
#include "db.h"
#include "dse/text.h"

enum { DESIGNS = 400 };

/* Two objectives on a coarse grid, so that rows tie; different for every design. */
static asx_evaluation numbers(unsigned design)
{
    asx_evaluation e = sample_evaluation(ASX_TIER_PROXY, design);
    e.accuracy.drop = (design * 7919u) % 97 + (design * 31u) % 13;
    e.cost.energy_pj = (design * 104729u) % 89 + (design * 17u) % 11;
    return e;
}

static bool beats(const asx_evaluation *a, const asx_evaluation *b)
{
    const double *x = &a->accuracy.drop, *y = &b->accuracy.drop;
    const double p = a->cost.energy_pj, q = b->cost.energy_pj;
    return *x <= *y && p <= q && (*x < *y || p < q);
}

/* By the definition; index needs room for all rows. */
static size_t front_of(size_t *index, const asx_rows *rows)
{
    size_t n = 0;
    for (size_t i = 0; i < rows->n; i++) {
        bool beaten = false;
        for (size_t k = 0; k < rows->n && !beaten; k++)
            beaten = beats(&rows->row[k].evaluation, &rows->row[i].evaluation);
        if (!beaten)
            index[n++] = i;
    }
    return n;
}

static int by_design(const void *a, const void *b)
{
    return strcmp(((const asx_row *)a)->design, ((const asx_row *)b)->design);
}

/* The designs of the front as one text; free() it. */
static char *front_text(asx_rows *rows)
{
    static size_t index[2 * DESIGNS];
    asx_text text = {0};
    if (rows->n)
        qsort(rows->row, rows->n, sizeof *rows->row, by_design);
    const size_t n = front_of(index, rows);
    for (size_t i = 0; i < n; i++)
        asx_text_add(&text, "%s\n", rows->row[index[i]].design);
    asx_text_add(&text, "%zu", n);
    return text.s;
}

static int64_t only_inputs(asx_store *store, int64_t campaign)
{
    asx_error err = {0};
    int64_t *inputs = NULL;
    size_t n = 0;
    CHECK_OK(asx_booked_inputs(&inputs, &n, store, campaign, "proxy", "select", &err), err);
    assert_int_equal(n, 1);
    const int64_t id = inputs[0];
    free(inputs);
    CHECK_OK(asx_booked_inputs(&inputs, &n, store, campaign, "trained", NULL, &err), err);
    assert_int_equal(n, 0);
    assert_null(inputs);
    return id;
}

/* Returns how many candidates there were. */
static size_t check_front(asx_store *store, int64_t campaign)
{
    asx_error err = {0};
    asx_rows all = {0};
    asx_candidates c = {0};
    const asx_query query = {.campaign = campaign, .tier = "proxy"};
    CHECK_OK(asx_query_rows(&all, store, &query, &err), err);
    CHECK_OK(asx_candidates_read(&c, store, campaign, only_inputs(store, campaign), 0, &err), err);
    assert_true(c.complete);
    assert_true(c.rows.n <= all.n);
    const size_t n = c.rows.n;
    char *want = front_text(&all), *have = front_text(&c.rows);
    assert_string_equal(have, want);
    free(want);
    free(have);
    asx_rows_fini(&all);
    asx_rows_fini(&c.rows);
    return n;
}

static void keep(asx_store *store, int64_t campaign, size_t max)
{
    asx_error err = {0};
    static size_t index[2 * DESIGNS];
    asx_candidates c = {0};
    CHECK_OK(asx_candidates_read(&c, store, campaign, only_inputs(store, campaign), max, &err),
             err);
    const size_t n = front_of(index, &c.rows);
    CHECK_OK(asx_candidates_keep(store, &c, index, n, &err), err);
    asx_rows_fini(&c.rows);
}

static void book(const asx_ledger *ledger, unsigned design)
{
    asx_error err = {0};
    char text[64];
    bool found = false;
    asx_evaluation e = numbers(design), known;
    snprintf(text, sizeof text, "vn: w%ua8", design);
    CHECK_OK(ledger->find(ledger->state, text, &known, &found, &err), err);
    if (found)
        sample_equal(&known, &e);
    else
        CHECK_OK(ledger->book(ledger->state, text, NULL, &e, &err), err);
}

/* Two campaigns share inputs and half of their designs, so that each recalls what the other booked;
 * fronts are kept now and then, also in steps that leave rows for later. */
static void test_nothing_missing(void **state)
{
    char path[256];
    asx_error err = {0};
    asx_store *store = NULL;
    (void)state;
    sample_path(path, sizeof path, "x.db");
    CHECK_OK(asx_store_open(&store, path, ASX_STORE_CREATE, &err), err);
    const int64_t a = sample_campaign(store, "a"), b = sample_campaign(store, "b");
    const asx_ledger la = sample_ledger(store, a, ASX_TIER_PROXY, 7);
    const asx_ledger lb = sample_ledger(store, b, ASX_TIER_PROXY, 3);
    for (unsigned i = 0; i < DESIGNS; i++) {
        book(&la, i);
        book(&lb, DESIGNS / 2 + i);
        if (i % 31 == 30)
            keep(store, a, 0);
        if (i % 47 == 46)
            keep(store, b, 10);
        if (i % 53 == 0) {
            CHECK_OK(asx_store_flush(store, &err), err);
            check_front(store, a);
            check_front(store, b);
        }
    }
    CHECK_OK(asx_store_flush(store, &err), err);
    keep(store, a, 0);
    keep(store, b, 0);
    assert_in_range(check_front(store, a), 1, 40); /* of 400: the rest is not read again */
    assert_in_range(check_front(store, b), 1, 40);
    asx_store_free(store);
    sample_remove(path);
}

/* A pick of fewer rows than were kept by somebody else changes nothing. */
static void test_the_longer_stands(void **state)
{
    char path[256];
    asx_error err = {0};
    asx_store *store = NULL;
    asx_candidates early = {0};
    static size_t index[DESIGNS];
    (void)state;
    sample_path(path, sizeof path, "x.db");
    CHECK_OK(asx_store_open(&store, path, ASX_STORE_CREATE, &err), err);
    const int64_t a = sample_campaign(store, "a");
    const asx_ledger ledger = sample_ledger(store, a, ASX_TIER_PROXY, 1);
    for (unsigned i = 0; i < 50; i++)
        book(&ledger, i);
    CHECK_OK(asx_candidates_read(&early, store, a, only_inputs(store, a), 0, &err), err);
    for (unsigned i = 50; i < 200; i++)
        book(&ledger, i);
    keep(store, a, 0);
    const size_t few = check_front(store, a);
    CHECK_OK(asx_candidates_keep(store, &early, index, front_of(index, &early.rows), &err), err);
    assert_int_equal(check_front(store, a), few);
    asx_rows_fini(&early.rows);
    asx_store_free(store);
    sample_remove(path);
}

static int64_t kept_upto(asx_store *store)
{
    asx_error err = {0};
    int64_t upto = 0;
    CHECK_OK(asx_db_integer(&upto, store, "SELECT max(evaluation_upto) FROM booked", "ask", &err),
             err);
    return upto;
}

/* Every so many bookings, and when a run ends; nobody has to ask for it. */
static void test_by_itself(void **state)
{
    char path[256];
    asx_error err = {0};
    asx_store *store = NULL;
    int64_t run = 0;
    const asx_run_record record = {.started = "now"};
    const asx_progress progress = {0};
    (void)state;
    sample_path(path, sizeof path, "x.db");
    CHECK_OK(asx_store_open(&store, path, ASX_STORE_CREATE, &err), err);
    const int64_t a = sample_campaign(store, "a");
    const asx_ledger ledger = sample_ledger(store, a, ASX_TIER_PROXY, 4);
    CHECK_OK(asx_run_begin(&run, store, a, &record, &err), err);
    store->keep_every = 10;
    for (unsigned i = 0; i < 38; i++)
        book(&ledger, i);
    assert_int_equal(kept_upto(store), 36); /* behind the batches that end at 12, 24 and 36 */
    check_front(store, a);
    CHECK_OK(asx_run_end(store, run, "now", "budget", &progress, &err), err);
    assert_int_equal(kept_upto(store), 38);
    assert_in_range(check_front(store, a), 1, 37);
    asx_store_free(store);
    sample_remove(path);
}

/* A front that cannot be kept fails the booking; what was booked stays booked. */
static void test_cannot_be_kept(void **state)
{
    char path[256];
    asx_error err = {0};
    asx_store *store = NULL;
    asx_evaluation e = numbers(1);
    bool found = false;
    (void)state;
    sample_path(path, sizeof path, "x.db");
    CHECK_OK(asx_store_open(&store, path, ASX_STORE_CREATE, &err), err);
    const asx_ledger ledger = sample_ledger(store, sample_campaign(store, "a"), ASX_TIER_PROXY, 1);
    store->keep_every = 3;
    book(&ledger, 1);
    book(&ledger, 2);
    CHECK_OK(asx_db_run(store, "UPDATE campaign SET objectives = 'beauty'", "spoil", &err), err);
    CHECK_FAIL(ledger.book(ledger.state, "vn: w99a8", NULL, &e, &err), ASX_ENOTFOUND, err);
    assert_non_null(strstr(err.message, "beauty"));
    CHECK_OK(ledger.find(ledger.state, "vn: w99a8", &e, &found, &err), err);
    assert_true(found);
    assert_int_equal(kept_upto(store), 0);
    asx_store_free(store);
    sample_remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_missing),
        cmocka_unit_test(test_the_longer_stands),
        cmocka_unit_test(test_by_itself),
        cmocka_unit_test(test_cannot_be_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
