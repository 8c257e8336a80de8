#include "lattice.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_sort.h>

#include "dse/memory.h"
#include "vector.h"

static double mean_diagonal(const double *h, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += h[i * n + i];
    return sum / (double)n;
}

/* x[k] -= a y[k], of which everything here is made. */
ASX_VECTORISED static void take_off(double *restrict x, double a, const double *restrict y,
                                    size_t n)
{
    for (size_t k = 0; k < n; k++)
        x[k] -= a * y[k];
}

/* L^T row by row above the diagonal, then L below it. GSL's would end the process where H is not positive definite, unless
 * a handler that all threads share is changed. @return whether it is */
static bool factor(double *l, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double *row = l + i * n;
        if (!(row[i] > 0))
            return false;
        const double root = sqrt(row[i]);
        for (size_t k = i; k < n; k++)
            row[k] /= root;
        for (size_t j = i + 1; j < n; j++)
            take_off(l + j * n + j, row[j], row + j, n - j);
    }
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++)
            l[i * n + k] = l[k * n + i];
    return true;
}

static void put_in_order(asx_lattice *a, const double *h, double *diagonal)
{
    for (size_t i = 0; i < a->n; i++)
        diagonal[i] = h[i * a->n + i];
    gsl_sort_index(a->order, diagonal, 1, a->n);
    for (size_t i = 0; i < a->n; i++)
        for (size_t k = 0; k < a->n; k++)
            a->h[i * a->n + k] = h[a->order[i] * a->n + a->order[k]];
}

asx_status asx_lattice_init(asx_lattice *out, const double *h, size_t n, double part,
                            asx_error *err)
{
    const double mean = mean_diagonal(h, n);
    asx_lattice a = {.n = n,
                     .order = asx_array_new(n, sizeof *a.order),
                     .h = asx_array_new(n, n * sizeof *a.h),
                     .l = asx_array_new(n, n * sizeof *a.l)};
    double *diagonal = asx_array_new(n, sizeof *diagonal);
    if (!a.order || !a.h || !a.l || !diagonal) {
        free(diagonal);
        asx_lattice_fini(&a);
        return asx_fail(err, ASX_ENOMEM, "no memory for a matrix of %zu rows", n);
    }
    put_in_order(&a, h, diagonal);
    free(diagonal);
    for (double p = part; mean > 0 && !(a.ridge > 0); p *= 10) {
        memcpy(a.l, a.h, n * n * sizeof *a.l);
        a.ridge = p * mean;
        for (size_t i = 0; i < n; i++)
            a.l[i * n + i] += a.ridge;
        if (!factor(a.l, n))
            a.ridge = 0;
    }
    for (size_t i = 0; i < n; i++)
        a.h[i * n + i] += a.ridge;
    *out = a;
    return ASX_OK;
}

void asx_lattice_fini(asx_lattice *a)
{
    if (!a)
        return;
    free(a->order);
    free(a->h);
    free(a->l);
    *a = (asx_lattice){0};
}

void asx_lattice_solve(double *t, const asx_lattice *a)
{
    const size_t n = a->n;
    for (size_t i = 0; i < n; i++) {
        double sum = t[i];
        for (size_t k = 0; k < i; k++)
            sum -= a->l[i * n + k] * t[k];
        t[i] = sum / a->l[i * n + i];
    }
    for (size_t i = n; i-- > 0;) {
        t[i] /= a->l[i * n + i];
        take_off(t, t[i], a->l + i * n, i);
    }
}

/* A row for each word, most of which may be 0. */
void asx_lattice_multiply(double *out, const asx_lattice *a, const double *w)
{
    memset(out, 0, a->n * sizeof *out);
    for (size_t i = 0; i < a->n; i++)
        if (w[i] != 0)
            take_off(out, -w[i], a->h + i * a->n, a->n);
}

static double product(const double *x, const double *y, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i] * y[i];
    return sum;
}

/* With L^T (s q - w) = r the error is r^T r: each word in turn, the last first, makes its own r least. */
void asx_lattice_greedy(asx_lattice_point *p, const asx_lattice *a, const asx_grid *grid,
                        const asx_lattice_target *to, double *work)
{
    const size_t n = a->n;
    double *moved = work; /* what words so far have brought to each r */
    memset(moved, 0, n * sizeof *moved);
    p->error = -to->wt;
    for (size_t i = n; i-- > 0;) {
        const double *l = a->l + i * n;
        const double want = to->w[i] - moved[i] / l[i];
        p->q[i] = asx_grid_nearest(p->row ? p->row[i] : grid, want / p->scale);
        const double r = l[i] * (p->scale * p->q[i] - want);
        p->error += r * r;
        take_off(moved, to->w[i] - p->scale * p->q[i], l, i);
    }
}

/* Moves single words while that helps; g = s H q - t follows. Returns whether one was moved. */
static bool sweep(asx_lattice_point *p, const asx_lattice *a, const asx_grid *grid, double *g)
{
    const size_t n = a->n;
    bool moved = false;
    for (size_t i = 0; i < n; i++) {
        const double *h = a->h + i * n;
        const double best =
            asx_grid_nearest(p->row ? p->row[i] : grid, p->q[i] - g[i] / (p->scale * h[i]));
        const double step = p->scale * (best - p->q[i]);
        /* a tie is no gain, and words would go to and fro */
        if (!(step * (2 * g[i] + step * h[i]) < -1e-12 * h[i] * p->scale * p->scale))
            continue;
        take_off(g, -step, h, n);
        p->q[i] = best;
        moved = true;
    }
    return moved;
}

void asx_lattice_descend(asx_lattice_point *p, const asx_lattice *a, const asx_grid *grid,
                         const asx_lattice_target *to, double *work)
{
    enum { SWEEPS_MAX = 32 };
    const size_t n = a->n;
    double *g = work;
    asx_lattice_multiply(g, a, p->q);
    for (size_t i = 0; i < n; i++)
        g[i] = p->scale * g[i] - to->t[i];
    bool moved = true;
    for (int i = 0; i < SWEEPS_MAX && moved; i++) {
        const double qt = product(p->q, to->t, n);
        const double qhq = (product(p->q, g, n) + qt) / p->scale;
        if (qt > 0 && qhq > 0) {
            const double ratio = qt / qhq / p->scale;
            for (size_t k = 0; k < n; k++)
                g[k] = ratio * (g[k] + to->t[k]) - to->t[k];
            p->scale *= ratio;
        }
        moved = sweep(p, a, grid, g);
    }
    p->error = p->scale * (product(p->q, g, n) - product(p->q, to->t, n));
}
