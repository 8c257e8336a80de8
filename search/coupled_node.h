/* Private: one placement's search in search/coupled.h, and the additive problem of a node of it. */
#ifndef ASX_SEARCH_COUPLED_NODE_H
#define ASX_SEARCH_COUPLED_NODE_H

#include <stdbool.h>

#include "incumbent.h"
#include "search/coupled.h"
#include "shared.h"

enum { ASX_CERTAIN_MAX = 256 };

/* The state of one placement's search. */
typedef struct asx_coupled_search {
    const asx_coupled_problem *p;
    const asx_separable *m;
    size_t placement;
    asx_incumbent *found;
    asx_incumbent *left; /* bounds that were given up; no designs */
    asx_coupled_front *out;
    double limit[2]; /* damage, objective */
    size_t n_rates;
    asx_shared_choice **choice; /* [n_groups]: workspace of a node */
    size_t *n_choices;
    asx_separable_choice **table; /* [n_groups]: choices that are worth considering */
    uint16_t **number;            /* [n_groups]: their numbers in the model */
    size_t *n_table;
    double *rate, *cut;
    bool *used;    /* [n_needs]: by choices of the tables */
    double *extra; /* [n_needs]: leakage of the certain needs and this one beyond theirs */
    size_t cut_capacity;
} asx_coupled_search;

/* What the array is certain to serve, and what it may be asked for besides. */
typedef struct asx_coupled_node {
    uint32_t certain[ASX_CERTAIN_MAX];
    size_t n_certain;
    bool *allowed; /* [n_needs] */
} asx_coupled_node;

/** Prepares what the other members need of `m`, `placement` and `p`; fini it in any case. */
ASX_NODISCARD asx_status asx_coupled_search_init(asx_coupled_search *s, asx_error *err);
void asx_coupled_search_fini(asx_coupled_search *s);

/** The front of a node's additive problem, a bound for its designs. @param f  fini it; empty if
 *  nothing keeps the limits or the incumbents dominate all */
ASX_NODISCARD asx_status asx_coupled_solve_node(asx_shared_front *f, asx_coupled_search *s,
                                                const asx_coupled_node *x, asx_error *err);

/** Whether an array made for `need` can do `other`. */
bool asx_coupled_covers(const asx_coupled_search *s, const uint32_t *need, size_t n,
                        uint32_t other);

/** The choice's share of the second objective; and whether the array adds to it. */
double asx_coupled_objective(const asx_coupled_search *s, const asx_separable_choice *c);
bool asx_coupled_shares_energy(const asx_coupled_search *s);

#endif
