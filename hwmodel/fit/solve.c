#include "solve.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include <gsl/gsl_linalg.h>

static const double ridge = 1e-9, tolerance = 1e-9;

void normal_add(normal *n, const double *x, double y, double weight, size_t k)
{
    for (size_t i = 0; i < k; i++) {
        for (size_t j = 0; j < k; j++)
            n->matrix[i][j] += weight * x[i] * x[j];
        n->right[i] += weight * x[i] * y;
    }
}

/* The unknowns in `free`, the others being 0. `scale` makes the diagonal 1. */
static void solve_free(double *z, const normal *n, const bool *free_, const double *scale, size_t k)
{
    size_t index[SOLVE_MAX], m = 0;
    for (size_t i = 0; i < k; i++) {
        z[i] = 0;
        if (free_[i])
            index[m++] = i;
    }
    gsl_matrix *a = gsl_matrix_alloc(m, m);
    gsl_vector *b = gsl_vector_alloc(m);
    for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j < m; j++)
            gsl_matrix_set(a, i, j,
                           n->matrix[index[i]][index[j]] * scale[index[i]] * scale[index[j]] +
                               (i == j ? ridge : 0));
        gsl_vector_set(b, i, n->right[index[i]] * scale[index[i]]);
    }
    gsl_linalg_cholesky_decomp1(a);
    gsl_linalg_cholesky_svx(a, b);
    for (size_t i = 0; i < m; i++)
        z[index[i]] = gsl_vector_get(b, i);
    gsl_vector_free(b);
    gsl_matrix_free(a);
}

/* The unknown at 0 whose growth would help most; k if none. */
static size_t steepest(const normal *n, const double *x, const bool *free_, const double *scale,
                       size_t k)
{
    size_t best = k;
    double most = tolerance;
    for (size_t i = 0; i < k; i++) {
        double slope = n->right[i] * scale[i];
        for (size_t j = 0; j < k; j++)
            slope -= n->matrix[i][j] * scale[i] * scale[j] * x[j];
        if (!free_[i] && scale[i] > 0 && slope > most) {
            most = slope;
            best = i;
        }
    }
    return best;
}

/* Goes from x towards z until the first unknown reaches 0, and fixes that. False: reached z. */
static bool step_back(double *x, const double *z, bool *free_, size_t k)
{
    double alpha = 1;
    for (size_t i = 0; i < k; i++)
        if (free_[i] && z[i] <= 0)
            alpha = fmin(alpha, x[i] / (x[i] - z[i]));
    bool stopped = false;
    for (size_t i = 0; i < k; i++) {
        bool hits = free_[i] && z[i] <= 0;
        x[i] += alpha * (z[i] - x[i]);
        if (hits && x[i] <= 1e-12) {
            x[i] = 0;
            free_[i] = false;
            stopped = true;
        }
    }
    return stopped;
}

void normal_solve(double *out, const normal *n, size_t k)
{
    bool free_[SOLVE_MAX] = {false};
    double x[SOLVE_MAX] = {0}, z[SOLVE_MAX], scale[SOLVE_MAX];
    for (size_t i = 0; i < k; i++)
        scale[i] = n->matrix[i][i] > 0 ? 1 / sqrt(n->matrix[i][i]) : 0;
    for (size_t round = 0; round < 10 * k; round++) {
        size_t next = steepest(n, x, free_, scale, k);
        if (next == k)
            break;
        free_[next] = true;
        do
            solve_free(z, n, free_, scale, k);
        while (step_back(x, z, free_, k));
    }
    for (size_t i = 0; i < k; i++)
        out[i] = x[i] * scale[i];
}
