/* Sweeps over two costs against enumeration of all designs; what is stopped, by its nodes or from outside, and goes on. */
#include <stdlib.h>

#include "coupled_fixture.h"
#include "sweep.h"

/* The number of the design in row i. */
static size_t design_of(const asx_coupled_front *f, size_t i)
{
    size_t k = 0;
    for (size_t g = GROUPS; g-- > 0;)
        k = k * CHOICES + f->choice[i * GROUPS + g];
    return k * PLACEMENTS + f->placement[i];
}

/* Two costs alone, the drop limited or not: every design that keeps the limits has a row with at most its costs, up
 * to the factor, and rows keep the limits. */
static void check_costs(const asx_coupled_front *f, const asx_coupled_problem *p,
                        asx_objective third)
{
    for (size_t r = 0; r < f->n; r++)
        assert_true(feasible(design_of(f, r), &p->limits));
    for (size_t k = 0; k < ALL; k++) {
        const double factor = f->factor * (1 + 1e-12);
        bool covered = !feasible(k, &p->limits);
        for (size_t r = 0; r < f->n && !covered; r++) {
            const double *row = t.value[design_of(f, r)];
            covered = row[p->objective] <= t.value[k][p->objective] * factor &&
                      row[third] <= t.value[k][third] * factor;
        }
        assert_true(covered);
    }
}

/* A problem of two costs, of any kind there is. */
static asx_objective make_costs(asx_coupled_problem *p, uint64_t seed)
{
    static const asx_objective pair[][2] = {{ASX_ENERGY, ASX_STORAGE},
                                            {ASX_ENERGY, ASX_AREA},
                                            {ASX_ENERGY, ASX_LATENCY},
                                            {ASX_LATENCY, ASX_STORAGE},
                                            {ASX_STORAGE, ASX_AREA}};
    make(seed, 1, seed % 2 == 1);
    if (seed % 4 == 0) {
        t.model.most_bits = 9;
        t.model.excess_pj = 0.01;
        t.model.latency = latency;
    }
    enumerate();
    *p = (asx_coupled_problem){.model = &t.model,
                               .objective = pair[seed % 5][0],
                               .limits = asx_limits_none(),
                               .costs = true,
                               .epsilon = seed % 3 ? 0.03 * (double)(seed % 3) : 0};
    if (seed % 7 > 0)
        p->limits.max[ASX_DROP] = 15 + 6 * (double)(seed % 7);
    if (seed % 6 == 5)
        p->limits.max[ASX_LATENCY] = t.value[ALL / 2][ASX_LATENCY];
    return pair[seed % 5][1];
}

static void sweeps_find_two_costs(void **state)
{
    (void)state;
    asx_error err;
    size_t points = 0, nodes = 0, nodes_of_three = 0;
    for (uint64_t seed = 0; seed < 30; seed++) {
        asx_coupled_problem p;
        const asx_objective third = make_costs(&p, seed);
        asx_coupled_front f;
        CHECK_OK(asx_sweep_solve(&f, &p, third, &err), err);
        assert_true(f.factor <= 1 + p.epsilon && f.factor >= 1);
        check_costs(&f, &p, third);
        points += f.n;
        nodes += seed < 6 ? f.n_nodes : 0;
        asx_coupled_front_fini(&f);
        p.costs = false;
        if (seed >= 6)
            continue;
        CHECK_OK(asx_sweep_solve(&f, &p, third, &err), err);
        nodes_of_three += f.n_nodes;
        asx_coupled_front_fini(&f);
    }
    print_message("%zu points, %zu nodes; with the drop %zu\n", points, nodes, nodes_of_three);
    assert_true(points > 100 && 3 * nodes < nodes_of_three);
}

/* So many nodes, of all steps together, but for the first of each placement; what is proven holds. */
static void sweeps_spend_no_more_nodes_than_they_may(void **state)
{
    (void)state;
    asx_error err;
    size_t short_of = 0;
    for (uint64_t seed = 0; seed < 24; seed++) {
        asx_coupled_problem p;
        const asx_objective third = make_costs(&p, seed);
        p.costs = seed % 2 == 0;
        p.max_nodes = 1 + 9 * seed;
        asx_coupled_front f;
        CHECK_OK(asx_sweep_solve(&f, &p, third, &err), err);
        assert_true(f.n_nodes < p.max_nodes + PLACEMENTS && !f.interrupted);
        if (p.costs && f.factor < INFINITY)
            check_costs(&f, &p, third);
        short_of += f.factor > 1 + p.epsilon;
        asx_coupled_front_fini(&f);
    }
    assert_true(short_of > 6);
}

/* Told once, one stays told. */
static bool from_some_on(void *state)
{
    size_t *left = state;
    *left -= *left > 0;
    return *left == 0;
}

/* What a sweep kept last. */
typedef struct kept {
    unsigned char *bytes;
    size_t n, times;
} kept;

static asx_status keep(void *state, const void *bytes, size_t n, asx_error *err)
{
    kept *k = state;
    free(k->bytes);
    k->bytes = malloc(n);
    assert_non_null(k->bytes);
    memcpy(k->bytes, bytes, n);
    k->n = n;
    k->times++;
    (void)err;
    return ASX_OK;
}

static void check_same(const asx_coupled_front *a, const asx_coupled_front *b)
{
    assert_int_equal(a->n, b->n);
    assert_true(a->factor <= b->factor && a->factor >= b->factor);
    assert_int_equal(a->n_nodes, b->n_nodes);
    assert_memory_equal(a->value, b->value, 2 * a->n * sizeof *a->value);
    assert_memory_equal(a->third, b->third, a->n * sizeof *a->third);
    assert_memory_equal(a->choice, b->choice, a->n * GROUPS * sizeof *a->choice);
    assert_memory_equal(a->placement, b->placement, a->n * sizeof *a->placement);
}

/* Stopped again and again, each time a little later, it comes to the end that one which nobody stopped comes to,
 * and does no step twice but those it was stopped in. */
static void stopped_sweeps_go_on(void **state)
{
    (void)state;
    asx_error err;
    size_t stops = 0;
    for (uint64_t seed = 0; seed < 9; seed++) {
        asx_coupled_problem p;
        kept k = {0};
        size_t calls = 0, most = 16;
        const asx_objective third = make_costs(&p, seed);
        const bool product = seed % 5 == 2 && seed % 3 > 0; /* of energy and latency */
        p.costs = seed % 3 == 0;
        asx_coupled_front all, f;
        CHECK_OK(product ? asx_sweep_products(&all, &p, third, &err)
                         : asx_sweep_solve(&all, &p, third, &err),
                 err);
        for (bool done = false; !done; most += most / 2) {
            const asx_resume resume = {k.bytes, k.n, keep, &k};
            p.stop = from_some_on;
            p.stop_state = &calls;
            p.resume = &resume;
            calls = most;
            CHECK_OK(product ? asx_sweep_products(&f, &p, third, &err)
                             : asx_sweep_solve(&f, &p, third, &err),
                     err);
            done = !f.interrupted;
            stops += f.interrupted;
            if (done)
                check_same(&f, &all);
            asx_coupled_front_fini(&f);
        }
        asx_coupled_front_fini(&all);
        free(k.bytes);
    }
    assert_true(stops > 30);
}

/* So does a solution of two objectives, behind its last whole pass. */
static void stopped_solutions_go_on(void **state)
{
    (void)state;
    asx_error err;
    size_t stops = 0, less = 0;
    for (uint64_t seed = 0; seed < 8; seed++) {
        asx_coupled_problem p;
        kept k = {0};
        size_t calls = 0, most = 8;
        (void)make_costs(&p, seed);
        p.costs = false;
        p.epsilon = 0.005 * (double)(1 + seed % 3);
        asx_coupled_front all, f;
        CHECK_OK(asx_coupled_solve(&all, &p, &err), err);
        for (bool done = false; !done; most += most / 2) {
            const asx_resume resume = {k.bytes, k.n, keep, &k};
            p.stop = from_some_on;
            p.stop_state = &calls;
            p.resume = &resume;
            calls = most;
            CHECK_OK(asx_coupled_solve(&f, &p, &err), err);
            done = !f.interrupted;
            stops += f.interrupted;
            less += f.interrupted && k.n > 0;
            if (done) {
                assert_int_equal(f.n, all.n);
                assert_int_equal(f.n_nodes, all.n_nodes);
                assert_memory_equal(f.value, all.value, 2 * f.n * sizeof *f.value);
                assert_memory_equal(f.choice, all.choice, f.n * GROUPS * sizeof *f.choice);
            }
            asx_coupled_front_fini(&f);
        }
        asx_coupled_front_fini(&all);
        free(k.bytes);
    }
    assert_true(stops > 8 && less > 2);
}

/* Bytes that make no sense count as none. */
static void sweeps_begin_anew_from_damaged_states(void **state)
{
    (void)state;
    asx_error err;
    asx_coupled_problem p;
    kept k = {0};
    size_t calls = 12;
    const asx_objective third = make_costs(&p, 2);
    asx_resume resume = {NULL, 0, keep, &k};
    p.resume = &resume;
    asx_coupled_front all, f;
    CHECK_OK(asx_sweep_solve(&all, &p, third, &err), err);
    p.stop = from_some_on;
    p.stop_state = &calls;
    CHECK_OK(asx_sweep_solve(&f, &p, third, &err), err);
    assert_true(f.interrupted && k.n > 0);
    asx_coupled_front_fini(&f);
    p.stop = NULL;
    unsigned char *bytes = k.bytes;
    const size_t n = k.n;
    k = (kept){0};
    for (size_t i = 0; i < 6; i++) { /* cut short, and damaged: the head, a row, the hash */
        const size_t at[] = {0, 0, 0, 34, 120, n - 1};
        resume.bytes = bytes;
        resume.n_bytes = i < 3 ? n * i / 3 : n;
        if (i >= 3)
            bytes[at[i]] ^= 0xff;
        CHECK_OK(asx_sweep_solve(&f, &p, third, &err), err);
        check_same(&f, &all);
        if (i >= 3)
            bytes[at[i]] ^= 0xff;
        asx_coupled_front_fini(&f);
    }
    asx_coupled_front_fini(&all);
    free(bytes);
    free(k.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sweeps_find_two_costs),
        cmocka_unit_test(sweeps_spend_no_more_nodes_than_they_may),
        cmocka_unit_test(stopped_sweeps_go_on),
        cmocka_unit_test(stopped_solutions_go_on),
        cmocka_unit_test(sweeps_begin_anew_from_damaged_states),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
