/* Least squares over words, against definitions and against all words there are. */
#include <math.h>

#include "lattice.h"
#include "rounding_menu.h"
#include "toy.h"

enum { N = 4, ROWS = 9 };

static asx_grid *grid_of(unsigned bits, uint64_t set)
{
    asx_error err;
    asx_grid *grid = NULL;
    const asx_word word = {.bits = bits, .digit_width = 4, .set = asx_alphabet_set_from_index(set)};
    CHECK_OK(asx_grid_new(&grid, &word, &err), err);
    return grid;
}

/* Some H = mean x x^T, of rows whose columns have different sizes. */
static void random_matrix(double *h, size_t n, bool diagonal)
{
    memset(h, 0, n * n * sizeof *h);
    for (size_t r = 0; r < ROWS * n; r++) {
        double x[32];
        for (size_t i = 0; i < n; i++)
            x[i] = (double)toy_random() * (double)(1 + i * 7 % n) + 0.5 * (double)toy_random();
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < n; k++)
                h[i * n + k] += diagonal && i != k ? 0 : x[i] * x[k];
    }
}

/* A channel's wish in the order of a lattice. */
typedef struct wish {
    double t[32], w[32];
    asx_lattice_target to;
} wish;

static void make_wish(wish *v, const asx_lattice *a)
{
    for (size_t i = 0; i < a->n; i++)
        v->w[i] = (double)toy_random();
    asx_lattice_multiply(v->t, a, v->w);
    v->to = (asx_lattice_target){v->t, v->w, 0};
    for (size_t i = 0; i < a->n; i++)
        v->to.wt += v->w[i] * v->t[i];
}

/* e(s, q) by its definition. */
static double error_of(const asx_lattice *a, const double *t, const double *q, double s)
{
    double e = 0;
    for (size_t i = 0; i < a->n; i++) {
        for (size_t k = 0; k < a->n; k++)
            e += s * s * q[i] * a->h[i * a->n + k] * q[k];
        e -= 2 * s * q[i] * t[i];
    }
    return e;
}

static void factors(void **state)
{
    (void)state;
    for (size_t n = 1; n <= 32; n += 31 / 4) {
        asx_error err;
        asx_lattice a;
        double h[32 * 32], w[32], t[32];
        random_matrix(h, n, false);
        CHECK_OK(asx_lattice_init(&a, h, n, 0.01, &err), err);
        for (size_t i = 0; i < n; i++) {
            assert_true(i == 0 || a.h[i * n + i] >= a.h[(i - 1) * n + i - 1]);
            for (size_t k = 0; k < n; k++) {
                const double want = h[a.order[i] * n + a.order[k]] + (i == k ? a.ridge : 0);
                double product = 0;
                assert_true(a.h[i * n + k] == want);
                for (size_t j = 0; j <= i && j <= k; j++)
                    product += a.l[i * n + j] * a.l[k * n + j];
                assert_true(fabs(product - want) < 1e-9 * a.h[n * n - 1]);
            }
        }
        for (size_t i = 0; i < n; i++)
            w[i] = (double)toy_random();
        asx_lattice_multiply(t, &a, w);
        asx_lattice_solve(t, &a);
        for (size_t i = 0; i < n; i++)
            assert_true(fabs(t[i] - w[i]) < 1e-9);
        asx_lattice_fini(&a);
    }
}

/* Inputs that never differ from 0 say nothing; those that are always alike need more of a ridge, or the usual one. */
static void poor_matrices(void **state)
{
    (void)state;
    asx_error err;
    asx_lattice a;
    double h[N * N] = {0};
    CHECK_OK(asx_lattice_init(&a, h, N, 0.01, &err), err);
    assert_false(a.ridge > 0);
    asx_lattice_fini(&a);
    for (size_t i = 0; i < (size_t)N * N; i++)
        h[i] = 2;
    CHECK_OK(asx_lattice_init(&a, h, N, 0.01, &err), err);
    assert_true(fabs(a.ridge - 0.02) < 1e-12);
    asx_lattice_fini(&a);
    h[1] = h[N] = -30; /* no matrix of moments: not even positive */
    CHECK_OK(asx_lattice_init(&a, h, N, 0.01, &err), err);
    assert_true(a.ridge > 2);
    asx_lattice_fini(&a);
}

/* Inputs that have nothing to do with each other: nothing is moved, and every word is the nearest. */
static void alone_words_are_nearest(void **state)
{
    (void)state;
    asx_grid *grid = grid_of(4, 1);
    for (int round = 0; round < 50; round++) {
        asx_error err;
        asx_lattice a;
        double h[N * N], q[N], work[N];
        wish v;
        random_matrix(h, N, true);
        CHECK_OK(asx_lattice_init(&a, h, N, 0.01, &err), err);
        make_wish(&v, &a);
        asx_lattice_point p = {q, 0.3, 0, NULL};
        asx_lattice_greedy(&p, &a, grid, &v.to, work);
        for (size_t i = 0; i < N; i++)
            assert_true(q[i] == asx_grid_nearest(grid, v.w[i] / 0.3));
        assert_true(fabs(p.error - error_of(&a, v.t, q, p.scale)) < 1e-9 * v.to.wt);
        asx_lattice_fini(&a);
    }
    asx_grid_free(grid);
}

/* The least e at a scale over all words of the grid, of which there are values^N. */
static double brute_force(const asx_lattice *a, const double *t, const asx_grid *grid, double s)
{
    const size_t n = asx_grid_size(grid);
    double least = INFINITY, q[N];
    for (size_t k = 0; k < n * n * n * n; k++) {
        for (size_t i = 0, rest = k; i < N; i++, rest /= n)
            q[i] = asx_grid_values(grid)[rest % n];
        least = fmin(least, error_of(a, t, q, s));
    }
    return least;
}

/* No other value of any one word is better. */
static void check_settled(const asx_lattice *a, const double *t, const asx_grid *grid,
                          const asx_lattice_point *p)
{
    for (size_t i = 0; i < a->n; i++)
        for (size_t k = 0; k < asx_grid_size(grid); k++) {
            const double q = p->q[i];
            p->q[i] = asx_grid_values(grid)[k];
            assert_true(error_of(a, t, p->q, p->scale) > p->error - 1e-9 * fabs(p->error));
            p->q[i] = q;
        }
}

static void against_all_words(void **state)
{
    (void)state;
    asx_grid *grid = grid_of(4, 1);
    double sum_nearest = 0, sum_greedy = 0, sum_learned = 0, sum_best = 0;
    assert_int_equal(asx_grid_size(grid), 7);
    for (int round = 0; round < 60; round++) {
        asx_error err;
        asx_lattice a;
        double h[N * N], q[N], nearest[N], work[N];
        wish v;
        random_matrix(h, N, false);
        CHECK_OK(asx_lattice_init(&a, h, N, 0.01, &err), err);
        make_wish(&v, &a);
        asx_lattice_point p = {q, 0.25, 0, NULL};
        for (size_t i = 0; i < N; i++)
            nearest[i] = asx_grid_nearest(grid, v.w[i] / p.scale);
        asx_lattice_greedy(&p, &a, grid, &v.to, work);
        const double greedy = p.error, least = brute_force(&a, v.t, grid, p.scale);
        assert_true(fabs(greedy - error_of(&a, v.t, q, p.scale)) < 1e-9 * v.to.wt);
        assert_true(greedy > least - 1e-9 * v.to.wt);
        asx_lattice_descend(&p, &a, grid, &v.to, work);
        assert_true(p.error <= greedy + 1e-9 * v.to.wt);
        assert_true(fabs(p.error - error_of(&a, v.t, q, p.scale)) < 1e-9 * v.to.wt);
        check_settled(&a, v.t, grid, &p);
        sum_nearest += (v.to.wt + error_of(&a, v.t, nearest, 0.25)) / v.to.wt;
        sum_greedy += (v.to.wt + greedy) / v.to.wt;
        sum_learned += (v.to.wt + p.error) / v.to.wt;
        sum_best += (v.to.wt + least) / v.to.wt;
        asx_lattice_fini(&a);
    }
    /* on average greedy is nearer to the best than the nearest words are, and a scale of one's own helps */
    assert_true(sum_greedy - sum_best < 0.5 * (sum_nearest - sum_best));
    assert_true(sum_learned < sum_greedy);
    asx_grid_free(grid);
}

/* Two groups of two weights, of a menu. All ways to give them words, and all words of these. */
static double brute_menu(const asx_lattice *a, const double *t, const asx_menu_grids *g, double s)
{
    double least = INFINITY, q[N];
    for (size_t way = 0; way < g->n * g->n; way++) {
        const asx_grid *of[N];
        size_t all = 1;
        for (size_t i = 0; i < N; i++) {
            of[i] = g->grid[a->order[i] / 2 ? way / g->n : way % g->n];
            all *= asx_grid_size(of[i]);
        }
        for (size_t k = 0; k < all; k++) {
            for (size_t i = 0, rest = k; i < N; rest /= asx_grid_size(of[i]), i++)
                q[i] = asx_grid_values(of[i])[rest % asx_grid_size(of[i])];
            least = fmin(least, error_of(a, t, q, s));
        }
    }
    return least;
}

static void check_menu_point(const asx_lattice *a, const double *t, const asx_lattice_point *p,
                             double tolerance)
{
    assert_true(fabs(p->error - error_of(a, t, p->q, p->scale)) < tolerance);
    for (size_t i = 0; i < N; i++) {
        assert_true(asx_grid_has(p->row[i], (int32_t)p->q[i]));
        for (size_t k = 0; k < N; k++)
            assert_true(a->order[i] / 2 != a->order[k] / 2 || p->row[i] == p->row[k]);
    }
}

/* Where inputs have nothing to do with each other the first choice is the best there is; else groups that change their
 * word come near to it, and what they lose is what the definition says. */
static void menus_against_all_words(void **state)
{
    (void)state;
    asx_error err;
    asx_word menu;
    asx_menu_grids g;
    double sum_first = 0, sum_better = 0, sum_best = 0;
    CHECK_OK(asx_menu_parse(&menu, "3{1}/4{3}/3@2", &err), err);
    CHECK_OK(asx_menu_grids_init(&g, &menu, N, &err), err);
    assert_int_equal(g.n, 3);
    double *work = malloc(asx_menu_work(&g) * sizeof *work);
    assert_non_null(work);
    for (int round = 0; round < 80; round++) {
        const bool diagonal = round % 2 == 0;
        asx_lattice a;
        double h[N * N], q[N];
        const asx_grid *row[N];
        wish v;
        random_matrix(h, N, diagonal);
        CHECK_OK(asx_lattice_init(&a, h, N, 0.01, &err), err);
        make_wish(&v, &a);
        asx_lattice_point p = {q, 0.15, 0, row};
        asx_menu_assign(&p, &g, &a, &v.to, work);
        asx_lattice_greedy(&p, &a, NULL, &v.to, work);
        check_menu_point(&a, v.t, &p, 1e-9 * v.to.wt);
        const double first = p.error, least = brute_menu(&a, v.t, &g, p.scale);
        if (diagonal)
            assert_true(first < least + 1e-9 * v.to.wt);
        asx_menu_improve(&p, &g, &a, &v.to, work);
        check_menu_point(&a, v.t, &p, 1e-9 * v.to.wt);
        assert_true(p.error <= first && p.error > least - 1e-9 * v.to.wt);
        if (!diagonal) {
            sum_first += (v.to.wt + first) / v.to.wt;
            sum_better += (v.to.wt + p.error) / v.to.wt;
            sum_best += (v.to.wt + least) / v.to.wt;
        }
        asx_lattice_fini(&a);
    }
    print_message("first choice %.4f, improved %.4f, best %.4f\n", sum_first, sum_better, sum_best);
    assert_true(sum_better - sum_best < 0.8 * (sum_first - sum_best));
    free(work);
    asx_menu_grids_fini(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(factors), cmocka_unit_test(poor_matrices),
                                       cmocka_unit_test(alone_words_are_nearest),
                                       cmocka_unit_test(against_all_words),
                                       cmocka_unit_test(menus_against_all_words)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
