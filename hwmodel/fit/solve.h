/* Least squares with coefficients that are not negative. */
#ifndef FIT_SOLVE_H
#define FIT_SOLVE_H

#include <stddef.h>

enum { SOLVE_MAX = 128 };

/* Normal equations: sums over rows of weight x x^T and weight x y. */
typedef struct normal {
    double matrix[SOLVE_MAX][SOLVE_MAX], right[SOLVE_MAX];
} normal;

void normal_add(normal *n, const double *x, double y, double weight, size_t k);

/** Solves for the k unknowns (Lawson and Hanson 1974, algorithm NNLS; GSL's Cholesky inside). */
void normal_solve(double *out, const normal *n, size_t k);

#endif
