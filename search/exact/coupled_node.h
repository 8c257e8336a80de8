/* Private: one placement's search in search/coupled.h, and the additive problem of a node of it. */
#ifndef ASX_SEARCH_COUPLED_NODE_H
#define ASX_SEARCH_COUPLED_NODE_H

#include <stdbool.h>

#include "coupled_share.h"
#include "incumbent.h"
#include "search/coupled.h"
#include "shared.h"

typedef struct asx_coupled_watch asx_coupled_watch;

/* The state of one placement's search. */
typedef struct asx_coupled_search {
    const asx_coupled_problem *p;
    const asx_separable *m;
    size_t placement;
    const asx_need_set *need; /* [n_needs] */
    size_t n_needs;
    asx_incumbent *found;
    asx_incumbent *left; /* bounds that were given up; no designs */
    asx_coupled_front *out;
    double limit[2];          /* damage, objective */
    asx_coupled_watch *watch; /* NULL: nobody watches */
    size_t n_rates;
    asx_separable_choice **table; /* [n_groups]: choices that are worth considering */
    uint16_t **number;            /* [n_groups]: their numbers in the model */
    size_t *n_table;
    double *rise;               /* [n_rates]: what bits add to the leakage */
    asx_coupled_shares shares;  /* prices of arrays */
    asx_shared_choice **choice; /* [n_groups]: workspace of a node, as the rest */
    size_t *n_choices;
    double *rate, *cut, *extra; /* extra [n_needs]: leakage of a need beyond the sure one */
    size_t *seen, round;        /* [n_needs]: round in which `extra` was found */
    bool *too_large;            /* [n_needs]: the area is, with what is sure; found with it */
    size_t cut_capacity;
    asx_shared_problem problem;
    const asx_shared *shared; /* the problem, made */
} asx_coupled_search;

/* A bound that no design found matches, and of which it is the bound. */
typedef struct asx_coupled_open {
    double *value; /* [n][2], as of a front */
    double *end;   /* [n]: up to which value[0] a row is a bound, for its own sake; NULL: unknown */
    size_t n;
} asx_coupled_open;

/* Designs of the placement: those of certain choices whose damage and bits lie in certain ranges.
 */
typedef struct asx_coupled_node {
    asx_need_set sure;            /* what the array is certain to have */
    asx_need_set barred;          /* and not to have */
    double low, high;             /* damage above low, up to high */
    double least_bits, most_bits; /* of weights; latency counts with the least off chip */
    uint16_t *kept; /* numbers in the tables, ascending, of one group after the other */
    size_t *n_kept; /* [n_groups] */
    const asx_coupled_open *bound; /* of its parent; NULL: it has none */
    double press[2];               /* prices of bits and time that make its bound better */
    bool by_labels;                /* what its hull leaves open is for labels to close */
    bool sought; /* so is whether there is a design at all, if they are not many */
} asx_coupled_node;

/** Prepares what the other members need of `m`, `placement` and `p`; fini it in any case. */
ASX_NODISCARD asx_status asx_coupled_search_init(asx_coupled_search *s, asx_error *err);
void asx_coupled_search_fini(asx_coupled_search *s);

/** A node for all designs; and one for those of another node, whose choices are copied. */
ASX_NODISCARD asx_status asx_coupled_node_root(asx_coupled_node *out, const asx_coupled_search *s,
                                               asx_error *err);
ASX_NODISCARD asx_status asx_coupled_node_copy(asx_coupled_node *out, const asx_coupled_search *s,
                                               const asx_coupled_node *x, asx_error *err);
void asx_coupled_node_fini(asx_coupled_node *x);

/**
 * Drops choices of a node that lead to no design it is for which could join the front, finds what
 * is sure then, and makes its additive problem, a bound for its designs.
 * @param out  NULL if there are no such designs; valid until the next call
 */
ASX_NODISCARD asx_status asx_coupled_narrow(asx_shared **out, asx_coupled_search *s,
                                            asx_coupled_node *x, asx_error *err);

/** The share of the weights that is off chip. */
double asx_coupled_off(const asx_separable *m, double bits);

/** The choice's share of the second objective; and whether the array adds to it. */
double asx_coupled_objective(const asx_coupled_search *s, const asx_separable_choice *c);
bool asx_coupled_shares_energy(const asx_coupled_search *s);

/** What bits add to the leakage. */
double asx_coupled_rise(const asx_coupled_search *s, double bits);

/** Searches a placement. coupled_branch.c */
ASX_NODISCARD asx_status asx_coupled_search_run(asx_coupled_search *s, asx_error *err);

/** The first row of a bound that a design with more damage than `low` may be matched by alone. */
size_t asx_coupled_first_row(const double *value, size_t n, double low);

/** By how much the designs found are worse than a bound at most; <= 1 when it is matched. */
double asx_coupled_gap(const asx_incumbent *found, const double *value);

#endif
