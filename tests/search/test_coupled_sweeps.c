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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sweeps_cover_three_objectives),
        cmocka_unit_test(stopped_sweeps_keep_what_passes_prove),
        cmocka_unit_test(sweeps_find_products),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
