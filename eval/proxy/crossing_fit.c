/* Cross terms from runs of the network: directions by singular vectors, coordinates by least squares, and a correction from
 * whole designs by ridge regression. Matrices are as large as there are runs, by way of products of shifts. */
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_eigen.h>
#include <gsl/gsl_linalg.h>

#include "crossing.h"
#include "dse/memory.h"

static const double NOTHING = 1e-9; /* of the largest eigenvalue */
static const double PULL = 0.01;    /* on coordinates, of the mean square of known directions */
static const double RIDGE = 10;     /* of the mean square of designs' coordinates */
static const double LEAST = 0.25;   /* that designs shift, of the sums of their layers' shifts */

static asx_status no_memory(asx_error *err)
{
    return asx_fail(err, ASX_ENOMEM, "no memory for cross terms");
}

static double product(const float *a, const float *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)a[i] * (double)b[i];
    return sum;
}

/* Products of all pairs of rows of x, [m][n] with rows `step` apart. NULL without memory. */
static gsl_matrix *products(const float *x, size_t m, size_t n, size_t step)
{
    gsl_matrix *g = gsl_matrix_alloc(m, m);
    if (!g)
        return NULL;
#pragma omp parallel for schedule(dynamic)
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j <= i; j++) {
            const double p = product(x + i * step, x + j * step, n);
            gsl_matrix_set(g, i, j, p);
            gsl_matrix_set(g, j, i, p);
        }
    return g;
}

/* A row of directions from the eigenvector of the products of shifts. */
static void make_direction(float *out, const gsl_matrix *vector, size_t k, double value,
                           const float *shift, size_t m, size_t n)
{
    for (size_t j = 0; j < m; j++) {
        const double weight = gsl_matrix_get(vector, j, k) / sqrt(value);
        for (size_t i = 0; i < n; i++)
            out[i] += (float)(weight * (double)shift[j * n + i]);
    }
}

asx_status asx_crossing_directions(float *out, size_t rank, const float *shift, size_t m, size_t n,
                                   asx_error *err)
{
    gsl_matrix *g = products(shift, m, n, n), *vector = gsl_matrix_alloc(m, m);
    gsl_vector *value = gsl_vector_alloc(m);
    gsl_eigen_symmv_workspace *work = gsl_eigen_symmv_alloc(m);
    const bool room = g && vector && value && work;
    for (size_t i = 0; i < rank * n; i++)
        out[i] = 0;
    if (room) {
        gsl_eigen_symmv(g, value, vector, work);
        gsl_eigen_symmv_sort(value, vector, GSL_EIGEN_SORT_VAL_DESC);
        for (size_t k = 0; k < rank && k < m; k++)
            if (gsl_vector_get(value, k) > NOTHING * gsl_vector_get(value, 0))
                make_direction(out + k * n, vector, k, gsl_vector_get(value, k), shift, m, n);
    }
    gsl_eigen_symmv_free(work);
    gsl_vector_free(value);
    gsl_matrix_free(vector);
    gsl_matrix_free(g);
    return room ? ASX_OK : no_memory(err);
}

/* Makes the matrix positive definite, and decomposes it. */
static void prepare(gsl_matrix *g, double pull)
{
    for (size_t i = 0; i < g->size1; i++)
        *gsl_matrix_ptr(g, i, i) += pull;
    gsl_linalg_cholesky_decomp1(g);
}

static double trace(const gsl_matrix *g)
{
    double sum = 0;
    for (size_t i = 0; i < g->size1; i++)
        sum += gsl_matrix_get(g, i, i);
    return sum;
}

asx_status asx_crossing_coordinates(float *out, const float *direction, size_t rank, size_t n,
                                    const float *shift, size_t m, size_t n_known, asx_error *err)
{
    gsl_matrix *g = products(direction, rank, n_known, n);
    gsl_vector *x = gsl_vector_alloc(rank);
    const bool room = g && x;
    const double size = room ? trace(g) : 0;
    for (size_t i = 0; i < m * rank; i++)
        out[i] = 0;
    if (size > 0) { /* else nothing shifts anything */
        prepare(g, n_known < n ? PULL * size / (double)rank : NOTHING);
        for (size_t j = 0; j < m; j++) {
            for (size_t k = 0; k < rank; k++)
                gsl_vector_set(x, k, product(direction + k * n, shift + j * n_known, n_known));
            gsl_linalg_cholesky_svx(g, x);
            for (size_t k = 0; k < rank; k++)
                out[j * rank + k] = (float)gsl_vector_get(x, k);
        }
    }
    gsl_vector_free(x);
    gsl_matrix_free(g);
    return room ? ASX_OK : no_memory(err);
}

/* Coordinates of designs, all layers' one after the other. @param out [m][n_layers * rank] */
static void list_coordinates(float *out, const asx_crossing *c, const uint16_t *format, size_t m)
{
    for (size_t i = 0; i < m; i++)
        for (size_t l = 0; l < c->n_layers; l++)
            for (size_t k = 0; k < c->rank; k++)
                out[(i * c->n_layers + l) * c->rank + k] =
                    c->coordinate[(l * c->n_formats + format[i * c->n_layers + l]) * c->rank + k];
}

/* What a correction goes by. */
typedef struct correction {
    asx_crossing *c;
    const gsl_matrix *g; /* decomposed */
    const float *x;      /* [m][n_all] */
    const float *shift;  /* [m][size] */
    size_t m, n_all, size;
    double *own, *common; /* [size] products of sums with themselves, and with shifts */
    double scale;         /* shifts as parts of sums */
} correction;

/* One output. @param work [m] @param column [n_all] its part of all directions */
typedef void step(const correction *r, size_t output, gsl_vector *work, double *column);

static double sum_of(const correction *r, size_t design, const double *column)
{
    double sum = 0;
    for (size_t k = 0; k < r->n_all; k++)
        sum += (double)r->x[design * r->n_all + k] * column[k];
    return sum;
}

static void compare_output(const correction *r, size_t output, gsl_vector *work, double *column)
{
    (void)work;
    for (size_t i = 0; i < r->m; i++) {
        const double sum = sum_of(r, i, column);
        r->own[output] += sum * sum;
        r->common[output] += sum * (double)r->shift[i * r->size + output];
    }
}

/* Solves for the weights of designs, and adds their coordinates so weighted to the directions. */
static void correct_output(const correction *r, size_t output, gsl_vector *work, double *column)
{
    for (size_t i = 0; i < r->m; i++)
        gsl_vector_set(work, i,
                       (double)r->shift[i * r->size + output] / r->scale - sum_of(r, i, column));
    gsl_linalg_cholesky_svx(r->g, work);
    for (size_t i = 0; i < r->m; i++)
        for (size_t k = 0; k < r->n_all; k++)
            column[k] += gsl_vector_get(work, i) * (double)r->x[i * r->n_all + k];
    for (size_t k = 0; k < r->n_all; k++)
        r->c->direction[k * r->size + output] = (float)column[k];
}

/* @return false without memory */
static bool for_outputs(const correction *r, step *do_output)
{
    bool room = true;
#pragma omp parallel for schedule(dynamic, 16)
    for (size_t i = 0; i < r->size; i++) {
        gsl_vector *work = gsl_vector_alloc(r->m);
        double *column = asx_array_new(r->n_all, sizeof *column);
        for (size_t k = 0; column && k < r->n_all; k++)
            column[k] = (double)r->c->direction[k * r->size + i];
        if (work && column)
            do_output(r, i, work, column);
#pragma omp critical(asx_crossing_room)
        room = room && work && column;
        free(column);
        gsl_vector_free(work);
    }
    return room;
}

/* The scale of least squares; in the order of outputs, so that threads do not matter. */
static double scale_of(const correction *r)
{
    double own = 0, common = 0;
    for (size_t i = 0; i < r->size; i++) {
        own += r->own[i];
        common += r->common[i];
    }
    return own > 0 ? fmax(common / own, LEAST) : 1;
}

static bool correct(correction *r)
{
    r->own = asx_array_new(r->size, sizeof *r->own);
    r->common = asx_array_new(r->size, sizeof *r->common);
    bool room = r->own && r->common && for_outputs(r, compare_output);
    if (room) {
        r->scale = scale_of(r);
        room = for_outputs(r, correct_output);
    }
    free(r->own);
    free(r->common);
    return room;
}

asx_status asx_crossing_correct(asx_crossing *c, const uint16_t *format, const float *shift,
                                size_t m, asx_error *err)
{
    const size_t n_all = c->n_layers * c->rank;
    float *x = asx_array_new(m * n_all, sizeof *x);
    gsl_matrix *g = NULL;
    bool room = x != NULL;
    if (room) {
        list_coordinates(x, c, format, m);
        g = products(x, m, n_all, n_all);
        room = g != NULL;
    }
    const double squares = room ? trace(g) : 0;
    if (squares > 0) {
        prepare(g, RIDGE * squares / (double)m);
        correction r = {.c = c,
                        .g = g,
                        .x = x,
                        .shift = shift,
                        .m = m,
                        .n_all = n_all,
                        .size = asx_crossing_size(&c->base)};
        room = correct(&r);
    }
    gsl_matrix_free(g);
    free(x);
    return room ? ASX_OK : no_memory(err);
}
