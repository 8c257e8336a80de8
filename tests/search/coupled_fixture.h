/* Separable models whose array is the union of sets, and all their designs: a need is a set of features, each with
 * its own leakage and area. */
#ifndef ASX_TESTS_COUPLED_FIXTURE_H
#define ASX_TESTS_COUPLED_FIXTURE_H

#include <math.h>
#include <string.h>

#include "check.h"
#include "dse/pareto.h"
#include "dse/seed.h"
#include "search/coupled.h"

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

static inline double drop(const void *state, double damage)
{
    (void)state;
    return 80 * -expm1(-damage);
}

/* Off chip, a group's time grows by steps, and more for more bits. */
static inline double latency(const void *state, size_t placement, size_t group, size_t choice,
                             double off)
{
    (void)state;
    const asx_separable_choice *c = &t.choice[placement * GROUPS + group][choice];
    return fmax(c->latency_ns, floor(2 * off * c->weight_bits));
}

static inline asx_status share(double *leakage, double *area, const void *state, size_t placement,
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

static inline double draw(uint64_t seed, uint64_t i)
{
    return asx_seed_uniform(seed, 1, i);
}

/* `grid`: few distinct values, so that ties abound. */
static inline void make(uint64_t seed, double coupling, bool grid)
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

static inline void enumerate(void)
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

static inline bool feasible(size_t k, const asx_limits *limits)
{
    for (int o = 0; o < ASX_N_OBJECTIVES; o++)
        if (t.value[k][o] > limits->max[o])
            return false;
    return true;
}

/* Each row is a feasible design at its cost. */
static inline void check_rows(const asx_coupled_front *f, const asx_coupled_problem *p)
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
static inline void check_cover(const asx_coupled_front *f, const asx_coupled_problem *p,
                               double factor)
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

#endif
