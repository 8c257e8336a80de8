/* Fronts of damages that do not add up against enumeration of all designs (coupled_fixture.h): every choice has a vector, and
 * the damage is a convex function of their sum, like a parabola near nothing and like a cone far from it. */
#include "cuts.h"

#include "coupled_fixture.h"

enum { DIMENSIONS = 6 };

static double shift[GROUPS][CHOICES][DIMENSIONS];
static size_t n_asked; /* of the functions below */

static double cone(double *slope, const double *sum)
{
    double value = 0;
    for (int d = 0; d < DIMENSIONS; d++) {
        const double root = sqrt(1 + sum[d] * sum[d]);
        slope[d] = sum[d] / root;
        value += root - 1;
    }
    return value;
}

static asx_status damage(double *out, const void *state, const uint16_t *choice, asx_error *err)
{
    (void)state, (void)err;
    double sum[DIMENSIONS] = {0}, slope[DIMENSIONS];
    for (size_t g = 0; g < GROUPS; g++)
        for (int d = 0; d < DIMENSIONS; d++)
            sum[d] += shift[g][choice[g]][d];
    *out = cone(slope, sum);
    n_asked++;
    return ASX_OK;
}

static asx_status tangent(double *constant, double *slope, const void *state, const double *weight,
                          asx_error *err)
{
    (void)state, (void)err;
    double sum[DIMENSIONS] = {0}, direction[DIMENSIONS];
    for (size_t g = 0; g < GROUPS; g++)
        for (size_t c = 0; c < CHOICES; c++)
            for (int d = 0; d < DIMENSIONS; d++)
                sum[d] += weight[g * CHOICES + c] * shift[g][c][d];
    *constant = cone(direction, sum) - 1e-12;
    for (int d = 0; d < DIMENSIONS; d++)
        *constant -= direction[d] * sum[d];
    for (size_t g = 0; g < GROUPS; g++)
        for (size_t c = 0; c < CHOICES; c++) {
            slope[g * CHOICES + c] = 0;
            for (int d = 0; d < DIMENSIONS; d++)
                slope[g * CHOICES + c] += direction[d] * shift[g][c][d];
        }
    return ASX_OK;
}

/* @param plain  a choice of every group shifts nothing */
static void make_crossing(uint64_t seed, double coupling, bool plain)
{
    asx_error err;
    make(seed, coupling, false);
    for (size_t g = 0; g < GROUPS; g++)
        for (size_t c = 0; c < CHOICES; c++) {
            /* what costs little shifts much */
            const double size = plain && c == 0 ? 0 : 0.3 / (0.3 + t.choice[g][c].energy_pj);
            double sum[DIMENSIONS] = {0}, slope[DIMENSIONS];
            for (size_t d = 0; d < DIMENSIONS; d++)
                sum[d] = shift[g][c][d] =
                    size * (2 * asx_seed_uniform(seed + 1000, g * CHOICES + c, d) - 1);
            for (size_t k = 0; k < PLACEMENTS; k++)
                t.choice[k * GROUPS + g][c].damage = cone(slope, sum);
        }
    t.model.damage = damage;
    t.model.tangent = tangent;
    enumerate();
    for (size_t k = 0; k < ALL; k++) {
        uint16_t choice[GROUPS];
        size_t rest = k / PLACEMENTS;
        for (size_t g = 0; g < GROUPS; g++, rest /= CHOICES)
            choice[g] = (uint16_t)(rest % CHOICES);
        CHECK_OK(damage(&t.damage[k], NULL, choice, &err), err);
        t.value[k][ASX_DROP] = drop(NULL, t.damage[k]);
    }
    n_asked = 0;
}

static void equals_enumeration(void **state)
{
    (void)state;
    asx_error err;
    static const asx_objective objective[] = {ASX_ENERGY, ASX_LATENCY, ASX_STORAGE};
    enum { SEEDS = 4 };
    size_t points = 0, asked = 0, planes = 0;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        make_crossing(seed, seed % 2 ? 0.2 : 1, seed % 3 == 0);
        if (seed % 4 == 1) {
            t.model.most_bits = 8 + (double)(seed % 5);
            t.model.excess_pj = 0.01 * (double)(seed % 3);
            t.model.latency = latency;
            make_crossing(seed, 1, false);
        }
        asx_coupled_problem p = {
            .model = &t.model, .objective = objective[seed % 3], .limits = asx_limits_none()};
        asx_cuts_front f;
        CHECK_OK(asx_cuts_solve(&f, &p, ALL, &err), err);
        assert_true(f.front.factor == 1 && f.branched && f.least <= 0);
        check_rows(&f.front, &p);
        check_cover(&f.front, &p, 1);
        points += f.front.n;
        asked += n_asked;
        planes += f.n_planes;
        asx_cuts_front_fini(&f);
    }
    assert_true(points > 20 && planes > 20);
    assert_true(asked < SEEDS * ALL / 4); /* so planes do bound */
}

static void limits_cut_soundly(void **state)
{
    (void)state;
    asx_error err;
    size_t empty = 0, filled = 0;
    for (uint64_t seed = 0; seed < 5; seed++) {
        make_crossing(seed, 1, seed % 2);
        asx_coupled_problem p = {
            .model = &t.model, .objective = ASX_ENERGY, .limits = asx_limits_none()};
        /* exactly the values of some design: it must stay allowed */
        const size_t k = asx_seed_below(seed, 9, 9, ALL);
        p.limits.max[seed % ASX_N_OBJECTIVES] = t.value[k][seed % ASX_N_OBJECTIVES];
        p.limits.max[(seed + 2) % ASX_N_OBJECTIVES] = t.value[k][(seed + 2) % ASX_N_OBJECTIVES];
        p.limits.max[ASX_POWER] = p.limits.max[ASX_ENERGY_DELAY] = INFINITY;
        if (seed % 7 == 0)
            p.limits.max[ASX_ENERGY] = 1e-3;
        asx_cuts_front f;
        CHECK_OK(asx_cuts_solve(&f, &p, ALL, &err), err);
        check_rows(&f.front, &p);
        assert_true(f.front.factor == 1);
        check_cover(&f.front, &p, 1);
        *(f.front.n ? &filled : &empty) += 1;
        asx_cuts_front_fini(&f);
    }
    assert_true(empty >= 1 && filled >= 2);
}

/* Of all designs that have less damage than the least found, the first row must do. */
static void check_certificate(const asx_cuts_front *f, const asx_coupled_problem *p)
{
    const asx_coupled_front *rows = &f->front;
    for (size_t k = 0; k < ALL; k++) {
        const double damage_of = fmax(t.damage[k], f->least);
        bool matched = !feasible(k, &p->limits);
        for (size_t i = 0; i < rows->n && !matched; i++)
            matched =
                rows->value[2 * i] <= damage_of + 1e-12 &&
                rows->value[2 * i + 1] <= t.value[k][p->objective] * rows->factor * (1 + 1e-12);
        assert_true(matched);
    }
}

static void certificates_hold(void **state)
{
    (void)state;
    asx_error err;
    size_t wide = 0, never_less = 0;
    for (uint64_t seed = 0; seed < 3; seed++) {
        make_crossing(seed, 0.5, seed % 2);
        asx_coupled_problem p = {.model = &t.model,
                                 .objective = seed % 5 == 4 ? ASX_LATENCY : ASX_ENERGY,
                                 .limits = asx_limits_none(),
                                 .epsilon = seed % 3 ? 0 : 0.3};
        if (seed % 4 == 3)
            p.limits.max[ASX_DROP] = 30;
        asx_cuts_front f;
        CHECK_OK(asx_cuts_solve(&f, &p, 0, &err), err);
        check_rows(&f.front, &p);
        assert_true(f.front.factor < 10 && !f.branched && f.n_planes > 0);
        check_certificate(&f, &p);
        wide += f.front.factor > 1.05;
        never_less += f.least <= 0;
        asx_cuts_front_fini(&f);
    }
    assert_true(wide > 0 && never_less > 0);
}

static bool count_down(void *state)
{
    size_t *left = state;
    *left -= *left > 0;
    return *left == 0;
}

static void stopped(void **state)
{
    (void)state;
    asx_error err;
    size_t interrupted = 0, proven = 0;
    make_crossing(5, 0.5, true);
    for (size_t n = 1; n < 100000; n *= 3) {
        size_t left = n;
        const asx_coupled_problem p = {.model = &t.model,
                                       .objective = ASX_ENERGY,
                                       .limits = asx_limits_none(),
                                       .stop = count_down,
                                       .stop_state = &left};
        asx_cuts_front f;
        CHECK_OK(asx_cuts_solve(&f, &p, ALL, &err), err);
        check_rows(&f.front, &p);
        assert_true(f.front.interrupted == !f.branched);
        interrupted += f.front.interrupted;
        proven += f.front.interrupted && f.front.factor < INFINITY;
        if (f.front.factor < INFINITY)
            check_certificate(&f, &p);
        asx_cuts_front_fini(&f);
    }
    assert_true(interrupted > 3 && proven > 0);
}

static void refusals(void **state)
{
    (void)state;
    asx_error err;
    asx_cuts_front f = {.n_planes = 0};
    make_crossing(1, 1, false);
    asx_coupled_problem p = {.model = &t.model, .objective = ASX_AREA, .limits = asx_limits_none()};
    CHECK_FAIL(asx_cuts_solve(&f, &p, ALL, &err), ASX_EUNSUPPORTED, err);
    p.objective = ASX_ENERGY;
    p.epsilon = 2;
    CHECK_FAIL(asx_cuts_solve(&f, &p, ALL, &err), ASX_EINVAL, err);
    p.epsilon = 0;
    t.choice[1][2].energy_pj = -1;
    CHECK_FAIL(asx_cuts_solve(&f, &p, ALL, &err), ASX_EINVAL, err);
    asx_cuts_front_fini(&f);
    asx_cuts_front_fini(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equals_enumeration), cmocka_unit_test(limits_cut_soundly),
        cmocka_unit_test(certificates_hold),  cmocka_unit_test(stopped),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
