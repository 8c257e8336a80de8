/* Runs of bespoke classifiers: one that was stopped ends as one that was not, with any number of threads; warnings and refusals. */
#include <string.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/vfs.h>
#endif

#include "bespoke_drawn.h"

/* A user who stops after so many designs; -1: never. */
static long left;

static bool stop(void *state)
{
    (void)state;
    return left == 0;
}

static asx_status progress(void *state, const asx_progress *p, asx_error *err)
{
    (void)state;
    (void)p;
    (void)err;
    left -= left > 0;
    return ASX_OK;
}

static const asx_watcher watcher = {.progress = progress, .stop = stop};

static asx_bespoke_plan plan_of(const asx_bespoke_table *t, const asx_cell_library *library)
{
    asx_params params;
    asx_bespoke_plan p = {
        .table = t, .library = library, .evaluations = 3000, .seed = 1, .watcher = &watcher};
    asx_params_init(&params, asx_bespoke_params);
    asx_bespoke_plan_set(&p, &params);
    p.training = quick;
    p.population = 80;
    p.children = 20;
    return p;
}

static void check_same(const asx_bespoke_result *a, const asx_bespoke_result *b)
{
    assert_int_equal(a->n, b->n);
    assert_int_equal(a->evaluated, b->evaluated);
    assert_memory_equal(a->chosen, b->chosen, sizeof a->chosen);
    for (size_t i = 0; i < a->n; i++) {
        asx_text x = {0}, y = {0};
        asx_bespoke_print(&x, a->front[i].network, NULL);
        asx_bespoke_print(&y, b->front[i].network, NULL);
        assert_string_equal(x.s, y.s);
        assert_memory_equal(a->front[i].correct, b->front[i].correct, sizeof a->front[i].correct);
        asx_text_fini(&x);
        asx_text_fini(&y);
    }
}

static void check_front(const asx_bespoke_result *r)
{
    assert_true(r->n > 3);
    for (size_t i = 1; i < r->n; i++) {
        assert_true(r->front[i].price.area_cm2 > r->front[i - 1].price.area_cm2);
        assert_true(r->front[i].lost < r->front[i - 1].lost);
    }
    for (int k = 0; k < ASX_BESPOKE_LOSSES; k++)
        if (r->chosen[k] != ASX_BESPOKE_NONE) {
            assert_true(r->front[r->chosen[k]].lost <= asx_bespoke_loss[k]);
            assert_true(r->chosen[k] == 0 || r->front[r->chosen[k] - 1].lost > asx_bespoke_loss[k]);
        }
    /* the drawn table is far from what takes the exact network */
    assert_true(r->chosen[2] != ASX_BESPOKE_NONE);
    assert_true(r->front[r->chosen[2]].price.area_cm2 * 4 < r->baseline.price.area_cm2);
}

static void stopped_or_not(void **state)
{
    (void)state;
    asx_error err;
    char path[] = "/tmp/asx-bespoke-XXXXXX";
    asx_bespoke_table *t = drawn(600);
    asx_cell_library *library = NULL;
    asx_bespoke_result whole = {0}, pieces = {0}, again = {0};
    const int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    CHECK_OK(asx_cell_library_load(&library, asx_cell_library_embedded(0), &err), err);
    asx_bespoke_plan plan = plan_of(t, library);
    left = -1;
    plan.threads = 2;
    CHECK_OK(asx_bespoke_run_plan(&whole, &plan, &err), err);
    check_front(&whole);
    plan.threads = 1;
    plan.database = path;
    left = 0; /* in the training already */
    CHECK_FAIL(asx_bespoke_run_plan(&pieces, &plan, &err), ASX_EINTERRUPTED, err);
    left = 37;
    CHECK_FAIL(asx_bespoke_run_plan(&pieces, &plan, &err), ASX_EINTERRUPTED, err);
    left = 50;
    CHECK_FAIL(asx_bespoke_run_plan(&pieces, &plan, &err), ASX_EINTERRUPTED, err);
    left = -1;
    CHECK_OK(asx_bespoke_run_plan(&pieces, &plan, &err), err);
    assert_true(pieces.resumed > 80 + 80 * 20 && pieces.resumed < 3000);
    check_same(&whole, &pieces);
    plan.power_max_mw = whole.front[1].price.power_mw; /* the first may be no circuit at all */
    CHECK_OK(asx_bespoke_run_plan(&again, &plan, &err), err);
    for (int k = 0; k < ASX_BESPOKE_LOSSES; k++)
        assert_true(again.chosen[k] == ASX_BESPOKE_NONE ||
                    again.front[again.chosen[k]].price.power_mw <= plan.power_max_mw);
    assert_true(again.chosen[0] != whole.chosen[0]);
    asx_bespoke_result_fini(&whole);
    asx_bespoke_result_fini(&pieces);
    asx_bespoke_result_fini(&again);
    asx_cell_library_free(library);
    asx_bespoke_table_free(t);
    unlink(path);
}

#ifdef __linux__
/* All files look as if they were on a network, or on a disk: this statfs comes before that of the system. */
static bool on_nfs;

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): reserved names there */
int statfs(const char *path, struct statfs *out)
{
    (void)path;
    *out = (struct statfs){.f_type = on_nfs ? 0x6969 : 0};
    return 0;
}

static void note_warning(void *state, asx_say kind, const char *line)
{
    char *said = state;
    if (kind == ASX_SAY_WARNING)
        snprintf(said, 200, "%s", line);
}

/* A database on a network file system is remarkable to a campaign's run, and to this one. */
static void warns_of_networks(void **state)
{
    (void)state;
    asx_error err;
    char path[] = "/tmp/asx-bespoke-XXXXXX", said[200] = "";
    asx_bespoke_table *t = drawn(100);
    asx_cell_library *library = NULL;
    const asx_watcher listens = {.say = note_warning, .state = said};
    const int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    CHECK_OK(asx_cell_library_load(&library, asx_cell_library_embedded(0), &err), err);
    asx_bespoke_plan plan = plan_of(t, library);
    plan.training.epochs = 1;
    plan.population = plan.children = 10;
    plan.evaluations = 20;
    plan.database = path;
    plan.watcher = &listens;
    for (int i = 0; i < 2; i++) {
        asx_bespoke_result r = {0};
        on_nfs = i > 0;
        CHECK_OK(asx_bespoke_run_plan(&r, &plan, &err), err);
        assert_int_equal(strstr(said, "NFS") != NULL, on_nfs);
        asx_bespoke_result_fini(&r);
    }
    on_nfs = false;
    asx_cell_library_free(library);
    asx_bespoke_table_free(t);
    unlink(path);
}

#endif

static void refuses(void **state)
{
    (void)state;
    asx_error err;
    asx_bespoke_table *t = drawn(100);
    asx_bespoke_result r = {0};
    asx_bespoke_plan bad[4];
    for (int i = 0; i < 4; i++)
        bad[i] = plan_of(t, NULL);
    bad[0].digits = 5;
    bad[1].population = 3;
    bad[2].evaluations = 79;
    bad[3].worst = 101;
    for (int i = 0; i < 4; i++)
        CHECK_FAIL(asx_bespoke_run_plan(&r, &bad[i], &err), ASX_EINVAL, err);
    assert_null(r.front);
    asx_bespoke_table_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(stopped_or_not),
#ifdef __linux__
                                       cmocka_unit_test(warns_of_networks),
#endif
                                       cmocka_unit_test(refuses)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
