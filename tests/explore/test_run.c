/* A run with a watcher of one's own: what it is told, stopping and going on, failing; that nothing
 * is printed and nothing of the process is changed. */
#include "explore/run.h"

#include <fcntl.h>
#include <math.h>
#include <omp.h>
#include <stdatomic.h>
#include <string.h>

#include "results/front.h"
#include "results/query.h"
#include "tiny.h"

/* What a watcher saw. */
typedef struct seen {
    char stages[400]; /* "one|two|" */
    char kept[400];   /* remarks and warnings */
    size_t n_progress, done, most_budget;
    size_t stop_after; /* designs of a stage; 0: never */
    size_t fail_after; /* 0: never */
    atomic_bool stop;  /* several threads ask */
} seen;

static void say(void *state, asx_say kind, const char *line)
{
    seen *s = state;
    char *out = kind == ASX_SAY_STAGE ? s->stages : s->kept;
    if (kind == ASX_SAY_STATUS)
        return;
    assert_null(strchr(line, '\n'));
    snprintf(out + strlen(out), sizeof s->stages - strlen(out), "%s|", line);
}

static asx_status progress(void *state, const asx_progress *p, asx_error *err)
{
    seen *s = state;
    s->n_progress++;
    s->done = p->evaluated + p->recalled;
    s->most_budget = p->budget > s->most_budget ? p->budget : s->most_budget;
    if (s->stop_after && s->done >= s->stop_after)
        atomic_store(&s->stop, true);
    if (s->fail_after && s->n_progress >= s->fail_after)
        return asx_fail(err, ASX_EUNSUPPORTED, "the watcher is tired");
    return ASX_OK;
}

static bool stop(void *state)
{
    seen *s = state;
    return atomic_load(&s->stop);
}

static asx_status run(asx_explore_result *result, const asx_campaign_spec *spec,
                      const char *database, seen *watched, size_t threads, asx_error *err)
{
    asx_session s = tiny_session(spec);
    const asx_watcher watcher = {say, progress, stop, watched};
    const asx_explore_options options = {
        .database = database, .threads = threads, .watcher = watched ? &watcher : NULL};
    const asx_status status = asx_explore_run(result, &s, &options, err);
    asx_session_close(&s);
    return status;
}

/* Everything that a database holds of evaluations, as one text. */
static char *rows_of(const char *database)
{
    asx_error err;
    asx_store *store = NULL;
    asx_rows rows = {0};
    asx_text text = {0};
    char *out = NULL;
    CHECK_OK(asx_store_open(&store, database, ASX_STORE_READ, &err), err);
    CHECK_OK(asx_query_rows(&rows, store, &(asx_query){.campaign = 1, .sort = "design"}, &err),
             err);
    for (size_t i = 0; i < rows.n; i++) {
        const asx_evaluation *e = &rows.row[i].evaluation;
        asx_text_add(&text, "%s %s %s %.17g %.17g\n", rows.row[i].design, rows.row[i].subset,
                     asx_tier_text(e->accuracy.tier), e->accuracy.drop, e->cost.energy_pj);
    }
    asx_rows_fini(&rows);
    asx_store_free(store);
    CHECK_OK(asx_text_take(&out, &text, &err), err);
    return out;
}

static const asx_campaign_spec measured = {
    .search = &(asx_campaign_search){.algorithm = "enumerate", .tier = "measured"},
    .verify = &(asx_campaign_verify){.measured = "3"}};

/* A space of layers on the proxy: rounds, then the search, then the front. */
static const char *const vn[] = {"vn"}, *const few_bits[] = {"4", "8"};
static const asx_campaign_space layers = {
    .scope = "layer",
    .placement = vn,
    .placement_count = 1,
    .weights = {.bits = few_bits, .bits_count = 2, .alphabets = "none {1} {1,3}"}};
static const asx_campaign_spec taught = {.space = &layers,
                                         .search = &(asx_campaign_search){.algorithm = "random",
                                                                          .budget = "24",
                                                                          .rounds = "2",
                                                                          .per_round = "4"},
                                         .verify = &(asx_campaign_verify){.measured = "2"}};

static void test_what_is_told(void **state)
{
    (void)state;
    char database[100];
    asx_error err;
    asx_explore_result r;
    seen w = {.n_progress = 0};
    tiny_database(database, sizeof database);
    CHECK_OK(run(&r, &measured, database, &w, 0, &err), err);
    assert_string_equal(w.stages, "running the float network|search|measuring the front|");
    assert_string_equal(w.kept,
                        "float network: 97.0 % [91.5, 99.0] of 100 images; guessing: 10.0 %|");
    assert_int_equal(r.end, ASX_END_EXHAUSTED);
    assert_int_equal(r.progress.evaluated, 8);
    assert_string_equal(r.space_size, "8");
    assert_true(r.reported > 0 && r.measured == 0 && r.trained == 0);
    assert_true(w.n_progress >= 8 && w.most_budget == 8);
    assert_true(r.progress.hypervolume > 0 && strstr(r.reference, "energy_pj="));
    asx_explore_result_fini(&r);
    assert_null(r.reference);
    tiny_remove(database);

    w = (seen){.n_progress = 0};
    tiny_database(database, sizeof database);
    CHECK_OK(run(&r, &taught, database, &w, 0, &err), err);
    assert_string_equal(w.stages, "reading or building the proxy's table|round 1, solving|round 1, "
                                  "measuring|round 2, solving|round 2, measuring|search|measuring "
                                  "the front|measuring the front|");
    assert_non_null(strstr(w.kept, "|hypervolume against drop=20"));
    assert_non_null(strstr(w.kept, "|round 2: front "));
    asx_explore_result_fini(&r);
    tiny_remove(database);
}

/* Stopped after every design or two and gone on with, a run leaves what one in a piece leaves. */
static void check_stopping(const asx_campaign_spec *spec, size_t step)
{
    char whole[100], pieces[100];
    asx_error err;
    asx_explore_result r;
    size_t n_stops = 0;
    tiny_database(whole, sizeof whole);
    tiny_database(pieces, sizeof pieces);
    CHECK_OK(run(&r, spec, whole, NULL, 2, &err), err);
    asx_explore_result_fini(&r);
    for (size_t after = step;; after += step) {
        seen w = {.stop_after = after};
        CHECK_OK(run(&r, spec, pieces, &w, 1, &err), err);
        const asx_search_end end = r.end;
        asx_explore_result_fini(&r);
        if (end != ASX_END_INTERRUPTED)
            break;
        assert_true(++n_stops < 100);
    }
    assert_true(n_stops > 1);
    char *a = rows_of(whole), *b = rows_of(pieces);
    assert_string_equal(a, b);
    free(a);
    free(b);
    tiny_remove(whole);
    tiny_remove(pieces);
}

static void test_stopping(void **state)
{
    (void)state;
    check_stopping(&measured, 3);
    check_stopping(&taught, 9);
}

/* A watcher that fails ends the run, and what was found is there. */
static void test_failing(void **state)
{
    (void)state;
    char database[100];
    asx_error err;
    asx_explore_result r = {.trained = 77};
    seen w = {.fail_after = 4};
    tiny_database(database, sizeof database);
    CHECK_FAIL(run(&r, &measured, database, &w, 1, &err), ASX_EUNSUPPORTED, err);
    assert_string_equal(err.message, "the watcher is tired");
    assert_int_equal(r.trained, 77);
    w = (seen){.n_progress = 0};
    CHECK_OK(run(&r, &measured, database, &w, 1, &err), err);
    assert_true(r.progress.recalled >= 3);
    assert_int_equal(r.progress.recalled + r.progress.evaluated, 8);
    asx_explore_result_fini(&r);
    tiny_remove(database);
}

static void test_what_cannot_run(void **state)
{
    (void)state;
    char database[100];
    asx_error err;
    asx_explore_result r = {.trained = 77};
    asx_campaign_data data = tiny_data;
    tiny_database(database, sizeof database);
    data.report = "99:200";
    CHECK_FAIL(run(&r, &(asx_campaign_spec){.data = &data}, database, NULL, 1, &err), ASX_EINVAL,
               err);
    assert_non_null(strstr(err.message, ": data.report: 99:200 and 'select' 0:100 share images"));
    CHECK_FAIL(run(&r, &(asx_campaign_spec){.search = &(asx_campaign_search){.algorithm = "luck"}},
                   database, NULL, 1, &err),
               ASX_ENOTFOUND, err);
    CHECK_FAIL(run(&r, &measured, "/nowhere/a.db", NULL, 1, &err), ASX_EIO, err);
    assert_int_equal(r.trained, 77);
    tiny_remove(database);
}

/* Neither output of the process, nor its threads. */
static void test_manners(void **state)
{
    (void)state;
    char database[100], path[120];
    asx_error err;
    asx_explore_result r;
    tiny_database(database, sizeof database);
    snprintf(path, sizeof path, "%s.said", database);
    fflush(NULL);
    const int out = dup(1), errors = dup(2), file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    assert_true(out >= 0 && errors >= 0 && file >= 0);
    dup2(file, 1);
    dup2(file, 2);
    omp_set_num_threads(3);
    const asx_status status = run(&r, &taught, database, NULL, 2, &err);
    fflush(NULL);
    dup2(out, 1);
    dup2(errors, 2);
    CHECK_OK(status, err);
    assert_int_equal(lseek(file, 0, SEEK_END), 0);
    assert_int_equal(omp_get_max_threads(), 3);
    close(out);
    close(errors);
    close(file);
    asx_explore_result_fini(&r);
    tiny_remove(database);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_told), cmocka_unit_test(test_stopping),
        cmocka_unit_test(test_failing),      cmocka_unit_test(test_what_cannot_run),
        cmocka_unit_test(test_manners),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
