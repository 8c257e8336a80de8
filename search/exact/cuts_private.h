/* Private to cuts*.c: the state of a solution. */
#ifndef ASX_SEARCH_CUTS_PRIVATE_H
#define ASX_SEARCH_CUTS_PRIVATE_H

#include "cuts.h"
#include "dse/evaluation.h"
#include "incumbent.h"

/* A plane below the damages, and the front by it. */
typedef struct asx_cut {
    double price;            /* that it was sought for: damage per unit of the objective */
    size_t placement;        /* whose objective it was sought by */
    double level;            /* damage of the mixture where it touches */
    double *mixture;         /* [n_all] */
    double constant, *slope; /* [n_all]; slopes >= 0, the least of a group in the constant */
    double *
        bound; /* [n_bound][2], ascending in 0: designs with damage below the next row's have that much of the
                       * objective at least; before the first there are none */
    size_t *bound_placement; /* [n_bound] of the design that the row is of */
    size_t n_bound;
    bool proven; /* false: the bounds were not found; there are none */
} asx_cut;

typedef struct asx_cuts {
    const asx_coupled_problem *p;
    const asx_separable *m;
    size_t *first; /* [n_groups + 1]: choices of a group in lists of all */
    size_t n_all;
    double limit;        /* of damage */
    asx_incumbent found; /* designs that keep the limits of costs, with their damage */
    asx_cut *cut;
    size_t n_cuts, capacity;
    size_t n_valued, n_nodes, n_labels;
    bool small; /* branch and bound will close it */
    bool interrupted;
} asx_cuts;

/* ---- cuts_design.c ---- */

/** Whether it is told to stop, or was. */
bool asx_cuts_stop(asx_cuts *s);

/** All objectives of a design but the drop, by the model. */
ASX_NODISCARD asx_status asx_cuts_price(double objective[ASX_N_OBJECTIVES], const asx_cuts *s,
                                        size_t placement, const uint16_t *choice, asx_error *err);

/** Whether costs keep the problem's limits. */
bool asx_cuts_feasible(const asx_cuts *s, const double objective[ASX_N_OBJECTIVES]);

/** Looks at a design as it is: it joins those found if it keeps the limits of costs and none is as good. */
ASX_NODISCARD asx_status asx_cuts_value(asx_cuts *s, size_t placement, const uint16_t *choice,
                                        asx_error *err);

/** What a choice adds to the objective at a rate of leakage per time. */
double asx_cuts_own(const asx_cuts *s, const asx_separable_choice *c, double rate);

/* ---- cuts_plane.c ---- */

/**
 * The best plane for a price and a placement.
 * @param out    asx_cut_fini it in any case; without bounds
 * @param start  [n_all] a mixture to begin with
 */
ASX_NODISCARD asx_status asx_cut_find(asx_cut *out, asx_cuts *s, double price, size_t placement,
                                      const double *start, asx_error *err);
void asx_cut_fini(asx_cut *cut);

/** Makes slopes >= 0, and takes off what sums of them are rounded by. */
void asx_cut_settle(asx_cut *cut, const asx_cuts *s);

/* ---- cuts_bound.c ---- */

/** The front by a plane: its bounds, and designs that join those found. */
ASX_NODISCARD asx_status asx_cut_bound(asx_cut *cut, asx_cuts *s, double epsilon, asx_error *err);

/** Where designs found and bounds are farthest apart. */
typedef struct asx_cuts_gap {
    double factor;
    double damage;    /* up to which the bound is wanted */
    size_t placement; /* of the bound's design */
} asx_cuts_gap;

asx_cuts_gap asx_cuts_find_gap(const asx_cuts *s);

/** From which damage on the gap is at most half of the widest, and what it is there; INFINITY: nowhere. */
void asx_cuts_find_close(double *from, double *factor, const asx_cuts *s);

/** Whether no design has less damage than those found. */
bool asx_cuts_is_least(const asx_cuts *s);

/* ---- cuts_polish.c ---- */

/** Looks at neighbours of designs found, in a few passes. */
ASX_NODISCARD asx_status asx_cuts_polish(asx_cuts *s, asx_error *err);

/* ---- cuts_branch.c ---- */

/** Branch and bound over all designs. @param ended  those found are the front */
ASX_NODISCARD asx_status asx_cuts_branch(bool *ended, asx_cuts *s, asx_error *err);

#endif
