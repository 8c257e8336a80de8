/* What is said of a front: the best, the knee and the hypervolume by search over all rows and over a
 * grid, and its status. */
#include "front_fixture.h"

#include <math.h>

#include "results/standing.h"

static void test_best(void **state)
{
    char path[256];
    (void)state;
    asx_store *store = open_new(path, sizeof path);
    const int64_t id = campaign(store, "a", "");
    book_many(store, id, DESIGNS);
    asx_front f = load(store, (asx_front_options){.id = id});
    for (int limit = -3; limit < 25; limit++) {
        asx_limits limits = asx_limits_none();
        bool feasible = false, any = false;
        double least = INFINITY, nearest = INFINITY;
        limits.max[ASX_DROP] = limit;
        for (size_t i = 0; i < f.rows.n; i++) {
            const asx_evaluation *e = &f.rows.row[i].evaluation;
            any = any || e->accuracy.drop <= limit;
            if (e->accuracy.drop <= limit)
                least = fmin(least, e->cost.energy_pj);
            nearest = fmin(nearest, e->accuracy.drop);
        }
        const asx_row *best = asx_front_best(&feasible, &f, &limits, ASX_ENERGY);
        assert_int_equal(feasible, any);
        if (any)
            assert_true(best->evaluation.cost.energy_pj == least);
        else
            assert_true(best->evaluation.accuracy.drop == nearest);
        const asx_row *on = asx_front_cheapest(&f, ASX_ENERGY, limit);
        assert_int_equal(on != NULL, any);
        if (on)
            assert_true(on->evaluation.cost.energy_pj == least);
    }
    asx_front_fini(&f);
    asx_store_free(store);
    sample_remove(path);
}

/* On a front with a corner the knee is the corner. */
static void test_knee(void **state)
{
    static const double corner[][2] = {{0, 100}, {1, 40}, {2, 12}, {6, 11}, {10, 10}};
    char path[256];
    (void)state;
    asx_store *store = open_new(path, sizeof path);
    const int64_t id = campaign(store, "a", "");
    for (unsigned i = 0; i < 5; i++) {
        asx_evaluation e = numbers(i, ASX_TIER_PROXY);
        e.accuracy.drop = corner[i][0];
        e.cost.energy_pj = corner[i][1];
        book(store, id, ASX_TIER_PROXY, ASX_SUBSET_SELECT, i, &e);
    }
    asx_front f = load(store, (asx_front_options){.id = id});
    assert_int_equal(f.n, 5);
    assert_string_equal(asx_front_knee(&f)->design, "vn: w2a8");
    assert_int_equal(asx_front_cost(&f), ASX_ENERGY);
    asx_front_fini(&f);
    asx_store_free(store);
    sample_remove(path);
}

/* The share of the box's points, on a fine grid, that some design of the front is no worse than. */
static void test_hypervolume(void **state)
{
    enum { GRID = 400 };
    char path[256];
    asx_error err = {0};
    asx_reference_point r;
    double volume = 0;
    size_t inside = 0;
    (void)state;
    asx_store *store = open_new(path, sizeof path);
    const int64_t id = campaign(store, "a", "drop=12");
    for (unsigned i = 0; i < 40; i++) { /* no drops below zero: they would stick out of the box */
        asx_evaluation e = numbers(i, ASX_TIER_PROXY);
        e.accuracy.drop = fabs(e.accuracy.drop);
        if (i == 0)
            e.cost.energy_pj = 95; /* the baseline */
        book(store, id, ASX_TIER_PROXY, ASX_SUBSET_SELECT, i, &e);
    }
    asx_front f = load(store, (asx_front_options){.id = id, .few = true});
    assert_true(asx_front_reference(&r, &f));
    assert_int_equal(r.n, 2);
    assert_true(r.value[0] == 12); /* the limit; where there is none, the baseline's */
    assert_true(r.value[1] == f.baseline->evaluation.cost.energy_pj);
    for (int i = 0; i < GRID; i++)
        for (int k = 0; k < GRID; k++) {
            const double x = (i + 0.5) / GRID * r.value[0], y = (k + 0.5) / GRID * r.value[1];
            bool covered = false;
            for (size_t p = 0; p < f.n && !covered; p++)
                covered = asx_front_row(&f, p)->evaluation.accuracy.drop <= x &&
                          asx_front_row(&f, p)->evaluation.cost.energy_pj <= y;
            inside += covered;
        }
    CHECK_OK(asx_front_hypervolume(&volume, &f, &err), err);
    assert_true(volume > 0.05);
    assert_true(fabs(volume - (double)inside / (GRID * GRID)) < 0.01);
    asx_front_fini(&f);
    asx_store_free(store);
    sample_remove(path);
}

/* What the status of a campaign says is what its front says. */
static void test_standing(void **state)
{
    char path[256];
    asx_error err = {0};
    asx_standing now = {0};
    asx_reference_point r;
    asx_text point = {0};
    double volume = 0;
    (void)state;
    asx_store *store = open_new(path, sizeof path);
    const int64_t id = campaign(store, "a", "drop=12 energy=80");
    CHECK_OK(asx_standing_read(&now, store, id, 0, &err), err);
    assert_true(now.front == 0 && isnan(now.hypervolume) && !now.reference.n);
    asx_standing_fini(&now);
    book_many(store, id, DESIGNS);
    asx_front f = load(store, (asx_front_options){.id = id});
    CHECK_OK(asx_front_hypervolume(&volume, &f, &err), err);
    assert_true(asx_front_reference(&r, &f));
    asx_reference_point_print(&point, &r);
    CHECK_OK(asx_standing_read(&now, store, id, 0, &err), err);
    assert_true(now.front == (double)f.n && now.hypervolume == volume && volume > 0);
    assert_string_equal(now.reference.s, point.s);
    assert_string_equal(point.s, "drop=12 energy_pj=80");
    assert_string_equal(now.pace.stage, "");
    asx_standing_fini(&now);
    asx_text_fini(&point);
    asx_front_fini(&f);
    CHECK_FAIL(asx_standing_read(&now, store, 99, 0, &err), ASX_ENOTFOUND, err);
    asx_store_free(store);
    sample_remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_best),
        cmocka_unit_test(test_knee),
        cmocka_unit_test(test_hypervolume),
        cmocka_unit_test(test_standing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
