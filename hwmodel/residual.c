#include "residual.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_linalg.h>

#include "dse/memory.h"

static const double reach_x = 3, reach_y = 2 /* powers of 2 */, noise = .03;

static double kernel(double dx, double dy)
{
    dx /= reach_x;
    dy /= reach_y;
    return exp(-(dx * dx + dy * dy) / 2);
}

asx_status asx_residual_fit(asx_residual *out, const asx_component_sample *sample,
                            const double *error, size_t n, asx_error *err)
{
    asx_residual r = {n, asx_array_new(3 * n, sizeof *r.point)};
    gsl_matrix *a = gsl_matrix_alloc(n, n);
    gsl_vector *b = gsl_vector_alloc(n);
    asx_status status = ASX_ENOMEM;
    if (!r.point || !a || !b)
        goto done;
    for (size_t i = 0; i < n; i++) {
        r.point[3 * i] = log2(sample[i].x);
        r.point[3 * i + 1] = log2(sample[i].y);
        gsl_vector_set(b, i, error[i]);
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            gsl_matrix_set(
                a, i, j,
                kernel(r.point[3 * i] - r.point[3 * j], r.point[3 * i + 1] - r.point[3 * j + 1]) +
                    (i == j ? noise : 0));
    gsl_linalg_cholesky_decomp1(a); /* positive definite: a kernel plus noise */
    gsl_linalg_cholesky_svx(a, b);
    for (size_t i = 0; i < n; i++)
        r.point[3 * i + 2] = gsl_vector_get(b, i);
    status = ASX_OK;
    *out = r;
    r.point = NULL;
done:
    gsl_vector_free(b);
    gsl_matrix_free(a);
    free(r.point);
    return status == ASX_OK ? ASX_OK : asx_fail(err, status, "no memory to fit a memory's model");
}

void asx_residual_fini(asx_residual *residual)
{
    if (!residual)
        return;
    free(residual->point);
    *residual = (asx_residual){0};
}

double asx_residual_at(const asx_residual *residual, double x, double y)
{
    double u = log2(x), v = log2(y), sum = 0;
    for (const double *p = residual->point; p && p < residual->point + 3 * residual->n; p += 3)
        sum += p[2] * kernel(u - p[0], v - p[1]);
    return sum;
}
