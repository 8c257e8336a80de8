/* Evolution of genomes against the enumerated front of a small space; resumed it is as if it had never stopped. */
#include <string.h>

#include "check.h"
#include "dse/pareto.h"
#include "search/evolution.h"

enum { GENES = 6, CHOICES = 4, POINTS = 4096, POPULATION = 60 };

static const asx_trait traits[GENES] = {
    {ASX_TRAIT_ORDER, CHOICES, 0, 0}, {ASX_TRAIT_ORDER, CHOICES, 0, 0},
    {ASX_TRAIT_BITS, CHOICES, 3, 1},  {ASX_TRAIT_BITS, CHOICES, 3, 1},
    {ASX_TRAIT_ORDER, CHOICES, 1, 2}, {ASX_TRAIT_ORDER, CHOICES, 1, 2}};

/* Gene 5 has no effect at all; what neighbours in a genome do depends on each other. */
static void evaluate(double objective[2], double *violation, const asx_gene *g)
{
    objective[0] = g[0] + 2 * g[1] + (g[2] ^ g[3]) + 0.5 * g[4];
    objective[1] = (3 - g[0]) * (4 - g[1]) + (g[2] & g[3] ? 0 : 2) + (3 - g[4]) * (g[2] + 1);
    *violation = objective[1] > 20 ? objective[1] - 20 : 0;
}

static asx_evolution_spec spec_from(asx_gene *start)
{
    for (size_t i = 0; i < POPULATION * GENES; i++)
        start[i] = (asx_gene)(i * 7 % 5 % CHOICES);
    return (asx_evolution_spec){.trait = traits,
                                .n_genes = GENES,
                                .n_objectives = 2,
                                .population = POPULATION,
                                .children = 20,
                                .crossover = 0.7,
                                .whole = 0.5,
                                .mutations = 1.5,
                                .resting = 0.1,
                                .seed = 3,
                                .start = start,
                                .n_start = POPULATION};
}

static void generations(asx_evolution *e, int n)
{
    asx_error err;
    double objective[POPULATION][2], violation[POPULATION];
    while (n-- > 0) {
        const asx_gene **point = NULL;
        size_t asked = 0;
        asx_evolution_ask(e, &point, &asked);
        for (size_t i = 0; i < asked; i++)
            evaluate(objective[i], &violation[i], point[i]);
        CHECK_OK(asx_evolution_tell(e, &objective[0][0], violation, &err), err);
    }
}

/* The front of all 4096 points, without repetitions. */
static size_t true_front(double front[][2])
{
    static double row[POINTS][2], violation[POINTS];
    static size_t index[POINTS];
    asx_error err;
    size_t n = 0, different = 0;
    for (size_t i = 0; i < POINTS; i++) {
        asx_gene g[GENES];
        for (size_t k = 0, left = i; k < GENES; k++, left /= CHOICES)
            g[k] = (asx_gene)(left % CHOICES);
        evaluate(row[i], &violation[i], g);
    }
    CHECK_OK(asx_pareto_front(index, &n, &row[0][0], violation, POINTS, 2, &err), err);
    for (size_t i = 0; i < n; i++) {
        size_t k = 0;
        while (k < different && memcmp(front[k], row[index[i]], sizeof front[k]) != 0)
            k++;
        if (k == different)
            memcpy(front[different++], row[index[i]], sizeof *front);
    }
    return different;
}

static void finds_the_front(void **state)
{
    (void)state;
    static double front[POINTS][2];
    asx_error err;
    asx_gene start[POPULATION * GENES];
    const asx_evolution_spec spec = spec_from(start);
    asx_evolution *e = NULL;
    const size_t n = true_front(front);
    CHECK_OK(asx_evolution_new(&e, &spec, &err), err);
    generations(e, 100);
    assert_true(n > 5);
    for (size_t i = 0; i < n; i++) {
        bool found = false;
        for (size_t k = 0; k < asx_evolution_size(e); k++)
            found = found || memcmp(front[i], asx_evolution_objective(e, k), sizeof front[i]) == 0;
        if (!found)
            fail_msg("(%g, %g) of the true front is missing", front[i][0], front[i][1]);
    }
    asx_evolution_free(e);
}

/* Gene 5 cannot fill the population with copies. */
static void keeps_few_alike(void **state)
{
    (void)state;
    asx_error err;
    asx_gene start[POPULATION * GENES];
    const asx_evolution_spec spec = spec_from(start);
    asx_evolution *e = NULL;
    CHECK_OK(asx_evolution_new(&e, &spec, &err), err);
    for (int round = 0; round < 30; round++) {
        generations(e, 1);
        for (size_t i = 0; i < asx_evolution_size(e); i++) {
            size_t same = 0;
            for (size_t k = 0; k < asx_evolution_size(e); k++)
                same += memcmp(asx_evolution_objective(e, i), asx_evolution_objective(e, k),
                               2 * sizeof(double)) == 0;
            assert_in_range(same, 1, 2);
        }
    }
    assert_int_equal(asx_evolution_told(e), POPULATION + 29 * spec.children);
    asx_evolution_free(e);
}

static void goes_on(void **state)
{
    (void)state;
    asx_error err;
    asx_gene start[POPULATION * GENES];
    const asx_evolution_spec spec = spec_from(start);
    asx_evolution *whole = NULL, *first = NULL, *second = NULL;
    asx_text half = {0}, a = {0}, b = {0};
    CHECK_OK(asx_evolution_new(&whole, &spec, &err), err);
    CHECK_OK(asx_evolution_new(&first, &spec, &err), err);
    CHECK_OK(asx_evolution_new(&second, &spec, &err), err);
    generations(whole, 25);
    generations(first, 11);
    asx_evolution_print(&half, first);
    CHECK_OK(asx_evolution_parse(second, half.s, half.n, &err), err);
    generations(second, 14);
    asx_evolution_print(&a, whole);
    asx_evolution_print(&b, second);
    assert_int_equal(a.n, b.n);
    assert_memory_equal(a.s, b.s, a.n);
    CHECK_FAIL(asx_evolution_parse(second, half.s, half.n - 1, &err), ASX_EPARSE, err);
    CHECK_FAIL(asx_evolution_parse(second, "", 0, &err), ASX_EPARSE, err);
    half.s[4 * sizeof(uint64_t)] = CHOICES; /* the first gene of the first parent */
    CHECK_FAIL(asx_evolution_parse(second, half.s, half.n, &err), ASX_EPARSE, err);
    asx_text_fini(&half);
    asx_text_fini(&a);
    asx_text_fini(&b);
    asx_evolution_free(whole);
    asx_evolution_free(first);
    asx_evolution_free(second);
}

static void refuses(void **state)
{
    (void)state;
    asx_error err;
    asx_gene start[POPULATION * GENES];
    const asx_evolution_spec good = spec_from(start);
    asx_trait odd[GENES];
    asx_evolution_spec bad[6];
    asx_evolution *e = NULL;
    for (int i = 0; i < 6; i++)
        bad[i] = good;
    memcpy(odd, traits, sizeof odd);
    odd[2].choices = 3; /* sets of bits are a power of two */
    bad[0].trait = odd;
    bad[1].population = 3;
    bad[2].children = POPULATION + 1;
    bad[3].n_start = 1;
    bad[4].mutations = 0.5;
    bad[5].n_objectives = 0;
    for (int i = 0; i < 6; i++)
        CHECK_FAIL(asx_evolution_new(&e, &bad[i], &err), ASX_EINVAL, err);
    start[7] = CHOICES;
    CHECK_FAIL(asx_evolution_new(&e, &good, &err), ASX_EINVAL, err);
    assert_null(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(finds_the_front),
                                       cmocka_unit_test(keeps_few_alike), cmocka_unit_test(goes_on),
                                       cmocka_unit_test(refuses)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
