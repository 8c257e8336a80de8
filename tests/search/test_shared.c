/* Bounds of hulls and what they drop (shared.h), at any prices, against all sums of small problems. */
#include <math.h>
#include <string.h>

#include "check.h"
#include "dse/seed.h"
#include "shared.h"

enum { STAGES = 4, CHOICES = 6, SUMS = 1296, RATES = 12 };

typedef struct fixture {
    asx_shared_problem p;
    asx_shared_choice choice[STAGES][CHOICES];
    const asx_shared_choice *pointer[STAGES];
    size_t n_choices[STAGES];
    double rate[RATES], cut[2][2];
} fixture;

static double draw(uint64_t seed, uint64_t i)
{
    return asx_seed_uniform(seed, 7, i);
}

/* Rates rise in jumps; some sums pay a toll; limits bind. */
static void make(fixture *f, uint64_t seed)
{
    uint64_t i = 0;
    *f = (fixture){0};
    for (size_t l = 0; l < STAGES; l++) {
        f->pointer[l] = f->choice[l];
        f->n_choices[l] = CHOICES;
        for (size_t c = 0; c < CHOICES; c++, i += 4)
            f->choice[l][c] = (asx_shared_choice){{draw(seed, i), 10 * draw(seed, i + 1)},
                                                  floor(30 * draw(seed, i + 2)),
                                                  1 + floor(4 * draw(seed, i + 3)),
                                                  (uint16_t)c};
    }
    f->rate[0] = 0.1;
    for (size_t k = 1; k < RATES; k++)
        f->rate[k] = f->rate[k - 1] + (draw(seed, i++) < 0.3 ? draw(seed, i++) : 0);
    f->p = (asx_shared_problem){
        .n_stages = STAGES,
        .choice = f->pointer,
        .n_choices = f->n_choices,
        .step = 10,
        .rate = f->rate,
        .n_rates = RATES,
        .toll = seed % 3 == 0 ? 0.3 * draw(seed, i) : 0,
        .free_size = 40,
        .limit = {INFINITY, INFINITY},
        .size_limit = seed % 2 ? 40 + floor(60 * draw(seed, i + 1)) : INFINITY,
        .time_limit = seed % 4 > 1 ? 6 + floor(8 * draw(seed, i + 2)) : INFINITY,
        .least_size = seed % 5 > 2 ? floor(50 * draw(seed, i + 3)) : 0,
        .press = {draw(seed, i + 4) - 0.3, 4 * draw(seed, i + 5) - 1}};
}

/* @return whether the sum keeps the limits. @param v  its objectives */
static bool sum_of(double v[2], size_t choice[STAGES], const fixture *f, size_t k)
{
    double size = 0, time = 0;
    v[0] = v[1] = 0;
    for (size_t l = 0; l < STAGES; l++, k /= CHOICES) {
        const asx_shared_choice *c = &f->choice[l][choice[l] = k % CHOICES];
        v[0] += c->v[0];
        v[1] += c->v[1];
        size += c->size;
        time += c->time;
    }
    const size_t step = (size_t)ceil(size / f->p.step);
    v[1] += f->rate[step < RATES ? step : RATES - 1] * time +
            f->p.toll * fmax(0, size - f->p.free_size);
    return size <= f->p.size_limit && time <= f->p.time_limit && size >= f->p.least_size;
}

/* @return how many of the sums are within two hundredths of the bound */
static size_t check_bound(const fixture *f, const asx_shared *s)
{
    size_t near = 0;
    for (size_t k = 0; k < SUMS; k++) {
        double v[2], y;
        size_t choice[STAGES];
        if (!sum_of(v, choice, f, k))
            continue;
        asx_shared_bound(&y, v, 1, s);
        assert_true(y <= v[1] * (1 + 1e-12));
        near += y > 0.98 * v[1];
    }
    return near;
}

static void bounds_are_below_all_sums(void **state)
{
    (void)state;
    asx_error err;
    size_t near = 0;
    for (uint64_t seed = 0; seed < 300; seed++) {
        static const double none[2] = {0, 0};
        fixture f;
        asx_shared *s;
        make(&f, seed);
        CHECK_OK(asx_shared_new(&s, &f.p, &err), err);
        near += check_bound(&f, s);
        CHECK_OK(asx_shared_press(s, none, &err), err);
        near += check_bound(&f, s);
        asx_shared_free(s);
    }
    assert_true(near > 300);
}

/* The least of all sums within the limits is what the best price of a limit comes near. */
static void prices_lift_bounds(void **state)
{
    (void)state;
    asx_error err;
    size_t lifted = 0;
    for (uint64_t seed = 0; seed < 60; seed++) {
        fixture f;
        asx_shared *s;
        const double all = INFINITY, none[2] = {0, 0};
        double best = 0, base;
        make(&f, seed);
        CHECK_OK(asx_shared_new(&s, &f.p, &err), err);
        CHECK_OK(asx_shared_press(s, none, &err), err);
        asx_shared_bound(&base, &all, 1, s);
        for (int k = 0; k < 64; k++) {
            const double press[2] = {0.2 * (k % 8), 0.8 * (k / 8)};
            double y;
            CHECK_OK(asx_shared_press(s, press, &err), err);
            asx_shared_bound(&y, &all, 1, s);
            best = fmax(best, y);
        }
        lifted += best > 1.02 * base;
        asx_shared_free(s);
    }
    assert_true(lifted > 5); /* where leaving out what exceeds a limit has not lifted it already */
}

/* What no point of the cut matches keeps its choices, and the hull's designs cost what they cost. */
static void what_matters_is_reached(void **state)
{
    (void)state;
    asx_error err;
    size_t dropped = 0;
    for (uint64_t seed = 0; seed < 300; seed++) {
        fixture f;
        asx_shared *s;
        size_t choice[STAGES], n = 0;
        make(&f, seed);
        for (size_t k = 0; k < SUMS; k++) { /* the cheapest of two ranges of damage */
            double v[2], *c = f.cut[0];
            const bool ok = sum_of(v, choice, &f, k);
            for (size_t j = 0; j < 2 && ok; j++)
                if (v[0] < 1.6 + 0.5 * (double)j && (c[2 * j] <= 0 || v[1] < c[2 * j + 1]))
                    memcpy(c + 2 * j, v, sizeof v);
        }
        if (!(f.cut[0][0] > 0))
            continue;
        n = 1 + (f.cut[1][1] < f.cut[0][1]);
        f.p.press[0] *= 0.2; /* good prices, for once */
        f.p.press[1] *= 0.2;
        f.p.limit[1] = 1.2 * f.cut[0][1];
        f.p.cut = f.cut[0];
        f.p.n_cut = n;
        CHECK_OK(asx_shared_new(&s, &f.p, &err), err);
        bool reached[STAGES][CHOICES] = {{false}};
        for (size_t l = 0; l < STAGES; l++)
            for (size_t i = 0; i < CHOICES; i++) {
                reached[l][i] = !asx_shared_is_closed(s) && asx_shared_reaches(s, l, i);
                dropped += !reached[l][i];
            }
        for (size_t k = 0; k < SUMS; k++) {
            double v[2];
            bool matters = sum_of(v, choice, &f, k);
            matters = matters && v[1] <= f.p.limit[1];
            for (size_t j = 0; j < n; j++)
                matters = matters && !(f.cut[j][0] <= v[0] && f.cut[j][1] <= v[1]);
            for (size_t l = 0; l < STAGES && matters; l++)
                assert_true(reached[l][choice[l]]);
        }
        asx_shared_free(s);
    }

    assert_true(dropped > 300);
}

static void hulls_are_of_designs(void **state)
{
    (void)state;
    asx_error err;
    size_t designs = 0;
    for (uint64_t seed = 0; seed < 100; seed++) {
        fixture f;
        asx_shared *s;
        asx_shared_hull h;
        make(&f, seed);
        CHECK_OK(asx_shared_new(&s, &f.p, &err), err);
        CHECK_OK(asx_shared_find_hull(&h, s, -INFINITY, 1.01, &err), err);
        for (size_t i = 0; i < h.design.n; i++) {
            double v[2];
            size_t k = 0, choice[STAGES];
            for (size_t l = STAGES; l-- > 0;)
                k = k * CHOICES + h.design.choice[i * STAGES + l];
            (void)sum_of(v, choice, &f, k);
            for (int j = 0; j < 2; j++)
                assert_true(fabs(v[j] - h.design.value[2 * i + (size_t)j]) <= 1e-9 * v[j]);
        }
        for (size_t i = 0; i + 1 < h.n; i++)
            assert_true(h.bound[2 * i] < h.end[i] && h.end[i] <= h.bound[2 * i + 2]);
        designs += h.design.n;
        asx_shared_hull_fini(&h);
        asx_shared_free(s);
    }
    assert_true(designs > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_are_below_all_sums),
        cmocka_unit_test(prices_lift_bounds),
        cmocka_unit_test(what_matters_is_reached),
        cmocka_unit_test(hulls_are_of_designs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
