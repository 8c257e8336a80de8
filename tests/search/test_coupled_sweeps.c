/* Sweeps, which have a third objective or minimise a product, against enumeration of all designs. */
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

/* Every design has a row that is as good in three objectives, up to the factor in two: what is on
 * the front has. */
static void check_cover_of_three(const asx_coupled_front *f, asx_objective third)
{
    static double value[ALL][3];
    static size_t index[ALL];
    asx_error err;
    size_t n = 0;
    for (size_t k = 0; k < ALL; k++)
        memcpy(value[k], (const double[]){t.damage[k], t.value[k][ASX_ENERGY], t.value[k][third]},
               sizeof value[k]);
    CHECK_OK(asx_pareto_front(index, &n, value[0], NULL, ALL, 3, &err), err);
    for (size_t i = 0; i < n; i++) {
        const double *v = value[index[i]], factor = f->factor * (1 + 1e-12);
        bool covered = false;
        for (size_t r = 0; r < f->n && !covered; r++) {
            const double *row = value[design_of(f, r)];
            covered = row[0] <= v[0] + 1e-12 && row[1] <= v[1] * factor && row[2] <= v[2] * factor;
        }
        assert_true(covered);
    }
}

static void sweeps_cover_three_objectives(void **state)
{
    (void)state;
    asx_error err;
    static const asx_objective third[] = {ASX_LATENCY, ASX_STORAGE, ASX_AREA};
    size_t points = 0;
    for (uint64_t seed = 0; seed < 24; seed++) {
        const asx_objective o = third[seed % 3];
        make(seed, 1, seed % 2 == 1);
        if (seed % 4 == 0) {
            t.model.most_bits = 9;
            t.model.excess_pj = 0.01;
            t.model.latency = latency;
        }
        enumerate();
        asx_coupled_problem p = {.model = &t.model,
                                 .objective = ASX_ENERGY,
                                 .limits = asx_limits_none(),
                                 .epsilon = seed < 12 ? 0 : 0.1};
        asx_coupled_front f;
        CHECK_OK(asx_sweep_solve(&f, &p, o, &err), err);
        assert_true(f.factor <= 1 + p.epsilon && f.factor >= 1);
        check_cover_of_three(&f, o);
        points += f.n;
        asx_coupled_front_fini(&f);
    }
    assert_true(points > 100);
}

static bool after_some(void *state)
{
    return --*(size_t *)state == 0;
}

static asx_status take_factor(void *state, double factor, asx_error *err)
{
    double *told = state;
    (void)err;
    assert_true(factor >= 1 && factor < *told);
    *told = factor;
    return ASX_OK;
}

/* A sweep comes in passes, coarse ones first: what was proven and told before a stop holds. */
static void stopped_sweeps_keep_what_passes_prove(void **state)
{
    (void)state;
    asx_error err;
    size_t stopped = 0;
    for (uint64_t seed = 0; seed < 24; seed++) {
        const asx_objective third = seed % 2 ? ASX_LATENCY : ASX_STORAGE;
        double told = INFINITY;
        size_t calls = 20 + 40 * seed;
        const asx_observer observer = {.proven = take_factor, .state = &told};
        make(seed, 1, false);
        enumerate();
        const asx_coupled_problem p = {.model = &t.model,
                                       .objective = ASX_ENERGY,
                                       .limits = asx_limits_none(),
                                       .epsilon = 0.02,
                                       .stop = after_some,
                                       .stop_state = &calls,
                                       .observer = &observer};
        asx_coupled_front f;
        CHECK_OK(asx_sweep_solve(&f, &p, third, &err), err);
        assert_true(f.factor == told || !(f.factor < INFINITY));
        if (f.factor < INFINITY)
            check_cover_of_three(&f, third);
        stopped += f.interrupted && f.factor < INFINITY;
        asx_coupled_front_fini(&f);
    }
    assert_true(stopped > 3);
}

static double product_of(size_t k)
{
    return t.value[k][ASX_ENERGY] * t.value[k][ASX_LATENCY];
}

/* Products by enumeration: every design that keeps the limits has a row with at most its drop and its
 * product, up to the factor, and where that is 1 rows are what enumeration has. */
static void check_products(const asx_coupled_front *f, const asx_limits *limits)
{
    for (size_t k = 0; k < ALL; k++) {
        bool covered = !feasible(k, limits);
        for (size_t r = 0; r < f->n && !covered; r++) {
            const size_t row = design_of(f, r);
            covered = t.damage[row] <= t.damage[k] + 1e-12 &&
                      product_of(row) <= product_of(k) * f->factor * (1 + 1e-12);
        }
        assert_true(covered);
    }
    for (size_t r = 0; r < f->n; r++) {
        const size_t row = design_of(f, r);
        assert_true(feasible(row, limits));
        for (size_t k = 0; k < ALL && f->factor <= 1; k++)
            assert_false(feasible(k, limits) && t.damage[k] < t.damage[row] - 1e-12 &&
                         product_of(k) < product_of(row) * (1 - 1e-12));
    }
}

/* With limits and without, weights off chip, exactly and nearly; fewer nodes than for energy and time
 * apart. */
static void sweeps_find_products(void **state)
{
    (void)state;
    asx_error err;
    size_t points = 0, nodes = 0, nodes_of_three = 0;
    for (uint64_t seed = 0; seed < 20; seed++) {
        make(seed, seed % 3 ? 1 : 0.2, seed % 2 == 1);
        if (seed % 4 == 0) {
            t.model.most_bits = 9;
            t.model.excess_pj = 0.01;
            t.model.latency = latency;
        }
        enumerate();
        asx_coupled_problem p = {.model = &t.model,
                                 .objective = ASX_ENERGY,
                                 .limits = asx_limits_none(),
                                 .epsilon = seed < 12 ? 0 : 0.02 * (double)(seed - 11)};
        if (seed % 5 == 4)
            p.limits.max[ASX_LATENCY] = t.value[ALL / 2][ASX_LATENCY];
        asx_coupled_front f;
        CHECK_OK(asx_sweep_products(&f, &p, ASX_LATENCY, &err), err);
        assert_true(f.factor <= 1 + p.epsilon && f.factor >= 1 && f.n > 0);
        check_products(&f, &p.limits);
        points += f.n;
        nodes += seed < 4 ? f.n_nodes : 0;
        asx_coupled_front_fini(&f);
        if (seed >= 4)
            continue;
        CHECK_OK(asx_sweep_solve(&f, &p, ASX_LATENCY, &err), err);
        nodes_of_three += f.n_nodes;
        asx_coupled_front_fini(&f);
    }
    print_message("%zu points, %zu nodes; energy and time apart %zu\n", points, nodes,
                  nodes_of_three);
    assert_true(points > 100 && nodes < nodes_of_three);
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
        cmocka_unit_test(sweeps_cover_three_objectives),
        cmocka_unit_test(stopped_sweeps_keep_what_passes_prove),
        cmocka_unit_test(sweeps_find_products),
        cmocka_unit_test(sweeps_find_two_costs),
        cmocka_unit_test(sweeps_spend_no_more_nodes_than_they_may),
        cmocka_unit_test(stopped_sweeps_go_on),
        cmocka_unit_test(stopped_solutions_go_on),
        cmocka_unit_test(sweeps_begin_anew_from_damaged_states),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
