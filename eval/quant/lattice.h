/* Least squares over words: the solver of rounding.h for one output channel. Private. */
#ifndef ASX_EVAL_LATTICE_H
#define ASX_EVAL_LATTICE_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/error.h"
#include "dse/grid.h"

/* A positive definite matrix H, its rows in the order of its diagonal, smallest first, and L of H = L L^T. */
typedef struct asx_lattice {
    size_t n;
    size_t *order; /* [n]: row i is the caller's order[i] */
    double *h, *l; /* [n][n] */
    double ridge;  /* what was added to the diagonal */
} asx_lattice;

/** @param h  [n][n], symmetric; `part` of its mean diagonal is added to the diagonal, more where that is not enough
 *  @return ASX_OK; ASX_ENOMEM. A matrix of zeros has ridge 0 and no factor: nothing can be said */
ASX_NODISCARD asx_status asx_lattice_init(asx_lattice *out, const double *h, size_t n, double part,
                                          asx_error *err);
void asx_lattice_fini(asx_lattice *a);

/* Words q and scale s, in the lattice's order, and e(s, q) = s^2 q H q - 2 s q t. */
typedef struct asx_lattice_point {
    double *q; /* [n] */
    double scale, error;
    const asx_grid **row; /* [n]: each row's own; NULL: all have the one that functions are given */
} asx_lattice_point;

/* What a channel wants: t, and w of H w = t, both [n], and their product. */
typedef struct asx_lattice_target {
    double *t, *w;
    double wt;
} asx_lattice_target;

/** The nearest plane at the point's scale. @param work [n] */
void asx_lattice_greedy(asx_lattice_point *p, const asx_lattice *a, const asx_grid *grid,
                        const asx_lattice_target *to, double *work);

/** Coordinate descent from a point, which can only get better; its scale follows. @param work [n] */
void asx_lattice_descend(asx_lattice_point *p, const asx_lattice *a, const asx_grid *grid,
                         const asx_lattice_target *to, double *work);

/** out = H w, [n]. */
void asx_lattice_multiply(double *out, const asx_lattice *a, const double *w);

/** w of H w = t, in place. */
void asx_lattice_solve(double *t, const asx_lattice *a);

#endif
