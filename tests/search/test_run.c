/* The search loop: threads, batches, resuming, failures. */
#include "run_fixture.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_and_batches_do_not_matter),
        cmocka_unit_test(resuming_anywhere_ends_the_same),
        cmocka_unit_test(spaces_without_budget_are_exhausted),
        cmocka_unit_test(failing_evaluators_stop_the_run),
        cmocka_unit_test(slow_designs_do_not_hold_up_the_booking),
        cmocka_unit_test(failing_ledgers_stop_the_run),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
