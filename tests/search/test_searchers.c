/* The contract of every registered searcher. */
#include <math.h>
#include <string.h>

#include "check.h"
#include "dse/seed.h"
#include "search/searcher.h"
#include "space_fixture.h"

enum { GENES_MAX = FIXTURE_LAYERS_MAX + 1, POINTS_MAX = 4000 };

/* What a searcher proposed. */
typedef struct trace {
    asx_gene point[POINTS_MAX][GENES_MAX];
    size_t n;
    bool exhausted;
} trace;

/* Objectives that pull apart, and a limit that cuts some. */
static void judge(double *objective, double *violation, const asx_gene *p, size_t n_genes)
{
    double a = 0, b = 0;
    for (size_t g = 0; g < n_genes; g++) {
        a += p[g];
        b += (10 - (double)p[g]) * (double)(g + 1);
    }
    objective[0] = a;
    objective[1] = b;
    *violation = a > 12 ? a - 12 : 0;
}

static void run(trace *t, const asx_searcher_type *type, const asx_space *space, uint64_t seed,
                size_t batch, size_t limit)
{
    asx_error err;
    size_t n_genes = asx_space_n_genes(space);
    asx_params params;
    asx_params_init(&params, type->params);
    void *state = calloc(1, type->state_size);
    asx_gene *point = calloc(batch * n_genes, sizeof *point);
    double *objective = calloc(batch, 2 * sizeof *objective);
    double *violation = calloc(batch, sizeof *violation);
    CHECK_OK(type->init(state,
                        &(asx_searcher_setup){
                            .space = space, .n_objectives = 2, .params = &params, .seed = seed},
                        &err),
             err);
    *t = (trace){.n = 0};
    while (t->n < limit && !t->exhausted) {
        size_t n = SIZE_MAX, max = batch < limit - t->n ? batch : limit - t->n;
        CHECK_OK(type->ask(state, max, point, &n, &err), err);
        assert_true(n <= max);
        for (size_t i = 0; i < n; i++) {
            const asx_gene *p = point + i * n_genes;
            assert_true(asx_space_contains(space, p));
            memcpy(t->point[t->n++], p, n_genes * sizeof *p);
            judge(objective + 2 * i, violation + i, p, n_genes);
        }
        t->exhausted = n == 0;
        if (n > 0)
            CHECK_OK(type->tell(state, n, point, objective, violation, &err), err);
    }
    type->fini(state);
    free(state);
    free(point);
    free(objective);
    free(violation);
}

static size_t count_repeats(const trace *t)
{
    size_t repeats = 0;
    for (size_t i = 0; i < t->n; i++)
        for (size_t k = 0; k < i; k++)
            repeats += memcmp(t->point[i], t->point[k], sizeof t->point[i]) == 0;
    return repeats;
}

static trace a, b;

static void small_spaces_are_exhausted(void **state)
{
    (void)state;
    for (size_t layers = 1; layers <= 3; layers++)
        for (size_t formats = 1; formats <= 10; formats += 3) {
            asx_workload work = fixture_workload(layers);
            asx_space *space = fixture_space(&work, formats);
            if (asx_space_size(space) < 1000)
                for (size_t s = 0; asx_searchers[s]; s++) {
                    if (asx_searchers[s]->wants_model)
                        continue;
                    if (!fixture_explores(asx_searchers[s]))
                        continue;
                    run(&a, asx_searchers[s], space, 3, 64, POINTS_MAX);
                    assert_true(a.exhausted);
                    assert_int_equal(a.n, asx_space_size(space));
                    assert_int_equal(count_repeats(&a), 0);
                }
            asx_space_free(space);
            asx_workload_fini(&work);
        }
}

static void seeds_and_not_batches_decide(void **state)
{
    (void)state;
    static const size_t batches[] = {1, 7, 100, 1000};
    asx_workload work = fixture_workload(4);
    asx_space *space = fixture_space(&work, 10);
    for (size_t s = 0; asx_searchers[s]; s++) {
        if (asx_searchers[s]->wants_model)
            continue;
        if (!fixture_explores(asx_searchers[s]))
            continue;
        run(&a, asx_searchers[s], space, 5, 64, 1500);
        assert_int_equal(a.n, 1500);
        for (size_t i = 0; i < sizeof batches / sizeof *batches; i++) {
            run(&b, asx_searchers[s], space, 5, batches[i], 1500);
            assert_memory_equal(&a, &b, sizeof a);
        }
        run(&b, asx_searchers[s], space, 6, 64, 1500);
        bool same = memcmp(&a, &b, sizeof a) == 0;
        assert_int_equal(same, strcmp(asx_searchers[s]->name, "enumerate") == 0);
    }
    asx_space_free(space);
    asx_workload_fini(&work);
}

/* Whatever the batches: a path of its own in each placement, its ends no step could gain on. */
static void greedy_walks_to_the_end(void **state)
{
    (void)state;
    asx_error err;
    const asx_searcher_type *greedy;
    CHECK_OK(asx_searcher_find(&greedy, "greedy", &err), err);
    asx_workload work = fixture_workload(4);
    asx_space *space = fixture_space(&work, 10);
    run(&a, greedy, space, 1, 64, POINTS_MAX);
    assert_true(a.exhausted);
    assert_int_equal(count_repeats(&a), 0);
    for (size_t batch = 1; batch < 100; batch += 13) {
        run(&b, greedy, space, 2, batch, POINTS_MAX);
        assert_memory_equal(&a, &b, sizeof a);
    }
    const size_t n_genes = asx_space_n_genes(space);
    for (asx_gene placement = 0; placement < 2; placement++) {
        double least = INFINITY, objective[2], violation;
        for (size_t i = 0; i < a.n; i++) {
            judge(objective, &violation, a.point[i], n_genes);
            if (a.point[i][0] == placement)
                least = fmin(least, objective[1]);
        }
        const asx_gene last[GENES_MAX] = {placement, 9, 9, 9, 9}; /* least in objective 1 */
        judge(objective, &violation, last, n_genes);
        assert_true(least <= objective[1]);
    }
    asx_space_free(space);
    asx_workload_fini(&work);
}

/* 2 x 10^40 designs: those who sample do it without repetition; who enumerates refuses. */
static void huge_spaces(void **state)
{
    (void)state;
    asx_error err;
    asx_workload work = fixture_workload(40);
    asx_space *space = fixture_space(&work, 10);
    for (size_t s = 0; asx_searchers[s]; s++) {
        if (asx_searchers[s]->wants_model)
            continue;
        if (!fixture_explores(asx_searchers[s]))
            continue;
        const asx_searcher_type *type = asx_searchers[s];
        if (strcmp(type->name, "enumerate") != 0) {
            run(&a, type, space, 1, 100, 1000);
            assert_int_equal(a.n, 1000);
            assert_int_equal(count_repeats(&a), 0);
            continue;
        }
        asx_params params;
        asx_params_init(&params, type->params);
        void *memory = calloc(1, type->state_size);
        CHECK_FAIL(type->init(memory,
                              &(asx_searcher_setup){
                                  .space = space, .n_objectives = 2, .params = &params, .seed = 1},
                              &err),
                   ASX_EINVAL, err);
        assert_non_null(strstr(err.message, "20000000000000000000000000000000000000000"));
        type->fini(memory);
        free(memory);
    }
    asx_space_free(space);
    asx_workload_fini(&work);
}

/* Each value of each gene about equally often: 4 sigma of the binomial, over 40 genes of 10. */
static void random_is_uniform(void **state)
{
    (void)state;
    asx_error err;
    const asx_searcher_type *type;
    asx_workload work = fixture_workload(40);
    asx_space *space = fixture_space(&work, 10);
    CHECK_OK(asx_searcher_find(&type, "random", &err), err);
    run(&a, type, space, 11, 500, 4000);
    for (size_t g = 1; g <= 40; g++) {
        size_t count[10] = {0};
        for (size_t i = 0; i < a.n; i++)
            count[a.point[i][g]]++;
        for (size_t v = 0; v < 10; v++)
            assert_in_range(count[v], 400 - 76, 400 + 76);
    }
    asx_space_free(space);
    asx_workload_fini(&work);
}

/* On two smooth, opposed sums those that learn must find much of the front that sampling cannot. */
static void learning_beats_sampling(void **state)
{
    (void)state;
    static const char *const name[] = {"random",   "nsga2", "smsemoa", "anneal",
                                       "thompson", "local", "actor"};
    enum { N = sizeof name / sizeof *name };
    asx_error err;
    asx_workload work = fixture_workload(30);
    asx_space *space = fixture_space(&work, 10);
    double best[N];
    for (size_t s = 0; s < N; s++) {
        const asx_searcher_type *type;
        CHECK_OK(asx_searcher_find(&type, name[s], &err), err);
        run(&a, type, space, 2, 500, 4000);
        best[s] = 1e9;
        for (size_t i = 0; i < a.n; i++) {
            double objective[2], violation;
            judge(objective, &violation, a.point[i], 31);
            if (objective[0] + violation < best[s])
                best[s] = objective[0] + violation;
        }
        /* sampling: the sum of 31 genes is 135.5 +- 16 before the violation is added */
        if (s > 0 && !(best[s] < 0.5 * best[0]))
            fail_msg("%s: %g, sampling %g", name[s], best[s], best[0]);
    }
    asx_space_free(space);
    asx_workload_fini(&work);
}

static void registry(void **state)
{
    (void)state;
    asx_error err;
    const asx_searcher_type *found = NULL;
    for (size_t s = 0; asx_searchers[s]; s++) {
        CHECK_OK(asx_searcher_find(&found, asx_searchers[s]->name, &err), err);
        assert_ptr_equal(found, asx_searchers[s]);
        assert_true(strlen(found->summary) > 0);
        void *zeroed = calloc(1, found->state_size);
        found->fini(zeroed);
        free(zeroed);
    }
    const asx_searcher_type *before = found;
    CHECK_FAIL(asx_searcher_find(&found, "simulated annealing", &err), ASX_ENOTFOUND, err);
    assert_ptr_equal(found, before);
    assert_non_null(strstr(err.message, "enumerate, random"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_spaces_are_exhausted),
        cmocka_unit_test(seeds_and_not_batches_decide),
        cmocka_unit_test(greedy_walks_to_the_end),
        cmocka_unit_test(huge_spaces),
        cmocka_unit_test(random_is_uniform),
        cmocka_unit_test(learning_beats_sampling),
        cmocka_unit_test(registry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
