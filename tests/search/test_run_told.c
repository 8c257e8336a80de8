/* What the search loop tells searchers, observers and callers, and what it refuses. */
#include "run_fixture.h"

/* A searcher that proposes every design of a small space twice, then half of them again. */
typedef struct stutter {
    const asx_space *space;
    uint64_t next;
    double told;
} stutter;

static double told_in_all;

static asx_status stutter_init(void *state, const asx_searcher_setup *setup, asx_error *err)
{
    (void)err;
    ((stutter *)state)->space = setup->space;
    return ASX_OK;
}

static asx_status stutter_ask(void *state, size_t max, asx_gene *point, size_t *n, asx_error *err)
{
    (void)err;
    stutter *s = state;
    uint64_t size = asx_space_size(s->space);
    for (*n = 0; *n < max && s->next < 3 * size; ++*n, s->next++)
        asx_space_at(point + *n * asx_space_n_genes(s->space), s->space, s->next / 2 % size);
    return ASX_OK;
}

static asx_status stutter_tell(void *state, size_t n, const asx_gene *point,
                               const double *objective, const double *violation, asx_error *err)
{
    (void)point, (void)violation, (void)err;
    stutter *s = state;
    for (size_t i = 0; i < n; i++)
        s->told += objective[2 * i];
    told_in_all = s->told;
    return ASX_OK;
}

static void stutter_fini(void *state)
{
    (void)state;
}

static const asx_searcher_type stutter_type = {
    .name = "stutter",
    .summary = "repeats itself",
    .state_size = sizeof(stutter),
    .init = stutter_init,
    .ask = stutter_ask,
    .tell = stutter_tell,
    .fini = stutter_fini,
};

static void duplicates_are_evaluated_once(void **state)
{
    (void)state;
    asx_space *big = space;
    space = fixture_space(&work, 2);
    size_t size = asx_space_size(space);
    double want = 0;
    for (size_t batch = 1; batch <= 50; batch += 7) {
        asx_search c = config("random");
        c.searcher = &stutter_type;
        c.budget = 0;
        c.batch = batch;
        c.threads = 2;
        asx_search_outcome out = run(&c, ASX_END_EXHAUSTED);
        assert_int_equal(out.progress.asked, 3 * size);
        assert_int_equal(out.progress.evaluated, size);
        assert_int_equal(out.progress.duplicates, 2 * size);
        if (batch == 1)
            for (size_t i = 0; i < size; i++)
                want += (i < size / 2 ? 4 : 2) * asx_archive_objective(out.archive, i)[0];
        assert_true(fabs(told_in_all - want) < 1e-9 * want);
        asx_search_outcome_fini(&out);
    }
    asx_space_free(space);
    space = big;
}

typedef struct watch {
    size_t calls, faults, last_front, fail_at;
} watch;

static asx_status watch_progress(void *state, const asx_progress *p, asx_error *err)
{
    watch *w = state;
    w->calls++;
    w->faults += p->evaluated + p->recalled != w->calls || p->budget != BUDGET;
    w->last_front = p->front;
    return w->calls == w->fail_at ? asx_fail(err, ASX_EIO, "nobody listens") : ASX_OK;
}

static void observers_see_every_design(void **state)
{
    (void)state;
    asx_error err;
    watch w = {0};
    asx_observer observer = {.progress = watch_progress, .state = &w};
    asx_search c = config("nsga2");
    c.observer = &observer;
    c.threads = 4;
    asx_search_outcome out = run(&c, ASX_END_BUDGET);
    size_t n;
    asx_archive_front(out.archive, &n);
    assert_int_equal(w.calls, BUDGET);
    assert_int_equal(w.faults, 0);
    assert_int_equal(w.last_front, n);
    assert_int_equal(out.progress.front, n);
    asx_search_outcome_fini(&out);

    w = (watch){.fail_at = 100};
    c = config("nsga2");
    c.observer = &observer;
    CHECK_FAIL(asx_search_run(&out, &c, &err), ASX_EIO, err);
    assert_int_equal(w.calls, 100);
}

static void limits_put_the_feasible_first(void **state)
{
    (void)state;
    asx_search c = config("random");
    c.limits.max[ASX_ENERGY] = 150;
    asx_search_outcome out = run(&c, ASX_END_BUDGET);
    size_t n;
    const size_t *front = asx_archive_front(out.archive, &n);
    assert_true(asx_archive_feasible(out.archive));
    assert_true(n > 1);
    for (size_t i = 0; i < n; i++)
        assert_true(asx_archive_objective(out.archive, front[i])[1] <= 150);
    asx_search_outcome_fini(&out);

    c = config("random");
    c.limits.max[ASX_ENERGY] = 2;
    out = run(&c, ASX_END_BUDGET);
    assert_false(asx_archive_feasible(out.archive));
    assert_int_equal(out.progress.front, 0);
    front = asx_archive_front(out.archive, &n);
    assert_true(n > 0);
    for (size_t i = 0; i < asx_archive_size(out.archive); i++)
        assert_true(asx_archive_violation(out.archive, front[0]) <=
                    asx_archive_violation(out.archive, i));
    asx_search_outcome_fini(&out);
}

static void incomplete_configurations_are_refused(void **state)
{
    (void)state;
    asx_error err;
    asx_search_outcome out = {.end = ASX_N_ENDS};
    static const asx_objective unknown[] = {ASX_N_OBJECTIVES};
    static const asx_param_spec foreign[] = {{0}};
    for (int i = 0; i < 9; i++) {
        asx_search c = config("random");
        switch (i) {
        case 0:
            c.space = NULL;
            break;
        case 1:
            c.searcher = NULL;
            break;
        case 2:
            c.evaluator = NULL;
            break;
        case 3:
            c.n_objectives = 0;
            break;
        case 4:
            c.n_objectives = ASX_N_OBJECTIVES + 1;
            break;
        case 5:
            c.objective = unknown;
            c.n_objectives = 1;
            break;
        case 6:
            c.ledger = &ledger;
            c.work = NULL;
            break;
        case 7:
            c.params.spec = foreign;
            break;
        default:
            c.threads = 1000000;
        }
        CHECK_FAIL(asx_search_run(&out, &c, &err), ASX_EINVAL, err);
        assert_int_equal(out.end, ASX_N_ENDS);
        assert_null(out.archive);
    }
    /* a searcher that refuses the space: 2 x 10^3 designs are more than 1000 */
    asx_search c = config("enumerate");
    asx_params_init(&c.params, c.searcher->params);
    CHECK_OK(asx_params_set(&c.params, "max", "1000", &err), err);
    CHECK_FAIL(asx_search_run(&out, &c, &err), ASX_EINVAL, err);
    assert_non_null(strstr(err.message, "2000"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(duplicates_are_evaluated_once),
        cmocka_unit_test(observers_see_every_design),
        cmocka_unit_test(limits_put_the_feasible_first),
        cmocka_unit_test(incomplete_configurations_are_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
