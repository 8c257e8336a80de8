/* The exact front against integer programs: at budgets spread over the first objective, GLPK's
 * branch and cut finds the least second one. Values are whole numbers, so that its tolerances do
 * not matter. */
#include <math.h>

#include <glpk.h>

#include "check.h"
#include "dse/seed.h"
#include "search/exact.h"

enum { LAYERS = 12, CHOICES = 24, COLUMNS = LAYERS * CHOICES, BUDGETS = 8 };

static double table[LAYERS][CHOICES * 2];
static asx_exact_layer layers[LAYERS];

/* As formats do: more of one is less of the other, with noise, in layers of different weight. */
static void make(uint64_t seed)
{
    for (size_t l = 0; l < LAYERS; l++) {
        const double weight = 20 + 200 * asx_seed_uniform(seed, 99, l);
        for (size_t i = 0; i < CHOICES; i++) {
            const double bits = 1 + (double)(i % 4);
            table[l][2 * i] =
                floor(weight * exp2(-bits) * (1 + 8 * asx_seed_uniform(seed, l, 2 * i)));
            table[l][2 * i + 1] =
                floor(weight * bits * (0.4 + 0.6 * asx_seed_uniform(seed, l, 2 * i + 1)));
        }
        layers[l] = (asx_exact_layer){table[l], CHOICES};
    }
}

/* One choice per layer, sum of [0] <= budget, least sum of [1]. */
static double solve_program(double budget)
{
    glp_prob *p = glp_create_prob();
    int row[1 + 2 * COLUMNS], column[1 + 2 * COLUMNS], n = 0;
    double value[1 + 2 * COLUMNS];
    glp_add_rows(p, LAYERS + 1);
    glp_add_cols(p, COLUMNS);
    for (int l = 0; l < LAYERS; l++) {
        glp_set_row_bnds(p, l + 1, GLP_FX, 1, 1);
        for (int i = 0; i < CHOICES; i++) {
            const int j = l * CHOICES + i + 1;
            glp_set_col_kind(p, j, GLP_BV);
            glp_set_obj_coef(p, j, table[l][2 * i + 1]);
            row[++n] = l + 1;
            column[n] = j;
            value[n] = 1;
            row[++n] = LAYERS + 1;
            column[n] = j;
            value[n] = table[l][2 * i];
        }
    }
    glp_set_row_bnds(p, LAYERS + 1, GLP_UP, 0, budget);
    glp_load_matrix(p, n, row, column, value);
    glp_iocp how;
    glp_init_iocp(&how);
    how.msg_lev = GLP_MSG_OFF;
    how.presolve = GLP_ON;
    const int status = glp_intopt(p, &how);
    assert_true(status == 0 || status == GLP_ENOPFS); /* nothing feasible */
    const double best = status == 0 && glp_mip_status(p) == GLP_OPT ? glp_mip_obj_val(p) : INFINITY;
    glp_delete_prob(p);
    return best;
}

static double best_of_front(const asx_exact_front *f, double budget)
{
    double best = INFINITY;
    for (size_t i = 0; i < f->n && f->value[2 * i] <= budget; i++)
        best = f->value[2 * i + 1];
    return best;
}

static void front_has_every_optimum(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 3; seed++) {
        asx_error err;
        asx_exact_front f;
        make(seed);
        const asx_exact_problem p = {.layer = layers, .n_layers = LAYERS, .n_objectives = 2};
        CHECK_OK(asx_exact_solve(&f, &p, &err), err);
        assert_true(f.n > 100);
        const double low = f.value[0], high = f.value[2 * f.n - 2];
        for (int k = 0; k < BUDGETS; k++) {
            const double budget = floor(low + (high - low) * k * k / (BUDGETS * BUDGETS));
            const double best = solve_program(budget);
            assert_true(fabs(best - best_of_front(&f, budget)) < 1e-6);
        }
        assert_true(isinf(solve_program(low - 1)) && isinf(best_of_front(&f, low - 1)));
        asx_exact_front_fini(&f);
    }
    glp_free_env();
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(front_has_every_optimum)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
