/* Joining databases: everything once, in whatever order; conflicts are refused; all or nothing. */
#include "sample.h"

#include "dse/text.h"
#include "results/bespoke.h"
#include "results/certificate.h"
#include "results/check.h"
#include "results/float_network.h"
#include "results/merge.h"
#include "results/promotion.h"
#include "results/reference_point.h"
#include "results/round.h"
#include "results/sql.h"

static asx_store *open_store(const char *path, asx_store_mode mode)
{
    asx_error err = {0};
    asx_store *store = NULL;
    CHECK_OK(asx_store_open(&store, path, mode, &err), err);
    return store;
}

/* A database in the folder of another one. */
static const char *beside(char *out, size_t n, const char *path, const char *name)
{
    snprintf(out, n, "%.*s/%s", (int)(strrchr(path, '/') - path), path, name);
    return out;
}

/* Facts of a campaign; certificate and time grow with `from`, the others are the same everywhere. */
static void keep_facts(asx_store *store, int64_t id, const char *campaign, unsigned from)
{
    asx_error err = {0};
    char text[80];
    snprintf(text, sizeof text, "factor %g: %s from %u", 2 - 0.01 * from, campaign, from);
    const asx_certificate certificate = {asx_certificate_factor(text), text};
    const asx_reference_point reference = {{ASX_DROP, ASX_ENERGY}, {20, 1e6}, 2};
    const asx_round round = {1, 3, 0.5, 2, 1, 2, 0.25};
    const asx_promotion_plan plan = {.epochs = 3, .asked = 4, .start = (char[]){"vn: w8a8"}};
    CHECK_OK(asx_certificate_keep(store, id, &certificate, &err), err);
    CHECK_OK(asx_reference_point_keep(store, id, &reference, &err), err);
    CHECK_OK(asx_round_keep(store, id, &round, &err), err);
    CHECK_OK(asx_refit_keep(store, id, 42, campaign, strlen(campaign), &err), err);
    CHECK_OK(asx_promotion_plan_keep(store, id, 7, "vn: w5a5", &plan, &err), err);
    const asx_float_network network = {.accuracy = {.images = strlen(campaign)}, .guessing = 12.5};
    CHECK_OK(asx_float_network_keep(store, id, ASX_SUBSET_REPORT, &network, &err), err);
    double spent_s = 0;
    CHECK_OK(asx_promotion_spent_read(&spent_s, store, id, &err), err);
    CHECK_OK(asx_promotion_spent_add(store, id, from - spent_s, &err), err);
}

/* Books designs from .. from + n - 1 for a campaign; `shift` changes their numbers. */
static void book(const char *path, const char *campaign, unsigned from, unsigned n, unsigned shift)
{
    asx_error err = {0};
    asx_store *store = open_store(path, ASX_STORE_CREATE);
    const int64_t id = sample_campaign(store, campaign);
    const asx_ledger ledger = sample_ledger(store, id, ASX_TIER_PROXY, 8);
    const asx_run_record run = {"v", "b", "cpu", 2, (int64_t)from + 100, "t0"};
    int64_t run_id = 0;
    const asx_moment moment = {0.5 * from, "search", from, n, 1, 0.5, 1};
    CHECK_OK(asx_run_begin(&run_id, store, id, &run, &err), err);
    CHECK_OK(asx_run_note(store, run_id, &moment, &err), err);
    for (unsigned i = from; i < from + n; i++) {
        char text[64];
        asx_evaluation e = sample_evaluation(ASX_TIER_PROXY, i + shift), known;
        bool found = false;
        snprintf(text, sizeof text, "vn: w%ua8", i);
        CHECK_OK(ledger.find(ledger.state, text, &known, &found, &err), err);
        if (!found)
            CHECK_OK(ledger.book(ledger.state, text, NULL, &e, &err), err);
    }
    CHECK_OK(asx_store_flush(store, &err), err);
    CHECK_OK(asx_store_cache_put(store, "proxy/00112233", "table", 5, &err), err);
    keep_facts(store, id, campaign, from);
    asx_store_free(store);
}

static asx_status append(void *state, size_t n, const char *const *name, const asx_sql_value *value,
                         asx_error *err)
{
    (void)name, (void)err;
    for (size_t i = 0; value && i < n; i++)
        asx_text_add(state, "%s|", value[i].kind == ASX_SQL_TEXT ? value[i].text : "?");
    if (value)
        asx_text_add(state, "\n");
    return ASX_OK;
}

/* Everything that users see, whatever the ids; free() it. */
static char *contents(const char *path)
{
    static const char sql[] =
        "SELECT campaign_name || design || tier || subset || quote(\"drop\") || quote(energy_pj) "
        "|| quote(accuracy_low) || images || quote(b.wire_pj) || quote(b.leakage_um2) FROM result "
        "AS r JOIN breakdown AS b ON b.evaluation = r.evaluation UNION ALL SELECT c.name || "
        "r.version || r.process || r.started || coalesce(r.reason, '') FROM run AS r JOIN campaign "
        "AS c ON c.id = r.campaign UNION ALL SELECT c.name || l.position || l.name || l.in_c FROM "
        "layer AS l JOIN campaign AS c ON c.id = l.campaign UNION ALL SELECT key || value FROM cache "
        "UNION ALL SELECT c.name || x.factor || x.text FROM certificate AS x JOIN campaign AS c ON "
        "c.id = x.campaign UNION ALL SELECT c.name || x.position || x.objective || x.value FROM "
        "reference AS x JOIN campaign AS c ON c.id = x.campaign UNION ALL SELECT c.name || x.number "
        "|| x.front || x.hypervolume || x.measured || x.mean_gap || x.worst_gap || x.tau FROM round "
        "AS x JOIN campaign AS c ON c.id = x.campaign UNION ALL SELECT c.name || x.accuracy_key || "
        "hex(x.proxy) FROM refit AS x JOIN campaign AS c ON c.id = x.campaign UNION ALL SELECT "
        "c.name || x.training || x.design || x.epochs || x.asked || x.start || "
        "quote(x.stopped_after) FROM promotion AS x JOIN campaign AS c ON c.id = x.campaign UNION "
        "ALL SELECT c.name || x.spent_s FROM training AS x JOIN campaign AS c ON c.id = x.campaign "
        "UNION ALL SELECT c.name || x.subset || x.images || x.guessing FROM float_network AS x JOIN "
        "campaign AS c ON c.id = x.campaign UNION ALL SELECT "
        "c.name || r.process || m.elapsed_s || m.stage || m.done FROM moment AS m JOIN run AS r ON "
        "r.id = m.run JOIN campaign AS c ON c.id = r.campaign ORDER BY 1";
    asx_error err = {0};
    asx_text text = {0};
    asx_store *store = open_store(path, ASX_STORE_READ);
    CHECK_OK(asx_sql_each(store, sql, append, &text, &err), err);
    asx_store_free(store);
    return text.s;
}

static asx_status complain(void *state, const char *what, int64_t n_wrong, const char *example,
                           asx_error *err)
{
    (void)state, (void)err;
    if (n_wrong && strcmp(what, "breakdowns add up") != 0) /* the samples' parts do not */
        fail_msg("%s: %s", what, example);
    return ASX_OK;
}

static asx_merge_result merge(const char *out, const char *const *path, size_t n)
{
    asx_error err = {0};
    asx_merge_result r = {0};
    asx_store *store = open_store(out, ASX_STORE_CREATE);
    CHECK_OK(asx_store_merge(&r, store, path, n, false, &err), err);
    CHECK_OK(asx_store_check(store, complain, NULL, &err), err);
    asx_store_free(store);
    return r;
}

/* Three machines, designs and campaigns partly the same; joined, they are as one machine's. */
static void test_as_if_one(void **state)
{
    char one[256], a[300], b[300], c[300], x[300], y[300];
    (void)state;
    sample_path(one, sizeof one, "one.db");
    book(one, "first", 0, 30, 0);
    book(one, "second", 20, 30, 0); /* recalls ten */
    book(one, "second", 45, 30, 0);
    book(beside(a, sizeof a, one, "a?#.db"), "first", 0, 30, 0);
    book(beside(b, sizeof b, one, "b.db"), "second", 20, 30, 0);
    book(beside(c, sizeof c, one, "c.db"), "second", 45, 30, 0);
    const char *const forth[] = {a, b, c}, *const back[] = {c, b, a};
    beside(x, sizeof x, one, "x.db");
    beside(y, sizeof y, one, "y.db");
    const asx_merge_result r = merge(x, forth, 3);
    assert_int_equal(r.campaigns, 2);
    assert_int_equal(r.designs, 75);
    assert_int_equal(r.evaluations, 75);
    assert_int_equal(r.runs, 3);
    assert_int_equal(r.conflicts, 0);
    merge(y, back, 1);
    merge(y, back + 1, 2);
    char *want = contents(one), *have = contents(x), *again;
    assert_string_equal(have, want);
    free(have);
    have = contents(y);
    assert_string_equal(have, want);
    const asx_merge_result twice = merge(y, forth, 3); /* once more adds nothing */
    assert_int_equal(twice.campaigns + twice.designs + twice.evaluations + twice.runs, 0);
    again = contents(y);
    assert_string_equal(again, want);
    free(again);
    free(have);
    free(want);
    sample_remove(one);
}

/* Other numbers for the same design: refused, nothing changed; or the first stay. */
static void test_conflict(void **state)
{
    char a[256], b[300], c[300];
    asx_error err = {0};
    asx_merge_result r = {0};
    (void)state;
    sample_path(a, sizeof a, "a.db");
    book(a, "first", 0, 10, 0);
    book(beside(b, sizeof b, a, "b.db"), "first", 10, 10, 0);
    book(beside(c, sizeof c, a, "c.db"), "first", 8, 20, 5);
    char *before = contents(a);
    asx_store *store = open_store(a, ASX_STORE_WRITE);
    const char *const others[] = {b, c};
    CHECK_FAIL(asx_store_merge(&r, store, others, 2, false, &err), ASX_EDB, err);
    assert_non_null(strstr(err.message, "12 evaluations"));
    assert_non_null(strstr(err.message, c));
    assert_non_null(strstr(err.message, "drop"));
    char *after = contents(a);
    assert_string_equal(after, before);
    CHECK_OK(asx_store_merge(&r, store, others, 2, true, &err), err);
    assert_int_equal(r.evaluations, 18);
    assert_int_equal(r.conflicts, 12);
    CHECK_OK(asx_store_check(store, complain, NULL, &err), err);
    asx_store_free(store);
    free(before);
    free(after);
    sample_remove(a);
}

static void test_refused(void **state)
{
    char a[256], b[300], none[300];
    asx_error err = {0};
    asx_merge_result r = {.runs = 77};
    (void)state;
    sample_path(a, sizeof a, "a.db");
    book(a, "first", 0, 3, 0);
    book(beside(b, sizeof b, a, "b.db"), "first", 3, 3, 0);
    asx_store *store = open_store(a, ASX_STORE_WRITE);
    char *before = contents(a);
    const char *const itself[] = {b, a}, *const missing[] = {b, beside(none, sizeof none, a, "n")};
    CHECK_FAIL(asx_store_merge(&r, store, itself, 2, false, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_store_merge(&r, store, missing, 2, false, &err), ASX_EIO, err);
    CHECK_FAIL(asx_store_merge(&r, store, itself, 0, false, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_store_merge(&r, store, itself, ASX_MERGE_MAX + 1, false, &err), ASX_EINVAL, err);
    assert_int_equal(r.runs, 77);
    char *after = contents(a);
    assert_string_equal(after, before);
    CHECK_OK(asx_store_merge(&r, store, itself, 1, false, &err), err); /* it still works */
    assert_int_equal(r.evaluations, 3);
    asx_store_free(store);
    free(before);
    free(after);
    sample_remove(a);
}

/* A run of bespoke classifiers; every number tells run, place and `shift`. */
static void keep_bespoke(const char *path, uint64_t identity, size_t n, unsigned shift)
{
    asx_error err = {0};
    asx_bespoke_row row[8];
    char about[40], network[8][40];
    asx_store *store = open_store(path, ASX_STORE_CREATE);
    for (size_t i = 0; i < n; i++) {
        const double base = 100 * (double)identity + 10 * (double)i + shift;
        snprintf(network[i], sizeof network[i], "{\"weights\": %g}", base);
        row[i] = (asx_bespoke_row){.lost = base + 0.1,
                                   .correct = {(size_t)base, 2, 3},
                                   .drop = base + 0.2,
                                   .area_cm2 = base + 0.3,
                                   .power_mw = base + 0.4,
                                   .delay_ms = base + 0.5,
                                   .network = network[i]};
    }
    snprintf(about, sizeof about, "run %d, %u", (int)identity, shift);
    const asx_bespoke_record record = {.identity = identity,
                                       .about = about,
                                       .technology = "egt",
                                       .features = 4,
                                       .classes = 3,
                                       .rows = {56, 14, 30},
                                       .evaluated = 100 + shift,
                                       .design = row,
                                       .n = n};
    CHECK_OK(asx_bespoke_keep(store, &record, &err), err);
    asx_store_free(store);
}

/* All of the rows but ids and times; free() it. */
static char *bespoke_contents(const char *path)
{
    static const char sql[] =
        "SELECT b.identity || b.about || b.technology || b.features || b.classes || b.learn || "
        "b.choose || b.report || b.evaluated || (b.finished <> '') || coalesce(' ' || d.position || "
        "' ' || d.lost || ' ' || d.learn || ' ' || d.\"drop\" || ' ' || d.area_cm2 || ' ' || "
        "d.power_mw || ' ' || d.delay_ms || d.network, '') FROM bespoke AS b LEFT JOIN "
        "bespoke_design AS d ON d.bespoke = b.id ORDER BY 1";
    asx_error err = {0};
    asx_text text = {0};
    asx_store *store = open_store(path, ASX_STORE_READ);
    CHECK_OK(asx_sql_each(store, sql, append, &text, &err), err);
    asx_store_free(store);
    return text.s;
}

/* Two files with runs of their own and one that both have, once with another front, of fewer and of more designs: as if all
 * had been kept in one file, ours of those that differ. */
static void test_bespoke_overlaps(void **state)
{
    char one[256], a[300], b[300];
    (void)state;
    for (size_t n = 2; n <= 6; n += 2) { /* of the other's front of run 3, whose here has 4 */
        sample_path(one, sizeof one, "one.db");
        beside(a, sizeof a, one, "a.db");
        beside(b, sizeof b, one, "b.db");
        for (uint64_t run = 1; run <= 5; run++)
            keep_bespoke(one, run, 4, 0);
        keep_bespoke(a, 1, 4, 0);
        keep_bespoke(a, 2, 4, 0);
        keep_bespoke(a, 3, 4, 0);
        keep_bespoke(b, 4, 4, 0);
        keep_bespoke(b, 3, n, 7);
        keep_bespoke(b, 2, 4, 0);
        keep_bespoke(b, 5, 4, 0);
        keep_bespoke(one, 6, 4, 0); /* at its end in one file alone, at work in both */
        keep_bespoke(a, 6, 0, 0);
        keep_bespoke(b, 6, 4, 0);
        keep_bespoke(one, 7, 4, 0);
        keep_bespoke(a, 7, 4, 0);
        keep_bespoke(b, 7, 0, 0);
        keep_bespoke(one, 8, 0, 0);
        keep_bespoke(a, 8, 0, 0);
        keep_bespoke(b, 8, 0, 5);
        keep_bespoke(one, 9, 0, 0);
        keep_bespoke(b, 9, 0, 0);
        char *want = bespoke_contents(one);
        for (int i = 0; i < 2; i++) { /* once more adds nothing */
            const char *const other[] = {b};
            merge(a, other, 1);
            char *have = bespoke_contents(a);
            assert_string_equal(have, want);
            free(have);
        }
        free(want);
        sample_remove(one);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_if_one),
        cmocka_unit_test(test_bespoke_overlaps),
        cmocka_unit_test(test_conflict),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
