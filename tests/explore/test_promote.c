/* Which designs are worth training: against choosing by trying every candidate, with areas summed up
 * in strips instead of asx's hypervolumes. */
#include "promote.h"

#include <math.h>
#include <string.h>

#include "dense.h"

enum { N = 40, MAX = 6 };

static const asx_reference_point reference = {
    .objective = {ASX_DROP, ASX_ENERGY}, .value = {20, 100}, .n = 2};

/* Numerical Recipes' linear congruential generator. */
static double draw(unsigned *state)
{
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 8) / (double)(1u << 24);
}

static asx_rows make_rows(unsigned seed)
{
    asx_error err;
    asx_rows rows = {0};
    for (size_t i = 0; i < N; i++) {
        char design[40];
        /* half of them differ from another in placement alone */
        snprintf(design, sizeof design, "%s: w%zua8", i % 2 ? "vn" : "near", 2 + i / 2);
        asx_row row = {.design = design, .subset = "select"};
        row.evaluation.accuracy.drop = 30 * draw(&seed) - 2;
        row.evaluation.cost.energy_pj = 120 * draw(&seed);
        row.evaluation.cost.area_um2 = draw(&seed);
        CHECK_OK(asx_rows_add(&rows, &row, &err), err);
    }
    return rows;
}

/* Area below the reference point that points (drop, energy) dominate, in strips between drops. */
static double area(const double (*point)[2], size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        /* the strip that begins at this drop ends at the next larger one */
        double next = reference.value[0], low = INFINITY;
        bool first = true;
        for (size_t j = 0; j < n; j++) {
            if (point[j][0] > point[i][0])
                next = fmin(next, point[j][0]);
            if (point[j][0] <= point[i][0])
                low = fmin(low, point[j][1]);
            first = first && !(j < i && point[j][0] == point[i][0]);
        }
        if (first && point[i][0] < reference.value[0] && low < reference.value[1])
            sum += (next - fmax(point[i][0], 0)) * (reference.value[1] - low);
    }
    return sum;
}

static const char *formats(const asx_row *row)
{
    return strstr(row->design, ": ");
}

static size_t choose(size_t *index, const asx_rows *rows, const asx_limits *limits, size_t max)
{
    double point[N + MAX][2];
    size_t n = 0;
    for (size_t i = 0; i < N; i++) {
        point[i][0] = fmax(rows->row[i].evaluation.accuracy.drop, 0);
        point[i][1] = rows->row[i].evaluation.cost.energy_pj;
    }
    while (n < max) {
        double most = area((const double(*)[2])point, N + n);
        size_t best = N;
        for (size_t i = 0; i < N; i++) {
            const asx_evaluation *e = &rows->row[i].evaluation;
            bool fits = e->accuracy.drop > 0 && e->cost.area_um2 <= limits->max[ASX_AREA];
            for (size_t k = 0; k < n; k++)
                fits = fits && strcmp(formats(&rows->row[index[k]]), formats(&rows->row[i])) != 0;
            point[N + n][0] = 0.1 * e->accuracy.drop;
            point[N + n][1] = e->cost.energy_pj;
            const double now = fits ? area((const double(*)[2])point, N + n + 1) : 0;
            if (now > most + 1e-9) {
                most = now;
                best = i;
            }
        }
        if (best == N)
            break;
        point[N + n][0] = 0.1 * rows->row[best].evaluation.accuracy.drop;
        point[N + n][1] = rows->row[best].evaluation.cost.energy_pj;
        index[n++] = best;
    }
    return n;
}

static void test_greedy_choice(void **state)
{
    (void)state;
    size_t n_chosen = 0;
    for (unsigned seed = 1; seed <= 30; seed++) {
        asx_error err;
        asx_rows rows = make_rows(seed);
        asx_limits limits = asx_limits_none();
        if (seed % 3 == 0)
            limits.max[ASX_AREA] = 0.5;
        size_t index[MAX], expected[MAX], n = 99;
        CHECK_OK(asx_promote_choose(index, &n, &rows, &reference, &limits, MAX, &err), err);
        const size_t n_expected = choose(expected, &rows, &limits, MAX);
        n_chosen += n;
        assert_int_equal(n, n_expected);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(index[i], expected[i]);
        asx_rows_fini(&rows);
    }
    assert_true(n_chosen > 60); /* there was something to choose */
}

/* Training cannot help where nothing was lost, nor where hardware breaks a limit; a limit on the
 * drop is what training is for. */
static void test_who_is_out(void **state)
{
    (void)state;
    asx_error err;
    asx_rows rows = {0};
    asx_limits limits = asx_limits_none();
    asx_row row = {.design = "vn: w4a8", .subset = "select"};
    row.evaluation.cost.energy_pj = 50;
    size_t index[2], n = 99;
    CHECK_OK(asx_promote_choose(index, &n, &rows, &reference, &limits, 2, &err), err);
    assert_int_equal(n, 0);
    row.evaluation.accuracy.drop = 0;
    CHECK_OK(asx_rows_add(&rows, &row, &err), err);
    CHECK_OK(asx_promote_choose(index, &n, &rows, &reference, &limits, 2, &err), err);
    assert_int_equal(n, 0);
    row.design = "vn: w3a8";
    row.evaluation.accuracy.drop = 15;
    row.evaluation.cost.energy_pj = 40;
    CHECK_OK(asx_rows_add(&rows, &row, &err), err);
    limits.max[ASX_DROP] = 1;
    CHECK_OK(asx_promote_choose(index, &n, &rows, &reference, &limits, 2, &err), err);
    assert_int_equal(n, 1);
    assert_int_equal(index[0], 1);
    limits.max[ASX_ENERGY] = 39;
    CHECK_OK(asx_promote_choose(index, &n, &rows, &reference, &limits, 2, &err), err);
    assert_int_equal(n, 0);
    asx_rows_fini(&rows);
}

static void test_distance(void **state)
{
    (void)state;
    asx_error err;
    asx_workload work;
    asx_design a, b;
    CHECK_OK(asx_workload_init(&work, "net", &err), err);
    dense_add(&work, "one", 3, 2); /* 6 and 18 multiplications */
    dense_add(&work, "two", 3, 6);
    CHECK_OK(asx_design_parse(&a, "vn: w8a8", &work, &err), err);
    CHECK_OK(asx_design_parse(&b, "near: w8a8 two=w4a8", &work, &err), err);
    assert_true(asx_promote_distance(&a, &a, &work) == 0);
    assert_true(asx_promote_distance(&a, &b, &work) == 0.75);
    asx_design_fini(&a);
    asx_design_fini(&b);
    asx_workload_fini(&work);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_greedy_choice),
                                       cmocka_unit_test(test_who_is_out),
                                       cmocka_unit_test(test_distance)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
