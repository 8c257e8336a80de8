/* The search loop with an evaluator that takes many designs together: the same archive and bookings
 * as one by one, whatever is killed or fails. */
#include "search/run.h"

#include <stdlib.h>
#include <string.h>

#include "space_fixture.h"

enum { BUDGET = 200 };

typedef struct kitchen {
    size_t evaluated, most, stop_after, fail_at; /* fail_at: number of the design that fails */
} kitchen;

static asx_status cook(void *state, const asx_design *design, asx_evaluation *inout, asx_error *err)
{
    kitchen *k = state;
    double drop = design->placement == ASX_PLACEMENT_VN ? 0.5 : 0, energy = 1;
    if (k->evaluated + 1 == k->fail_at)
        return asx_fail(err, ASX_EINVAL, "the oven is cold");
    k->evaluated++;
    for (size_t i = 0; i < design->n_layers; i++) {
        drop += (8.0 - design->format[i].weight.bits) / (double)(i + 1);
        energy += design->format[i].weight.bits;
    }
    inout->accuracy.drop = drop;
    inout->cost.energy_pj = energy;
    return ASX_OK;
}

static asx_status cook_many(void *state, const asx_design *const *design, size_t n,
                            asx_evaluation *inout, asx_error *err)
{
    kitchen *k = state;
    k->most = n > k->most ? n : k->most;
    if (k->fail_at > k->evaluated && k->fail_at <= k->evaluated + n)
        return asx_fail(err, ASX_EINVAL, "something went wrong");
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        status = cook(state, design[i], &inout[i], err);
    return status;
}

static const asx_evaluator_type single = {.name = "single", .evaluate = cook};
static const asx_evaluator_type many = {
    .name = "many", .evaluate = cook, .evaluate_many = cook_many};

/* A ledger in memory. */
typedef struct pages {
    char *text[2 * BUDGET];
    asx_evaluation evaluation[2 * BUDGET];
    size_t n;
} pages;

static asx_status find(void *state, const char *text, asx_evaluation *out, bool *found,
                       asx_error *err)
{
    const pages *p = state;
    (void)err;
    *found = false;
    for (size_t i = 0; i < p->n && !*found; i++)
        if (strcmp(p->text[i], text) == 0) {
            *found = true;
            *out = p->evaluation[i];
        }
    return ASX_OK;
}

static asx_status book(void *state, const char *text, const asx_design *design,
                       const asx_evaluation *evaluation, asx_error *err)
{
    pages *p = state;
    bool twice;
    asx_evaluation known;
    (void)design;
    CHECK_OK(find(state, text, &known, &twice, err), *err);
    assert_false(twice);
    p->text[p->n] = malloc(strlen(text) + 1);
    strcpy(p->text[p->n], text);
    p->evaluation[p->n++] = *evaluation;
    return ASX_OK;
}

static void pages_fini(pages *p)
{
    while (p->n)
        free(p->text[--p->n]);
}

static bool stop(void *state)
{
    const kitchen *k = state;
    return k->stop_after && k->evaluated >= k->stop_after;
}

static asx_workload work;
static asx_space *space;
static const asx_objective objectives[] = {ASX_DROP, ASX_ENERGY};

static asx_search config(kitchen *k, const asx_evaluator *evaluator, const asx_ledger *ledger)
{
    asx_error err;
    asx_search c = {.space = space,
                    .work = &work,
                    .seed = 4,
                    .objective = objectives,
                    .n_objectives = 2,
                    .limits = asx_limits_none(),
                    .evaluator = evaluator,
                    .ledger = ledger,
                    .budget = BUDGET,
                    .batch = 60,
                    .stop = stop,
                    .stop_state = k};
    CHECK_OK(asx_searcher_find(&c.searcher, "random", &err), err);
    return c;
}

static void assert_same(const asx_archive *a, const asx_archive *b)
{
    assert_int_equal(asx_archive_size(a), asx_archive_size(b));
    for (size_t i = 0; i < asx_archive_size(a); i++) {
        assert_memory_equal(asx_archive_point(a, i), asx_archive_point(b, i),
                            asx_archive_n_genes(a) * sizeof(asx_gene));
        assert_memory_equal(asx_archive_objective(a, i), asx_archive_objective(b, i),
                            2 * sizeof(double));
    }
}

static void the_same_as_one_by_one(void **state)
{
    (void)state;
    asx_error err;
    kitchen k = {0}, l = {0};
    pages p = {0};
    const asx_evaluator one = {&single, &k}, all = {&many, &l};
    const asx_ledger ledger = {find, book, &p, NULL};
    asx_search c = config(&k, &one, NULL), d = config(&l, &all, &ledger);
    c.threads = 1;
    asx_search_outcome a, b;
    CHECK_OK(asx_search_run(&a, &c, &err), err);
    CHECK_OK(asx_search_run(&b, &d, &err), err);
    assert_same(a.archive, b.archive);
    assert_in_range(l.most, 2, 60); /* chunks did grow, within an ask */
    assert_int_equal(l.evaluated, BUDGET);
    assert_int_equal(p.n, BUDGET);
    for (size_t i = 0; i < p.n; i++) /* booked in the searcher's order */
        assert_true(p.evaluation[i].accuracy.drop == asx_archive_objective(a.archive, i)[0]);
    asx_search_outcome_fini(&a);
    asx_search_outcome_fini(&b);
    pages_fini(&p);
}

static void stopped_and_resumed(void **state)
{
    (void)state;
    asx_error err;
    kitchen k = {0};
    const asx_evaluator all = {&many, &k};
    asx_search c = config(&k, &all, NULL);
    asx_search_outcome whole;
    CHECK_OK(asx_search_run(&whole, &c, &err), err);
    for (size_t after = 1; after < BUDGET; after += 17) {
        pages p = {0};
        const asx_ledger ledger = {find, book, &p, NULL};
        asx_search_outcome part, rest;
        k = (kitchen){.stop_after = after};
        c = config(&k, &all, &ledger);
        CHECK_OK(asx_search_run(&part, &c, &err), err);
        assert_int_equal(part.end, k.evaluated < BUDGET ? ASX_END_INTERRUPTED : ASX_END_BUDGET);
        assert_int_equal(p.n, k.evaluated);
        const size_t known = p.n;
        k = (kitchen){0};
        CHECK_OK(asx_search_run(&rest, &c, &err), err);
        assert_int_equal(rest.progress.recalled, known);
        assert_int_equal(k.evaluated, BUDGET - known);
        assert_same(whole.archive, rest.archive);
        asx_search_outcome_fini(&part);
        asx_search_outcome_fini(&rest);
        pages_fini(&p);
    }
    asx_search_outcome_fini(&whole);
}

static void the_culprit_is_named_and_those_before_it_are_booked(void **state)
{
    (void)state;
    asx_error err;
    for (size_t at = 1; at < BUDGET; at += 13) {
        kitchen k = {.fail_at = at};
        pages p = {0};
        const asx_evaluator all = {&many, &k};
        const asx_ledger ledger = {find, book, &p, NULL};
        asx_search c = config(&k, &all, &ledger);
        asx_search_outcome out;
        CHECK_FAIL(asx_search_run(&out, &c, &err), ASX_EINVAL, err);
        assert_non_null(strstr(err.message, "design '"));
        assert_non_null(strstr(err.message, "the oven is cold"));
        assert_int_equal(p.n, at - 1);
        pages_fini(&p);
    }
}

static void a_list_is_evaluated_in_its_order(void **state)
{
    (void)state;
    asx_error err;
    kitchen k = {0};
    const asx_evaluator all = {&many, &k};
    asx_search c = config(&k, &all, NULL);
    const size_t n_genes = asx_space_n_genes(space);
    asx_gene *point = calloc(7 * n_genes, sizeof *point);
    for (size_t i = 0; i < 7; i++)
        asx_space_at(point + i * n_genes, space, 1000 - 100 * i);
    c.searcher = &asx_searcher_list;
    c.start = point;
    c.n_start = 7;
    c.batch = 3;
    c.budget = 0;
    asx_search_outcome out;
    CHECK_OK(asx_search_run(&out, &c, &err), err);
    assert_int_equal(out.end, ASX_END_EXHAUSTED);
    assert_int_equal(asx_archive_size(out.archive), 7);
    for (size_t i = 0; i < 7; i++)
        assert_memory_equal(asx_archive_point(out.archive, i), point + i * n_genes,
                            n_genes * sizeof *point);
    asx_search_outcome_fini(&out);
    free(point);
}

/* Stops once the searcher was asked, or once a design was evaluated. */
typedef struct ending {
    const kitchen *kitchen;
    bool late;
} ending;

static bool was_asked;

static asx_status ask_and_tell(void *state, size_t max, asx_gene *point, size_t *n, asx_error *err)
{
    was_asked = true;
    return asx_searcher_list.ask(state, max, point, n, err);
}

static bool ends(void *state)
{
    const ending *e = state;
    return e->late ? e->kitchen->evaluated > 0 : was_asked;
}

/* Told to stop while it works, who works before it proposes anything is asked for what it has, in batches; told afterwards,
 * and all others, end at once. */
static void who_concludes_is_heard_to_its_end(void **state)
{
    (void)state;
    asx_error err;
    const size_t n_genes = asx_space_n_genes(space);
    asx_gene *point = calloc(7 * n_genes, sizeof *point);
    for (size_t i = 0; i < 7; i++)
        asx_space_at(point + i * n_genes, space, 1000 - 100 * i);
    for (int i = 0; i < 3; i++) {
        const bool concludes = i > 0, late = i == 2;
        kitchen k = {0};
        ending e = {&k, late};
        const asx_evaluator all = {&many, &k};
        asx_searcher_type type = asx_searcher_list;
        asx_search c = config(&k, &all, NULL);
        type.concludes = concludes;
        type.ask = ask_and_tell;
        was_asked = false;
        c.searcher = &type;
        c.start = point;
        c.n_start = 7;
        c.batch = 3;
        c.budget = 0;
        c.stop = ends;
        c.stop_state = &e;
        asx_search_outcome out;
        CHECK_OK(asx_search_run(&out, &c, &err), err);
        assert_int_equal(out.end, ASX_END_INTERRUPTED);
        assert_int_equal(asx_archive_size(out.archive), !concludes ? 0 : late ? 1 : 7);
        assert_int_equal(k.evaluated, asx_archive_size(out.archive));
        asx_search_outcome_fini(&out);
    }
    free(point);
}

int main(void)
{
    work = fixture_workload(5);
    space = fixture_space(&work, 10);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_as_one_by_one),
        cmocka_unit_test(stopped_and_resumed),
        cmocka_unit_test(the_culprit_is_named_and_those_before_it_are_booked),
        cmocka_unit_test(a_list_is_evaluated_in_its_order),
        cmocka_unit_test(who_concludes_is_heard_to_its_end),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    asx_space_free(space);
    asx_workload_fini(&work);
    return failed;
}
