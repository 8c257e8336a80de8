/* The solver for separable models against enumeration of all designs (coupled_fixture.h). */
#include "coupled_fixture.h"
#include "sweep.h"

static void equals_enumeration(void **state)
{
    (void)state;
    asx_error err;
    static const asx_objective objective[] = {ASX_ENERGY, ASX_LATENCY, ASX_STORAGE};
    size_t points = 0;
    static const double coupling[] = {0.02, 1, 0.2}; /* the less, the more ranges of damage */
    for (uint64_t seed = 0; seed < 48; seed++) {
        make(seed, coupling[seed % 3], seed % 2 == 1);
        enumerate();
        asx_coupled_problem p = {.model = &t.model,
                                 .objective = objective[seed % 4 == 3 ? seed / 4 % 3 : 0],
                                 .limits = asx_limits_none()};
        asx_coupled_front f;
        CHECK_OK(asx_coupled_solve(&f, &p, &err), err);
        assert_true(f.factor == 1 && f.n_nodes > 0 && !f.interrupted);
        check_rows(&f, &p);
        check_cover(&f, &p, 1);
        points += f.n;
        asx_coupled_front_fini(&f);
    }
    assert_true(points > 240);
}

/* Some designs do not fit on chip; some of those are on the front, some off it for their latency.
 */
static void off_chip(void **state)
{
    (void)state;
    asx_error err;
    size_t beyond = 0;
    for (uint64_t seed = 0; seed < 24; seed++) {
        make(seed, 1, seed % 2 == 1);
        t.model.most_bits = 8 + (double)(seed % 5);
        t.model.excess_pj = 0.01 * (double)(seed % 3);
        t.model.latency = latency;
        enumerate();
        asx_coupled_problem p = {.model = &t.model,
                                 .objective = seed % 4 == 3 ? ASX_LATENCY : ASX_ENERGY,
                                 .limits = asx_limits_none()};
        if (seed % 5 == 4)
            p.limits.max[ASX_LATENCY] = t.value[asx_seed_below(seed, 9, 9, ALL)][ASX_LATENCY];
        asx_coupled_front f;
        CHECK_OK(asx_coupled_solve(&f, &p, &err), err);
        assert_true(f.factor == 1);
        check_rows(&f, &p);
        check_cover(&f, &p, 1);
        for (size_t i = 0; i < f.n; i++) {
            double bits = 0;
            for (size_t g = 0; g < GROUPS; g++)
                bits += t.choice[f.placement[i] * GROUPS + g][f.choice[i * GROUPS + g]].weight_bits;
            beyond += bits > t.model.most_bits;
        }
        asx_coupled_front_fini(&f);
    }
    assert_true(beyond > 50);
}

static void limits_cut_soundly(void **state)
{
    (void)state;
    asx_error err;
    size_t empty = 0, filled = 0;
    for (uint64_t seed = 0; seed < 36; seed++) {
        make(seed, seed < 30 ? 1 : 0, seed % 2 == 1); /* and where arrays cost area alone */
        enumerate();
        asx_coupled_problem p = {
            .model = &t.model, .objective = ASX_ENERGY, .limits = asx_limits_none()};
        /* exactly the values of some design: it must stay allowed */
        size_t k = asx_seed_below(seed, 9, 9, ALL);
        p.limits.max[seed % ASX_N_OBJECTIVES] = t.value[k][seed % ASX_N_OBJECTIVES];
        p.limits.max[(seed + 2) % ASX_N_OBJECTIVES] = t.value[k][(seed + 2) % ASX_N_OBJECTIVES];
        if (seed % 7 == 0)
            p.limits.max[ASX_ENERGY] = 1e-3;
        asx_coupled_front f;
        CHECK_OK(asx_coupled_solve(&f, &p, &err), err);
        check_rows(&f, &p);
        assert_true(f.factor == 1);
        check_cover(&f, &p, 1);
        *(f.n ? &filled : &empty) += 1;
        asx_coupled_front_fini(&f);
    }
    assert_true(empty >= 5 && filled >= 20);
}

static void certificates_hold(void **state)
{
    (void)state;
    asx_error err;
    size_t unproven = 0;
    for (uint64_t seed = 0; seed < 12; seed++) {
        make(seed, 2, false);
        if (seed % 4 == 3) /* costs are what is shared alone, whose linear part may lie below 0 */
            for (size_t g = 0; g < PLACEMENTS * GROUPS; g++)
                for (size_t c = 0; c < CHOICES; c++)
                    t.choice[g][c].energy_pj = 0;
        enumerate();
        asx_coupled_problem p = {.model = &t.model,
                                 .objective = ASX_ENERGY,
                                 .limits = asx_limits_none(),
                                 .epsilon = seed % 2 ? 0.1 : 0,
                                 .max_nodes = seed % 3 ? 4 : 0};
        asx_coupled_front f;
        CHECK_OK(asx_coupled_solve(&f, &p, &err), err);
        check_rows(&f, &p);
        if (f.factor < INFINITY)
            check_cover(&f, &p, f.factor);
        unproven += f.factor > 1 + p.epsilon;
        if (p.max_nodes == 0)
            assert_true(f.factor == 1 + p.epsilon);
        asx_coupled_front_fini(&f);
    }
    assert_true(unproven > 3);
}

/* Bounds with prices of bits and time, where rates rise and limits of bits, time and area bind. */
static void epsilon_holds_within_limits(void **state)
{
    (void)state;
    asx_error err;
    static const double epsilon[] = {0.3, 0.1, 0.03, 0.001};
    size_t filled = 0, rows = 0, exact_rows = 0;
    for (uint64_t seed = 0; seed < 96; seed++) {
        make(seed, 0.3, seed % 5 == 1);
        t.idle = (double)(seed % 3);
        if (seed % 4 > 1) {
            t.model.most_bits = 8 + (double)(seed % 7);
            t.model.excess_pj = 0.05 * (double)(seed % 3);
            t.model.latency = seed % 8 > 3 ? latency : NULL;
        }
        enumerate();
        asx_coupled_problem p = {.model = &t.model,
                                 .objective = seed % 7 == 6 ? ASX_LATENCY : ASX_ENERGY,
                                 .limits = asx_limits_none()},
                            exact = p;
        const size_t k = asx_seed_below(seed, 9, 9, ALL);
        static const asx_objective limited[] = {ASX_STORAGE, ASX_LATENCY, ASX_AREA};
        for (size_t i = 0; i < 3; i++)
            if (seed >> i & 1)
                p.limits.max[limited[i]] = t.value[k][limited[i]];
        exact.limits = p.limits;
        p.epsilon = epsilon[seed / 8 % 4];
        asx_coupled_front f, truth;
        CHECK_OK(asx_coupled_solve(&f, &p, &err), err);
        CHECK_OK(asx_coupled_solve(&truth, &exact, &err), err);
        check_rows(&f, &p);
        assert_true(f.factor == 1 + p.epsilon);
        check_cover(&f, &p, f.factor);
        check_cover(&truth, &exact, 1);
        filled += f.n > 0;
        rows += f.n;
        exact_rows += truth.n;
        asx_coupled_front_fini(&f);
        asx_coupled_front_fini(&truth);
    }
    assert_true(filled > 80 && rows < exact_rows);
}

/* Told what is proven, this stops the search at the n-th time. */
typedef struct told {
    size_t n, last;
    double factor;
} told;

static asx_status take_factor(void *state, double factor, asx_error *err)
{
    told *seen = state;
    (void)err;
    assert_true(factor >= 1 && (seen->n == 0 || factor <= seen->factor));
    seen->factor = factor;
    seen->n++;
    return ASX_OK;
}

static bool is_last(void *state)
{
    const told *seen = state;
    return seen->n >= seen->last;
}

/* What is told on the way holds for the designs that are found by then. */
static void tells_what_is_proven(void **state)
{
    (void)state;
    asx_error err;
    size_t finite = 0, better = 0;
    for (uint64_t seed = 0; seed < 40; seed++) {
        told seen = {.last = 1 + seed % 10, .factor = INFINITY};
        const asx_observer observer = {.proven = take_factor, .state = &seen};
        make(seed, seed % 2 ? 2 : 0.2, false);
        enumerate();
        const asx_coupled_problem p = {.model = &t.model,
                                       .objective = ASX_ENERGY,
                                       .limits = asx_limits_none(),
                                       .epsilon = seed % 4 ? 0 : 0.05,
                                       .stop = is_last,
                                       .stop_state = &seen,
                                       .observer = &observer};
        asx_coupled_front f;
        CHECK_OK(asx_coupled_solve(&f, &p, &err), err);
        if (seen.factor < INFINITY)
            check_cover(&f, &p, seen.factor);
        finite += seen.factor < INFINITY;
        better += seen.factor < 1.5;
        asx_coupled_front_fini(&f);
    }
    assert_true(finite > 10 && better > 3);
}

static bool at_once(void *state)
{
    (void)state;
    return true;
}

/* In the second step of a sweep or later. */
static bool after_some(void *state)
{
    return ++*(size_t *)state > 40;
}

/* What was proven before a search was stopped holds: certificates are for all designs. */
static void stopped_certificates_hold(void **state)
{
    (void)state;
    asx_error err;
    size_t finite = 0;
    for (uint64_t seed = 0; seed < 24; seed++) {
        make(seed, 1, false);
        enumerate();
        size_t calls = 40 - seed;
        asx_coupled_problem p = {.model = &t.model,
                                 .objective = ASX_ENERGY,
                                 .limits = asx_limits_none(),
                                 .epsilon = seed % 3 ? 0 : 0.01, /* in passes */
                                 .stop = after_some,
                                 .stop_state = &calls};
        asx_coupled_front f;
        CHECK_OK(asx_coupled_solve(&f, &p, &err), err);
        check_rows(&f, &p);
        if (f.factor < INFINITY)
            check_cover(&f, &p, f.factor);
        finite += f.interrupted && f.factor < INFINITY;
        asx_coupled_front_fini(&f);
    }
    assert_true(finite > 3);
}

/* Where labels need more memory than there is, less is proven, and what is proven holds. */
static void certificates_hold_in_little_memory(void **state)
{
    (void)state;
    asx_error err;
    size_t finite = 0, whole = 0;
    for (uint64_t seed = 0; seed < 24; seed++) {
        make(seed, 0.2, false);
        enumerate();
        asx_coupled_problem p = {.model = &t.model,
                                 .objective = ASX_ENERGY,
                                 .limits = asx_limits_none(),
                                 .epsilon = seed % 2 ? 0.1 : 0,
                                 .most_bytes = (size_t)256 << seed % 4};
        asx_coupled_front f;
        CHECK_OK(asx_coupled_solve(&f, &p, &err), err);
        assert_false(f.interrupted);
        check_rows(&f, &p);
        if (f.factor < INFINITY)
            check_cover(&f, &p, f.factor);
        finite += f.factor < INFINITY && f.factor > 1 + p.epsilon;
        whole += f.factor <= 1 + p.epsilon;
        asx_coupled_front_fini(&f);
    }
    assert_true(finite > 3 && whole > 0);
}

static void stops_and_refuses(void **state)
{
    (void)state;
    asx_error err;
    asx_coupled_front f = {.n = 77};
    make(1, 1, false);
    asx_coupled_problem p = {.model = &t.model,
                             .objective = ASX_ENERGY,
                             .limits = asx_limits_none()},
                        bad = p;
    bad.objective = ASX_AREA;
    CHECK_FAIL(asx_coupled_solve(&f, &bad, &err), ASX_EUNSUPPORTED, err);
    bad = p;
    bad.epsilon = -1;
    CHECK_FAIL(asx_coupled_solve(&f, &bad, &err), ASX_EINVAL, err);
    t.choice[3][2].energy_pj = NAN;
    CHECK_FAIL(asx_coupled_solve(&f, &p, &err), ASX_EINVAL, err);
    make(1, 1, false);
    t.choice[3][2].need = NEEDS;
    CHECK_FAIL(asx_coupled_solve(&f, &p, &err), ASX_EINVAL, err);
    make(1, 1, false);
    t.model.step_bits = 0;
    CHECK_FAIL(asx_coupled_solve(&f, &p, &err), ASX_EINVAL, err);
    make(1, 1, false);
    t.n_choices[1] = 0;
    CHECK_FAIL(asx_coupled_solve(&f, &p, &err), ASX_EINVAL, err);
    assert_int_equal(f.n, 77);
    make(1, 1, false);
    p.stop = at_once;
    CHECK_OK(asx_coupled_solve(&f, &p, &err), err);
    assert_true(f.interrupted && f.factor > 1);
    asx_coupled_front_fini(&f);
    size_t calls = 0;
    p.stop = after_some;
    p.stop_state = &calls;
    CHECK_OK(asx_sweep_solve(&f, &p, ASX_LATENCY, &err), err);
    assert_true(f.interrupted && !(f.factor < INFINITY) && f.n > 0);
    asx_coupled_front_fini(&f);
    p.epsilon = 2;
    CHECK_FAIL(asx_sweep_solve(&f, &p, ASX_LATENCY, &err), ASX_EINVAL, err);
    asx_coupled_front_fini(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equals_enumeration),
        cmocka_unit_test(off_chip),
        cmocka_unit_test(limits_cut_soundly),
        cmocka_unit_test(certificates_hold),
        cmocka_unit_test(epsilon_holds_within_limits),
        cmocka_unit_test(tells_what_is_proven),
        cmocka_unit_test(stopped_certificates_hold),
        cmocka_unit_test(certificates_hold_in_little_memory),
        cmocka_unit_test(stops_and_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
