/* The search loop with an evaluator and a ledger made of plain arrays. */
#ifndef ASX_TESTS_RUN_FIXTURE_H
#define ASX_TESTS_RUN_FIXTURE_H

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
static inline void enter(book *b)
{
    if (atomic_fetch_add(&b->inside, 1) != 0)
        atomic_fetch_add(&b->faults, 1);
}

static inline void leave(book *b)
{
    atomic_fetch_sub(&b->inside, 1);
}

static inline asx_status ledger_find(void *state, const char *text, asx_evaluation *out,
                                     bool *found, asx_error *err)
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

static inline asx_status ledger_book(void *state, const char *text, const asx_design *design,
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

static inline void book_fini(book *b)
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

static inline void spin(void)
{
    volatile double x = 1;
    for (int i = 0; i < 300000; i++)
        x = x + 1e-9;
}

static inline asx_status evaluate(void *state, const asx_design *design, asx_evaluation *inout,
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

static inline bool stop(void *state)
{
    bench *b = state;
    return b->stop_after && atomic_load(&b->evaluated) >= b->stop_after;
}

static asx_workload work;
static asx_space *space;
static bench stand;
static book pages;
static const asx_evaluator evaluator = {&bench_type, &stand};
static const asx_ledger ledger = {ledger_find, ledger_book, &pages, NULL};
static const asx_objective objectives[] = {ASX_DROP, ASX_ENERGY, ASX_AREA};

static inline asx_search config(const char *name)
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

static inline asx_search_outcome run(const asx_search *c, asx_search_end end)
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

static inline void assert_same(const asx_archive *a, const asx_archive *b)
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

static inline int set_up(void **state)
{
    (void)state;
    work = fixture_workload(3);
    space = fixture_space(&work, 10);
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    asx_space_free(space);
    asx_workload_fini(&work);
    return 0;
}

#endif
