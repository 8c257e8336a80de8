/* The search loop with an evaluator and a ledger made of plain arrays. */
#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "check.h"
#include "dse/memory.h"
#include "search/run.h"
#include "space_fixture.h"

enum { LEDGER_MAX = 3000, BUDGET = 400 };

/* Keeps evaluations; fails at the `fail_at`-th booking. */
typedef struct book {
    char *text[LEDGER_MAX];
    asx_evaluation evaluation[LEDGER_MAX];
    size_t n, fail_at;
    atomic_size_t n_booked; /* = n, for other threads */
    atomic_int inside;      /* to see that calls are serialised */
    atomic_int faults;      /* overlapping calls and designs booked twice */
} book;

/* Worker threads must not leave through cmocka's longjmp: they count, the main thread asserts. */
static void enter(book *b)
{
    if (atomic_fetch_add(&b->inside, 1) != 0)
        atomic_fetch_add(&b->faults, 1);
}

static void leave(book *b)
{
    atomic_fetch_sub(&b->inside, 1);
}

static asx_status ledger_find(void *state, const char *text, asx_evaluation *out, bool *found,
                              asx_error *err)
{
    (void)err;
    book *b = state;
    enter(b);
    *found = false;
    for (size_t i = 0; i < b->n && !*found; i++)
        if (strcmp(b->text[i], text) == 0) {
            *out = b->evaluation[i];
            *found = true;
        }
    leave(b);
    return ASX_OK;
}

static asx_status ledger_book(void *state, const char *text, const asx_design *design,
                              const asx_evaluation *evaluation, asx_error *err)
{
    book *b = state;
    enter(b);
    asx_status status = ASX_OK;
    if (b->fail_at && b->n + 1 >= b->fail_at)
        status = asx_fail(err, ASX_EDB, "the disk is full");
    for (size_t i = 0; i < b->n; i++)
        if (!design->format || strcmp(b->text[i], text) == 0)
            atomic_fetch_add(&b->faults, 1);
    if (status == ASX_OK) {
        b->text[b->n] = asx_string_copy(text);
        b->evaluation[b->n++] = *evaluation;
        atomic_store(&b->n_booked, b->n);
    }
    leave(b);
    return status;
}

static void book_fini(book *b)
{
    assert_int_equal(atomic_load(&b->faults), 0);
    for (size_t i = 0; i < b->n; i++)
        free(b->text[i]);
    *b = (book){.n = 0};
}

/* Fewer bits: more drop, less energy; not additive, to make fronts of some size. */
typedef struct bench {
    atomic_size_t evaluated;
    size_t stop_after;             /* evaluations, 0 = never */
    unsigned fail_bits, slow_bits; /* fail or be slow when layer 0 has so many, 0 = never */
} bench;

static void spin(void)
{
    volatile double x = 1;
    for (int i = 0; i < 300000; i++)
        x = x + 1e-9;
}

static asx_status evaluate(void *state, const asx_design *design, asx_evaluation *inout,
                           asx_error *err)
{
    bench *b = state;
    atomic_fetch_add(&b->evaluated, 1);
    unsigned bits = design->format[0].weight.bits;
    if (bits == b->fail_bits)
        return asx_fail(err, ASX_EINVAL, "the oven is cold");
    if (bits == b->slow_bits)
        spin();
    double drop = design->placement == ASX_PLACEMENT_VN ? 0.001 : 0, energy = 1;
    for (size_t i = 0; i < design->n_layers; i++) {
        const asx_word *w = &design->format[i].weight;
        double missing = w->set.odd[0] ? 8.0 - asx_alphabet_set_count(w->set) : 0;
        drop += (8.0 - w->bits + missing / 4) / (double)(i + 1);
        energy += w->bits * (i % 2 ? 1.5 : 1) * (8 - missing / 2);
    }
    inout->accuracy.drop = drop * drop;
    inout->cost.energy_pj = energy;
    inout->cost.area_um2 = energy * drop;
    return ASX_OK;
}

static const asx_evaluator_type bench_type = {.name = "bench", .evaluate = evaluate};

static bool stop(void *state)
{
    bench *b = state;
    return b->stop_after && atomic_load(&b->evaluated) >= b->stop_after;
}

static asx_workload work;
static asx_space *space;
static bench stand;
static book pages;
static const asx_evaluator evaluator = {&bench_type, &stand};
static const asx_ledger ledger = {ledger_find, ledger_book, &pages};
static const asx_objective objectives[] = {ASX_DROP, ASX_ENERGY, ASX_AREA};

static asx_search config(const char *name)
{
    asx_error err;
    memset(&stand, 0, sizeof stand);
    asx_search c = {.space = space,
                    .work = &work,
                    .seed = 4,
                    .objective = objectives,
                    .n_objectives = 2,
                    .limits = asx_limits_none(),
                    .evaluator = &evaluator,
                    .budget = BUDGET,
                    .threads = 1,
                    .stop = stop,
                    .stop_state = &stand};
    CHECK_OK(asx_searcher_find(&c.searcher, name, &err), err);
    return c;
}

static asx_search_outcome run(const asx_search *c, asx_search_end end)
{
    asx_error err;
    asx_search_outcome outcome;
    CHECK_OK(asx_search_run(&outcome, c, &err), err);
    assert_string_equal(asx_search_end_text(outcome.end), asx_search_end_text(end));
    assert_int_equal(outcome.progress.evaluated, atomic_load(&stand.evaluated));
    assert_int_equal(outcome.progress.evaluated + outcome.progress.recalled,
                     asx_archive_size(outcome.archive));
    return outcome;
}

static void assert_same(const asx_archive *a, const asx_archive *b)
{
    assert_int_equal(asx_archive_size(a), asx_archive_size(b));
    size_t n_genes = asx_archive_n_genes(a), d = asx_archive_n_objectives(a), n_a, n_b;
    for (size_t i = 0; i < asx_archive_size(a); i++) {
        assert_memory_equal(asx_archive_point(a, i), asx_archive_point(b, i),
                            n_genes * sizeof(asx_gene));
        assert_memory_equal(asx_archive_objective(a, i), asx_archive_objective(b, i),
                            d * sizeof(double));
        assert_true(asx_archive_violation(a, i) == asx_archive_violation(b, i));
    }
    const size_t *front_a = asx_archive_front(a, &n_a), *front_b = asx_archive_front(b, &n_b);
    assert_int_equal(n_a, n_b);
    assert_memory_equal(front_a, front_b, n_a * sizeof *front_a);
}

static void threads_and_batches_do_not_matter(void **state)
{
    (void)state;
    static const size_t threads[] = {8, 2, 1}, batches[] = {50, 0, 33};
    for (size_t s = 0; asx_searchers[s]; s++) {
        if (asx_searchers[s]->wants_model)
            continue;
        if (!fixture_explores(asx_searchers[s]))
            continue;
        asx_search c = config(asx_searchers[s]->name);
        asx_search_outcome first = run(&c, ASX_END_BUDGET);
        assert_int_equal(asx_archive_size(first.archive), BUDGET);
        for (size_t i = 0; i < 9; i++) {
            c = config(asx_searchers[s]->name);
            c.threads = threads[i / 3];
            c.batch = batches[i % 3];
            c.ledger = i % 2 ? &ledger : NULL;
            stand.slow_bits = i == 5 ? 6 : 0;
            asx_search_outcome again = run(&c, ASX_END_BUDGET);
            assert_same(first.archive, again.archive);
            asx_search_outcome_fini(&again);
            /* nothing is slow enough here to be booked out of order */
            for (size_t k = 0; k < pages.n; k++)
                assert_true(pages.evaluation[k].accuracy.drop ==
                            asx_archive_objective(first.archive, k)[0]);
            book_fini(&pages);
        }
        asx_search_outcome_fini(&first);
    }
}

static void resuming_anywhere_ends_the_same(void **state)
{
    (void)state;
    for (size_t s = 0; asx_searchers[s]; s++) {
        if (asx_searchers[s]->wants_model)
            continue;
        if (!fixture_explores(asx_searchers[s]))
            continue;
        asx_search c = config(asx_searchers[s]->name);
        c.budget = 150;
        asx_search_outcome whole = run(&c, ASX_END_BUDGET);
        for (size_t k = 1; k <= 150; k += k < 8 ? 1 : 29) {
            c = config(asx_searchers[s]->name);
            c.budget = 150;
            c.threads = 1 + k % 2;
            c.batch = 64;
            c.ledger = &ledger;
            stand.stop_after = k;
            asx_search_outcome part = run(&c, k < 150 ? ASX_END_INTERRUPTED : ASX_END_BUDGET);
            size_t booked = pages.n;
            assert_in_range(booked, k, k + 1);
            assert_int_equal(booked, atomic_load(&stand.evaluated));
            asx_search_outcome_fini(&part);

            atomic_store(&stand.evaluated, 0);
            stand.stop_after = 0;
            asx_search_outcome rest = run(&c, ASX_END_BUDGET);
            assert_same(whole.archive, rest.archive);
            assert_int_equal(rest.progress.recalled, booked);
            assert_int_equal(rest.progress.evaluated, 150 - booked);
            asx_search_outcome_fini(&rest);
            book_fini(&pages);
        }
        asx_search_outcome_fini(&whole);
    }
}

static void spaces_without_budget_are_exhausted(void **state)
{
    (void)state;
    asx_space *big = space;
    space = fixture_space(&work, 3);
    for (size_t s = 0; asx_searchers[s]; s++) {
        if (asx_searchers[s]->wants_model)
            continue;
        if (!fixture_explores(asx_searchers[s]))
            continue;
        asx_search c = config(asx_searchers[s]->name);
        c.budget = 0;
        c.threads = 0;
        asx_search_outcome all = run(&c, ASX_END_EXHAUSTED);
        assert_int_equal(asx_archive_size(all.archive), asx_space_size(space));
        asx_search_outcome_fini(&all);
    }
    asx_space_free(space);
    space = big;
}

static void failing_evaluators_stop_the_run(void **state)
{
    (void)state;
    asx_error err;
    for (size_t threads = 1; threads <= 8; threads *= 2) {
        asx_search c = config("random");
        c.ledger = &ledger;
        c.threads = threads;
        stand.fail_bits = 4;
        asx_search_outcome out = {.end = ASX_N_ENDS};
        CHECK_FAIL(asx_search_run(&out, &c, &err), ASX_EINVAL, err);
        assert_non_null(strstr(err.message, "design '"));
        assert_non_null(strstr(err.message, "the oven is cold"));
        assert_int_equal(out.end, ASX_N_ENDS);
        assert_null(out.archive);
        size_t evaluated = atomic_load(&stand.evaluated);
        /* at least one failed; the others that were running are booked */
        assert_true(pages.n < evaluated && pages.n + threads >= evaluated);
        book_fini(&pages);
    }
}

/* The first design waits until another is booked, as it would have to forever if all came in order;
 * it gives up, and the test fails, when all others were evaluated. */
static atomic_bool first_taken, gave_up;

static asx_status evaluate_first_last(void *state, const asx_design *design, asx_evaluation *inout,
                                      asx_error *err)
{
    asx_status status = evaluate(state, design, inout, err);
    if (atomic_exchange(&first_taken, true)) {
        for (int i = 0; i < 20 && atomic_load(&pages.n_booked) == 0; i++)
            spin();
        return status;
    }
    bool last = false;
    while (atomic_load(&pages.n_booked) == 0 && !last)
        last = atomic_load(&stand.evaluated) == BUDGET;
    atomic_store(&gave_up, atomic_load(&pages.n_booked) == 0);
    return status;
}

static void slow_designs_do_not_hold_up_the_booking(void **state)
{
    (void)state;
    static const asx_evaluator_type type = {.name = "first last", .evaluate = evaluate_first_last};
    const asx_evaluator sluggish = {&type, &stand};
    asx_search c = config("random");
    c.evaluator = &sluggish;
    c.ledger = &ledger;
    c.threads = 2;
    asx_search_outcome out = run(&c, ASX_END_BUDGET);
    assert_false(atomic_load(&gave_up));
    assert_int_equal(pages.n, BUDGET);
    asx_search_outcome_fini(&out);
    book_fini(&pages);
}

static void failing_ledgers_stop_the_run(void **state)
{
    (void)state;
    asx_error err;
    for (size_t threads = 1; threads <= 2; threads++) {
        asx_search c = config("random");
        c.ledger = &ledger;
        c.threads = threads;
        pages.fail_at = 20;
        asx_search_outcome out = {.end = ASX_N_ENDS};
        CHECK_FAIL(asx_search_run(&out, &c, &err), ASX_EDB, err);
        assert_string_equal(err.message, "the disk is full");
        assert_int_equal(pages.n, 19);
        assert_int_equal(out.end, ASX_N_ENDS);
        book_fini(&pages);
    }
}

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

static int set_up(void **state)
{
    (void)state;
    work = fixture_workload(3);
    space = fixture_space(&work, 10);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    asx_space_free(space);
    asx_workload_fini(&work);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_and_batches_do_not_matter),
        cmocka_unit_test(resuming_anywhere_ends_the_same),
        cmocka_unit_test(spaces_without_budget_are_exhausted),
        cmocka_unit_test(failing_evaluators_stop_the_run),
        cmocka_unit_test(slow_designs_do_not_hold_up_the_booking),
        cmocka_unit_test(failing_ledgers_stop_the_run),
        cmocka_unit_test(duplicates_are_evaluated_once),
        cmocka_unit_test(observers_see_every_design),
        cmocka_unit_test(limits_put_the_feasible_first),
        cmocka_unit_test(incomplete_configurations_are_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
