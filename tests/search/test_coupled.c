/* The solver for separable models against enumeration of all designs, on models whose array is the
 * union of sets: a need is a set of features, each with its own leakage and area. */
#include <math.h>
#include <string.h>

#include "check.h"
#include "dse/seed.h"
#include "search/coupled.h"
#include "search/pareto.h"
#include "sweep.h"

enum { GROUPS = 5, CHOICES = 7, FEATURES = 6, NEEDS = 64, PLACEMENTS = 2, ALL = 2 * 16807 };

typedef struct toy {
    asx_separable model;
    asx_separable_choice choice[PLACEMENTS * GROUPS][CHOICES];
    const asx_separable_choice *pointer[PLACEMENTS * GROUPS];
    size_t n_choices[GROUPS], n_needs[PLACEMENTS];
    asx_need_set need[NEEDS];
    const asx_need_set *needs[PLACEMENTS];
    bool ordered[GROUPS];
    double leakage[FEATURES], area[FEATURES], idle; /* idle: leakage of an empty array */
    /* by enumeration */
    double value[ALL][ASX_N_OBJECTIVES], damage[ALL];
} toy;

static toy t;

static double drop(const void *state, double damage)
{
    (void)state;
    return 80 * -expm1(-damage);
}

/* Off chip, a group's time grows by steps, and more for more bits. */
static double latency(const void *state, size_t placement, size_t group, size_t choice, double off)
{
    (void)state;
    const asx_separable_choice *c = &t.choice[placement * GROUPS + group][choice];
    return fmax(c->latency_ns, floor(2 * off * c->weight_bits));
}

static asx_status share(double *leakage, double *area, const void *state, size_t placement,
                        const asx_need_set *set, double bits, asx_error *err)
{
    (void)state, (void)err;
    const double steps = ceil(bits / 10);
    *leakage = t.idle + 0.02 * steps;
    *area = 5 + steps;
    for (int f = 0; f < FEATURES; f++)
        if (set->word[f % ASX_NEED_SET_WORDS] >> f & 1) {
            *leakage += t.leakage[f] * (double)(1 + placement);
            *area += t.area[f];
        }
    return ASX_OK;
}

static double draw(uint64_t seed, uint64_t i)
{
    return asx_seed_uniform(seed, 1, i);
}

/* `grid`: few distinct values, so that ties abound. */
static void make(uint64_t seed, double coupling, bool grid)
{
    uint64_t i = 0;
    t.idle = coupling > 0 ? 0.1 : 0;
    for (int f = 0; f < FEATURES; f++) {
        t.leakage[f] = coupling * draw(seed, i++);
        t.area[f] = 1 + floor(5 * draw(seed, i++));
    }
    for (size_t g = 0; g < PLACEMENTS * GROUPS; g++) {
        for (size_t c = 0; c < CHOICES; c++) {
            const double damage = draw(seed, i), energy = 4 * draw(seed, i + 1);
            t.choice[g][c] = (asx_separable_choice){
                .damage = 0.3 * (grid ? floor(4 * damage) / 4 : damage),
                .energy_pj = grid ? floor(energy) : energy,
                .latency_ns = 1 + floor(3 * draw(seed, i + 2)),
                .weight_bits = 1 + floor(12 * draw(seed, i + 3)),
                .need =
                    (uint32_t)(draw(seed, i + 4) * NEEDS) & (uint32_t)(draw(seed, i + 5) * NEEDS),
            };
            i += 6;
            if (g >= GROUPS) /* accuracy does not depend on the placement */
                t.choice[g][c].damage = t.choice[g - GROUPS][c].damage;
        }
        t.pointer[g] = t.choice[g];
        t.n_choices[g % GROUPS] = CHOICES;
    }
    for (uint32_t k = 0; k < NEEDS; k++)
        for (uint32_t f = 0; f < FEATURES; f++)
            t.need[k].word[f % ASX_NEED_SET_WORDS] |= k & 1U << f;
    for (size_t g = 0; g < GROUPS; g++)
        t.ordered[g] = g % 2 == 0; /* all are; that it may be unknown is tested, too */
    t.needs[0] = t.needs[1] = t.need;
    t.n_needs[0] = t.n_needs[1] = NEEDS;
    t.model = (asx_separable){.n_placements = PLACEMENTS,
                              .n_groups = GROUPS,
                              .n_choices = t.n_choices,
                              .choice = t.pointer,
                              .n_needs = t.n_needs,
                              .ordered = t.ordered,
                              .need = t.needs,
                              .most_bits = 1e9,
                              .step_bits = 10,
                              .drop = drop,
                              .share = share};
}

static void enumerate(void)
{
    asx_error err;
    for (size_t k = 0; k < ALL; k++) {
        size_t rest = k / PLACEMENTS;
        asx_need_set set = {{0}};
        double sum[4] = {0}, bits = 0, leakage, area;
        for (size_t g = 0; g < GROUPS; g++, rest /= CHOICES)
            bits += t.choice[k % 2 * GROUPS + g][rest % CHOICES].weight_bits;
        const double excess = fmax(0, bits - t.model.most_bits);
        rest = k / PLACEMENTS;
        for (size_t g = 0; g < GROUPS; g++, rest /= CHOICES) {
            const asx_separable_choice *c = &t.choice[k % 2 * GROUPS + g][rest % CHOICES];
            sum[0] += c->damage;
            sum[1] += c->energy_pj;
            sum[2] += t.model.latency
                          ? latency(NULL, k % 2, g, rest % CHOICES, excess / fmax(bits, 1))
                          : c->latency_ns;
            sum[3] += c->weight_bits;
            for (int w = 0; w < ASX_NEED_SET_WORDS; w++)
                set.word[w] |= t.need[c->need].word[w];
        }
        CHECK_OK(share(&leakage, &area, NULL, k % 2, &set, sum[3], &err), err);
        t.damage[k] = sum[0];
        t.value[k][ASX_DROP] = drop(NULL, sum[0]);
        t.value[k][ASX_ENERGY] = sum[1] + leakage * sum[2] + t.model.excess_pj * excess;
        t.value[k][ASX_LATENCY] = sum[2];
        t.value[k][ASX_AREA] = area;
        t.value[k][ASX_STORAGE] = sum[3];
    }
}

static bool feasible(size_t k, const asx_limits *limits)
{
    for (int o = 0; o < ASX_N_OBJECTIVES; o++)
        if (t.value[k][o] > limits->max[o])
            return false;
    return true;
}

/* Each row is a feasible design at its cost. */
static void check_rows(const asx_coupled_front *f, const asx_coupled_problem *p)
{
    for (size_t i = 0; i < f->n; i++) {
        size_t k = 0;
        for (size_t g = GROUPS; g-- > 0;)
            k = k * CHOICES + f->choice[i * GROUPS + g];
        k = k * PLACEMENTS + f->placement[i];
        assert_true(feasible(k, &p->limits));
        assert_true(fabs(f->value[2 * i] - t.damage[k]) <= 1e-12);
        assert_true(fabs(f->value[2 * i + 1] / t.value[k][p->objective] - 1) <= 1e-12);
        assert_true(i == 0 || (f->value[2 * i - 2] < f->value[2 * i] &&
                               f->value[2 * i - 1] > f->value[2 * i + 1]));
    }
}

/* Every feasible design has a row that is as good, up to `factor` in the second objective. */
static void check_cover(const asx_coupled_front *f, const asx_coupled_problem *p, double factor)
{
    for (size_t k = 0; k < ALL; k++) {
        size_t low = 0, high = f->n; /* rows below low drop no more */
        while (low < high) {
            const size_t mid = low + (high - low) / 2;
            if (f->value[2 * mid] <= t.damage[k] + 1e-12)
                low = mid + 1;
            else
                high = mid;
        }
        assert_true(
            !feasible(k, &p->limits) ||
            (low > 0 && f->value[2 * low - 1] <= t.value[k][p->objective] * factor * (1 + 1e-12)));
    }
}

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
        cmocka_unit_test(tells_what_is_proven),
        cmocka_unit_test(sweeps_cover_three_objectives),
        cmocka_unit_test(stopped_certificates_hold),
        cmocka_unit_test(stops_and_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
